package httpapi

import (
	"context"

	"rapport/internal/conversation/original"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// Original is whom a mail that a teammate has forwarded names as its sender.
type Original struct {
	State     string `json:"state" enum:"proposed,taken,declined"`
	MessageID int64  `json:"message_id" doc:"The forward."`
	Forwarder string `json:"forwarder" doc:"Name of the teammate who forwarded it."`
	Name      string `json:"name" doc:"As the forwarded words say; nothing proves it."`
	Address   string `json:"address"`
}

func (s *Server) originalRoutes(tag string) {
	const path = "/conversations/{id}/original"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: path, ID: "read-original", Summary: "Who wrote the mail that a teammate has forwarded", Tag: tag}, s.original)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: path, ID: "take-original", Summary: "Make them the customer", Tag: tag}, s.takeOriginal)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: path, ID: "decline-original", Summary: "Leave the teammate as the customer", Tag: tag}, s.declineOriginal)
}

func originalOf(p original.Proposal) Original {
	return Original{State: string(p.State), MessageID: p.MessageID, Forwarder: p.Forwarder, Name: p.Name, Address: p.Address}
}

func (s *Server) original(ctx context.Context, in *shape.ByID) (*shape.Body[Original], error) {
	p, err := s.Conversations.Original(ctx, gate.Actor(ctx), in.ID)
	return shape.One(originalOf(p)), err
}

func (s *Server) takeOriginal(ctx context.Context, in *shape.ByID) (*shape.Body[Conversation], error) {
	return conversationAnswer(s.Conversations.TakeOriginal(ctx, gate.Actor(ctx), in.ID))
}

func (s *Server) declineOriginal(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	return nil, s.Conversations.DeclineOriginal(ctx, gate.Actor(ctx), in.ID)
}
