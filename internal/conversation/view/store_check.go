package view

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of saved views.
func Checks(d Store) []doctor.Check {
	return []doctor.Check{
		{Name: "views.owner", Says: "a view that is not shared is of an agent of its workspace, and names what it asks", Find: db.Finds(d,
			`SELECT 'view ' || v.id FROM views v WHERE v.name = '' OR v.key = '' OR SUBSTR(v.conditions, 1, 1) <> '{' OR SUBSTR(v.columns, 1, 1) <> '['
				OR v.owner_id <> 0 AND NOT EXISTS (SELECT 1 FROM agents a WHERE a.workspace_id = v.workspace_id AND a.id = v.owner_id)`)},
	}
}
