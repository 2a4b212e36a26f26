package event

import "rapport/internal/platform/db"

// Relations are the tables of the log that a backup reads otherwise than they
// stand, each with the relation in its place; an empty one is not copied. On
// PostgreSQL committed events that still wait for the sequencer are read with
// the numbers it is going to give them, so that every backup holds a whole log.
func (l *Log) Relations() map[string]string {
	if l.store.d.Engine() == db.SQLite {
		return map[string]string{"leases": ""}
	}
	const columns = "workspace_id, at, kind, actor_kind, actor_id, conversation_id, contact_id, cause, depth, data"
	return map[string]string{
		"leases":      "",
		"event_inbox": "",
		"events": `(SELECT seq, ` + columns + ` FROM events UNION ALL
			SELECT COALESCE((SELECT h.seq FROM event_heads h WHERE h.workspace_id = i.workspace_id), 0) + ROW_NUMBER() OVER (PARTITION BY workspace_id ORDER BY id),
				` + columns + ` FROM event_inbox i) AS whole`,
		"event_heads": `(SELECT workspace_id, CAST(SUM(seq) AS BIGINT) AS seq FROM
			(SELECT workspace_id, seq FROM event_heads UNION ALL SELECT workspace_id, 1 FROM event_inbox) AS parts GROUP BY workspace_id) AS whole`,
	}
}
