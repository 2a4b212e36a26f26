// Package draft keeps what agents have begun to write.
//
// Promises: the words of a draft are seen by its writer alone, unless they share
// it, and only in conversations that they still see; teammates see that there is
// one. What another window has changed is not written over. The last 20 versions
// are kept until the draft is sent.
package draft

import (
	"context"
	"time"
	"unicode/utf8"

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
	Follows     string          `json:"follows,omitempty"` // One or All: whom it goes to is who it would be now; empty: chosen by hand
}

// Whom a reply goes to unless its writer chooses others.
const (
	One = "one" // who wrote last
	All = "all" // everybody on that mail
)

// Draft is what an agent has begun to write.
type Draft struct {
	AgentID        int64
	ConversationID int64
	Kind           string // Reply or Note
	Content
	UpdatedAt time.Time
	Version   int64
	Shared    bool // teammates may read it
}

// Kept is how many versions of a draft there are at most.
const Kept = 20

// What makes another version worth keeping beside the newest.
const (
	pause = 30 * time.Second // of writing on
	cut   = 40               // characters taken out
)

// goesOn reports whether next is only a little more of what newest says, so that
// nothing is lost when it takes its place.
func goesOn(newest Content, begun time.Time, next Content, now time.Time) bool {
	return now.Sub(begun) < pause && utf8.RuneCountInString(next.Text) > utf8.RuneCountInString(newest.Text)-cut && len(next.Attachments) >= len(newest.Attachments)
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
// that was read; when it has moved nothing is saved. Whether teammates may read
// it is as share says, without that as it was.
func (r *Room) Save(ctx context.Context, actor account.Actor, d Draft, share *bool) (Draft, error) {
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
		have, err := r.store.get(ctx, actor.WorkspaceID, actor.AgentID, d.ConversationID, d.Kind)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if d.Version != 0 && have.Version != d.Version {
			return fault.New(op, fault.Conflict, "This draft was changed in another window.")
		}
		d.Shared = have.Shared
		if share != nil {
			d.Shared = *share
		}
		d, err = Put(ctx, r.store.d, actor.WorkspaceID, actor.AgentID, d, r.clock.Now())
		return err
	})
	return d, fault.Wrap(op, err)
}

// Versions returns what actor's draft said before, newest first; also when it
// was thrown away.
func (r *Room) Versions(ctx context.Context, actor account.Actor, id int64, kind string) ([]Draft, error) {
	const op = "draft.Versions"
	if err := r.sighted(ctx, actor, account.ConversationRead, id); err != nil {
		return nil, fault.Wrap(op, err)
	}
	list, err := r.store.versions(ctx, actor.WorkspaceID, actor.AgentID, id, kind)
	return list, fault.Wrap(op, err)
}

// Others returns the drafts that teammates have in a conversation, newest first;
// of those that are not shared nothing but that they are there.
func (r *Room) Others(ctx context.Context, actor account.Actor, id int64) ([]Draft, error) {
	const op = "draft.Others"
	if err := r.sighted(ctx, actor, account.ConversationRead, id); err != nil {
		return nil, fault.Wrap(op, err)
	}
	list, err := r.store.others(ctx, actor.WorkspaceID, actor.AgentID, id)
	for i := range list {
		if !list[i].Shared {
			list[i].Content = Content{}
		}
	}
	return list, fault.Wrap(op, err)
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

// Delete throws actor's draft away; there may be none. Its versions stay.
func (r *Room) Delete(ctx context.Context, actor account.Actor, id int64, kind string) error {
	return fault.Wrap("draft.Delete", r.store.throwAway(ctx, actor.WorkspaceID, actor.AgentID, id, kind))
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
