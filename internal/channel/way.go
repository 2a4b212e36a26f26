package channel

import (
	"context"

	"rapport/internal/platform/fault"
)

// Way is how the answers of an inbox leave.
type Way struct {
	ViaID   int64   // the inbox they leave through
	Answers Answers // in place: no addresses; by mail, or as mail does: to addresses
}

// FarEnd is the recipient of an answer in place.
const FarEnd = "visitor"

// WayOut tells how an answer in a conversation of an inbox leaves. A Conflict
// says that it would leave by mail and there is no inbox to send it from.
func (r *Room) WayOut(ctx context.Context, inbox Inbox) (Way, error) {
	const op = "channel.WayOut"
	a, err := r.adapter(inbox.Channel)
	if err != nil {
		return Way{}, fault.Wrap(op, err)
	}
	e, ok := a.(Elsewhere)
	if !ok || e.Answers() != AnswersByMail {
		w := Way{ViaID: inbox.ID}
		if ok {
			w.Answers = e.Answers()
		}
		return w, nil
	}
	mail, err := r.MailInbox(ctx, inbox)
	if fault.Is(err, fault.NotFound) {
		return Way{}, fault.New(op, fault.Conflict, "There is no inbox to send this from.")
	}
	return Way{ViaID: mail.ID, Answers: AnswersByMail}, fault.Wrap(op, err)
}

// MailInbox is the e-mail inbox through which the answers of an inbox without
// mail of its own leave: the one its settings name, else the first. NotFound
// says that there is none.
func (r *Room) MailInbox(ctx context.Context, inbox Inbox) (Inbox, error) {
	if inbox.MailInboxID != 0 {
		mail, err := r.store.inbox(ctx, inbox.WorkspaceID, inbox.MailInboxID)
		if !fault.Is(err, fault.NotFound) {
			return mail, fault.Wrap("channel.MailInbox", err)
		}
	}
	return r.store.firstInbox(ctx, inbox.WorkspaceID, "email")
}
