package job

import (
	"context"
	"log/slog"
	"time"

	"rapport/internal/platform/fault"
)

// Pause says since when nothing leaves, and why.
type Pause struct {
	Since  time.Time
	Reason string
}

// PauseOutgoing lets no job of a kind with Options.Outgoing begin, on any node,
// until ResumeOutgoing. They can be enqueued, listed and dropped meanwhile. A
// pause that is on already keeps its reason.
func (q *Queue) PauseOutgoing(ctx context.Context, reason string) error {
	if err := q.store.pauseOutgoing(ctx, q.clock.Now(), reason); err != nil {
		return fault.Wrap("job.PauseOutgoing", err)
	}
	q.store.d.AfterCommit(ctx, func() { q.still.Store(true) })
	return nil
}

// ResumeOutgoing ends the pause; false means that there was none.
func (q *Queue) ResumeOutgoing(ctx context.Context) (bool, error) {
	was, err := q.store.resumeOutgoing(ctx)
	if err != nil {
		return false, fault.Wrap("job.ResumeOutgoing", err)
	}
	q.store.d.AfterCommit(ctx, func() {
		q.still.Store(false)
		q.ringAll()
	})
	return was, nil
}

// OutgoingPause is the pause that is on, or nil.
func (q *Queue) OutgoingPause(ctx context.Context) (*Pause, error) {
	p, err := q.store.outgoingPause(ctx)
	return p, fault.Wrap("job.OutgoingPause", err)
}

// OutgoingWaiting counts the unfinished jobs that reach the world outside.
func (q *Queue) OutgoingWaiting(ctx context.Context) (int64, error) {
	n, err := q.store.unfinished(ctx, q.outgoing())
	return n, fault.Wrap("job.OutgoingWaiting", err)
}

func (q *Queue) outgoing() (kinds []string) {
	for name, k := range q.kinds {
		if k.options.Outgoing {
			kinds = append(kinds, name)
		}
	}
	return kinds
}

// stands reports whether jobs of a kind may not begin now.
func (q *Queue) stands(k *kind) bool { return k.options.Outgoing && q.still.Load() }

// watchPause learns of pauses that another process has set or ended.
func (q *Queue) watchPause(ctx context.Context) {
	if len(q.outgoing()) == 0 {
		return
	}
	for tick := time.NewTicker(pollEvery); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
			q.lookForPause(ctx)
		}
	}
}

// lookForPause reads whether sending is paused. Where that cannot be read, it
// stays as it was, and paused at the start.
func (q *Queue) lookForPause(ctx context.Context) {
	p, err := q.store.outgoingPause(ctx)
	if err != nil {
		if ctx.Err() == nil {
			slog.Error("jobs: is sending paused?", "error", err)
		}
		return
	}
	q.still.Store(p != nil)
}
