package channel

import (
	"context"
	"slices"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/fault"
)

// Letter is a mail of the product itself: an invitation, a reset, a transcript.
type Letter struct {
	InboxID    int64 // 0: the first e-mail inbox
	To         Party
	Subject    string
	Text, HTML string
	Language   string
}

// SendLetter puts a letter on its way; false means that there is no inbox to
// send it from, and nothing was done.
func (r *Room) SendLetter(ctx context.Context, workspaceID int64, l Letter) (bool, error) {
	const op = "channel.SendLetter"
	inbox, err := r.letterInbox(ctx, workspaceID, l.InboxID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, fault.Wrap(op, err)
	}
	m, err := r.BuildMail(ctx, inbox.ID, Outbound{WorkspaceID: workspaceID, InboxID: inbox.ID, System: true, To: []Party{l.To},
		Subject: l.Subject, Text: l.Text, HTML: l.HTML, Language: l.Language})
	if err == nil {
		err = r.PostMail(ctx, m)
	}
	return err == nil, fault.Wrap(op, err)
}

// Mail is a mail beside the messages of conversations, with fixed bytes, that
// nobody has put on its way yet.
type Mail struct {
	row   outbound
	built Built
	bytes blob.Staged
}

// ID is the id of the outbound it becomes.
func (m Mail) ID() int64 { return m.row.ID }

// BuildMail builds a mail that leaves through an inbox, outside any
// transaction. With a ConversationID its reply address leads there.
func (r *Room) BuildMail(ctx context.Context, viaID int64, out Outbound) (Mail, error) {
	const op = "channel.BuildMail"
	id, err := r.store.newID(ctx)
	if err != nil {
		return Mail{}, fault.Wrap(op, err)
	}
	out.ID = id
	m := Mail{row: outbound{Dispatch: Dispatch{WorkspaceID: out.WorkspaceID, InboxID: out.InboxID, ViaID: viaID, ConversationID: out.ConversationID}, ID: id, State: Held, CreatedAt: r.clock.Now()}}
	for _, list := range [][]Party{out.To, out.Cc, out.Bcc} {
		for _, p := range list {
			m.row.Recipients = append(m.row.Recipients, p.Address)
		}
	}
	m.built, m.bytes, err = r.build(ctx, m.row, out)
	return m, fault.Wrap(op, err)
}

// PostMail puts a mail on its way, in the transaction of what it tells of.
func (r *Room) PostMail(ctx context.Context, m Mail) error {
	return fault.Wrap("channel.PostMail", r.store.within(ctx, func(ctx context.Context) error {
		if err := r.store.insertOutbound(ctx, m.row); err != nil {
			return err
		}
		return r.queue(ctx, m.row, m.built, m.bytes)
	}))
}

// letterInbox is the inbox that was chosen for letters, or any other one that can
// send while it cannot: its provider does not let us in, it only takes mail, or
// it was deleted.
func (r *Room) letterInbox(ctx context.Context, workspaceID, id int64) (chosen Inbox, err error) {
	if id != 0 {
		chosen, err = r.store.inbox(ctx, workspaceID, id)
	}
	if id == 0 || fault.Is(err, fault.NotFound) {
		chosen, err = r.store.firstInbox(ctx, workspaceID, "email")
	}
	if err != nil || chosen.CanSend() {
		return chosen, err
	}
	all, err := r.store.inboxes(ctx, workspaceID)
	if at := slices.IndexFunc(all, Inbox.CanSend); at >= 0 {
		chosen = all[at]
	}
	return chosen, err
}

// Departed is a message that left, or would have left where mail is captured.
type Departed struct {
	ID         int64
	At         time.Time
	From       string
	Recipients []string
	State      DeliveryState
	BlobID     int64
}

// Departures lists the newest outgoing mails with fixed bytes; an answer that is
// read in its place is none. Admins only.
func (r *Room) Departures(ctx context.Context, actor account.Actor, limit int) ([]Departed, error) {
	if err := r.may(ctx, actor, account.MailRead, 0); err != nil {
		return nil, err
	}
	list, err := r.store.departures(ctx, actor.WorkspaceID, limit)
	return list, fault.Wrap("channel.Departures", err)
}

// DepartureSource returns the bytes of one outgoing message. Admins only.
func (r *Room) DepartureSource(ctx context.Context, actor account.Actor, id int64) ([]byte, error) {
	if err := r.may(ctx, actor, account.MailRead, 0); err != nil {
		return nil, err
	}
	o, err := r.store.outbound(ctx, actor.WorkspaceID, id)
	if err != nil {
		return nil, fault.Wrap("channel.DepartureSource", err)
	}
	return r.Raw(ctx, actor.WorkspaceID, o.BlobID)
}

// CanSendLetters reports whether the workspace has an inbox that letters can
// leave through.
func (r *Room) CanSendLetters(ctx context.Context, workspaceID int64) (bool, error) {
	_, err := r.store.firstInbox(ctx, workspaceID, "email")
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, fault.Wrap("channel.CanSendLetters", err)
}
