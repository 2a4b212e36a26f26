package widget

import (
	"net/http"
	"time"

	"rapport/internal/httpapi/gate"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/limit"
)

// The limits of the widget, on all nodes together. An address is an IPv4
// address or an IPv6 /64.
var (
	siteLimit    = limit.Rate{PerSecond: 10, Burst: 100}        // requests that only name a chat, an address
	arriveLimit  = limit.Rate{PerSecond: 20.0 / 600, Burst: 20} // new visitors, an address
	floodLimit   = limit.Rate{PerSecond: 2, Burst: 240}         // new visitors without an identity, a chat, from wherever they come
	visitorLimit = limit.Rate{PerSecond: 20, Burst: 200}        // requests, a visitor
	writeLimit   = limit.Rate{PerSecond: 30.0 / 60, Burst: 30}  // messages, a visitor
	uploadLimit  = limit.Rate{PerSecond: 1.0 / 3, Burst: 10}    // files, a visitor
	identLimit   = limit.Rate{PerSecond: 1.0 / 30, Burst: 20}   // identities that were refused or not, an address
)

// maxStreams is how many streams a visitor may have open on a node; a browser
// needs one.
const maxStreams = 20

// tooFast says when to try again.
type tooFast struct {
	error
	wait time.Duration
}

func (t tooFast) Unwrap() error { return t.error }

// take counts one use, or is Limited.
func (s *Server) take(key string, of limit.Rate) error {
	if wait := s.Limits.Take("widget "+key, of); wait > 0 {
		return tooFast{fault.New("widget.limits", fault.Limited, "Too many requests. Slow down a little."), wait}
	}
	return nil
}

// network is whom a request counts for where nobody is known.
func network(r *http.Request) string { return limit.Network(gate.Client(r.Context()).IP) }
