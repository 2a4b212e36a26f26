// Package limit counts how often somebody asks, over all nodes together.
//
// Each node counts for itself and tells the others now and then how much it
// has counted in all; they take that off what they would still allow. So the
// limit holds for the installation, give or take one telling a node. While the
// bell is lost, each node holds it for itself.
package limit

import (
	"crypto/rand"
	"encoding/json"
	"maps"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"rapport/internal/platform/clock"
)

// Bell is the part of the bus that limits need.
type Bell interface {
	Publish(subject string, data []byte)
	Subscribe(subject string, fn func(data []byte)) (cancel func())
}

const (
	subject = "limit"
	maxKept = 50_000 // who is counted at once
	share   = 20     // a node tells the others each time it has allowed this part of a burst
)

// Rate is how often somebody may ask.
type Rate struct {
	PerSecond float64
	Burst     int
}

func (r Rate) step() int64 { return int64(max(1, r.Burst/share)) }

// Limits counts by name. It is safe for use by many goroutines.
type Limits struct {
	bell  Bell
	clock clock.Clock
	node  string

	mu  sync.Mutex
	all map[string]*count
}

// count is what is known of one name.
type count struct {
	*rate.Limiter
	rate   Rate
	ours   int64            // allowed here since the name is known
	told   int64            // and what of it the others know
	theirs map[string]int64 // what each of them has told
}

// telling is what a node tells of a name: everything it has allowed so far, so
// that one that is lost is made good by the next.
type telling struct {
	Node string `json:"n"`
	Who  string `json:"w"`
	All  int64  `json:"a"`
	Rate Rate   `json:"r"`
}

// New makes limits that are shared over b until end is called.
func New(b Bell, c clock.Clock) (l *Limits, end func()) {
	l = &Limits{bell: b, clock: c, node: rand.Text()[:12], all: map[string]*count{}}
	return l, b.Subscribe(subject, l.hear)
}

// Allow counts one more and reports whether who may.
func (l *Limits) Allow(who string, r Rate) bool { return l.Take(who, r) == 0 }

// Take counts one more if who may, and otherwise tells when to come again.
func (l *Limits) Take(who string, r Rate) (wait time.Duration) {
	l.mu.Lock()
	c, now := l.of(who, r), l.clock.Now()
	use := c.ReserveN(now, 1)
	if wait = use.DelayFrom(now); wait > 0 {
		use.CancelAt(now)
	} else {
		c.ours++
	}
	tell := c.ours-c.told >= r.step()
	if tell {
		c.told = c.ours
	}
	all := c.ours
	l.mu.Unlock()
	if tell {
		data, _ := json.Marshal(telling{l.node, who, all, r})
		l.bell.Publish(subject, data)
	}
	return wait
}

// of finds a name's count; the caller holds the lock.
func (l *Limits) of(who string, r Rate) *count {
	if c := l.all[who]; c != nil {
		return c
	}
	if len(l.all) >= maxKept {
		l.makeRoom()
	}
	c := &count{Limiter: rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst), rate: r, theirs: map[string]int64{}}
	l.all[who] = c
	return c
}

// makeRoom forgets who may ask as if they never had. When that is not half of
// them all start anew: looking again at every newcomer would take too long.
func (l *Limits) makeRoom() {
	now := l.clock.Now()
	maps.DeleteFunc(l.all, func(_ string, c *count) bool { return c.TokensAt(now) >= float64(c.rate.Burst) })
	if len(l.all) > maxKept/2 {
		clear(l.all)
	}
}

// hear takes off what another node has allowed. Of a node not heard of before,
// only the last telling counts: the rest may be long ago.
func (l *Limits) hear(data []byte) {
	var t telling
	if json.Unmarshal(data, &t) != nil || t.Node == l.node || t.Rate.Burst < 1 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.of(t.Who, t.Rate)
	before, known := c.theirs[t.Node]
	c.theirs[t.Node] = t.All
	more := t.All - before
	if !known || more < 0 {
		more = t.Rate.step()
	}
	c.ReserveN(l.clock.Now(), int(min(more, int64(c.rate.Burst))))
}
