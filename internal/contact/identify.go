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
func (r *Room) IdentifyBy(ctx context.Context, workspaceID int64, identity Identity, name string) (found Identified, err error) {
	err = r.store.within(ctx, func(ctx context.Context) error {
		s := r.Search(workspaceID, identity)
		if err := r.store.ask(ctx, s); err != nil {
			return err
		}
		found, err = r.IdentifyFound(ctx, s, Told{Traits: Traits{Name: name}})
		return err
	})
	return found, fault.Wrap("contact.Identify", err)
}

// Search makes the question who goes by an identity, for rooms that ask it
// together with their own. IdentifyFound takes its answer.
func (r *Room) Search(workspaceID int64, identity Identity) *Search {
	identity, err := identity.checked("contact.Identify", "address")
	return &Search{askKnown(workspaceID, identity), workspaceID, identity, err}
}

// Told is what somebody says of themselves: a new contact begins with it.
type Told struct {
	Traits
	Typed string // an e-mail address, as in NoteTyped
	// Locked says that nobody else makes a contact of the same identity before
	// the transaction ends; if somebody does, it fails.
	Locked bool
}

// IdentifyFound is IdentifyBy once its question was answered in the same
// transaction. Of a contact that is known already only an empty name is filled.
func (r *Room) IdentifyFound(ctx context.Context, s *Search, t Told) (found Identified, err error) {
	const op = "contact.Identify"
	if s.err != nil {
		return Identified{}, s.err
	}
	t.Name = text.Line(t.Name, maxName)
	err = r.store.within(ctx, func(ctx context.Context) error {
		found, err = r.recognise(ctx, s, t.Name)
		if fault.Is(err, fault.NotFound) {
			c := t.fill(Contact{WorkspaceID: s.workspaceID, Identities: []Identity{s.identity}})
			found, err = r.make(ctx, event.System, c, t)
		}
		return err
	})
	return found, fault.Wrap(op, err)
}

// recognise returns the contact that was found and fills its empty name;
// NotFound when there is none.
func (r *Room) recognise(ctx context.Context, s *Search, name string) (Identified, error) {
	found, err := s.One()
	if err != nil || found.named || name == "" {
		return found.Identified, err
	}
	before, err := r.store.lock(ctx, s.workspaceID, found.ContactID)
	if err != nil || before.Name != "" {
		return found.Identified, err
	}
	after := before
	after.Name = name
	return found.Identified, r.save(ctx, event.System, before, after)
}

// make writes a new contact, unless another transaction has just taken its
// first address: then that contact is the one. What was typed proves nothing.
func (r *Room) make(ctx context.Context, actor event.Actor, c Contact, t Told) (Identified, error) {
	id, err := r.store.newID(ctx)
	if err != nil {
		return Identified{}, err
	}
	c.ID, c.CreatedAt, c.Version = id, r.clock.Now(), 1
	domain := companyDomain(c.Address())
	took, companyID, err := r.store.takeIdentities(ctx, c, domain, t.Locked)
	if err != nil {
		return Identified{}, err
	}
	if !took && len(c.Identities) > 1 {
		return Identified{}, errTaken("contact.make")
	}
	if !took {
		s := r.Search(c.WorkspaceID, c.Identities[0])
		if err := r.store.ask(ctx, s); err != nil {
			return Identified{}, err
		}
		return r.recognise(ctx, s, c.Name)
	}
	if c.CompanyID == 0 {
		c.CompanyID = companyID
	}
	if c.CompanyID == 0 && domain != "" {
		if c.CompanyID, err = r.makeCompany(ctx, actor, c.WorkspaceID, domain); err != nil {
			return Identified{}, err
		}
	}
	if t.Typed != "" {
		identity, err := typedIdentity(c.ID, t.Typed)
		if err == nil {
			err = r.store.addIdentity(ctx, c, identity, c.CreatedAt)
		}
		if err != nil {
			return Identified{}, err
		}
		c.Identities = append(c.Identities, identity)
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

// makeCompany makes the company of a domain, unless another transaction has just
// done so.
func (r *Room) makeCompany(ctx context.Context, actor event.Actor, workspaceID int64, domain string) (int64, error) {
	id, err := r.store.newID(ctx)
	if err != nil {
		return 0, err
	}
	company := Company{ID: id, WorkspaceID: workspaceID, Name: domain, Domain: domain, CreatedAt: r.clock.Now(), Version: 1}
	made, err := r.store.insertCompany(ctx, company)
	if err != nil {
		return 0, err
	}
	if !made {
		return r.store.companyByDomain(ctx, workspaceID, domain)
	}
	return id, r.announce(ctx, workspaceID, actor, EventCompanyCreated, 0, details{CompanyID: id})
}

func errTaken(op string) error {
	return fault.New(op, fault.Conflict, "Another customer already has this address.")
}
