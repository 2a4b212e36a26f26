package httpapi

import "time"

// Agent is a person who works in the workspace.
type Agent struct {
	ID         int64      `json:"id"`
	Name       string     `json:"name"`
	Email      string     `json:"email"`
	Role       string     `json:"role" enum:"owner,admin,agent,light"`
	State      string     `json:"state" enum:"active,invited,deactivated"`
	PhotoURL   *string    `json:"photo_url"`
	Language   string     `json:"language" enum:"en,ko,pl"`
	TimeZone   string     `json:"time_zone"`
	Signature  string     `json:"signature"`
	Theme      string     `json:"theme,omitempty" enum:"system,light,dark"`
	TeamIDs    []int64    `json:"team_ids"`
	TOTP       bool       `json:"totp"`
	LastSeenAt *time.Time `json:"last_seen_at"`
}

type NewAgent struct {
	Email    string  `json:"email" maxLength:"320"`
	Name     string  `json:"name"`
	Role     string  `json:"role" enum:"owner,admin,agent,light"`
	TeamIDs  []int64 `json:"team_ids,omitempty" maxItems:"1000"`
	InboxIDs []int64 `json:"inbox_ids,omitempty" maxItems:"1000"`
}

type Invited struct {
	Agent         Agent  `json:"agent"`
	InvitationURL string `json:"invitation_url"`
	Mailed        bool   `json:"mailed"`
}

type InvitationAgain struct {
	InvitationURL string `json:"invitation_url"`
	Mailed        bool   `json:"mailed"`
}

type AgentChange struct {
	Name    *string  `json:"name,omitempty"`
	Role    *string  `json:"role,omitempty" enum:"owner,admin,agent,light"`
	TeamIDs *[]int64 `json:"team_ids,omitempty" maxItems:"1000"`
}

type OpenWork struct {
	Conversations int `json:"conversations"`
}

type Deactivation struct {
	HandOverToAgentID *int64 `json:"hand_over_to_agent_id,omitempty"`
	HandOverToTeamID  *int64 `json:"hand_over_to_team_id,omitempty"`
}

func (s *Server) agentRoutes() {
	const tag = "Agents"
	add(s, route{method: "GET", path: "/agents", id: "list-agents", summary: "Everybody who works here", tag: tag}, todo[None, Body[Page[Agent]]])
	add(s, route{method: "POST", path: "/agents", id: "invite-agent", summary: "Invite somebody", tag: tag, status: 201, makes: true}, todo[With[NewAgent], Body[Invited]])
	add(s, route{method: "PATCH", path: "/agents/{id}", id: "change-agent", summary: "Change an agent", tag: tag}, todo[On[AgentChange], Body[Agent]])
	add(s, route{method: "POST", path: "/agents/{id}/invitation", id: "invite-again", summary: "Make a new invitation", tag: tag}, todo[ByID, Body[InvitationAgain]])
	add(s, route{method: "GET", path: "/agents/{id}/open-work", id: "open-work", summary: "How much open work an agent has", tag: tag}, todo[ByID, Body[OpenWork]])
	add(s, route{method: "POST", path: "/agents/{id}/deactivation", id: "deactivate-agent", summary: "Deactivate an agent and hand the open work over", tag: tag}, todo[On[Deactivation], Body[Agent]])
	add(s, route{method: "DELETE", path: "/agents/{id}/deactivation", id: "reactivate-agent", summary: "Let an agent work again", tag: tag}, todo[ByID, Body[Agent]])
	add(s, route{method: "GET", path: "/agents/{id}/photo", id: "agent-photo", gives: "image/*", summary: "An agent's photo", tag: tag}, todo[ByID, file])
}
