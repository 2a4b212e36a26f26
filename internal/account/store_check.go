package account

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of workspaces and the people who work in them.
func (r *Room) Checks() []doctor.Check {
	d := r.store.d
	const agent = " WHERE NOT EXISTS (SELECT 1 FROM agents a WHERE a.workspace_id = x.workspace_id AND a.id = x.agent_id)"
	return []doctor.Check{
		{Name: "agents.login", Says: "every agent has a workspace and a login", Find: db.Finds(d,
			`SELECT 'agent ' || a.id FROM agents a WHERE NOT EXISTS (SELECT 1 FROM logins l WHERE l.id = a.login_id) OR NOT EXISTS (SELECT 1 FROM workspaces w WHERE w.id = a.workspace_id)`)},
		{Name: "agents.photo", Says: "an agent's picture is kept", Find: db.Finds(d,
			`SELECT 'agent ' || a.id FROM agents a WHERE a.photo_id <> 0 AND NOT EXISTS (SELECT 1 FROM blob_refs b
			WHERE b.workspace_id = a.workspace_id AND b.owner = 'agents' AND b.owner_id = a.id AND b.blob_id = a.photo_id)`)},
		{Name: "agents.signature", Says: "the pictures in an agent's signature are kept", Find: db.Finds(d,
			`SELECT 'agent ' || a.id FROM agents a WHERE a.signature_html LIKE '%"cid:file-%' AND NOT EXISTS (SELECT 1 FROM blob_refs b
			WHERE b.workspace_id = a.workspace_id AND b.owner = '`+signatures+`' AND b.owner_id = a.id AND a.signature_html LIKE '%"cid:file-' || b.blob_id || '@rapport"%')`)},
		{Name: "agents.owner", Says: "every workspace has an owner who can sign in", Find: db.Finds(d,
			`SELECT 'workspace ' || w.id FROM workspaces w WHERE NOT EXISTS (SELECT 1 FROM agents a WHERE a.workspace_id = w.id AND a.role = 'owner' AND a.state = 'active')`)},
		{Name: "agents.belongings", Says: "sessions, keys, teams and grants are of agents and teams that exist", Find: db.Finds(d,
			"SELECT 'session ' || x.id FROM sessions x"+agent+" UNION ALL SELECT 'API key ' || x.id FROM api_keys x"+agent+
				" UNION ALL SELECT 'member ' || x.agent_id || ' of team ' || x.team_id FROM team_members x"+agent+
				" OR NOT EXISTS (SELECT 1 FROM teams t WHERE t.workspace_id = x.workspace_id AND t.id = x.team_id)"+
				" UNION ALL SELECT 'grant of inbox ' || x.inbox_id FROM grants x"+agent+" AND x.agent_id <> 0"+
				" OR x.team_id <> 0 AND NOT EXISTS (SELECT 1 FROM teams t WHERE t.workspace_id = x.workspace_id AND t.id = x.team_id)")},
	}
}
