package event

import (
	"context"
	"crypto/rand"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
)

// Bell is the part of the bus the log needs.
type Bell interface {
	Publish(subject string, data []byte)
	Subscribe(subject string, fn func(data []byte)) (cancel func())
}

// Subjects rung on the bus: News after events were numbered, with the
// workspace's id in decimal; appended when the sequencer has work.
const (
	News     = "event.news"
	appended = "event.appended"
)

// Log appends and reads events.
type Log struct {
	store store
	clock clock.Clock
	bell  Bell
	node  string
}

// New makes the log of a database. node names this process in leases.
func New(s Store, c clock.Clock, bell Bell) *Log {
	node := rand.Text()
	l := &Log{store: store{s}, clock: c, bell: bell, node: node[:12]}
	l.store.onClose(l)
	return l
}

// Append adds e to the transaction in ctx. At is filled in when it is zero.
// An event deeper than MaxDepth is refused with Conflict: a chain of reactions
// must end.
func (l *Log) Append(ctx context.Context, e Event) error {
	const op = "event.Append"
	if e.Depth > MaxDepth {
		return fault.Newf(op, fault.Conflict, "A chain of automatic reactions was stopped at its step %d.", e.Depth)
	}
	if e.WorkspaceID == 0 || e.Kind == "" {
		return fault.New(op, fault.Internal, "an event needs a workspace and a kind")
	}
	if e.At.IsZero() {
		e.At = l.clock.Now()
	}
	if e.Actor.Kind == "" {
		e.Actor = System
	}
	if len(e.Data) == 0 {
		e.Data = []byte("{}")
	}
	return fault.Wrap(op, l.store.append(ctx, l, e))
}

// After returns up to limit events with a seq above after, in order.
func (l *Log) After(ctx context.Context, workspaceID, after int64, limit int) ([]Event, error) {
	return l.store.after(ctx, workspaceID, after, limit)
}

// OfConversation returns a conversation's newest events, oldest first, at most
// limit of them.
func (l *Log) OfConversation(ctx context.Context, workspaceID, conversationID int64, limit int) ([]Event, error) {
	return l.store.ofConversation(ctx, workspaceID, conversationID, limit)
}

// Head returns the seq of the newest event of a workspace, 0 when there is none.
func (l *Log) Head(ctx context.Context, workspaceID int64) (int64, error) {
	return l.store.head(ctx, workspaceID)
}

// Epoch names this life of the log. A restored backup starts a new one, so
// that screens with a cursor from the old one start over.
func (l *Log) Epoch(ctx context.Context) (string, error) { return l.store.epoch(ctx) }

// NewEpoch starts another life of the log; only a restore does this.
func (l *Log) NewEpoch(ctx context.Context) error { return l.store.newEpoch(ctx) }

func (l *Log) ring(workspaceID int64) {
	l.bell.Publish(News, strconv.AppendInt(nil, workspaceID, 10))
}

// Sequencing times. The lease is short, for nothing new is seen on any screen
// while its owner is dead; it is safe to be short, for its row is locked while
// its owner writes.
const (
	leaseTime    = 5 * time.Second
	sequenceIdle = 200 * time.Millisecond // the bell wakes it sooner
	sequenceLook = time.Second            // for a sequencer that has died
)

// Run numbers events on PostgreSQL until ctx ends; on SQLite the writer has
// numbered them already and Run only waits. Every node may call it: one at a
// time holds the lease.
func (l *Log) Run(ctx context.Context) {
	if !l.store.sequenced() {
		<-ctx.Done()
		return
	}
	wake := make(chan struct{}, 1)
	rung := false
	defer l.bell.Subscribe(appended, func([]byte) {
		select {
		case wake <- struct{}{}:
		default:
		}
	})()
	for ctx.Err() == nil {
		moved, mine, err := l.sequence(ctx, rung)
		if rung = err == nil && moved == sequenceBatch; rung {
			continue
		}
		pause, bell := sequenceIdle, wake
		if !mine {
			pause, bell = sequenceLook, nil // another node hears it
		}
		select {
		case <-ctx.Done():
		case <-bell:
			rung = true
		case <-time.After(pause):
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := l.store.handOn(last, l.node); err != nil {
		slog.Warn("the lease of the sequencer could not be given back", "error", err) // it ends by itself
	}
}

const sequenceBatch = 500

var sequencing sync.Mutex // one at a time in this process; the lease sees to the others

// Sequence moves one batch of committed events into the log and returns how
// many. It does nothing on SQLite, and while another node holds the lease.
func (l *Log) Sequence(ctx context.Context) (int, error) {
	moved, _, err := l.sequence(ctx, false)
	return moved, err
}

// sequence looks first whether it is this node's turn and there is anything to
// do, so that idle nodes do not write and do not queue up for one row. Whoever
// knows both need not look.
func (l *Log) sequence(ctx context.Context, known bool) (moved int, mine bool, err error) {
	const op = "event.Sequence"
	if !l.store.sequenced() {
		return 0, false, nil
	}
	sequencing.Lock()
	defer sequencing.Unlock()
	now := l.clock.Now()
	if !known {
		at, err := l.store.lookAtSequencer(ctx)
		switch {
		case err != nil:
			return 0, false, fault.Wrap(op, err)
		case at.owner != l.node && !at.until.Before(now):
			return 0, false, nil
		case at.owner == l.node && !at.work && at.until.Sub(now) > leaseTime/2:
			return 0, true, nil
		}
	}
	news, moved, mine, err := l.store.sequence(ctx, l.node, now, now.Add(leaseTime), sequenceBatch)
	if err != nil {
		return 0, false, fault.Wrap(op, err)
	}
	for _, workspaceID := range news {
		l.ring(workspaceID)
	}
	return moved, mine, nil
}
