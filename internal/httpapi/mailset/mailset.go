// Package mailset is what the API does while an e-mail inbox is set up: the
// provider of an address is recognised, and a mail makes the round trip.
package mailset

import (
	"context"
	"time"

	"rapport/internal/channel"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// Deps is what the operations stand on.
type Deps struct{ Channels *channel.Room }

// Server answers the operations.
type Server struct{ Deps }

// Register adds the operations to a list.
func Register(list *operation.List, d Deps) {
	const tag = "Inboxes"
	s := &Server{d}
	operation.Add(list, operation.Route{Method: "POST", Path: "/inboxes/recognise", ID: "recognise-address", Summary: "Find the provider of an address and its servers", Tag: tag}, s.recognise)
	operation.Add(list, operation.Route{Method: "POST", Path: "/inboxes/{id}/round-trip", ID: "start-round-trip", Summary: "Send a test mail from an e-mail inbox to itself", Tag: tag, Status: 201}, s.startRoundTrip)
	operation.Add(list, operation.Route{Method: "GET", Path: "/inboxes/{id}/round-trip", ID: "read-round-trip", Summary: "Where the newest test mail of an inbox stands", Tag: tag}, s.roundTrip)
}

type AddressToRecognise struct {
	Address string `json:"address" maxLength:"320"`
}

// Recognition is what was found out about an address.
type Recognition struct {
	Provider string                    `json:"provider" doc:"Names the provider: google, microsoft, fastmail …; empty when it is nobody we know."`
	Name     string                    `json:"name"`
	MX       string                    `json:"mx" doc:"The server that gave the provider away; empty when the address itself did."`
	Password string                    `json:"password" enum:"own,app,bridge,none" doc:"What the provider takes: the mailbox's own password, one made for a program, one that its bridge shows, or none."`
	Link     string                    `json:"link" doc:"Where that password is made, or mail programs are let in."`
	Username string                    `json:"username"`
	IMAP     shape.OrNull[FoundServer] `json:"imap"`
	SMTP     shape.OrNull[FoundServer] `json:"smtp"`
}

type FoundServer struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Security string `json:"security" enum:"none,starttls,tls"`
}

// RoundTrip is a mail that an inbox sends to itself.
type RoundTrip struct {
	State     string     `json:"state" enum:"none,sending,waiting,arrived,failed"`
	Message   string     `json:"message" words:"yes" doc:"What is wrong."`
	Hint      string     `json:"hint" words:"yes" doc:"What to do about it."`
	StartedAt *time.Time `json:"started_at"`
	SentAt    *time.Time `json:"sent_at"`
	ArrivedAt *time.Time `json:"arrived_at"`
}

func (s *Server) recognise(ctx context.Context, in *shape.With[AddressToRecognise]) (*shape.Body[Recognition], error) {
	v, err := s.Channels.Recognise(ctx, gate.Actor(ctx), in.Body.Address)
	return shape.One(Recognition{Provider: v.Provider, Name: v.Name, MX: v.MX, Password: v.Password, Link: v.Link, Username: v.Username, IMAP: found(v.IMAP), SMTP: found(v.SMTP)}), err
}

func found(s *channel.Server) (out shape.OrNull[FoundServer]) {
	if s != nil {
		out.Value = &FoundServer{s.Host, s.Port, s.Security}
	}
	return out
}

func (s *Server) startRoundTrip(ctx context.Context, in *shape.ByID) (*shape.Body[RoundTrip], error) {
	v, err := s.Channels.StartRoundTrip(ctx, gate.Actor(ctx), in.ID)
	return shape.One(roundTripOf(v)), err
}

func (s *Server) roundTrip(ctx context.Context, in *shape.ByID) (*shape.Body[RoundTrip], error) {
	v, err := s.Channels.RoundTrip(ctx, gate.Actor(ctx), in.ID)
	return shape.One(roundTripOf(v)), err
}

func roundTripOf(v channel.RoundTrip) RoundTrip {
	return RoundTrip{string(v.State), v.Message, v.Hint, shape.TimeOrNull(v.StartedAt), shape.TimeOrNull(v.SentAt), shape.TimeOrNull(v.ArrivedAt)}
}
