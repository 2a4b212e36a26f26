package stream

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"rapport/internal/platform/bus"
	"rapport/internal/platform/event"
)

// Batch is how many events are read from the log at once.
const Batch = 200

// pulse is how long a lost bell can delay a frame.
const pulse = time.Second

// Listening is a hall: those on this node who hear one workspace's log.
type Listening interface {
	Tell(context.Context, event.Event) error // one event; after an error it comes again
	Told()                                   // Tell had all that was new
	Beat(context.Context)                    // what time brings, each pulse
	Over() bool                              // nobody listens any more
	Dismiss()                                // the node stops
}

// Bell wakes the one who follows a log. It never blocks.
type Bell chan struct{}

func NewBell() Bell { return make(Bell, 1) }

func (b Bell) Ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// OnNews calls fn with a workspace whose log has grown, on whatever node. News
// may be lost: who follows looks after each pulse too.
func OnNews(b bus.Bus, fn func(workspaceID int64)) (end func()) {
	return b.Subscribe(event.News, func(data []byte) {
		if id, err := strconv.ParseInt(string(data), 10, 64); err == nil {
			fn(id)
		}
	})
}

// Follow brings a workspace's log to a hall, all that comes after an event,
// until it is over or ctx ends.
func Follow(ctx context.Context, log *event.Log, workspaceID, after int64, bell Bell, hall Listening) {
	tick := time.NewTicker(pulse)
	defer tick.Stop()
	read := func() error {
		for ctx.Err() == nil {
			events, err := log.After(ctx, workspaceID, after, Batch)
			if err != nil || len(events) == 0 {
				return err
			}
			for _, e := range events {
				if err := hall.Tell(ctx, e); err != nil {
					return err
				}
				after = e.Seq
			}
			hall.Told()
			if len(events) < Batch {
				return nil // what has come since rings
			}
		}
		return nil
	}
	for {
		select {
		case <-ctx.Done():
			hall.Dismiss()
			return
		case <-bell:
		case <-tick.C:
			hall.Beat(ctx)
		}
		if hall.Over() {
			return
		}
		if err := read(); err != nil && ctx.Err() == nil {
			slog.Error("live", "workspace", workspaceID, "error", err)
		}
	}
}
