package contact

import (
	"context"

	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/text"
)

// Identified is the contact behind an address.
type Identified struct {
	ContactID int64
	Created   bool
	Blocked   bool
}

// Identify finds the contact with this address or makes one, in the caller's
// transaction. Of two that meet, one makes the contact and the other finds it.
// A name fills an empty one and never replaces another. An address that cannot
// be one is an Invalid fault.
func (r *Room) Identify(ctx context.Context, workspaceID int64, kind, address, name string) (Identified, error) {
	return r.IdentifyBy(ctx, workspaceID, Identity{Kind: kind, Address: address}, name)
}

// IdentifyBy is Identify for an identity that is more than a kind and an
// address.
func (r *Room) IdentifyBy(ctx context.Context, workspaceID int64, identity Identity, name string) (Identified, error) {
	const op = "contact.Identify"
	identity, err := identity.checked(op, "address")
	if err != nil {
		return Identified{}, err
	}
	name = text.Line(name, maxName)
	var found Identified
	err = r.store.within(ctx, func(ctx context.Context) error {
		c := Contact{WorkspaceID: workspaceID, Name: name, Identities: []Identity{identity}}
		var err error
		found, err = r.recognise(ctx, workspaceID, identity, name)
		if fault.Is(err, fault.NotFound) {
			found, err = r.make(ctx, event.System, c)
		}
		return err
	})
	return found, fault.Wrap(op, err)
}

// recognise returns the contact an identity belongs to and fills its empty
// name; NotFound when it belongs to nobody.
func (r *Room) recognise(ctx context.Context, workspaceID int64, identity Identity, name string) (Identified, error) {
	found, named, err := r.store.known(ctx, workspaceID, identity)
	if err != nil || named || name == "" {
		return found, err
	}
	before, err := r.store.lock(ctx, workspaceID, found.ContactID)
	if err != nil || before.Name != "" {
		return found, err
	}
	after := before
	after.Name = name
	return found, r.save(ctx, event.System, before, after)
}

// make writes a new contact, unless another transaction has just taken its
// first address: then that contact is the one.
func (r *Room) make(ctx context.Context, actor event.Actor, c Contact) (Identified, error) {
	id, err := r.store.newID(ctx)
	if err != nil {
		return Identified{}, err
	}
	c.ID, c.CreatedAt, c.Version = id, r.clock.Now(), 1
	for i, identity := range c.Identities {
		took, err := r.store.takeIdentity(ctx, c, identity, c.CreatedAt)
		if err != nil {
			return Identified{}, err
		}
		if took {
			continue
		}
		if i > 0 || len(c.Identities) > 1 {
			return Identified{}, errTaken("contact.make")
		}
		return r.recognise(ctx, c.WorkspaceID, identity, c.Name)
	}
	if c.CompanyID == 0 {
		if c.CompanyID, err = r.employer(ctx, actor, c); err != nil {
			return Identified{}, err
		}
	}
	if err := r.store.insert(ctx, c); err != nil {
		return Identified{}, err
	}
	for _, f := range fields(Contact{}, c) {
		if err := r.store.keep(ctx, c.WorkspaceID, ObjectContact, id, Kept{f.name, c.CreatedAt, f.value}); err != nil {
			return Identified{}, err
		}
	}
	err = r.announce(ctx, c.WorkspaceID, actor, EventCreated, id, details{CompanyID: c.CompanyID})
	return Identified{ContactID: id, Created: true}, err
}

// employer finds or makes the company of the contact's address; 0 when the
// address tells nothing.
func (r *Room) employer(ctx context.Context, actor event.Actor, c Contact) (int64, error) {
	domain := companyDomain(c.Address())
	if domain == "" {
		return 0, nil
	}
	id, err := r.store.companyByDomain(ctx, c.WorkspaceID, domain)
	if !fault.Is(err, fault.NotFound) {
		return id, err
	}
	if id, err = r.store.newID(ctx); err != nil {
		return 0, err
	}
	company := Company{ID: id, WorkspaceID: c.WorkspaceID, Name: domain, Domain: domain, CreatedAt: r.clock.Now(), Version: 1}
	made, err := r.store.insertCompany(ctx, company)
	if err != nil {
		return 0, err
	}
	if !made {
		return r.store.companyByDomain(ctx, c.WorkspaceID, domain)
	}
	return id, r.announce(ctx, c.WorkspaceID, actor, EventCompanyCreated, 0, details{CompanyID: id})
}

func errTaken(op string) error {
	return fault.New(op, fault.Conflict, "Another customer already has this address.")
}
