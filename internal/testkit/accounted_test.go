package testkit

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"rapport/internal/platform/db"
)

// heard notes what a test would have failed with.
type heard struct {
	testing.TB
	said []string
}

func (h *heard) Errorf(format string, args ...any) {
	h.said = append(h.said, fmt.Sprintf(format, args...))
}

func TestAMailThatIsNowhereIsSeen(t *testing.T) {
	for what, harm := range map[string]string{
		"in flight and has no job":          "('received', '', 0)",
		"for no reason":                     "('rejected', '', 0)",
		"is lost":                           "('lost', '', 0)",
		"stands in no conversation":         "('applied', '', 0)",
		"":                                  "('applied', '', 1)",
		"quarantined for no reason":         "('quarantined', '', 0)",
		"is no message of its conversation": "('applied', '', 5)",
	} {
		t.Run(what, func(t *testing.T) {
			d := SQLite(t)
			exec := func(query string) {
				if _, err := db.Exec(context.Background(), d, query); err != nil {
					t.Fatal(err)
				}
			}
			insert(t, d, "conversations", map[string]string{"workspace_id": "1", "id": "5", "status": "'open'", "priority": "'normal'"})
			values := strings.Split(strings.Trim(harm, "()"), ", ")
			insert(t, d, "receipts", map[string]string{"workspace_id": "1", "id": "1", "inbox_id": "1", "state": values[0], "reason": values[1], "conversation_id": values[2]})
			h := &heard{TB: t}
			Accounted(h, d)
			if what == "" && len(h.said) > 0 || what != "" && (len(h.said) != 1 || !strings.Contains(h.said[0], what)) {
				t.Errorf("said %q", h.said)
			}
			exec("DELETE FROM receipts")
		})
	}
}

// insert writes a row with nothing in the other columns.
func insert(t *testing.T, d *db.DB, table string, values map[string]string) {
	t.Helper()
	type column struct{ name, kind string }
	columns, err := db.All(context.Background(), d, func(r db.Row) (c column, err error) {
		err = r.Scan(&c.name, &c.kind)
		return c, err
	}, "SELECT name, type FROM pragma_table_info('"+table+"')")
	if err != nil {
		t.Fatal(err)
	}
	var names, all []string
	for _, c := range columns {
		v, ok := values[c.name]
		if !ok {
			v = map[string]string{"TEXT": "''", "BYTEA": "x''"}[c.kind]
		}
		if v == "" {
			v = "0"
		}
		names, all = append(names, c.name), append(all, v)
	}
	if _, err := db.Exec(context.Background(), d, "INSERT INTO "+table+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(all, ", ")+")"); err != nil {
		t.Fatal(err)
	}
}
