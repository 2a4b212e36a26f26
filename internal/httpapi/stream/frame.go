package stream

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Waiting is how many frames wait for a slow listener; then they are thrown
// away and the listener starts over.
const Waiting = 256

// Every is the pause between pings.
const Every = 25 * time.Second

// Frame is one message, made once however many listen.
type Frame struct {
	JSON     []byte // nil: a ping
	prepare  sync.Once
	prepared *websocket.PreparedMessage
}

// Ping keeps a connection awake.
var Ping = &Frame{}

// New is a frame that says v, a plain struct.
func New(v any) *Frame {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // frames are plain structs
	}
	return &Frame{JSON: b}
}

// message is the frame as sockets write it.
func (f *Frame) message() *websocket.PreparedMessage {
	f.prepare.Do(func() { f.prepared, _ = websocket.NewPreparedMessage(websocket.TextMessage, f.JSON) })
	return f.prepared
}

// Close codes as sockets know them.
const (
	GoingAway = websocket.CloseGoingAway
	Failed    = websocket.CloseInternalServerErr
	Refused   = 4401 // sign in again; of a visitor: the token has ended
)

// Sink is the far end of a listener: a socket or an event stream.
type Sink interface {
	Write(f *Frame) error
	Close(code int)
}

// Queue is what waits for one listener. The first frame in it starts a
// goroutine, the last ends it.
type Queue struct {
	Sink Sink

	mu      sync.Mutex
	waiting []*Frame
	writing bool
	over    bool
}

// Behind says what a listener is told instead of what it was too slow for.
type Behind interface{ Behind() []*Frame }

// Push queues a frame and never blocks.
func (q *Queue) Push(f *Frame, b Behind) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.over || f == Ping && len(q.waiting) > 0 {
		return
	}
	if len(q.waiting) >= Waiting {
		q.waiting = append(q.waiting[:0:0], b.Behind()...)
	} else {
		q.waiting = append(q.waiting, f)
	}
	if !q.writing {
		q.writing = true
		go q.drain()
	}
}

// drain writes until the queue is empty.
func (q *Queue) drain() {
	for {
		q.mu.Lock()
		if len(q.waiting) == 0 || q.over {
			q.waiting, q.writing = nil, false
			q.mu.Unlock()
			return
		}
		f := q.waiting[0]
		q.waiting = q.waiting[1:]
		q.mu.Unlock()
		if err := q.Sink.Write(f); err != nil {
			q.End(GoingAway)
		}
	}
}

// End closes the far end; the reader there sees it and leaves.
func (q *Queue) End(code int) {
	q.Stop()
	q.Sink.Close(code)
}

// Stop lets nothing more through.
func (q *Queue) Stop() {
	q.mu.Lock()
	q.over = true
	q.mu.Unlock()
}
