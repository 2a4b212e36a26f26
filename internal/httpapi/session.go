package httpapi

import (
	"context"
	"net/http"
	"time"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
)

// Me is who asks, and what the screens need to know first.
type Me struct {
	Agent       Agent    `json:"agent"`
	Workspace   MyPlace  `json:"workspace"`
	Permissions []string `json:"permissions"`
	Demo        bool     `json:"demo"`
	Version     string   `json:"version"`
	Cursor      string   `json:"cursor" doc:"Where to listen from, so that nothing is missed of what is read after this."`
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
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/setup", ID: "setup-state", Summary: "Whether the first workspace is still needed", Tag: tag, Open: true}, s.setupState)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/setup", ID: "setup", Summary: "Make the first workspace and sign its owner in", Tag: tag, Open: true}, s.setup)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/session", ID: "sign-in", Summary: "Sign in", Tag: tag, Open: true}, s.signIn)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/session", ID: "sign-out", Summary: "Sign out", Tag: tag}, s.signOut)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/sessions", ID: "list-sessions", Summary: "The browsers where I am signed in", Tag: tag}, s.sessions)
	operation.Add(s.operations, operation.Route{Method: "DELETE", Path: "/sessions/{id}", ID: "end-session", Summary: "Sign a browser out", Tag: tag}, s.endSession)
	operation.Add(s.operations, operation.Route{Method: "POST", Path: "/password-resets", ID: "forgot-password", Summary: "Ask for a link that sets a new password", Tag: tag, Open: true, Status: 202}, s.forgotPassword)
	operation.Add(s.operations, operation.Route{Method: "PUT", Path: "/password-resets/{token}", ID: "reset-password", Summary: "Set a new password", Tag: tag, Open: true}, s.resetPassword)
	operation.Add(s.operations, operation.Route{Method: "GET", Path: "/invitations/{token}", ID: "read-invitation", Summary: "What an invitation says", Tag: tag, Open: true}, s.invitation)
	operation.Add(s.operations, operation.Route{Method: "PUT", Path: "/invitations/{token}", ID: "accept-invitation", Summary: "Accept an invitation and sign in", Tag: tag, Open: true}, s.acceptInvitation)
}

func (s *Server) setupState(ctx context.Context, in *setupQuery) (*shape.Body[SetupState], error) {
	needed, valid, err := s.Accounts.SetupState(ctx, in.Token)
	return shape.One(SetupState{needed, valid}), err
}

func (s *Server) setup(ctx context.Context, in *shape.With[NewSetup]) (*signedIn, error) {
	b := in.Body
	return s.welcome(ctx)(s.Accounts.Setup(ctx, account.Setup{
		Token: b.Token, Workspace: b.Workspace, Name: b.Name, Email: b.Email, Password: b.Password, Language: b.Language, Client: gate.Client(ctx),
	}))
}

func (s *Server) signIn(ctx context.Context, in *shape.With[NewSession]) (*signedIn, error) {
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

func (s *Server) signOut(ctx context.Context, _ *shape.None) (*signedOut, error) {
	return &signedOut{SetCookie: s.gate.Cookie("")}, s.Accounts.SignOut(ctx, gate.Actor(ctx))
}

func (s *Server) sessions(ctx context.Context, _ *shape.None) (*shape.Body[shape.Page[Session]], error) {
	actor := gate.Actor(ctx)
	all, err := s.Accounts.Sessions(ctx, actor)
	return shape.Whole(shape.Each(all, func(v account.Session) Session {
		return Session{v.ID, v.CreatedAt, v.LastSeenAt, v.IP, v.UserAgent, v.ID == actor.SessionID}
	})), err
}

func (s *Server) endSession(ctx context.Context, in *shape.ByID) (*shape.None, error) {
	return nil, s.Accounts.RevokeSession(ctx, gate.Actor(ctx), in.ID)
}

func (s *Server) forgotPassword(ctx context.Context, in *shape.With[PasswordForgotten]) (*shape.None, error) {
	s.Accounts.ForgotPassword(ctx, in.Body.Email, gate.Client(ctx))
	return nil, nil
}

func (s *Server) resetPassword(ctx context.Context, in *resetInput) (*shape.None, error) {
	return nil, s.Accounts.ResetPassword(ctx, in.Token, in.Body.Password)
}

func (s *Server) invitation(ctx context.Context, in *byToken) (*shape.Body[Invitation], error) {
	agent, workspace, err := s.Accounts.InvitationTo(ctx, in.Token)
	return shape.One(Invitation{workspace.Name, agent.Email, agent.Name}), err
}

func (s *Server) acceptInvitation(ctx context.Context, in *acceptInput) (*signedIn, error) {
	return s.welcome(ctx)(s.Accounts.AcceptInvitation(ctx, account.Acceptance{
		Token: in.Token, Name: in.Body.Name, Password: in.Body.Password, Client: gate.Client(ctx),
	}))
}
