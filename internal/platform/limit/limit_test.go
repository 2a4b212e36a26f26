package limit_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/limit"
)

// bell rings at once, in every node of a test.
type bell struct {
	mu   sync.Mutex
	lost bool
	ears []func([]byte)
}

func (b *bell) Publish(_ string, data []byte) {
	b.mu.Lock()
	ears, lost := b.ears, b.lost
	b.mu.Unlock()
	for _, ear := range ears {
		if !lost {
			ear(data)
		}
	}
}

func (b *bell) Subscribe(_ string, fn func([]byte)) func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ears = append(b.ears, fn)
	return func() {}
}

var per = limit.Rate{PerSecond: 10, Burst: 100}

func allowed(l *limit.Limits, who string, asked int) (n int) {
	for range asked {
		if l.Allow(who, per) {
			n++
		}
	}
	return n
}

func TestTheLimitHoldsForAllNodesTogether(t *testing.T) {
	t.Parallel()
	b, c := &bell{}, clock.NewFake(time.Unix(1_000_000, 0))
	var nodes []*limit.Limits
	for range 3 {
		l, _ := limit.New(b, c)
		nodes = append(nodes, l)
	}
	n := 0
	for range 200 {
		for _, l := range nodes {
			n += allowed(l, "ip 1", 1)
		}
	}
	if n < per.Burst || n > per.Burst*13/10 {
		t.Errorf("three nodes allowed %d of a burst of %d", n, per.Burst)
	}
	if n := allowed(nodes[0], "ip 2", 200); n != per.Burst {
		t.Errorf("somebody else is allowed %d", n)
	}
	if wait := nodes[2].Take("ip 1", per); wait <= 0 || wait > 5*time.Second {
		t.Errorf("come again in %v", wait)
	}
	c.Advance(time.Minute)
	if n := allowed(nodes[1], "ip 1", 200); n != per.Burst {
		t.Errorf("a minute later %d are allowed", n)
	}
}

func TestWithoutABellEachNodeHoldsItForItself(t *testing.T) {
	t.Parallel()
	b, c := &bell{lost: true}, clock.NewFake(time.Unix(1_000_000, 0))
	one, _ := limit.New(b, c)
	two, _ := limit.New(b, c)
	if n, m := allowed(one, "x", 200), allowed(two, "x", 200); n != per.Burst || m != per.Burst {
		t.Errorf("%d and %d", n, m)
	}
	// What was lost is told with the next telling.
	b.lost = false
	c.Advance(time.Minute)
	one.Allow("x", per)
	if n := allowed(one, "x", 10) + allowed(two, "x", 200); n > per.Burst {
		t.Errorf("%d", n)
	}
}

// Whoever can ask under many names gives nobody a fresh start by it.
func TestACrowdDoesNotLiftALimit(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(time.Unix(1_000_000, 0))
	l, _ := limit.New(&bell{}, c)
	allowed(l, "hasty", 200)
	for i := range 120_000 {
		if i%10_000 == 0 {
			c.Advance(200 * time.Millisecond)
		}
		l.Allow(fmt.Sprint("passer-by ", i), per)
	}
	if n := allowed(l, "hasty", 200); n > per.Burst/2 {
		t.Errorf("%d are allowed after 2.4 s at 10 a second", n)
	}
	// All of them in one moment are more than can be counted.
	for i := range 120_000 {
		l.Allow(fmt.Sprint("passer-by ", i), per)
	}
}

func TestNetworks(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string]string{
		"203.0.113.5": "203.0.113.5", "::ffff:203.0.113.5": "203.0.113.5", "2001:db8:1:2::9": "2001:db8:1:2::/64", "2001:db8:1:2:ffff::1": "2001:db8:1:2::/64",
		"fe80::1%eth0": "fe80::/64", "nowhere": "nowhere", "": "",
	} {
		if got := limit.Network(ip); got != want {
			t.Errorf("%q counts as %q, want %q", ip, got, want)
		}
	}
}
