package bench

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/smtp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// liveDelay sends mails one by one and returns how long each took from being
// accepted to its frame on an agent's socket.
func liveDelay(t *testing.T, s *server, w world, mails int) latency {
	socket, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.web, "http")+"/api/v1/live", http.Header{"Authorization": {"Bearer " + w.tokens[0]}})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	received := make(chan time.Time, 1)
	go func() {
		for {
			_, text, err := socket.ReadMessage()
			if err != nil {
				return
			}
			var f struct{ Kind string }
			if json.Unmarshal(text, &f) == nil && f.Kind == "message.received" {
				received <- time.Now()
			}
		}
	}()
	c, err := smtp.Dial(s.door)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var took []time.Duration
	for n := range mails {
		if err := send(c, known(int64(n)), w.inboxes[0]); err != nil {
			t.Fatal(err)
		}
		accepted := time.Now()
		select {
		case at := <-received:
			took = append(took, max(0, at.Sub(accepted)))
		case <-time.After(10 * time.Second):
			t.Fatal("no frame came")
		}
		time.Sleep(20 * time.Millisecond)
	}
	return latency{p50: percentile(took, 50), p99: percentile(took, 99)}
}

// crowd is what many open screens cost, and when news reaches them.
type crowd struct {
	latency
	max       time.Duration
	perSocket float64 // resident memory of the server, bytes
	screen    *crowd  // of a list in Chromium beside them
}

// crowded opens sockets and sends mails, one by one: how long each took to its
// frame on each socket. The cpu is the server's for one mail and all frames.
func crowded(t *testing.T, s *server, w world, sockets, mails int) crowd {
	before := s.memory(t)
	frames := make(chan time.Time, sockets)
	var all sync.WaitGroup
	doors := make(chan struct{}, 50) // handshakes at once
	list := make([]*websocket.Conn, sockets)
	for i := range sockets {
		doors <- struct{}{}
		all.Go(func() {
			defer func() { <-doors }()
			dialer := websocket.Dialer{ReadBufferSize: 2048, WriteBufferSize: 512} // a frame at one call of the system
			socket, _, err := dialer.Dial("ws"+strings.TrimPrefix(s.web, "http")+"/api/v1/live", http.Header{"Authorization": {"Bearer " + w.tokens[i%len(w.tokens)]}})
			if err != nil {
				t.Error(err)
				return
			}
			list[i] = socket
			go hear(socket, frames)
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	defer func() {
		for _, socket := range list {
			socket.Close()
		}
	}()
	time.Sleep(3 * time.Second)
	c := crowd{perSocket: (s.memory(t) - before) * (1 << 20) / float64(sockets)}
	door, err := smtp.Dial(s.door)
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	spent := s.cpu(t)
	var took []time.Duration
	for n := range mails {
		if err := send(door, known(int64(n)), w.inboxes[0]); err != nil {
			t.Fatal(err)
		}
		accepted := time.Now()
		for range sockets {
			select {
			case at := <-frames:
				took = append(took, max(0, at.Sub(accepted)))
			case <-time.After(30 * time.Second):
				t.Fatal("a frame did not come")
			}
		}
		time.Sleep(200 * time.Millisecond)
	}
	c.cpu = (s.cpu(t) - spent) / time.Duration(mails)
	c.p50, c.p99, c.max = percentile(took, 50), percentile(took, 99), slices.Max(took)
	if canPaint() {
		quit := make(chan struct{})
		go func() { // the sockets go on hearing
			for {
				select {
				case <-frames:
				case <-quit:
					return
				}
			}
		}()
		defer close(quit)
		screen := painted(t, s, w, mails)
		c.screen = &screen
	}
	return c
}

// hear notes when each message came.
func hear(socket *websocket.Conn, frames chan time.Time) {
	text := make([]byte, 2048) // one for all frames: the load is to cost as little as it can
	for {
		_, r, err := socket.NextReader()
		if err != nil {
			return
		}
		n, err := io.ReadFull(r, text)
		if err == nil {
			_, err = io.Copy(io.Discard, r)
		}
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return
		}
		if at := time.Now(); bytes.Contains(text[:n], []byte(`"kind":"message.received"`)) {
			frames <- at
		}
	}
}
