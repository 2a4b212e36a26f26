package gate

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// request is what the server knows of a request besides its content.
type request struct {
	id      string
	ip      string
	host    string
	agent   string // the User-Agent header
	accepts string // the Accept-Language header
	cookie  string // the session's token, when it came as a cookie
	key     string // Idempotency-Key
	actor   account.Actor
}

// IdempotencyKey is the header that names a request that may be sent again.
const IdempotencyKey = "Idempotency-Key"

// Key is the name by which a request may be sent again; "" for none.
func Key(ctx context.Context) string { return requestOf(ctx).key }

// Host is the name of the server as the caller wrote it.
func Host(ctx context.Context) string { return requestOf(ctx).host }

// As is a context in which actor asks, for work beside requests.
func As(ctx context.Context, actor account.Actor) context.Context {
	return context.WithValue(ctx, requestKey{}, &request{actor: actor})
}

type requestKey struct{}

// requestOf is never nil: work outside of requests has an empty one.
func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{}
}

// RequestID is the name of a request in the log and in problems.
func RequestID(ctx context.Context) string { return requestOf(ctx).id }

// Actor is who asks; Guard has made sure that somebody does, except in open
// operations.
func Actor(ctx context.Context) account.Actor { return requestOf(ctx).actor }

// Client is where a request comes from.
func Client(ctx context.Context) account.Client {
	r := requestOf(ctx)
	return account.Client{IP: r.ip, UserAgent: r.agent}
}

// ServeHTTP answers one request: it gives it an id, survives its panics, and
// writes one line about it.
func (g *Gate) ServeHTTP(w http.ResponseWriter, hr *http.Request) {
	began := time.Now()
	info := &request{id: rand.Text()[:16], ip: g.clientIP(hr), host: hr.Host, agent: hr.UserAgent(), accepts: hr.Header.Get("Accept-Language"), key: hr.Header.Get(IdempotencyKey)}
	hr = hr.WithContext(context.WithValue(hr.Context(), requestKey{}, info))
	a := newAnswer(w, hr)
	a.Header().Set("X-Request-Id", info.id)
	g.secure(a.Header(), hr)
	defer func() {
		if p := recover(); p != nil {
			g.panicked(a, hr, p)
		}
		a.finish()
		g.metrics.measure(hr, a.status, time.Since(began))
		g.log(hr, info, a, time.Since(began))
	}()
	g.next.ServeHTTP(a, hr)
}

// secure sets the headers that every answer carries. Operations answer data,
// so nothing may be loaded by it; pages set a policy of their own.
func (g *Gate) secure(h http.Header, r *http.Request) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if g.SecureCookies() {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	if strings.HasPrefix(r.URL.Path, g.Root+"/") {
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
	}
}

func (g *Gate) panicked(a *answer, r *http.Request, p any) {
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		return
	}
	slog.ErrorContext(r.Context(), "request panicked", "request", RequestID(r.Context()), "panic", p, "stack", string(debug.Stack()))
	if !a.began() {
		WriteProblem(a, r, NewProblem(http.StatusInternalServerError, statuses[fault.Internal].words))
	}
}

// log writes the access line. Paths hold no secrets when they are written as
// patterns; queries are left out, since they may.
func (g *Gate) log(r *http.Request, info *request, a *answer, took time.Duration) {
	level := slog.LevelInfo
	if quiet[r.URL.Path] {
		level = slog.LevelDebug
	}
	slog.Log(r.Context(), level, "request", "method", r.Method, "route", patternOf(r), "status", a.status, "ms", float64(took.Microseconds())/1000,
		"bytes", a.written, "ip", info.ip, "workspace", info.actor.WorkspaceID, "agent", info.actor.AgentID, "request", info.id)
}

// quiet are the addresses that machines ask for all day.
var quiet = map[string]bool{"/healthz": true, "/readyz": true, "/metrics": true}

// patternOf is the route of a request as it was registered.
func patternOf(r *http.Request) string {
	_, pattern, found := strings.Cut(r.Pattern, " ")
	if !found {
		pattern = r.Pattern
	}
	return pattern
}

// clientIP is the address of whoever sent the request. Forwarded addresses are
// believed only as far as the proxies on the way are trusted.
func (g *Gate) clientIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && g.trusted(host); i-- {
		hop := strings.TrimSpace(hops[i])
		if _, err := netip.ParseAddr(hop); err != nil {
			break
		}
		host = hop
	}
	return host
}

func (g *Gate) trusted(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range g.TrustedProxies {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}
