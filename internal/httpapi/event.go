package httpapi

import (
	"context"
	"encoding/json"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// Event is one thing that happened, as the log holds it.
type Event struct {
	Seq            int64          `json:"seq"`
	At             time.Time      `json:"at"`
	Kind           string         `json:"kind"`
	Actor          EventActor     `json:"actor"`
	ConversationID *int64         `json:"conversation_id"`
	ContactID      *int64         `json:"contact_id"`
	Data           map[string]any `json:"data"`
}

type EventActor struct {
	Kind string `json:"kind" enum:"contact,agent,bot,system"`
	ID   *int64 `json:"id"`
}

type listEvents struct {
	After string `query:"after" maxLength:"200" doc:"The next_cursor of the last answer; empty starts at the beginning."`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (s *Server) eventRoutes() {
	add(s, route{method: "GET", path: "/events", id: "list-events", summary: "The log, as far as it is in my sight", tag: "Events"}, s.events)
}

// scanEvents bounds how much of the log one request looks through for what is
// in the caller's sight.
const scanEvents = 1000

// events reads on in the log. next_cursor is never null: more will happen.
func (s *Server) events(ctx context.Context, in *listEvents) (*Body[Page[Event]], error) {
	actor := actorOf(ctx)
	scope, err := s.Accounts.Scope(ctx, actor)
	if err == nil {
		err = account.Can(actor, account.EventRead, account.Object{WorkspaceID: actor.WorkspaceID})
	}
	if err != nil {
		return nil, err
	}
	epoch, err := s.Log.Epoch(ctx)
	if err != nil {
		return nil, err
	}
	after, known := s.openCursor(actor.WorkspaceID, epoch, in.After)
	if in.After != "" && !known {
		return nil, fault.New("httpapi.events", fault.Conflict, "This cursor is from before the data was restored. Start at the beginning.")
	}
	all, err := s.Log.After(ctx, actor.WorkspaceID, after, scanEvents)
	if err != nil {
		return nil, err
	}
	items := []Event{}
	for _, e := range all {
		if len(items) == in.Limit {
			break
		}
		if after = e.Seq; sees(actor, scope, e) {
			items = append(items, eventOf(e))
		}
	}
	return page(items, s.cursor(actor.WorkspaceID, epoch, after)), nil
}

func eventOf(e event.Event) Event {
	return Event{
		Seq: e.Seq, At: e.At, Kind: e.Kind, Actor: EventActor{e.Actor.Kind, idOrNull(e.Actor.ID)},
		ConversationID: idOrNull(e.ConversationID), ContactID: idOrNull(e.ContactID), Data: dataOf(e.Data),
	}
}

// dataOf is an event's data as an object, {} when it is none.
func dataOf(raw json.RawMessage) map[string]any {
	data := map[string]any{}
	json.Unmarshal(raw, &data)
	return data
}
