package channel

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/channel/roundtrip"
	"rapport/internal/platform/fault"
	speech "rapport/internal/platform/words"
)

// StartRoundTrip sends a mail from an inbox to its own address; RoundTrip tells
// what becomes of it. It takes the place of an earlier one. Admins only.
func (r *Room) StartRoundTrip(ctx context.Context, actor account.Actor, inboxID int64) (roundtrip.Trip, error) {
	const op = "channel.StartRoundTrip"
	inbox, err := r.mailInbox(ctx, actor, inboxID)
	if err != nil {
		return roundtrip.Trip{}, fault.Wrap(op, err)
	}
	switch {
	case inbox.Email.SMTP == nil:
		return roundtrip.Trip{}, fault.New(op, fault.Conflict, "This inbox has no server for outgoing mail, so no test mail can leave.")
	case inbox.Email.IMAP != nil && inbox.LastFetchAt.IsZero():
		// A mailbox taken "from now on" begins with the first look into it.
		return roundtrip.Trip{}, fault.New(op, fault.Conflict, "The mailbox has not been looked into yet. Try again in a few seconds.")
	}
	m, err := r.BuildMail(ctx, inbox.ID, Outbound{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, System: true, To: []Party{{Address: inbox.Address}},
		Subject: speech.In(actor.Language, "A test mail from Rapport."), Text: speech.In(actor.Language, "This mail shows that what this inbox sends also arrives. It may be deleted."), Language: actor.Language})
	if err != nil {
		return roundtrip.Trip{}, fault.Wrap(op, err)
	}
	err = r.store.within(ctx, func(ctx context.Context) error {
		if err := r.trips.Begin(ctx, inbox.WorkspaceID, inbox.ID, m.row.ID, m.row.CreatedAt); err != nil {
			return err
		}
		return r.PostMail(ctx, m)
	})
	return roundtrip.Trip{State: roundtrip.Leaving, StartedAt: m.row.CreatedAt}, fault.Wrap(op, err)
}

// RoundTrip is where the newest round trip of an inbox stands. Admins only.
func (r *Room) RoundTrip(ctx context.Context, actor account.Actor, inboxID int64) (roundtrip.Trip, error) {
	const op = "channel.RoundTrip"
	inbox, err := r.mailInbox(ctx, actor, inboxID)
	if err != nil {
		return roundtrip.Trip{}, fault.Wrap(op, err)
	}
	outboundID, arrived, err := r.trips.Newest(ctx, inbox.WorkspaceID, inbox.ID)
	if fault.Is(err, fault.NotFound) {
		return roundtrip.Trip{State: roundtrip.NotTried}, nil
	}
	if err != nil {
		return roundtrip.Trip{}, fault.Wrap(op, err)
	}
	o, err := r.store.outbound(ctx, inbox.WorkspaceID, outboundID)
	m := roundtrip.Mail{Sent: o.State == Sent, Failed: o.State == Failed || o.State == BouncedBy, Reason: o.Reason, FetchTrouble: inbox.fetchTrouble,
		StartedAt: o.CreatedAt, SentAt: o.SentAt, ArrivedAt: arrived}
	if imap := inbox.Email.IMAP; imap != nil {
		m.Fetched, m.Folder = true, imap.Folder
	}
	return roundtrip.Judge(m, r.clock.Now()), fault.Wrap(op, err)
}

// mailInbox is an e-mail inbox that the actor manages.
func (r *Room) mailInbox(ctx context.Context, actor account.Actor, id int64) (Inbox, error) {
	if err := r.may(ctx, actor, account.InboxManage, id); err != nil {
		return Inbox{}, err
	}
	inbox, err := r.store.inbox(ctx, actor.WorkspaceID, id)
	if err == nil && inbox.Email == nil {
		err = fault.New("channel.mailInbox", fault.Invalid, "This inbox is not for e-mail.")
	}
	return inbox, err
}
