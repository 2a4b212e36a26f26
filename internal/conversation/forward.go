package conversation

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/platform/fault"
)

// Passage is the part of a conversation that a forward passes on: its messages
// between two positions, without notes. The zero Passage is nothing.
type Passage struct {
	First int64 `json:"first,omitempty"`
	Last  int64 `json:"last,omitempty"`
}

func (p Passage) none() bool { return p.Last == 0 }

// Forward passes a message on to somebody outside, with all that was said
// before it if history is set. A note of it stays in the conversation, where
// the customer never sees it. Who gets it does not take part: what they answer
// comes back into the conversation as from somebody new. n.Attachments are
// uploads of actor and files of what is passed on.
func (r *Room) Forward(ctx context.Context, actor account.Actor, id, messageID int64, history bool, n NewMessage) (Message, error) {
	const op = "conversation.Forward"
	_, passed, err := r.store.messageIn(ctx, actor.WorkspaceID, id, messageID)
	if err != nil {
		return Message{}, fault.Wrap(op, err)
	}
	if passed.Kind == KindNote || passed.Cancelled {
		return Message{}, fault.New(op, fault.Invalid, "A note stays inside the team. Choose a message to or from the customer.")
	}
	n.passes = Passage{passed.Position, passed.Position}
	if history {
		n.passes.First = 1
	}
	if n, err = n.checked(op, r.clock.Now()); err != nil {
		return Message{}, err
	}
	var m Message
	desk, door := r.store.askDesk(actor, id, n), r.store.askDoor(actor, id, n)
	err = r.locked(ctx, actor, account.Reply, id, func(ctx context.Context, c *Conversation) (bool, error) {
		if passed.masked() {
			return false, fault.New(op, fault.Invalid, "Whoever has this mail can prove to be your company, so it is never passed on.")
		}
		var known bool
		if m, known = desk.known(); known {
			return false, nil
		}
		inbox, err := door.inbox.One()
		if err != nil {
			return false, err
		}
		via, err := r.forwardsVia(ctx, inbox)
		if err != nil {
			return false, err
		}
		if len(n.To)+len(n.Cc)+len(n.Bcc) == 0 {
			return false, fault.InvalidField(op, "to", "Name at least one recipient outside the company's own inboxes.")
		}
		m = draftMessage(*c, authorOf(actor, desk.author), KindNote, n)
		m.Flags = []string{FlagForwarded}
		if err := address(*c, &m, n, channel.Way{ViaID: via, Answers: channel.AnswersByMail}, door.own.Rows, nil); err != nil {
			return false, err
		}
		if err := fill(&m, first(door.customer), inbox, c.Number, first(door.signature)); err != nil {
			return false, err
		}
		if err := r.enqueue(ctx, *c, &m, channel.Dispatch{ViaID: via, HoldUntil: n.holdUntil(r.clock.Now())}); err != nil {
			return false, err
		}
		return true, r.write(ctx, c, actor, &m, n, EventNoted, nil)
	}, append(desk.questions(), door.questions()...)...)
	if err == nil && m.Delivery == nil {
		m, err = r.delivered(ctx, m)
	}
	if err != nil {
		return Message{}, fault.Wrap(op, err)
	}
	return m, nil
}

// forwardsVia is the inbox that a forward leaves through: always by mail.
func (r *Room) forwardsVia(ctx context.Context, inbox channel.Inbox) (int64, error) {
	way, err := r.outbox.WayOut(ctx, inbox)
	if err != nil || way.Answers != channel.AnswersInPlace {
		return way.ViaID, err
	}
	mail, err := r.outbox.MailInbox(ctx, inbox)
	if fault.Is(err, fault.NotFound) {
		err = fault.New("conversation.Forward", fault.Conflict, "There is no inbox to send this from.")
	}
	return mail.ID, err
}
