package email

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/platform/clock"
	"rapport/internal/testkit"
	"rapport/internal/testkit/hostile"
)

// TestMAIL29NewMailGoesBeforeAHistory: 2,000 old mails are read, and what comes
// in meanwhile is not behind them, also when reading begins anew half-way.
func TestMAIL29NewMailGoesBeforeAHistory(t *testing.T) {
	t.Parallel()
	const old = 2000
	s := hostile.StartIMAP(t)
	for n := range old {
		s.Deliver(letterNo(n))
	}
	k := &keeper{d: testkit.SQLite(t), keys: map[string]bool{}, mails: map[string]int{}}
	came := old
	behind := map[int]int{} // by live mail: how many old ones came between its arrival and it
	f := NewFetcher(FetcherDeps{Store: k.d, Guard: loopback(), Clock: clock.System})
	f.pause = growing
	order, batches := []string{}, 0
	f.channels = &watched{keeper: k, accepted: func(arrivals []channel.Arrival) {
		for _, a := range arrivals {
			order = append(order, string(a.Raw))
		}
		if batches++; batches%5 == 0 && came < old+6 {
			s.Deliver(letterNo(came))
			behind[came] = len(order)
			came++
		}
	}}
	server := hostileServer(s)
	for came < old+6 || len(order) < came { // a session for each few batches, as after restarts
		ctx, before := context.Background(), batches
		box, err := f.dial(ctx, server)
		if err != nil {
			t.Fatal(err)
		}
		w := newWatch(f, channel.Inbox{WorkspaceID: 1, ID: 7, Email: &channel.EmailSettings{IMAP: &server}})
		f.channels.(*watched).enough = func() bool { return batches-before > 12 }
		w.pass(ctx, box)
		box.Close()
	}
	if there, twice, strange := k.kept(came); there != came || twice != 0 || strange != 0 {
		t.Fatalf("%d of %d mails are there, %d twice, %d strange", there, came, twice, strange)
	}
	for n, at := range behind {
		if i := slices.Index(order, string(letterNo(n))); i < at || i > at+batchMails {
			t.Errorf("live mail %d came after %d others, it was delivered after %d", n, i, at)
		}
	}
	history := slices.DeleteFunc(order, func(raw string) bool {
		for n := old; n < came; n++ {
			if raw == string(letterNo(n)) {
				return true
			}
		}
		return false
	})
	for n, raw := range history {
		if raw != string(letterNo(n)) {
			t.Fatalf("place %d of the history is taken by another mail: %.60q", n, raw)
		}
	}
}

// watched is a keeper that tells what it has accepted, and may have enough.
type watched struct {
	*keeper
	accepted func([]channel.Arrival)
	enough   func() bool
}

func (w *watched) Accept(ctx context.Context, arrivals []channel.Arrival, also func(context.Context) error) error {
	if w.enough() {
		return fmt.Errorf("killed")
	}
	if err := w.keeper.Accept(ctx, arrivals, also); err != nil {
		return err
	}
	w.accepted(arrivals)
	return nil
}

// TestMAIL29AHistoryIsReadNoFasterThanItIsJudged: with nobody to judge them, only
// so many old mails are taken, and new ones still come in.
func TestMAIL29AHistoryIsReadNoFasterThanItIsJudged(t *testing.T) {
	t.Parallel()
	s, m := hostile.StartIMAP(t), newMailroom(t)
	m.endJobs()
	for n := range 2 * historyAhead {
		s.Deliver(letterNo(n))
	}
	m.inbox(hostileServer(s))
	end := m.background(m.fetcher().Run)
	m.until("the history waits", func() bool { return m.counters().Accepted == historyAhead })
	s.Deliver(letterNo(2 * historyAhead))
	m.until("the new mail", func() bool { return m.counters().Accepted == historyAhead+1 })
	end()
}
