package mailer_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/mailer"
)

// outbox keeps what was sent, or refuses as it is told.
type outbox struct {
	letters []mailer.Letter
	refuses bool
	err     error
}

func (o *outbox) SendSystem(_ context.Context, _ int64, l mailer.Letter) (bool, error) {
	o.letters = append(o.letters, l)
	return !o.refuses && o.err == nil, o.err
}

const link = "https://help.example.com/join?token=CANARY&x=1"

var deadline = time.Date(2026, 3, 2, 18, 30, 0, 0, time.UTC)

// sendAll sends one letter of each kind to a reader.
func sendAll(m *mailer.Mailer, to mailer.Reader) (queued int, err error) {
	ctx := context.Background()
	for _, send := range []func() (bool, error){
		func() (bool, error) {
			return m.Invite(ctx, 7, to, mailer.Invitation{Workspace: "Miska", Inviter: "Ola", Link: link, Until: deadline})
		},
		func() (bool, error) {
			return m.ResetPassword(ctx, 7, to, mailer.Reset{Workspace: "Miska", Link: link, Until: deadline})
		},
		func() (bool, error) {
			return m.Notify(ctx, 7, to, mailer.Notice{Workspace: "Miska", Title: "No backup", Text: "First.\n\nSecond.", Link: link})
		},
	} {
		ok, e := send()
		if ok {
			queued++
		}
		err = errors.Join(err, e)
	}
	return queued, err
}

func TestEveryLetterInEveryLanguage(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for locale, language := range map[string]string{"en": "en", "ko-KR": "ko", "pl_PL": "pl", "PL": "pl", "sw": "en", "": "en"} {
		var out outbox
		queued, err := sendAll(mailer.New(&out), mailer.Reader{Address: "ji@example.com", Name: "Ji-woo", Locale: locale})
		if err != nil || queued != 3 {
			t.Fatalf("%s: %d queued, %v", locale, queued, err)
		}
		for _, l := range out.letters {
			all := l.Subject + l.Text + l.HTML
			if l.Locale != language || l.To != "ji@example.com" || l.Name != "Ji-woo" {
				t.Errorf("%s %s: %+v", locale, l.Kind, l)
			}
			if l.Subject == "" || strings.Contains(all, "{{") || strings.Contains(all, "no value") || strings.Contains(all, "ZgotmplZ") {
				t.Errorf("%s %s: a blank is left:\n%s", locale, l.Kind, all)
			}
			if strings.Count(l.Text, link) != 1 || !strings.Contains(l.HTML, `href="https://help.example.com/join?token=CANARY&amp;x=1"`) {
				t.Errorf("%s %s: the link is not there once:\n%s\n%s", locale, l.Kind, l.Text, l.HTML)
			}
			if l.Kind != "notice" && !strings.Contains(l.Text, "2026-03-02 18:30 UTC") {
				t.Errorf("%s %s: the deadline is not there:\n%s", locale, l.Kind, l.Text)
			}
			if strings.Contains(l.Subject+l.Text, "&amp;") {
				t.Errorf("%s %s: HTML in the plain text", locale, l.Kind)
			}
			seen[l.Locale+l.Text] = true
		}
	}
	if len(seen) != 9 {
		t.Errorf("%d different letters, want 3 kinds in 3 languages", len(seen))
	}
}

func TestNamesCarryNoMessageOfTheirOwn(t *testing.T) {
	t.Parallel()
	var out outbox
	m := mailer.New(&out)
	_, err := m.Invite(context.Background(), 7, mailer.Reader{Address: "a@example.com", Name: "A\r\nBcc: all@example.com"},
		mailer.Invitation{Workspace: strings.Repeat("long ", 100), Inviter: "<script>x</script>\n{{.Link}}", Link: "javascript:x", Until: deadline})
	if err != nil {
		t.Fatal(err)
	}
	l := out.letters[0]
	if strings.ContainsAny(l.Subject+l.Name, "\r\n") || len(l.Subject) > 300 {
		t.Errorf("subject %q, name %q", l.Subject, l.Name)
	}
	if strings.Contains(l.HTML, "<script") || strings.Contains(l.HTML, `href="javascript`) {
		t.Errorf("HTML:\n%s", l.HTML)
	}
	if !strings.Contains(l.Subject, "{{.Link}}") {
		t.Errorf("a name was taken for a form: %q", l.Subject)
	}
}

func TestAParagraphOfANoticeIsAParagraph(t *testing.T) {
	t.Parallel()
	var out outbox
	if _, err := mailer.New(&out).Notify(context.Background(), 7, mailer.Reader{}, mailer.Notice{Workspace: "Miska", Title: "T", Text: "a\r\n\r\nb\n\n\n\n"}); err != nil {
		t.Fatal(err)
	}
	l := out.letters[0]
	if !strings.HasPrefix(l.Text, "T\n\na\n\nb\n\nYou get") || strings.Count(l.HTML, "<p ") != 4 || strings.Contains(l.HTML, "href") {
		t.Errorf("%q\n%s", l.Text, l.HTML)
	}
}

func TestASendersErrorIsReturned(t *testing.T) {
	t.Parallel()
	out := outbox{err: fault.New("x", fault.Unavailable, "full")}
	queued, err := sendAll(mailer.New(&out), mailer.Reader{})
	if queued != 0 || !fault.Is(err, fault.Unavailable) {
		t.Errorf("%d, %v", queued, err)
	}
}

// Not parallel: it reads the log.
func TestWithoutAnInboxTheLogSaysWhatHelpsAndNoSecret(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	for name, sender := range map[string]mailer.Sender{"no sender": nil, "no inbox": &outbox{refuses: true}} {
		log.Reset()
		queued, err := sendAll(mailer.New(sender), mailer.Reader{Address: "secret@example.com", Name: "Ji-woo"})
		if queued != 0 || err != nil {
			t.Errorf("%s: %d queued, %v", name, queued, err)
		}
		if strings.Count(log.String(), "\n") != 3 || !strings.Contains(log.String(), "rapport user reset-password") {
			t.Errorf("%s: the log says\n%s", name, log.String())
		}
		for _, secret := range []string{"CANARY", "secret@example.com", "Ji-woo", "https://"} {
			if strings.Contains(log.String(), secret) {
				t.Errorf("%s: the log holds %q:\n%s", name, secret, log.String())
			}
		}
	}
}
