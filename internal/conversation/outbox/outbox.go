// Package outbox tells what has not left yet: what waits for its time, what the
// mail server has put off, and what has failed.
package outbox

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/platform/fault"
)

// Sight tells which inboxes an actor sees; account fulfils it.
type Sight interface {
	Scope(ctx context.Context, actor account.Actor) (account.Scope, error)
}

// Room answers what waits. It is safe for use by many goroutines.
type Room struct {
	store store
	sight Sight
}

// New makes the room.
func New(s Store, sight Sight) *Room { return &Room{store{s}, sight} }

// Filter narrows the list. The zero Filter is all in sight.
type Filter struct {
	InboxID int64
	Mine    bool // written by the actor
}

// Item is a message that has not left.
type Item struct {
	ConversationID, Number int64
	Subject                string
	MessageID              int64
	Kind                   string
	InboxID                int64
	AuthorID               int64 // of an agent; 0: the product itself
	AuthorName             string
	Excerpt                string
	To                     []string
	State                  channel.DeliveryState
	Reason                 string
	At                     time.Time // when it leaves, or is tried again; zero: not known
	CreatedAt              time.Time
}

// Longest list, and how long what failed stays in it.
const (
	longest = 200
	keeps   = 30 * 24 * time.Hour
)

// List returns what waits or has failed in actor's sight, the newest first, at
// most 200.
func (r *Room) List(ctx context.Context, actor account.Actor, f Filter, now time.Time) ([]Item, error) {
	const op = "outbox.List"
	if err := account.Can(actor, account.ConversationRead, account.Object{WorkspaceID: actor.WorkspaceID}); err != nil {
		return nil, err
	}
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	list, err := r.store.list(ctx, actor, scope, f, now.Add(-keeps))
	return list, fault.Wrap(op, err)
}
