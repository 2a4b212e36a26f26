package live

import (
	"encoding/json"
	"strings"

	"rapport/internal/account"
	"rapport/internal/platform/event"
)

// about is what of an event's data decides who may see it.
type about struct {
	InboxID     int64 `json:"inbox_id"`
	FromInboxID int64 `json:"from_inbox_id"` // where a conversation was before it moved
	AgentID     int64 `json:"agent_id"`
}

func aboutOf(e event.Event) (a about) {
	json.Unmarshal(e.Data, &a)
	return a
}

// Sees decides whether an event may be shown to an actor. What is not named
// here is shown to nobody: a new kind of event has to be thought about first.
func Sees(actor account.Actor, scope account.Scope, e event.Event) bool {
	if e.WorkspaceID != actor.WorkspaceID {
		return false
	}
	a := aboutOf(e)
	room, _, _ := strings.Cut(e.Kind, ".")
	switch room {
	case "conversation", "message":
		return e.ConversationID != 0 && a.InboxID != 0 && scope.Includes(a.InboxID)
	case "inbox", "grant":
		return scope.Includes(a.InboxID)
	case "contact", "company", "agent", "team", "workspace":
		return true
	case "session", "key":
		return a.AgentID == actor.AgentID
	case "receipt":
		return account.Can(actor, account.MailRead, account.Object{WorkspaceID: e.WorkspaceID}) == nil
	}
	return false
}

// leaves reports whether an event takes a conversation out of an actor's
// sight.
func leaves(scope account.Scope, e event.Event) bool {
	a := aboutOf(e)
	return e.ConversationID != 0 && a.FromInboxID != 0 && scope.Includes(a.FromInboxID) && !scope.Includes(a.InboxID)
}

// shifts reports whether an event may change what somebody sees, or whether
// they are still let in.
func shifts(kind string) bool {
	switch kind {
	case account.EventGrantChanged, account.EventTeamChanged, account.EventAgentChanged, account.EventSessionRevoked, account.EventKeyChanged:
		return true
	}
	return false
}
