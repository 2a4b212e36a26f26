package testkit

import (
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// DNS is a name server on loopback, over UDP and TCP. It knows what the test
// has told it; any other name does not exist.
type DNS struct {
	Addr string // host:port

	mu      sync.Mutex
	records map[string][]dnsmessage.ResourceBody
	failing map[string]bool
	silent  bool
	asked   []string
}

// maxDatagram is what fits in an answer over UDP; a longer one is asked for
// again over TCP.
const maxDatagram = 1232

// StartDNS starts a name server that ends with the test.
func StartDNS(t testing.TB) *DNS {
	t.Helper()
	packets, stream := twoDoors(t)
	d := &DNS{Addr: stream.Addr().String(), records: map[string][]dnsmessage.ResourceBody{}, failing: map[string]bool{}}
	var wg sync.WaitGroup
	t.Cleanup(func() {
		packets.Close()
		stream.Close()
		wg.Wait()
	})
	wg.Go(func() { d.servePackets(packets) })
	wg.Go(func() {
		for {
			conn, err := stream.Accept()
			if err != nil {
				return
			}
			go d.serveStream(conn)
		}
	})
	return d
}

// twoDoors finds a port that is free for both protocols.
func twoDoors(t testing.TB) (net.PacketConn, net.Listener) {
	t.Helper()
	for range 20 {
		stream, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		packets, err := net.ListenPacket("udp", stream.Addr().String())
		if err == nil {
			return packets, stream
		}
		stream.Close()
	}
	t.Fatal("no port is free for both UDP and TCP")
	return nil, nil
}

// TXT sets the texts of a name.
func (d *DNS) TXT(name string, texts ...string) {
	bodies := make([]dnsmessage.ResourceBody, len(texts))
	for i, text := range texts {
		bodies[i] = &dnsmessage.TXTResource{TXT: parts(text)}
	}
	d.set(name, dnsmessage.TypeTXT, bodies)
}

// parts cuts a text as DNS wants it: at most 255 bytes each.
func parts(text string) []string {
	var list []string
	for len(text) > 255 {
		list, text = append(list, text[:255]), text[255:]
	}
	return append(list, text)
}

// MX sets the mail servers of a domain, the preferred first.
func (d *DNS) MX(name string, hosts ...string) {
	bodies := make([]dnsmessage.ResourceBody, len(hosts))
	for i, host := range hosts {
		bodies[i] = &dnsmessage.MXResource{Pref: uint16(10 * (i + 1)), MX: dnsmessage.MustNewName(rooted(host))}
	}
	d.set(name, dnsmessage.TypeMX, bodies)
}

// IP sets the addresses of a host.
func (d *DNS) IP(name string, addresses ...string) {
	var four, six []dnsmessage.ResourceBody
	for _, text := range addresses {
		if a := netip.MustParseAddr(text); a.Is4() {
			four = append(four, &dnsmessage.AResource{A: a.As4()})
		} else {
			six = append(six, &dnsmessage.AAAAResource{AAAA: a.As16()})
		}
	}
	d.set(name, dnsmessage.TypeA, four)
	d.set(name, dnsmessage.TypeAAAA, six)
}

// CNAME makes a name stand for another.
func (d *DNS) CNAME(name, other string) {
	d.set(name, dnsmessage.TypeCNAME, []dnsmessage.ResourceBody{&dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(rooted(other))}})
}

// Hang makes the server take questions and say nothing, until Hang(false).
func (d *DNS) Hang(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.silent = on
}

// Fail makes the server answer SERVFAIL to questions about a name.
func (d *DNS) Fail(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failing[key(name)] = true
}

// Asked returns the questions so far, in small letters, as in "TXT shop.example.".
func (d *DNS) Asked() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.asked...)
}

func key(name string) string { return strings.ToLower(rooted(name)) }

func rooted(name string) string { return strings.TrimSuffix(name, ".") + "." }

func (d *DNS) set(name string, kind dnsmessage.Type, bodies []dnsmessage.ResourceBody) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var kept []dnsmessage.ResourceBody
	for _, b := range d.records[key(name)] {
		if typeOf(b) != kind {
			kept = append(kept, b)
		}
	}
	d.records[key(name)] = append(kept, bodies...)
}

func typeOf(b dnsmessage.ResourceBody) dnsmessage.Type {
	switch b.(type) {
	case *dnsmessage.TXTResource:
		return dnsmessage.TypeTXT
	case *dnsmessage.MXResource:
		return dnsmessage.TypeMX
	case *dnsmessage.AResource:
		return dnsmessage.TypeA
	case *dnsmessage.AAAAResource:
		return dnsmessage.TypeAAAA
	}
	return dnsmessage.TypeCNAME
}

func (d *DNS) servePackets(conn net.PacketConn) {
	buf := make([]byte, 4096)
	for {
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return
		}
		if reply := d.answer(buf[:n], maxDatagram); reply != nil {
			conn.WriteTo(reply, from)
		}
	}
}

func (d *DNS) serveStream(conn net.Conn) {
	defer conn.Close()
	for {
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return
		}
		question := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(conn, question); err != nil {
			return
		}
		reply := d.answer(question, 1<<16-1)
		if reply == nil {
			continue
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
			return
		}
	}
}

// answer packs the reply to a question; nil says nothing.
func (d *DNS) answer(question []byte, limit int) []byte {
	var m dnsmessage.Message
	if m.Unpack(question) != nil || len(m.Questions) == 0 {
		return nil
	}
	q := m.Questions[0]
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	d.mu.Lock()
	name := key(q.Name.String())
	d.asked = append(d.asked, strings.TrimPrefix(q.Type.String(), "Type")+" "+name)
	silent := d.silent
	switch {
	case d.failing[name]:
		m.RCode = dnsmessage.RCodeServerFailure
	case d.records[name] == nil:
		m.RCode = dnsmessage.RCodeNameError
	default:
		m.Answers = d.find(q)
	}
	d.mu.Unlock()
	if silent {
		return nil
	}
	reply, err := m.Pack()
	if err == nil && len(reply) > limit {
		m.Truncated, m.Answers = true, nil
		reply, err = m.Pack()
	}
	if err != nil {
		return nil
	}
	return reply
}

// find follows names that stand for others, as a recursive server does.
func (d *DNS) find(q dnsmessage.Question) []dnsmessage.Resource {
	var found []dnsmessage.Resource
	name := q.Name
	for range 8 {
		next := ""
		for _, b := range d.records[key(name.String())] {
			alias, isAlias := b.(*dnsmessage.CNAMEResource)
			if typeOf(b) == q.Type || isAlias {
				found = append(found, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: name, Type: typeOf(b), Class: q.Class, TTL: 60}, Body: b})
			}
			if isAlias && q.Type != dnsmessage.TypeCNAME {
				next = alias.CNAME.String()
			}
		}
		if next == "" {
			break
		}
		name = dnsmessage.MustNewName(next)
	}
	return found
}
