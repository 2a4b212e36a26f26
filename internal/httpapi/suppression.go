package httpapi

import (
	"context"
	"time"

	"rapport/internal/contact"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// Suppression is why an address gets no automatic mail, or no news. Agents may
// still write to it.
type Suppression struct {
	Address string    `json:"address"`
	Cause   string    `json:"cause" enum:"bounce,complaint,news" doc:"news: only what is sent to many stays away."`
	Reason  string    `json:"reason" words:"yes" doc:"The remote server's words."`
	At      time.Time `json:"at"`
}

type suppressionsOf struct {
	Addresses []string `query:"addresses" required:"true" maxItems:"200"`
}

type oneSuppression struct {
	Address string `query:"address" required:"true" maxLength:"320"`
	Cause   string `query:"cause" enum:"bounce,complaint,news" doc:"news: they want news again. Without it: automatic mail goes there again."`
}

func (s *Server) suppressionRoutes() {
	const tag = "Contacts"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/suppressions", ID: "list-suppressions", Summary: "Which of these addresses get no automatic mail, or no news", Tag: tag}, s.suppressions)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/suppressions", ID: "lift-suppression", Summary: "Let automatic mail, or news, to an address again", Tag: tag}, s.liftSuppression)
}

func (s *Server) suppressions(ctx context.Context, in *suppressionsOf) (*shape.Body[shape.Page[Suppression]], error) {
	list, err := s.Contacts.Suppressions(ctx, gate.Actor(ctx).WorkspaceID, in.Addresses)
	return shape.Whole(shape.Each(list, func(v contact.Suppression) Suppression { return Suppression{v.Address, v.Cause, v.Reason, v.At} })), err
}

func (s *Server) liftSuppression(ctx context.Context, in *oneSuppression) (*shape.None, error) {
	return nil, s.Contacts.LiftSuppression(ctx, gate.Actor(ctx), in.Address, in.Cause)
}
