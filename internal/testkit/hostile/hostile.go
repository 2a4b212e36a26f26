// Package hostile has mail servers that fail where a test tells them to: at
// each step of the dialogue, with a refusal, a reset, silence or nonsense. In
// between they work, and they remember what went through them.
package hostile

import (
	"bufio"
	"cmp"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"
)

// What a server may do at a step instead of its work, beside saying a line of
// its own.
const (
	Reset = "reset" // break the connection
	Hang  = "hang"  // say nothing more, and keep the connection
)

// Fault is a failure at one step of a dialogue.
type Fault struct {
	At    Step
	With  string // Reset, Hang, one of the server's own tricks, or the line it says
	To    string // SMTP, at Rcpt: only for this address
	After int    // so often the step goes well first
	Times int    // so often; 0 is until Heal
}

// Step is a place in a dialogue.
type Step string

// server is what both kinds have in common.
type server struct {
	t        testing.TB
	listener net.Listener
	address  string
	talk     func(net.Conn, *bufio.Reader)

	// Bearer, when it is set, decides who signs in: with a token alone, by
	// Mechanism (XOAUTH2 when it is empty).
	Bearer    func(user, token string) bool
	Mechanism string

	mu     sync.Mutex
	faults []*Fault
	conns  map[net.Conn]bool
	ended  chan struct{}
	met    map[Step]int
}

func (s *server) start(t testing.TB, talk func(net.Conn, *bufio.Reader)) {
	t.Helper()
	s.t, s.talk, s.conns, s.met = t, talk, map[net.Conn]bool{}, map[Step]int{}
	s.address = "127.0.0.1:0"
	s.Up()
	t.Cleanup(s.Down)
}

// Host is where the server listens.
func (s *server) Host() string { return "127.0.0.1" }

// Port is where the server listens; it stays the same from Down to Up.
func (s *server) Port() int {
	_, port, _ := net.SplitHostPort(s.address)
	n, _ := strconv.Atoi(port)
	return n
}

// Up starts the server again after Down.
func (s *server) Up() {
	s.t.Helper()
	l, err := net.Listen("tcp", s.address)
	for range 100 { // the port may still be in use by a connection that ends
		if err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
		l, err = net.Listen("tcp", s.address)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	s.listener, s.address, s.ended = l, l.Addr().String(), make(chan struct{})
	s.mu.Unlock()
	go s.serve(l)
}

// Down ends the server and all its connections; connecting is then refused.
func (s *server) Down() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.ended:
		return
	default:
	}
	close(s.ended)
	s.listener.Close()
	for c := range s.conns {
		reset(c)
	}
	clear(s.conns)
}

func (s *server) serve(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[conn] = true
		s.mu.Unlock()
		go func() {
			defer func() {
				conn.Close()
				s.mu.Lock()
				delete(s.conns, conn)
				s.mu.Unlock()
			}()
			s.talk(conn, bufio.NewReader(conn))
		}()
	}
}

// Fail adds failures; the first that fits a step is the one that happens.
func (s *server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		if f.Times == 0 {
			f.Times = -1
		}
		s.faults = append(s.faults, &f)
	}
}

// bearer is the way to sign in with a token, or "" where one needs none.
func (s *server) bearer() string {
	if s.Bearer == nil {
		return ""
	}
	return cmp.Or(s.Mechanism, "XOAUTH2")
}

// Heal takes all failures away, and breaks the connections that hang.
func (s *server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	for c := range s.conns {
		reset(c)
	}
}

// Met is how often a failure has happened at a step.
func (s *server) Met(at Step) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.met[at]
}

// fault is what is to go wrong at a step; "" is nothing.
func (s *server) fault(at Step, to string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.At == at && f.Times != 0 && (f.To == "" || f.To == to) {
			if f.After--; f.After >= 0 {
				continue
			}
			f.Times--
			s.met[at]++
			return f.With
		}
	}
	return ""
}

// breaks carries out a Reset or a Hang, and reports whether the dialogue is over.
func (s *server) breaks(conn net.Conn, with string) bool {
	switch with {
	case Reset:
		reset(conn)
		return true
	case Hang:
		s.mu.Lock()
		ended := s.ended
		s.mu.Unlock()
		gone := make(chan struct{})
		go func() { // until the other side gives up
			defer close(gone)
			b := make([]byte, 4096)
			for {
				if _, err := conn.Read(b); err != nil {
					return
				}
			}
		}()
		select {
		case <-ended:
		case <-gone:
		}
		return true
	}
	return false
}

// reset ends a connection as a crashed machine would: no good-bye, and what is
// on its way is lost.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.Close()
}
