// Package event is the one log of everything that happens, one ordered row of
// events per workspace, written in the same transaction as the change it tells
// of. Screens, rules, search and numbers are readers of it.
//
// Append puts an event into the caller's transaction. Its seq is given when
// the transaction commits: by SQLite's single writer as its group closes, on
// PostgreSQL by one leased sequencer that moves committed rows from
// event_inbox into events. So seq is dense, follows the order of commits, and
// is not known inside the transaction.
//
// Readers move through the log in transactions that hold their effects and
// their cursor together (see Readers). After a commit the bus is rung; the
// bell may be lost, the log may not.
package event

import (
	"encoding/json"
	"time"
)

// Actor is who caused an event: kind "agent", "contact", "bot" or "system".
type Actor struct {
	Kind string `json:"kind"`
	ID   int64  `json:"id"`
}

// System is the actor of what nobody did by hand.
var System = Actor{Kind: "system"}

// Event is one thing that happened. Data holds ids and changed codes, never
// message text, names or addresses: a person can be erased, the log cannot.
type Event struct {
	WorkspaceID    int64
	Seq            int64
	At             time.Time
	Kind           string // room's noun and what happened, e.g. "message.received"
	Actor          Actor
	ConversationID int64 // 0 when it is about none
	ContactID      int64
	Cause          int64 // seq of the event that led to this one; 0 for a person's or a door's
	Depth          int   // length of the chain of causes
	Data           json.RawMessage
}

// MaxDepth bounds chains of reactions; a deeper append is refused.
const MaxDepth = 5

// Data marshals what an event says besides its ids. It panics on values that
// JSON cannot hold, which is a bug of the caller.
func Data(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
