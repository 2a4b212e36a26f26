package conversation

import (
	"context"

	"rapport/internal/platform/event"
)

// The room's events and what their data holds beside the inbox.
const (
	EventCreated   = "conversation.created"  // linked_id
	EventReceived  = "message.received"      // message_id, position, class
	EventReplied   = "message.replied"       // message_id, position
	EventAutomatic = "message.automatic"     // message_id, position: the product wrote by itself
	EventNoted     = "message.noted"         // message_id, position, mentions
	EventAssigned  = "conversation.assigned" // from, to
	EventTeamed    = "conversation.teamed"   // from, to
	EventStatus    = "conversation.status"   // from, to
	EventPriority  = "conversation.priority" // from, to
	EventSnoozed   = "conversation.snoozed"  // to: the time, or "" when it woke
	EventTagged    = "conversation.tagged"   // added, removed
	EventSubject   = "conversation.subject"
	EventSpam      = "conversation.spam"     // to
	EventContacted = "conversation.contact"  // from, to
	EventDeclined  = "conversation.declined" // message_id: whom a forwarded mail names is not made the customer
	EventRevealed  = "conversation.revealed" // message_id, position: somebody read what was masked
	EventDeleted   = "conversation.deleted"
	EventPerson    = "conversation.person" // the visitor of a chat asked for a person
)

// Kinds are all events of the room, for the readers of the log.
var Kinds = []string{EventCreated, EventReceived, EventReplied, EventAutomatic, EventNoted, EventAssigned, EventTeamed, EventStatus, EventPriority,
	EventSnoozed, EventTagged, EventSubject, EventSpam, EventContacted, EventDeclined, EventRevealed, EventDeleted, EventPerson}

// details is the data of all events of the room: ids and codes.
type details struct {
	InboxID   int64    `json:"inbox_id"`
	MessageID int64    `json:"message_id,omitempty"`
	Position  int64    `json:"position,omitempty"`
	Class     string   `json:"class,omitempty"`
	From      any      `json:"from,omitempty"`
	To        any      `json:"to,omitempty"`
	Added     []string `json:"added,omitempty"`
	Removed   []string `json:"removed,omitempty"`
	Mentions  []int64  `json:"mentions,omitempty"`
	LinkedID  int64    `json:"linked_id,omitempty"`
	BulkID    int64    `json:"bulk_id,omitempty"` // of one change of many
}

type togetherKey struct{}

// Together has the events under ctx say that they are part of one change of
// many conversations.
func Together(ctx context.Context, bulkID int64) context.Context {
	return context.WithValue(ctx, togetherKey{}, bulkID)
}

// announce appends an event about c to the transaction in ctx.
func (r *Room) announce(ctx context.Context, c Conversation, by event.Actor, kind string, d details) error {
	d.InboxID = c.InboxID
	d.BulkID, _ = ctx.Value(togetherKey{}).(int64)
	cause, depth := event.CauseFrom(ctx)
	return r.log.Append(ctx, event.Event{WorkspaceID: c.WorkspaceID, Kind: kind, Actor: by,
		ConversationID: c.ID, ContactID: c.ContactID, Cause: cause, Depth: depth, Data: event.Data(d)})
}

// moveStatus sets a status and says so when it is another one.
func (r *Room) moveStatus(ctx context.Context, c *Conversation, by event.Actor, to Status) error {
	from := c.Status
	if from == to {
		return nil
	}
	c.setStatus(to, r.clock.Now())
	return r.announce(ctx, *c, by, EventStatus, details{From: from, To: to})
}
