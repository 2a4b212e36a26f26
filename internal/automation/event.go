package automation

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/platform/event"
)

// The room's events and what their data holds.
const (
	EventSnippetChanged = "snippet.changed"    // snippet_id, agent_id of whom it belongs to, deleted
	EventMacroChanged   = "macro.changed"      // macro_id, agent_id of whom it belongs to, deleted
	EventMacroRan       = "conversation.macro" // inbox_id, macro_id: what it did follows in events of their own
)

// Kinds are all events of the room, for the readers of the log.
var Kinds = []string{EventSnippetChanged, EventMacroChanged, EventMacroRan}

// details is the data of the room's events.
type details struct {
	InboxID   int64 `json:"inbox_id,omitempty"`
	AgentID   int64 `json:"agent_id,omitempty"`
	SnippetID int64 `json:"snippet_id,omitempty"`
	MacroID   int64 `json:"macro_id,omitempty"`
	Deleted   bool  `json:"deleted,omitempty"`
}

func (r *Room) announce(ctx context.Context, actor account.Actor, kind string, d details) error {
	return r.log.Append(ctx, event.Event{WorkspaceID: actor.WorkspaceID, Kind: kind, Actor: actor.Event(), Data: event.Data(d)})
}
