package acknowledgement

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/conversation/participant"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// Silence is a time in which nothing automatic leaves into a conversation, nor
// to whoever wrote what began it. People write as always.
type Silence struct {
	WorkspaceID    int64
	ConversationID int64
	InboxID        int64
	Number         int64 // of the conversation
	Address        string
	Cause          string
	At, Until      time.Time
}

// Causes of a silence.
const (
	CauseFlood    = "flood"    // so much came in at once that a machine may be writing
	CauseExchange = "exchange" // a machine answers what we write
)

// What is too much (reliability guide 2.3).
const (
	floodMails   = 20
	floodSpan    = 10 * time.Minute
	exchanges    = 5
	exchangeSpan = hour
	silenceLasts = day
	noticePause  = hour // between two notices to the administrators of a workspace
)

// traffic is what has come into a conversation, up to a message and since its
// last silence ended.
type traffic struct {
	Flood     time.Time // when the 20th newest mail came; zero: there are not so many
	Exchanges int       // automatic answers from the sender within the last hour
}

// cause is why a silence begins with a message that came at a time; "" when none
// does.
func (t traffic) cause(at time.Time) string {
	switch {
	case t.Exchanges >= exchanges:
		return CauseExchange
	case !t.Flood.IsZero() && at.Sub(t.Flood) <= floodSpan:
		return CauseFlood
	}
	return ""
}

// Words say to administrators why the silence began.
func (s Silence) Words() string {
	if s.Cause == CauseExchange {
		return fmt.Sprintf("The customer's address answered by itself %d times within an hour in conversation #%d.", exchanges, s.Number)
	}
	return fmt.Sprintf("%d mails came within 10 minutes in conversation #%d.", floodMails, s.Number)
}

// watch begins a silence when a message that has come in is one too many.
func (r *Room) watch(ctx context.Context, e event.Event, position int64, class channel.Class) error {
	answer := class == channel.AutoReply && position > 1 // what begins a conversation answers nothing
	if position < floodMails && !answer {
		return nil
	}
	m, err := r.store.arrival(ctx, e.WorkspaceID, e.ConversationID, position)
	if fault.Is(err, fault.NotFound) || err == nil && m.ReceiptID == 0 {
		return nil // deleted meanwhile, or written in a chat
	}
	if err != nil {
		return err
	}
	if answer && m.box != "" {
		if err := r.store.noteExchange(ctx, m); err != nil {
			return err
		}
	}
	t, err := r.store.traffic(ctx, m)
	if err != nil {
		return err
	}
	cause := t.cause(m.At)
	if cause == "" || !m.At.Add(silenceLasts).After(r.clock.Now()) {
		return nil
	}
	return r.silence(event.WithCause(ctx, e), Silence{WorkspaceID: m.WorkspaceID, ConversationID: m.ConversationID, InboxID: m.InboxID, Number: m.Number,
		Address: m.box, Cause: cause, At: m.At, Until: m.At.Add(silenceLasts)})
}

// silence begins one, unless it lasts already, and tells administrators of the
// first in a while.
func (r *Room) silence(ctx context.Context, s Silence) error {
	last, err := r.store.last(ctx, s.WorkspaceID, s.ConversationID)
	if err != nil && !fault.Is(err, fault.NotFound) || err == nil && s.At.Before(last.Until) {
		return err
	}
	told, err := r.store.toldSince(ctx, s.WorkspaceID, s.At.Add(-noticePause))
	if err != nil {
		return err
	}
	if err := r.store.putSilence(ctx, s, !told); err != nil {
		return err
	}
	slog.Warn("automatic mail is off for a conversation", "workspace", s.WorkspaceID, "conversation", s.ConversationID, "cause", s.Cause)
	if !told && r.tell != nil {
		if err := r.tell(ctx, s); err != nil {
			return err
		}
	}
	return r.announce(ctx, s, event.System, EventSilenced)
}

// Silence is the one that lasts in a conversation now, whether it began there or
// in another one of its customer's; nil when there is none.
func (r *Room) Silence(ctx context.Context, actor account.Actor, conversationID int64) (*Silence, error) {
	const op = "acknowledgement.Silence"
	c, people, err := r.conversations.Get(ctx, actor, conversationID)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	list, err := r.store.lasting(ctx, c.WorkspaceID, c.ID, customersOf(c, people), r.clock.Now())
	if err != nil || len(list) == 0 {
		return nil, fault.Wrap(op, err)
	}
	return &list[0], nil
}

// customersOf are the mailboxes that a conversation's customer is known by in it.
func customersOf(c conversation.Conversation, people []conversation.Participant) []string {
	boxes := []string{mailbox(channel.Fold(c.Contact.Address))}
	for _, p := range people {
		if box := mailbox(channel.Fold(p.Address)); p.Role == participant.Customer && !slices.Contains(boxes, box) {
			boxes = append(boxes, box)
		}
	}
	return slices.DeleteFunc(boxes, func(box string) bool { return box == "" })
}

// EndSilence lets automatic mail leave again into a conversation and to its
// customer because a person says so. What came before does not count any more.
func (r *Room) EndSilence(ctx context.Context, actor account.Actor, conversationID int64) error {
	const op = "acknowledgement.EndSilence"
	c, people, err := r.conversations.Get(ctx, actor, conversationID)
	if err == nil {
		err = r.allow.Allow(ctx, actor, account.DeliveryManage, c.InboxID)
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		list, err := r.store.endSilences(ctx, c.WorkspaceID, c.ID, customersOf(c, people), r.clock.Now())
		for _, ended := range list {
			if err == nil {
				ended.Cause = ""
				err = r.announce(ctx, ended, actor.Event(), EventUnsilenced)
			}
		}
		return err
	}))
}

func (r *Room) announce(ctx context.Context, s Silence, by event.Actor, kind string) error {
	cause, depth := event.CauseFrom(ctx)
	return r.log.Append(ctx, event.Event{WorkspaceID: s.WorkspaceID, Kind: kind, Actor: by, ConversationID: s.ConversationID, Cause: cause, Depth: depth,
		Data: event.Data(details{InboxID: s.InboxID, Cause: s.Cause})})
}
