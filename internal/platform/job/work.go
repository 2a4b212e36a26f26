package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"rapport/internal/platform/fault"
)

// stopGrace is how long jobs in hand may go on when the server stops. Then they
// are interrupted and go to whoever comes next, within what is left of their
// leases.
const stopGrace = 15 * time.Second

// Run works on jobs until ctx ends, then waits for the ones in hand. alone
// says that no other process uses the database: every lease found is taken
// over at once.
func (q *Queue) Run(ctx context.Context, alone bool) {
	if _, err := q.store.rescue(ctx, q.clock.Now(), alone); err != nil {
		slog.Error("jobs: rescue", "error", err)
	}
	if len(q.outgoing()) > 0 {
		q.still.Store(true)
		q.lookForPause(ctx)
	}
	q.setRunning(true)
	defer q.setRunning(false)
	var wg sync.WaitGroup
	for _, k := range q.kinds {
		wg.Go(func() { q.serve(ctx, k) })
	}
	wg.Go(func() { q.keepLeases(ctx) })
	wg.Go(func() { q.watchPause(ctx) })
	for _, p := range q.plans {
		wg.Go(func() { q.follow(ctx, p) })
	}
	<-ctx.Done()
	q.setRunning(false) // what is enqueued from now on is for the others
	for _, k := range q.kinds {
		q.giveBack(k)
	}
	wg.Wait()
	q.Release()
}

// Release gives everything this node has leased to whoever comes next. Run has
// done so as it ended; requests that were answered meanwhile may have leased
// more.
func (q *Queue) Release() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := q.store.handOn(ctx, q.node); err != nil {
		slog.Error("jobs: release", "error", err) // the leases end by themselves
	}
}

// serve feeds a kind's workers.
func (q *Queue) serve(ctx context.Context, k *kind) {
	var workers sync.WaitGroup
	defer workers.Wait()
	for ctx.Err() == nil {
		for !q.stands(k) && ctx.Err() == nil {
			j, ok := k.next()
			if !ok {
				break
			}
			workers.Go(func() {
				defer k.release(j)
				q.attempt(ctx, k, j)
			})
		}
		if q.claim(ctx, k) {
			continue
		}
		select {
		case <-ctx.Done():
		case <-k.wake:
		case <-time.After(pollEvery):
		}
	}
}

// claim leases more due jobs for a kind and reports whether it got any.
func (q *Queue) claim(ctx context.Context, k *kind) bool {
	n, busy := k.wanted()
	if n == 0 || q.stands(k) {
		return false
	}
	now := q.clock.Now()
	// A look in the reading pool spares the writer an empty update.
	if due, err := q.store.due(ctx, k.name, now); err != nil || !due {
		return false
	}
	jobs, err := q.store.claim(ctx, k.name, q.node, now, now.Add(leaseTime), busy, n)
	if err != nil {
		if ctx.Err() == nil {
			slog.Error("jobs: claim", "kind", k.name, "error", err)
		}
		return false
	}
	k.add(jobs...)
	return len(jobs) > 0
}

// attempt runs a job once and settles the outcome. A stop of the server lets
// it finish within its timeout.
func (q *Queue) attempt(ctx context.Context, k *kind, j Job) {
	serving := ctx
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), k.options.Timeout)
	defer cancel()
	defer context.AfterFunc(serving, func() { time.AfterFunc(stopGrace, cancel) })()
	err := call(ctx, k.handle, j)
	if *j.finished {
		return
	}
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		err = Later(0, j.LastError) // interrupted: no failure of the job
	}
	settle, done := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer done()
	if err := q.settle(settle, k, j, err); err != nil {
		slog.Error("jobs: settle", "kind", j.Kind, "job", j.ID, "error", err)
	}
}

func call(ctx context.Context, h Handler, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("job panicked", "kind", j.Kind, "job", j.ID, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return h(ctx, j)
}

func (q *Queue) settle(ctx context.Context, k *kind, j Job, cause error) error {
	if cause == nil {
		return q.store.finish(ctx, j) // a lost lease: the successor settles it
	}
	now := q.clock.Now()
	var l later
	if errors.As(cause, &l) {
		_, err := q.store.putBack(ctx, j, Waiting, now, now.Add(l.after), j.Attempt-1, l.reason)
		return err
	}
	reason := cause.Error()
	if words := fault.MessageOf(cause); words != "" {
		reason = words
	}
	if isPermanent(cause) || j.Attempt >= j.MaxAttempts {
		return q.giveUp(ctx, k, j, reason)
	}
	slog.Info("job failed, will be tried again", "kind", j.Kind, "job", j.ID, "attempt", j.Attempt, "error", cause)
	_, err := q.store.putBack(ctx, j, Waiting, now, now.Add(k.options.Backoff(j.Attempt)), j.Attempt, reason)
	return err
}

// giveUp lays a job before a person and tells the kind, in one transaction.
func (q *Queue) giveUp(ctx context.Context, k *kind, j Job, reason string) error {
	slog.Warn("job given up", "kind", j.Kind, "job", j.ID, "attempts", j.Attempt, "error", reason)
	return q.store.within(ctx, func(ctx context.Context) error {
		ok, err := q.store.putBack(ctx, j, Dead, q.clock.Now(), q.clock.Now(), j.Attempt, reason)
		if err != nil || !ok || k.options.OnDead == nil {
			return err
		}
		j.LastError = reason
		return k.options.OnDead(ctx, j)
	})
}

// keepLeases renews this node's leases and frees those of nodes that died.
func (q *Queue) keepLeases(ctx context.Context) {
	var strays map[int64]bool
	for tick := time.NewTicker(renewEvery); ctx.Err() == nil; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
		now := q.clock.Now()
		if err := q.store.renew(ctx, q.node, now.Add(leaseTime)); err != nil && ctx.Err() == nil {
			slog.Error("jobs: renew", "error", err)
		}
		strays = q.freeStrays(ctx, strays)
		if n, err := q.store.rescue(ctx, now, false); err == nil && n > 0 {
			slog.Warn("jobs: took over ended leases", "jobs", n)
			q.ringAll()
		}
	}
}

// freeStrays frees jobs that are leased to this node and that it knows nothing
// of, and returns those that it has missed for the first time: they may be on
// their way. It happens when the database commits and its answer is lost, as
// in a restart; renewing them all would keep them for ever.
func (q *Queue) freeStrays(ctx context.Context, before map[int64]bool) (missed map[int64]bool) {
	leased, err := q.store.leased(ctx, q.node)
	if err != nil {
		return before
	}
	missed = map[int64]bool{}
	for _, j := range leased {
		switch {
		case q.holds(j):
		case !before[j.ID]:
			missed[j.ID] = true
		default:
			slog.Warn("jobs: freed one that was leased and never begun", "job", j.ID, "kind", j.Kind)
			if _, err := q.store.putBack(ctx, j, Waiting, q.clock.Now(), q.clock.Now(), max(0, j.Attempt-1), j.LastError); err != nil {
				missed[j.ID] = true
			}
		}
	}
	return missed
}

func (q *Queue) holds(j Job) bool {
	k := q.kinds[j.queue]
	if k == nil {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.held[j.ID]
}

// giveBack returns leased jobs that were never started.
func (q *Queue) giveBack(k *kind) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	k.mu.Lock()
	jobs := k.pending
	k.pending = nil
	for _, j := range jobs {
		delete(k.held, j.ID)
	}
	k.mu.Unlock()
	for _, j := range jobs {
		if _, err := q.store.putBack(ctx, j, Waiting, q.clock.Now(), q.clock.Now(), j.Attempt-1, j.LastError); err != nil {
			slog.Error("jobs: give back", "job", j.ID, "error", err) // its lease ends by itself
		}
	}
}

// follow takes a schedule's turns.
func (q *Queue) follow(ctx context.Context, p plan) {
	for ctx.Err() == nil {
		if err := q.takeTurn(ctx, p); err != nil && ctx.Err() == nil {
			slog.Error("schedule failed", "schedule", p.name, "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(min(p.every, pollEvery)):
		}
	}
}

func (q *Queue) takeTurn(ctx context.Context, p plan) error {
	now := q.clock.Now()
	if next, err := q.store.nextTurn(ctx, p.name); err != nil || next.After(now) {
		return err
	}
	return q.store.within(ctx, func(ctx context.Context) error {
		mine, err := q.store.turn(ctx, p.name, now, now.Add(p.every))
		if err != nil || !mine {
			return err
		}
		return p.run(ctx)
	})
}
