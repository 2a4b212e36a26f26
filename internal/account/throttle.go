package account

import (
	"context"
	"net/netip"
	"time"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/token"
)

// limit says how many failures are free and how the delays grow after them.
type limit struct {
	free    int64
	first   time.Duration // the delay after the free failures; doubles with each further one
	longest time.Duration
	forget  time.Duration // failures count until this long after the last one
}

var (
	addressLimit = limit{free: 5, first: 30 * time.Second, longest: 15 * time.Minute, forget: 24 * time.Hour}
	networkLimit = limit{free: 30, first: 30 * time.Second, longest: 15 * time.Minute, forget: time.Hour}
	resetLimit   = limit{free: 3, first: 20 * time.Minute, longest: time.Hour, forget: 6 * time.Hour}
)

// tally is what is known of one address or network.
type tally struct {
	failures     int64
	last         time.Time
	blockedUntil time.Time
}

// next counts one more attempt at now. While the tally is blocked it stays as
// it is and wait is how long it will be.
func (l limit) next(t tally, now time.Time) (after tally, wait time.Duration) {
	if now.Before(t.blockedUntil) {
		return t, t.blockedUntil.Sub(now)
	}
	if now.Sub(t.last) > l.forget {
		t = tally{}
	}
	t.failures, t.last = t.failures+1, now
	if over := t.failures - l.free; over >= 0 {
		delay := l.longest
		if over < 16 {
			delay = min(l.first<<over, l.longest)
		}
		t.blockedUntil = now.Add(delay)
	}
	return t, 0
}

// gate is a limit on one address or network.
type gate struct {
	key string // a hash: the table holds no addresses
	limit
}

func addressGate(emailKey string) gate {
	return gate{token.Hash("address " + emailKey), addressLimit}
}

func resetGate(emailKey string) gate { return gate{token.Hash("reset " + emailKey), resetLimit} }

// networkGate counts an IPv4 address alone and IPv6 addresses by their /64,
// which one customer of a provider has to himself.
func networkGate(ip string) gate {
	if a, err := netip.ParseAddr(ip); err == nil {
		a = a.Unmap().WithZone("")
		if ip = a.String(); a.Is6() {
			ip = netip.PrefixFrom(a, 64).Masked().String()
		}
	}
	return gate{token.Hash("network " + ip), networkLimit}
}

// attempt counts an attempt at every gate before it is judged, so that many at
// once get no further than one after the other. A blocked gate is Limited and
// counts nothing.
func (r *Room) attempt(ctx context.Context, op string, gates ...gate) error {
	return r.store.within(ctx, func(ctx context.Context) error {
		now := r.clock.Now()
		for _, g := range gates {
			before, err := r.store.tally(ctx, g.key)
			if err != nil {
				return err
			}
			after, wait := g.next(before, now)
			if wait > 0 {
				return fault.Newf(op, fault.Limited, "Too many attempts. Try again in %s.", inWords(wait))
			}
			if err := r.store.setTally(ctx, g.key, after); err != nil {
				return err
			}
		}
		return nil
	})
}

// forgive takes back an attempt that turned out right: its address starts
// afresh, its network only loses this one count.
func (r *Room) forgive(ctx context.Context, address, network gate) error {
	if err := r.store.clearTally(ctx, address.key); err != nil {
		return err
	}
	return r.store.lessenTally(ctx, network.key)
}

func inWords(d time.Duration) string {
	switch s := int64((d + time.Second - 1) / time.Second); {
	case s <= 1:
		return "a second"
	case s <= 90:
		return plural(s, "second")
	default:
		return plural((s+59)/60, "minute")
	}
}
