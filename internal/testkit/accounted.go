package testkit

import (
	"context"
	"testing"

	"rapport/internal/platform/db"
)

// nowhere finds accepted mails that are not accounted for.
const nowhere = `SELECT 'receipt ' || r.id || ' is ' || r.state FROM receipts r WHERE r.state NOT IN ('received', 'applied', 'rejected', 'quarantined')
	UNION ALL SELECT 'receipt ' || r.id || ' is in flight and has no job' FROM receipts r
		WHERE r.state = 'received' AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.unique_key <> '' AND j.unique_key = 'intake:' || r.id)
	UNION ALL SELECT 'receipt ' || r.id || ' is ' || r.state || ' for no reason' FROM receipts r WHERE r.state IN ('rejected', 'quarantined') AND r.reason = ''
	UNION ALL SELECT 'receipt ' || r.id || ' is applied and stands in no conversation' FROM receipts r WHERE r.state = 'applied' AND r.conversation_id = 0
	UNION ALL SELECT 'receipt ' || r.id || ' is applied and is no message of its conversation' FROM receipts r
		JOIN conversations c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id
		WHERE r.state = 'applied' AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = r.workspace_id AND m.receipt_id = r.id)`

// Accounted fails a test in which a mail was accepted and is nowhere: accepted =
// applied + rejected + quarantined + in flight, in every inbox, and each of them
// has what that takes. Every database of this package is asked at the end of its
// test; a world that opens its own asks itself. One that the test has closed, or
// that has other tables, is not asked.
func Accounted(t testing.TB, d *db.DB) {
	t.Helper()
	lost, err := db.All(context.Background(), d, db.String, nowhere+" LIMIT 5")
	if err != nil {
		return
	}
	for _, what := range lost {
		t.Errorf("a mail is not accounted for: %s", what)
	}
}
