package httpapi

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
)

// Team is a group of agents that can be given work and inboxes.
type Team struct {
	ID       int64   `json:"id"`
	Key      string  `json:"key"`
	Name     string  `json:"name"`
	AgentIDs []int64 `json:"agent_ids"`
}

type NewTeam struct {
	Name     string  `json:"name"`
	AgentIDs []int64 `json:"agent_ids,omitempty" maxItems:"1000"`
}

type TeamChange struct {
	Name     *string  `json:"name,omitempty"`
	AgentIDs *[]int64 `json:"agent_ids,omitempty" maxItems:"1000"`
}

func (s *Server) teamRoutes() {
	const tag = "Teams"
	add(s, route{method: "GET", path: "/teams", id: "list-teams", summary: "All teams", tag: tag}, s.teams)
	add(s, route{method: "POST", path: "/teams", id: "create-team", summary: "Make a team", tag: tag, status: 201, makes: true}, s.createTeam)
	add(s, route{method: "PATCH", path: "/teams/{id}", id: "change-team", summary: "Change a team", tag: tag}, s.changeTeam)
	add(s, route{method: "DELETE", path: "/teams/{id}", id: "delete-team", summary: "Delete a team", tag: tag}, s.deleteTeam)
}

func teamOf(t account.Team) Team { return Team{t.ID, t.Key, t.Name, filled(t.AgentIDs)} }

func (s *Server) teams(ctx context.Context, _ *None) (*Body[Page[Team]], error) {
	all, err := s.Accounts.Teams(ctx, gate.Actor(ctx).WorkspaceID)
	return whole(each(all, teamOf)), err
}

func (s *Server) createTeam(ctx context.Context, in *With[NewTeam]) (*Body[Team], error) {
	t, err := s.Accounts.CreateTeam(ctx, gate.Actor(ctx), in.Body.Name, in.Body.AgentIDs)
	return &Body[Team]{teamOf(t)}, err
}

func (s *Server) changeTeam(ctx context.Context, in *On[TeamChange]) (*Body[Team], error) {
	t, err := s.Accounts.UpdateTeam(ctx, gate.Actor(ctx), in.ID, account.TeamChange(in.Body))
	return &Body[Team]{teamOf(t)}, err
}

func (s *Server) deleteTeam(ctx context.Context, in *ByID) (*None, error) {
	return nil, s.Accounts.DeleteTeam(ctx, gate.Actor(ctx), in.ID)
}
