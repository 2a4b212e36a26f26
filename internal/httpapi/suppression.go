package httpapi

import (
	"context"
	"time"

	"rapport/internal/contact"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// Suppression is why an address gets no automatic mail. Agents may still write
// to it.
type Suppression struct {
	Address string    `json:"address"`
	Cause   string    `json:"cause" enum:"bounce,complaint"`
	Reason  string    `json:"reason" words:"yes" doc:"The remote server's words."`
	At      time.Time `json:"at"`
}

type suppressionsOf struct {
	Addresses []string `query:"addresses" required:"true" maxItems:"200"`
}

type oneSuppression struct {
	Address string `query:"address" required:"true" maxLength:"320"`
}

func (s *Server) suppressionRoutes() {
	const tag = "Contacts"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/suppressions", ID: "list-suppressions", Summary: "Which of these addresses get no automatic mail", Tag: tag}, s.suppressions)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/suppressions", ID: "lift-suppression", Summary: "Let automatic mail to an address again", Tag: tag}, s.liftSuppression)
}

func (s *Server) suppressions(ctx context.Context, in *suppressionsOf) (*shape.Body[shape.Page[Suppression]], error) {
	list, err := s.Contacts.Suppressions(ctx, gate.Actor(ctx).WorkspaceID, in.Addresses)
	return shape.Whole(shape.Each(list, func(v contact.Suppression) Suppression { return Suppression{v.Address, v.Cause, v.Reason, v.At} })), err
}

func (s *Server) liftSuppression(ctx context.Context, in *oneSuppression) (*shape.None, error) {
	return nil, s.Contacts.LiftSuppression(ctx, gate.Actor(ctx), in.Address)
}
