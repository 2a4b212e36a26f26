package outreach

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of news.
func (r *Room) Checks() []doctor.Check {
	return []doctor.Check{
		{Name: "news.address", Says: "who got news is known by a folded address, so that they are found", Find: db.Finds(r.store.d,
			`SELECT 'outbound ' || n.outbound_id FROM news n WHERE n.address_key <> LOWER(n.address_key) OR n.address_key = ''`)},
	}
}
