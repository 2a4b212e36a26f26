package tally

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of the counts of views. Conversations with events that
// the projection has not read yet are left out.
func (r *Room) Checks() []doctor.Check {
	d := r.store.d
	unread := ` AND NOT EXISTS (SELECT 1 FROM events e JOIN readers r ON r.workspace_id = e.workspace_id AND r.reader = $1
		WHERE e.workspace_id = c.workspace_id AND e.conversation_id = c.id AND e.seq > r.seq)
		AND EXISTS (SELECT 1 FROM readers r WHERE r.workspace_id = c.workspace_id AND r.reader = $1)` +
		d.Pick("", " AND NOT EXISTS (SELECT 1 FROM event_inbox e WHERE e.workspace_id = c.workspace_id AND e.conversation_id = c.id)")
	return []doctor.Check{
		{Name: "views.counts", Says: "the count of every view is the number of conversations counted", Find: db.Finds(d,
			`SELECT 'inbox ' || inbox_id || ', ' || shelf || ', team ' || team_id || ', agent ' || assignee_id || ' is off by ' || CAST(SUM(n) AS BIGINT) FROM (
				SELECT workspace_id, inbox_id, shelf, team_id, assignee_id, n FROM view_counts
				UNION ALL SELECT workspace_id, inbox_id, shelf, team_id, assignee_id, -COUNT(*) FROM conversation_counted GROUP BY workspace_id, inbox_id, shelf, team_id, assignee_id) AS sides
			GROUP BY workspace_id, inbox_id, shelf, team_id, assignee_id HAVING SUM(n) <> 0`)},
		{Name: "views.counted", Says: "every conversation is counted where it stands", Find: db.Finds(d,
			`SELECT 'conversation ' || c.id FROM conversations c WHERE NOT EXISTS (SELECT 1 FROM conversation_counted k
				WHERE k.workspace_id = c.workspace_id AND k.conversation_id = c.id AND k.inbox_id = c.inbox_id AND k.shelf = c.shelf AND k.team_id = c.team_id AND k.assignee_id = c.assignee_id)`+unread+`
			UNION ALL SELECT 'conversation ' || c.id || ' is gone and counted' FROM (SELECT workspace_id, conversation_id AS id FROM conversation_counted) AS c
			WHERE NOT EXISTS (SELECT 1 FROM conversations x WHERE x.workspace_id = c.workspace_id AND x.id = c.id)`+unread, countsReader)},
	}
}
