package automation

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of snippets and macros.
func (r *Room) Checks() []doctor.Check {
	const nobody = ` x WHERE x.owner_id <> 0 AND NOT EXISTS (SELECT 1 FROM agents a WHERE a.workspace_id = x.workspace_id AND a.id = x.owner_id)`
	return []doctor.Check{
		{Name: "snippets.owner", Says: "a snippet is shared, or belongs to somebody who sees it", Find: db.Finds(r.store.d, `SELECT 'snippet ' || x.id FROM snippets`+nobody)},
		{Name: "snippets.approved", Says: "only what all share is approved", Find: db.Finds(r.store.d, `SELECT 'snippet ' || id FROM snippets WHERE approved AND owner_id <> 0`)},
		{Name: "macros.owner", Says: "a macro is shared, or belongs to somebody who sees it", Find: db.Finds(r.store.d, `SELECT 'macro ' || x.id FROM macros`+nobody)},
		{Name: "macros.runs", Says: "what was run once is a macro", Find: db.Finds(r.store.d,
			`SELECT 'macro ' || r.macro_id FROM macro_runs r WHERE NOT EXISTS (SELECT 1 FROM macros m WHERE m.workspace_id = r.workspace_id AND m.id = r.macro_id)`)},
	}
}
