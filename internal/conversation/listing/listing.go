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
	Oldest      bool     // oldest activity first
	Cursor      string
	Limit       int
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
	tag      string // when set the branches are of tags
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
	case q.Tag != "":
		p.tag = q.Tag
		p.branches = []branch{{}}
		askShelves(ask, "t.shelf", q.Shelves)
	case q.Number != 0:
		p.branches = []branch{{column: "number", value: q.Number}}
		askShelves(ask, "c.shelf", q.Shelves)
	case q.ContactID != 0:
		p.branches = []branch{{column: "contact_id", value: q.ContactID}}
		askShelves(ask, "c.shelf", q.Shelves)
	case q.AssigneeID != 0:
		p.spread("assignee_id", []int64{q.AssigneeID}, eachShelf(q.Shelves))
	case q.TeamID != 0:
		p.spread("team_id", []int64{q.TeamID}, eachShelf(q.Shelves))
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
	if q.TeamID != 0 && index.column != "team_id" {
		ask("c.team_id = ?", q.TeamID)
	}
	if q.ContactID != 0 && index.column != "contact_id" {
		ask("c.contact_id = ?", q.ContactID)
	}
	if q.Number != 0 && index.column != "number" {
		ask("c.number = ?", q.Number)
	}
	if q.Status != "" {
		ask("c.status = ?", q.Status)
	}
	for _, word := range q.Words {
		ask(`c.search_key LIKE ? ESCAPE '\'`, text.Containing(word))
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
	if shelves != nil {
		return shelves
	}
	return append(slices.Clone(Work), Snoozed)
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

func (s *spot) seal() string {
	if s == nil {
		return ""
	}
	b := binary.BigEndian.AppendUint64(nil, uint64(s.at))
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(b, uint64(s.id)))
}

func openCursor(cursor string) (*spot, error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) != 16 {
		return nil, fault.InvalidField("listing.Find", "cursor", "This cursor is not one of ours. Start at the first page.")
	}
	return &spot{int64(binary.BigEndian.Uint64(b)), int64(binary.BigEndian.Uint64(b[8:]))}, nil
}
