package stream

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
)

// stuck is a far end that takes one frame and no more until it is let go.
type stuck struct {
	mu     sync.Mutex
	first  chan struct{}
	letGo  chan struct{}
	got    []string
	closed int
}

func (s *stuck) Write(frames ...*Frame) error {
	for _, f := range frames {
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
	q.Push(Ping, behind{})
	if len(q.waiting) != 11 || q.waiting[10] != Ping { // also behind others: who is kept busy must be heard too
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

// Frames of every length of header arrive whole and in order, sent together.
func TestFramesSentTogetherArriveOneByOne(t *testing.T) {
	t.Parallel()
	var frames []*Frame
	for _, n := range []int{0, 1, 123, 124, 1000, 1<<16 - 3, 1<<16 - 2, 100_000} {
		frames = append(frames, New(strings.Repeat("x", n)))
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, ok := Upgrade(w, r, "")
		if !ok {
			return
		}
		if err := s.Write(append(frames, Ping)...); err != nil {
			t.Error(err)
		}
		if err := s.Write(frames[1]); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	socket, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	for i, f := range append(frames, frames[1]) {
		if _, text, err := socket.ReadMessage(); err != nil || string(text) != string(f.JSON) {
			t.Errorf("frame %d: %d bytes, %v, want %d", i, len(text), err, len(f.JSON))
		}
	}
}
