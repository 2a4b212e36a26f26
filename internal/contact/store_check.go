package contact

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of contacts and companies.
func (r *Room) Checks() []doctor.Check {
	d := r.store.d
	return []doctor.Check{
		{Name: "contacts.identities", Says: "every identity is of a contact that exists", Find: db.Finds(d,
			`SELECT i.kind || ' of contact ' || i.contact_id FROM contact_identities i
			WHERE NOT EXISTS (SELECT 1 FROM contacts c WHERE c.workspace_id = i.workspace_id AND c.id = i.contact_id)`)},
		{Name: "contacts.company", Says: "a contact's company exists", Find: db.Finds(d,
			`SELECT 'contact ' || c.id FROM contacts c WHERE c.company_id <> 0
			AND NOT EXISTS (SELECT 1 FROM companies o WHERE o.workspace_id = c.workspace_id AND o.id = c.company_id)`)},
		{Name: "suppressions.address", Says: "a suppressed address is folded, so that it is found", Find: db.Finds(d,
			`SELECT 'the suppression of ' || s.address_key FROM suppressions s WHERE s.address_key <> LOWER(s.address_key) OR s.address_key = ''`)},
	}
}
