package upkeep

import (
	"context"
	"time"

	"rapport/internal/channel"
	"rapport/internal/httpapi/files"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// Mail is the receipt of one accepted mail.
type Mail struct {
	ID             int64     `json:"id"`
	ReceivedAt     time.Time `json:"received_at"`
	InboxID        int64     `json:"inbox_id"`
	Inbox          string    `json:"inbox"`
	State          string    `json:"state" enum:"received,applied,rejected,quarantined"`
	Reason         string    `json:"reason" words:"yes"`
	From           string    `json:"from"`
	Subject        string    `json:"subject"`
	Size           int64     `json:"size"`
	ConversationID *int64    `json:"conversation_id"`
	Attempts       int       `json:"attempts"`
}

type listMails struct {
	State   string `query:"state" enum:"received,applied,rejected,quarantined"`
	InboxID int64  `query:"inbox_id" minimum:"1"`
	shape.Paging
}

func (s *Server) mailRoutes() {
	const tag = "Mails"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/mails", ID: "list-mails", Summary: "Every accepted mail and what became of it", Tag: tag}, s.mails)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/mails/{id}/replay", ID: "replay-mail", Summary: "Handle a mail again", Tag: tag}, s.replayMail)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/mails/{id}", ID: "discard-mail", Summary: "Discard a quarantined mail", Tag: tag}, s.discardMail)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/mails/{id}/source", ID: "mail-source", Gives: "text/plain", Summary: "The mail as it came", Tag: tag}, s.mailSource)
}

func mailOf(r channel.Receipt) Mail {
	return Mail{
		ID: r.ID, ReceivedAt: r.ReceivedAt, InboxID: r.InboxID, Inbox: r.InboxName, State: string(r.State), Reason: r.Reason, From: r.From,
		Subject: r.Subject, Size: r.Size, ConversationID: shape.IDOrNull(r.ConversationID), Attempts: r.Attempts,
	}
}

func (s *Server) mails(ctx context.Context, in *listMails) (*shape.Body[shape.Page[Mail]], error) {
	before, err := shape.Position(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := s.Channels.Receipts(ctx, gate.Actor(ctx), channel.ReceiptFilter{
		State: channel.ReceiptState(in.State), InboxID: in.InboxID, Before: before, Limit: in.Limit,
	})
	next := ""
	if len(list) == in.Limit {
		next = shape.PositionCursor(list[len(list)-1].ID)
	}
	return shape.Part(shape.Each(list, mailOf), next), err
}

func (s *Server) replayMail(ctx context.Context, in *shape.ByID) (*shape.Body[Mail], error) {
	r, err := s.Channels.Replay(ctx, gate.Actor(ctx), in.ID)
	return shape.One(mailOf(r)), err
}

func (s *Server) discardMail(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	return nil, s.Channels.Discard(ctx, gate.Actor(ctx), in.ID)
}

func (s *Server) mailSource(ctx context.Context, in *shape.ByID) (*files.Answer, error) {
	raw, err := s.Channels.Source(ctx, gate.Actor(ctx), in.ID)
	return files.Text(raw), err
}
