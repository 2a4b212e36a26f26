package automation

import (
	"context"
	"regexp"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
)

// Snippet is a text that is written often, with variables.
type Snippet struct {
	Entry
	Text     rich.Text
	Language string // "": any
	Approved bool   // who may change settings stands by it
}

// NewSnippet is what a caller gives.
type NewSnippet struct {
	Heading
	Text     string
	HTML     string
	Language string
	Approved bool
}

var language = regexp.MustCompile(`^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$`)

// checked is what the snippet will say.
func (n NewSnippet) checked(op string) (NewSnippet, rich.Text, error) {
	words := rich.New(n.Text, n.HTML)
	var err error
	if n.Heading, err = n.named(op); err != nil {
		return n, words, err
	}
	if !language.MatchString(n.Language) {
		return n, words, fault.InvalidField(op, "language", "A language is a code such as en, ko or pl.")
	}
	if n.Approved && !n.Shared {
		return n, words, fault.InvalidField(op, "approved", "Only what is shared can be approved.")
	}
	return n, words, writable(op, "text", words)
}

// Snippets are those that actor sees: the shared ones and their own.
func (r *Room) Snippets(ctx context.Context, actor account.Actor) ([]Snippet, error) {
	const op = "automation.Snippets"
	if err := may(actor, account.AutomationRead); err != nil {
		return nil, fault.Wrap(op, err)
	}
	list, err := r.store.snippets(ctx, actor.WorkspaceID, actor.AgentID)
	return list, fault.Wrap(op, err)
}

// CreateSnippet keeps a new text.
func (r *Room) CreateSnippet(ctx context.Context, actor account.Actor, n NewSnippet) (Snippet, error) {
	const op = "automation.CreateSnippet"
	return r.keepSnippet(ctx, op, actor, n, func(ctx context.Context, n NewSnippet) (Entry, func(context.Context, Snippet) error, error) {
		e, err := r.begin(ctx, op, snippetTable, actor, n.Heading)
		return e, r.store.insertSnippet, err
	})
}

// PutSnippet replaces a text; one that was deleted is there again.
func (r *Room) PutSnippet(ctx context.Context, actor account.Actor, id int64, n NewSnippet) (Snippet, error) {
	const op = "automation.PutSnippet"
	return r.keepSnippet(ctx, op, actor, n, func(ctx context.Context, n NewSnippet) (Entry, func(context.Context, Snippet) error, error) {
		e, err := r.store.entry(ctx, snippetTable, actor.WorkspaceID, id)
		if err != nil {
			return e, nil, err
		}
		e, err = r.again(op, actor, e, n.Heading)
		return e, r.store.updateSnippet, err
	})
}

// keepSnippet is what making and changing one have in common: begin does the
// difference inside the transaction.
func (r *Room) keepSnippet(ctx context.Context, op string, actor account.Actor, n NewSnippet, begin func(context.Context, NewSnippet) (Entry, func(context.Context, Snippet) error, error)) (Snippet, error) {
	if err := may(actor, account.AutomationEdit); err != nil {
		return Snippet{}, fault.Wrap(op, err)
	}
	n, words, err := n.checked(op)
	if err != nil {
		return Snippet{}, err
	}
	var s Snippet
	err = r.store.within(ctx, func(ctx context.Context) error {
		e, write, err := begin(ctx, n)
		if err != nil {
			return err
		}
		s = Snippet{e, words, n.Language, n.Approved}
		if err := write(ctx, s); err != nil {
			return err
		}
		return r.announce(ctx, actor, EventSnippetChanged, details{SnippetID: e.ID, AgentID: e.OwnerID})
	})
	return s, fault.Wrap(op, err)
}

// DeleteSnippet takes a text away.
func (r *Room) DeleteSnippet(ctx context.Context, actor account.Actor, id int64) error {
	const op = "automation.DeleteSnippet"
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		e, err := r.drop(ctx, op, snippetTable, actor, id)
		if err != nil {
			return err
		}
		return r.announce(ctx, actor, EventSnippetChanged, details{SnippetID: id, AgentID: e.OwnerID, Deleted: true})
	}))
}

// UseSnippet counts that actor has put a text into what they write.
func (r *Room) UseSnippet(ctx context.Context, actor account.Actor, id int64) error {
	const op = "automation.UseSnippet"
	if err := may(actor, account.AutomationRead); err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, r.use(ctx, op, snippetTable, actor, id))
}

// drop takes an entry away, in the transaction of ctx.
func (r *Room) drop(ctx context.Context, op string, t table, actor account.Actor, id int64) (Entry, error) {
	e, err := r.store.entry(ctx, t, actor.WorkspaceID, id)
	if err != nil {
		return e, err
	}
	if err := mayChange(op, actor, e.OwnerID); err != nil {
		return e, err
	}
	return e, r.store.drop(ctx, t, actor.WorkspaceID, id, r.clock.Now())
}
