package conversation

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/db"
	"rapport/internal/testkit"
)

var (
	allInboxes = account.Scope{All: true}
	someInbox  = account.Scope{Inboxes: []int64{3, 4, 5}}
	planActor  = account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 5, Role: account.Member}
)

var planned = []struct {
	name  string
	f     Filter
	scope account.Scope
}{
	{"everything", Filter{}, allInboxes},
	{"everything in scope", Filter{}, someInbox},
	{"open", Filter{View: "all_open"}, allInboxes},
	{"open in scope", Filter{View: "all_open"}, someInbox},
	{"mine", Filter{View: "mine"}, allInboxes},
	{"mine in scope", Filter{View: "mine"}, someInbox},
	{"unassigned", Filter{View: "unassigned"}, allInboxes},
	{"unassigned in scope", Filter{View: "unassigned"}, someInbox},
	{"waiting", Filter{View: "waiting"}, someInbox},
	{"snoozed", Filter{View: "snoozed"}, allInboxes},
	{"closed", Filter{View: "closed"}, allInboxes},
	{"spam", Filter{View: "spam"}, someInbox},
	{"inbox", Filter{View: "inbox:3"}, someInbox},
	{"inbox without status", Filter{InboxID: 3}, allInboxes},
	{"team", Filter{View: "team:2"}, someInbox},
	{"agent", Filter{AssigneeID: 6}, allInboxes},
	{"contact", Filter{ContactID: 77}, someInbox},
	{"tag", Filter{Tag: "vip"}, someInbox},
	{"tag and agent", Filter{Tag: "vip", AssigneeID: 6}, allInboxes},
	{"oldest", Filter{View: "all_open", Oldest: true}, someInbox},
	{"words", Filter{Q: "parcel lost"}, allInboxes},
}

// Every list reads an index in its order and sorts at most the pages it merges.
func TestListsReadIndexesInTheirOrder(t *testing.T) {
	d := testkit.SQLite(t)
	for _, c := range planned {
		for _, from := range []*spot{nil, {at: 5, id: 6}} {
			f, err := c.f.viewed("op", planActor)
			if err != nil {
				t.Fatal(err)
			}
			p := f.planned(c.scope)
			query, args := p.query(1, f, from, p.budget(f))
			steps, err := db.All(context.Background(), d, func(r db.Row) (s string, err error) {
				var a, b, n int64
				return s, r.Scan(&a, &b, &n, &s)
			}, "EXPLAIN QUERY PLAN "+query, args...)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Join(steps, "\n")
			sorts := strings.Count(text, "TEMP B-TREE FOR ORDER BY")
			reads := strings.Contains(text, "SCAN c") || strings.Contains(text, "SCAN t") || !strings.Contains(text, "INDEX conversation")
			if reads || sorts > 0 && len(p.branches) == 1 || sorts > len(p.branches) {
				t.Errorf("%s:\n%s\n%s", c.name, query, text)
			}
		}
	}
}

// BenchmarkList measures the lists at RAPPORT_BENCH_SIZE conversations (20,000
// when it is not set): first pages and pages in the depth.
func BenchmarkList(b *testing.B) {
	n, _ := strconv.Atoi(os.Getenv("RAPPORT_BENCH_SIZE"))
	if n == 0 {
		n = 20_000
	}
	d := testkit.SQLite(b)
	s := store{d}
	fill(b, d, n)
	for _, c := range planned {
		f, err := c.f.viewed("op", planActor)
		if err != nil {
			b.Fatal(err)
		}
		p := f.planned(c.scope)
		for _, from := range []*spot{nil, {at: int64(n) * 500_000, id: 1}} {
			b.Run(fmt.Sprintf("%s/deep=%v", strings.ReplaceAll(c.name, " ", "_"), from != nil), func(b *testing.B) {
				var took []time.Duration
				for b.Loop() {
					start := time.Now()
					ids, _, err := s.list(context.Background(), 1, p, f, from)
					if err == nil && len(ids) > 0 {
						_, err = s.views(context.Background(), 1, 5, ids)
					}
					if err != nil {
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
	statuses := []Status{Closed, Closed, Closed, Closed, Open, Pending, Closed, OnHold}
	s := store{d}
	for from := 0; from < n; from += 5000 {
		err := d.Within(ctx, func(ctx context.Context) error {
			for i := from; i < min(from+5000, n); i++ {
				at := time.UnixMicro(int64(i+1) * 1_000_000).UTC()
				h := i * 2654435761 % 1_000_003
				c := Conversation{ID: int64(i + 1), WorkspaceID: 1, Number: int64(i + 1), InboxID: int64(3 + h%7), Channel: "email", ContactID: int64(1 + h%(n/4+1)),
					Subject: "Where is my parcel " + strconv.Itoa(h), Status: statuses[h%8], Priority: Normal, AssigneeID: int64(h % 11), TeamID: int64(h % 4),
					CreatedAt: at, LastActivityAt: at, LastPosition: 1, Excerpt: strings.Repeat("something ", 10), Version: 1, Spam: h%50 == 0}
				if h%40 == 1 {
					c.SnoozedUntil = at.Add(time.Hour)
				}
				if err := s.insert(ctx, c); err != nil {
					return err
				}
				if h%20 == 0 {
					if err := s.addTag(ctx, c, "vip"); err != nil {
						return err
					}
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
