package email

import (
	"bytes"
	"context"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/rich"
	"rapport/internal/platform/secret"
)

// ours are the headers that a mail of ours may have.
var ours = []string{"Auto-Submitted", "Cc", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "In-Reply-To", "Message-Id", "Mime-Version", "Precedence", "References",
	"Reply-To", "Subject", "To", "User-Agent", "X-Auto-Response-Suppress", "X-Mailer"}

// injected is a mail with foreign words everywhere they can stand.
func injected(words string) (channel.Inbox, channel.Outbound) {
	p := channel.Party{Name: words, Address: "ewa@harbour.example"}
	return channel.Inbox{ID: 1, WorkspaceID: 7, Name: words, Channel: "email", Address: "hello@miska.example"},
		channel.Outbound{ID: 2, WorkspaceID: 7, InboxID: 1, ConversationID: 3, FromName: words, To: []channel.Party{p}, Cc: []channel.Party{{Name: words, Address: "jan@lake.example"}},
			Subject: words, Text: words, Signature: rich.Plain(words), References: []string{words, "1@harbour.example"}, Language: words, Quoted: &channel.Quoted{From: p, At: time.Unix(0, 0), Text: words}}
}

// holds fails when a mail has a header, or a recipient, that nobody gave it.
func holds(t *testing.T, words string, built channel.Built) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(built.Bytes))
	if err != nil {
		t.Fatalf("%q makes no mail: %v", words, err)
	}
	for name := range m.Header {
		if !slices.Contains(ours, name) {
			t.Errorf("%q adds the header %s", words, name)
		}
	}
	if !slices.Equal(built.Recipients, []string{"ewa@harbour.example", "jan@lake.example"}) {
		t.Errorf("%q has it go to %v", words, built.Recipients)
	}
	for name, want := range map[string]string{"From": "hello@miska.example", "To": "ewa@harbour.example", "Cc": "jan@lake.example"} {
		list, err := m.Header.AddressList(name)
		if err != nil || len(list) != 1 || list[0].Address != want || len(m.Header[name]) != 1 {
			t.Errorf("%q makes %s %q, %v", words, name, m.Header[name], err)
		}
	}
	head, _, _ := bytes.Cut(built.Bytes, []byte("\r\n\r\n"))
	if rest := strings.ReplaceAll(string(head), "\r\n", ""); strings.ContainsAny(rest, "\r\n") {
		t.Errorf("%q leaves half a line end in the header", words)
	}
}

func builder(t testing.TB) *Adapter {
	return New(Deps{Key: secret.Generate(), Blobs: blob.New(nil, blob.NewFolder(t.TempDir()), clock.System), Clock: clock.System})
}

var injections = []string{"x\r\nBcc: victim@sea.example", "x\nX-Evil: 1", "x\rX-Evil: 1", "\r\n\r\nbody", "x\r\n X-Evil: 1", "=?utf-8?q?x=0D=0AX-Evil:_1?=", "x\x00\x0b\x0c\u0085\u2028\u2029X-Evil: 1",
	`Ewa" <victim@sea.example>, "`, "<victim@sea.example>", "ewa, victim@sea.example", strings.Repeat("ż", 500), "\xff\xfe\r\n.\r\nMAIL FROM:<x>", ""}

// MAIL-19: no words of anybody add a header to a mail, a recipient, or a second
// mail; an address that would is no address.
func TestMAIL19NoWordsAddAHeader(t *testing.T) {
	t.Parallel()
	a := builder(t)
	for _, words := range injections {
		for _, automatic := range []bool{false, true} {
			inbox, out := injected(words)
			out.Automatic = automatic
			built, err := a.Build(context.Background(), inbox, out)
			if err != nil {
				t.Fatalf("%q: %v", words, err)
			}
			holds(t, words, built)
		}
	}
	for _, address := range []string{"ewa@harbour.example\r\nBcc: victim@sea.example", "ewa@harbour.example>\r\nRCPT TO:<victim@sea.example", "a\n@b.example", "a@b.example\r"} {
		inbox, out := injected("x")
		out.To[0].Address = address
		if built, err := a.Build(context.Background(), inbox, out); err == nil && (strings.ContainsAny(strings.Join(built.Recipients, ""), "\r\n") || bytes.Contains(built.Bytes, []byte("\nBcc"))) {
			t.Errorf("%q is written to: %q", address, built.Recipients)
		}
	}
}

func FuzzHeadersOfAMail(f *testing.F) {
	for _, words := range injections {
		f.Add(words)
	}
	a := builder(f)
	f.Fuzz(func(t *testing.T, words string) {
		inbox, out := injected(words)
		built, err := a.Build(context.Background(), inbox, out)
		if err != nil {
			return
		}
		holds(t, words, built)
	})
}
