package httpapi

import (
	"context"
	"fmt"
	"time"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/platform/fault"
)

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

type photoInput struct {
	ByID
	V int64 `query:"v" doc:"Changes with the photo, so that browsers may keep it."`
}

func (s *Server) agentRoutes() {
	const tag = "Agents"
	add(s, route{method: "GET", path: "/agents", id: "list-agents", summary: "Everybody who works here", tag: tag}, s.agents)
	add(s, route{method: "POST", path: "/agents", id: "invite-agent", summary: "Invite somebody", tag: tag, status: 201}, s.invite)
	add(s, route{method: "PATCH", path: "/agents/{id}", id: "change-agent", summary: "Change an agent", tag: tag}, s.changeAgent)
	add(s, route{method: "POST", path: "/agents/{id}/invitation", id: "invite-again", summary: "Make a new invitation", tag: tag}, s.inviteAgain)
	add(s, route{method: "GET", path: "/agents/{id}/open-work", id: "open-work", summary: "How much open work an agent has", tag: tag}, s.openWork)
	add(s, route{method: "POST", path: "/agents/{id}/deactivation", id: "deactivate-agent", summary: "Deactivate an agent and hand the open work over", tag: tag}, s.deactivate)
	add(s, route{method: "DELETE", path: "/agents/{id}/deactivation", id: "reactivate-agent", summary: "Let an agent work again", tag: tag}, s.reactivate)
	add(s, route{method: "GET", path: "/agents/{id}/photo", id: "agent-photo", gives: "image/*", summary: "An agent's photo", tag: tag}, s.agentPhoto)
}

// agentOf is an agent as others see it: the theme is its own business.
func agentOf(a account.Agent) Agent {
	out := Agent{
		ID: a.ID, Name: a.Name, Email: a.Email, Role: string(a.Role), State: string(a.State), Language: a.Language, TimeZone: a.TimeZone,
		Signature: a.Signature, TeamIDs: filled(a.TeamIDs), TOTP: a.TOTP, LastSeenAt: timeOrNull(a.LastSeenAt),
	}
	out.PhotoURL = photoURL(a.ID, a.PhotoID)
	return out
}

func photoURL(agentID, photoID int64) *string {
	if photoID == 0 {
		return nil
	}
	return textOrNull(fmt.Sprintf("%s/agents/%d/photo?v=%d", root, agentID, photoID))
}

func (s *Server) agents(ctx context.Context, _ *None) (*Body[Page[Agent]], error) {
	all, err := s.Accounts.Agents(ctx, gate.Actor(ctx).WorkspaceID)
	return whole(each(all, agentOf)), err
}

func (s *Server) invite(ctx context.Context, in *With[NewAgent]) (*Body[Invited], error) {
	b := in.Body
	v, err := s.Accounts.Invite(ctx, gate.Actor(ctx), account.Invite{
		Email: b.Email, Name: b.Name, Role: account.Role(b.Role), TeamIDs: b.TeamIDs, InboxIDs: b.InboxIDs,
	})
	return &Body[Invited]{Invited{agentOf(v.Agent), s.linkTo(ctx, "invitation", v.Token), v.Mailed}}, err
}

func (s *Server) inviteAgain(ctx context.Context, in *ByID) (*Body[InvitationAgain], error) {
	v, err := s.Accounts.InviteAgain(ctx, gate.Actor(ctx), in.ID)
	return &Body[InvitationAgain]{InvitationAgain{s.linkTo(ctx, "invitation", v.Token), v.Mailed}}, err
}

// linkTo is the address of a screen that works with a token. Without a public
// address it is the one the caller used: the link goes to nobody else.
func (s *Server) linkTo(ctx context.Context, screen, token string) string {
	base := s.URL
	if base == "" {
		base = "http://" + gate.Host(ctx)
	}
	return base + "/" + screen + "/" + token
}

func (s *Server) changeAgent(ctx context.Context, in *On[AgentChange]) (*Body[Agent], error) {
	c := account.AgentChange{Name: in.Body.Name, TeamIDs: in.Body.TeamIDs}
	if in.Body.Role != nil {
		c.Role = (*account.Role)(in.Body.Role)
	}
	a, err := s.Accounts.UpdateAgent(ctx, gate.Actor(ctx), in.ID, c)
	return &Body[Agent]{agentOf(a)}, err
}

func (s *Server) openWork(ctx context.Context, in *ByID) (*Body[OpenWork], error) {
	n, err := s.Accounts.OpenWork(ctx, gate.Actor(ctx), in.ID)
	return &Body[OpenWork]{OpenWork{n}}, err
}

func (s *Server) deactivate(ctx context.Context, in *On[Deactivation]) (*Body[Agent], error) {
	actor := gate.Actor(ctx)
	to := account.HandTo{AgentID: value(in.Body.HandOverToAgentID), TeamID: value(in.Body.HandOverToTeamID)}
	if err := s.Accounts.Deactivate(ctx, actor, in.ID, to); err != nil {
		return nil, err
	}
	a, err := s.Accounts.Agent(ctx, actor.WorkspaceID, in.ID)
	return &Body[Agent]{agentOf(a)}, err
}

func (s *Server) reactivate(ctx context.Context, in *ByID) (*Body[Agent], error) {
	a, err := s.Accounts.Reactivate(ctx, gate.Actor(ctx), in.ID)
	return &Body[Agent]{agentOf(a)}, err
}

func (s *Server) agentPhoto(ctx context.Context, in *photoInput) (*file, error) {
	workspaceID := gate.Actor(ctx).WorkspaceID
	a, err := s.Accounts.Agent(ctx, workspaceID, in.ID)
	if err == nil && a.PhotoID == 0 {
		err = fault.New("httpapi.agentPhoto", fault.NotFound, "There is no photo.")
	}
	if err != nil {
		return nil, err
	}
	return s.serveBlob(ctx, workspaceID, a.PhotoID)
}
