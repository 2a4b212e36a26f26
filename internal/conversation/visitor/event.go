package visitor

// details is the data of the events that are appended here: ids and codes, as
// of all events of conversation.
type details struct {
	InboxID int64 `json:"inbox_id"`
	From    int64 `json:"from,omitempty"`
	To      int64 `json:"to,omitempty"`
}
