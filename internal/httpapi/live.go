package httpapi

import (
	"context"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/live"
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
		reflect.TypeFor[live.HelloFrame](), reflect.TypeFor[live.EventFrame](), reflect.TypeFor[live.GoneFrame](),
		reflect.TypeFor[live.ResetFrame](), reflect.TypeFor[live.PresenceFrame](), reflect.TypeFor[live.VisitorFrame](), reflect.TypeFor[live.ViewsFrame](),
	} {
		all = append(all, r.Schema(t, true, ""))
	}
	r.Map()["Frame"] = &huma.Schema{OneOf: all, Description: "One message of the live stream."}
}

// live opens a stream of frames, over a WebSocket when the caller asks for one.
func (s *Server) live(ctx context.Context, in *liveQuery) (*file, error) {
	actor := gate.Actor(ctx)
	scope, err := s.Accounts.Scope(ctx, actor)
	if err == nil {
		err = account.Can(actor, account.EventRead, account.Object{WorkspaceID: actor.WorkspaceID})
	}
	if err != nil {
		return nil, err
	}
	return &file{Body: func(hc huma.Context) {
		r, w := humago.Unwrap(hc)
		s.hub.Serve(w, r, live.Caller{Actor: actor, Scope: scope, Again: s.gate.Again(r)}, in.After)
	}}, nil
}
