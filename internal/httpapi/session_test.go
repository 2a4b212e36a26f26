package httpapi

import (
	"net/http"
	"strings"
	"testing"

	"rapport/internal/httpapi/shape"
)

func TestAPersonSignsInAndOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	nobody := caller{w: w}
	nobody.do("GET", "/me", nil).problem(401)
	w.found()
	nobody.do("POST", "/session", map[string]any{"email": "olga@harbour.example", "password": "wrong"}).problem(401)

	in := nobody.do("POST", "/session", map[string]any{"email": "Olga@Harbour.example", "password": password}).want(200)
	var me Me
	in.into(&me)
	if me.Agent.Role != "owner" || me.Workspace.Name != "Harbour" || len(me.Permissions) == 0 || me.Agent.Theme == "" {
		t.Errorf("me is %+v", me)
	}
	cookie := in.Result().Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Secure || cookie.Path != "/" {
		t.Errorf("cookie %v", cookie)
	}
	olga := caller{w: w, cookie: in.session()}
	olga.do("GET", "/me", nil).want(200)
	var sessions shape.Page[Session]
	olga.do("GET", "/sessions", nil).want(200).into(&sessions)
	if len(sessions.Items) != 1 || !sessions.Items[0].Current {
		t.Errorf("sessions %+v", sessions)
	}
	out := olga.do("DELETE", "/session", nil).want(204)
	if out.Result().Cookies()[0].MaxAge >= 0 {
		t.Error("the cookie stays in the browser")
	}
	olga.do("GET", "/me", nil).problem(401)
}

func TestTheCookieIsBoundToTheHostUnderTLS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.gate.URL = "https://desk.harbour.example"
	w.found()
	r := caller{w: w}.do("POST", "/session", map[string]any{"email": "olga@harbour.example", "password": password}).want(200)
	if c := r.Result().Cookies()[0]; c.Name != "__Host-rapport" || !c.Secure || c.Domain != "" {
		t.Errorf("cookie %v", c)
	}
	if r.Header().Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS")
	}
}

func TestForgeriesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found()
	nobody := caller{w: w}
	signIn := map[string]any{"email": "olga@harbour.example", "password": password}
	cookie := nobody.do("POST", "/session", signIn).session()
	for _, c := range []struct {
		name   string
		header map[string]string
		cookie bool
		status int
	}{
		{"our own page", map[string]string{"X-Rapport": "1", "Origin": "http://example.com", "Sec-Fetch-Site": "same-origin"}, true, 200},
		{"a program with the cookie", map[string]string{"X-Rapport": "1"}, true, 200},
		{"a form of another site", nil, true, 403},
		{"another site with the header", map[string]string{"X-Rapport": "1", "Origin": "https://evil.example"}, true, 403},
		{"no origin to speak of", map[string]string{"X-Rapport": "1", "Origin": "null"}, true, 403},
		{"a name that ends like ours", map[string]string{"X-Rapport": "1", "Origin": "http://evil-example.com"}, true, 403},
		{"a sister site", map[string]string{"X-Rapport": "1", "Sec-Fetch-Site": "same-site"}, true, 403},
		{"another site's page", map[string]string{"X-Rapport": "1", "Sec-Fetch-Site": "cross-site"}, true, 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := caller{w: w, header: http.Header{"Cookie": {"rapport=" + cookie}, "X-Rapport": nil}}
			for k, v := range c.header {
				r.header.Set(k, v)
			}
			r.do("PATCH", "/me", map[string]any{"theme": "dark"}).want(c.status)
		})
	}
	t.Run("signing somebody in from another site", func(t *testing.T) {
		caller{w: w, header: http.Header{"Origin": {"https://evil.example"}}}.do("POST", "/session", signIn).problem(403)
	})
	t.Run("no other site may read", func(t *testing.T) {
		r := caller{w: w, cookie: cookie, header: http.Header{"Origin": {"https://evil.example"}}}.do("GET", "/me", nil)
		for name := range r.Header() {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: %s", name, r.Header().Get(name))
			}
		}
	})
}

func TestAnInvitationBecomesAnAgent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	var v Invited
	owner.do("POST", "/agents", map[string]any{"email": "piotr@harbour.example", "name": "Piotr", "role": "agent"}).want(201).into(&v)
	if v.Mailed || v.Agent.State != "invited" || !strings.HasPrefix(v.InvitationURL, "http://example.com/invitation/") {
		t.Errorf("invited %+v", v)
	}
	nobody, path := caller{w: w}, strings.Replace(v.InvitationURL, "http://example.com/invitation/", "/invitations/", 1)
	var read Invitation
	nobody.do("GET", path, nil).want(200).into(&read)
	if read.Email != "piotr@harbour.example" || read.Workspace != "Harbour" {
		t.Errorf("invitation %+v", read)
	}
	nobody.do("PUT", path, map[string]any{"name": "Piotr Nowak", "password": "short"}).problem(422)
	in := nobody.do("PUT", path, map[string]any{"name": "Piotr Nowak", "password": password}).want(200)
	piotr := caller{w: w, cookie: in.session()}
	piotr.do("GET", "/agents", nil).want(200)
	piotr.do("POST", "/teams", map[string]any{"name": "Fish"}).problem(403)
	nobody.do("PUT", path, map[string]any{"name": "Piotr", "password": password}).problem(404)

	owner.do("POST", "/agents/"+id(v.Agent.ID)+"/deactivation", map[string]any{}).want(200)
	piotr.do("GET", "/me", nil).problem(401)
	owner.do("DELETE", "/agents/"+id(v.Agent.ID)+"/deactivation", nil).want(200)
}

func TestAForgottenPasswordTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found()
	for _, email := range []string{"olga@harbour.example", "nobody@harbour.example", "not an address"} {
		if r := (caller{w: w}).do("POST", "/password-resets", map[string]any{"email": email}).want(202); r.Body.Len() != 0 {
			t.Errorf("%s: %s", email, r.Body)
		}
	}
}
