package httpapi

import (
	"context"
	"fmt"
	"time"

	"rapport/internal/account"
	"rapport/internal/httpapi/files"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/fault"
)

// Agent is a person who works in the workspace.
type Agent struct {
	ID            int64      `json:"id"`
	Name          string     `json:"name"`
	Email         string     `json:"email"`
	Role          string     `json:"role" enum:"owner,admin,agent,light"`
	State         string     `json:"state" enum:"active,invited,deactivated"`
	PhotoURL      *string    `json:"photo_url"`
	Language      string     `json:"language" enum:"en,ko,pl"`
	TimeZone      string     `json:"time_zone"`
	Signature     string     `json:"signature" doc:"In plain words, without its pictures."`
	SignatureHTML string     `json:"signature_html" doc:"Empty when it has no looks."`
	Pictures      []Picture  `json:"pictures" doc:"What signature_html shows."`
	PublicName    string     `json:"public_name" doc:"What visitors of a chat see; empty is the name."`
	Theme         string     `json:"theme,omitempty" enum:"system,light,dark"`
	TeamIDs       []int64    `json:"team_ids"`
	TOTP          bool       `json:"totp"`
	LastSeenAt    *time.Time `json:"last_seen_at"`
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
	shape.ByID
	V int64 `query:"v" doc:"Changes with the photo, so that browsers may keep it."`
}

func (s *Server) agentRoutes() {
	const tag = "Agents"
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/agents", ID: "list-agents", Summary: "Everybody who works here", Tag: tag}, s.agents)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/agents", ID: "invite-agent", Summary: "Invite somebody", Tag: tag, Status: 201}, s.invite)
	operation.Add(s.operations, operation.Route{Method: "PATCH", Path: "/agents/{id}", ID: "change-agent", Summary: "Change an agent", Tag: tag}, s.changeAgent)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/agents/{id}/invitation", ID: "invite-again", Summary: "Make a new invitation", Tag: tag}, s.inviteAgain)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/agents/{id}/open-work", ID: "open-work", Summary: "How much open work an agent has", Tag: tag}, s.openWork)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/agents/{id}/deactivation", ID: "deactivate-agent", Summary: "Deactivate an agent and hand the open work over", Tag: tag}, s.deactivate)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/agents/{id}/deactivation", ID: "reactivate-agent", Summary: "Let an agent work again", Tag: tag}, s.reactivate)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/agents/{id}/photo", ID: "agent-photo", Gives: "image/*", Summary: "An agent's photo", Tag: tag}, s.agentPhoto)
}

// agentOf is an agent as others see it: the theme is its own business.
func (s *Server) agentOf(a account.Agent) Agent {
	out := Agent{
		ID: a.ID, Name: a.Name, Email: a.Email, Role: string(a.Role), State: string(a.State), Language: a.Language, TimeZone: a.TimeZone,
		Signature: a.Signature.Plain, SignatureHTML: a.Signature.HTML, Pictures: s.picturesIn(a.WorkspaceID, a.Signature), PublicName: a.PublicName, TeamIDs: shape.Filled(a.TeamIDs), TOTP: a.TOTP, LastSeenAt: shape.TimeOrNull(a.LastSeenAt),
	}
	out.PhotoURL = photoURL(a.ID, a.PhotoID)
	return out
}

func photoURL(agentID, photoID int64) *string {
	if photoID == 0 {
		return nil
	}
	return shape.TextOrNull(fmt.Sprintf("%s/agents/%d/photo?v=%d", operation.Root, agentID, photoID))
}

func (s *Server) agents(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[Agent]], error) {
	all, err := s.Accounts.Agents(ctx, gate.Actor(ctx).WorkspaceID)
	return shape.Whole(shape.Each(all, s.agentOf)), err
}

func (s *Server) invite(ctx context.Context, in *shape.With[NewAgent]) (*shape.Body[Invited], error) {
	b := in.Body
	v, err := s.Accounts.Invite(ctx, gate.Actor(ctx), account.Invite{
		Email: b.Email, Name: b.Name, Role: account.Role(b.Role), TeamIDs: b.TeamIDs, InboxIDs: b.InboxIDs,
	})
	return shape.One(Invited{s.agentOf(v.Agent), s.linkTo(ctx, "invitation", v.Token), v.Mailed}), err
}

func (s *Server) inviteAgain(ctx context.Context, in *shape.ByID) (*shape.Body[InvitationAgain], error) {
	v, err := s.Accounts.InviteAgain(ctx, gate.Actor(ctx), in.ID)
	return shape.One(InvitationAgain{s.linkTo(ctx, "invitation", v.Token), v.Mailed}), err
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

func (s *Server) changeAgent(ctx context.Context, in *shape.On[AgentChange]) (*shape.Body[Agent], error) {
	c := account.AgentChange{Name: in.Body.Name, TeamIDs: in.Body.TeamIDs}
	if in.Body.Role != nil {
		c.Role = (*account.Role)(in.Body.Role)
	}
	a, err := s.Accounts.UpdateAgent(ctx, gate.Actor(ctx), in.ID, c)
	return shape.One(s.agentOf(a)), err
}

func (s *Server) openWork(ctx context.Context, in *shape.ByID) (*shape.Body[OpenWork], error) {
	n, err := s.Accounts.OpenWork(ctx, gate.Actor(ctx), in.ID)
	return shape.One(OpenWork{n}), err
}

func (s *Server) deactivate(ctx context.Context, in *shape.On[Deactivation]) (*shape.Body[Agent], error) {
	actor := gate.Actor(ctx)
	to := account.HandTo{AgentID: shape.Value(in.Body.HandOverToAgentID), TeamID: shape.Value(in.Body.HandOverToTeamID)}
	if err := s.Accounts.Deactivate(ctx, actor, in.ID, to); err != nil {
		return nil, err
	}
	a, err := s.Accounts.Agent(ctx, actor.WorkspaceID, in.ID)
	return shape.One(s.agentOf(a)), err
}

func (s *Server) reactivate(ctx context.Context, in *shape.ByID) (*shape.Body[Agent], error) {
	a, err := s.Accounts.Reactivate(ctx, gate.Actor(ctx), in.ID)
	return shape.One(s.agentOf(a)), err
}

func (s *Server) agentPhoto(ctx context.Context, in *photoInput) (*files.Answer, error) {
	workspaceID := gate.Actor(ctx).WorkspaceID
	a, err := s.Accounts.Agent(ctx, workspaceID, in.ID)
	if err == nil && a.PhotoID == 0 {
		err = fault.New("httpapi.agentPhoto", fault.NotFound, "There is no photo.")
	}
	if err != nil {
		return nil, err
	}
	return s.files.Blob(ctx, workspaceID, a.PhotoID)
}
