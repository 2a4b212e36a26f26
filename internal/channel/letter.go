package channel

import (
	"context"
	"time"

	"rapport/internal/account"
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
	id, err := r.store.newID(ctx)
	if err != nil {
		return false, fault.Wrap(op, err)
	}
	o := outbound{Dispatch: Dispatch{WorkspaceID: workspaceID, InboxID: inbox.ID, ViaID: inbox.ID, Recipients: []string{l.To.Address}}, ID: id, State: Held, CreatedAt: r.clock.Now()}
	built, st, err := r.build(ctx, o, Outbound{ID: id, WorkspaceID: workspaceID, InboxID: inbox.ID, System: true, To: []Party{l.To},
		Subject: l.Subject, Text: l.Text, HTML: l.HTML, Language: l.Language})
	if err != nil {
		return false, fault.Wrap(op, err)
	}
	err = r.store.within(ctx, func(ctx context.Context) error {
		if err := r.store.insertOutbound(ctx, o); err != nil {
			return err
		}
		return r.queue(ctx, o, built, st)
	})
	return err == nil, fault.Wrap(op, err)
}

func (r *Room) letterInbox(ctx context.Context, workspaceID, id int64) (Inbox, error) {
	if id != 0 {
		return r.store.inbox(ctx, workspaceID, id)
	}
	return r.store.firstInbox(ctx, workspaceID, "email")
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

// Departures lists the newest outgoing messages with fixed bytes. Admins only.
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
