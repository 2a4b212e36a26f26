package conversation

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/conversation/draft"
	"rapport/internal/platform/fault"
)

// CancelHold takes a reply back while it is held or waits for the mail server, gives its content back as
// actor's draft and restores the status the reply has changed. It is a
// Conflict when the reply is on its way already.
func (r *Room) CancelHold(ctx context.Context, actor account.Actor, id, messageID int64) (draft.Draft, error) {
	const op = "conversation.CancelHold"
	var d draft.Draft
	err := r.locked(ctx, actor, account.DeliveryManage, id, func(ctx context.Context, c *Conversation) (bool, error) {
		m, err := r.outgoing(ctx, *c, messageID)
		if err != nil {
			return false, err
		}
		ok, err := r.outbox.Cancel(ctx, c.WorkspaceID, m.OutboundID)
		if err == nil && !ok {
			err = fault.New(op, fault.Conflict, "It is too late: the message is on its way.")
		}
		if err != nil {
			return false, err
		}
		if err := r.store.cancel(ctx, m); err != nil {
			return false, err
		}
		if err := r.restore(ctx, c, actor, m); err != nil {
			return false, err
		}
		d, err = r.store.putDraft(ctx, *c, actor.AgentID, draftOf(m), r.clock.Now())
		return true, err
	})
	return d, fault.Wrap(op, err)
}

// Reschedule lets a held message leave at another time, or with the zero time
// now. It is a Conflict when the message is on its way already.
func (r *Room) Reschedule(ctx context.Context, actor account.Actor, id, messageID int64, at time.Time) (Message, error) {
	const op = "conversation.Reschedule"
	now := r.clock.Now()
	if at.After(now.Add(maxSchedule)) {
		return Message{}, fault.InvalidField(op, "send_at", "Choose a time within a year.")
	}
	if !at.After(now) {
		at = time.Time{}
	}
	var m Message
	err := r.locked(ctx, actor, account.DeliveryManage, id, func(ctx context.Context, c *Conversation) (_ bool, err error) {
		if m, err = r.outgoing(ctx, *c, messageID); err != nil {
			return false, err
		}
		ok, err := r.outbox.Reschedule(ctx, c.WorkspaceID, m.OutboundID, at.UTC().Truncate(time.Microsecond))
		if err == nil && !ok {
			err = fault.New(op, fault.Conflict, "It is too late: the message is on its way.")
		}
		return false, err
	})
	if err == nil {
		m, err = r.delivered(ctx, m)
	}
	return m, fault.Wrap(op, err)
}

func draftOf(m Message) draft.Draft {
	d := draft.Draft{ConversationID: m.ConversationID, Kind: m.Kind, Content: draft.Content{Text: m.Text, HTML: m.HTML, To: m.To, Cc: m.Cc, Bcc: m.Bcc}}
	for _, a := range m.Attachments {
		d.Attachments = append(d.Attachments, a.ID)
	}
	return d
}

// restore undoes what a message did to its conversation, as far as nothing has
// happened since.
func (r *Room) restore(ctx context.Context, c *Conversation, actor account.Actor, m Message) error {
	if c.LastPosition != m.Position {
		return nil
	}
	newest, err := r.store.newestStanding(ctx, *c)
	switch {
	case fault.Is(err, fault.NotFound):
	case err != nil:
		return err
	default:
		at := c.LastActivityAt
		c.noteLast(newest)
		c.LastActivityAt = at // a list that jumps back would lose the agent's place
	}
	return r.moveStatus(ctx, c, actor.Event(), m.StatusBefore)
}

// outgoing is a message of c that has a way out.
func (r *Room) outgoing(ctx context.Context, c Conversation, messageID int64) (Message, error) {
	m, err := r.store.message(ctx, c.WorkspaceID, messageID)
	if err == nil && (m.ConversationID != c.ID || m.OutboundID == 0) {
		err = fault.New("conversation.outgoing", fault.NotFound, "")
	}
	return m, err
}

// RetryDelivery sends a reply again that has failed or bounced.
func (r *Room) RetryDelivery(ctx context.Context, actor account.Actor, id, messageID int64) (Message, error) {
	const op = "conversation.RetryDelivery"
	var m Message
	err := r.locked(ctx, actor, account.DeliveryManage, id, func(ctx context.Context, c *Conversation) (_ bool, err error) {
		if m, err = r.outgoing(ctx, *c, messageID); err != nil {
			return false, err
		}
		return false, r.outbox.Retry(ctx, c.WorkspaceID, m.OutboundID)
	})
	if err == nil {
		m, err = r.delivered(ctx, m)
	}
	return m, fault.Wrap(op, err)
}
