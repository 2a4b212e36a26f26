package conversation

import (
	"slices"
	"strconv"
	"strings"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/search"
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

// branch is one scan of an index: equality on a column (and a shelf), in the
// order of the list.
type branch struct {
	column string // "": the whole workspace
	value  int64
	shelf  string // "": all but spam
	free   bool   // only what nobody has
}

// plan is how a list is read: the branches are merged; what no index can tell
// is asked of each row, until the budget of rows is spent.
type plan struct {
	branches []branch
	rest     []condition
	tag      string // folded; when set the branches are of tags
	nothing  bool   // out of sight
}

// condition is asked of a row; ? stands for each argument.
type condition struct {
	text string
	args []any
}

const (
	maxBranches = 320
	rowBudget   = 2_000  // rows a filter without an index may look at for a page
	textBudget  = 10_000 // the same for words
)

// budget is how many rows a page may look at.
func (p plan) budget(f Filter) int {
	switch {
	case f.Q != "":
		return textBudget
	case len(p.rest) > 0:
		return rowBudget
	}
	return pageSize(f.Limit) + 1
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

var workShelves = []string{string(Open), string(Pending), string(OnHold), string(Closed)}

// shelves are those the filter reads; "" alone means all but spam.
func (f Filter) shelves() []string {
	switch {
	case f.Spam != nil && *f.Spam:
		return []string{shelfSpam}
	case f.Snoozed != nil && *f.Snoozed:
		return []string{shelfSnoozed}
	case f.Status != "":
		return []string{string(f.Status)}
	case f.Snoozed != nil:
		return workShelves
	}
	return []string{""}
}

// planned chooses the indexes for a filter in a scope.
func (f Filter) planned(scope account.Scope) plan {
	var p plan
	inboxes, all := scope.Inboxes, scope.All
	if f.InboxID != 0 {
		inboxes, all = []int64{f.InboxID}, false
		if !scope.Includes(f.InboxID) {
			return plan{nothing: true}
		}
	}
	if !all && len(inboxes) == 0 {
		return plan{nothing: true}
	}
	shelves := f.shelves()
	ask := func(text string, args ...any) { p.rest = append(p.rest, condition{text, args}) }
	byInbox := false
	switch {
	case f.Tag != "":
		p.tag = search.Fold(line(f.Tag, maxTag))
		p.branches = []branch{{}}
		askShelves(ask, "t.shelf", shelves)
	case f.ContactID != 0:
		p.branches = []branch{{column: "contact_id", value: f.ContactID}}
		askShelves(ask, "c.shelf", shelves)
	case f.AssigneeID != 0:
		p.spread("assignee_id", []int64{f.AssigneeID}, eachShelf(shelves))
	case f.TeamID != 0:
		p.spread("team_id", []int64{f.TeamID}, eachShelf(shelves))
	case f.Unassigned && all:
		p.spread("assignee_id", []int64{0}, eachShelf(shelves))
	case f.Unassigned && len(inboxes)*len(eachShelf(shelves)) <= maxBranches:
		byInbox = true
		p.spread("inbox_id", inboxes, eachShelf(shelves))
		for i := range p.branches {
			p.branches[i].free = true
		}
	case !all && len(inboxes)*len(shelves) <= maxBranches:
		byInbox = true
		p.spread("inbox_id", inboxes, shelves)
	default:
		for _, shelf := range shelves {
			p.branches = append(p.branches, branch{shelf: shelf})
		}
	}
	p.remains(f, ask, byInbox || all, inboxes)
	return p
}

// remains asks each row for what the chosen index does not tell.
func (p *plan) remains(f Filter, ask func(string, ...any), inboxKnown bool, inboxes []int64) {
	index := p.branches[0]
	if !inboxKnown {
		column := "c.inbox_id"
		if p.tag != "" {
			column = "t.inbox_id"
		}
		ask(column+" IN ("+marks(len(inboxes))+")", anys(inboxes)...)
	}
	if f.AssigneeID != 0 && index.column != "assignee_id" {
		ask("c.assignee_id = ?", f.AssigneeID)
	}
	if f.Unassigned && !index.free && (index.column != "assignee_id" || index.value != 0) {
		ask("c.assignee_id = 0")
	}
	if f.TeamID != 0 && index.column != "team_id" {
		ask("c.team_id = ?", f.TeamID)
	}
	if f.ContactID != 0 && index.column != "contact_id" {
		ask("c.contact_id = ?", f.ContactID)
	}
	if f.Status != "" && !slices.Contains(f.shelves(), string(f.Status)) {
		ask("c.status = ?", string(f.Status))
	}
	for _, word := range strings.Fields(search.Fold(line(f.Q, maxSubject))) {
		ask(`c.search_key LIKE ? ESCAPE '\'`, containing(word))
	}
}

func (p *plan) spread(column string, values []int64, shelves []string) {
	for _, v := range values {
		for _, shelf := range shelves {
			p.branches = append(p.branches, branch{column: column, value: v, shelf: shelf})
		}
	}
}

// eachShelf names all shelves but spam, for indexes that lead with a shelf.
func eachShelf(shelves []string) []string {
	if shelves[0] != "" {
		return shelves
	}
	return append(slices.Clone(workShelves), shelfSnoozed)
}

func askShelves(ask func(string, ...any), column string, shelves []string) {
	if shelves[0] == "" {
		ask(column + " <> 'spam'")
		return
	}
	ask(column+" IN ("+marks(len(shelves))+")", anys(shelves)...)
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

func containing(word string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word) + "%"
}

func pageSize(n int) int {
	if n == 0 {
		return 50
	}
	return min(max(n, 1), 100)
}
