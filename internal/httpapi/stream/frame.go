package stream

import (
	"encoding/binary"
	"encoding/json"
	"slices"
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
	JSON []byte // nil: a ping
	once sync.Once
	wire []byte
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

// bytes are the frame as it stands on a WebSocket: an unmasked text message in
// one piece (RFC 6455, section 5.2).
func (f *Frame) bytes() []byte {
	f.once.Do(func() {
		const finalText = 0x81
		head := []byte{finalText}
		switch n := len(f.JSON); {
		case n < 126:
			head = append(head, byte(n))
		case n < 1<<16:
			head = binary.BigEndian.AppendUint16(append(head, 126), uint16(n))
		default:
			head = binary.BigEndian.AppendUint64(append(head, 127), uint64(n))
		}
		f.wire = append(head, f.JSON...)
	})
	return f.wire
}

// Close codes as sockets know them.
const (
	GoingAway = websocket.CloseGoingAway
	Failed    = websocket.CloseInternalServerErr
	Refused   = 4401 // sign in again; of a visitor: the token has ended
)

// Sink is the far end of a listener: a socket or an event stream.
type Sink interface {
	Write(frames ...*Frame) error
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

// Push queues a frame and sends it. It never blocks.
func (q *Queue) Push(f *Frame, b Behind) {
	q.Add(f, b)
	q.Send()
}

// Add queues a frame that Send sends, with others at once.
func (q *Queue) Add(f *Frame, b Behind) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.over || f == Ping && slices.Contains(q.waiting, Ping) { // the answer to one proves that it lives
		return
	}
	if len(q.waiting) >= Waiting {
		q.waiting = append(q.waiting[:0:0], b.Behind()...)
	} else {
		q.waiting = append(q.waiting, f)
	}
}

// Send has written what is queued. It never blocks.
func (q *Queue) Send() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.writing && len(q.waiting) > 0 {
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
		all := q.waiting
		q.waiting = nil
		q.mu.Unlock()
		if err := q.Sink.Write(all...); err != nil {
			q.End(GoingAway)
		}
	}
}

// End closes the far end; the reader there sees it and leaves.
func (q *Queue) End(code int) {
	q.Stop()
	q.Sink.Close(code)
}

// Farewell is said to each of sinks, beside one another: one may hang. It
// returns when all are closed.
func Farewell(sinks []Sink) {
	var closing sync.WaitGroup
	for _, s := range sinks {
		closing.Go(func() { s.Close(GoingAway) })
	}
	closing.Wait()
}

// Stop lets nothing more through.
func (q *Queue) Stop() {
	q.mu.Lock()
	q.over = true
	q.mu.Unlock()
}
