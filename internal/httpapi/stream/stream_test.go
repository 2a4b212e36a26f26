package stream

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
)

// stuck is a far end that takes one frame and no more until it is let go.
type stuck struct {
	mu     sync.Mutex
	first  chan struct{}
	letGo  chan struct{}
	got    []string
	closed int
}

func (s *stuck) Write(f *Frame) error {
	s.mu.Lock()
	s.got = append(s.got, string(f.JSON))
	n := len(s.got)
	s.mu.Unlock()
	if n == 1 {
		close(s.first)
		<-s.letGo
	}
	if string(f.JSON) == `"last"` {
		return fmt.Errorf("gone")
	}
	return nil
}

func (s *stuck) Close(code int) { s.closed = code }

type behind struct{}

func (behind) Behind() []*Frame { return []*Frame{New("reset")} }

// RT-05: a reader that takes nothing is told to start over; what waits for it is
// bounded.
func TestRT05ASlowListenerStartsOver(t *testing.T) {
	t.Parallel()
	far := &stuck{first: make(chan struct{}), letGo: make(chan struct{})}
	q := &Queue{Sink: far}
	q.Push(New("first"), behind{})
	<-far.first
	for i := range Waiting + 10 {
		q.Push(New(fmt.Sprint("frame ", i)), behind{})
	}
	q.Push(Ping, behind{})
	if len(q.waiting) != 10 {
		t.Errorf("%d frames wait", len(q.waiting))
	}
	var v string
	if json.Unmarshal(q.waiting[0].JSON, &v); v != "reset" {
		t.Errorf("first comes %q", v)
	}
	close(far.letGo)
	q.Push(New("last"), behind{})
	for {
		q.mu.Lock()
		over := q.over && !q.writing
		q.mu.Unlock()
		if over {
			break
		}
	}
	q.Push(New("after the end"), behind{})
	if far.closed != GoingAway || q.writing {
		t.Errorf("closed with %d", far.closed)
	}
}
