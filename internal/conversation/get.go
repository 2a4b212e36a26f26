package conversation

import (
	"context"
	"slices"
	"strings"

	"rapport/internal/account"
	"rapport/internal/conversation/listing"
	"rapport/internal/conversation/participant"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// sighted is a conversation that actor may do action to.
func (r *Room) sighted(ctx context.Context, actor account.Actor, action account.Action, id int64) (Conversation, error) {
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return Conversation{}, err
	}
	c, err := r.store.get(ctx, actor.WorkspaceID, id)
	if err != nil {
		return Conversation{}, err
	}
	return c, authorize(actor, scope, action, c)
}

// Get returns a conversation as actor sees it, and who takes part.
func (r *Room) Get(ctx context.Context, actor account.Actor, id int64) (Conversation, []Participant, error) {
	const op = "conversation.Get"
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return Conversation{}, nil, fault.Wrap(op, err)
	}
	c, participants, err := r.store.detail(ctx, actor.WorkspaceID, actor.AgentID, id)
	if err == nil {
		err = authorize(actor, scope, account.ConversationRead, c)
	}
	if err != nil {
		return Conversation{}, nil, fault.Wrap(op, err)
	}
	return c, participant.Shown(participants), nil
}

// Span asks for a page of messages: the newest below Before, or with Oldest
// the oldest above After. 0 is no bound.
type Span struct {
	After, Before int64
	Oldest        bool
	Limit         int // 1 to 100; 0 means 50
}

// Messages returns messages by position, with their files and deliveries. more
// tells that the page does not reach the end it goes towards.
func (r *Room) Messages(ctx context.Context, actor account.Actor, id int64, s Span) (list []Message, more bool, err error) {
	const op = "conversation.Messages"
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return nil, false, fault.Wrap(op, err)
	}
	limit := listing.PageSize(s.Limit)
	c, list, err := r.store.messages(ctx, actor.WorkspaceID, id, s, limit+1)
	if err == nil {
		err = authorize(actor, scope, account.ConversationRead, c)
	}
	if err != nil {
		return nil, false, fault.Wrap(op, err)
	}
	if more = len(list) > limit; more && s.Oldest {
		list = list[:limit]
	} else if more {
		list = list[1:]
	}
	err = r.attachDeliveries(ctx, actor.WorkspaceID, list)
	if err == nil {
		err = r.explainMasks(ctx, actor.WorkspaceID, list)
	}
	return list, more, fault.Wrap(op, err)
}

// Message returns one message of a conversation.
func (r *Room) Message(ctx context.Context, actor account.Actor, id, messageID int64) (Message, error) {
	const op = "conversation.Message"
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return Message{}, fault.Wrap(op, err)
	}
	c, m, err := r.store.messageIn(ctx, actor.WorkspaceID, id, messageID)
	if err == nil {
		err = authorize(actor, scope, account.ConversationRead, c)
	}
	if err != nil {
		return Message{}, fault.Wrap(op, err)
	}
	list := []Message{m}
	if err = r.attachDeliveries(ctx, m.WorkspaceID, list); err == nil {
		err = r.explainMasks(ctx, m.WorkspaceID, list)
	}
	return list[0], fault.Wrap(op, err)
}

// delivered is m with its delivery.
func (r *Room) delivered(ctx context.Context, m Message) (Message, error) {
	list := []Message{m}
	err := r.attachDeliveries(ctx, m.WorkspaceID, list)
	return list[0], err
}

func (r *Room) attachDeliveries(ctx context.Context, workspaceID int64, list []Message) error {
	var ids []int64
	for _, m := range list {
		if m.OutboundID != 0 {
			ids = append(ids, m.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	deliveries, err := r.outbox.Deliveries(ctx, workspaceID, ids)
	for i, m := range list {
		if d, ok := deliveries[m.ID]; ok {
			list[i].Delivery = &d
		}
	}
	return err
}

const historyLength = 500

// History returns what happened to a conversation beside its messages, oldest
// first.
func (r *Room) History(ctx context.Context, actor account.Actor, id int64) ([]event.Event, error) {
	const op = "conversation.History"
	if _, err := r.sighted(ctx, actor, account.ConversationRead, id); err != nil {
		return nil, fault.Wrap(op, err)
	}
	all, err := r.log.OfConversation(ctx, actor.WorkspaceID, id, historyLength)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	var out []event.Event
	for _, e := range all {
		if !strings.HasPrefix(e.Kind, "message.") {
			out = append(out, e)
		}
	}
	return out, nil
}

// Names tells what the agents and contacts who did events are called, for whoever
// may read the events. Who is no more has no name.
func (r *Room) Names(ctx context.Context, workspaceID int64, events []event.Event) (map[event.Actor]string, error) {
	ids := map[string][]int64{}
	for _, e := range events {
		if by := e.Actor; !slices.Contains(ids[by.Kind], by.ID) {
			ids[by.Kind] = append(ids[by.Kind], by.ID)
		}
	}
	agents, contacts, err := r.store.names(ctx, workspaceID, ids[ByAgent], ids[ByContact])
	if err != nil {
		return nil, fault.Wrap("conversation.Names", err)
	}
	names := make(map[event.Actor]string, len(agents)+len(contacts))
	for _, a := range agents {
		names[event.Actor{Kind: ByAgent, ID: a.ID}] = a.Name
	}
	for _, c := range contacts {
		names[event.Actor{Kind: ByContact, ID: c.ID}] = c.Name
	}
	return names, nil
}
