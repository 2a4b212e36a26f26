package testkit

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Wire is a cable to a peer that a test can cut.
type Wire struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	cut   bool
	ends  map[net.Conn]bool
	ready *sync.Cond
}

// NewWire lays a cable to an address; it is taken away with the test.
func NewWire(t testing.TB, to string) *Wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &Wire{listener: l, to: to, ends: map[net.Conn]bool{}}
	w.ready = sync.NewCond(&w.mu)
	t.Cleanup(func() {
		l.Close()
		w.Mend()
		w.hangUp()
	})
	go w.serve()
	return w
}

// Address is this end of the cable.
func (w *Wire) Address() string { return w.listener.Addr().String() }

// Cut lets nothing through any more, without a word to either side: what was
// said meanwhile arrives after Mend, if the sides still wait for it.
func (w *Wire) Cut() {
	w.mu.Lock()
	w.cut = true
	w.mu.Unlock()
}

// Mend joins the cable again.
func (w *Wire) Mend() {
	w.mu.Lock()
	w.cut = false
	w.mu.Unlock()
	w.ready.Broadcast()
}

func (w *Wire) hangUp() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.ends {
		c.Close()
	}
}

func (w *Wire) serve() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer near.Close()
			w.pass()
			far, err := net.Dial("tcp", w.to)
			if err != nil {
				return
			}
			defer far.Close()
			w.mu.Lock()
			w.ends[near], w.ends[far] = true, true
			w.mu.Unlock()
			done := make(chan struct{}, 2)
			go w.carry(far, near, done)
			go w.carry(near, far, done)
			<-done
			w.mu.Lock()
			delete(w.ends, near)
			delete(w.ends, far)
			w.mu.Unlock()
		}()
	}
}

// pass waits while the cable is cut.
func (w *Wire) pass() {
	w.mu.Lock()
	for w.cut {
		w.ready.Wait()
	}
	w.mu.Unlock()
}

func (w *Wire) carry(to io.Writer, from io.Reader, done chan<- struct{}) {
	defer func() { done <- struct{}{} }()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		w.pass()
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
