package email

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/testkit"
)

func TestMailboxOnARealServer(t *testing.T) {
	t.Parallel()
	d := testkit.StartDovecot(t)
	long := append(letterNo(1), bytes.Repeat([]byte("Long lines are long.\r\n"), 500)...)
	d.Deliver(long)
	d.Deliver(letterNo(2))
	for _, c := range []struct {
		security string
		port     int
	}{{"none", d.Port}, {"starttls", d.Port}, {"tls", d.TLSPort}} {
		t.Run(c.security, func(t *testing.T) {
			s := serverOf(d, "")
			s.Security, s.Port = c.security, c.port
			box, err := dialIMAP(context.Background(), loopback(), d.Roots, s)
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			readBox(t, box, long)
			if !box.idles() {
				t.Error("the server is not asked to announce mail")
			}
		})
	}
}

// readBox reads two mails, of which the first one is long.
func readBox(t *testing.T, box mailbox, long []byte) {
	t.Helper()
	state, err := box.Open("INBOX")
	if err != nil || state.Next != 3 || state.Validity != 1_700_000_000 {
		t.Fatalf("state %+v, %v", state, err)
	}
	if uids, err := box.After(2); err != nil || len(uids) != 0 {
		t.Errorf("after the last one: %v, %v", uids, err)
	}
	uids, err := box.After(0)
	if err != nil || len(uids) != 2 {
		t.Fatalf("uids %v, %v", uids, err)
	}
	if uids, err := box.Find([]uint32{2, 3}); err != nil || len(uids) != 1 || uids[0] != 2 {
		t.Errorf("of the second and the third: %v, %v", uids, err)
	}
	there, err := box.List([]uint32{1, 2, 3}, false)
	if err != nil || len(there) != 2 || there[1] != (listed{Size: int64(len(long))}) {
		t.Errorf("listed %v, %v", there, err)
	}
	there, err = box.List([]uint32{1, 2, 3}, true)
	if age := time.Since(there[1].Date); err != nil || len(there) != 2 || there[1].Size != int64(len(long)) || age < -time.Minute || age > time.Hour {
		t.Errorf("listed with dates %v, %v", there, err)
	}
	letters, err := box.Fetch([]uint32{1, 2, 3}, int64(len(long)))
	if err != nil || len(letters) != 2 || !bytes.Equal(letters[0].Raw, long) || letters[0].Cut {
		t.Errorf("letters differ from what was delivered (%v)", err)
	}
	letters, err = box.Fetch([]uint32{1}, 100)
	if err != nil || len(letters) != 1 || !bytes.Equal(letters[0].Raw, long[:100]) || !letters[0].Cut {
		t.Errorf("the beginning of a mail: %v, %v", letters, err)
	}
}

func TestServersNewsEndTheWait(t *testing.T) {
	t.Parallel()
	d := testkit.StartDovecot(t)
	ctx, cancel := context.WithCancel(context.Background())
	box, err := dialIMAP(ctx, loopback(), nil, serverOf(d, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	open := func() folderState {
		state, err := box.Open("INBOX")
		if err != nil {
			t.Fatal(err)
		}
		return state
	}
	open()
	if err := box.Wait(time.Millisecond); err != nil { // nothing comes
		t.Fatal(err)
	}
	d.Deliver(letterNo(1))
	if err := box.Wait(time.Minute); err != nil {
		t.Fatal(err)
	}
	if state := open(); state.Next != 2 {
		t.Errorf("woken, but UIDNEXT is %d", state.Next)
	}
	cancel()
	if box.Wait(time.Minute) == nil {
		t.Error("the session outlives its context")
	}
}

// scriptedIMAP answers each command by its name; %s is the tag. A command
// without an answer ends the connection. A server without a greeting says
// nothing to anything.
func scriptedIMAP(t *testing.T, greeting string, answers map[string]string) channel.Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go converse(conn, greeting, answers)
		}
	}()
	return channel.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: "none", Username: "hello", Password: "right"}
}

func converse(conn net.Conn, greeting string, answers map[string]string) {
	defer conn.Close()
	fmt.Fprint(conn, greeting)
	idle := ""
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if len(words) == 1 && words[0] == "DONE" {
			fmt.Fprintf(conn, "%s OK\r\n", idle)
		}
		if len(words) < 2 {
			continue
		}
		idle = words[0]
		if greeting == "" {
			continue
		}
		answer, ok := answers[strings.ToUpper(words[1])]
		if !ok {
			return
		}
		fmt.Fprint(conn, strings.ReplaceAll(answer, "%s", words[0]))
	}
}

const ready = "* OK ready\r\n"

func TestServerWithoutIdleIsPolled(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string]map[string]string{
		"does not know it": {"CAPABILITY": "* CAPABILITY IMAP4rev1\r\n%s OK\r\n", "LOGIN": "%s OK\r\n"},
		"refuses it":       {"CAPABILITY": "* CAPABILITY IMAP4rev1 IDLE\r\n%s OK\r\n", "LOGIN": "%s OK\r\n", "IDLE": "%s NO not today\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box, err := dialIMAP(context.Background(), loopback(), nil, scriptedIMAP(t, ready, answers))
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			for range 2 {
				if err := box.Wait(time.Millisecond); err != nil {
					t.Errorf("waiting: %v", err)
				}
			}
			if box.idles() {
				t.Error("IDLE would be tried again")
			}
		})
	}
}

func TestOnlyAGrownFolderIsNews(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		said string // while the client waits
		news bool
	}{
		{"the same count again", "* 3 EXISTS\r\n", false},
		{"a mail less", "* 1 EXPUNGE\r\n* 2 EXISTS\r\n", false},
		{"a mail more", "* 4 EXISTS\r\n", true},
		{"a mail less and another one more", "* 1 EXPUNGE\r\n* 3 EXISTS\r\n", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			box, err := dialIMAP(context.Background(), loopback(), nil, scriptedIMAP(t, ready, map[string]string{
				"CAPABILITY": "* CAPABILITY IMAP4rev1 IDLE\r\n%s OK\r\n", "LOGIN": "%s OK\r\n",
				"EXAMINE": "* 3 EXISTS\r\n* OK [UIDVALIDITY 1] .\r\n* OK [UIDNEXT 4] .\r\n%s OK\r\n",
				"IDLE":    c.said + "+ idling\r\n"}))
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			if _, err := box.Open("INBOX"); err != nil {
				t.Fatal(err)
			}
			if err := box.Wait(time.Millisecond); err != nil {
				t.Fatal(err)
			}
			if news := len(box.news) > 0; news != c.news {
				t.Errorf("news: %v, want %v", news, c.news)
			}
		})
	}
}

func TestSilentConnectionIsGivenUp(t *testing.T) {
	t.Parallel()
	here, there := net.Pipe()
	defer there.Close()
	c := attend(here, time.Millisecond)
	c.SetReadDeadline(time.Time{}) // what the IMAP client does between answers
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("reading from silence: %v", err)
	}
}

func TestEndlessAnswerIsGivenUp(t *testing.T) {
	t.Parallel()
	here, there := net.Pipe()
	defer there.Close()
	c := attend(here, time.Minute)
	go func() {
		for line := []byte("never ends"); ; {
			if _, err := there.Write(line); err != nil {
				return
			}
		}
	}()
	c.left.Store(25)
	if n, err := io.Copy(io.Discard, c); !errors.Is(err, errEndless) {
		t.Errorf("too long an answer: %d bytes, %v", n, err)
	}
	c.ask() // the next one may be as long again
	if _, err := io.ReadFull(c, make([]byte, 100)); err != nil {
		t.Errorf("the next answer: %v", err)
	}
	c.until.Store(time.Now().UnixNano())
	if _, err := c.Read(make([]byte, 10)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("too slow an answer: %v", err)
	}
}

func TestExcessiveAnswersAreRefused(t *testing.T) {
	t.Parallel()
	mail := strings.Repeat("x", batchBytes)
	letter := func(uid int) string {
		return fmt.Sprintf("* %d FETCH (UID %d BODY[]<0> {%d}\r\n%s)\r\n", uid, uid, len(mail), mail)
	}
	for _, c := range []struct {
		name   string
		answer string
		ask    func(box mailbox) error
		fails  bool
	}{
		{"a range of numbers", "* ESEARCH (TAG \"%s\") UID ALL 8:10\r\n%s OK\r\n", func(box mailbox) error {
			uids, err := box.After(8)
			if err == nil && !slices.Equal(uids, []uint32{9, 10}) {
				t.Errorf("found %v", uids)
			}
			return err
		}, false},
		{"all numbers there are", "* ESEARCH (TAG \"%s\") UID ALL 1:20000000\r\n%s OK\r\n", func(box mailbox) error {
			_, err := box.After(0)
			return err
		}, true},
		{"as much mail as was asked for", letter(1) + letter(2) + "%s OK\r\n", func(box mailbox) error {
			_, err := box.Fetch([]uint32{1, 2, 3}, largestMail)
			return err
		}, false},
		{"more mail than was asked for", letter(1) + letter(2) + letter(3) + "%s OK\r\n", func(box mailbox) error {
			_, err := box.Fetch([]uint32{1, 2, 3}, largestMail)
			return err
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			box, err := dialIMAP(context.Background(), loopback(), nil, scriptedIMAP(t, ready, map[string]string{
				"CAPABILITY": "* CAPABILITY IMAP4rev1\r\n%s OK\r\n", "LOGIN": "%s OK\r\n", "UID": c.answer}))
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			if err := c.ask(box); (err != nil) != c.fails {
				t.Errorf("%v, want an error: %v", err, c.fails)
			}
		})
	}
}

func TestLateServerIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	for _, security := range []string{"none", "starttls", "tls"} {
		t.Run(security, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
			defer cancel()
			s := scriptedIMAP(t, "", nil)
			s.Security = security
			_, err := dialIMAP(ctx, loopback(), nil, s)
			if text, _ := explain(imapProtocol, s, err); !strings.Contains(text, "but says nothing") {
				t.Errorf("%q for %v", text, err)
			}
		})
	}
}

func TestConsentWithoutAnEndIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	s := scriptedIMAP(t, ready, map[string]string{"CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS\r\n%s OK\r\n", "STARTTLS": "%s OK go\rX"})
	s.Security = "starttls"
	ended := make(chan error, 1)
	go func() {
		_, err := dialIMAP(ctx, loopback(), nil, s)
		ended <- err
	}()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("signed in without encryption")
		}
	case <-time.After(20 * time.Second):
		t.Error("still waiting")
	}
}

func TestStrangersCertificateIsRefused(t *testing.T) {
	t.Parallel()
	d := testkit.StartDovecot(t)
	for _, c := range []struct {
		security string
		host     string
		port     int
		roots    *x509.CertPool
		words    string
	}{
		{"tls", d.Host, d.TLSPort, x509.NewCertPool(), "was issued by nobody known"},
		{"starttls", d.Host, d.Port, x509.NewCertPool(), "was issued by nobody known"},
		{"tls", "127.0.0.2", d.TLSPort, d.Roots, "is not for 127.0.0.2"},
	} {
		s := serverOf(d, "")
		s.Security, s.Port = c.security, c.port
		if c.host != d.Host {
			s = forwarded(t, c.host, s)
		}
		_, err := dialIMAP(context.Background(), loopback(), c.roots, s)
		if text, hint := explain(imapProtocol, s, err); !strings.Contains(text, c.words) || hint == "" {
			t.Errorf("%s: %q, want %q", c.security, text, c.words)
		}
	}
}

// forwarded is the same server under another address.
func forwarded(t *testing.T, host string, s channel.Server) channel.Server {
	t.Helper()
	l, err := net.Listen("tcp", host+":0")
	testkit.Require(t, err)
	t.Cleanup(func() { l.Close() })
	to := net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				near.Close()
				continue
			}
			go pour(near, far)
			go pour(far, near)
		}
	}()
	s.Host, s.Port = host, l.Addr().(*net.TCPAddr).Port
	return s
}

func pour(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	bufio.NewReader(from).WriteTo(to)
}
