// Package listing finds the conversations of a list: it chooses the indexes
// that fit a query, merges them in the order of the list and pages by key, so
// that a page costs the same at any depth. It decides nothing about who may see
// what: the query says.
package listing

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/text"
)

// Shelves: each conversation stands on one of its inbox, by its status unless
// it is put aside.
const (
	Snoozed = "snoozed"
	Spam    = "spam"
)

// Work are the shelves of the four statuses.
var Work = []string{"open", "pending", "on_hold", "closed"}

// Query says which conversations belong to a list; zero values ask nothing.
type Query struct {
	WorkspaceID int64
	All         bool     // of every inbox
	Inboxes     []int64  // or of these
	Shelves     []string // none: all but spam
	Status      string   // beside the shelf
	AssigneeID  int64
	Unassigned  bool
	TeamID      int64
	ContactID   int64
	Number      int64
	Tag         string   // folded
	Words       []string // folded; all must stand in subject or excerpt
	Sort        string   // one of Sorts; "" is the newest activity first
	Cursor      string
	Limit       int

	Conditions Conditions // of a saved view, asked by AgentID at Now
	AgentID    int64
	Now        time.Time
	narrowing
}

// Orders of lists.
const (
	Newest   = "newest"   // newest activity first
	Oldest   = "oldest"   // oldest activity first
	Created  = "created"  // newest conversation first
	Pressing = "priority" // urgent first, within a priority the newest activity
)

// Sorts are all orders.
var Sorts = []string{Newest, Oldest, Created, Pressing}

// byActivity reports whether the list stands in the order of activity.
func (q Query) byActivity() bool { return q.Sort != Created }

// branch is one scan of an index: equality on a column (and a shelf), in the
// order of the list.
type branch struct {
	column string // "": the whole workspace
	value  int64  // of a priority: its place among them
	shelf  string // "": all but spam
	free   bool   // only what nobody has
}

// plan is how a list is read: the branches are merged; what no index can tell
// is asked of each row, until the budget of rows is spent.
type plan struct {
	branches []branch
	rest     []condition
	tag      string // when set the branches are of tags
	numbered bool   // in the order of numbers, which is that of beginnings
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
func (p plan) budget(q Query) int {
	switch {
	case len(q.Words) > 0:
		return textBudget
	case len(p.rest) > 0:
		return rowBudget
	}
	return q.Limit + 1
}

// planned chooses the indexes for a query.
func (q Query) planned() plan {
	var p plan
	ask := func(text string, args ...any) { p.rest = append(p.rest, condition{text, args}) }
	byInbox := false
	shelves := q.Shelves
	if shelves == nil {
		shelves = []string{""}
	}
	switch {
	case q.Number != 0:
		p.branches = []branch{{column: "number", value: q.Number}}
		askShelves(ask, "c.shelf", q.Shelves)
		askTag(ask, q.Tag)
	case !q.byActivity():
		return q.plannedByNumber()
	case q.Tag != "":
		p.tag = q.Tag
		p.branches = []branch{{}}
		askShelves(ask, "t.shelf", q.Shelves)
	case q.ContactID != 0:
		p.branches = []branch{{column: "contact_id", value: q.ContactID}}
		askShelves(ask, "c.shelf", q.Shelves)
	case q.AssigneeID != 0:
		p.spread("assignee_id", []int64{q.AssigneeID}, eachShelf(q.Shelves))
	case q.TeamID != 0:
		p.spread("team_id", []int64{q.TeamID}, eachShelf(q.Shelves))
	case q.assignees != nil:
		p.spread("assignee_id", q.assignees, eachShelf(q.Shelves))
	case q.teams != nil && !slices.Contains(q.teams, 0):
		p.spread("team_id", q.teams, eachShelf(q.Shelves))
	case q.priorities != nil && !slices.Contains(q.priorities, usual):
		p.spread("priority", q.places(), eachShelf(q.Shelves))
	case q.Unassigned && q.All:
		p.spread("assignee_id", []int64{0}, eachShelf(q.Shelves))
	case q.Unassigned && len(q.Inboxes)*len(eachShelf(q.Shelves)) <= maxBranches:
		byInbox = true
		p.spread("inbox_id", q.Inboxes, eachShelf(q.Shelves))
		for i := range p.branches {
			p.branches[i].free = true
		}
	case !q.All && len(q.Inboxes)*len(shelves) <= maxBranches:
		byInbox = true
		p.spread("inbox_id", q.Inboxes, shelves)
	default:
		for _, shelf := range shelves {
			p.branches = append(p.branches, branch{shelf: shelf})
		}
	}
	p.remains(q, ask, byInbox || q.All)
	return p
}

// plannedByNumber reads conversations by their numbers: those that are not
// closed have an index of their own for each shelf.
func (q Query) plannedByNumber() plan {
	p := plan{numbered: true}
	ask := func(text string, args ...any) { p.rest = append(p.rest, condition{text, args}) }
	if q.Shelves == nil || slices.Contains(q.Shelves, "closed") {
		p.branches = []branch{{}}
		askShelves(ask, "c.shelf", q.Shelves)
	} else {
		for _, shelf := range q.Shelves {
			p.branches = append(p.branches, branch{shelf: shelf})
		}
	}
	askTag(ask, q.Tag)
	p.remains(q, ask, q.All)
	return p
}

// usual is the priority that most have; the others have an index.
const usual = "normal"

// places are the priorities asked for, by their places among all.
func (q Query) places() []int64 {
	var out []int64
	for i, priority := range priorities {
		if slices.Contains(q.priorities, priority) {
			out = append(out, int64(i))
		}
	}
	return out
}

// remains asks each row for what the chosen index does not tell.
func (p *plan) remains(q Query, ask func(string, ...any), inboxKnown bool) {
	index := p.branches[0]
	if !inboxKnown {
		column := "c.inbox_id"
		if p.tag != "" {
			column = "t.inbox_id"
		}
		ask(column+" IN ("+marks(len(q.Inboxes))+")", anys(q.Inboxes)...)
	}
	if q.AssigneeID != 0 && index.column != "assignee_id" {
		ask("c.assignee_id = ?", q.AssigneeID)
	}
	if q.Unassigned && !index.free && (index.column != "assignee_id" || index.value != 0) {
		ask("c.assignee_id = 0")
	}
	if q.assignees != nil && index.column != "assignee_id" {
		ask("c.assignee_id IN ("+marks(len(q.assignees))+")", anys(q.assignees)...)
	}
	if q.TeamID != 0 && index.column != "team_id" {
		ask("c.team_id = ?", q.TeamID)
	}
	if q.teams != nil && (index.column != "team_id" || q.TeamID != 0) {
		ask("c.team_id IN ("+marks(len(q.teams))+")", anys(q.teams)...)
	}
	if q.priorities != nil && index.column != "priority" {
		ask("c.priority IN ("+marks(len(q.priorities))+")", anys(q.priorities)...)
	}
	if q.ContactID != 0 && index.column != "contact_id" {
		ask("c.contact_id = ?", q.ContactID)
	}
	if q.Status != "" {
		ask("c.status = ?", q.Status)
	}
	for _, word := range q.Words {
		ask(`c.search_key LIKE ? ESCAPE '\'`, text.Containing(word))
	}
	p.rest = append(p.rest, q.asks...)
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
	if shelves != nil {
		return shelves
	}
	return append(slices.Clone(Work), Snoozed)
}

func askTag(ask func(string, ...any), tag string) {
	if tag != "" {
		ask("EXISTS (SELECT 1 FROM conversation_tags x WHERE x.workspace_id = c.workspace_id AND x.conversation_id = c.id AND x.tag_key = ?)", tag)
	}
}

func askShelves(ask func(string, ...any), column string, shelves []string) {
	if shelves == nil {
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

// spot is a place in a list: a key of its order.
type spot struct {
	at int64 // last_activity_at
	id int64
}

// place is where a page starts: after a spot, in a part of the list.
type place struct {
	part int // of a list in the order of priorities; 0 elsewhere
	*spot
}

func (p place) seal() string {
	if p.spot == nil && p.part == 0 {
		return ""
	}
	var b []byte
	if p.spot != nil {
		b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, uint64(p.at)), uint64(p.id))
	}
	if p.part > 0 {
		b = append(b, byte(p.part))
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func openCursor(cursor string) (p place, err error) {
	if cursor == "" {
		return p, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if n := len(b); err != nil || n%8 > 1 || n > 17 || n == 8 || n == 9 || n == 0 {
		return p, fault.InvalidField("listing.Find", "cursor", "This cursor is not one of ours. Start at the first page.")
	}
	if len(b)%8 == 1 {
		b, p.part = b[:len(b)-1], min(int(b[len(b)-1]), len(priorities)-1)
	}
	if len(b) == 16 {
		p.spot = &spot{int64(binary.BigEndian.Uint64(b)), int64(binary.BigEndian.Uint64(b[8:]))}
	}
	return p, nil
}
