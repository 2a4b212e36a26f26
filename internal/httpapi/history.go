package httpapi

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/live"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/event"
)

// HistoryItem is one event of a conversation, for the lines between messages.
type HistoryItem struct {
	ID    string         `json:"id"`
	At    time.Time      `json:"at"`
	Kind  string         `json:"kind"`
	Actor HistoryActor   `json:"actor"`
	Data  map[string]any `json:"data"`
}

type HistoryActor struct {
	Kind string `json:"kind" enum:"contact,agent,bot,system"`
	ID   *int64 `json:"id"`
	Name string `json:"name"`
}

func (s *Server) history(ctx context.Context, in *shape.ByID) (*shape.Body[shape.Page[HistoryItem]], error) {
	actor := gate.Actor(ctx)
	events, err := s.Conversations.History(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	names := s.names(ctx, actor)
	return shape.Whole(shape.Each(events, func(e event.Event) HistoryItem {
		return HistoryItem{s.hub.IDOf(e), e.At, e.Kind, HistoryActor{e.Actor.Kind, shape.IDOrNull(e.Actor.ID), names(e.Actor)}, live.DataOf(e.Data)}
	})), nil
}

// names tells what actors of events are called; who cannot be found has no
// name.
func (s *Server) names(ctx context.Context, actor account.Actor) func(event.Actor) string {
	known := map[event.Actor]string{}
	agents, _ := s.Accounts.Agents(ctx, actor.WorkspaceID)
	for _, a := range agents {
		known[event.Actor{Kind: account.KindAgent, ID: a.ID}] = a.Name
	}
	return func(a event.Actor) string {
		name, ok := known[a]
		if !ok && a.Kind == "contact" {
			c, _ := s.Contacts.Get(ctx, actor, a.ID)
			name = c.Name
			known[a] = name
		}
		return name
	}
}
