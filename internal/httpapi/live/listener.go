package live

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"rapport/internal/account"
)

// liveQueue is how many frames wait for a slow listener; then they are thrown
// away and the listener starts over.
const liveQueue = 256

// frame is one message, made once however many listen.
type frame struct {
	json     []byte // nil: a ping
	prepare  sync.Once
	prepared *websocket.PreparedMessage
}

var ping = &frame{}

func newFrame(v any) *frame {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // frames are plain structs
	}
	return &frame{json: b}
}

// message is the frame as sockets write it.
func (f *frame) message() *websocket.PreparedMessage {
	f.prepare.Do(func() { f.prepared, _ = websocket.NewPreparedMessage(websocket.TextMessage, f.json) })
	return f.prepared
}

// sink is the far end of a listener: a socket or an event stream.
type sink interface {
	write(f *frame) error
	close(code int)
}

// Close codes as sockets know them.
const (
	closeGoingAway = websocket.CloseGoingAway
	closeRefused   = 4401 // sign in again
)

// listener is one open screen. It costs no goroutine for writing while nothing
// happens: the first frame in its queue starts one, the last ends it.
type listener struct {
	hub   *Hub
	again func(context.Context) (account.Actor, error)
	sink  sink
	room  *hall

	// Guarded by the hall's lock.
	actor account.Actor
	scope account.Scope
	from  int64 // events up to here were told while catching up

	mu      sync.Mutex
	queue   []*frame
	writing bool
	over    bool
}

// push queues a frame and never blocks. The caller holds the hall's lock.
func (l *listener) push(f *frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over || f == ping && len(l.queue) > 0 {
		return
	}
	if len(l.queue) >= liveQueue {
		l.queue = append(l.queue[:0:0], newFrame(ResetFrame{"reset", "behind"}), newFrame(HelloFrame{"hello", l.room.cursor(l.room.seq)}))
	} else {
		l.queue = append(l.queue, f)
	}
	if !l.writing {
		l.writing = true
		go l.drain()
	}
}

// drain writes until the queue is empty.
func (l *listener) drain() {
	for {
		l.mu.Lock()
		if len(l.queue) == 0 || l.over {
			l.queue, l.writing = nil, false
			l.mu.Unlock()
			return
		}
		f := l.queue[0]
		l.queue = l.queue[1:]
		l.mu.Unlock()
		if err := l.sink.write(f); err != nil {
			l.end(closeGoingAway)
		}
	}
}

// end closes the far end; the reader there sees it and leaves the hall.
func (l *listener) end(code int) {
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	l.sink.close(code)
}

func (l *listener) refuse() { l.end(closeRefused) }

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
		if err := l.sink.write(newFrame(ResetFrame{"reset", reason})); err != nil {
			return err
		}
	}
	if err := l.sink.write(newFrame(HelloFrame{"hello", room.cursor(after)})); err != nil {
		return err
	}
	return l.catchUp(ctx, after)
}

// catchUp sends the log from after on until the hall has nothing newer, and
// joins it in that moment.
func (l *listener) catchUp(ctx context.Context, after int64) error {
	room := l.room
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
		events, err := l.hub.Log.After(ctx, l.actor.WorkspaceID, after, liveBatch)
		if err != nil {
			return err
		}
		for _, e := range events {
			after = e.Seq
			if Sees(l.actor, l.scope, e) {
				if err := l.sink.write(room.frameOf(e)); err != nil {
					return err
				}
			}
		}
	}
}

// timeToWrite is how long one frame may take before the listener is given up.
const timeToWrite = 10 * time.Second
