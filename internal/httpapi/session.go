package httpapi

import (
	"net/http"
	"time"
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
	add(s, route{method: "GET", path: "/setup", id: "setup-state", summary: "Whether the first workspace is still needed", tag: tag, open: true}, todo[setupQuery, Body[SetupState]])
	add(s, route{method: "POST", path: "/setup", id: "setup", summary: "Make the first workspace and sign its owner in", tag: tag, open: true}, todo[With[NewSetup], signedIn])
	add(s, route{method: "POST", path: "/session", id: "sign-in", summary: "Sign in", tag: tag, open: true}, todo[With[NewSession], signedIn])
	add(s, route{method: "DELETE", path: "/session", id: "sign-out", summary: "Sign out", tag: tag}, todo[None, signedOut])
	add(s, route{method: "GET", path: "/sessions", id: "list-sessions", summary: "The browsers where I am signed in", tag: tag}, todo[None, Body[Page[Session]]])
	add(s, route{method: "DELETE", path: "/sessions/{id}", id: "end-session", summary: "Sign a browser out", tag: tag}, todo[ByID, None])
	add(s, route{method: "POST", path: "/password-resets", id: "forgot-password", summary: "Ask for a link that sets a new password", tag: tag, open: true, status: 202}, todo[With[PasswordForgotten], None])
	add(s, route{method: "PUT", path: "/password-resets/{token}", id: "reset-password", summary: "Set a new password", tag: tag, open: true}, todo[resetInput, None])
	add(s, route{method: "GET", path: "/invitations/{token}", id: "read-invitation", summary: "What an invitation says", tag: tag, open: true}, todo[byToken, Body[Invitation]])
	add(s, route{method: "PUT", path: "/invitations/{token}", id: "accept-invitation", summary: "Accept an invitation and sign in", tag: tag, open: true}, todo[acceptInput, signedIn])
}
