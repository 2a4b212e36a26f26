package httpapi

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
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
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/teams", ID: "list-teams", Summary: "All teams", Tag: tag}, s.teams)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/teams", ID: "create-team", Summary: "Make a team", Tag: tag, Status: 201, Makes: true}, s.createTeam)
	operation.Add(s.operations, operation.Route{Method: "PATCH", Path: "/teams/{id}", ID: "change-team", Summary: "Change a team", Tag: tag}, s.changeTeam)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/teams/{id}", ID: "delete-team", Summary: "Delete a team", Tag: tag}, s.deleteTeam)
}

func teamOf(t account.Team) Team { return Team{t.ID, t.Key, t.Name, shape.Filled(t.AgentIDs)} }

func (s *Server) teams(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[Team]], error) {
	all, err := s.Accounts.Teams(ctx, gate.Actor(ctx).WorkspaceID)
	return shape.Whole(shape.Each(all, teamOf)), err
}

func (s *Server) createTeam(ctx context.Context, in *shape.With[NewTeam]) (*shape.Body[Team], error) {
	t, err := s.Accounts.CreateTeam(ctx, gate.Actor(ctx), in.Body.Name, in.Body.AgentIDs)
	return shape.One(teamOf(t)), err
}

func (s *Server) changeTeam(ctx context.Context, in *shape.On[TeamChange]) (*shape.Body[Team], error) {
	t, err := s.Accounts.UpdateTeam(ctx, gate.Actor(ctx), in.ID, account.TeamChange(in.Body))
	return shape.One(teamOf(t)), err
}

func (s *Server) deleteTeam(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	return nil, s.Accounts.DeleteTeam(ctx, gate.Actor(ctx), in.ID)
}
