package acknowledgement

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of acknowledgements.
func (r *Room) Checks() []doctor.Check {
	d := r.store.d
	return []doctor.Check{
		{Name: "acknowledging.inbox", Says: "only e-mail inboxes answer by themselves", Find: db.Finds(d,
			`SELECT 'inbox ' || s.inbox_id FROM acknowledgement_settings s
			WHERE NOT EXISTS (SELECT 1 FROM inboxes i WHERE i.workspace_id = s.workspace_id AND i.id = s.inbox_id AND i.channel = 'email')`)},
		{Name: "silences.time", Says: "a silence ends within a day", Find: db.Finds(d,
			"SELECT 'conversation ' || s.conversation_id FROM silences s WHERE s.until > s.at + $1", silenceLasts.Microseconds())},
	}
}
