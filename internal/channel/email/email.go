// Package email is the mail channel: an SMTP door and an IMAP door in, SMTP
// out. It turns mail into channel.Inbound and channel.Outbound into mail, and
// proves with signed reply addresses and Message-IDs which conversation an
// answer belongs to.
//
// A door keeps the bytes (channel.Accept) before it says so to the other side.
// Parsing is pure and bounded (mailparse). The bytes of a mail that leaves are
// built once; what is retried is always the same mail.
package email

import (
	"crypto/subtle"
	"net"
	"net/mail"
	"strings"

	"rapport/internal/channel"
	"rapport/internal/channel/email/proof"
	"rapport/internal/channel/email/signing"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/outbound"
	"rapport/internal/platform/resolver"
	"rapport/internal/platform/secret"
)

// Deps is what the channel stands on.
type Deps struct {
	Key   *secret.Key
	Blobs *blob.Store
	Guard *outbound.Guard
	Clock clock.Clock
	// Names is whom senders' domains are asked of; nil: senders are not checked.
	Names *resolver.Resolver
	// Keys sign what leaves; nil: nothing is signed.
	Keys *signing.Keys
	// Tokens open mailboxes by OAuth; nil: there are none such.
	Tokens Tokens
	Host   string // how we greet other mail servers
	// URL is the public address of this server, for the way out of news; nil or
	// not https: there is none by a page.
	URL func() string
	// Capture keeps outgoing mail on this machine: it is built and stored as
	// ever, and counted as sent.
	Capture bool
}

// Adapter is the mail channel.
type Adapter struct {
	signer  signer
	blobs   *blob.Store
	guard   *outbound.Guard
	clock   clock.Clock
	checker *proof.Checker // nil: senders are not checked
	names   *resolver.Resolver
	keys    *signing.Keys
	tokens  Tokens
	host    string
	url     func() string
	capture bool
}

var (
	_ channel.Adapter = (*Adapter)(nil)
	_ channel.Tester  = (*Adapter)(nil)
	_ channel.Prover  = (*Adapter)(nil)

	_ channel.MailSetup = (*Adapter)(nil)
)

// New makes the mail channel.
func New(d Deps) *Adapter {
	if d.Host == "" {
		d.Host = "localhost"
	}
	a := &Adapter{signer: signer{d.Key}, blobs: d.Blobs, guard: d.Guard, clock: d.Clock, host: d.Host, url: d.URL, names: d.Names, keys: d.Keys, tokens: d.Tokens, capture: d.Capture}
	if d.Names != nil {
		a.checker = proof.New(d.Names)
	}
	return a
}

// Channel is the name in inboxes, API and logs.
func (a *Adapter) Channel() string { return "email" }

// Check validates an inbox's settings without the network; the faults name
// the field and say what to write.
func (a *Adapter) Check(inbox channel.Inbox) error {
	const op = "email.Check"
	parsed, err := mail.ParseAddress(inbox.Address)
	if err != nil || parsed.Address != inbox.Address || len(inbox.Address) > 254 {
		return fault.InvalidField(op, "email.address", "Write one e-mail address, such as hello@miska.example.")
	}
	if _, proof := splitProof(inbox.Address); proof != "" {
		return fault.InvalidField(op, "email.address", "Write the address without +r…: that part is ours, for replies.")
	}
	if inbox.Email == nil {
		return fault.InvalidField(op, "email", "Fill in the settings of the mail server.")
	}
	for _, s := range []struct {
		path   string
		server *channel.Server
	}{{"email.smtp", inbox.Email.SMTP}, {"email.imap", inbox.Email.IMAP}} {
		if err := checkServer(s.path, s.server); err != nil {
			return err
		}
	}
	return nil
}

func checkServer(path string, s *channel.Server) error {
	const op = "email.Check"
	switch {
	case s == nil:
		return nil
	case s.Host == "" || strings.ContainsAny(s.Host, " /:@"):
		return fault.InvalidField(op, path+".host", "Write the name of the server alone, such as mail.miska.example.")
	case s.Port < 1 || s.Port > 65535:
		return fault.InvalidField(op, path+".port", "Write a port from 1 to 65535; usual are 587 and 465 for sending, 993 for fetching.")
	case s.AuthorizationID != 0 && s.Security == "none" && !onThisMachine(s.Host):
		return fault.InvalidField(op, path+".security", "A sign-in by OAuth needs TLS or STARTTLS.")
	case s.Security != "none" && s.Security != "starttls" && s.Security != "tls":
		return fault.InvalidField(op, path+".security", "Choose none, starttls or tls.")
	}
	return nil
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func constantEqual(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
