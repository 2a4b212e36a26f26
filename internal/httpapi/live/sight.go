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

// sight is an event with what decides who may see it, read once however many
// listen.
type sight struct {
	event.Event
	about
	room string
}

func sightOf(e event.Event) sight {
	s := sight{Event: e}
	json.Unmarshal(e.Data, &s.about)
	s.room, _, _ = strings.Cut(e.Kind, ".")
	return s
}

// Sees decides whether an event may be shown to an actor. What is not named
// here is shown to nobody: a new kind of event has to be thought about first.
func Sees(actor account.Actor, scope account.Scope, e event.Event) bool {
	return sightOf(e).isFor(actor, scope)
}

func (s sight) isFor(actor account.Actor, scope account.Scope) bool {
	if s.WorkspaceID != actor.WorkspaceID {
		return false
	}
	switch s.room {
	case "conversation", "message":
		return s.ConversationID != 0 && s.InboxID != 0 && scope.Includes(s.InboxID)
	case "inbox", "grant":
		return scope.Includes(s.InboxID)
	case "contact", "company", "agent", "team", "workspace":
		return true
	case "snippet", "macro", "view": // shared, or somebody's own
		return s.AgentID == 0 || s.AgentID == actor.AgentID
	case "session", "key":
		return s.AgentID == actor.AgentID
	case "receipt":
		return account.Can(actor, account.MailRead, account.Object{WorkspaceID: s.WorkspaceID}) == nil
	}
	return false
}

// leaves reports whether an event takes a conversation out of an actor's
// sight.
func (s sight) leaves(scope account.Scope) bool {
	return s.ConversationID != 0 && s.FromInboxID != 0 && scope.Includes(s.FromInboxID) && !scope.Includes(s.InboxID)
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
