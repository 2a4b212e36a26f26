package node

import (
	"context"
	"crypto/rand"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
)

// Times of leases. A lease outlives two missed renewals.
const (
	LeaseTime  = 30 * time.Second
	renewEvery = 10 * time.Second
	lookEvery  = 2 * time.Second // for leases that have become free
	forgetTime = 10 * time.Minute
)

// Node is one serving process.
type Node struct {
	ID        string // of this life of the process
	Name      string // what people call its machine
	Version   string
	Files     string // where it keeps large files; all nodes keep them in one place
	StartedAt time.Time
	SeenAt    time.Time
	Alive     bool
}

// Registry is this node among the others.
type Registry struct {
	store store
	clock clock.Clock
	me    Node

	mu      sync.Mutex
	renewed time.Time
	held    map[string]*held
	waiting map[string]chan struct{}
}

// held is a lease of ours and the work that is done under it.
type held struct {
	generation int64
	stop       context.CancelFunc
}

// New makes the registry of a database; this node is in it after Join. name,
// version and files are told to the others.
func New(s Store, c clock.Clock, name, version, files string) *Registry {
	return &Registry{store: store{s}, clock: c, held: map[string]*held{}, waiting: map[string]chan struct{}{},
		me: Node{ID: rand.Text()[:12], Name: name, Version: version, Files: files, StartedAt: c.Now()}}
}

// Me is this node.
func (r *Registry) Me() Node { return r.me }

// Join adds this node. first says that nobody else serves: what others have
// left behind is swept away, so that nothing waits for the end of a lease.
// With others, Files must be theirs; else it is a Conflict that names one.
func (r *Registry) Join(ctx context.Context, first bool) error {
	const op = "node.Join"
	err := r.store.within(ctx, func(ctx context.Context) error {
		if first {
			if err := r.store.clear(ctx); err != nil {
				return err
			}
		}
		now := r.clock.Now()
		all, err := r.store.nodes(ctx, now)
		if err != nil {
			return err
		}
		for _, n := range all {
			if n.Alive && n.Files != r.me.Files {
				return fault.Newf(op, fault.Conflict, "The node %s keeps large files in %s, this one would keep them in %s. All nodes need the same place.", n.Name, n.Files, r.me.Files)
			}
		}
		return r.store.put(ctx, r.me, now, now.Add(LeaseTime))
	})
	if err == nil {
		r.mu.Lock()
		r.renewed = r.clock.Now()
		r.mu.Unlock()
	}
	return fault.Wrap(op, err)
}

// Run keeps this node and its leases alive until ctx ends. also is called with
// each renewal; a Conflict from it ends Run with that error.
func (r *Registry) Run(ctx context.Context, also func(context.Context) error) error {
	renew, look := time.NewTicker(renewEvery), time.NewTicker(lookEvery)
	defer renew.Stop()
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
			r.look(ctx)
		case <-renew.C:
			if err := also(ctx); fault.Is(err, fault.Conflict) {
				return err
			}
			r.renew(ctx)
		}
	}
}

// renew renews this node and the leases it works under, in one transaction.
// What it could not renew in time, or finds in other hands, is no longer its
// own.
func (r *Registry) renew(ctx context.Context) {
	now, working := r.clock.Now(), r.working()
	mine, err := r.extend(ctx, now, working)
	r.judge(now, working, mine, err)
}

// working are the leases this node works under at this moment.
func (r *Registry) working() map[string]*held {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.held)
}

// extend tells the generations of those leases that are its own.
func (r *Registry) extend(ctx context.Context, now time.Time, working map[string]*held) (mine map[string]int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, renewEvery)
	defer cancel()
	err = r.store.within(ctx, func(ctx context.Context) (err error) {
		if err := r.store.put(ctx, r.me, now, now.Add(LeaseTime)); err != nil {
			return err
		}
		if err := r.store.forget(ctx, now.Add(-forgetTime)); err != nil {
			return err
		}
		mine, err = r.store.renew(ctx, r.me.ID, slices.Collect(maps.Keys(working)), now, now.Add(LeaseTime))
		return err
	})
	return mine, err
}

// judge ends the work under leases that are lost. One that was taken while the
// others were renewed is not among working, and lives.
func (r *Registry) judge(now time.Time, working map[string]*held, mine map[string]int64, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		slog.Warn("node: leases could not be renewed", "error", err)
		if r.clock.Now().Sub(r.renewed) < LeaseTime {
			return
		}
		mine = nil // their time is over, whoever has them now
	} else {
		r.renewed = now
	}
	for name, h := range working {
		if r.held[name] == h && mine[name] != h.generation {
			slog.Warn("node: a lease was lost", "lease", name)
			h.stop()
		}
	}
}

// look wakes those who wait for a lease that has become free.
func (r *Registry) look(ctx context.Context) {
	r.mu.Lock()
	waiting := len(r.waiting)
	r.mu.Unlock()
	if waiting == 0 {
		return
	}
	taken, err := r.store.taken(ctx, r.me.ID, r.clock.Now())
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, wake := range r.waiting {
		if !taken[name] {
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	}
}

// Hold runs work while this node has the lease of that name, which it waits
// for: work's context ends with the lease or with ctx. It returns when ctx has
// ended and the lease is given back. One Hold for a name at a time.
func (r *Registry) Hold(ctx context.Context, name string, work func(context.Context)) {
	wake := make(chan struct{}, 1)
	for ctx.Err() == nil {
		if generation, ok := r.take(ctx, name); ok {
			r.work(ctx, name, generation, work)
			continue
		}
		r.mu.Lock()
		r.waiting[name] = wake
		r.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-wake:
		}
		r.mu.Lock()
		delete(r.waiting, name)
		r.mu.Unlock()
	}
}

func (r *Registry) take(ctx context.Context, name string) (generation int64, ok bool) {
	now := r.clock.Now()
	generation, ok, err := r.store.take(ctx, name, r.me.ID, now, now.Add(LeaseTime))
	if err != nil && ctx.Err() == nil {
		slog.Warn("node: a lease could not be taken", "lease", name, "error", err)
	}
	return generation, ok && err == nil
}

func (r *Registry) work(ctx context.Context, name string, generation int64, work func(context.Context)) {
	inside, stop := context.WithCancel(ctx)
	defer stop()
	r.mu.Lock()
	r.held[name] = &held{generation, stop}
	r.mu.Unlock()
	work(inside)
	r.mu.Lock()
	delete(r.held, name)
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := r.store.release(ctx, name, r.me.ID, generation); err != nil {
		slog.Warn("node: a lease could not be given back", "lease", name, "error", err) // it ends by itself
	}
}

// All lists the nodes that were here lately, the living first.
func (r *Registry) All(ctx context.Context) ([]Node, error) {
	all, err := r.store.nodes(ctx, r.clock.Now())
	return all, fault.Wrap("node.All", err)
}

// Bury takes out an earlier life of this node, which the caller knows to be
// over, and frees what it has held. Were it alive after all, it would find its
// leases lost, as after a sleep.
func (r *Registry) Bury(ctx context.Context, id string) error {
	return fault.Wrap("node.Bury", r.store.within(ctx, func(ctx context.Context) error { return r.store.remove(ctx, id) }))
}

// Leave takes this node out and frees what it still holds.
func (r *Registry) Leave(ctx context.Context) error {
	return fault.Wrap("node.Leave", r.store.within(ctx, func(ctx context.Context) error { return r.store.remove(ctx, r.me.ID) }))
}
