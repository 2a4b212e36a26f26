package node_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/node"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// world is a database with two nodes on one clock.
type world struct {
	t     *testing.T
	ctx   context.Context
	d     *db.DB
	clock *clock.Fake
	a, b  *node.Registry
}

func each(t *testing.T, test func(w world)) {
	t.Parallel()
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		c := clock.NewFake(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		w := world{t: t, ctx: context.Background(), d: d, clock: c, a: node.New(d, c, "a", "1", "here"), b: node.New(d, c, "b", "1", "here")}
		w.must(w.a.Join(w.ctx, true))
		w.must(w.b.Join(w.ctx, false))
		test(w)
	})
}

func (w world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// work is one node's Hold of a lease.
type work struct {
	began chan struct{}   // each time it begins
	lost  chan struct{}   // each time its lease ends
	give  func()          // gives it back and waits for that
	ctx   context.Context // of Hold
}

func (w world) hold(r *node.Registry, name string) work {
	ctx, cancel := context.WithCancel(w.ctx)
	k := work{began: make(chan struct{}, 9), lost: make(chan struct{}, 9), ctx: ctx}
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Hold(ctx, name, func(ctx context.Context) {
			k.began <- struct{}{}
			<-ctx.Done()
			k.lost <- struct{}{}
		})
	}()
	k.give = func() { cancel(); <-done }
	w.t.Cleanup(k.give)
	return k
}

// waits returns when a node waits for a lease.
func (w world) waits(r *node.Registry, name string) {
	for !r.Waits(name) {
		runtime.Gosched()
	}
}

// contested is a lease that a has and b waits for.
func (w world) contested(name string) (first, second work) {
	first = w.hold(w.a, name)
	<-first.began
	second = w.hold(w.b, name)
	w.waits(w.b, name)
	return first, second
}

func TestOneAtATimeAndHandedOnAtOnce(t *testing.T) {
	each(t, func(w world) {
		first, second := w.contested("mailbox:1")
		other := w.hold(w.b, "mailbox:2")
		<-other.began
		w.b.Look(w.ctx)
		if len(second.began) > 0 {
			w.t.Fatal("two have the lease")
		}
		first.give()
		w.b.Look(w.ctx)
		<-second.began
	})
}

func TestALeaseIsRenewed(t *testing.T) {
	each(t, func(w world) {
		first, _ := w.contested("x")
		for range 10 {
			w.clock.Advance(node.LeaseTime - time.Second)
			w.a.Renew(w.ctx)
			w.b.Look(w.ctx)
		}
		if len(first.lost) > 0 || !w.b.Waits("x") {
			w.t.Error("it changed hands")
		}
	})
}

// HA-02: who sleeps loses the lease, and notices when it wakes.
func TestHA02WhoSleepsIsReplaced(t *testing.T) {
	each(t, func(w world) {
		first, second := w.contested("x")
		w.clock.Advance(2 * time.Minute)
		w.b.Look(w.ctx)
		<-second.began
		w.b.Renew(w.ctx)
		w.a.Renew(w.ctx)
		<-first.lost
		w.waits(w.a, "x") // and stands in line again
		if len(second.lost) > 0 {
			w.t.Error("both lost it")
		}
	})
}

// A lease that was over and that nobody has taken is not revived: somebody may
// have had it in between.
func TestALeaseThatWasOverIsTakenAnew(t *testing.T) {
	each(t, func(w world) {
		first := w.hold(w.a, "x")
		<-first.began
		w.clock.Advance(node.LeaseTime + time.Second)
		w.a.Renew(w.ctx)
		<-first.lost
		<-first.began
	})
}

func TestALeaseTakenDuringARenewalLives(t *testing.T) {
	each(t, func(w world) {
		old := w.hold(w.a, "x")
		<-old.began
		var young work
		w.a.RenewAround(w.ctx, func() {
			young = w.hold(w.a, "y")
			<-young.began
		})
		w.a.Renew(w.ctx)
		if len(old.lost)+len(young.lost) > 0 {
			w.t.Error("a lease was lost that is held")
		}
	})
}

// The connection may break between a lease being taken and the answer: nobody
// works under it, and it must not be renewed for ever.
func TestALeaseTakenWithoutAnAnswerIsTakenAgain(t *testing.T) {
	each(t, func(w world) {
		_, mine := w.contested("x")
		for _, name := range []string{"x", "y"} {
			_, err := db.Exec(w.ctx, w.d, `INSERT INTO leases (name, owner, generation, expires_at) VALUES ($1, $2, 7, $3)
				ON CONFLICT (name) DO UPDATE SET owner = excluded.owner`, name, w.b.Me().ID, db.Micros(w.clock.Now().Add(node.LeaseTime)))
			w.must(err)
		}
		w.clock.Advance(node.LeaseTime / 2)
		w.b.Renew(w.ctx)
		w.b.Look(w.ctx)
		<-mine.began
		// For y nobody waits here: it is over in its time, for others.
		w.clock.Advance(node.LeaseTime/2 + time.Second)
		w.b.Renew(w.ctx)
		elsewhere := w.hold(w.a, "y")
		<-elsewhere.began
	})
}

func TestTheFirstLeavesABackupsHoldAlone(t *testing.T) {
	each(t, func(w world) {
		ends := db.Micros(w.clock.Now().Add(time.Hour))
		_, err := db.Exec(w.ctx, w.d, "INSERT INTO leases (name, owner, generation, expires_at) VALUES ('files', '', 1, $1)", ends)
		w.must(err)
		w.must(node.New(w.d, w.clock, "c", "1", "here").Join(w.ctx, true))
		got, err := db.One(w.ctx, w.d, db.Int64, "SELECT expires_at FROM leases WHERE name = 'files'")
		if err != nil || got != ends {
			w.t.Errorf("ends at %d, not %d: %v", got, ends, err)
		}
	})
}

func TestAnEarlierLifeIsBuried(t *testing.T) {
	each(t, func(w world) {
		killed, next := w.contested("x")
		w.must(w.b.Bury(w.ctx, "nobody"))
		w.b.Look(w.ctx)
		if !w.b.Waits("x") {
			w.t.Error("two have the lease")
		}
		w.must(w.b.Bury(w.ctx, w.a.Me().ID))
		w.b.Look(w.ctx)
		<-next.began
		w.a.Renew(w.ctx) // it was alive after all
		<-killed.lost
	})
}

func TestTheNodesAreListed(t *testing.T) {
	each(t, func(w world) {
		w.clock.Advance(node.LeaseTime + time.Second)
		w.b.Renew(w.ctx)
		all, err := w.a.All(w.ctx)
		w.must(err)
		if len(all) != 2 || all[0].ID != w.b.Me().ID || !all[0].Alive || all[1].Alive {
			w.t.Errorf("%+v", all)
		}
		w.clock.Advance(time.Hour)
		w.b.Renew(w.ctx)
		if all, _ = w.a.All(w.ctx); len(all) != 1 {
			w.t.Errorf("after an hour: %+v", all)
		}
		w.must(w.b.Leave(w.ctx))
		if all, _ = w.a.All(w.ctx); len(all) != 0 {
			w.t.Errorf("after leaving: %+v", all)
		}
	})
}

func TestTheFirstSweepsAndTheOthersCompare(t *testing.T) {
	each(t, func(w world) {
		left := w.hold(w.a, "x")
		<-left.began
		elsewhere := node.New(w.d, w.clock, "c", "1", "there")
		if err := elsewhere.Join(w.ctx, false); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "here") {
			w.t.Errorf("with files elsewhere: %v", err)
		}
		w.must(elsewhere.Join(w.ctx, true)) // nobody else is there
		taken := w.hold(elsewhere, "x")
		<-taken.began
		w.must(elsewhere.Leave(w.ctx))
		again := w.hold(w.b, "x")
		<-again.began
	})
}
