package bus

import (
	"context"
	"crypto/rand"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"rapport/internal/platform/fault"
)

// How a node behaves towards a NATS server that is slow or gone.
const (
	natsPing    = 5 * time.Second // a server that is silent for two of these is gone
	natsAgain   = 500 * time.Millisecond
	natsWrite   = 5 * time.Second
	natsConnect = 3 * time.Second
)

// NATS is the bus between the nodes of one installation. What is said on this
// node is heard on it at once, without the server; the server carries it to the
// others. While the server is away every node hears itself alone, and the
// connection is tried again for ever.
type NATS struct {
	local  Local
	conn   *nats.Conn
	prefix string // of the installation; then the node, then the subject
	node   string

	mu      sync.Mutex
	out     map[string]*subscriber // by subject: what waits for the server
	probing chan struct{}          // has a place for one at a time
	echo    chan struct{}
}

var _ Bus = (*NATS)(nil)

// probe is the subject on which a node listens for itself.
const probe = "probe"

// Connect joins the installation with that name at the NATS servers of
// addresses, which are separated by commas. It returns at once, whether they
// answer or not; only addresses that are none are an error.
func Connect(addresses, installation string) (*NATS, error) {
	n := &NATS{prefix: "rapport." + installation + ".", node: rand.Text()[:12], out: map[string]*subscriber{}, probing: make(chan struct{}, 1), echo: make(chan struct{}, 1)}
	conn, err := nats.Connect(addresses,
		nats.Name("rapport "+n.node),
		nats.Timeout(natsConnect), nats.PingInterval(natsPing), nats.MaxPingsOutstanding(2), nats.FlusherTimeout(natsWrite),
		nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.IgnoreAuthErrorAbort(),
		nats.ReconnectWait(natsAgain), nats.ReconnectJitter(natsAgain, natsAgain),
		nats.ReconnectBufSize(-1), // old bells are not rung late
		nats.ConnectHandler(func(c *nats.Conn) { slog.Info("nats: connected", "server", c.ConnectedAddr()) }),
		nats.ReconnectHandler(func(c *nats.Conn) { slog.Info("nats: connected again", "server", c.ConnectedAddr()) }),
		nats.DisconnectErrHandler(lost),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { slog.Warn("nats", "error", err) }),
	)
	if err != nil {
		return nil, fault.As("bus.Connect", fault.Invalid, "", err)
	}
	n.conn = conn
	if _, err := conn.Subscribe(n.prefix+">", n.hear); err != nil {
		conn.Close()
		return nil, fault.As("bus.Connect", fault.Invalid, "", err)
	}
	return n, nil
}

// Close leaves the other nodes.
func (n *NATS) Close() { n.conn.Close() }

func (n *NATS) Publish(subject string, data []byte) {
	n.local.Publish(subject, data)
	n.queue(subject).put(append([]byte(nil), data...))
}

func (n *NATS) Subscribe(subject string, fn func(data []byte)) (cancel func()) {
	return n.local.Subscribe(subject, fn)
}

// queue is what waits for the server under a subject. It keeps the promises of
// a subscriber: a server that is stuck holds up nobody, and the newest message
// survives.
func (n *NATS) queue(subject string) *subscriber {
	n.mu.Lock()
	defer n.mu.Unlock()
	q := n.out[subject]
	if q == nil {
		full := n.prefix + n.node + "." + subject
		q = &subscriber{fn: func(data []byte) {
			_ = n.conn.Publish(full, data) // without a connection the message is lost, as the bell may be
		}}
		n.out[subject] = q
	}
	return q
}

// hear takes what the server brings, our own voice too.
func (n *NATS) hear(m *nats.Msg) {
	node, subject, ok := strings.Cut(strings.TrimPrefix(m.Subject, n.prefix), ".")
	switch {
	case !ok:
	case node != n.node:
		n.local.Publish(subject, m.Data)
	case subject == probe:
		select {
		case n.echo <- struct{}{}:
		default:
		}
	}
}

// Check says something and waits until it is heard, all the way through the
// server: a connection that stands proves little. It is Unavailable when ctx
// ends before.
func (n *NATS) Check(ctx context.Context) error {
	const op = "bus.Check"
	if !n.conn.IsConnected() {
		return fault.As(op, fault.Unavailable, "", n.trouble())
	}
	select {
	case n.probing <- struct{}{}:
		defer func() { <-n.probing }()
	case <-ctx.Done():
		return fault.As(op, fault.Unavailable, "", ctx.Err())
	}
	select {
	case <-n.echo: // of an earlier one that gave up
	default:
	}
	n.queue(probe).put(nil)
	select {
	case <-n.echo:
		return nil
	case <-ctx.Done():
		return fault.As(op, fault.Unavailable, "", ctx.Err())
	}
}

func (n *NATS) trouble() error {
	if err := n.conn.LastError(); err != nil {
		return err
	}
	return nats.ErrNoServers
}

func lost(_ *nats.Conn, err error) {
	if err != nil { // else we have left ourselves
		slog.Warn("nats: connection lost", "error", err)
	}
}
