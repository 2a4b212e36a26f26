package conversation

import (
	"context"
	"slices"

	"rapport/internal/account"
	"rapport/internal/conversation/listing"
	"rapport/internal/platform/fault"
)

// Filter narrows a list. The zero Filter is the first page of everything in
// sight but spam, newest activity first.
type Filter = listing.Filter

// Page is a part of a list. Next is "" on the last one; a page may be short,
// even empty, and still have a next one: a filter without an index looks at a
// limited number of rows at a time.
type Page struct {
	Items []Conversation
	Next  string
}

// List returns the conversations in actor's sight that the filter fits. Words
// such as #1042 find the conversation of that number too, first of all.
func (r *Room) List(ctx context.Context, actor account.Actor, f Filter) (Page, error) {
	page, err := r.found(ctx, actor, f)
	numbered, ok := f.Numbered()
	if err != nil || !ok || f.Cursor != "" {
		return page, err
	}
	first, err := r.found(ctx, actor, numbered)
	if err != nil || len(first.Items) == 0 {
		return page, err
	}
	rest := slices.DeleteFunc(page.Items, func(c Conversation) bool { return c.ID == first.Items[0].ID })
	page.Items = append(first.Items, rest...)
	return page, nil
}

func (r *Room) found(ctx context.Context, actor account.Actor, f Filter) (Page, error) {
	const op = "conversation.List"
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return Page{}, fault.Wrap(op, err)
	}
	if err := account.Can(actor, account.ConversationRead, account.Object{WorkspaceID: actor.WorkspaceID}); err != nil {
		return Page{}, err
	}
	q, err := f.Query(op, actor, scope)
	if err != nil {
		return Page{}, err
	}
	q.Now = r.clock.Now()
	ids, next, err := r.store.list(ctx, q)
	if err != nil {
		return Page{}, fault.Wrap(op, err)
	}
	page := Page{Next: next}
	if len(ids) > 0 {
		page.Items, err = r.store.views(ctx, actor.WorkspaceID, actor.AgentID, ids)
	}
	return page, fault.Wrap(op, err)
}
