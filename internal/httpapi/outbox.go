package httpapi

import (
	"context"
	"fmt"
	"time"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/platform/fault"
)

// OutgoingMail is a mail that the demo has captured instead of sending it.
type OutgoingMail struct {
	ID      int64     `json:"id"`
	At      time.Time `json:"at"`
	From    string    `json:"from"`
	To      []string  `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	HTML    *string   `json:"html"`
	RawURL  string    `json:"raw_url"`
}

func (s *Server) outboxRoutes() {
	const tag = "Outbox"
	add(s, route{method: "GET", path: "/outbox", id: "list-outbox", summary: "Mail the demo has captured", tag: tag}, s.outbox)
	add(s, route{method: "GET", path: "/outbox/{id}/source", id: "outbox-source", gives: "text/plain", summary: "A captured mail as it would have gone", tag: tag}, s.outboxSource)
}

// Outbox is the mail that the demo captures.
type Outbox interface {
	// List returns the newest mails of a workspace; RawURL is filled in here.
	List(ctx context.Context, workspaceID int64) ([]OutgoingMail, error)
	// Source returns the bytes of one.
	Source(ctx context.Context, workspaceID, id int64) ([]byte, error)
}

// captured checks that there is an outbox and that the caller may read it.
func (s *Server) captured(ctx context.Context) error {
	if s.Outbox == nil {
		return fault.New("httpapi.outbox", fault.NotFound, "Mail is sent here, not captured: only the demo has an outbox.")
	}
	return s.allow(ctx, account.OutboxRead)
}

func (s *Server) outbox(ctx context.Context, _ *None) (*Body[Page[OutgoingMail]], error) {
	if err := s.captured(ctx); err != nil {
		return nil, err
	}
	all, err := s.Outbox.List(ctx, gate.Actor(ctx).WorkspaceID)
	for i := range all {
		all[i].RawURL = fmt.Sprintf("%s/outbox/%d/source", root, all[i].ID)
	}
	return whole(all), err
}

func (s *Server) outboxSource(ctx context.Context, in *ByID) (*file, error) {
	if err := s.captured(ctx); err != nil {
		return nil, err
	}
	raw, err := s.Outbox.Source(ctx, gate.Actor(ctx).WorkspaceID, in.ID)
	return serveText(raw), err
}
