package httpapi

import (
	"context"
	"time"

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
	names, err := s.Conversations.Names(ctx, actor.WorkspaceID, events)
	return shape.Whole(shape.Each(events, func(e event.Event) HistoryItem {
		return HistoryItem{s.hub.IDOf(e), e.At, e.Kind, HistoryActor{e.Actor.Kind, shape.IDOrNull(e.Actor.ID), names[e.Actor]}, live.DataOf(e.Data)}
	})), err
}
