package testkit

import (
	"fmt"
	"net"
	"strconv"
	"testing"
	"time"
)

// NATS is a real server with a port of its own.
type NATS struct {
	peer
	Port int
}

// StartNATS starts a server and ends it with the test.
func StartNATS(t testing.TB) *NATS {
	t.Helper()
	n := &NATS{Port: freePort(t)}
	n.peer = peer{t: t, name: "nats-server", up: func() bool { return answers(n.Address()) },
		args: []string{"--addr", "127.0.0.1", "--port", strconv.Itoa(n.Port)}}
	n.Start()
	t.Cleanup(n.Stop)
	return n
}

func (n *NATS) Address() string { return fmt.Sprintf("127.0.0.1:%d", n.Port) }
func (n *NATS) URL() string     { return "nats://" + n.Address() }

// answers reports whether something listens there.
func answers(address string) bool {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err == nil {
		conn.Close()
	}
	return err == nil
}
