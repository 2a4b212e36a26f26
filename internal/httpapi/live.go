package httpapi

import (
	"context"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rapport/internal/account"
	"rapport/internal/httpapi/files"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/live"
	"rapport/internal/httpapi/operation"
)

type liveQuery struct {
	After string `query:"after" maxLength:"200" doc:"The cursor of the last frame; empty starts now."`
}

func (s *Server) liveRoutes() {
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/live", ID: "live", Gives: "text/event-stream", Summary: "Frames as they happen: a WebSocket, or an event stream", Tag: "Events"}, s.live)
	describeFrames(s.operations.OpenAPI().Components.Schemas)
}

// describeFrames adds the frames to the description: no operation returns one.
func describeFrames(r huma.Registry) {
	var all []*huma.Schema
	for _, t := range []reflect.Type{
		reflect.TypeFor[live.HelloFrame](), reflect.TypeFor[live.EventFrame](), reflect.TypeFor[live.GoneFrame](),
		reflect.TypeFor[live.ResetFrame](), reflect.TypeFor[live.PresenceFrame](), reflect.TypeFor[live.VisitorFrame](), reflect.TypeFor[live.NotificationFrame](),
	} {
		all = append(all, r.Schema(t, true, ""))
	}
	r.Map()["Frame"] = &huma.Schema{OneOf: all, Description: "One message of the live stream."}
}

// live opens a stream of frames, over a WebSocket when the caller asks for one.
func (s *Server) live(ctx context.Context, in *liveQuery) (*files.Answer, error) {
	actor := gate.Actor(ctx)
	scope, err := s.Accounts.Scope(ctx, actor)
	if err == nil {
		err = account.Can(actor, account.EventRead, account.Object{WorkspaceID: actor.WorkspaceID})
	}
	if err != nil {
		return nil, err
	}
	return &files.Answer{Body: func(hc huma.Context) {
		r, w := humago.Unwrap(hc)
		s.hub.Serve(w, r, live.Caller{Actor: actor, Scope: scope, Again: s.gate.Again(r)}, in.After)
	}}, nil
}
