package gate

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// proofHeader shows that a request with a cookie was sent by our own pages:
// those of other sites cannot set it.
const proofHeader = "X-Rapport"

// cookieTime is longer than a session lasts: the server decides when it ends.
const cookieTime = 90 * 24 * time.Hour

// Guard is the middleware of every operation: who asks, whether their browser
// means it, how often, and how much they may send.
func (g *Gate) Guard(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	info := requestOf(ctx.Context())
	refuse := func(p *Problem) { WriteProblem(w, r, p) }
	if foreign(r, g.URL) {
		refuse(NewProblem(http.StatusForbidden, "This request comes from another site and was refused."))
		return
	}
	if err := g.authenticate(r, info); err != nil && ctx.Operation().Metadata[Open] != true {
		w.Header().Set("WWW-Authenticate", "Bearer")
		p, _ := ProblemOf(ctx.Context(), err).(*Problem)
		refuse(p)
		return
	}
	if info.cookie != "" && !safe(r.Method) && r.Header.Get(proofHeader) == "" {
		refuse(NewProblem(http.StatusForbidden, "A request that changes something with a session cookie needs the header X-Rapport: 1."))
		return
	}
	if !g.allows(info) {
		w.Header().Set("Retry-After", "1")
		refuse(NewProblem(http.StatusTooManyRequests, "Too many requests. Slow down a little."))
		return
	}
	if r.ContentLength > ctx.Operation().MaxBodyBytes {
		refuse(NewProblem(http.StatusRequestEntityTooLarge, statuses[fault.TooLarge].words))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, ctx.Operation().MaxBodyBytes)
	next(ctx)
}

// authenticate finds out who asks. A key wins over a cookie, so that a program
// in a browser speaks for whom it says.
func (g *Gate) authenticate(r *http.Request, info *request) (err error) {
	if words := r.Header.Get("Authorization"); words != "" {
		scheme, key, _ := strings.Cut(words, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			key = ""
		}
		info.actor, err = g.Accounts.AuthenticateKey(r.Context(), strings.TrimSpace(key))
		return err
	}
	c, err := r.Cookie(g.cookieName())
	if err != nil {
		c = &http.Cookie{}
	}
	if info.actor, err = g.Accounts.Authenticate(r.Context(), c.Value); err == nil {
		info.cookie = c.Value
	}
	return err
}

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// foreign reports whether a browser says that another site's page sent the
// request. A socket is opened by GET, so there the origin counts as well.
func foreign(r *http.Request, base string) bool {
	upgrade := r.Header.Get("Upgrade") != ""
	if safe(r.Method) && !upgrade {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	from, err := url.Parse(origin)
	if err != nil || from.Host == "" {
		return true // "null" too
	}
	ours, _ := url.Parse(base)
	return !strings.EqualFold(from.Host, r.Host) && (ours == nil || !strings.EqualFold(from.Host, ours.Host) || !strings.EqualFold(from.Scheme, ours.Scheme))
}

// cookieName is bound to the host where the browser can keep that promise.
func (g *Gate) cookieName() string {
	if g.SecureCookies() {
		return "__Host-rapport"
	}
	return "rapport"
}

// Cookie holds a session's token; an empty one ends it.
func (g *Gate) Cookie(token string) http.Cookie {
	c := http.Cookie{Name: g.cookieName(), Value: token, Path: "/", HttpOnly: true, Secure: g.SecureCookies(), SameSite: http.SameSiteLaxMode}
	if token == "" {
		c.MaxAge = -1
	} else {
		c.MaxAge = int(cookieTime / time.Second)
	}
	return c
}

// Again asks anew who the caller of r is, long after the request.
func (g *Gate) Again(r *http.Request) func(context.Context) (account.Actor, error) {
	header := http.Header{"Authorization": r.Header["Authorization"], "Cookie": r.Header["Cookie"]}
	return func(ctx context.Context) (account.Actor, error) {
		var info request
		err := g.authenticate((&http.Request{Header: header}).WithContext(ctx), &info)
		return info.actor, err
	}
}
