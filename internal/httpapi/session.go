package httpapi

import (
	"context"
	"net/http"
	"time"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
)

// Me is who asks, and what the screens need to know first.
type Me struct {
	Agent       Agent    `json:"agent"`
	Workspace   MyPlace  `json:"workspace"`
	Permissions []string `json:"permissions"`
	Demo        bool     `json:"demo"`
	Version     string   `json:"version"`
}

// MyPlace names the workspace of an agent.
type MyPlace struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Session is a browser that is signed in.
type Session struct {
	ID         int64     `json:"id"`
	CreatedAt  time.Time `json:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at"`
	IP         string    `json:"ip"`
	UserAgent  string    `json:"user_agent"`
	Current    bool      `json:"current"`
}

type SetupState struct {
	Needed     bool `json:"needed"`
	TokenValid bool `json:"token_valid"`
}

type NewSetup struct {
	Token     string `json:"token"`
	Workspace string `json:"workspace"`
	Name      string `json:"name"`
	Email     string `json:"email"`
	Password  string `json:"password"`
	Language  string `json:"language,omitempty"`
}

type NewSession struct {
	Email    string `json:"email" maxLength:"320"`
	Password string `json:"password" maxLength:"1000"`
	Code     string `json:"code,omitempty" maxLength:"100"`
}

// signedIn is Me with the cookie of a new session.
type signedIn struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      Me
}

type signedOut struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

type setupQuery struct {
	Token string `query:"token" maxLength:"200"`
}

type NewPassword struct {
	Password string `json:"password" maxLength:"1000"`
}

type PasswordForgotten struct {
	Email string `json:"email" maxLength:"320"`
}

type byToken struct {
	Token string `path:"token" maxLength:"200"`
}

type resetInput struct {
	Token string `path:"token" maxLength:"200"`
	Body  NewPassword
}

type Invitation struct {
	Workspace string `json:"workspace"`
	Email     string `json:"email"`
	Name      string `json:"name"`
}

type AcceptedInvitation struct {
	Name     string `json:"name"`
	Password string `json:"password" maxLength:"1000"`
}

type acceptInput struct {
	Token string `path:"token" maxLength:"200"`
	Body  AcceptedInvitation
}

func (s *Server) sessionRoutes() {
	const tag = "Session"
	add(s, route{method: "GET", path: "/setup", id: "setup-state", summary: "Whether the first workspace is still needed", tag: tag, open: true}, s.setupState)
	add(s, route{method: "POST", path: "/setup", id: "setup", summary: "Make the first workspace and sign its owner in", tag: tag, open: true}, s.setup)
	add(s, route{method: "POST", path: "/session", id: "sign-in", summary: "Sign in", tag: tag, open: true}, s.signIn)
	add(s, route{method: "DELETE", path: "/session", id: "sign-out", summary: "Sign out", tag: tag}, s.signOut)
	add(s, route{method: "GET", path: "/sessions", id: "list-sessions", summary: "The browsers where I am signed in", tag: tag}, s.sessions)
	add(s, route{method: "DELETE", path: "/sessions/{id}", id: "end-session", summary: "Sign a browser out", tag: tag}, s.endSession)
	add(s, route{method: "POST", path: "/password-resets", id: "forgot-password", summary: "Ask for a link that sets a new password", tag: tag, open: true, status: 202}, s.forgotPassword)
	add(s, route{method: "PUT", path: "/password-resets/{token}", id: "reset-password", summary: "Set a new password", tag: tag, open: true}, s.resetPassword)
	add(s, route{method: "GET", path: "/invitations/{token}", id: "read-invitation", summary: "What an invitation says", tag: tag, open: true}, s.invitation)
	add(s, route{method: "PUT", path: "/invitations/{token}", id: "accept-invitation", summary: "Accept an invitation and sign in", tag: tag, open: true}, s.acceptInvitation)
}

func (s *Server) setupState(ctx context.Context, in *setupQuery) (*Body[SetupState], error) {
	needed, valid, err := s.Accounts.SetupState(ctx, in.Token)
	return &Body[SetupState]{SetupState{needed, valid}}, err
}

func (s *Server) setup(ctx context.Context, in *With[NewSetup]) (*signedIn, error) {
	b := in.Body
	return s.welcome(ctx)(s.Accounts.Setup(ctx, account.Setup{
		Token: b.Token, Workspace: b.Workspace, Name: b.Name, Email: b.Email, Password: b.Password, Language: b.Language, Client: gate.Client(ctx),
	}))
}

func (s *Server) signIn(ctx context.Context, in *With[NewSession]) (*signedIn, error) {
	b := in.Body
	return s.welcome(ctx)(s.Accounts.SignIn(ctx, account.SignIn{Email: b.Email, Password: b.Password, Code: b.Code, Client: gate.Client(ctx)}))
}

// welcome answers whoever has just got a session.
func (s *Server) welcome(ctx context.Context) func(account.SignedIn, error) (*signedIn, error) {
	return func(in account.SignedIn, err error) (*signedIn, error) {
		if err != nil {
			return nil, err
		}
		me, err := s.meOf(ctx, in.Actor)
		return &signedIn{SetCookie: s.gate.Cookie(in.Token), Body: me}, err
	}
}

func (s *Server) signOut(ctx context.Context, _ *None) (*signedOut, error) {
	return &signedOut{SetCookie: s.gate.Cookie("")}, s.Accounts.SignOut(ctx, gate.Actor(ctx))
}

func (s *Server) sessions(ctx context.Context, _ *None) (*Body[Page[Session]], error) {
	actor := gate.Actor(ctx)
	all, err := s.Accounts.Sessions(ctx, actor)
	return whole(each(all, func(v account.Session) Session {
		return Session{v.ID, v.CreatedAt, v.LastSeenAt, v.IP, v.UserAgent, v.ID == actor.SessionID}
	})), err
}

func (s *Server) endSession(ctx context.Context, in *ByID) (*None, error) {
	return nil, s.Accounts.RevokeSession(ctx, gate.Actor(ctx), in.ID)
}

func (s *Server) forgotPassword(ctx context.Context, in *With[PasswordForgotten]) (*None, error) {
	s.Accounts.ForgotPassword(ctx, in.Body.Email, gate.Client(ctx))
	return nil, nil
}

func (s *Server) resetPassword(ctx context.Context, in *resetInput) (*None, error) {
	return nil, s.Accounts.ResetPassword(ctx, in.Token, in.Body.Password)
}

func (s *Server) invitation(ctx context.Context, in *byToken) (*Body[Invitation], error) {
	agent, workspace, err := s.Accounts.InvitationTo(ctx, in.Token)
	return &Body[Invitation]{Invitation{workspace.Name, agent.Email, agent.Name}}, err
}

func (s *Server) acceptInvitation(ctx context.Context, in *acceptInput) (*signedIn, error) {
	return s.welcome(ctx)(s.Accounts.AcceptInvitation(ctx, account.Acceptance{
		Token: in.Token, Name: in.Body.Name, Password: in.Body.Password, Client: gate.Client(ctx),
	}))
}
