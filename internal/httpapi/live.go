package httpapi

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/gorilla/websocket"

	"rapport/internal/account"
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
	add(s, route{method: "GET", path: "/live", id: "live", gives: "text/event-stream", summary: "Frames as they happen: a WebSocket, or an event stream", tag: "Events"}, s.live)
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

// live opens a stream of frames, over a WebSocket when the caller asks for one.
func (s *Server) live(ctx context.Context, in *liveQuery) (*file, error) {
	actor := actorOf(ctx)
	scope, err := s.Accounts.Scope(ctx, actor)
	if err == nil {
		err = account.Can(actor, account.EventRead, account.Object{WorkspaceID: actor.WorkspaceID})
	}
	if err != nil {
		return nil, err
	}
	return &file{Body: func(hc huma.Context) {
		r, w := humago.Unwrap(hc)
		l := &listener{hub: s.hub, actor: actor, scope: scope, again: s.again(r)}
		if websocket.IsWebSocketUpgrade(r) {
			s.openSocket(l, w, r, in.After)
		} else {
			s.openStream(l, w, r, in.After)
		}
	}}, nil
}

// again asks anew who the caller of r is, long after the request.
func (s *Server) again(r *http.Request) func(context.Context) (account.Actor, error) {
	header := http.Header{"Authorization": r.Header["Authorization"], "Cookie": r.Header["Cookie"]}
	return func(ctx context.Context) (account.Actor, error) {
		var info request
		err := s.authenticate((&http.Request{Header: header}).WithContext(ctx), &info)
		return info.actor, err
	}
}
