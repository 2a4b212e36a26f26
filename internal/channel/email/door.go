package email

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"rapport/internal/channel"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
)

// Limits of the SMTP door. The shape of a mail is judged after it was kept, by
// mailparse: what is over those limits is quarantined, not lost.
const (
	maxMailBytes  = 35 << 20
	maxRecipients = 100
	maxLineBytes  = 64 << 10
	doorTimeout   = 2 * time.Minute
	maxDialogues  = 500 // at once; who comes then is asked to try again
)

// Door is the SMTP server. It takes mail for our inboxes only, and says 250
// after the mail is on the disk.
type Door struct {
	channels *channel.Room
	clock    clock.Clock
	host     string
	server   *smtp.Server
	places   chan struct{} // one for each dialogue
}

// NewDoor makes the SMTP door; host is how it greets.
func NewDoor(channels *channel.Room, c clock.Clock, host string) *Door {
	d := &Door{channels: channels, clock: c, host: host, places: make(chan struct{}, maxDialogues)}
	s := smtp.NewServer(smtp.BackendFunc(func(conn *smtp.Conn) (smtp.Session, error) {
		return &session{door: d, conn: conn, remote: conn.Conn().RemoteAddr()}, nil
	}))
	s.Domain = host
	s.MaxMessageBytes = maxMailBytes
	s.MaxRecipients = maxRecipients
	s.MaxLineLength = maxLineBytes
	s.ReadTimeout, s.WriteTimeout = doorTimeout, doorTimeout
	s.EnableSMTPUTF8 = true
	s.ErrorLog = quietLog{}
	d.server = s
	return d
}

// Serve takes connections until ctx ends, then lets those in hand finish.
func (d *Door) Serve(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if d.server.Shutdown(grace) != nil {
			d.server.Close()
		}
	})
	defer stop()
	err := d.server.Serve(strictLines{l, d.places})
	if ctx.Err() != nil || errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	return err
}

// session is one client's dialogue.
type session struct {
	door       *Door
	conn       *smtp.Conn
	remote     net.Addr
	from       string
	inboxes    []channel.Inbox
	recipients []string // the address by which each inbox was named first
}

func (s *session) Reset()        { s.from, s.inboxes, s.recipients = "", nil, nil }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.Reset()
	s.from = from
	return nil
}

// Rcpt refuses addresses that are not ours at once: nothing is accepted and
// returned later.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	ctx, cancel := context.WithTimeout(context.Background(), doorTimeout)
	defer cancel()
	plain, _ := splitProof(to)
	inbox, err := s.door.channels.InboxAt(ctx, plain)
	switch {
	case fault.Is(err, fault.NotFound):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox here"}
	case err != nil:
		return busy(err)
	}
	for _, known := range s.inboxes {
		if known.ID == inbox.ID {
			return nil
		}
	}
	s.inboxes = append(s.inboxes, inbox)
	s.recipients = append(s.recipients, to)
	return nil
}

// Data keeps the mail, once for each inbox. Only when it is on the disk does
// it return nil, which the library turns into 250.
func (s *session) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err // too large, or the connection broke
	}
	queueID := rand.Text()[:20]
	arrivals := make([]channel.Arrival, len(s.inboxes))
	for i, inbox := range s.inboxes {
		arrivals[i] = channel.Arrival{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, SourceKey: "smtp:" + queueID,
			From: s.from, Client: host(s.remote), Helo: s.conn.Hostname(), Raw: append(s.trace(s.recipients[i], queueID), body...)}
	}
	ctx, cancel := context.WithTimeout(context.Background(), doorTimeout)
	defer cancel()
	if err := s.door.channels.Accept(ctx, arrivals, nil); err != nil {
		return busy(err)
	}
	return nil
}

// trace is what a server of final delivery writes on top of a mail (RFC 5321
// 4.4): the envelope, which the mail itself does not hold.
func (s *session) trace(to, queueID string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <%s>\r\nDelivered-To: %s\r\n", clean(s.from), clean(to))
	fmt.Fprintf(&b, "Received: from [%s] by %s with ESMTP id %s; %s\r\n", host(s.remote), s.door.host, queueID, s.door.clock.Now().Format(time.RFC1123Z))
	return b.Bytes()
}

// busy asks the other side to try again: nothing was kept.
func busy(err error) error {
	slog.Error("smtp door", "error", err)
	return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Not kept; please try again later"}
}

func host(a net.Addr) string {
	h, _, err := net.SplitHostPort(a.String())
	if err != nil {
		return "unknown"
	}
	return h
}

// clean keeps line ends out of what goes into a header.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

type quietLog struct{}

func (quietLog) Printf(format string, v ...any) {
	slog.Debug("smtp door", "line", fmt.Sprintf(format, v...))
}
func (quietLog) Println(v ...any) { slog.Debug("smtp door", "line", fmt.Sprint(v...)) }

// strictLines mends a blind spot of the library: after CR CR LF it does not
// see the start of a line, so a mail whose last line ends in a stray CR would
// never end. Runs of CR before LF are read as one.
//
// It also keeps the number of dialogues within bounds, so that many who say
// nothing cost no more than that.
type strictLines struct {
	net.Listener
	places chan struct{}
}

func (l strictLines) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		select {
		case l.places <- struct{}{}:
			return &lineConn{Conn: c, leave: sync.OnceFunc(func() { <-l.places })}, nil
		default:
			c.SetWriteDeadline(time.Now().Add(time.Second))
			io.WriteString(c, "421 4.3.2 Too many connections; please try again later\r\n")
			c.Close()
		}
	}
}

type lineConn struct {
	net.Conn
	held  bool   // a CR was read and waits for what follows
	leave func() // frees its place
}

func (c *lineConn) Close() error {
	c.leave()
	return c.Conn.Close()
}

func (c *lineConn) Read(p []byte) (int, error) {
	if len(p) < 2 {
		return c.Conn.Read(p)
	}
	for {
		// One byte of room is kept for a CR held from the last read.
		n, err := c.Conn.Read(p[1:])
		out := 0
		for _, b := range p[1 : 1+n] {
			if c.held && b != '\r' {
				p[out] = '\r'
				out++
			}
			if c.held = b == '\r'; !c.held {
				p[out] = b
				out++
			}
		}
		if err != nil && c.held {
			p[out], c.held = '\r', false
			out++
		}
		if out > 0 || err != nil {
			return out, err
		}
	}
}
