package acknowledgement

// EventChanged says that the settings of an inbox were changed.
const EventChanged = "inbox.acknowledgement"

// Kinds are all events of the room, for the readers of the log.
var Kinds = []string{EventChanged}

// details is the data of the room's events.
type details struct {
	InboxID int64 `json:"inbox_id"`
}
