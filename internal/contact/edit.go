package contact

import (
	"context"
	"slices"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/text"
)

// Change says what to change of a contact; nil leaves a field as it is.
type Change struct {
	Name, Note, Language, TimeZone, City *string
	CompanyID                            *int64 // 0: none
	Since                                *time.Time
	Blocked                              *bool
	Addresses                            *[]Identity // all e-mail addresses and phone numbers; external ids stay
	Version                              int64       // refuse with Conflict when the contact is at another; 0: do not ask
}

// Create makes a contact by hand. An address that another contact has is a
// Conflict fault.
func (r *Room) Create(ctx context.Context, actor account.Actor, change Change) (Contact, error) {
	const op = "contact.Create"
	if err := may(actor, account.ContactEdit); err != nil {
		return Contact{}, err
	}
	if err := change.checked(op); err != nil {
		return Contact{}, err
	}
	var id int64
	err := r.store.within(ctx, func(ctx context.Context) error {
		c, err := r.apply(ctx, op, Contact{WorkspaceID: actor.WorkspaceID}, change)
		if err != nil {
			return err
		}
		if c.Name == "" && len(c.Identities) == 0 {
			return fault.InvalidField(op, "name", "A customer needs a name or an address.")
		}
		for _, i := range c.Identities {
			if _, err := r.store.owner(ctx, actor.WorkspaceID, i); !fault.Is(err, fault.NotFound) {
				return orTaken(op, err)
			}
		}
		made, err := r.make(ctx, actor.Event(), c, Told{})
		if err == nil && !made.Created {
			err = errTaken(op)
		}
		id = made.ContactID
		return err
	})
	if err != nil {
		return Contact{}, fault.Wrap(op, err)
	}
	return r.read(ctx, actor.WorkspaceID, id)
}

func orTaken(op string, err error) error {
	if err == nil {
		return errTaken(op)
	}
	return err
}

// Update changes a contact.
func (r *Room) Update(ctx context.Context, actor account.Actor, id int64, change Change) (Contact, error) {
	const op = "contact.Update"
	if err := change.checked(op); err != nil {
		return Contact{}, err
	}
	return r.edit(ctx, op, actor, id, func(ctx context.Context, c Contact) (Contact, error) {
		if change.Version != 0 && change.Version != c.Version {
			return c, fault.New(op, fault.Conflict, "Somebody changed this customer at the same time. Look again.")
		}
		return r.apply(ctx, op, c, change)
	})
}

// checked refuses what can be judged without the contact.
func (change Change) checked(op string) error {
	if change.TimeZone == nil || *change.TimeZone == "" {
		return nil
	}
	if _, err := time.LoadLocation(*change.TimeZone); err != nil {
		return fault.InvalidField(op, "time_zone", "Write a time zone such as Europe/Warsaw.")
	}
	return nil
}

// AddAddress gives a contact one more address or external id.
func (r *Room) AddAddress(ctx context.Context, actor account.Actor, id int64, identity Identity) (Contact, error) {
	const op = "contact.AddAddress"
	identity, err := identity.checked(op, "address")
	if err != nil {
		return Contact{}, err
	}
	return r.edit(ctx, op, actor, id, func(_ context.Context, c Contact) (Contact, error) {
		if !has(c.Identities, identity) {
			c.Identities = append(slices.Clone(c.Identities), identity)
		}
		return c, nil
	})
}

// RemoveAddress takes an address or external id from a contact. What the
// contact wrote from it stays.
func (r *Room) RemoveAddress(ctx context.Context, actor account.Actor, id int64, identity Identity) (Contact, error) {
	return r.edit(ctx, "contact.RemoveAddress", actor, id, func(_ context.Context, c Contact) (Contact, error) {
		if !has(c.Identities, identity) {
			return c, fault.New("contact.RemoveAddress", fault.NotFound, "The customer does not have this address.")
		}
		c.Identities = slices.DeleteFunc(slices.Clone(c.Identities), func(i Identity) bool { return same(i, identity) })
		return c, nil
	})
}

// edit runs one change of a contact under its lock.
func (r *Room) edit(ctx context.Context, op string, actor account.Actor, id int64, change func(context.Context, Contact) (Contact, error)) (Contact, error) {
	if err := may(actor, account.ContactEdit); err != nil {
		return Contact{}, err
	}
	err := r.store.within(ctx, func(ctx context.Context) error {
		before, err := r.store.lock(ctx, actor.WorkspaceID, id)
		if err != nil {
			return err
		}
		after, err := change(ctx, before)
		if err != nil {
			return err
		}
		return r.save(ctx, actor.Event(), before, after)
	})
	if err != nil {
		return Contact{}, fault.Wrap(op, err)
	}
	return r.read(ctx, actor.WorkspaceID, id)
}

// apply returns c with the change in it, or what is wrong with the change.
func (r *Room) apply(ctx context.Context, op string, c Contact, change Change) (Contact, error) {
	for _, f := range []struct {
		to    *string
		value *string
		limit int
	}{{&c.Name, change.Name, maxName}, {&c.Language, change.Language, maxShort}, {&c.TimeZone, change.TimeZone, maxShort}, {&c.City, change.City, maxShort}} {
		if f.value != nil {
			*f.to = text.Line(*f.value, f.limit)
		}
	}
	if change.Note != nil {
		c.Note = text.Lines(*change.Note, maxNote)
	}
	if change.Since != nil {
		c.Since = *change.Since
	}
	if change.Blocked != nil {
		c.Blocked = *change.Blocked
	}
	if change.CompanyID != nil {
		if c.CompanyID = *change.CompanyID; c.CompanyID != 0 {
			if _, err := r.store.company(ctx, c.WorkspaceID, c.CompanyID); err != nil {
				return c, fault.InvalidField(op, "company_id", "There is no such company.")
			}
		}
	}
	if change.Addresses != nil {
		identities, err := merged(op, c.Identities, *change.Addresses)
		if err != nil {
			return c, err
		}
		c.Identities = identities
	}
	return c, nil
}

// merged is the addresses of want and what have holds beside addresses; an
// address that stays keeps its proof, and one that was typed stays that.
func merged(op string, have, want []Identity) ([]Identity, error) {
	var out []Identity
	for _, i := range want {
		i, err := i.checked(op, "addresses")
		if err != nil {
			return nil, err
		}
		i.Verified = false
		for _, old := range have {
			switch {
			case same(old, i):
				i.Verified = old.Verified
			case old.Kind == Typed && i.Kind == Email && old.key() == i.key() && !has(have, i):
				i = old
			}
		}
		if !has(out, i) {
			out = append(out, i)
		}
	}
	for _, i := range have {
		if (i.Kind == External || i.Kind == Visitor) && !has(out, i) {
			out = append(out, i)
		}
	}
	return out, nil
}

func same(a, b Identity) bool {
	return a.Kind == b.Kind && a.System == b.System && a.key() == b.key()
}

func has(list []Identity, i Identity) bool {
	return slices.ContainsFunc(list, func(have Identity) bool { return same(have, i) })
}

type field struct{ name, value string }

// fields lists the attributes in which two contacts differ, with the new value.
func fields(before, after Contact) []field {
	var out []field
	add := func(name, was, is string) {
		if was != is {
			out = append(out, field{name, is})
		}
	}
	add("name", before.Name, after.Name)
	add("language", before.Language, after.Language)
	add("time_zone", before.TimeZone, after.TimeZone)
	add("city", before.City, after.City)
	add("note", before.Note, after.Note)
	add("since", stamp(before.Since), stamp(after.Since))
	add("blocked", yesNo(before.Blocked), yesNo(after.Blocked))
	add("company_id", number(before.CompanyID), number(after.CompanyID))
	return out
}

// save writes what has changed, keeps the values and announces the names of
// the changed fields; without a change it does nothing.
func (r *Room) save(ctx context.Context, actor event.Actor, before, after Contact) error {
	changed := fields(before, after)
	names := make([]string, 0, len(changed)+1)
	for _, f := range changed {
		names = append(names, f.name)
		if err := r.store.keep(ctx, after.WorkspaceID, ObjectContact, after.ID, Kept{f.name, r.clock.Now(), f.value}); err != nil {
			return err
		}
	}
	moved, err := r.moveIdentities(ctx, before, after)
	if err != nil {
		return err
	}
	if moved {
		names = append(names, "addresses")
	}
	if len(names) == 0 {
		return nil
	}
	after.Version++
	if err := r.store.update(ctx, after); err != nil {
		return err
	}
	return r.announce(ctx, after.WorkspaceID, actor, EventChanged, after.ID, details{CompanyID: after.CompanyID, Fields: names})
}

func (r *Room) moveIdentities(ctx context.Context, before, after Contact) (moved bool, err error) {
	for _, i := range before.Identities {
		if has(after.Identities, i) {
			continue
		}
		if err := r.store.dropIdentity(ctx, after, i); err != nil {
			return false, err
		}
		moved = true
	}
	for _, i := range after.Identities {
		if has(before.Identities, i) {
			continue
		}
		took, err := r.store.takeIdentity(ctx, after, i, r.clock.Now())
		if err == nil && !took {
			err = errTaken("contact.Update")
		}
		if err != nil {
			return false, err
		}
		moved = true
	}
	return moved, nil
}
