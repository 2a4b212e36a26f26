package account

import (
	"context"
	"time"

	"rapport/internal/platform/fault"
)

const (
	invitePrefix = "rin_"
	inviteTime   = 7 * 24 * time.Hour
)

// Invite says who is asked to join, and as what.
type Invite struct {
	Email    string
	Name     string
	Role     Role
	TeamIDs  []int64
	InboxIDs []int64 // granted to the agent itself
}

// Invitation is an invited agent and the token of its link, given once to be
// copied; Mailed tells whether a letter with it is on its way too.
type Invitation struct {
	Agent  Agent
	Token  string
	Mailed bool
}

// Invite adds an agent that joins by a link within seven days. Inviting the
// same address again while it has not joined replaces role, teams, inboxes and
// link. An address that has joined already is Conflict.
func (r *Room) Invite(ctx context.Context, actor Actor, in Invite) (Invitation, error) {
	const op = "account.Invite"
	if err := may(actor, AgentManage); err != nil {
		return Invitation{}, fault.Wrap(op, err)
	}
	f := form{op: op}
	in.Name = f.name("name", in.Name)
	f.role("role", in.Role)
	var l login
	l.email, l.emailKey = f.email("email", in.Email)
	if err := f.err(); err != nil {
		return Invitation{}, err
	}
	if in.Role == Owner {
		if err := ownersOnly(actor); err != nil {
			return Invitation{}, fault.Wrap(op, err)
		}
	}
	var out Invitation
	err := r.store.within(ctx, func(ctx context.Context) error {
		if err := r.store.lockAccess(ctx, actor.WorkspaceID); err != nil {
			return err
		}
		a, err := r.invited(ctx, actor, l, in)
		if err != nil {
			return err
		}
		if err := r.joinTeams(ctx, op, a, in.TeamIDs); err != nil {
			return err
		}
		if err := r.store.setAgentGrants(ctx, a.WorkspaceID, a.ID, in.InboxIDs); err != nil {
			return err
		}
		r.refresh(ctx)
		for _, inbox := range in.InboxIDs {
			if err := r.announce(ctx, actor, EventGrantChanged, details{InboxID: inbox}); err != nil {
				return err
			}
		}
		out, err = r.sendInvitation(ctx, actor, a.ID)
		return err
	})
	return out, fault.Wrap(op, err)
}

// invited returns the agent to invite, new or invited before, as in says.
func (r *Room) invited(ctx context.Context, actor Actor, l login, in Invite) (Agent, error) {
	const op = "account.Invite"
	have, err := r.store.loginByEmail(ctx, l.emailKey)
	switch {
	case fault.Is(err, fault.NotFound):
		return r.insertInvited(ctx, actor, l, in)
	case err != nil:
		return Agent{}, err
	case have.workspaceID != actor.WorkspaceID:
		return Agent{}, fault.New(op, fault.Conflict, "This address cannot be invited here. Ask for another one.")
	case have.state == Deactivated:
		return Agent{}, fault.New(op, fault.Conflict, "This address belongs to a deactivated agent. Reactivate the agent instead.")
	case have.state == Active:
		return Agent{}, fault.New(op, fault.Conflict, "An agent with this address has already joined.")
	}
	a, err := r.manage(ctx, actor, have.agentID)
	if err != nil {
		return Agent{}, err
	}
	a.Name, a.Role = in.Name, in.Role
	return a, r.store.updateAgent(ctx, a)
}

func (r *Room) insertInvited(ctx context.Context, actor Actor, l login, in Invite) (Agent, error) {
	now := r.clock.Now()
	w, err := r.store.workspace(ctx, actor.WorkspaceID)
	if err != nil {
		return Agent{}, err
	}
	if l.id, err = r.store.newID(ctx); err != nil {
		return Agent{}, err
	}
	agentID, err := r.store.newID(ctx)
	if err != nil {
		return Agent{}, err
	}
	a := newAgent(w, agentID, in.Name, in.Role, Invited, now)
	if err := r.store.insertLogin(ctx, l, now); err != nil {
		return Agent{}, err
	}
	return a, r.store.insertAgent(ctx, a, l.id)
}

// InviteAgain makes a new link for an agent that has not joined yet; the old
// one stops working.
func (r *Room) InviteAgain(ctx context.Context, actor Actor, agentID int64) (Invitation, error) {
	const op = "account.InviteAgain"
	var out Invitation
	err := r.change(ctx, op, actor, AgentManage, func(ctx context.Context) error {
		a, err := r.manage(ctx, actor, agentID)
		if err != nil {
			return err
		}
		if a.State != Invited {
			return fault.New(op, fault.Conflict, "This agent has already joined or is deactivated.")
		}
		out, err = r.sendInvitation(ctx, actor, agentID)
		return err
	})
	return out, err
}

// sendInvitation makes the link and mails it where that is possible, in the
// transaction of ctx.
func (r *Room) sendInvitation(ctx context.Context, actor Actor, agentID int64) (Invitation, error) {
	a, w, err := r.agentAndWorkspace(ctx, actor.WorkspaceID, agentID)
	if err != nil {
		return Invitation{}, err
	}
	plain, err := r.replaceLink(ctx, linkInvitation, invitePrefix, a, inviteTime)
	if err != nil {
		return Invitation{}, err
	}
	data := letterData(plain, a, w)
	if data["inviter"], err = r.nameOf(ctx, actor, w); err != nil {
		return Invitation{}, err
	}
	mailed, err := r.mailer.Send(ctx, w.ID, a.Email, LetterInvitation, data)
	if err != nil {
		return Invitation{}, err
	}
	return Invitation{a, plain, mailed}, r.announce(ctx, actor, EventAgentChanged, details{AgentID: a.ID, What: "invited"})
}

// nameOf is what a letter calls an actor: the product itself speaks for the
// workspace.
func (r *Room) nameOf(ctx context.Context, actor Actor, w Workspace) (string, error) {
	if actor.AgentID == 0 {
		return w.Name, nil
	}
	a, err := r.store.agent(ctx, actor.WorkspaceID, actor.AgentID)
	return a.Name, err
}

func (r *Room) agentAndWorkspace(ctx context.Context, workspaceID, agentID int64) (Agent, Workspace, error) {
	w, err := r.store.workspace(ctx, workspaceID)
	if err != nil {
		return Agent{}, Workspace{}, err
	}
	a, err := r.Agent(ctx, workspaceID, agentID)
	return a, w, err
}

// InvitationTo returns who is invited by a link, and where to.
func (r *Room) InvitationTo(ctx context.Context, plain string) (Agent, Workspace, error) {
	const op = "account.InvitationTo"
	l, err := r.link(ctx, op, linkInvitation, invitePrefix, plain)
	if err != nil {
		return Agent{}, Workspace{}, err
	}
	a, w, err := r.agentAndWorkspace(ctx, l.workspaceID, l.agentID)
	return a, w, fault.Wrap(op, err)
}

// Acceptance answers an invitation.
type Acceptance struct {
	Token    string
	Name     string // empty: as invited
	Password string
	Client   Client
}

// AcceptInvitation makes an invited agent active with a password of its own
// and signs it in.
func (r *Room) AcceptInvitation(ctx context.Context, in Acceptance) (SignedIn, error) {
	const op = "account.AcceptInvitation"
	l, err := r.link(ctx, op, linkInvitation, invitePrefix, in.Token)
	if err != nil {
		return SignedIn{}, err
	}
	login, err := r.store.loginOf(ctx, l.workspaceID, l.agentID)
	if err != nil {
		return SignedIn{}, fault.Wrap(op, err)
	}
	if in.Name == "" {
		in.Name = login.name
	}
	f := form{op: op}
	in.Name = f.name("name", in.Name)
	f.password("password", in.Password, login.email, in.Name)
	if err := f.err(); err != nil {
		return SignedIn{}, err
	}
	hash, err := r.hasher.Hash(ctx, in.Password)
	if err != nil {
		return SignedIn{}, fault.Wrap(op, err)
	}
	var out SignedIn
	err = r.store.within(ctx, func(ctx context.Context) error {
		if err := r.useLink(ctx, op, l); err != nil {
			return err
		}
		if err := r.join(ctx, op, l, in.Name); err != nil {
			return err
		}
		if err := r.store.setPassword(ctx, login.id, hash); err != nil {
			return err
		}
		out, err = r.startSession(ctx, login, in.Client)
		return err
	})
	return out, fault.Wrap(op, err)
}

// join makes the agent of a link active, in the transaction of ctx.
func (r *Room) join(ctx context.Context, op string, l link, name string) error {
	if err := r.store.lockAccess(ctx, l.workspaceID); err != nil {
		return err
	}
	a, err := r.store.agent(ctx, l.workspaceID, l.agentID)
	if err != nil {
		return err
	}
	if a.State != Invited {
		return usedUp(op)
	}
	a.Name, a.State = name, Active
	if err := r.store.updateAgent(ctx, a); err != nil {
		return err
	}
	r.refresh(ctx)
	actor := Actor{Kind: KindAgent, WorkspaceID: a.WorkspaceID, AgentID: a.ID}
	return r.announce(ctx, actor, EventAgentChanged, details{AgentID: a.ID, What: "joined"})
}
