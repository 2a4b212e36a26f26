package meanwhile

import (
	"context"
	"reflect"

	"rapport/internal/account"
	"rapport/internal/conversation"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// Wish is what a request to set something may bring beside what it sets.
type Wish struct {
	Version  *int64 `json:"version,omitempty" doc:"Refuse when the conversation has another one."`
	ClientID string `json:"client_id,omitempty" maxLength:"100" doc:"The sender's own id: the same one again changes nothing more, for 30 days."`
}

// Field is the one thing about a conversation that a request sets.
type Field struct {
	Action account.Action
	Event  string                                // that tells of it
	Of     func(c conversation.Conversation) any // what it is now
	Was    any                                   // what it was for whoever set it; nil: it does not matter
	To     any
}

// Desk changes conversations.
type Desk struct {
	Accounts      *account.Room
	Conversations *conversation.Room
	Operations    *operation.List
}

// again is how often a change is tried when others change the same
// conversation in the same moment.
const again = 5

// Change sets a field with set, which is given the conversation as it is and
// must keep to its version. What was done before with the same client id is
// not done again. A field that somebody else has set since refuses with a
// Conflict that says who and to what.
func (d Desk) Change(ctx context.Context, id int64, w Wish, f Field, set func(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error)) (conversation.Conversation, error) {
	if w.ClientID == "" && f.Was == nil {
		return set(ctx, conversation.Conversation{Version: shape.Value(w.Version)})
	}
	var out conversation.Conversation
	for n := 0; ; n++ {
		var moved bool
		first, err := d.Operations.Once(ctx, "change", w.ClientID, func(ctx context.Context) (err error) {
			out, moved, err = d.change(ctx, id, w, f, set)
			return err
		})
		if moved && n < again {
			continue
		}
		if err == nil && !first {
			out, _, err = d.Conversations.Get(ctx, gate.Actor(ctx), id)
		}
		return out, err
	}
}

// change is one try. moved tells that the conversation changed between being
// looked at and being set, so that another try may succeed.
func (d Desk) change(ctx context.Context, id int64, w Wish, f Field, set func(context.Context, conversation.Conversation) (conversation.Conversation, error)) (_ conversation.Conversation, moved bool, err error) {
	actor := gate.Actor(ctx)
	c, _, err := d.Conversations.Get(ctx, actor, id)
	if err == nil {
		err = d.Accounts.Allow(ctx, actor, f.Action, c.InboxID)
	}
	if err == nil {
		err = d.overtaken(ctx, c, f)
	}
	if err != nil {
		return c, false, err
	}
	if w.Version != nil {
		c.Version = *w.Version
	}
	out, err := set(ctx, c)
	return out, w.Version == nil && fault.Is(err, fault.Conflict), err
}

// overtaken refuses what somebody else has set meanwhile, unless it is what is
// wanted now.
func (d Desk) overtaken(ctx context.Context, c conversation.Conversation, f Field) error {
	const op = "meanwhile.overtaken"
	now := f.Of(c)
	if f.Was == nil || reflect.DeepEqual(now, f.Was) || reflect.DeepEqual(now, f.To) {
		return nil
	}
	actor := gate.Actor(ctx)
	history, err := d.Conversations.History(ctx, actor, c.ID)
	if err != nil {
		return err
	}
	var last event.Event
	for _, e := range history {
		if e.Kind == f.Event {
			last = e
		}
	}
	if last.Actor == actor.Event() {
		return nil
	}
	return fault.As(op, fault.Conflict, "Somebody else has changed this meanwhile.", &Overtaken{Now: now, By: last.Actor, At: last.At})
}
