package testkit

import (
	"context"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"rapport/internal/platform/db"
)

// large are the tables that grow with the work of years.
var large = []string{"events", "conversations", "messages", "message_attachments", "participants", "conversation_tags", "conversation_counted", "read_marks", "contacts",
	"contact_identities", "receipts", "outbound", "outbound_recipients", "jobs", "blobs", "blob_bodies", "blob_refs", "visitors", "chats", "form_submissions"}

// inOrder are indexes that lists read from one end, a page at a time, and those
// that hold only what waits for work.
var inOrder = []string{"conversations_all", "conversations_number", "conversations_inbox", "contacts_sorted", "companies_sorted", "jobs_of_workspace", "jobs_running", "blob_bodies_doomed"}

// whole are the questions that may look at all of a workspace, by a part of
// their text, and why.
var whole = map[string]string{
	"COUNT(*) FROM receipts":            "the health page counts mails by state, in an index",
	"state, COUNT(*) FROM jobs":         "the health page counts jobs by state, in an index",
	"FROM receipts r LEFT JOIN inboxes": "the newest mails, by their ids",
	"AND blob_id <> 0 AND external_id":  "the newest mails that have left, by their ids",
	"FROM jobs WHERE TRUE ORDER BY id":  "the newest jobs, by their ids",
	"FROM jobs WHERE state = $1 ORDER":  "the newest jobs of a state, by their ids",
	"MIN(tag), COUNT(*)":                "tags are counted where they are used",
	"DELETE FROM conversation_counted":  "the counts are made anew",
}

var (
	named = regexp.MustCompile(`\b(?:FROM|JOIN|UPDATE)\s+(\w+)(?:\s+INDEXED BY \w+)?(?:\s+(?:AS\s+)?(\w+))?`)
	// One inbox may have it all, and mails may own all files.
	readsAll = regexp.MustCompile(`^(?:SCAN (\w+)|SEARCH (\w+) USING .*\(workspace_id=\?(?: AND (?:owner|inbox_id)=\?)?\))`)
	planned  sync.Map // by query
)

// Plan is how SQLite goes about a query, a line for each step.
func Plan(t testing.TB, d *db.DB, query string, args ...any) []string {
	t.Helper()
	steps, err := db.All(context.Background(), d, planStep, "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

func planStep(r db.Row) (s string, err error) {
	var id, parent, unused int64
	return s, r.Scan(&id, &parent, &unused, &s)
}

// watchPlans fails a test in which the product asks a large table in a way that
// reads all that a workspace has. A database without statistics, as ours are, is
// the hardest for the planner.
func watchPlans(t testing.TB, d *db.DB) {
	if d.Engine() != db.SQLite {
		return
	}
	d.Watch(func(query string, args []any) {
		if strings.HasPrefix(query, "EXPLAIN") || strings.HasPrefix(query, "PRAGMA") || !asked() {
			return
		}
		if _, known := planned.LoadOrStore(query, true); known || explained(query) {
			return
		}
		steps, err := db.All(context.Background(), d, planStep, "EXPLAIN QUERY PLAN "+query, args...)
		if err != nil {
			return // the statement itself will say why
		}
		tables := map[string]string{}
		for _, m := range named.FindAllStringSubmatch(query, -1) {
			tables[m[1]], tables[m[2]] = m[1], m[1]
		}
		for _, step := range steps {
			if slices.ContainsFunc(inOrder, func(index string) bool {
				return strings.Contains(step, " "+index+" ") || strings.HasSuffix(step, " "+index)
			}) {
				continue
			}
			if m := readsAll.FindStringSubmatch(step); m != nil && slices.Contains(large, tables[m[1]+m[2]]) {
				t.Errorf("this reads all that a workspace has, by %q (testkit/plan.go):\n%s", step, query)
			}
		}
	})
}

// asked reports whether the product itself asks, not a test, and not what looks
// at everything on purpose: doctor and backups.
func asked() bool {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		switch {
		case strings.Contains(f.File, "/platform/db/") && !strings.HasSuffix(f.File, "_test.go"):
		case strings.HasSuffix(f.File, "_test.go"), strings.HasSuffix(f.File, "store_check.go"), strings.HasSuffix(f.File, "store_backup.go"), strings.Contains(f.File, "/platform/backup/"), strings.Contains(f.File, "test/"), strings.Contains(f.File, "/testkit/"), !strings.HasPrefix(f.Function, "rapport/internal/"):
			return false
		default:
			return true
		}
		if !more {
			return false
		}
	}
}

func explained(query string) bool {
	for part := range whole {
		if strings.Contains(query, part) {
			return true
		}
	}
	return false
}
