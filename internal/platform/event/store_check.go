package event

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of the log and its readers.
func (l *Log) Checks() []doctor.Check {
	d := l.store.d
	return []doctor.Check{
		{Name: "events.seq", Says: "events are numbered 1, 2, 3 … in each workspace, up to the head of its log", Find: db.Finds(d,
			`SELECT 'workspace ' || h.workspace_id || ' has ' || COALESCE(e.n, 0) || ' events from ' || COALESCE(e.low, 0) || ' to ' || COALESCE(e.top, 0) || ', the head is ' || h.seq
			FROM event_heads h LEFT JOIN (SELECT workspace_id, COUNT(*) AS n, MIN(seq) AS low, MAX(seq) AS top FROM events GROUP BY workspace_id) e ON e.workspace_id = h.workspace_id
			WHERE h.seq <> COALESCE(e.n, 0) OR h.seq <> COALESCE(e.top, 0) OR COALESCE(e.low, 1) <> 1
			UNION ALL SELECT 'workspace ' || workspace_id || ' has events and no head' FROM events e
			WHERE e.seq = 1 AND NOT EXISTS (SELECT 1 FROM event_heads h WHERE h.workspace_id = e.workspace_id)`)},
		{Name: "events.cause", Says: "an event comes after the one that caused it, in a chain of no more than five", Find: db.Finds(d,
			"SELECT 'event ' || seq || ' of workspace ' || workspace_id FROM events WHERE cause >= seq OR cause < 0 OR depth > $1 OR depth < 0", MaxDepth)},
		{Name: "readers.cursor", Says: "no reader is further than the log", Find: db.Finds(d,
			`SELECT r.reader || ' in workspace ' || r.workspace_id || ' is at ' || r.seq FROM readers r
			WHERE r.seq < 0 OR r.seq > COALESCE((SELECT h.seq FROM event_heads h WHERE h.workspace_id = r.workspace_id), 0)`)},
		{Name: "readers.parked", Says: "a parked event is in the log, behind its reader", Find: db.Finds(d,
			`SELECT p.reader || ' in workspace ' || p.workspace_id || ', event ' || p.seq FROM parked_events p
			WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.workspace_id = p.workspace_id AND e.seq = p.seq)
			OR NOT EXISTS (SELECT 1 FROM readers r WHERE r.workspace_id = p.workspace_id AND r.reader = p.reader AND r.seq >= p.seq)`)},
	}
}
