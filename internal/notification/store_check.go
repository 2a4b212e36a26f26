package notification

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of notifications. One outlives its conversation
// for a moment.
func (r *Room) Checks() []doctor.Check {
	d := r.store.d
	return []doctor.Check{
		{Name: "notifications.agent", Says: "whoever is told is a teammate, and nobody is told of what they did themselves", Find: db.Finds(d,
			`SELECT 'notification ' || n.id FROM notifications n
			WHERE NOT EXISTS (SELECT 1 FROM agents a WHERE a.workspace_id = n.workspace_id AND a.id = n.agent_id) OR n.actor_kind = 'agent' AND n.actor_id = n.agent_id`)},
		{Name: "notifications.seen", Says: "what was seen does not wait to be pushed or mailed", Find: db.Finds(d,
			`SELECT 'notification ' || n.id FROM notifications n WHERE n.seen_at > 0 AND (n.push = 'waiting' OR n.mail = 'waiting')`)},
		{Name: "notifications.position", Says: "a notification is about a message that was written", Find: db.Finds(d,
			`SELECT 'notification ' || n.id FROM notifications n CROSS JOIN conversations c
			WHERE c.workspace_id = n.workspace_id AND c.id = n.conversation_id AND n.position > c.last_position`)},
		{Name: "notifications.settings", Says: "settings and watched inboxes are those of teammates", Find: db.Finds(d,
			`SELECT 'agent ' || s.agent_id FROM notification_settings s WHERE NOT EXISTS (SELECT 1 FROM agents a WHERE a.workspace_id = s.workspace_id AND a.id = s.agent_id)
			UNION ALL SELECT 'agent ' || w.agent_id FROM notification_watches w WHERE NOT EXISTS (SELECT 1 FROM notification_settings s WHERE s.workspace_id = w.workspace_id AND s.agent_id = w.agent_id)`)},
		{Name: "push.browsers", Says: "a browser that is told belongs to a teammate, and the key it knows is kept", Find: db.Finds(d,
			`SELECT 'browser ' || p.id FROM push_subscriptions p WHERE NOT EXISTS (SELECT 1 FROM agents a WHERE a.workspace_id = p.workspace_id AND a.id = p.agent_id) OR NOT EXISTS (SELECT 1 FROM push_keys)`)},
	}
}
