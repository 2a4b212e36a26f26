package channel

import (
	"context"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
	speech "rapport/internal/platform/words"
)

// RoundTrip is a mail that an inbox sends to itself, to see whether what
// leaves it also arrives. It never becomes a conversation.
type RoundTrip struct {
	State   RoundTripState
	Message string // what is wrong, in words
	Hint    string // and what to do

	StartedAt, SentAt, ArrivedAt time.Time
}

// RoundTripState is where a round trip stands.
type RoundTripState string

const (
	NotTried RoundTripState = "none"
	Leaving  RoundTripState = "sending"
	Awaited  RoundTripState = "waiting" // sent, and not back yet
	Arrived  RoundTripState = "arrived"
	Broken   RoundTripState = "failed"
)

// lateAfter is when a mail that has not come back is worth words.
const lateAfter = 2 * time.Minute

// StartRoundTrip sends a mail from an inbox to its own address; RoundTrip tells
// what becomes of it. It takes the place of an earlier one. Admins only.
func (r *Room) StartRoundTrip(ctx context.Context, actor account.Actor, inboxID int64) (RoundTrip, error) {
	const op = "channel.StartRoundTrip"
	inbox, err := r.mailInbox(ctx, actor, inboxID)
	if err != nil {
		return RoundTrip{}, fault.Wrap(op, err)
	}
	switch {
	case inbox.Email.SMTP == nil:
		return RoundTrip{}, fault.New(op, fault.Conflict, "This inbox has no server for outgoing mail, so no test mail can leave.")
	case inbox.Email.IMAP != nil && inbox.LastFetchAt.IsZero():
		// A mailbox taken "from now on" begins with the first look into it.
		return RoundTrip{}, fault.New(op, fault.Conflict, "The mailbox has not been looked into yet. Try again in a few seconds.")
	}
	m, err := r.BuildMail(ctx, inbox.ID, Outbound{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, System: true, To: []Party{{Address: inbox.Address}},
		Subject: speech.In(actor.Language, "A test mail from Rapport."), Text: speech.In(actor.Language, "This mail shows that what this inbox sends also arrives. It may be deleted."), Language: actor.Language})
	if err != nil {
		return RoundTrip{}, fault.Wrap(op, err)
	}
	err = r.store.within(ctx, func(ctx context.Context) error {
		if err := r.store.beginRoundTrip(ctx, inbox.WorkspaceID, inbox.ID, m.row.ID, m.row.CreatedAt); err != nil {
			return err
		}
		return r.PostMail(ctx, m)
	})
	return RoundTrip{State: Leaving, StartedAt: m.row.CreatedAt}, fault.Wrap(op, err)
}

// RoundTrip is where the newest round trip of an inbox stands. Admins only.
func (r *Room) RoundTrip(ctx context.Context, actor account.Actor, inboxID int64) (RoundTrip, error) {
	const op = "channel.RoundTrip"
	inbox, err := r.mailInbox(ctx, actor, inboxID)
	if err != nil {
		return RoundTrip{}, fault.Wrap(op, err)
	}
	o, arrived, err := r.store.roundTrip(ctx, inbox.WorkspaceID, inbox.ID)
	if fault.Is(err, fault.NotFound) {
		return RoundTrip{State: NotTried}, nil
	}
	return judgeRoundTrip(inbox, o, arrived, r.clock.Now()), fault.Wrap(op, err)
}

// judgeRoundTrip says what the states of the mail and of the inbox mean.
func judgeRoundTrip(inbox Inbox, o outbound, arrived, now time.Time) RoundTrip {
	t := RoundTrip{State: Leaving, StartedAt: o.CreatedAt, SentAt: o.SentAt, ArrivedAt: arrived}
	switch {
	case !arrived.IsZero():
		t.State = Arrived
	case o.State == Failed || o.State == BouncedBy:
		t.State, t.Message = Broken, o.Reason
	case o.State == Sent && inbox.fetchTrouble != "":
		t.State, t.Message = Awaited, inbox.fetchTrouble
	case o.State == Sent:
		t.State = Awaited
	default:
		t.Message = o.Reason
	}
	if t.State == Awaited && t.Message == "" && now.Sub(o.SentAt) >= lateAfter {
		t.Message = "The mail was sent but has not arrived yet."
		t.Hint = lateHint(inbox)
	}
	return t
}

func lateHint(inbox Inbox) string {
	if inbox.Email.IMAP == nil {
		return "Mail for this address must be delivered to Rapport's own door. Check the MX record of the domain, or the forwarding at your provider."
	}
	if folder := inbox.Email.IMAP.Folder; folder != "" && !strings.EqualFold(folder, "INBOX") {
		return "Look where it lies in the mailbox. Only the folder that is set here is read."
	}
	return "Look into the spam folder of the mailbox, and at rules that move or forward mail. Does this mailbox get the mail of the address at all?"
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
