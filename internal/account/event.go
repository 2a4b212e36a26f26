package account

import (
	"context"

	"rapport/internal/platform/event"
)

// The room's events and what their data holds. Every one is written in the
// transaction of the change it tells of.
const (
	EventWorkspaceChanged = "workspace.changed" // {}
	EventAgentChanged     = "agent.changed"     // agent_id, what
	EventTeamChanged      = "team.changed"      // team_id, deleted
	EventGrantChanged     = "grant.changed"     // inbox_id
	EventSessionStarted   = "session.started"   // agent_id, session_id
	EventSessionRevoked   = "session.revoked"   // agent_id, session_id (0: all or all others)
	EventKeyChanged       = "key.changed"       // agent_id, key_id, what
)

// details is the data of all events of the room.
type details struct {
	AgentID   int64  `json:"agent_id,omitempty"`
	TeamID    int64  `json:"team_id,omitempty"`
	InboxID   int64  `json:"inbox_id,omitempty"`
	SessionID int64  `json:"session_id,omitempty"`
	KeyID     int64  `json:"key_id,omitempty"`
	What      string `json:"what,omitempty"` // of an agent: invited, joined, managed, profile, password, totp, deactivated, reactivated; of a key: created, revoked
	Deleted   bool   `json:"deleted,omitempty"`
}

// announce appends an event to the transaction in ctx.
func (r *Room) announce(ctx context.Context, actor Actor, kind string, d details) error {
	return r.log.Append(ctx, event.Event{WorkspaceID: actor.WorkspaceID, Kind: kind, Actor: actor.Event(), Data: event.Data(d)})
}

// Kinds are all events of the room, for the readers of the log.
var Kinds = []string{EventWorkspaceChanged, EventAgentChanged, EventTeamChanged, EventGrantChanged, EventSessionStarted, EventSessionRevoked, EventKeyChanged}
