package tally

import (
	"strings"
	"testing"

	"rapport/internal/account"
	"rapport/internal/testkit"
)

// The number of unread conversations is asked for with every look at the
// views: it reads what the agent has, not what all have.
func TestUnreadOnesAreFoundByAssignee(t *testing.T) {
	d := testkit.SQLite(t)
	for _, scope := range []account.Scope{{All: true}, {Inboxes: []int64{3, 4, 5}}} {
		query, args := unreadQuery(1, 5, scope, mostCounted)
		if plan := strings.Join(testkit.Plan(t, d, query, args...), "\n"); !strings.Contains(plan, "SEARCH mine USING COVERING INDEX conversations_assignee (workspace_id=? AND assignee_id=? AND shelf=?)") ||
			!strings.Contains(plan, "SEARCH c USING PRIMARY KEY (workspace_id=? AND id=?)") {
			t.Errorf("in %v:\n%s", scope, plan)
		}
	}
}
