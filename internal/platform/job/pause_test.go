package job_test

import (
	"context"
	"sync/atomic"
	"testing"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/job"
	"rapport/internal/testkit"
)

func TestNothingLeavesWhilePaused(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var sent, read atomic.Int64
		queue := func() *job.Queue {
			q := job.NewQueue(d, clock.System)
			q.Handle("send", func(context.Context, job.Job) error { sent.Add(1); return nil }, job.Options{Outgoing: true})
			q.Handle("read", func(context.Context, job.Job) error { read.Add(1); return nil }, job.Options{})
			return q
		}
		before, q, other := queue(), queue(), queue()
		if err := before.PauseOutgoing(ctx, "A backup was restored."); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			enqueue(t, d, before, job.New{Kind: "send"})
		}
		run(t, q, true)
		for range 5 {
			enqueue(t, d, q, job.New{Kind: "send"})
			enqueue(t, d, q, job.New{Kind: "read"})
		}
		eventually(t, "everything else is done", func() bool { return read.Load() == 5 })
		if n, err := q.OutgoingWaiting(ctx); n != 10 || err != nil || sent.Load() != 0 {
			t.Errorf("%d wait (%v), %d left", n, err, sent.Load())
		}
		if p, err := q.OutgoingPause(ctx); err != nil || p == nil || p.Reason != "A backup was restored." || p.Since.IsZero() {
			t.Errorf("the pause: %+v, %v", p, err)
		}
		if was, err := other.ResumeOutgoing(ctx); !was || err != nil { // as a command on PostgreSQL does
			t.Errorf("resumed: %v, %v", was, err)
		}
		eventually(t, "all of it leaves", func() bool { return sent.Load() == 10 })
		if was, err := q.ResumeOutgoing(ctx); was || err != nil {
			t.Errorf("resumed twice: %v, %v", was, err)
		}
		if p, err := q.OutgoingPause(ctx); p != nil || err != nil {
			t.Errorf("still paused: %+v, %v", p, err)
		}
	})
}
