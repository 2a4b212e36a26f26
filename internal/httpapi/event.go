package httpapi

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/live"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

type listEvents struct {
	After string `query:"after" maxLength:"200" doc:"The next_cursor of the last answer; empty starts at the beginning."`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (s *Server) eventRoutes() {
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/events", ID: "list-events", Summary: "The log, as far as it is in my sight", Tag: "Events"}, s.events)
}

// events reads on in the log. next_cursor is never null: more will happen.
func (s *Server) events(ctx context.Context, in *listEvents) (*shape.Body[shape.Page[live.Event]], error) {
	actor := gate.Actor(ctx)
	scope, err := s.Accounts.Scope(ctx, actor)
	if err == nil {
		err = account.Can(actor, account.EventRead, account.Object{WorkspaceID: actor.WorkspaceID})
	}
	if err != nil {
		return nil, err
	}
	items, next, err := s.hub.Read(ctx, actor, scope, in.After, in.Limit)
	return shape.Part(items, next), err
}
