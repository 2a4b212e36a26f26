package view

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport/internal/account"
	"rapport/internal/conversation/listing"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/search"
	"rapport/internal/platform/text"
)

// Content is what a person decides about a view.
type Content struct {
	Name       string
	Shared     bool
	Conditions listing.Conditions
	Sort       string // "": newest activity first
	Columns    []string
}

// checked is c as it can be kept.
func (c Content) checked(op string) (Content, error) {
	c.Name = strings.TrimSpace(text.Line(c.Name, MaxName+1))
	switch n := utf8.RuneCountInString(c.Name); {
	case n == 0:
		return c, fault.InvalidField(op, "name", "Enter a name.")
	case n > MaxName:
		return c, fault.InvalidField(op, "name", fmt.Sprintf("The name is too long: use at most %d characters.", MaxName))
	}
	if c.Sort == "" {
		c.Sort = listing.Newest
	}
	if !slices.Contains(listing.Sorts, c.Sort) {
		return c, fault.InvalidField(op, "sort", "The order is newest, oldest, created or priority.")
	}
	var err error
	if c.Columns, err = shownColumns(op, c.Columns); err != nil {
		return c, err
	}
	c.Conditions, err = c.Conditions.Checked(op)
	return c, err
}

// Create makes a view, the last of its kind. A key is given by who brings a view
// back or from elsewhere; it must be free.
func (r *Room) Create(ctx context.Context, actor account.Actor, c Content, key string) (View, error) {
	const op = "view.Create"
	v := View{WorkspaceID: actor.WorkspaceID, Key: key, Version: 1}
	if !c.Shared {
		v.OwnerID = actor.AgentID
	}
	if err := changes(actor, v); err != nil {
		return View{}, fault.Wrap(op, err)
	}
	c, err := c.checked(op)
	if err != nil {
		return View{}, err
	}
	if key != "" && key != slug(key) {
		return View{}, fault.InvalidField(op, "key", "A key consists of small letters and digits with dashes between them.")
	}
	err = r.store.within(ctx, func(ctx context.Context) (err error) {
		if err := r.room(ctx, op, v); err != nil {
			return err
		}
		if v.ID, err = r.store.newID(ctx); err != nil {
			return err
		}
		if key == "" {
			if v.Key, err = r.freeKey(ctx, v, c.Name); err != nil {
				return err
			}
		}
		v.Name, v.Conditions, v.Sort, v.Columns = c.Name, c.Conditions, c.Sort, c.Columns
		if v.Position, err = r.store.last(ctx, v.WorkspaceID, v.OwnerID); err != nil {
			return err
		}
		v.Position++
		if err := r.store.insert(ctx, v, r.clock.Now()); fault.Is(err, fault.Conflict) {
			return fault.As(op, fault.Conflict, "Another view has this key.", err)
		} else if err != nil {
			return err
		}
		return r.announce(ctx, actor, details{ViewID: v.ID, AgentID: v.OwnerID})
	})
	if err != nil {
		return View{}, fault.Wrap(op, err)
	}
	return v, nil
}

// room refuses a view when there are enough.
func (r *Room) room(ctx context.Context, op string, v View) error {
	most, words := MaxShared, "There are %d shared views, which is as many as there can be. Delete one first."
	if !v.Shared() {
		most, words = MaxPersonal, "You have %d views of your own, which is as many as there can be. Delete one first."
	}
	n, err := r.store.number(ctx, v.WorkspaceID, v.OwnerID)
	if err == nil && n >= int64(most) {
		return fault.New(op, fault.Conflict, fmt.Sprintf(words, most))
	}
	return err
}

// freeKey is made of the name of a shared view; that of a personal one tells
// nothing.
func (r *Room) freeKey(ctx context.Context, v View, name string) (string, error) {
	if !v.Shared() {
		return strings.ToLower(rand.Text()[:12]), nil
	}
	base := slug(name)
	if base == "" {
		base = "view"
	}
	for n, key := 2, base; ; n++ {
		_, err := r.store.byKey(ctx, v.WorkspaceID, key)
		if fault.Is(err, fault.NotFound) {
			return key, nil
		} else if err != nil {
			return "", err
		}
		key = base + "-" + strconv.Itoa(n)
	}
}

// slug is a key made of a name: small letters and digits of any script, with
// dashes between words.
func slug(name string) string {
	words := strings.FieldsFunc(search.Fold(name), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	return strings.Join(words, "-")
}

// Change replaces what a person has decided about a view. A version other than 0
// is the one that was read; when it has moved nothing is changed.
func (r *Room) Change(ctx context.Context, actor account.Actor, id int64, c Content, version int64) (View, error) {
	const op = "view.Change"
	if err := reads(actor); err != nil {
		return View{}, fault.Wrap(op, err)
	}
	c, err := c.checked(op)
	if err != nil {
		return View{}, err
	}
	var v View
	err = r.store.within(ctx, func(ctx context.Context) (err error) {
		if v, err = r.own(ctx, actor, id); err != nil {
			return err
		}
		if version != 0 && version != v.Version {
			return fault.New(op, fault.Conflict, "Somebody else has changed this view meanwhile. Open it again.")
		}
		d := details{ViewID: id, AgentID: v.OwnerID}
		if c.Shared != v.Shared() {
			d.AgentID, v.OwnerID = 0, 0
			if !c.Shared {
				v.OwnerID = actor.AgentID
			}
			if err := changes(actor, v); err != nil {
				return err
			}
			if err := r.room(ctx, op, v); err != nil {
				return err
			}
			if v.Position, err = r.store.last(ctx, v.WorkspaceID, v.OwnerID); err != nil {
				return err
			}
			v.Position++
		}
		v.Name, v.Conditions, v.Sort, v.Columns = c.Name, c.Conditions, c.Sort, c.Columns
		v.Version++
		if err := r.store.update(ctx, v, r.clock.Now()); err != nil {
			return err
		}
		return r.announce(ctx, actor, d)
	})
	if err != nil {
		return View{}, fault.Wrap(op, err)
	}
	return v, nil
}

// own is a view that actor may change, locked.
func (r *Room) own(ctx context.Context, actor account.Actor, id int64) (View, error) {
	v, err := r.store.lock(ctx, actor.WorkspaceID, id)
	if err != nil {
		return View{}, err
	}
	return v, changes(actor, v)
}

// Delete takes a view away. The conversations stay where they are.
func (r *Room) Delete(ctx context.Context, actor account.Actor, id int64) error {
	const op = "view.Delete"
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		v, err := r.own(ctx, actor, id)
		if err != nil {
			return err
		}
		if err := r.store.delete(ctx, v.WorkspaceID, v.ID); err != nil {
			return err
		}
		return r.announce(ctx, actor, details{ViewID: v.ID, AgentID: v.OwnerID, Deleted: true})
	}))
}

// Order puts views into the order of ids: all shared ones, or all of actor's.
// What ids leave out stands behind them as it did.
func (r *Room) Order(ctx context.Context, actor account.Actor, ids []int64) error {
	const op = "view.Order"
	if len(ids) == 0 {
		return fault.InvalidField(op, "ids", "Name the views in their order.")
	}
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		first, err := r.own(ctx, actor, ids[0])
		if err != nil {
			return err
		}
		all, err := r.store.list(ctx, actor.WorkspaceID, first.OwnerID)
		if err != nil {
			return err
		}
		for n, id := range ids {
			if !slices.ContainsFunc(all, func(v View) bool { return v.ID == id }) || slices.Contains(ids[:n], id) {
				return fault.InvalidField(op, "ids", "Shared views and your own are put in order apart from each other. Load the list again.")
			}
		}
		place := func(v View) int { return slices.Index(ids, v.ID) }
		slices.SortStableFunc(all, func(a, b View) int {
			switch {
			case place(a) < 0 && place(b) < 0:
				return 0
			case place(a) < 0:
				return 1
			case place(b) < 0:
				return -1
			}
			return place(a) - place(b)
		})
		for n, v := range all {
			if err := r.store.move(ctx, v.WorkspaceID, v.ID, int64(n+1)); err != nil {
				return err
			}
		}
		return r.announce(ctx, actor, details{AgentID: first.OwnerID})
	}))
}
