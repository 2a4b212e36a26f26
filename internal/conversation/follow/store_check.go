package follow

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of followers.
func (r *Room) Checks() []doctor.Check {
	return []doctor.Check{{Name: "followers.conversation", Says: "who follows a conversation exists, and so does the conversation", Find: db.Finds(r.store.d,
		`SELECT 'agent ' || f.agent_id || ' of conversation ' || f.conversation_id FROM followers f
		WHERE NOT EXISTS (SELECT 1 FROM conversations c WHERE c.workspace_id = f.workspace_id AND c.id = f.conversation_id)
		OR NOT EXISTS (SELECT 1 FROM agents a WHERE a.workspace_id = f.workspace_id AND a.id = f.agent_id)`)}}
}
