package channel

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// MailSetup is an Adapter that helps while a mail inbox is set up.
type MailSetup interface {
	// Recognise finds the provider of an address, or the servers that answer
	// for it, and signs in nowhere.
	Recognise(ctx context.Context, address string) Recognition
	// CheckDomain looks up one thing that the DNS says about the mail of an
	// address: spf, dkim or dmarc.
	CheckDomain(ctx context.Context, workspaceID int64, address, smtpHost, what string) (DomainCheck, error)
	// MakeSigningKey makes a new key, which signs once its line is seen.
	MakeSigningKey(ctx context.Context, workspaceID int64, address string) error
}

// Recognition is what was found out about an address before anybody has typed
// more than it.
type Recognition struct {
	Provider   string // its key; "" when it is nobody we know
	Name       string
	MX         string // the server that gave it away; "" when the address itself did
	Password   string // what it takes for a password: own, app, bridge, none
	Link       string // where that is made
	Username   string
	OAuth      string  // whom one signs in with by the provider's own page; "" where there is no such way
	IMAP, SMTP *Server // nil: none was found
}

// DomainCheck is what was found of a domain in the DNS.
type DomainCheck struct {
	Check
	Lines      []DNSLine // to be published, or that were
	CanMakeKey bool      // a new key of ours would sign the mail
}

// DNSLine is a record of the DNS.
type DNSLine struct {
	Type, Name, Value string
	Seen              bool
}

// Recognise is MailSetup's. Admins only.
func (r *Room) Recognise(ctx context.Context, actor account.Actor, address string) (Recognition, error) {
	setup, err := r.mailSetup(ctx, actor, address)
	if err != nil {
		return Recognition{}, fault.Wrap("channel.Recognise", err)
	}
	return setup.Recognise(ctx, Fold(address)), nil
}

// CheckDomain is MailSetup's. Admins only.
func (r *Room) CheckDomain(ctx context.Context, actor account.Actor, address, smtpHost, what string) (c DomainCheck, err error) {
	setup, err := r.mailSetup(ctx, actor, address)
	if err == nil {
		c, err = setup.CheckDomain(ctx, actor.WorkspaceID, Fold(address), smtpHost, what)
	}
	return c, fault.Wrap("channel.CheckDomain", err)
}

// NewSigningKey makes a key for the domain of an address. Admins only.
func (r *Room) NewSigningKey(ctx context.Context, actor account.Actor, address string) error {
	setup, err := r.mailSetup(ctx, actor, address)
	if err == nil {
		err = setup.MakeSigningKey(ctx, actor.WorkspaceID, Fold(address))
	}
	return fault.Wrap("channel.NewSigningKey", err)
}

// mailSetup is the adapter for mail, asked about a valid address by somebody who
// manages inboxes.
func (r *Room) mailSetup(ctx context.Context, actor account.Actor, address string) (MailSetup, error) {
	if err := r.may(ctx, actor, account.InboxManage, 0); err != nil {
		return nil, err
	}
	a, err := r.adapter("email")
	if err != nil {
		return nil, err
	}
	setup, ok := a.(MailSetup)
	if !ok {
		return nil, fault.New("channel.mailSetup", fault.Unavailable, "")
	}
	return setup, a.Check(Inbox{Channel: "email", Address: Fold(address), Email: &EmailSettings{}})
}
