package account

import (
	"context"

	"rapport/internal/platform/fault"
)

// HandTo says who takes over an agent's open work: an agent, a team, or with
// both 0 nobody, and the work waits unassigned.
type HandTo struct{ AgentID, TeamID int64 }

// OpenWork counts the conversations an agent has in its hands.
func (r *Room) OpenWork(ctx context.Context, actor Actor, agentID int64) (int, error) {
	const op = "account.OpenWork"
	if err := may(actor, AgentManage); err != nil {
		return 0, fault.Wrap(op, err)
	}
	if _, err := r.store.agent(ctx, actor.WorkspaceID, agentID); err != nil {
		return 0, fault.Wrap(op, err)
	}
	n, err := r.work.OpenWork(ctx, actor.WorkspaceID, agentID)
	return n, fault.Wrap(op, err)
}

// Deactivate ends an agent's access at once: its sessions, API keys and links
// end and its open work is handed over, all in one transaction. What it wrote
// stays. The last active owner cannot be deactivated.
func (r *Room) Deactivate(ctx context.Context, actor Actor, agentID int64, to HandTo) error {
	const op = "account.Deactivate"
	return r.change(ctx, op, actor, AgentManage, func(ctx context.Context) error {
		a, err := r.manage(ctx, actor, agentID)
		if err != nil || a.State == Deactivated {
			return err
		}
		if err := r.keepAnOwner(ctx, a); err != nil {
			return err
		}
		if err := r.canTakeOver(ctx, op, a, to); err != nil {
			return err
		}
		a.State = Deactivated
		if err := r.store.updateAgent(ctx, a); err != nil {
			return err
		}
		if err := r.endAccess(ctx, actor, a); err != nil {
			return err
		}
		r.refresh(ctx)
		if err := r.announce(ctx, actor, EventAgentChanged, details{AgentID: a.ID, What: "deactivated"}); err != nil {
			return err
		}
		return r.work.HandOver(ctx, a.WorkspaceID, a.ID, to.AgentID, to.TeamID, actor)
	})
}

func (r *Room) canTakeOver(ctx context.Context, op string, a Agent, to HandTo) error {
	if to.AgentID != 0 {
		next, err := r.store.agent(ctx, a.WorkspaceID, to.AgentID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err != nil || next.State != Active || next.ID == a.ID || !next.Role.Includes(Member) {
			return fault.InvalidField(op, "hand_over_to_agent_id", "Choose an active agent who can work on conversations.")
		}
	}
	if to.TeamID != 0 {
		if _, err := r.store.team(ctx, a.WorkspaceID, to.TeamID); fault.Is(err, fault.NotFound) {
			return fault.InvalidField(op, "hand_over_to_team_id", "This team does not exist any more. Choose another one.")
		} else if err != nil {
			return err
		}
	}
	return nil
}

// endAccess ends everything that speaks for an agent.
func (r *Room) endAccess(ctx context.Context, actor Actor, a Agent) error {
	login, err := r.store.loginOf(ctx, a.WorkspaceID, a.ID)
	if err != nil {
		return err
	}
	if err := r.endSessions(ctx, actor, login.id, a.ID, 0); err != nil {
		return err
	}
	if err := r.store.deleteKeys(ctx, a.ID); err != nil {
		return err
	}
	for _, kind := range []string{linkInvitation, linkReset} {
		if err := r.store.deleteLinks(ctx, a.ID, kind); err != nil {
			return err
		}
	}
	return nil
}

// Reactivate lets a deactivated agent in again with its old password, role,
// teams and grants; API keys are made anew. An agent that never joined is
// invited again.
func (r *Room) Reactivate(ctx context.Context, actor Actor, agentID int64) (Agent, error) {
	const op = "account.Reactivate"
	var a Agent
	err := r.change(ctx, op, actor, AgentManage, func(ctx context.Context) (err error) {
		if a, err = r.manage(ctx, actor, agentID); err != nil || a.State != Deactivated {
			return err
		}
		login, err := r.store.loginOf(ctx, a.WorkspaceID, a.ID)
		if err != nil {
			return err
		}
		a.State = Active
		if login.password == "" {
			a.State = Invited
		}
		if err := r.store.updateAgent(ctx, a); err != nil {
			return err
		}
		r.refresh(ctx)
		return r.announce(ctx, actor, EventAgentChanged, details{AgentID: a.ID, What: "reactivated"})
	})
	if err != nil {
		return Agent{}, err
	}
	return r.Agent(ctx, actor.WorkspaceID, agentID)
}
