package conversation

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// Sight tells which inboxes an actor sees; account fulfils it.
type Sight interface {
	Scope(ctx context.Context, actor account.Actor) (account.Scope, error)
}

// Inboxes knows the doors of a workspace; channel fulfils it.
type Inboxes interface {
	InboxOf(ctx context.Context, workspaceID, id int64) (channel.Inbox, error)
	OwnAddresses(ctx context.Context, workspaceID int64) ([]string, error)
}

// Outbox is the way out; channel fulfils it.
type Outbox interface {
	WayOut(ctx context.Context, inbox channel.Inbox) (channel.Way, error)
	MailInbox(ctx context.Context, inbox channel.Inbox) (channel.Inbox, error)
	Enqueue(ctx context.Context, d channel.Dispatch) (outboundID int64, err error)
	Cancel(ctx context.Context, workspaceID, outboundID int64) (ok bool, err error)
	Reschedule(ctx context.Context, workspaceID, outboundID int64, at time.Time) (ok bool, err error)
	Retry(ctx context.Context, workspaceID, outboundID int64) error
	MarkBounced(ctx context.Context, workspaceID int64, b channel.Bounce) ([]channel.BouncedRecipient, error)
	Deliveries(ctx context.Context, workspaceID int64, messageIDs []int64) (map[int64]channel.Delivery, error)
}

// Files keeps attachments; platform/blob fulfils it.
type Files interface {
	BindTo(ctx context.Context, staged blob.Staged, owner string, ownerID int64) (id int64, err error)
	Ref(ctx context.Context, workspaceID, blobID int64, owner string, ownerID int64) error
	Claim(ctx context.Context, workspaceID, blobID int64, uploader, owner string, ownerID int64) error
	Erase(ctx context.Context, workspaceID int64, owner string, ownerID int64) error
	Describe(ctx context.Context, workspaceID, id int64) (blob.Info, error)
}

// Deps is what the room stands on.
type Deps struct {
	Store    Store
	Log      *event.Log
	Clock    clock.Clock
	Contacts *contact.Room
	Sight    Sight
	Inboxes  Inboxes
	Outbox   Outbox
	Files    Files
}

// Room is the room's verbs. It is safe for use by many goroutines.
type Room struct {
	store    store
	log      *event.Log
	clock    clock.Clock
	contacts *contact.Room
	sight    Sight
	inboxes  Inboxes
	outbox   Outbox
	files    Files
}

var (
	_ channel.Receiver = (*Room)(nil)
	_ account.HandOver = (*Room)(nil)
)

// New makes the room.
func New(d Deps) *Room {
	return &Room{store: store{d.Store}, log: d.Log, clock: d.Clock, contacts: d.Contacts, sight: d.Sight, inboxes: d.Inboxes, outbox: d.Outbox, files: d.Files}
}

// authorize lets actor do action to c. What is out of its sight is NotFound.
func authorize(actor account.Actor, scope account.Scope, action account.Action, c Conversation) error {
	return account.Can(actor, action, account.Object{WorkspaceID: c.WorkspaceID, InboxID: c.InboxID, Scope: scope})
}

// locked runs fn on a conversation under its lock, after the check that actor
// may do action to it. What fn has changed of c is saved when it returns true.
// More is asked with the lock, and answered as it is under it.
func (r *Room) locked(ctx context.Context, actor account.Actor, action account.Action, id int64, fn func(ctx context.Context, c *Conversation) (changed bool, err error), more ...question) error {
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return err
	}
	return r.store.within(ctx, func(ctx context.Context) error {
		c, err := r.store.lock(ctx, actor.WorkspaceID, id, more...)
		if err != nil {
			return err
		}
		if err := authorize(actor, scope, action, c); err != nil {
			return err
		}
		changed, err := fn(ctx, &c)
		if err != nil || !changed {
			return err
		}
		return r.store.save(ctx, &c)
	})
}

// change is locked for the verbs that set one thing. A version other than 0 is
// the one the caller has seen; when it has moved nothing is changed.
func (r *Room) change(ctx context.Context, op string, actor account.Actor, action account.Action, id, version int64, fn func(ctx context.Context, c *Conversation) (bool, error)) (Conversation, error) {
	err := r.locked(ctx, actor, action, id, func(ctx context.Context, c *Conversation) (bool, error) {
		if version != 0 && version != c.Version {
			return false, fault.New(op, fault.Conflict, "Somebody changed this conversation at the same time. Look again.")
		}
		return fn(ctx, c)
	})
	if err != nil {
		return Conversation{}, fault.Wrap(op, err)
	}
	return r.view(ctx, op, actor, id)
}

// view reads a conversation as actor sees it, without asking whether it may.
func (r *Room) view(ctx context.Context, op string, actor account.Actor, id int64) (Conversation, error) {
	list, err := r.store.views(ctx, actor.WorkspaceID, actor.AgentID, []int64{id})
	if err == nil && len(list) == 0 {
		err = fault.New(op, fault.NotFound, "")
	}
	if err != nil {
		return Conversation{}, fault.Wrap(op, err)
	}
	return list[0], nil
}
