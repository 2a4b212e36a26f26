package channel

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// DomainKeeper is an Adapter that knows what the DNS of an address's domain
// says about its mail, and keeps the keys that sign it.
type DomainKeeper interface {
	// CheckDomain looks one thing up: spf, dkim or dmarc.
	CheckDomain(ctx context.Context, workspaceID int64, address, smtpHost, what string) (DomainCheck, error)
	// MakeSigningKey makes a new key, which signs once its line is seen.
	MakeSigningKey(ctx context.Context, workspaceID int64, address string) error
}

// DomainCheck is what was found of a domain in the DNS.
type DomainCheck struct {
	Check
	// Lines are to be published, or were and may go on standing there.
	Lines []DNSLine
	// CanMakeKey says that a key of ours would sign the mail.
	CanMakeKey bool
}

// DNSLine is a record of the DNS.
type DNSLine struct {
	Type, Name, Value string
	Seen              bool
}

// CheckDomain looks up what the DNS says about the mail of an address that
// leaves through a server. Admins only.
func (r *Room) CheckDomain(ctx context.Context, actor account.Actor, address, smtpHost, what string) (DomainCheck, error) {
	const op = "channel.CheckDomain"
	keeper, err := r.domainKeeper(ctx, actor, address)
	if err != nil {
		return DomainCheck{}, fault.Wrap(op, err)
	}
	c, err := keeper.CheckDomain(ctx, actor.WorkspaceID, Fold(address), smtpHost, what)
	return c, fault.Wrap(op, err)
}

// NewSigningKey makes a key for the domain of an address. It signs once its
// line was seen; until then the key before it does. Admins only.
func (r *Room) NewSigningKey(ctx context.Context, actor account.Actor, address string) error {
	const op = "channel.NewSigningKey"
	keeper, err := r.domainKeeper(ctx, actor, address)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, keeper.MakeSigningKey(ctx, actor.WorkspaceID, Fold(address)))
}

func (r *Room) domainKeeper(ctx context.Context, actor account.Actor, address string) (DomainKeeper, error) {
	if err := r.may(ctx, actor, account.InboxManage, 0); err != nil {
		return nil, err
	}
	a, err := r.adapter("email")
	if err != nil {
		return nil, err
	}
	if err := a.Check(Inbox{Channel: "email", Address: Fold(address), Email: &EmailSettings{}}); err != nil {
		return nil, err
	}
	keeper, ok := a.(DomainKeeper)
	if !ok {
		return nil, fault.New("channel.domainKeeper", fault.Unavailable, "")
	}
	return keeper, nil
}
