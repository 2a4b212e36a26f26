package listing

import (
	"strconv"
	"strings"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/search"
	"rapport/internal/platform/text"
)

// Longest words of a filter, in characters.
const (
	maxTag   = 100
	maxWords = 500
)

// Filter narrows a list. The zero Filter is the first page of everything in
// sight but spam, newest activity first.
type Filter struct {
	View       string // mine, unassigned, all_open, waiting, snoozed, closed, spam, inbox:{id}, team:{id}
	Status     string // one of four; not snoozed ones, unless Snoozed asks for them
	InboxID    int64
	AssigneeID int64
	TeamID     int64
	ContactID  int64
	Number     int64
	Unassigned bool
	Tag        string
	Q          string // words of subject and excerpt
	Snoozed    *bool
	Spam       *bool
	Sort       string // one of Sorts; "" is the newest activity first
	Cursor     string
	Limit      int // 1 to 100; 0 means 50

	Conditions Conditions // of a saved view, beside the rest
}

// Query says what a filter asks for of what actor sees.
func (f Filter) Query(op string, actor account.Actor, scope account.Scope) (Query, error) {
	f, err := f.viewed(op, actor)
	q := f.query(actor.WorkspaceID, scope)
	q.AgentID = actor.AgentID
	return q, err
}

// viewed resolves the view of a filter into its conditions.
func (f Filter) viewed(op string, actor account.Actor) (Filter, error) {
	yes, status := true, "open"
	switch name, id, _ := strings.Cut(f.View, ":"); name {
	case "":
		return f, nil
	case "mine":
		f.AssigneeID = actor.AgentID
	case "unassigned":
		f.Unassigned = true
	case "all_open":
	case "waiting":
		status = "pending"
	case "closed":
		status = "closed"
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
func (f Filter) query(workspaceID int64, scope account.Scope) Query {
	q := Query{WorkspaceID: workspaceID, All: scope.All, Inboxes: scope.Inboxes, Shelves: f.shelves(), AssigneeID: f.AssigneeID, TeamID: f.TeamID,
		ContactID: f.ContactID, Number: f.Number, Unassigned: f.Unassigned, Tag: search.Fold(text.Line(f.Tag, maxTag)), Words: strings.Fields(search.Fold(text.Line(f.Q, maxWords))),
		Sort: f.Sort, Conditions: f.Conditions, Cursor: f.Cursor, Limit: PageSize(f.Limit)}
	if f.InboxID != 0 {
		q.All, q.Inboxes = false, nil
		if scope.Includes(f.InboxID) {
			q.Inboxes = []int64{f.InboxID}
		}
	}
	if q.Shelves != nil && q.Shelves[0] != f.Status {
		q.Status = f.Status
	}
	return q
}

// shelves are those a filter reads; none means all but spam.
func (f Filter) shelves() []string {
	switch {
	case f.Spam != nil && *f.Spam:
		return []string{Spam}
	case f.Snoozed != nil && *f.Snoozed:
		return []string{Snoozed}
	case f.Status != "":
		return []string{f.Status}
	case f.Snoozed != nil:
		return Work
	}
	return nil
}

// Numbered is f for the one conversation whose number its words are, such as
// #1042; ok is false when they are none.
func (f Filter) Numbered() (numbered Filter, ok bool) {
	digits, ok := strings.CutPrefix(strings.TrimSpace(f.Q), "#")
	n, err := strconv.ParseInt(digits, 10, 64)
	f.Q, f.Number = "", n
	return f, ok && err == nil && n > 0
}

// PageSize bounds what is asked for: 1 to 100, 50 when nothing is.
func PageSize(n int) int {
	if n == 0 {
		return 50
	}
	return min(max(n, 1), 100)
}
