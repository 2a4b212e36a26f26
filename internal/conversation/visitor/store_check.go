package visitor

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of visitors and their chats. A chat outlives its
// conversation for a moment.
func (r *Room) Checks() []doctor.Check {
	d := r.store.d
	return []doctor.Check{
		{Name: "visitors.contact", Says: "a visitor has an inbox, and a contact that exists or none", Find: db.Finds(d,
			`SELECT 'visitor ' || v.id FROM visitors v
			WHERE NOT EXISTS (SELECT 1 FROM inboxes i WHERE i.workspace_id = v.workspace_id AND i.id = v.inbox_id)
			OR v.contact_id > 0 AND NOT EXISTS (SELECT 1 FROM contacts p WHERE p.workspace_id = v.workspace_id AND p.id = v.contact_id)`)},
		{Name: "chats.visitor", Says: "a chat was begun by a visitor of its inbox", Find: db.Finds(d,
			`SELECT 'the chat of conversation ' || h.conversation_id FROM chats h
			WHERE NOT EXISTS (SELECT 1 FROM visitors v WHERE v.workspace_id = h.workspace_id AND v.id = h.visitor_id AND v.inbox_id = h.inbox_id)`)},
		{Name: "chats.marks", Says: "nothing is marked as delivered, seen or mailed that was not written", Find: db.Finds(d,
			`SELECT 'the chat of conversation ' || h.conversation_id FROM chats h CROSS JOIN conversations c
			WHERE c.workspace_id = h.workspace_id AND c.id = h.conversation_id
			AND (h.delivered_position > c.last_position OR h.seen_position > c.last_position OR h.mailed_position > c.last_position OR h.seen_position < 0 OR h.mailed_position < 0)`)},
	}
}
