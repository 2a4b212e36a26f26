package conversation

import (
	"context"
	"slices"
	"strings"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/search"
)

// Note leaves a message only the team sees. Who it names with @ or by id is
// told.
func (r *Room) Note(ctx context.Context, actor account.Actor, id int64, n NewMessage) (Message, error) {
	const op = "conversation.Note"
	n, err := n.checked(op, r.clock.Now())
	if err != nil {
		return Message{}, err
	}
	var agents []named
	if strings.Contains(n.Text, "@") || len(n.Mentions) > 0 {
		if agents, err = r.store.activeAgents(ctx, actor.WorkspaceID); err != nil {
			return Message{}, fault.Wrap(op, err)
		}
	}
	var m Message
	desk := r.store.askDesk(actor, id, n)
	err = r.locked(ctx, actor, account.Note, id, func(ctx context.Context, c *Conversation) (bool, error) {
		var known bool
		if m, known = desk.known(); known {
			return false, nil
		}
		m = draftMessage(*c, authorOf(actor, desk.author), KindNote, n)
		return true, r.write(ctx, c, actor, &m, n, EventNoted, mentions(n.Text, n.Mentions, agents))
	}, desk.questions()...)
	if err == nil {
		m, err = r.delivered(ctx, m)
	}
	if err != nil {
		return Message{}, fault.Wrap(op, err)
	}
	return m, nil
}

// mentions are the agents a text names as @Name, and those named by id. Of two
// names that both fit, the longer one is meant.
func mentions(text string, ids []int64, agents []named) []int64 {
	var out []int64
	add := func(id int64) {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for _, a := range agents {
		if slices.Contains(ids, a.ID) {
			add(a.ID)
		}
	}
	byLength := slices.Clone(agents)
	slices.SortStableFunc(byLength, func(a, b named) int { return len(b.Name) - len(a.Name) })
	rest := search.Fold(text)
	for {
		at := strings.IndexByte(rest, '@')
		if at < 0 {
			return out
		}
		rest = rest[at+1:]
		for _, a := range byLength {
			if name := search.Fold(a.Name); name != "" && strings.HasPrefix(rest, name) {
				add(a.ID)
				break
			}
		}
	}
}
