package prove

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/smtp"
	"net/textproto"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"
)

// relay is the way between two servers: it counts the mails, and may take away
// all that tells where they come from.
type relay struct {
	port  int
	to    string // the door behind it
	strip bool
	mails atomic.Int64
}

func newRelay(t *testing.T, to string, strip bool) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{port: l.Addr().(*net.TCPAddr).Port, to: to, strip: strip}
	server := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return &passage{relay: r}, nil }))
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return r
}

// passage carries one mail on.
type passage struct {
	relay *relay
	from  string
	to    []string
}

func (p *passage) Mail(from string, _ *gosmtp.MailOptions) error { p.from = from; return nil }
func (p *passage) Rcpt(to string, _ *gosmtp.RcptOptions) error   { p.to = append(p.to, to); return nil }
func (p *passage) Reset()                                        {}
func (p *passage) Logout() error                                 { return nil }

func (p *passage) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	p.relay.mails.Add(1)
	from := p.from
	if p.relay.strip {
		raw = stripped(raw, p.relay.mails.Load())
		from = "somebody@relay.example"
	}
	return smtp.SendMail(p.relay.to, nil, from, p.to, raw)
}

// stripped is a mail of which nothing is left but who wrote, to whom, and what;
// it bears an id of the relay's, and its recipient no part of ours.
func stripped(raw []byte, n int64) []byte {
	header, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw))).ReadMIMEHeader()
	if err != nil {
		return raw
	}
	_, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	var b bytes.Buffer
	for _, name := range []string{"From", "Subject", "Date", "Mime-Version", "Content-Type", "Content-Transfer-Encoding"} {
		if v := header.Get(name); v != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, v)
		}
	}
	fmt.Fprintf(&b, "Message-ID: <%d.%d@relay.example>\r\n\r\n%s", n, time.Now().UnixNano(), body)
	return b.Bytes()
}

// answering makes the workspace of a server whose inbox acknowledges, and whose
// mail leaves through a relay.
func (s *server) answering(address string, out *relay) (inboxID int64) {
	s.t.Helper()
	inboxID = s.company(address, out.port)
	path := "/inboxes/" + strconv.FormatInt(inboxID, 10) + "/acknowledgement"
	if _, err := s.call("PUT", path, map[string]any{"on": true, "language": "en", "texts": []any{}}, nil); err != nil {
		s.t.Fatal(err)
	}
	return inboxID
}

// quiet waits until no mail has passed the relays for a while; how many did is
// told.
func quiet(relays ...*relay) (total int64) {
	for still := 0; still < 40; still++ {
		time.Sleep(100 * time.Millisecond)
		now := int64(0)
		for _, r := range relays {
			now += r.mails.Load()
		}
		if now != total {
			total, still = now, 0
		}
	}
	return total
}

// MAIL-12: two servers that acknowledge each other's mails stop after two
// automatic mails in all, also when nothing on the way tells that they are.
func TestMAIL12TwoServersThatAnswerEachOtherStop(t *testing.T) {
	for name, strip := range map[string]bool{"as it left": false, "stripped of every mark": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, two := newServer(t, false), newServer(t, false)
			one.start()
			two.start()
			toTwo, toOne := newRelay(t, two.door, strip), newRelay(t, one.door, strip)
			from := one.answering("hello@one.example", toTwo)
			two.answering("hello@two.example", toOne)
			// A person at the first server writes to the second, which has not met it.
			status, err := one.call("POST", "/conversations", map[string]any{"inbox_id": from, "subject": "Do you deliver?", "to": []string{"hello@two.example"}, "text": "To the island, too?"}, nil)
			if status != http.StatusCreated {
				t.Fatal(status, err)
			}
			passed := quiet(toTwo, toOne)
			automatic := passed - 1 // but the person's own
			t.Logf("%d automatic mails", automatic)
			if automatic < 1 || automatic > 2 {
				t.Errorf("%d automatic mails passed, want one or two", automatic)
			}
			for _, s := range []*server{one, two} {
				var mails struct {
					Items []struct{ State, Reason string }
				}
				if _, err := s.call("GET", "/mails?limit=100", nil, &mails); err != nil {
					t.Error(err)
				}
				for _, m := range mails.Items {
					if m.State != "applied" {
						t.Errorf("a mail is %s: %s", m.State, m.Reason)
					}
				}
				s.healthy()
			}
		})
	}
}

// The same once a stranger begins it: a mail whose sender is the other server's
// inbox.
func TestMAIL12AForgedSenderStartsNoLoop(t *testing.T) {
	one, two := newServer(t, false), newServer(t, false)
	one.start()
	two.start()
	toTwo, toOne := newRelay(t, two.door, true), newRelay(t, one.door, true)
	one.answering("hello@one.example", toTwo)
	two.answering("hello@two.example", toOne)
	for n := range 5 {
		mail := fmt.Sprintf("From: hello@two.example\r\nTo: hello@one.example\r\nSubject: %d\r\nMessage-ID: <%d@evil.example>\r\n\r\nAnswer me, %d.\r\n", n, n, n)
		if err := smtp.SendMail(one.door, nil, "x@evil.example", []string{"hello@one.example"}, []byte(strings.ReplaceAll(mail, "\n\n", "\n"))); err != nil {
			t.Fatal(err)
		}
	}
	if passed := quiet(toTwo, toOne); passed > 2 {
		t.Errorf("%d automatic mails passed, want at most two", passed)
	}
}
