// Package draft keeps what agents have begun to write.
//
// Promises: a draft is seen by its writer alone, and only in conversations that
// they still see; what another window has changed is not written over.
package draft

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/safehtml"
	"rapport/internal/platform/text"
)

// Kinds of drafts, named like the messages they become.
const (
	Reply = "reply"
	Note  = "note"
)

// What fits into a draft, and into the message it becomes.
const (
	MaxText       = 1_000_000 // characters; HTML may have four times as many
	MaxFiles      = 100
	MaxRecipients = 100
)

// Content is what a draft holds.
type Content struct {
	Text        string          `json:"text,omitempty"`
	HTML        string          `json:"html,omitempty"`
	To          []channel.Party `json:"to,omitempty"`
	Cc          []channel.Party `json:"cc,omitempty"`
	Bcc         []channel.Party `json:"bcc,omitempty"`
	Attachments []int64         `json:"attachments,omitempty"`
}

// Draft is what an agent has begun to write; only they see it.
type Draft struct {
	ConversationID int64
	Kind           string // Reply or Note
	Content
	UpdatedAt time.Time
	Version   int64
}

// Sight tells which inboxes an actor sees; account fulfils it.
type Sight interface {
	Scope(ctx context.Context, actor account.Actor) (account.Scope, error)
}

// Room is the verbs of drafts. It is safe for use by many goroutines.
type Room struct {
	store store
	sight Sight
	clock clock.Clock
}

// New makes the room.
func New(s Store, sight Sight, c clock.Clock) *Room { return &Room{store{s}, sight, c} }

// Save keeps what actor has written so far. A version other than 0 is the one
// that was read; when it has moved nothing is saved.
func (r *Room) Save(ctx context.Context, actor account.Actor, d Draft) (Draft, error) {
	const op = "draft.Save"
	var action account.Action
	switch d.Kind {
	case Reply:
		action = account.DraftReply
	case Note:
		action = account.DraftNote
	default:
		return d, fault.InvalidField(op, "kind", "A draft is of a reply or a note.")
	}
	if err := r.sighted(ctx, actor, action, d.ConversationID); err != nil {
		return d, fault.Wrap(op, err)
	}
	d.Text, d.HTML = text.Whole(d.Text), safehtml.Clean(text.Whole(d.HTML))
	if len(d.Text) > MaxText || len(d.HTML) > 4*MaxText || len(d.Attachments) > MaxFiles || len(d.To)+len(d.Cc)+len(d.Bcc) > MaxRecipients {
		return d, fault.New(op, fault.TooLarge, "This draft is too long to be kept.")
	}
	err := r.store.within(ctx, func(ctx context.Context) error {
		if d.Version != 0 {
			have, err := r.store.get(ctx, actor.WorkspaceID, actor.AgentID, d.ConversationID, d.Kind)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			if have.Version != d.Version {
				return fault.New(op, fault.Conflict, "This draft was changed in another window.")
			}
		}
		saved, err := Put(ctx, r.store.d, actor.WorkspaceID, actor.AgentID, d, r.clock.Now())
		d = saved
		return err
	})
	return d, fault.Wrap(op, err)
}

// Get returns actor's draft; none is NotFound.
func (r *Room) Get(ctx context.Context, actor account.Actor, id int64, kind string) (Draft, error) {
	const op = "draft.Get"
	if err := r.sighted(ctx, actor, account.ConversationRead, id); err != nil {
		return Draft{}, fault.Wrap(op, err)
	}
	d, err := r.store.get(ctx, actor.WorkspaceID, actor.AgentID, id, kind)
	if err != nil {
		return Draft{}, fault.Wrap(op, err)
	}
	return d, nil
}

// Delete throws actor's draft away; there may be none.
func (r *Room) Delete(ctx context.Context, actor account.Actor, id int64, kind string) error {
	return fault.Wrap("draft.Delete", Drop(ctx, r.store.d, actor.WorkspaceID, actor.AgentID, id, kind))
}

// List returns actor's drafts in conversations they still see, newest first, at
// most 100.
func (r *Room) List(ctx context.Context, actor account.Actor) ([]Draft, error) {
	const op = "draft.List"
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	list, err := r.store.list(ctx, actor.WorkspaceID, actor.AgentID, scope)
	return list, fault.Wrap(op, err)
}

// sighted lets actor do action in a conversation of theirs. What is out of sight
// is NotFound.
func (r *Room) sighted(ctx context.Context, actor account.Actor, action account.Action, id int64) error {
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return err
	}
	inboxID, err := r.store.inboxOf(ctx, actor.WorkspaceID, id)
	if err != nil {
		return err
	}
	return account.Can(actor, action, account.Object{WorkspaceID: actor.WorkspaceID, InboxID: inboxID, Scope: scope})
}
