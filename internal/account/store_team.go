package account

import (
	"context"
	"time"

	"rapport/internal/platform/db"
)

const teamColumns = "workspace_id, id, key, name"

func scanTeam(r db.Row) (t Team, err error) { return t, r.Scan(&t.WorkspaceID, &t.ID, &t.Key, &t.Name) }

func (s store) teams(ctx context.Context, workspaceID int64) ([]Team, []member, error) {
	teams, members := db.Ask(scanTeam, "SELECT "+teamColumns+" FROM teams WHERE workspace_id = $1 ORDER BY name, id", workspaceID), askMembers(workspaceID)
	err := db.Gather(ctx, s.d, teams, members)
	return teams.Rows, members.Rows, err
}

func (s store) team(ctx context.Context, workspaceID, id int64) (Team, error) {
	return db.One(ctx, s.d, scanTeam, "SELECT "+teamColumns+" FROM teams WHERE workspace_id = $1 AND id = $2", workspaceID, id)
}

func (s store) teamKeys(ctx context.Context, workspaceID int64) ([]string, error) {
	return db.All(ctx, s.d, db.String, "SELECT key FROM teams WHERE workspace_id = $1", workspaceID)
}

func (s store) countTeams(ctx context.Context, workspaceID int64, ids []int64) (int, error) {
	return s.countOf(ctx, "teams", workspaceID, ids)
}

func (s store) insertTeam(ctx context.Context, t Team, at time.Time) error {
	return s.exec(ctx, "INSERT INTO teams ("+teamColumns+", name_key, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
		t.WorkspaceID, t.ID, t.Key, t.Name, foldName(t.Name), db.Micros(at))
}

func (s store) updateTeam(ctx context.Context, t Team) error {
	return s.must(ctx, "UPDATE teams SET name = $3, name_key = $4 WHERE workspace_id = $1 AND id = $2", t.WorkspaceID, t.ID, t.Name, foldName(t.Name))
}

func (s store) deleteTeam(ctx context.Context, workspaceID, id int64) error {
	if err := s.must(ctx, "DELETE FROM teams WHERE workspace_id = $1 AND id = $2", workspaceID, id); err != nil {
		return err
	}
	if err := s.exec(ctx, "DELETE FROM team_members WHERE workspace_id = $1 AND team_id = $2", workspaceID, id); err != nil {
		return err
	}
	return s.exec(ctx, "DELETE FROM grants WHERE workspace_id = $1 AND team_id = $2", workspaceID, id)
}

func askMembers(workspaceID int64) *db.Asked[member] {
	return db.Ask(func(r db.Row) (m member, err error) { return m, r.Scan(&m.teamID, &m.agentID) },
		"SELECT team_id, agent_id FROM team_members WHERE workspace_id = $1 ORDER BY team_id, agent_id", workspaceID)
}

func (s store) agentsOf(ctx context.Context, workspaceID, teamID int64) ([]int64, error) {
	return s.ids(ctx, "SELECT agent_id FROM team_members WHERE workspace_id = $1 AND team_id = $2 ORDER BY agent_id", workspaceID, teamID)
}

func (s store) teamsOf(ctx context.Context, workspaceID, agentID int64) ([]int64, error) {
	return s.ids(ctx, "SELECT team_id FROM team_members WHERE workspace_id = $1 AND agent_id = $2 ORDER BY team_id", workspaceID, agentID)
}

func (s store) setMembers(ctx context.Context, workspaceID, teamID int64, agentIDs []int64) error {
	if err := s.exec(ctx, "DELETE FROM team_members WHERE workspace_id = $1 AND team_id = $2", workspaceID, teamID); err != nil {
		return err
	}
	for _, id := range agentIDs {
		if err := s.addMember(ctx, workspaceID, teamID, id); err != nil {
			return err
		}
	}
	return nil
}

func (s store) setTeamsOf(ctx context.Context, workspaceID, agentID int64, teamIDs []int64) error {
	if err := s.exec(ctx, "DELETE FROM team_members WHERE workspace_id = $1 AND agent_id = $2", workspaceID, agentID); err != nil {
		return err
	}
	for _, id := range teamIDs {
		if err := s.addMember(ctx, workspaceID, id, agentID); err != nil {
			return err
		}
	}
	return nil
}

func (s store) addMember(ctx context.Context, workspaceID, teamID, agentID int64) error {
	return s.exec(ctx, "INSERT INTO team_members (workspace_id, team_id, agent_id) VALUES ($1, $2, $3)", workspaceID, teamID, agentID)
}

func (s store) inboxMembers(ctx context.Context, workspaceID, inboxID int64) (InboxMembers, error) {
	agents := db.Ask(db.Int64, "SELECT agent_id FROM grants WHERE workspace_id = $1 AND inbox_id = $2 AND agent_id <> 0 ORDER BY agent_id", workspaceID, inboxID)
	teams := db.Ask(db.Int64, "SELECT team_id FROM grants WHERE workspace_id = $1 AND inbox_id = $2 AND team_id <> 0 ORDER BY team_id", workspaceID, inboxID)
	err := db.Gather(ctx, s.d, agents, teams)
	return InboxMembers{agents.Rows, teams.Rows}, err
}

func (s store) setInboxMembers(ctx context.Context, workspaceID, inboxID int64, m InboxMembers) error {
	if err := s.exec(ctx, "DELETE FROM grants WHERE workspace_id = $1 AND inbox_id = $2", workspaceID, inboxID); err != nil {
		return err
	}
	for _, id := range m.AgentIDs {
		if err := s.addGrant(ctx, workspaceID, inboxID, id, 0); err != nil {
			return err
		}
	}
	for _, id := range m.TeamIDs {
		if err := s.addGrant(ctx, workspaceID, inboxID, 0, id); err != nil {
			return err
		}
	}
	return nil
}

func (s store) setAgentGrants(ctx context.Context, workspaceID, agentID int64, inboxIDs []int64) error {
	if err := s.exec(ctx, "DELETE FROM grants WHERE workspace_id = $1 AND agent_id = $2", workspaceID, agentID); err != nil {
		return err
	}
	for _, id := range distinct(inboxIDs) {
		if err := s.addGrant(ctx, workspaceID, id, agentID, 0); err != nil {
			return err
		}
	}
	return nil
}

func (s store) addGrant(ctx context.Context, workspaceID, inboxID, agentID, teamID int64) error {
	return s.exec(ctx, "INSERT INTO grants (workspace_id, inbox_id, agent_id, team_id) VALUES ($1, $2, $3, $4)", workspaceID, inboxID, agentID, teamID)
}

func (s store) accessVersion(ctx context.Context, workspaceID int64) (int64, error) {
	return db.One(ctx, s.d, db.Int64, "SELECT access_version FROM workspaces WHERE id = $1", workspaceID)
}

func (s store) scope(ctx context.Context, workspaceID, agentID int64) (Scope, error) {
	var role Role
	version := db.Ask(func(r db.Row) (v int64, err error) { return v, r.Scan(&v, &role) },
		`SELECT w.access_version, CASE WHEN a.state = $3 THEN a.role ELSE '' END
		FROM workspaces w JOIN agents a ON a.workspace_id = w.id WHERE w.id = $1 AND a.id = $2`, workspaceID, agentID, string(Active))
	granted := askGranted("SELECT workspace_id, id AS agent_id FROM agents WHERE workspace_id = $1 AND id = $2", workspaceID, agentID)
	if err := db.Gather(ctx, s.d, version, granted); err != nil {
		return Scope{}, err
	}
	v, err := version.One()
	return scopeOf(role, v, granted.Rows), err
}

// askGranted asks for the inboxes that are granted to the agent whom who finds.
// It is asked after the version: what changes in between is newer than its
// version and will be asked for again.
func askGranted(who string, args ...any) *db.Asked[int64] {
	return db.Ask(db.Int64, `SELECT g.inbox_id FROM (`+who+`) x JOIN grants g ON g.workspace_id = x.workspace_id AND g.agent_id = x.agent_id
		UNION SELECT g.inbox_id FROM (`+who+`) x JOIN team_members m ON m.workspace_id = x.workspace_id AND m.agent_id = x.agent_id
			JOIN grants g ON g.workspace_id = m.workspace_id AND g.team_id = m.team_id ORDER BY 1`, args...)
}

// scopeOf is what an active agent with a role sees by its grants; without a
// role it is nothing.
func scopeOf(role Role, version int64, granted []int64) Scope {
	switch {
	case role.seesAll():
		return Scope{All: true, Version: version}
	case role == "":
		return Scope{Version: version}
	}
	return Scope{Inboxes: granted, Version: version}
}

func (s store) audience(ctx context.Context, workspaceID, inboxID int64) ([]int64, error) {
	return s.ids(ctx, `SELECT a.id FROM agents a WHERE a.workspace_id = $1 AND a.state = $3 AND (a.role IN ($4, $5)
		OR EXISTS (SELECT 1 FROM grants g WHERE g.workspace_id = $1 AND g.inbox_id = $2 AND g.agent_id = a.id)
		OR EXISTS (SELECT 1 FROM grants g JOIN team_members m ON m.workspace_id = g.workspace_id AND m.team_id = g.team_id
			WHERE g.workspace_id = $1 AND g.inbox_id = $2 AND m.agent_id = a.id)) ORDER BY a.id`,
		workspaceID, inboxID, string(Active), string(Owner), string(Admin))
}
