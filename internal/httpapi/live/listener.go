package live

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/httpapi/stream"
)

// listener is one open screen.
type listener struct {
	hub   *Hub
	again func(context.Context) (account.Actor, error)
	queue stream.Queue
	room  *hall

	// Guarded by the hall's lock.
	actor account.Actor
	scope account.Scope
	from  int64 // events up to here were told while catching up
}

// push queues a frame and never blocks. The caller holds the hall's lock.
func (l *listener) push(f *stream.Frame) { l.queue.Push(f, l) }

// Behind tells a slow screen to start over.
func (l *listener) Behind() []*stream.Frame { return l.room.beginning("behind", l.room.seq) }

func (l *listener) refuse() { l.queue.End(stream.Refused) }

// join tells a listener what it has missed since its cursor, then lets it
// listen. It writes directly: whoever catches up may take its time.
func (l *listener) join(ctx context.Context, cursor string) error {
	room, err := l.hub.enter(ctx, l)
	if err != nil {
		return err
	}
	l.room = room
	room.mu.Lock()
	head := room.seq
	room.mu.Unlock()
	after, known := l.hub.OpenCursor(l.actor.WorkspaceID, room.epoch, cursor)
	reason := ""
	switch {
	case cursor == "":
		after = head
	case !known:
		after, reason = head, "epoch"
	case head-after > liveMissed:
		after, reason = head, "missed"
	}
	if reason != "" {
		if err := l.queue.Sink.Write(stream.New(ResetFrame{"reset", reason})); err != nil {
			return err
		}
	}
	if err := l.queue.Sink.Write(stream.New(HelloFrame{"hello", room.cursor(after)})); err != nil {
		return err
	}
	return l.catchUp(ctx, after)
}

// catchUp sends the log from after on until the hall has nothing newer, and
// joins it in that moment. Past a change of rights the screen starts over: it
// may show what its agent no longer sees.
func (l *listener) catchUp(ctx context.Context, after int64) error {
	room, startedOver := l.room, false
	for {
		room.mu.Lock()
		if after >= room.seq {
			l.from = after
			room.listeners[l] = true
			room.suspect(liveSettled) // rights may have changed since the request was let in
			room.mu.Unlock()
			return nil
		}
		room.mu.Unlock()
		events, err := l.hub.Log.After(ctx, l.actor.WorkspaceID, after, stream.Batch)
		if err != nil {
			return err
		}
		for _, e := range events {
			after = e.Seq
			var frames []*stream.Frame
			switch s := sightOf(e); {
			case shifts(e.Kind) && !startedOver:
				frames, startedOver = room.beginning("scope", after), true
			case s.isFor(l.actor, l.scope):
				frames = append(frames, room.frameOf(e))
			case s.leaves(l.scope):
				frames = append(frames, room.goneOf(e))
			}
			for _, f := range frames {
				if err := l.queue.Sink.Write(f); err != nil {
					return err
				}
			}
		}
	}
}
