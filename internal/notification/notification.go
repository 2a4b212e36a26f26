package notification

import "time"

// Event is why an agent is told. Of several that fit, the first is meant.
type Event string

// The events, in the order of their weight.
const (
	Mention     Event = "mention"     // somebody named me, or a team of mine, in a note
	Assigned    Event = "assigned"    // a conversation was given to me
	Undelivered Event = "undelivered" // what I wrote could not be delivered
	Reply       Event = "reply"       // a customer wrote in a conversation of mine
	Followed    Event = "followed"    // somebody wrote in a conversation I follow
	Unassigned  Event = "unassigned"  // a new conversation of nobody, in an inbox I watch
)

// Events are all of them.
var Events = []Event{Mention, Assigned, Undelivered, Reply, Followed, Unassigned}

// Ways are how an agent is told.
type Ways struct {
	App   bool `json:"app,omitempty"`
	Sound bool `json:"sound,omitempty"`
	Push  bool `json:"push,omitempty"`
	Mail  bool `json:"mail,omitempty"`
}

// State is where a push or a mail of a notification stands.
type State string

// The states.
const (
	None    State = ""
	Waiting State = "waiting"
	Sent    State = "sent"
	Dropped State = "dropped" // it was seen, the hours are quiet, or there is nobody to send it to
)

// Notification is something that happened and concerns one agent.
type Notification struct {
	WorkspaceID    int64
	AgentID        int64
	ID             int64
	ConversationID int64
	Event          Event
	Position       int64
	MessageID      int64
	ActorKind      string
	ActorID        int64
	At             time.Time
	SeenAt         time.Time
	Shown          bool
	Push, Mail     State
}

// Group is what an agent is told of one conversation.
type Group struct {
	ConversationID int64
	Number         int64
	Subject        string
	InboxID        int64
	Unseen         int
	Total          int
	Newest         Notification
	Who            string // who did the newest; "" for the product itself
	Excerpt        string // of what the newest is about
}

// Bounds of what is kept.
const (
	keptFor     = 30 * 24 * time.Hour
	keptAtMost  = 1000 // of an agent
	groupsAPage = 50
)
