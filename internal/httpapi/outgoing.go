package httpapi

import (
	"context"
	"time"

	"rapport/internal/conversation/outbox"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// WaitingMessage is a message that has not left: it waits for its time or for
// the mail server, or it has failed.
type WaitingMessage struct {
	ConversationID int64      `json:"conversation_id"`
	Number         int64      `json:"number"`
	Subject        string     `json:"subject"`
	MessageID      int64      `json:"message_id"`
	Kind           string     `json:"kind" enum:"reply,note" doc:"A note is that of a forward."`
	InboxID        int64      `json:"inbox_id"`
	AuthorID       *int64     `json:"author_id"`
	AuthorName     string     `json:"author_name"`
	Excerpt        string     `json:"excerpt"`
	To             []string   `json:"to"`
	State          string     `json:"state" enum:"held,queued,delayed,failed,bounced"`
	Reason         string     `json:"reason" words:"yes"`
	At             *time.Time `json:"at" doc:"When it leaves, or is tried again."`
	CreatedAt      time.Time  `json:"created_at"`
}

type listOutgoing struct {
	InboxID int64  `query:"inbox_id" minimum:"0"`
	Mine    string `query:"mine" enum:"true,false" doc:"Only what I have written."`
}

// SendAt is when a held message leaves.
type SendAt struct {
	SendAt *time.Time `json:"send_at" doc:"Null lets it go now."`
}

type changeSendAt struct {
	OfMessage
	Body SendAt
}

func (s *Server) outgoingRoutes() {
	const tag = "Messages"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/outgoing", ID: "list-outgoing", Summary: "What waits to leave, and what has failed, in my sight", Tag: tag}, s.outgoing)
	operation.Add(s.operations, operation.Route{Method: "PUT", Path: "/conversations/{id}/messages/{mid}/send_at", ID: "change-send-at", Summary: "Let a held message leave at another time, or now", Tag: tag}, s.changeSendAt)
}

func (s *Server) outgoing(ctx context.Context, in *listOutgoing) (*shape.Body[shape.Page[WaitingMessage]], error) {
	list, err := s.Outgoing.List(ctx, gate.Actor(ctx), outbox.Filter{InboxID: in.InboxID, Mine: in.Mine == "true"}, s.Clock.Now())
	return shape.Whole(shape.Each(list, func(v outbox.Item) WaitingMessage {
		return WaitingMessage{v.ConversationID, v.Number, v.Subject, v.MessageID, v.Kind, v.InboxID, shape.IDOrNull(v.AuthorID), v.AuthorName, v.Excerpt, shape.Filled(v.To),
			string(v.State), v.Reason, shape.TimeOrNull(v.At), v.CreatedAt}
	})), err
}

func (s *Server) changeSendAt(ctx context.Context, in *changeSendAt) (*shape.Body[Message], error) {
	return s.messageAnswer(s.Conversations.Reschedule(ctx, gate.Actor(ctx), in.ID, in.MessageID, shape.Value(in.Body.SendAt)))
}
