package upkeep

import (
	"context"
	"fmt"
	"time"

	"rapport/internal/account"
	"rapport/internal/httpapi/files"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
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
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/outbox", ID: "list-outbox", Summary: "Mail the demo has captured", Tag: tag}, s.outbox)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/outbox/{id}/source", ID: "outbox-source", Gives: "text/plain", Summary: "A captured mail as it would have gone", Tag: tag}, s.outboxSource)
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
		return fault.New("upkeep.outbox", fault.NotFound, "Mail is sent here, not captured: only the demo has an outbox.")
	}
	return s.allow(ctx, account.OutboxRead)
}

func (s *Server) outbox(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[OutgoingMail]], error) {
	if err := s.captured(ctx); err != nil {
		return nil, err
	}
	all, err := s.Outbox.List(ctx, gate.Actor(ctx).WorkspaceID)
	for i := range all {
		all[i].RawURL = fmt.Sprintf("%s/outbox/%d/source", operation.Root, all[i].ID)
	}
	return shape.Whole(all), err
}

func (s *Server) outboxSource(ctx context.Context, in *shape.ByID) (*files.Answer, error) {
	if err := s.captured(ctx); err != nil {
		return nil, err
	}
	raw, err := s.Outbox.Source(ctx, gate.Actor(ctx).WorkspaceID, in.ID)
	return files.Text(raw), err
}
