package prove

import (
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// sink is a mail server that keeps what it is given.
type sink struct {
	port int

	mu    sync.Mutex
	mails []sunk
}

// sunk is a mail that was delivered: its id and its first line.
type sunk struct{ id, text string }

func newSink(t *testing.T) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{port: l.Addr().(*net.TCPAddr).Port}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{s}, nil }))
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return s
}

type delivery struct{ sink *sink }

func (d *delivery) Mail(string, *smtp.MailOptions) error { return nil }
func (d *delivery) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (d *delivery) Reset()                               {}
func (d *delivery) Logout() error                        { return nil }

func (d *delivery) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	d.sink.mu.Lock()
	defer d.sink.mu.Unlock()
	d.sink.mails = append(d.sink.mails, sunk{strings.Trim(m.Header.Get("Message-ID"), "<>"), string(body)})
	return nil
}

// ids are the different ids that arrived, each with how often it did.
func (s *sink) ids() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int{}
	for _, m := range s.mails {
		out[m.id]++
	}
	return out
}
