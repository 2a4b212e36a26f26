package contact

import (
	"context"
	"slices"
	"strconv"
	"time"

	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/text"
)

// NoteTyped keeps the address a person has typed, in place of the one typed
// before. It proves nothing, finds nobody and takes nothing from a contact that
// has the address. An address that cannot be one is an Invalid fault.
func (r *Room) NoteTyped(ctx context.Context, workspaceID, contactID int64, address string) error {
	const op = "contact.NoteTyped"
	typed, err := typedIdentity(contactID, address)
	if err != nil {
		return err
	}
	return r.alter(ctx, op, workspaceID, contactID, func(c Contact) Contact {
		if has(c.Identities, typed) || has(c.Identities, Identity{Kind: Email, Address: typed.Address}) {
			return c
		}
		c.Identities = slices.DeleteFunc(slices.Clone(c.Identities), func(i Identity) bool { return i.Kind == Typed })
		c.Identities = append(c.Identities, typed)
		return c
	})
}

// typedIdentity is an address as its typist is known by it.
func typedIdentity(contactID int64, address string) (Identity, error) {
	return Identity{Kind: Typed, System: strconv.FormatInt(contactID, 10), Address: address}.checked("contact.NoteTyped", "email")
}

// Traits are what a person or their browser says of them; empty says nothing.
type Traits struct {
	Name, Language, TimeZone string
}

// NoteTraits fills in what is not known of a contact yet. What somebody has
// written there is never replaced.
func (r *Room) NoteTraits(ctx context.Context, workspaceID, contactID int64, t Traits) error {
	const op = "contact.NoteTraits"
	return r.alter(ctx, op, workspaceID, contactID, t.fill)
}

// fill gives c what it does not have. A time zone that does not exist is none.
func (t Traits) fill(c Contact) Contact {
	if _, err := time.LoadLocation(t.TimeZone); err != nil {
		t.TimeZone = ""
	}
	for _, f := range []struct {
		to    *string
		value string
		limit int
	}{{&c.Name, t.Name, maxName}, {&c.Language, t.Language, maxShort}, {&c.TimeZone, t.TimeZone, maxShort}} {
		if *f.to == "" {
			*f.to = text.Line(f.value, f.limit)
		}
	}
	return c
}

// Rename gives a contact the name it asks for, while nothing is proven of it.
func (r *Room) Rename(ctx context.Context, workspaceID, contactID int64, name string) error {
	const op = "contact.Rename"
	return r.alter(ctx, op, workspaceID, contactID, func(c Contact) Contact {
		if c.Anonymous() || c.Name == "" {
			c.Name = text.Line(name, maxName)
		}
		return c
	})
}

// alter runs one change of a contact by the product itself, under its lock.
func (r *Room) alter(ctx context.Context, op string, workspaceID, contactID int64, change func(Contact) Contact) error {
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		before, err := r.store.lock(ctx, workspaceID, contactID)
		if err != nil {
			return err
		}
		return r.save(ctx, event.System, before, change(before))
	}))
}

// Proof is who a person is, as their company has signed it: its own id of them,
// and perhaps an e-mail address that is theirs.
type Proof struct {
	System, ID  string
	Email, Name string
}

func (p Proof) external() Identity { return Identity{Kind: External, System: p.System, Address: p.ID} }

// Proven is the contact that a Proof names.
type Proven struct {
	ContactID int64 // 0: nobody is known by it yet
	MergedID  int64 // the anonymous contact that has become this one; it is no more
}

// Prove finds the contact a proof names, by the company's id, else by the
// address unless whoever has that goes by another id. The contact called
// anonymous becomes that one while nothing is proven of it; two of whom
// something is proven are never joined. Without a contact to be found, the
// anonymous one becomes known, or with create a new one is made.
func (r *Room) Prove(ctx context.Context, workspaceID, anonymous int64, p Proof, create bool) (Proven, error) {
	const op = "contact.Prove"
	external, err := p.external().checked(op, "identity")
	if err != nil {
		return Proven{}, err
	}
	email, err := Identity{Kind: Email, Address: p.Email, Verified: true}.checked(op, "identity")
	if err != nil {
		email = Identity{}
	}
	var out Proven
	err = r.store.within(ctx, func(ctx context.Context) error {
		id, before, err := r.store.ownerAndLock(ctx, workspaceID, external, anonymous)
		if fault.Is(err, fault.NotFound) || err == nil && !before.Anonymous() {
			anonymous, err = 0, nil
		}
		if err == nil && id == 0 && email.Address != "" {
			id, err = r.provenByEmail(ctx, workspaceID, external, email)
		}
		if err != nil {
			return err
		}
		switch {
		case id == 0 && anonymous == 0 && !create:
			return nil
		case id == 0 && anonymous == 0:
			made, err := r.IdentifyBy(ctx, workspaceID, external, p.Name)
			if id = made.ContactID; err != nil {
				return err
			}
		case id == 0:
			id = anonymous
		case anonymous != 0 && anonymous != id:
			if err := r.absorb(ctx, before, id); err != nil {
				return err
			}
			out.MergedID = anonymous
		}
		out.ContactID = id
		if before.ID != id {
			if before, err = r.store.lock(ctx, workspaceID, id); err != nil {
				return err
			}
		}
		return r.know(ctx, before, external, email, p.Name)
	})
	return out, fault.Wrap(op, err)
}

// provenByEmail is the contact behind an address that goes by no other id of the
// system of external; 0 when there is none.
func (r *Room) provenByEmail(ctx context.Context, workspaceID int64, external, email Identity) (int64, error) {
	id, err := r.store.owner(ctx, workspaceID, email)
	if err != nil {
		return 0, orNone(err)
	}
	c, err := r.store.get(ctx, workspaceID, id)
	if slices.ContainsFunc(c.Identities, func(i Identity) bool { return i.Kind == External && i.System == external.System }) {
		id = 0
	}
	return id, err
}

func orNone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// know gives a locked contact what is proven of it, as far as nobody else has it.
func (r *Room) know(ctx context.Context, before Contact, external, email Identity, name string) error {
	after := Traits{Name: name}.fill(before)
	after.Identities = slices.Clone(before.Identities)
	for _, i := range []Identity{external, email} {
		if i.Address == "" || has(after.Identities, i) {
			continue
		}
		if _, err := r.store.owner(ctx, before.WorkspaceID, i); err == nil {
			continue // somebody else's
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
		after.Identities = append(after.Identities, i)
	}
	if has(after.Identities, email) {
		after.Identities = slices.DeleteFunc(after.Identities, func(i Identity) bool { return i.Kind == Typed && i.key() == email.key() })
	}
	return r.save(ctx, event.System, before, after)
}

// absorb moves what an anonymous contact is known by to another contact and
// ends it. Conversations are for conversation to move.
func (r *Room) absorb(ctx context.Context, gone Contact, into int64) error {
	for _, i := range gone.Identities {
		if err := r.store.dropIdentity(ctx, gone, i); err != nil {
			return err
		}
		if i.Kind != Visitor {
			continue
		}
		if _, err := r.store.takeIdentity(ctx, Contact{WorkspaceID: gone.WorkspaceID, ID: into}, i, r.clock.Now()); err != nil {
			return err
		}
	}
	if err := r.store.remove(ctx, gone.WorkspaceID, gone.ID); err != nil {
		return err
	}
	if err := r.store.forget(ctx, gone.WorkspaceID, ObjectContact, gone.ID); err != nil {
		return err
	}
	return r.announce(ctx, gone.WorkspaceID, event.System, EventMerged, into, details{MergedID: gone.ID})
}
