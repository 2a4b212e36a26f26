// Package mailset is what the API does while an e-mail inbox is set up: the
// provider of an address is recognised, a mail makes the round trip, and the DNS
// of its domain is looked at.
package mailset

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/channel/roundtrip"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// Deps is what the operations stand on.
type Deps struct {
	Accounts *account.Room
	Channels *channel.Room
	SignIns  SignIns // nil: nobody can sign in at a provider
}

// Server answers the operations.
type Server struct{ Deps }

// Register adds the operations to a list.
func Register(list *operation.List, d Deps) {
	const tag = "Inboxes"
	s := &Server{d}
	s.registerAuthorizations(list)
	operation.Add(list, operation.Route{Method: "POST", Path: "/inboxes/recognise", ID: "recognise-address", Summary: "Find the provider of an address and its servers", Tag: tag}, s.recognise)
	operation.Add(list, operation.Route{Method: "POST", Path: "/inboxes/{id}/round-trip", ID: "start-round-trip", Summary: "Send a test mail from an e-mail inbox to itself", Tag: tag, Status: 201}, s.startRoundTrip)
	operation.Add(list, operation.Route{Method: "GET", Path: "/inboxes/{id}/round-trip", ID: "read-round-trip", Summary: "Where the newest test mail of an inbox stands", Tag: tag}, s.roundTrip)
	operation.Add(list, operation.Route{Method: "POST", Path: "/mail-domains/check", ID: "check-mail-domain", Summary: "Look up what the DNS says about an address's mail", Tag: tag}, s.checkDomain)
	operation.Add(list, operation.Route{Method: "POST", Path: "/mail-domains/keys", ID: "make-signing-key", Summary: "Make a key that signs a domain's mail (DKIM)", Tag: tag, Status: 201}, s.makeKey)
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
	OAuth    string                    `json:"oauth" doc:"Whom one signs in with by the provider's own page, such as Google; empty where there is no such way."`
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
	return shape.One(Recognition{Provider: v.Provider, Name: v.Name, MX: v.MX, Password: v.Password, Link: v.Link, Username: v.Username, OAuth: v.OAuth, IMAP: found(v.IMAP), SMTP: found(v.SMTP)}), err
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

func roundTripOf(v roundtrip.Trip) RoundTrip {
	return RoundTrip{string(v.State), v.Message, v.Hint, shape.TimeOrNull(v.StartedAt), shape.TimeOrNull(v.SentAt), shape.TimeOrNull(v.ArrivedAt)}
}

type DomainToCheck struct {
	Address  string `json:"address" maxLength:"320"`
	SMTPHost string `json:"smtp_host" maxLength:"255" doc:"The server that its mail leaves through."`
	Check    string `json:"check" enum:"spf,dkim,dmarc"`
}

// DomainCheck is what the DNS says of a domain's mail.
type DomainCheck struct {
	Name       string    `json:"name" enum:"spf,dkim,dmarc"`
	State      string    `json:"state" enum:"ok,warning,failed"`
	Message    string    `json:"message" words:"yes"`
	Hint       string    `json:"hint" words:"yes"`
	Lines      []DNSLine `json:"lines" doc:"To be published where the domain is managed."`
	CanMakeKey bool      `json:"can_make_key" doc:"Of dkim: a new key of Rapport can be made."`
}

type DNSLine struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"`
	Seen  bool   `json:"seen" doc:"It stands in the DNS already."`
}

type DomainOfKey struct {
	Address string `json:"address" maxLength:"320"`
}

func (s *Server) checkDomain(ctx context.Context, in *shape.With[DomainToCheck]) (*shape.Body[DomainCheck], error) {
	b := in.Body
	v, err := s.Channels.CheckDomain(ctx, gate.Actor(ctx), b.Address, b.SMTPHost, b.Check)
	return shape.One(domainCheckOf(v)), err
}

// makeKey answers with the lines to publish.
func (s *Server) makeKey(ctx context.Context, in *shape.With[DomainOfKey]) (*shape.Body[DomainCheck], error) {
	if err := s.Channels.NewSigningKey(ctx, gate.Actor(ctx), in.Body.Address); err != nil {
		return nil, err
	}
	v, err := s.Channels.CheckDomain(ctx, gate.Actor(ctx), in.Body.Address, "", "dkim")
	return shape.One(domainCheckOf(v)), err
}

func domainCheckOf(v channel.DomainCheck) DomainCheck {
	return DomainCheck{v.Name, v.State, v.Message, v.Hint, shape.Each(v.Lines, func(l channel.DNSLine) DNSLine { return DNSLine(l) }), v.CanMakeKey}
}
