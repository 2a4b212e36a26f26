package httpapi

import (
	"context"
	"time"

	"rapport/internal/channel"
	"rapport/internal/httpapi/gate"
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
	Paging
}

func (s *Server) mailRoutes() {
	const tag = "Mails"
	add(s, route{method: "GET", path: "/mails", id: "list-mails", summary: "Every accepted mail and what became of it", tag: tag}, s.mails)
	add(s, route{method: "POST", path: "/mails/{id}/replay", id: "replay-mail", summary: "Handle a mail again", tag: tag}, s.replayMail)
	add(s, route{method: "DELETE", path: "/mails/{id}", id: "discard-mail", summary: "Discard a quarantined mail", tag: tag}, s.discardMail)
	add(s, route{method: "GET", path: "/mails/{id}/source", id: "mail-source", gives: "text/plain", summary: "The mail as it came", tag: tag}, s.mailSource)
}

func mailOf(r channel.Receipt) Mail {
	return Mail{
		ID: r.ID, ReceivedAt: r.ReceivedAt, InboxID: r.InboxID, Inbox: r.InboxName, State: string(r.State), Reason: r.Reason, From: r.From,
		Subject: r.Subject, Size: r.Size, ConversationID: idOrNull(r.ConversationID), Attempts: r.Attempts,
	}
}

func (s *Server) mails(ctx context.Context, in *listMails) (*Body[Page[Mail]], error) {
	before, err := position(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := s.Channels.Receipts(ctx, gate.Actor(ctx), channel.ReceiptFilter{
		State: channel.ReceiptState(in.State), InboxID: in.InboxID, Before: before, Limit: in.Limit,
	})
	next := ""
	if len(list) == in.Limit {
		next = positionCursor(list[len(list)-1].ID)
	}
	return page(each(list, mailOf), next), err
}

func (s *Server) replayMail(ctx context.Context, in *ByID) (*Body[Mail], error) {
	r, err := s.Channels.Replay(ctx, gate.Actor(ctx), in.ID)
	return &Body[Mail]{mailOf(r)}, err
}

func (s *Server) discardMail(ctx context.Context, in *ByID) (*None, error) {
	return nil, s.Channels.Discard(ctx, gate.Actor(ctx), in.ID)
}

func (s *Server) mailSource(ctx context.Context, in *ByID) (*file, error) {
	raw, err := s.Channels.Source(ctx, gate.Actor(ctx), in.ID)
	return serveText(raw), err
}
