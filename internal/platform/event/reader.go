package event

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
)

// Reader consumes the log of every workspace in order.
//
// A projection writes only its own tables, starts at 0 and may be rebuilt; it
// stops, red, at an event it cannot handle. A reaction may call verbs and
// enqueue jobs, starts at the head, is never rewound, guards each effect with
// Once, and parks an event that failed five times.
type Reader struct {
	Name     string
	Reaction bool
	// Handle gets the next events of one workspace, in order. It runs inside the
	// transaction that also moves the cursor and does no I/O; it may run again for
	// the same events after a rollback, and when it fails, for each alone.
	Handle func(ctx context.Context, events []Event) error
	// Reset empties a projection's tables for one workspace before a rebuild.
	Reset func(ctx context.Context, workspaceID int64) error
}

// Each makes the Handle of a reader that looks at one event after the other.
func Each(handle func(ctx context.Context, e Event) error) func(context.Context, []Event) error {
	return func(ctx context.Context, events []Event) error {
		for _, e := range events {
			if err := handle(ctx, e); err != nil {
				return fmt.Errorf("at event %d (%s): %w", e.Seq, e.Kind, err)
			}
		}
		return nil
	}
}

// Parked is an event a reaction gave up on, for a person to see.
type Parked struct {
	WorkspaceID int64
	Reader      string
	Seq         int64
	Kind        string
	Error       string
	At          time.Time
}

// State is where a reader stands, for the health page.
type State struct {
	Reader  string
	Behind  int64
	Stopped bool
	Error   string
}

const (
	readerBatch    = 100
	readerFailures = 5
	readerIdle     = time.Second
	readerRest     = 50 * time.Millisecond // after news: screens are told first, and busy times make longer batches, not more
)

// Readers runs all readers of one process.
type Readers struct {
	log   *Log
	clock clock.Clock
	list  []Reader
	known map[string]bool
}

// NewReaders runs readers over l. kinds are the event kinds this binary knows:
// at any other the cursor stays where it is until a newer node takes over.
func NewReaders(l *Log, c clock.Clock, kinds []string, readers ...Reader) *Readers {
	known := map[string]bool{}
	for _, k := range kinds {
		known[k] = true
	}
	return &Readers{log: l, clock: c, list: readers, known: known}
}

// Run moves all readers until ctx ends: when the bell rings, and once a second
// in case it was lost or a workspace was made.
func (rs *Readers) Run(ctx context.Context) {
	wake := make(chan struct{}, 1)
	defer rs.log.bell.Subscribe(News, func([]byte) {
		select {
		case wake <- struct{}{}:
		default:
		}
	})()
	rs.Prepare(ctx)
	move := rs.CatchUp
	for ctx.Err() == nil {
		if err := move(ctx); err != nil && ctx.Err() == nil {
			slog.Error("readers", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-wake:
			move = rs.move
			rest(ctx)
			select { // what rang meanwhile is read too
			case <-wake:
			default:
			}
		case <-time.After(readerIdle):
			move = rs.CatchUp
		}
	}
}

func rest(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(readerRest):
	}
}

// Prepare gives new readers their place: reactions at the head of logs that
// exist already, projections at the start. It is called once at start.
func (rs *Readers) Prepare(ctx context.Context) error {
	var errs []error
	for _, r := range rs.list {
		errs = append(errs, rs.log.store.missing(background(ctx), r.Name, r.Reaction))
	}
	return errors.Join(errs...)
}

// CatchUp moves every reader to the head of every log, as far as it can, the
// readers side by side.
func (rs *Readers) CatchUp(ctx context.Context) error {
	ctx = background(ctx)
	for _, r := range rs.list { // workspaces made since Prepare start at 0 for everybody
		if err := rs.log.store.missing(ctx, r.Name, false); err != nil {
			return err
		}
	}
	return rs.move(ctx)
}

func (rs *Readers) move(ctx context.Context) error {
	ctx = background(ctx)
	cursors, err := rs.log.store.behind(ctx)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	errs := make([]error, len(rs.list))
	for i, r := range rs.list {
		wg.Go(func() {
			for _, c := range cursors {
				if c.Reader == r.Name && ctx.Err() == nil {
					errs[i] = errors.Join(errs[i], rs.follow(ctx, r, c))
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// follow moves one reader through one workspace's log until where the head
// was, a failure, or another node's turn.
func (rs *Readers) follow(ctx context.Context, r Reader, c cursor) error {
	for c.Seq < c.head && ctx.Err() == nil {
		if c.Stopped || rs.clock.Now().Before(c.RetryAt) {
			return nil
		}
		size := readerBatch
		if c.Failures > 0 {
			size = 1 // find the event that fails, and let the ones before it pass
		}
		moved, err := rs.step(ctx, r, &c, size)
		if err != nil {
			return rs.fail(ctx, r, c, size, err)
		}
		if !moved {
			return nil
		}
	}
	return nil
}

// step handles up to size events and moves the cursor in one transaction.
func (rs *Readers) step(ctx context.Context, r Reader, c *cursor, size int) (moved bool, err error) {
	events, err := rs.log.After(ctx, c.WorkspaceID, c.Seq, size)
	if err != nil {
		return false, err
	}
	for i, e := range events {
		if !rs.known[e.Kind] {
			events = events[:i]
			break
		}
	}
	if len(events) == 0 {
		return false, nil
	}
	last := events[len(events)-1].Seq
	err = rs.log.store.within(ctx, func(ctx context.Context) error {
		won, err := rs.log.store.advance(ctx, *c, last)
		if err != nil || !won {
			moved = false
			return err
		}
		moved = true
		if err := r.Handle(ctx, events); err != nil {
			return fmt.Errorf("%s from event %d on: %w", r.Name, events[0].Seq, err)
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	c.Seq, c.Failures = last, 0
	return moved, nil
}

// fail notes a failure. A batch is tried again event by event; a single event
// is retried with growing pauses, then parked (reaction) or stopped at
// (projection).
func (rs *Readers) fail(ctx context.Context, r Reader, c cursor, size int, cause error) error {
	if fault.Is(cause, fault.Unavailable) || ctx.Err() != nil {
		return cause // the machine's fault, not the event's
	}
	now := rs.clock.Now()
	if size > 1 {
		return rs.log.store.noteFailure(ctx, c, now, false, cause.Error())
	}
	slog.Warn("reader failed", "reader", r.Name, "workspace", c.WorkspaceID, "failures", c.Failures, "error", cause)
	if c.Failures < readerFailures {
		pause := time.Duration(1<<c.Failures) * 100 * time.Millisecond
		return rs.log.store.noteFailure(ctx, c, now.Add(pause), false, cause.Error())
	}
	if !r.Reaction {
		return rs.log.store.noteFailure(ctx, c, now, true, cause.Error())
	}
	return rs.log.store.within(ctx, func(ctx context.Context) error {
		seq := c.Seq + 1 // seq is dense
		if won, err := rs.log.store.advance(ctx, c, seq); err != nil || !won {
			return err
		}
		return rs.log.store.park(ctx, Parked{WorkspaceID: c.WorkspaceID, Reader: r.Name, Seq: seq, Error: cause.Error(), At: now})
	})
}

// Once reports whether this effect of this event is new, and notes it in the
// transaction of ctx. A reaction asks before each effect.
func (l *Log) Once(ctx context.Context, reader string, e Event, effect string) (bool, error) {
	return l.store.once(ctx, reader, e, effect)
}

// Parked lists the newest parked events of a workspace, at most 200.
func (l *Log) Parked(ctx context.Context, workspaceID int64) ([]Parked, error) {
	return l.store.parked(ctx, workspaceID)
}

// States tells where all readers stand in a workspace.
func (l *Log) States(ctx context.Context, workspaceID int64) ([]State, error) {
	cursors, err := l.store.cursors(ctx, workspaceID)
	out := make([]State, len(cursors))
	for i, c := range cursors {
		out[i] = State{Reader: c.Reader, Behind: c.head - c.Seq, Stopped: c.Stopped, Error: c.Error}
	}
	return out, err
}

func (rs *Readers) named(name string) (Reader, error) {
	for _, r := range rs.list {
		if r.Name == name {
			return r, nil
		}
	}
	return Reader{}, fault.Newf("event.Readers", fault.NotFound, "There is no reader called %q.", name)
}

// RetryParked handles a parked event once more and forgets it when that works.
func (rs *Readers) RetryParked(ctx context.Context, workspaceID int64, name string, seq int64) error {
	r, err := rs.named(name)
	if err != nil {
		return err
	}
	e, err := rs.log.store.one(ctx, workspaceID, seq)
	if err != nil {
		return fault.Wrap("event.RetryParked", err)
	}
	return rs.log.store.within(ctx, func(ctx context.Context) error {
		if err := rs.log.store.unpark(ctx, workspaceID, name, seq); err != nil {
			return err
		}
		return r.Handle(ctx, []Event{e})
	})
}

// Rebuild empties a projection and lets it read the log from the start.
// Reactions are never rewound: for them it is refused.
func (rs *Readers) Rebuild(ctx context.Context, workspaceID int64, name string) error {
	r, err := rs.named(name)
	if err != nil {
		return err
	}
	if r.Reaction || r.Reset == nil {
		return fault.Newf("event.Rebuild", fault.Invalid, "%s acts on the world and cannot be rebuilt.", name)
	}
	return rs.log.store.within(background(ctx), func(ctx context.Context) error {
		if err := r.Reset(ctx, workspaceID); err != nil {
			return err
		}
		return rs.log.store.rewind(ctx, workspaceID, name)
	})
}
