package listing

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/testkit"
)

var (
	some = []int64{3, 4}
	open = []string{"open"}
)

// lists are the lists of the product, with the branches they read and the
// number of things they ask of a row.
var lists = []struct {
	name     string
	q        Query
	branches string
	rest     int
}{
	{"everything", Query{All: true}, "[{ 0  false}]", 0},
	{"everything in scope", Query{Inboxes: some}, "[{inbox_id 3  false} {inbox_id 4  false}]", 0},
	{"open", Query{All: true, Shelves: open}, "[{ 0 open false}]", 0},
	{"open in scope", Query{Inboxes: some, Shelves: open}, "[{inbox_id 3 open false} {inbox_id 4 open false}]", 0},
	{"mine", Query{All: true, AssigneeID: 5, Shelves: open}, "[{assignee_id 5 open false}]", 0},
	{"mine in scope", Query{Inboxes: some, AssigneeID: 5, Shelves: open}, "[{assignee_id 5 open false}]", 1},
	{"unassigned", Query{All: true, Unassigned: true, Shelves: open}, "[{assignee_id 0 open false}]", 0},
	{"unassigned in scope", Query{Inboxes: some, Unassigned: true, Shelves: open}, "[{inbox_id 3 open true} {inbox_id 4 open true}]", 0},
	{"snoozed", Query{All: true, Shelves: []string{Snoozed}}, "[{ 0 snoozed false}]", 0},
	{"snoozed but pending", Query{All: true, Shelves: []string{Snoozed}, Status: "pending"}, "[{ 0 snoozed false}]", 1},
	{"spam", Query{Inboxes: some, Shelves: []string{Spam}}, "[{inbox_id 3 spam false} {inbox_id 4 spam false}]", 0},
	{"a team", Query{All: true, TeamID: 2, Shelves: open}, "[{team_id 2 open false}]", 0},
	{"an agent", Query{All: true, AssigneeID: 6}, "[{assignee_id 6 open false} {assignee_id 6 pending false} {assignee_id 6 on_hold false} {assignee_id 6 closed false} {assignee_id 6 snoozed false}]", 0},
	{"a contact", Query{All: true, ContactID: 77}, "[{contact_id 77  false}]", 1},
	{"a contact in scope", Query{Inboxes: some, ContactID: 77, Shelves: open}, "[{contact_id 77  false}]", 2},
	{"a number", Query{All: true, Number: 1042}, "[{number 1042  false}]", 1},
	{"a number in scope", Query{Inboxes: some, Number: 1042, Shelves: open}, "[{number 1042  false}]", 2},
	{"a number and a tag", Query{All: true, Number: 1042, Tag: "vip"}, "[{number 1042  false}]", 2},
	{"a tag", Query{Inboxes: some, Tag: "vip"}, "[{ 0  false}]", 2},
	{"a tag and an agent", Query{All: true, Tag: "vip", AssigneeID: 6}, "[{ 0  false}]", 2},
	{"oldest", Query{Inboxes: some, Shelves: open, Sort: Oldest}, "[{inbox_id 3 open false} {inbox_id 4 open false}]", 0},
	{"created, all", Query{All: true, Sort: Created}, "[{ 0  false}]", 1},
	{"created, open and pending in scope", Query{Inboxes: some, Sort: Created, Shelves: []string{"open", "pending"}}, "[{ 0 open false} { 0 pending false}]", 1},
	{"urgent ones", view(is("priority", "urgent"), is("status", "open")), "[{priority 0 open false}]", 0},
	{"of two agents", view(is("assignee", "6", "7"), is("status", "open")), "[{assignee_id 6 open false} {assignee_id 7 open false}]", 0},
	{"of two teams", view(is("team", "6", "7"), is("status", "open")), "[{team_id 6 open false} {team_id 7 open false}]", 0},
	{"of an inbox, lately", view(is("inbox", "3"), is("status", "open"), Condition{"activity", Within, []string{"4h"}}), "[{inbox_id 3 open false}]", 0},
	{"of nobody, waiting for us", view(is("assignee", "nobody"), is("status", "open"), is("waiting", "us")), "[{assignee_id 0 open false}]", 1},
	{"of a tag, unread", view(is("tag", "VIP"), is("unread", "yes")), "[{ 0  false}]", 2},
	{"words", Query{All: true, Words: []string{"parcel", "lost"}}, "[{ 0  false}]", 2},
}

func is(field string, values ...string) Condition { return Condition{field, Is, values} }

func view(all ...Condition) Query {
	return Query{All: true, AgentID: 5, Now: time.Now(), Conditions: Conditions{All: all}}
}

func TestPlans(t *testing.T) {
	for _, c := range lists {
		p := c.q.narrowed().planned()
		if got := fmt.Sprint(p.branches); got != c.branches || len(p.rest) != c.rest {
			t.Errorf("%s: %s and %v", c.name, got, p.rest)
		}
	}
}

// Every list reads an index in its order and sorts at most the pages it merges.
func TestListsReadIndexesInTheirOrder(t *testing.T) {
	d := testkit.SQLite(t)
	for _, c := range lists {
		for _, from := range []*spot{nil, {at: 5, id: 6}} {
			q := c.q.narrowed()
			p := q.planned()
			query, args := p.query(q, from, 51)
			text := strings.Join(testkit.Plan(t, d, query, args...), "\n")
			sorts := strings.Count(text, "TEMP B-TREE FOR ORDER BY")
			reads := strings.Contains(text, "SCAN c") || strings.Contains(text, "SCAN t") || !strings.Contains(text, "INDEX conversation")
			if reads || sorts > 0 && len(p.branches) == 1 || sorts > len(p.branches) {
				t.Errorf("%s:\n%s\n%s", c.name, query, text)
			}
		}
	}
}

// BenchmarkFind measures the lists at RAPPORT_BENCH_SIZE conversations (20,000
// when it is not set): first pages and pages in the depth.
func BenchmarkFind(b *testing.B) {
	n, _ := strconv.Atoi(os.Getenv("RAPPORT_BENCH_SIZE"))
	if n == 0 {
		n = 20_000
	}
	d := testkit.SQLite(b)
	fill(b, d, n)
	for _, c := range lists {
		c.q.WorkspaceID, c.q.Limit = 1, 50
		for _, deep := range []bool{false, true} {
			if deep {
				c.q.Cursor = place{spot: &spot{at: int64(n) * 500_000, id: 1}}.seal()
			}
			b.Run(fmt.Sprintf("%s/deep=%v", strings.ReplaceAll(c.name, " ", "_"), deep), func(b *testing.B) {
				var took []time.Duration
				for b.Loop() {
					start := time.Now()
					if _, _, err := Find(context.Background(), d, c.q); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(start))
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			})
		}
	}
}

// fill writes n conversations, one a second, spread over inboxes, agents and
// states.
func fill(b *testing.B, d *db.DB, n int) {
	b.Helper()
	ctx := context.Background()
	shelves := []string{"closed", "closed", "closed", "closed", "open", "pending", "closed", "on_hold"}
	for from := 0; from < n; from += 5000 {
		err := d.Within(ctx, func(ctx context.Context) error {
			for i := from; i < min(from+5000, n); i++ {
				h := i * 2654435761 % 1_000_003
				status, shelf, spam := shelves[h%8], shelves[h%8], h%50 == 0
				if spam {
					shelf = Spam
				}
				id, at, inbox := i+1, (i+1)*1_000_000, 3+h%7
				_, err := db.Exec(ctx, d, `INSERT INTO conversations (workspace_id, id, number, inbox_id, channel, contact_id, subject, search_key, status, shelf, priority,
						assignee_id, team_id, snoozed_until, spam, created_at, last_activity_at, closed_at, last_position, last_author_kind, excerpt, linked_id, version)
					VALUES (1, $1, $1, $2, 'email', $3, 'Where is my parcel', $4, $5, $6, 'normal', $7, $8, 0, $9, $10, $10, 0, 1, 'contact', $4, 0, 1)`,
					id, inbox, 1+h%(n/4+1), "where is my parcel "+strconv.Itoa(h), status, shelf, h/7%11, h/3%4, spam, at)
				if err == nil && h%20 == 0 {
					_, err = db.Exec(ctx, d, `INSERT INTO conversation_tags (workspace_id, conversation_id, tag_key, tag, inbox_id, shelf, last_activity_at)
						VALUES (1, $1, 'vip', 'vip', $2, $3, $4)`, id, inbox, shelf, at)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if _, err := db.Exec(ctx, d, "ANALYZE"); err != nil {
		b.Fatal(err)
	}
}
