package notification

import (
	"context"
	"math"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// everything is a position behind all there are.
const everything = math.MaxInt64

// List returns what the caller was told, a group for each conversation, unseen
// ones first and then the newest; only what they may see now. cursor is where the
// page before ended.
func (r *Room) List(ctx context.Context, actor account.Actor, limit int) (groups []Group, unseen int, err error) {
	const op = "notification.List"
	scope, err := r.accounts.Scope(ctx, actor)
	if err != nil {
		return nil, 0, fault.Wrap(op, err)
	}
	if limit <= 0 || limit > groupsAPage {
		limit = groupsAPage
	}
	groups, err = r.store.groups(ctx, actor.WorkspaceID, actor.AgentID, scope, limit)
	if err == nil {
		unseen, err = r.store.countUnseen(ctx, actor.WorkspaceID, actor.AgentID, scope)
	}
	return groups, unseen, fault.Wrap(op, err)
}

// Unseen is how many conversations hold something that the caller was told of
// and has not seen.
func (r *Room) Unseen(ctx context.Context, actor account.Actor) (int, error) {
	n, err := r.unseen(ctx, actor)
	return n, fault.Wrap("notification.Unseen", err)
}

func (r *Room) unseen(ctx context.Context, actor account.Actor) (int, error) {
	scope, err := r.accounts.Scope(ctx, actor)
	if err != nil {
		return 0, err
	}
	return r.store.countUnseen(ctx, actor.WorkspaceID, actor.AgentID, scope)
}

// See marks as seen what the caller was told of a conversation, or with 0 of all;
// it returns how many conversations are left.
func (r *Room) See(ctx context.Context, actor account.Actor, conversationID int64) (int, error) {
	const op = "notification.See"
	if err := r.see(ctx, actor, conversationID, everything); err != nil {
		return 0, fault.Wrap(op, err)
	}
	return r.Unseen(ctx, actor)
}

// Read marks as seen what the caller was told of a conversation up to the
// message they have read.
func (r *Room) Read(ctx context.Context, actor account.Actor, conversationID, position int64) error {
	return fault.Wrap("notification.Read", r.see(ctx, actor, conversationID, position))
}

func (r *Room) see(ctx context.Context, actor account.Actor, conversationID, position int64) error {
	any, err := r.store.anyUnseen(ctx, actor.WorkspaceID, actor.AgentID, conversationID, position) // mostly there is nothing, and then nothing is written
	if err != nil || !any {
		return err
	}
	return r.store.within(ctx, func(ctx context.Context) error {
		if _, err := r.store.see(ctx, actor.WorkspaceID, actor.AgentID, conversationID, position, r.clock.Now()); err != nil {
			return err
		}
		return r.announce(ctx, Notification{WorkspaceID: actor.WorkspaceID, AgentID: actor.AgentID}, false)
	})
}
