package bulk

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of runs.
func (r *Room) Checks() []doctor.Check {
	return []doctor.Check{{Name: "bulk.items", Says: "a change of many is finished when it says so, and its parts belong to one", Find: db.Finds(r.store.d,
		`SELECT 'conversation ' || i.conversation_id || ' in run ' || i.run_id FROM bulk_items i
		WHERE NOT EXISTS (SELECT 1 FROM bulk_runs b WHERE b.workspace_id = i.workspace_id AND b.id = i.run_id)
		OR i.state = 'waiting' AND EXISTS (SELECT 1 FROM bulk_runs b WHERE b.workspace_id = i.workspace_id AND b.id = i.run_id AND b.state = 'done')
		OR i.state = 'changed' AND EXISTS (SELECT 1 FROM bulk_runs b WHERE b.workspace_id = i.workspace_id AND b.id = i.run_id AND b.state = 'undone')`)}}
}
