package view

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/platform/event"
)

// EventChanged tells that a view was made, changed, moved or deleted. Its data:
// view_id (0: their order), agent_id whose alone it is and was, deleted.
const EventChanged = "view.changed"

// Kinds are all events of the room, for the readers of the log.
var Kinds = []string{EventChanged}

type details struct {
	ViewID  int64 `json:"view_id,omitempty"`
	AgentID int64 `json:"agent_id,omitempty"`
	Deleted bool  `json:"deleted,omitempty"`
}

func (r *Room) announce(ctx context.Context, actor account.Actor, d details) error {
	return r.log.Append(ctx, event.Event{WorkspaceID: actor.WorkspaceID, Kind: EventChanged, Actor: actor.Event(), Data: event.Data(d)})
}
