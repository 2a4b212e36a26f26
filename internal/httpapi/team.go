package httpapi

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
	add(s, route{method: "GET", path: "/teams", id: "list-teams", summary: "All teams", tag: tag}, todo[None, Body[Page[Team]]])
	add(s, route{method: "POST", path: "/teams", id: "create-team", summary: "Make a team", tag: tag, status: 201, makes: true}, todo[With[NewTeam], Body[Team]])
	add(s, route{method: "PATCH", path: "/teams/{id}", id: "change-team", summary: "Change a team", tag: tag}, todo[On[TeamChange], Body[Team]])
	add(s, route{method: "DELETE", path: "/teams/{id}", id: "delete-team", summary: "Delete a team", tag: tag}, todo[ByID, None])
}
