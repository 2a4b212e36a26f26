package bus_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"rapport/internal/platform/bus"
	"rapport/internal/platform/bus/bustest"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

// installation makes names of installations that share a server.
var installations atomic.Int64

func installation() string { return fmt.Sprint("test", installations.Add(1)) }

func connect(t *testing.T, url, installation string) *bus.NATS {
	t.Helper()
	n, err := bus.Connect(url, installation)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	return n
}

// eventually waits until something is so; the limit only ends a broken run.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	pause := 10 * time.Microsecond
	for deadline := time.Now().Add(time.Minute); !is(); pause = min(2*pause, 5*time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		time.Sleep(pause)
	}
}

func heard(t *testing.T, b *bus.NATS) {
	t.Helper()
	eventually(t, "the node hears itself through the server", func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		return b.Check(ctx) == nil
	})
}

// pair is two nodes: what is said on one is listened to on the other.
type pair struct {
	t    *testing.T
	a, b *bus.NATS
}

// Publish returns when the message has come over to the other node, so that
// the suite sees the order of its calls.
func (p pair) Publish(subject string, data []byte) {
	before := p.b.Brought()
	p.a.Publish(subject, data)
	eventually(p.t, "the message comes over", func() bool { return p.b.Brought() > before })
	heard(p.t, p.b) // and was handed on: its own voice comes behind
}

func (p pair) Subscribe(subject string, fn func([]byte)) func() { return p.b.Subscribe(subject, fn) }

func TestNATS(t *testing.T) {
	t.Parallel()
	server := testkit.StartNATS(t)
	t.Run("on one node", func(t *testing.T) {
		bustest.Run(t, func(t *testing.T) bus.Bus { return connect(t, server.URL(), installation()) })
	})
	t.Run("from node to node", func(t *testing.T) {
		bustest.Run(t, func(t *testing.T) bus.Bus {
			name := installation()
			p := pair{t, connect(t, server.URL(), name), connect(t, server.URL(), name)}
			heard(t, p.a)
			heard(t, p.b)
			return p
		})
	})
}

func TestNATSWithoutAServer(t *testing.T) {
	t.Parallel()
	bustest.Run(t, func(t *testing.T) bus.Bus { return connect(t, "nats://127.0.0.1:1", "alone") })
	n := connect(t, "nats://127.0.0.1:1", "alone")
	if err := n.Check(context.Background()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("the check says %v", err)
	}
}

func TestInstallationsDoNotHearEachOther(t *testing.T) {
	t.Parallel()
	server := testkit.StartNATS(t)
	one, other := connect(t, server.URL(), "one"), connect(t, server.URL(), "other")
	heard(t, one)
	heard(t, other)
	var strange atomic.Bool
	defer other.Subscribe("a", func([]byte) { strange.Store(true) })()
	one.Publish("a", []byte("x"))
	heard(t, one)
	heard(t, other)
	if strange.Load() {
		t.Error("another installation heard it")
	}
}

// RT-12: the server ends and comes back, by itself and for every node.
func TestRT12TheServerEndsAndComesBack(t *testing.T) {
	t.Parallel()
	server := testkit.StartNATS(t)
	name := installation()
	a, b := connect(t, server.URL(), name), connect(t, server.URL(), name)
	heard(t, a)
	heard(t, b)
	messages := make(chan string, 100)
	defer b.Subscribe("a", func(data []byte) { messages <- string(data) })()

	server.Stop()
	eventually(t, "both notice", func() bool { return !a.Connected() && !b.Connected() })
	for i := range 1000 {
		a.Publish("a", fmt.Append(nil, "while away ", i)) // and holds up nobody
	}
	b.Publish("a", []byte("here"))
	if got := <-messages; got != "here" {
		t.Errorf("a node alone hears %q", got)
	}
	if err := a.Check(context.Background()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("the check says %v", err)
	}

	server.Start()
	heard(t, a)
	heard(t, b)
	a.Publish("a", []byte("back"))
	if got := <-messages; got != "back" {
		t.Errorf("heard %q: old bells are not rung late", got)
	}
}

// A cable that is cut says nothing to either side: publishing goes on, and the
// check tells.
func TestASilentServerHoldsUpNobody(t *testing.T) {
	t.Parallel()
	server := testkit.StartNATS(t)
	wire := testkit.NewWire(t, server.Address())
	name := installation()
	a, b := connect(t, "nats://"+wire.Address(), name), connect(t, server.URL(), name)
	heard(t, a)
	heard(t, b)
	wire.Cut()
	for i := range 20_000 {
		a.Publish("a", fmt.Append(make([]byte, 2000), i))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if err := a.Check(ctx); !fault.Is(err, fault.Unavailable) {
		t.Errorf("the check says %v", err)
	}
	wire.Mend()
	heard(t, a)
	messages := make(chan string, 100)
	defer b.Subscribe("b", func(data []byte) { messages <- string(data) })()
	a.Publish("b", []byte("through"))
	if got := <-messages; got != "through" {
		t.Errorf("heard %q", got)
	}
}

func TestAddressesThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"nats://[::1", "nats://a b"} {
		if n, err := bus.Connect(bad, "x"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", bad, err)
			if err == nil {
				n.Close()
			}
		}
	}
}
