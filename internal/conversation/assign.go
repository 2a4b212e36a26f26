package conversation

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// Assignment says who is to work on a conversation; nil leaves it as it is and
// 0 takes it away. Unassigned makes it a condition that nobody has it yet.
type Assignment struct {
	AgentID    *int64
	TeamID     *int64
	Unassigned bool
	Version    int64
}

// Assign gives a conversation to an agent, a team or both. The agent must see
// its inbox.
func (r *Room) Assign(ctx context.Context, actor account.Actor, id int64, a Assignment) (Conversation, error) {
	const op = "conversation.Assign"
	return r.change(ctx, op, actor, account.ConversationAssign, id, a.Version, func(ctx context.Context, c *Conversation) (bool, error) {
		if a.Unassigned && c.AssigneeID != 0 {
			return false, fault.New(op, fault.Conflict, "Somebody has taken this conversation already.")
		}
		changed := false
		if a.AgentID != nil && *a.AgentID != c.AssigneeID {
			if *a.AgentID != 0 {
				if err := r.maySee(ctx, op, c.WorkspaceID, *a.AgentID, c.InboxID); err != nil {
					return false, err
				}
			}
			if err := r.setAssignee(ctx, c, actor.Event(), *a.AgentID); err != nil {
				return false, err
			}
			changed = true
		}
		if a.TeamID != nil && *a.TeamID != c.TeamID {
			if err := r.setTeam(ctx, op, c, actor.Event(), *a.TeamID); err != nil {
				return false, err
			}
			changed = true
		}
		return changed, nil
	})
}

// maySee refuses an assignee who could not see what they are given.
func (r *Room) maySee(ctx context.Context, op string, workspaceID, agentID, inboxID int64) error {
	sees, err := r.sees(ctx, workspaceID, agentID, inboxID)
	if err == nil && !sees {
		err = fault.InvalidField(op, "assignee_id", "This teammate cannot see the inbox. Give them access first, or choose somebody else.")
	}
	return err
}

func (r *Room) sees(ctx context.Context, workspaceID, agentID, inboxID int64) (bool, error) {
	scope, err := r.sight.Scope(ctx, account.Actor{Kind: account.KindAgent, WorkspaceID: workspaceID, AgentID: agentID})
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && scope.Includes(inboxID), err
}

func (r *Room) setAssignee(ctx context.Context, c *Conversation, by event.Actor, agentID int64) error {
	from := c.AssigneeID
	c.AssigneeID = agentID
	return r.announce(ctx, *c, by, EventAssigned, details{From: from, To: agentID})
}

func (r *Room) setTeam(ctx context.Context, op string, c *Conversation, by event.Actor, teamID int64) error {
	if teamID != 0 {
		exists, err := r.store.teamExists(ctx, c.WorkspaceID, teamID)
		if err != nil {
			return err
		}
		if !exists {
			return fault.InvalidField(op, "team_id", "There is no such team.")
		}
	}
	from := c.TeamID
	c.TeamID = teamID
	return r.announce(ctx, *c, by, EventTeamed, details{From: from, To: teamID})
}

// OpenWork counts the conversations an agent still has: open, pending, on hold
// or snoozed.
func (r *Room) OpenWork(ctx context.Context, workspaceID, agentID int64) (int, error) {
	ids, err := r.store.openWork(ctx, workspaceID, agentID)
	return len(ids), fault.Wrap("conversation.OpenWork", err)
}

// HandOver passes an agent's open work on, in the transaction of ctx: to an
// agent, to a team, or to nobody. What the other agent cannot see goes to
// nobody, where its inbox shows it.
func (r *Room) HandOver(ctx context.Context, workspaceID, fromAgent, toAgent, toTeam int64, actor account.Actor) error {
	const op = "conversation.HandOver"
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		ids, err := r.store.openWork(ctx, workspaceID, fromAgent)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := r.handOver(ctx, op, workspaceID, id, fromAgent, toAgent, toTeam, actor.Event()); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (r *Room) handOver(ctx context.Context, op string, workspaceID, id, fromAgent, toAgent, toTeam int64, by event.Actor) error {
	c, err := r.store.lock(ctx, workspaceID, id)
	if fault.Is(err, fault.NotFound) || err == nil && c.AssigneeID != fromAgent {
		return nil
	}
	if err != nil {
		return err
	}
	if toAgent != 0 {
		sees, err := r.sees(ctx, workspaceID, toAgent, c.InboxID)
		if err != nil {
			return err
		}
		if !sees {
			toAgent = 0
		}
	}
	if err := r.setAssignee(ctx, &c, by, toAgent); err != nil {
		return err
	}
	if toTeam != 0 && toTeam != c.TeamID {
		if err := r.setTeam(ctx, op, &c, by, toTeam); err != nil {
			return err
		}
	}
	return r.store.save(ctx, &c)
}
