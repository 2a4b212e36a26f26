package outbound

import (
	"context"
	"net"
	"net/netip"
	"syscall"
	"time"

	"rapport/internal/platform/fault"
)

// Guard makes connections to the public internet and to nothing else.
type Guard struct {
	allow  []netip.Prefix
	dialer net.Dialer
}

// New returns a guard that also lets connections to the allowed networks
// through. A nil resolver is the system's.
func New(allow []netip.Prefix, resolver *net.Resolver) *Guard {
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	g := &Guard{allow: allow}
	g.dialer = net.Dialer{Resolver: resolver, Timeout: 30 * time.Second, KeepAlive: 30 * time.Second, Control: g.control}
	return g
}

// NewResolver asks the name server at addr (host or host:port) and no other;
// with addr empty it is the system's resolver.
func NewResolver(addr string) *net.Resolver {
	if addr == "" {
		return net.DefaultResolver
	}
	if _, _, err := net.SplitHostPort(addr); err != nil {
		addr = net.JoinHostPort(addr, "53")
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, addr)
	}}
}

// Resolver is what the guard resolves names with, for looking up records (MX,
// TXT) that lead to no connection of their own.
func (g *Guard) Resolver() *net.Resolver { return g.dialer.Resolver }

// DialContext connects to addr, host:port. A host that resolves only to refused
// addresses is a Forbidden fault. It has the form that HTTP, SMTP and IMAP
// clients take.
func (g *Guard) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	const op = "outbound.Dial"
	switch network {
	case "tcp", "tcp4", "tcp6":
	default:
		return nil, fault.Newf(op, fault.Forbidden, "Connections of the kind %q are not allowed.", network)
	}
	conn, err := g.dialer.DialContext(ctx, network, addr)
	switch {
	case err == nil:
		return conn, nil
	case fault.Is(err, fault.Forbidden):
		return nil, fault.Wrap(op, err)
	}
	return nil, fault.As(op, fault.Unavailable, "No connection to "+addr+".", err)
}

// control runs for each connection after its name was resolved and its socket
// was made, with the address that the socket is about to connect to.
func (g *Guard) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fault.As("outbound.control", fault.Forbidden, "The address cannot be read: "+address, err)
	}
	return g.Check(to.Addr())
}

// Check is nil for an address that may be connected to, and otherwise a
// Forbidden fault that says how an administrator can allow it.
func (g *Guard) Check(a netip.Addr) error {
	if public(a) || within(g.allow, a.WithZone("").Unmap()) {
		return nil
	}
	return fault.Newf("outbound.Check", fault.Forbidden, "The address %s is not on the public internet. "+
		"If it is meant, an administrator allows its network with RAPPORT_OUTBOUND_ALLOW.", a)
}

// Anywhere is what a guard lets through when the administrator names the
// machine on the command line or in the environment: who decides that could
// allow it as well. Nothing that stands on a screen may use it.
var Anywhere = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
