package job

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
)

// Queue holds the jobs of a database and works on them. Each kind has workers
// of its own, so a slow kind never holds up another.
type Queue struct {
	store store
	clock clock.Clock
	node  string
	kinds map[string]*kind
	plans []plan
	still atomic.Bool // nothing leaves: see PauseOutgoing

	mu      sync.Mutex
	running bool
}

// kind is a handler with its workers and what waits for them in memory.
type kind struct {
	name    string
	handle  Handler
	options Options

	mu      sync.Mutex
	pending []Job          // leased to this node, not started
	active  int            // in a worker's hands
	held    map[int64]bool // both, by id
	perTgt  map[string]int // of those, by target
	wake    chan struct{}
}

type plan struct {
	name  string
	every time.Duration
	run   func(ctx context.Context) error
}

// Times of leases and polls. A lease outlives two missed renewals.
const (
	leaseTime  = 30 * time.Second
	renewEvery = 10 * time.Second
	pollEvery  = time.Second
	// keepInMemory bounds what one kind holds leased but not started.
	keepInMemory = 256
)

// NewQueue makes the queue of a database. Handlers are added with Handle
// before Run.
func NewQueue(s Store, c clock.Clock) *Queue {
	return &Queue{store: store{s}, clock: c, node: rand.Text()[:12], kinds: map[string]*kind{}}
}

// Handle sets the handler of a kind.
func (q *Queue) Handle(name string, h Handler, o Options) {
	if o.Workers == 0 {
		o.Workers = 2
	}
	if o.PerTarget == 0 {
		o.PerTarget = o.Workers
	}
	if o.MaxAttempts == 0 {
		o.MaxAttempts = 12
	}
	if o.Backoff == nil {
		o.Backoff = backoff
	}
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Minute
	}
	q.kinds[name] = &kind{name: name, handle: h, options: o, perTgt: map[string]int{}, held: map[int64]bool{}, wake: make(chan struct{}, 1)}
}

// Every runs fn about once per interval over all nodes, inside a transaction
// that also notes the turn. fn enqueues jobs or changes rows; it does no I/O.
func (q *Queue) Every(name string, interval time.Duration, fn func(ctx context.Context) error) {
	q.plans = append(q.plans, plan{name, interval, fn})
}

// Enqueue adds a job to the transaction in ctx and returns its id; 0 when a
// job with the same UniqueKey exists. It is worked on after the commit.
func (q *Queue) Enqueue(ctx context.Context, n New) (int64, error) {
	const op = "job.Enqueue"
	k := q.kinds[n.Kind]
	if k == nil {
		return 0, fault.Newf(op, fault.Internal, "no handler for job kind %q", n.Kind)
	}
	args, err := json.Marshal(n.Args)
	if err != nil {
		return 0, fault.As(op, fault.Internal, "", err)
	}
	id, err := q.store.d.NewID(ctx)
	if err != nil {
		return 0, fault.Wrap(op, err)
	}
	now := q.clock.Now()
	if n.RunAt.IsZero() {
		n.RunAt = now
	}
	j := Job{ID: id, WorkspaceID: n.WorkspaceID, Kind: n.Kind, Target: n.Target, MaxAttempts: k.options.MaxAttempts,
		CreatedAt: now, args: args, queue: n.Kind, finished: new(bool)}
	state, node, until := Waiting, "", time.Time{}
	mine := q.isRunning() && !n.RunAt.After(now) && k.room() && !q.stands(k)
	if mine {
		state, node, until = Running, q.node, now.Add(leaseTime)
		j.Attempt, j.generation = 1, 1
	}
	added, err := q.store.insert(ctx, j, state, node, n.RunAt, until, n.UniqueKey)
	if err != nil || !added {
		return 0, fault.Wrap(op, err)
	}
	q.store.d.AfterCommit(ctx, func() {
		if mine {
			k.add(j)
		}
		k.ring()
	})
	return id, nil
}

// Done finishes j in the transaction of ctx, so that its effect and its end
// are one. A lost lease is a Conflict, and the effect must roll back.
func (q *Queue) Done(ctx context.Context, j Job) error {
	e := End(j)
	if err := q.store.ask(ctx, e); err != nil {
		return fault.Wrap("job.Done", err)
	}
	return q.Ended(ctx, e)
}

// Ended is Done for a caller who has asked End with questions of its own.
func (q *Queue) Ended(ctx context.Context, e *Ending) error {
	if len(e.Rows) == 0 {
		return fault.New("job.Done", fault.Conflict, "the lease of this job was lost")
	}
	q.store.d.AfterCommit(ctx, func() { *e.job.finished = true })
	return nil
}

// List returns the newest jobs, at most 200: of one workspace or, with 0, of
// all; in one state or, with "", in any.
func (q *Queue) List(ctx context.Context, workspaceID int64, state State) ([]Info, error) {
	return q.store.list(ctx, workspaceID, state, 200)
}

// Counts returns how many jobs stand in each state.
func (q *Queue) Counts(ctx context.Context) (map[State]int64, error) { return q.store.counts(ctx) }

// Retry gives a dead or waiting job a fresh start now; NotFound while it runs.
func (q *Queue) Retry(ctx context.Context, workspaceID, id int64) error {
	if err := q.store.revive(ctx, workspaceID, id, q.clock.Now()); err != nil {
		return fault.Wrap("job.Retry", err)
	}
	q.ringAll()
	return nil
}

// Drop removes a job for good; NotFound while it runs.
func (q *Queue) Drop(ctx context.Context, workspaceID, id int64) error {
	return fault.Wrap("job.Drop", q.store.within(ctx, func(ctx context.Context) error {
		j, err := q.store.drop(ctx, workspaceID, id)
		if err != nil {
			return err
		}
		if k := q.kinds[j.Kind]; k != nil && k.options.OnDrop != nil {
			return k.options.OnDrop(ctx, j)
		}
		return nil
	}))
}

// Withdraw is Cancel that tells whether there was a job that did not run.
func (q *Queue) Withdraw(ctx context.Context, uniqueKey string) (bool, error) {
	n, err := q.store.dropKey(ctx, uniqueKey)
	return n > 0, fault.Wrap("job.Withdraw", err)
}

// Cancel removes the job with this key unless it runs already; none is no error.
func (q *Queue) Cancel(ctx context.Context, uniqueKey string) error {
	_, err := q.store.dropKey(ctx, uniqueKey)
	return fault.Wrap("job.Cancel", err)
}

// Hurry has the jobs of a kind and a target run now, and those that run already
// once more if they are put back: they may have looked before what they wait for
// was there. Their attempts stay as they are.
func (q *Queue) Hurry(ctx context.Context, workspaceID int64, kind, target string) error {
	err := q.store.hurry(ctx, workspaceID, kind, target, q.clock.Now())
	q.store.d.AfterCommit(ctx, q.ringAll)
	return fault.Wrap("job.Hurry", err)
}

// HurryKeys is Hurry for the jobs with these unique keys.
func (q *Queue) HurryKeys(ctx context.Context, uniqueKeys ...string) error {
	err := q.store.hurryKeys(ctx, uniqueKeys, q.clock.Now())
	q.store.d.AfterCommit(ctx, q.ringAll)
	return fault.Wrap("job.HurryKeys", err)
}

func (q *Queue) isRunning() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.running
}

func (q *Queue) setRunning(on bool) {
	q.mu.Lock()
	q.running = on
	q.mu.Unlock()
}

func (q *Queue) ringAll() {
	for _, k := range q.kinds {
		k.ring()
	}
}

func (k *kind) room() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.pending) < keepInMemory
}

func (k *kind) add(jobs ...Job) {
	k.mu.Lock()
	k.pending = append(k.pending, jobs...)
	for _, j := range jobs {
		k.held[j.ID] = true
	}
	k.mu.Unlock()
}

func (k *kind) ring() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// next takes the first pending job whose target has room, and reports whether
// the caller should claim more.
func (k *kind) next() (Job, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.active >= k.options.Workers {
		return Job{}, false
	}
	for i, j := range k.pending {
		if j.Target == "" || k.perTgt[j.Target] < k.options.PerTarget {
			k.pending = append(k.pending[:i], k.pending[i+1:]...)
			k.active++
			k.perTgt[j.Target]++
			return j, true
		}
	}
	return Job{}, false
}

func (k *kind) release(j Job) {
	k.mu.Lock()
	k.active--
	delete(k.held, j.ID)
	if k.perTgt[j.Target]--; k.perTgt[j.Target] <= 0 {
		delete(k.perTgt, j.Target)
	}
	k.mu.Unlock()
	k.ring()
}

// wanted is how many jobs the kind could use, and which targets are full.
func (k *kind) wanted() (n int, busy []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	held := map[string]int{}
	for _, j := range k.pending {
		held[j.Target]++
	}
	for target, running := range k.perTgt {
		if target != "" && running+held[target] >= k.options.PerTarget {
			busy = append(busy, target)
		}
	}
	for target, waiting := range held {
		if target != "" && k.perTgt[target] == 0 && waiting >= k.options.PerTarget {
			busy = append(busy, target)
		}
	}
	free := k.options.Workers - k.active
	ready := 0
	for target, waiting := range held {
		if target == "" {
			ready += waiting
			continue
		}
		ready += max(0, min(waiting, k.options.PerTarget-k.perTgt[target]))
	}
	if free-ready <= 0 {
		return 0, nil
	}
	return 4 * (free - ready), busy
}

// Info returns one job, whatever its workspace.
func (q *Queue) Info(ctx context.Context, id int64) (Info, error) {
	i, err := q.store.info(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return Info{}, fault.Newf("job.Info", fault.NotFound, "There is no job %d.", id)
	}
	return i, fault.Wrap("job.Info", err)
}
