package httpapi

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/live"
	"rapport/internal/platform/fault"
)

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
func (s *Server) events(ctx context.Context, in *listEvents) (*Body[Page[live.Event]], error) {
	actor := gate.Actor(ctx)
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
	after, known := s.hub.OpenCursor(actor.WorkspaceID, epoch, in.After)
	if in.After != "" && !known {
		return nil, fault.New("httpapi.events", fault.Conflict, "This cursor is from before the data was restored. Start at the beginning.")
	}
	all, err := s.Log.After(ctx, actor.WorkspaceID, after, scanEvents)
	if err != nil {
		return nil, err
	}
	items := []live.Event{}
	for _, e := range all {
		if len(items) == in.Limit {
			break
		}
		if after = e.Seq; live.Sees(actor, scope, e) {
			items = append(items, live.EventOf(e))
		}
	}
	return page(items, s.hub.Cursor(actor.WorkspaceID, epoch, after)), nil
}
