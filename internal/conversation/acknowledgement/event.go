package acknowledgement

// The room's events and what their data holds beside the inbox.
const (
	EventChanged    = "inbox.acknowledgement"   // the settings of an inbox were changed
	EventSilenced   = "conversation.silenced"   // cause: nothing automatic leaves into it for a day
	EventUnsilenced = "conversation.unsilenced" // a person has ended that
)

// Kinds are all events of the room, for the readers of the log.
var Kinds = []string{EventChanged, EventSilenced, EventUnsilenced}

// details is the data of the room's events.
type details struct {
	InboxID int64  `json:"inbox_id"`
	Cause   string `json:"cause,omitempty"`
}
