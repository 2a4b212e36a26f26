package httpapi

import (
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// The frames of GET /live.
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
		Seq            int64          `json:"seq"`
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
	// ViewsFrame tells that counts of views may have changed.
	ViewsFrame struct {
		Type string `json:"type" enum:"views"`
	}
	PresentAgent struct {
		ID    int64  `json:"id"`
		State string `json:"state" enum:"viewing,replying,idle"`
	}
)

type liveQuery struct {
	After string `query:"after" maxLength:"200" doc:"The cursor of the last frame; empty starts now."`
}

func (s *Server) liveRoutes() {
	add(s, route{method: "GET", path: "/live", id: "live", gives: "text/event-stream", summary: "Frames as they happen: a WebSocket, or an event stream", tag: "Events"}, todo[liveQuery, file])
	describeFrames(s.api.OpenAPI().Components.Schemas)
}

// describeFrames adds the frames to the description: no operation returns one.
func describeFrames(r huma.Registry) {
	var all []*huma.Schema
	for _, t := range []reflect.Type{
		reflect.TypeFor[HelloFrame](), reflect.TypeFor[EventFrame](), reflect.TypeFor[GoneFrame](),
		reflect.TypeFor[ResetFrame](), reflect.TypeFor[PresenceFrame](), reflect.TypeFor[ViewsFrame](),
	} {
		all = append(all, r.Schema(t, true, ""))
	}
	r.Map()["Frame"] = &huma.Schema{OneOf: all, Description: "One message of the live stream."}
}
