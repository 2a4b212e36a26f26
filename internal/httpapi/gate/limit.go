package gate

import (
	"strconv"
	"sync"

	"golang.org/x/time/rate"
)

// How often somebody may ask. The figures stop loops gone wild, not work.
const (
	actorRate, actorBurst   = 300, 1500
	nobodyRate, nobodyBurst = 30, 150
	maxLimited              = 50_000 // entries kept; then all start anew
)

// limits counts requests per agent, or per address where nobody is signed in.
type limits struct {
	mu  sync.Mutex
	all map[string]*rate.Limiter
}

func (l *limits) allow(r *request) bool {
	who, per, burst := "ip "+r.ip, rate.Limit(nobodyRate), nobodyBurst
	if r.actor.AgentID != 0 {
		who, per, burst = "agent "+strconv.FormatInt(r.actor.AgentID, 10), actorRate, actorBurst
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil || len(l.all) >= maxLimited {
		l.all = map[string]*rate.Limiter{}
	}
	if l.all[who] == nil {
		l.all[who] = rate.NewLimiter(per, burst)
	}
	return l.all[who].Allow()
}
