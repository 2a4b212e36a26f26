package form

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of what forms have taken: who was given a
// reference has their words in a receipt.
func Checks(d Store) []doctor.Check {
	return []doctor.Check{
		{Name: "forms.receipt", Says: "what a form has taken has its receipt", Find: db.Finds(d,
			`SELECT 'submission ' || s.reference FROM form_submissions s
			WHERE NOT EXISTS (SELECT 1 FROM receipts r WHERE r.inbox_id = s.inbox_id AND r.source_key = 'form:' || s.token_id)`)},
	}
}
