package outbound

import (
	"net/http"
	"strings"
	"time"

	"rapport/internal/platform/fault"
)

// maxRedirects is how often a client follows a redirect.
const maxRedirects = 3

// Limits say how patient a client is; a zero is the value in brackets.
type Limits struct {
	Connect time.Duration // until the connection stands [10 s]
	Headers time.Duration // from the request to the first byte of the answer [30 s]
	Total   time.Duration // until the body has been read [60 s]

	// OtherHosts lets redirects lead to another host; that one passes the guard
	// as well.
	OtherHosts bool
}

// Client returns an HTTP client that connects through the guard, without any
// proxy. Callers keep it: it holds its own connections. They also bound how
// much of an answer they read.
func (g *Guard) Client(l Limits) *http.Client {
	d := g.dialer
	d.Timeout = or(l.Connect, 10*time.Second)
	guarded := &Guard{allow: g.allow, dialer: d}
	return &http.Client{
		Timeout: or(l.Total, time.Minute),
		Transport: &http.Transport{
			DialContext:            guarded.DialContext,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    d.Timeout,
			ResponseHeaderTimeout:  or(l.Headers, 30*time.Second),
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConns:           100,
			MaxIdleConnsPerHost:    4,
			IdleConnTimeout:        90 * time.Second,
		},
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			return checkRedirect(next, via, l.OtherHosts)
		},
	}
}

func or(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

func checkRedirect(next *http.Request, via []*http.Request, otherHosts bool) error {
	const op = "outbound.redirect"
	last := via[len(via)-1].URL
	switch {
	case len(via) > maxRedirects:
		return fault.New(op, fault.Unavailable, "The server redirects too often.")
	case next.URL.Scheme != "https" && next.URL.Scheme != last.Scheme:
		return fault.New(op, fault.Forbidden, "The server redirects from https to an insecure address.")
	case !otherHosts && !strings.EqualFold(next.URL.Hostname(), last.Hostname()):
		return fault.New(op, fault.Forbidden, "The server redirects to another host: "+next.URL.Hostname())
	}
	return nil
}
