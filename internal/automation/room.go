package automation

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// Desk is where actions are done; conversation fulfils it.
type Desk interface {
	Get(ctx context.Context, actor account.Actor, id int64) (conversation.Conversation, []conversation.Participant, error)
	Assign(ctx context.Context, actor account.Actor, id int64, a conversation.Assignment) (conversation.Conversation, error)
	SetStatus(ctx context.Context, actor account.Actor, id int64, status conversation.Status, version int64) (conversation.Conversation, error)
	SetPriority(ctx context.Context, actor account.Actor, id int64, p conversation.Priority, version int64) (conversation.Conversation, error)
	SetTags(ctx context.Context, actor account.Actor, id int64, tags []string, version int64) (conversation.Conversation, error)
	Snooze(ctx context.Context, actor account.Actor, id int64, until time.Time, version int64) (conversation.Conversation, error)
	Note(ctx context.Context, actor account.Actor, id int64, n conversation.NewMessage) (conversation.Message, error)
}

// Sight tells which inboxes an actor sees; account fulfils it.
type Sight interface {
	Scope(ctx context.Context, actor account.Actor) (account.Scope, error)
}

// Inboxes knows the doors of a workspace; channel fulfils it.
type Inboxes interface {
	InboxOf(ctx context.Context, workspaceID, id int64) (channel.Inbox, error)
}

// Deps is what the room stands on.
type Deps struct {
	Store   Store
	Log     *event.Log
	Clock   clock.Clock
	Desk    Desk
	Sight   Sight
	Inboxes Inboxes
}

// Room is the room's verbs. It is safe for use by many goroutines.
type Room struct {
	store   store
	log     *event.Log
	clock   clock.Clock
	desk    Desk
	sight   Sight
	inboxes Inboxes
}

// New makes the room.
func New(d Deps) *Room { return &Room{store{d.Store}, d.Log, d.Clock, d.Desk, d.Sight, d.Inboxes} }

// may decides about the actor's own workspace as a whole.
func may(actor account.Actor, action account.Action) error {
	return account.Can(actor, action, account.Object{WorkspaceID: actor.WorkspaceID})
}

// use counts one use of what actor sees, in the transaction of ctx.
func (r *Room) use(ctx context.Context, op string, t table, actor account.Actor, id int64) error {
	found, err := r.store.count(ctx, t, actor.WorkspaceID, actor.AgentID, id, r.clock.Now())
	if err == nil && !found {
		err = fault.New(op, fault.NotFound, "")
	}
	return err
}

// begin makes the entry of something new.
func (r *Room) begin(ctx context.Context, op string, t table, actor account.Actor, h Heading) (Entry, error) {
	e := Entry{WorkspaceID: actor.WorkspaceID, Name: h.Name, Folder: h.Folder, OwnerID: owner(actor, h.Shared), UpdatedAt: r.clock.Now()}
	if err := mayChange(op, actor, e.OwnerID); err != nil {
		return e, err
	}
	n, err := r.store.belonging(ctx, t, actor.WorkspaceID, e.OwnerID)
	if err != nil {
		return e, err
	}
	if most := map[bool]int64{true: maxShared, false: maxOwn}[h.Shared]; n >= most {
		return e, fault.Newf(op, fault.Conflict, "There are %d already. Delete some that nobody uses.", most)
	}
	taken, err := r.store.keys(ctx, t, actor.WorkspaceID)
	if err != nil {
		return e, err
	}
	e.Key = freeKey(h.Name, string(t), taken)
	e.ID, err = r.store.newID(ctx)
	return e, err
}

// again is an entry as h wants it. Who gives something to all, or takes it from
// them, needs the rights on both sides; only its owner can keep it.
func (r *Room) again(op string, actor account.Actor, e Entry, h Heading) (Entry, error) {
	if err := mayChange(op, actor, e.OwnerID); err != nil {
		return e, err
	}
	if h.Shared != (e.OwnerID == 0) {
		e.OwnerID = owner(actor, h.Shared)
		if err := mayChange(op, actor, e.OwnerID); err != nil {
			return e, err
		}
	}
	e.Name, e.Folder, e.UpdatedAt = h.Name, h.Folder, r.clock.Now()
	return e, nil
}
