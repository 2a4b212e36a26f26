package account

import (
	"context"
	"time"

	"rapport/internal/account/proof"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/limit"
	"rapport/internal/platform/token"
)

var (
	addressLimit = proof.Limit{Free: 5, First: 30 * time.Second, Longest: 15 * time.Minute, Forget: 24 * time.Hour}
	networkLimit = proof.Limit{Free: 30, First: 30 * time.Second, Longest: 15 * time.Minute, Forget: time.Hour}
	resetLimit   = proof.Limit{Free: 3, First: 20 * time.Minute, Longest: time.Hour, Forget: 6 * time.Hour}
)

// gate is a limit on one address or network.
type gate struct {
	key string // a hash: the table holds no addresses
	proof.Limit
}

func addressGate(emailKey string) gate {
	return gate{token.Hash("address " + emailKey), addressLimit}
}

// resetGates count mails for forgotten passwords apart from sign-ins.
func resetGates(emailKey, ip string) []gate {
	return []gate{{token.Hash("reset " + emailKey), resetLimit}, {token.Hash("reset from " + limit.Network(ip)), networkLimit}}
}

func networkGate(ip string) gate {
	return gate{token.Hash("network " + limit.Network(ip)), networkLimit}
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
			after, wait := g.Next(before, now)
			if wait > 0 {
				return fault.Newf(op, fault.Limited, "Too many attempts. Try again in %s.", proof.InWords(wait))
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
