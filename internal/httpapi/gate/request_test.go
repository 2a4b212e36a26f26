package gate

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestWhoAsksIsSeenThroughTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	g := &Gate{Config: Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}}}
	for _, c := range []struct{ name, remote, forwarded, want string }{
		{"nobody between", "203.0.113.5:900", "", "203.0.113.5"},
		{"a stranger's claim", "203.0.113.5:900", "198.51.100.1", "203.0.113.5"},
		{"a proxy's word", "10.1.1.1:900", "198.51.100.1", "198.51.100.1"},
		{"a claim handed on by a proxy", "10.1.1.1:900", "6.6.6.6, 198.51.100.1", "198.51.100.1"},
		{"two proxies", "[::1]:900", "198.51.100.1, 10.2.2.2", "198.51.100.1"},
		{"nonsense", "10.1.1.1:900", "unknown", "10.1.1.1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := g.clientIP(r); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
