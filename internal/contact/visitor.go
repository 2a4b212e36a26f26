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
	typed, err := Identity{Kind: Typed, System: strconv.FormatInt(contactID, 10), Address: address}.checked(op, "email")
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
