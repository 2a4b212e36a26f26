package gate

import (
	"context"
	"net/http"
	"net/netip"
	"strings"

	"rapport/internal/account"
	"rapport/internal/platform/limit"
)

// Config is what the gate goes by.
type Config struct {
	Accounts       *account.Room
	Root           string         // the path under which operations are
	URL            string         // the public address; empty: not known
	TrustedProxies []netip.Prefix // whose word about a caller's address counts
	Gauges         func(context.Context) []Gauge
	Limits         *limit.Limits
}

// Gate stands before all operations of a server.
type Gate struct {
	Config
	next    http.Handler
	metrics *metrics
}

// New puts a gate before next.
func New(c Config, next http.Handler) *Gate {
	return &Gate{Config: c, next: next, metrics: newMetrics(c.Gauges)}
}

// Open is the name under which an operation's metadata says that nobody needs
// to be signed in.
const Open = "open"

// SecureCookies reports whether cookies travel over TLS only.
func (g *Gate) SecureCookies() bool { return strings.HasPrefix(g.URL, "https://") }
