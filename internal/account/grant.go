package account

import (
	"context"

	"rapport/internal/platform/fault"
)

// InboxMembers are the agents and teams an inbox is granted to, sorted. Owners
// and admins see every inbox without a grant.
type InboxMembers struct {
	AgentIDs []int64
	TeamIDs  []int64
}

// InboxMembers returns whom an inbox is granted to.
func (r *Room) InboxMembers(ctx context.Context, workspaceID, inboxID int64) (InboxMembers, error) {
	m, err := r.store.inboxMembers(ctx, workspaceID, inboxID)
	return m, fault.Wrap("account.InboxMembers", err)
}

// SetInboxMembers replaces whom an inbox is granted to; screens of those who
// lose it close. The caller knows that the inbox exists.
func (r *Room) SetInboxMembers(ctx context.Context, actor Actor, inboxID int64, m InboxMembers) error {
	const op = "account.SetInboxMembers"
	return r.change(ctx, op, actor, InboxManage, func(ctx context.Context) error {
		if err := r.store.lockAccess(ctx, actor.WorkspaceID); err != nil {
			return err
		}
		if err := r.knownAgents(ctx, op, actor.WorkspaceID, m.AgentIDs); err != nil {
			return err
		}
		if err := r.knownTeams(ctx, op, actor.WorkspaceID, m.TeamIDs); err != nil {
			return err
		}
		m := InboxMembers{distinct(m.AgentIDs), distinct(m.TeamIDs)}
		if err := r.store.setInboxMembers(ctx, actor.WorkspaceID, inboxID, m); err != nil {
			return err
		}
		r.refresh(ctx)
		return r.announce(ctx, actor, EventGrantChanged, details{InboxID: inboxID})
	})
}

// ForgetInbox takes all grants of a deleted inbox away.
func (r *Room) ForgetInbox(ctx context.Context, actor Actor, inboxID int64) error {
	return r.SetInboxMembers(ctx, actor, inboxID, InboxMembers{})
}

// Audience lists the active agents who can see an inbox, by id: who can be
// assigned there, mentioned and told.
func (r *Room) Audience(ctx context.Context, workspaceID, inboxID int64) ([]int64, error) {
	ids, err := r.store.audience(ctx, workspaceID, inboxID)
	return ids, fault.Wrap("account.Audience", err)
}
