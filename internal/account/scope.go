package account

import (
	"context"
	"slices"

	"rapport/internal/platform/fault"
)

// Scope is the set of inboxes an actor can see. Version moves whenever a
// grant, a team's membership or a role changes in the workspace, so whoever
// keeps a Scope for long (a socket) knows when to ask again.
type Scope struct {
	All     bool
	Inboxes []int64 // sorted; empty when All
	Version int64
}

// Includes reports whether the inbox is in sight.
func (s Scope) Includes(inboxID int64) bool {
	if s.All {
		return true
	}
	_, found := slices.BinarySearch(s.Inboxes, inboxID)
	return found
}

// Equal reports whether both show the same inboxes, whatever their versions.
func (s Scope) Equal(t Scope) bool {
	return s.All == t.All && slices.Equal(s.Inboxes, t.Inboxes)
}

type scopeKey struct{ workspaceID, agentID int64 }

// Scope tells what the actor can see now. It goes by the agent's role and
// state of this moment, not by those in actor; an agent that is no longer
// active sees nothing.
func (r *Room) Scope(ctx context.Context, actor Actor) (Scope, error) {
	const op = "account.Scope"
	if actor.Kind != KindAgent {
		version, err := r.store.accessVersion(ctx, actor.WorkspaceID)
		return Scope{All: err == nil, Version: version}, fault.Wrap(op, err)
	}
	load := func() (Scope, error) { return r.store.scope(ctx, actor.WorkspaceID, actor.AgentID) }
	var s Scope
	var err error
	if r.store.inTransaction(ctx) { // may see what is not committed yet
		s, err = load()
	} else {
		s, err = r.scopes.get(scopeKey{actor.WorkspaceID, actor.AgentID}, load)
	}
	return s, fault.Wrap(op, err)
}

// Allow is Can with the actor's scope of this moment, for an object of its own
// workspace.
func (r *Room) Allow(ctx context.Context, actor Actor, action Action, inboxID int64) error {
	s, err := r.Scope(ctx, actor)
	if err != nil {
		return err
	}
	return Can(actor, action, Object{WorkspaceID: actor.WorkspaceID, InboxID: inboxID, Scope: s})
}
