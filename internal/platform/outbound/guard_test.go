package outbound_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/outbound"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}

// nameServer answers A questions on loopback; answer is asked anew each time.
func nameServer(t *testing.T, answer func(name string) []netip.Addr) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				for _, a := range answer(q.Name.String()) {
					m.Answers = append(m.Answers, dnsmessage.Resource{
						Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
						Body:   &dnsmessage.AResource{A: a.As4()},
					})
				}
			}
			if reply, err := m.Pack(); err == nil {
				conn.WriteTo(reply, from)
			}
		}
	}()
	return outbound.NewResolver(conn.LocalAddr().String())
}

// peer is a listener on loopback that counts who got through.
func peer(t *testing.T) (addr string, reached *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	reached = new(atomic.Int64)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			reached.Add(1)
			c.Close()
		}
	}()
	return l.Addr().String(), reached
}

func TestDialRefusesWhatIsNotPublic(t *testing.T) {
	t.Parallel()
	addr, reached := peer(t)
	_, port, _ := net.SplitHostPort(addr)
	names := nameServer(t, func(string) []netip.Addr { return []netip.Addr{netip.MustParseAddr("127.0.0.1")} })
	g := outbound.New(nil, names)
	for _, c := range []struct{ network, addr string }{
		{"tcp", addr},
		{"tcp4", addr},
		{"tcp", "localhost:" + port},
		{"tcp", "innocent.example:" + port},
		{"tcp", "0.0.0.0:" + port},
		{"tcp", "[::ffff:127.0.0.1]:" + port},
		{"tcp", "[::1]:" + port},
		{"tcp", ":" + port},
		{"unix", "/tmp/rapport-no-such-socket"},
		{"udp", addr},
	} {
		conn, err := g.DialContext(context.Background(), c.network, c.addr)
		if err == nil {
			conn.Close()
		}
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s %s: %v, want a Forbidden fault", c.network, c.addr, err)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the peer was reached %d times", n)
	}
}

func TestDialLetsAllowedNetworksThrough(t *testing.T) {
	t.Parallel()
	addr, _ := peer(t)
	for _, to := range []string{addr, strings.Replace(addr, "127.0.0.1", "[::ffff:127.0.0.1]", 1)} {
		conn, err := outbound.New(loopback, nil).DialContext(context.Background(), "tcp", to)
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
	other := outbound.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}, nil)
	if _, err := other.DialContext(context.Background(), "tcp", addr); !fault.Is(err, fault.Forbidden) {
		t.Errorf("another network was allowed: %v", err)
	}
}

// The name's first answer is allowed and the second is not: whatever answer a
// connection is made with is the one that is judged.
func TestANameThatChangesItsAnswerLeadsNowhere(t *testing.T) {
	t.Parallel()
	addr, reached := peer(t)
	_, port, _ := net.SplitHostPort(addr)
	var asked atomic.Int64
	names := nameServer(t, func(string) []netip.Addr {
		if asked.Add(1) == 1 {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.2")}
	})
	g := outbound.New(loopback, names)
	conn, err := g.DialContext(context.Background(), "tcp", "rebind.example:"+port)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if _, err := g.DialContext(context.Background(), "tcp", "rebind.example:"+port); !fault.Is(err, fault.Forbidden) {
		t.Errorf("second dial: %v", err)
	}
	if n := reached.Load(); n > 1 {
		t.Errorf("reached %d times", n)
	}
}

func TestARefusedAddressIsPassedOver(t *testing.T) {
	t.Parallel()
	addr, _ := peer(t)
	_, port, _ := net.SplitHostPort(addr)
	names := nameServer(t, func(string) []netip.Addr {
		return []netip.Addr{netip.MustParseAddr("10.1.2.3"), netip.MustParseAddr("127.0.0.1")}
	})
	conn, err := outbound.New(loopback, names).DialContext(context.Background(), "tcp", "two.example:"+port)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestAClosedPortIsUnavailable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	_, err = outbound.New(loopback, nil).DialContext(context.Background(), "tcp", l.Addr().String())
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("err = %v", err)
	}
}

func TestClientRedirects(t *testing.T) {
	t.Parallel()
	hidden := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the hidden server was reached") }))
	defer hidden.Close()
	names := nameServer(t, func(name string) []netip.Addr {
		if name == "hidden.example." {
			return []netip.Addr{netip.MustParseAddr("127.0.0.2")}
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	})
	var port string
	mux := http.NewServeMux()
	mux.HandleFunc("/end", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "end") })
	mux.HandleFunc("/one", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/end", http.StatusFound) })
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/to/{host}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+r.PathValue("host")+":"+port+"/end", http.StatusFound)
	})
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	s := httptest.NewServer(mux)
	defer s.Close()
	_, port, _ = net.SplitHostPort(s.Listener.Addr().String())
	g := outbound.New(loopback, names)
	for _, c := range []struct {
		path       string
		otherHosts bool
		kind       fault.Kind
		ok         bool
	}{
		{path: "/end", ok: true},
		{path: "/one", ok: true},
		{path: "/loop", kind: fault.Unavailable},
		{path: "/to/second.example", kind: fault.Forbidden},
		{path: "/to/second.example", otherHosts: true, ok: true},
		{path: "/to/FIRST.example", ok: true},
		{path: "/to/hidden.example", otherHosts: true, kind: fault.Forbidden},
		{path: "/to/169.254.169.254", otherHosts: true, kind: fault.Forbidden},
		{path: "/file", otherHosts: true, kind: fault.Forbidden},
	} {
		client := g.Client(outbound.Limits{OtherHosts: c.otherHosts})
		resp, err := client.Get("http://first.example:" + port + c.path)
		if c.ok != (err == nil) || err != nil && !fault.Is(err, c.kind) {
			t.Errorf("%s (other hosts %v): %v", c.path, c.otherHosts, err)
		}
		if err == nil {
			resp.Body.Close()
		}
		client.CloseIdleConnections()
	}
}

func TestClientUsesNoProxy(t *testing.T) {
	t.Parallel()
	transport := outbound.New(nil, nil).Client(outbound.Limits{}).Transport.(*http.Transport)
	if transport.Proxy != nil {
		t.Error("a proxy would connect for us, past the guard")
	}
}

func TestRedirectFromHTTPSToHTTPIsRefused(t *testing.T) {
	t.Parallel()
	client := outbound.New(nil, nil).Client(outbound.Limits{OtherHosts: true})
	from, _ := http.NewRequest("GET", "https://a.example/", nil)
	to, _ := http.NewRequest("GET", "http://a.example/", nil)
	if err := client.CheckRedirect(to, []*http.Request{from}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("down: %v", err)
	}
	if err := client.CheckRedirect(from, []*http.Request{to}); err != nil {
		t.Errorf("up: %v", errors.Unwrap(err))
	}
}
