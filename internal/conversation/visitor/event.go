package visitor

// EventMailed says that answers of a chat that their visitor has not seen have
// left by mail: position.
const EventMailed = "conversation.mailed"

// Kinds are the events of the package's own, for the readers of the log.
var Kinds = []string{EventMailed}

// details is the data of the events that are appended here: ids and codes, as
// of all events of conversation.
type details struct {
	InboxID  int64 `json:"inbox_id"`
	From     int64 `json:"from,omitempty"`
	To       int64 `json:"to,omitempty"`
	Position int64 `json:"position,omitempty"`
}
