package httpapi

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
	id     string
	ip     string
	host   string
	agent  string // the User-Agent header
	cookie string // the session's token, when it came as a cookie
	key    string // Idempotency-Key
	actor  account.Actor
}

type requestKey struct{}

// requestOf is never nil: work outside of requests has an empty one.
func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{}
}

func requestID(ctx context.Context) string { return requestOf(ctx).id }

// actorOf is who asks; middleware has made sure that somebody does, except in
// open operations.
func actorOf(ctx context.Context) account.Actor { return requestOf(ctx).actor }

func clientOf(ctx context.Context) account.Client {
	r := requestOf(ctx)
	return account.Client{IP: r.ip, UserAgent: r.agent}
}

// ServeHTTP answers one request: it gives it an id, survives its panics, and
// writes one line about it.
func (s *Server) ServeHTTP(w http.ResponseWriter, hr *http.Request) {
	began := time.Now()
	info := &request{id: rand.Text()[:16], ip: s.clientIP(hr), host: hr.Host, agent: hr.UserAgent(), key: hr.Header.Get(idempotencyKey)}
	hr = hr.WithContext(context.WithValue(hr.Context(), requestKey{}, info))
	a := newAnswer(w, hr)
	a.Header().Set("X-Request-Id", info.id)
	s.secure(a.Header(), hr)
	defer func() {
		if p := recover(); p != nil {
			s.panicked(a, hr, p)
		}
		a.finish()
		s.measure(hr, a.status, time.Since(began))
		s.log(hr, info, a, time.Since(began))
	}()
	s.mux.ServeHTTP(a, hr)
}

// secure sets the headers that every answer carries. Operations answer data,
// so nothing may be loaded by it; pages set a policy of their own.
func (s *Server) secure(h http.Header, r *http.Request) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if s.secureCookies() {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	if strings.HasPrefix(r.URL.Path, root+"/") {
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
	}
}

func (s *Server) panicked(a *answer, r *http.Request, p any) {
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		return
	}
	slog.ErrorContext(r.Context(), "request panicked", "request", requestID(r.Context()), "panic", p, "stack", string(debug.Stack()))
	if !a.began() {
		writeProblem(a, r, newProblem(http.StatusInternalServerError, statuses[fault.Internal].words))
	}
}

// log writes the access line. Paths hold no secrets when they are written as
// patterns; queries are left out, since they may.
func (s *Server) log(r *http.Request, info *request, a *answer, took time.Duration) {
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
func (s *Server) clientIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(host); i-- {
		hop := strings.TrimSpace(hops[i])
		if _, err := netip.ParseAddr(hop); err != nil {
			break
		}
		host = hop
	}
	return host
}

func (s *Server) trusted(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range s.TrustedProxies {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}
