package account

import (
	"strconv"

	"rapport/internal/platform/event"
)

// Kinds of actors.
const (
	KindAgent  = "agent"
	KindBot    = "bot"
	KindSystem = "system"
)

// Actor is who acts in a workspace. The zero Actor may do nothing.
type Actor struct {
	Kind        string
	WorkspaceID int64
	AgentID     int64 // 0 for the system
	Role        Role
	SessionID   int64  // the session that speaks; 0 for an API key and for the product itself
	Language    string // of the screens of whoever is signed in; empty for an API key and for the product itself
}

// System is the product itself at work in a workspace; it may do everything.
func System(workspaceID int64) Actor {
	return Actor{Kind: KindSystem, WorkspaceID: workspaceID, Role: Owner}
}

// Uploader is the actor as the blob store names whoever an upload belongs to.
func (a Actor) Uploader() string { return "agent:" + strconv.FormatInt(a.AgentID, 10) }

// Event is the actor as the log names it.
func (a Actor) Event() event.Actor { return event.Actor{Kind: a.Kind, ID: a.AgentID} }
