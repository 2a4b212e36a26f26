package listing

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"rapport/internal/testkit"
)

var usedIndex = regexp.MustCompile(`USING (?:COVERING )?INDEX (\w+)`)

// Each list reads the one index that was made for it, on its first page and in
// the depth. A database without statistics is the hardest for the planner.
func TestListsReadTheIndexMadeForThem(t *testing.T) {
	d := testkit.SQLite(t)
	for _, c := range []struct {
		name  string
		q     Query
		index string
	}{
		{"everything", Query{All: true}, "conversations_all"},
		{"everything in scope", Query{Inboxes: some}, "conversations_inbox"},
		{"all open", Query{All: true, Shelves: open}, "conversations_shelf"},
		{"all open in scope", Query{Inboxes: some, Shelves: open}, "conversations_inbox_shelf"},
		{"mine", Query{All: true, AssigneeID: 5, Shelves: open}, "conversations_assignee"},
		{"mine in scope", Query{Inboxes: some, AssigneeID: 5, Shelves: open}, "conversations_assignee"},
		{"unassigned", Query{All: true, Unassigned: true, Shelves: open}, "conversations_assignee"},
		{"unassigned in scope", Query{Inboxes: some, Unassigned: true, Shelves: open}, "conversations_free"},
		{"a team", Query{All: true, TeamID: 2, Shelves: open}, "conversations_team"},
		{"a team in scope", Query{Inboxes: some, TeamID: 2, Shelves: open}, "conversations_team"},
		{"a contact", Query{Inboxes: some, ContactID: 77}, "conversations_contact"},
		{"a tag", Query{All: true, Tag: "vip"}, "conversation_tags_tag"},
		{"by number", Query{All: true, Sort: Created}, "conversations_number"},
		{"by number in scope", Query{Inboxes: some, Sort: Created}, "conversations_number"},
		{"open by number", Query{Inboxes: some, Sort: Created, Shelves: open}, "conversations_created"},
		{"urgent and open", view(is("priority", "urgent"), is("status", "open")), "conversations_priority"},
		{"urgent or high", view(is("priority", "urgent", "high")), "conversations_priority"},
		{"of two agents", view(is("assignee", "6", "7")), "conversations_assignee"},
		{"lately", view(Condition{"activity", Within, []string{"4h"}}), "conversations_all"},
		{"long ago and open", view(is("status", "open"), Condition{"activity", Before, []string{"9d"}}), "conversations_shelf"},
	} {
		for _, from := range []*spot{nil, {at: 5, id: 6}} {
			q := c.q.narrowed()
			query, args := q.planned().query(q, from, 51)
			plan := strings.Join(testkit.Plan(t, d, query, args...), "\n")
			var used []string
			for _, m := range usedIndex.FindAllStringSubmatch(plan, -1) {
				used = append(used, m[1])
			}
			if used = slices.Compact(used); len(used) != 1 || used[0] != c.index {
				t.Errorf("%s reads %v, not %s:\n%s", c.name, used, c.index, plan)
			}
		}
	}
}
