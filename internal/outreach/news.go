package outreach

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
)

// Mails leave; channel fulfils it.
type Mails interface {
	BuildMail(ctx context.Context, viaID int64, out channel.Outbound) (channel.Mail, error)
	PostMail(ctx context.Context, m channel.Mail) error
}

// Conversations take what comes in; conversation fulfils it.
type Conversations interface {
	channel.Receiver
	SetStatus(ctx context.Context, actor account.Actor, id int64, status conversation.Status, version int64) (conversation.Conversation, error)
}

// Deps is what the room stands on.
type Deps struct {
	Store         Store
	Clock         clock.Clock
	Contacts      *contact.Room
	Mails         Mails
	Conversations Conversations
	// Open reads the proof of a way out: the outbound it names.
	Open func(proof string) (outboundID int64, ok bool)
	// Company is the name of a workspace, and its language.
	Company func(ctx context.Context, workspaceID int64) (name, language string, err error)
}

// Room is the room's verbs. It is safe for use by many goroutines.
type Room struct {
	Deps
	store store
}

var _ channel.Receiver = (*Room)(nil)

// New makes the room.
func New(d Deps) *Room { return &Room{Deps: d, store: store{d.Store}} }

// News is a mail of those that go to many, to one person.
type News struct {
	InboxID    int64 // that it leaves through
	To         channel.Party
	Subject    string
	Text, HTML string
	Language   string
}

// Send puts news on its way to one person; false means that they want none, or
// that automatic mail stays away from their address.
func (r *Room) Send(ctx context.Context, workspaceID int64, n News) (sent bool, err error) {
	const op = "outreach.Send"
	n.To.Address = channel.Fold(n.To.Address)
	m, err := r.Mails.BuildMail(ctx, n.InboxID, channel.Outbound{WorkspaceID: workspaceID, InboxID: n.InboxID, System: true, News: true, To: []channel.Party{n.To},
		Subject: n.Subject, Text: n.Text, HTML: n.HTML, Language: n.Language})
	if err != nil {
		return false, fault.Wrap(op, err)
	}
	err = r.store.within(ctx, func(ctx context.Context) error {
		marks, err := r.Contacts.Suppressions(ctx, workspaceID, []string{n.To.Address})
		sent = err == nil && len(marks) == 0
		if !sent {
			return err
		}
		if err := r.store.note(ctx, workspaceID, m.ID(), n.To.Address, r.Clock.Now()); err != nil {
			return err
		}
		return r.Mails.PostMail(ctx, m)
	})
	return sent && err == nil, fault.Wrap(op, err)
}
