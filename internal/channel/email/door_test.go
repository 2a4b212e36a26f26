package email

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/platform/clock"
	"rapport/internal/testkit"
)

// openDoor starts the SMTP door of a world and returns a client of it.
func openDoor(t *testing.T, w *channeltest.World) *client {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- NewDoor(w.Channels, clock.System, "mail.miska.example").Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return dialClient(t, l.Addr().String())
}

// client speaks SMTP line by line, so that it can also speak it wrongly.
type client struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

func dialClient(t *testing.T, address string) *client {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(3 * time.Minute))
	c := &client{t, conn, bufio.NewReader(conn)}
	c.expect("220")
	c.say("EHLO client.example\r\n", "250")
	return c
}

func (c *client) say(text, code string) string {
	c.t.Helper()
	if _, err := c.conn.Write([]byte(text)); err != nil {
		c.t.Fatal(err)
	}
	return c.expect(code)
}

func (c *client) expect(code string) string {
	c.t.Helper()
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			c.t.Fatalf("waiting for %s: %v", code, err)
		}
		if len(line) > 3 && line[3] == '-' {
			continue
		}
		if !strings.HasPrefix(line, code) {
			c.t.Fatalf("server said %q, want %s", strings.TrimSpace(line), code)
		}
		return line
	}
}

func (c *client) mail(to string, data string) {
	c.t.Helper()
	c.say("MAIL FROM:<ewa@harbour.example>\r\n", "250")
	c.say("RCPT TO:<"+to+">\r\n", "250")
	c.say("DATA\r\n", "354")
	c.say(data+"\r\n.\r\n", "250")
}

func TestTheDoorKeepsMailForOurInboxesOnly(t *testing.T) {
	t.Parallel()
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	a := adapter(w)
	w.Channels.Register(a)
	inbox := w.Inbox(hello())
	w.Start()
	c := openDoor(t, w)
	c.mail("Hello@Miska.example", string(sample(1)))
	c.mail(a.ReplyAddress(inbox.Address, 4711), string(sample(2)))
	c.say("MAIL FROM:<>\r\n", "250")
	c.say("RCPT TO:<stranger@elsewhere.example>\r\n", "550")
	c.say("RCPT TO:<nobody@miska.example>\r\n", "550")
	w.Settled(2)
	var proven bool
	for _, in := range w.Receiver.Got() {
		proven = proven || in.ConversationID == 4711
		if in.From.Address != "ewa@harbour.example" {
			t.Errorf("from %q", in.From.Address)
		}
	}
	if !proven {
		t.Error("the reply address in the envelope did not prove its conversation")
	}
}

// Only CR LF . CR LF ends a mail (SMTP smuggling): each of these is one mail
// or none, never two.
func TestMAIL20TheDoorIsNotFooledByOtherLineEnds(t *testing.T) {
	t.Parallel()
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	w.Channels.Register(adapter(w))
	w.Inbox(hello())
	w.Start()
	c := openDoor(t, w)
	tricks := []string{"\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r.\r\n", "\r\n.\r", "\n.\r", "\r\r\n", "\r", "\n"}
	for i, trick := range tricks {
		smuggled := "MAIL FROM:<evil@elsewhere.example>\r\nRCPT TO:<hello@miska.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nevil"
		c.mail("hello@miska.example", fmt.Sprintf("From: ewa@harbour.example\r\nMessage-ID: <t%d@x>\r\nSubject: trick %d\r\n\r\nbody%s%s", i, i, trick, smuggled))
	}
	// A stray CR before the end must not swallow the end.
	c.mail("hello@miska.example", "From: ewa@harbour.example\r\nMessage-ID: <cr@x>\r\nSubject: stray CR\r\n\r\nlast line\r")
	w.Settled(int64(len(tricks) + 1))
	for _, in := range w.Receiver.Got() {
		if in.Subject == "smuggled" {
			t.Errorf("a second mail was smuggled in")
		}
	}
}

func TestMAIL08TheDoorAsksToTryAgainWhenItCannotKeep(t *testing.T) {
	t.Parallel()
	d := testkit.SQLite(t)
	w := channeltest.NewWorld(t, d)
	w.Channels.Register(adapter(w))
	w.Inbox(hello())
	c := openDoor(t, w)
	c.say("MAIL FROM:<ewa@harbour.example>\r\n", "250")
	c.say("RCPT TO:<hello@miska.example>\r\n", "250")
	d.Close() // the disk is gone
	c.say("DATA\r\n", "354")
	c.say(string(sample(1))+"\r\n.\r\n", "451")
}

func TestTheDoorRefusesWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	w.Channels.Register(adapter(w))
	w.Inbox(hello())
	c := openDoor(t, w)
	c.say("MAIL FROM:<ewa@harbour.example> SIZE=99000000\r\n", "552")
	c.say("MAIL FROM:<ewa@harbour.example>\r\n", "250")
	c.say("RCPT TO:<hello@miska.example>\r\n", "250")
	c.say("DATA\r\n", "354")
	line := strings.Repeat("x", 998) + "\r\n"
	for range 36 << 10 {
		if _, err := c.conn.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	c.say("\r\n.\r\n", "552")
	c.mail("hello@miska.example", string(sample(1))) // and goes on
}

// One mail to two of our inboxes is one mail in each.
func TestTHR12AMailToTwoInboxesReachesBoth(t *testing.T) {
	t.Parallel()
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	w.Channels.Register(adapter(w))
	w.Inbox(hello())
	n := hello()
	n.Address = "vets@miska.example"
	w.Inbox(n)
	c := openDoor(t, w)
	c.say("MAIL FROM:<ewa@harbour.example>\r\n", "250")
	for _, to := range []string{"hello@miska.example", "vets@miska.example", "HELLO@miska.example"} {
		c.say("RCPT TO:<"+to+">\r\n", "250")
	}
	c.say("DATA\r\n", "354")
	c.say(string(sample(1))+"\r\n.\r\n", "250")
	list, err := w.Channels.Receipts(context.Background(), w.Owner, channel.ReceiptFilter{Limit: 10})
	if err != nil || len(list) != 2 || list[0].InboxID == list[1].InboxID {
		t.Errorf("receipts %+v, %v", list, err)
	}
}

// MAIL-21: whoever abuses the dialogue is cut off, costs little, and holds up
// nobody.
func TestMAIL21AbuseOfTheDialogueIsBounded(t *testing.T) {
	t.Parallel()
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	w.Channels.Register(adapter(w))
	w.Inbox(hello())
	w.Start()
	door := NewDoor(w.Channels, clock.System, "mail.miska.example")
	door.places = make(chan struct{}, 5)
	door.server.ReadTimeout = time.Second
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	running, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- door.Serve(running, l) }()
	t.Cleanup(func() { cancel(); <-ended })
	address := l.Addr().String()

	t.Run("a line without an end", func(t *testing.T) {
		conn := dialClient(t, address).conn
		written, err := 0, error(nil)
		for err == nil && written < 64<<20 {
			var n int
			n, err = conn.Write(bytes.Repeat([]byte("x"), 64<<10))
			written += n
		}
		if err == nil {
			t.Errorf("it took %d MiB of one line", written>>20)
		}
	})
	t.Run("ten thousand recipients", func(t *testing.T) {
		c := dialClient(t, address)
		c.say("MAIL FROM:<ewa@harbour.example>\r\n", "250")
		taken := 0
		for ; taken < 10_000; taken++ {
			if _, err := io.WriteString(c.conn, "RCPT TO:<hello@miska.example>\r\n"); err != nil {
				t.Fatal(err)
			}
			if line, err := c.r.ReadString('\n'); err != nil || !strings.HasPrefix(line, "250") {
				break
			}
		}
		if taken > maxRecipients {
			t.Errorf("%d recipients were taken", taken)
		}
	})
	t.Run("silence in every place", func(t *testing.T) {
		var silent []net.Conn
		for len(silent) < 5 { // those of before may still be leaving
			if conn, code := dialSilent(t, address); code == "220" {
				silent = append(silent, conn)
			}
		}
		if _, code := dialSilent(t, address); code != "421" {
			t.Errorf("the one too many hears %q", code)
		}
		for _, conn := range silent { // each is cut off, and its place is free again
			if _, err := io.Copy(io.Discard, conn); err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("a silent one is never cut off: %v", err)
			}
		}
	})
	w.Eventually("a free place", func() bool {
		conn, code := dialSilent(t, address)
		conn.Close()
		return code == "220"
	})
	w.Eventually("every place free", func() bool { return len(door.places) == 0 })
	dialClient(t, address).mail("hello@miska.example", string(sample(1)))
	w.Settled(1)
}

// dialSilent connects, says nothing, and returns the code it is greeted with.
func dialSilent(t *testing.T, address string) (net.Conn, string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(2 * time.Minute))
	var code [3]byte
	io.ReadFull(conn, code[:])
	return conn, string(code[:])
}
