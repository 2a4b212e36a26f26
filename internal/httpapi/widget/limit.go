package widget

import (
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
	"rapport/internal/platform/fault"
)

// limit is how often something may be done.
type limit struct {
	per   rate.Limit
	burst int
}

// The limits of the widget. An address is an IPv4 address or an IPv6 /64.
var (
	siteLimit    = limit{10, 100}                               // requests that only name a chat, an address
	arriveLimit  = limit{rate.Every(10 * time.Minute / 20), 20} // new visitors, an address
	floodLimit   = limit{2, 240}                                // new visitors without an identity, a chat, from wherever they come
	visitorLimit = limit{20, 200}                               // requests, a visitor
	writeLimit   = limit{rate.Every(time.Minute / 30), 30}      // messages, a visitor
	uploadLimit  = limit{rate.Every(3 * time.Second), 10}       // files, a visitor
	identLimit   = limit{rate.Every(30 * time.Second), 20}      // identities that were refused or not, an address
	maxLimited   = 50_000                                       // entries kept; then all start anew
)

// tooFast says when to try again.
type tooFast struct {
	error
	wait time.Duration
}

func (t tooFast) Unwrap() error { return t.error }

// limits count in this process alone.
type limits struct {
	mu  sync.Mutex
	all map[string]*rate.Limiter
}

// take counts one use, or is Limited.
func (l *limits) take(key string, of limit) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil || len(l.all) >= maxLimited {
		l.all = map[string]*rate.Limiter{}
	}
	one := l.all[key]
	if one == nil {
		one = rate.NewLimiter(of.per, of.burst)
		l.all[key] = one
	}
	use := one.Reserve()
	if wait := use.Delay(); wait > 0 {
		use.Cancel()
		return tooFast{fault.New("widget.limits", fault.Limited, "Too many requests. Slow down a little."), wait}
	}
	return nil
}

// network is whom a request counts for where nobody is known.
func network(r *http.Request) string { return account.Network(gate.Client(r.Context()).IP) }
