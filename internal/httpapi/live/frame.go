package live

import (
	"encoding/json"
	"time"

	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/event"
)

// Event is one thing that happened, as the log holds it.
type Event struct {
	ID             string         `json:"id" doc:"the same for everybody and for ever; says nothing of order"`
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

// EventOf is an event as it is told outside.
func (h *Hub) EventOf(e event.Event) Event {
	return Event{
		ID: h.IDOf(e), At: e.At, Kind: e.Kind, Actor: EventActor{e.Actor.Kind, shape.IDOrNull(e.Actor.ID)},
		ConversationID: shape.IDOrNull(e.ConversationID), ContactID: shape.IDOrNull(e.ContactID), Data: DataOf(e.Data),
	}
}

// DataOf is an event's data as an object, {} when it is none.
func DataOf(raw json.RawMessage) map[string]any {
	data := map[string]any{}
	json.Unmarshal(raw, &data)
	return data
}

// The frames of the stream.
type (
	// HelloFrame opens a stream and tells where it starts.
	HelloFrame struct {
		Type   string `json:"type" enum:"hello"`
		Cursor string `json:"cursor"`
	}
	// EventFrame is one event in the caller's sight.
	EventFrame struct {
		Type           string         `json:"type" enum:"event"`
		Cursor         string         `json:"cursor"`
		Kind           string         `json:"kind"`
		ConversationID *int64         `json:"conversation_id"`
		ContactID      *int64         `json:"contact_id"`
		Actor          EventActor     `json:"actor"`
		At             time.Time      `json:"at"`
		Data           map[string]any `json:"data"`
	}
	// GoneFrame tells that a conversation has left the caller's sight.
	GoneFrame struct {
		Type   string `json:"type" enum:"gone"`
		ID     int64  `json:"id"`
		Cursor string `json:"cursor"`
	}
	// ResetFrame tells that frames are missing: what is shown must be loaded
	// again.
	ResetFrame struct {
		Type   string `json:"type" enum:"reset"`
		Reason string `json:"reason" enum:"epoch,missed,behind,scope"`
	}
	// PresenceFrame tells who looks at a conversation or writes in it.
	PresenceFrame struct {
		Type           string         `json:"type" enum:"presence"`
		ConversationID int64          `json:"conversation_id"`
		Agents         []PresentAgent `json:"agents"`
	}
	PresentAgent struct {
		ID    int64  `json:"id"`
		State string `json:"state" enum:"viewing,replying,noting,idle"`
	}
	// NotificationFrame tells an agent's own screens how many conversations hold
	// something unseen, and what has just come.
	NotificationFrame struct {
		Type   string                  `json:"type" enum:"notification"`
		Unseen int                     `json:"unseen" doc:"Conversations that hold something the agent was told of and has not seen."`
		Newest shape.OrNull[NewestOne] `json:"newest" doc:"null when something was seen."`
	}
	NewestOne struct {
		ID             int64      `json:"id"`
		Event          string     `json:"event" enum:"mention,assigned,undelivered,reply,followed,unassigned"`
		ConversationID int64      `json:"conversation_id"`
		Actor          EventActor `json:"actor"`
		Shown          bool       `json:"shown" doc:"It stands in the list."`
		Sound          bool       `json:"sound" doc:"The agent wants to hear it."`
	}
	// VisitorFrame tells what the visitor of a chat does, and how far they have
	// got and read what was written to them.
	VisitorFrame struct {
		Type              string `json:"type" enum:"visitor"`
		ConversationID    int64  `json:"conversation_id"`
		Online            bool   `json:"online"`
		Typing            bool   `json:"typing"`
		DeliveredPosition int64  `json:"delivered_position"`
		SeenPosition      int64  `json:"seen_position"`
	}
)
