package conversation

import (
	"context"
	"strconv"
	"strings"

	"rapport/internal/account"
	"rapport/internal/conversation/listing"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/search"
	"rapport/internal/platform/text"
)

// Filter narrows a list. The zero Filter is the first page of everything in
// sight but spam, newest activity first.
type Filter struct {
	View       string // mine, unassigned, all_open, waiting, snoozed, closed, spam, inbox:{id}, team:{id}
	Status     Status // not snoozed ones, unless Snoozed asks for them
	InboxID    int64
	AssigneeID int64
	TeamID     int64
	ContactID  int64
	Unassigned bool
	Tag        string
	Q          string // words of subject and excerpt
	Snoozed    *bool
	Spam       *bool
	Oldest     bool // oldest activity first
	Cursor     string
	Limit      int // 1 to 100; 0 means 50
}

// Page is a part of a list. Next is "" on the last one; a page may be short,
// even empty, and still have a next one: a filter without an index looks at a
// limited number of rows at a time.
type Page struct {
	Items []Conversation
	Next  string
}

// List returns the conversations in actor's sight that the filter fits.
func (r *Room) List(ctx context.Context, actor account.Actor, f Filter) (Page, error) {
	const op = "conversation.List"
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return Page{}, fault.Wrap(op, err)
	}
	if err := account.Can(actor, account.ConversationRead, account.Object{WorkspaceID: actor.WorkspaceID}); err != nil {
		return Page{}, err
	}
	if f, err = f.viewed(op, actor); err != nil {
		return Page{}, err
	}
	ids, next, err := r.store.list(ctx, f.query(actor.WorkspaceID, scope))
	if err != nil {
		return Page{}, fault.Wrap(op, err)
	}
	page := Page{Next: next}
	if len(ids) > 0 {
		page.Items, err = r.store.views(ctx, actor.WorkspaceID, actor.AgentID, ids)
	}
	return page, fault.Wrap(op, err)
}

// viewed resolves the view of a filter into its conditions.
func (f Filter) viewed(op string, actor account.Actor) (Filter, error) {
	yes, status := true, Open
	switch name, id, _ := strings.Cut(f.View, ":"); name {
	case "":
		return f, nil
	case "mine":
		f.AssigneeID = actor.AgentID
	case "unassigned":
		f.Unassigned = true
	case "all_open":
	case "waiting":
		status = Pending
	case "closed":
		status = Closed
	case "snoozed":
		f.Snoozed, status = &yes, ""
	case "spam":
		f.Spam, status = &yes, ""
	case "inbox", "team":
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil || n <= 0 {
			return f, fault.InvalidField(op, "view", "Write a view such as inbox:3 or team:2.")
		}
		if name == "inbox" {
			f.InboxID = n
		} else {
			f.TeamID = n
		}
	default:
		return f, fault.InvalidField(op, "view", "A view is mine, unassigned, all_open, waiting, snoozed, closed, spam, inbox:{id} or team:{id}.")
	}
	if f.Status == "" {
		f.Status = status
	}
	return f, nil
}

// query says what a filter asks for, within a scope.
func (f Filter) query(workspaceID int64, scope account.Scope) listing.Query {
	q := listing.Query{WorkspaceID: workspaceID, All: scope.All, Inboxes: scope.Inboxes, Shelves: f.shelves(), AssigneeID: f.AssigneeID, TeamID: f.TeamID,
		ContactID: f.ContactID, Unassigned: f.Unassigned, Tag: search.Fold(text.Line(f.Tag, maxTag)), Words: strings.Fields(search.Fold(text.Line(f.Q, maxSubject))),
		Oldest: f.Oldest, Cursor: f.Cursor, Limit: pageSize(f.Limit)}
	if f.InboxID != 0 {
		q.All, q.Inboxes = false, nil
		if scope.Includes(f.InboxID) {
			q.Inboxes = []int64{f.InboxID}
		}
	}
	if q.Shelves != nil && q.Shelves[0] != string(f.Status) {
		q.Status = string(f.Status)
	}
	return q
}

// shelves are those a filter reads; none means all but spam.
func (f Filter) shelves() []string {
	switch {
	case f.Spam != nil && *f.Spam:
		return []string{listing.Spam}
	case f.Snoozed != nil && *f.Snoozed:
		return []string{listing.Snoozed}
	case f.Status != "":
		return []string{string(f.Status)}
	case f.Snoozed != nil:
		return listing.Work
	}
	return nil
}

func pageSize(n int) int {
	if n == 0 {
		return 50
	}
	return min(max(n, 1), 100)
}
