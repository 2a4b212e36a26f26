package app

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/acknowledgement"
	"rapport/internal/outreach"
	"rapport/internal/testkit"
	"rapport/internal/testkit/hostile"
)

// newsWorld is a company that sends through a real server, its mail signed.
type newsWorld struct {
	*App
	t     *testing.T
	owner account.Actor
	inbox channel.Inbox
	smtp  *hostile.SMTP
	dns   *testkit.DNS
	n     int
}

func newNewsWorld(t *testing.T, args ...string) *newsWorld {
	ctx, stop := context.WithCancel(context.Background())
	w := &newsWorld{t: t, smtp: hostile.StartSMTP(t), dns: testkit.StartDNS(t)}
	w.App = opened(t, false, append(args, "--data", t.TempDir(), "--url", "https://help.miska.example", "--dns", w.dns.Addr, "--outbound-allow", "127.0.0.0/8")...)
	t.Cleanup(func() { testkit.Accounted(t, w.DB) })
	made, err := w.Accounts.SetupDirect(ctx, account.Setup{Workspace: "Miska", Name: "Hanna", Email: "hanna@miska.example", Password: "the-dog-eats-at-seven"})
	w.must(err)
	w.owner = account.Actor{Kind: account.KindAgent, WorkspaceID: made.WorkspaceID, AgentID: made.AgentID, Role: account.Owner}
	w.inbox, err = w.Channels.CreateInbox(ctx, w.owner, channel.NewInbox{Name: "Miska", Channel: "email", Address: "hello@miska.example",
		Email: &channel.EmailSettings{SMTP: &channel.Server{Host: "127.0.0.1", Port: w.smtp.Port(), Security: "none"}}})
	w.must(err)
	w.must(w.Channels.NewSigningKey(ctx, w.owner, w.inbox.Address))
	keys, err := w.Signing.Of(ctx, w.owner.WorkspaceID, "miska.example")
	w.must(err)
	for _, k := range keys {
		w.dns.TXT(k.Name(), k.Line())
	}
	_, _, err = w.Signing.Look(ctx, w.owner.WorkspaceID, "miska.example")
	w.must(err)
	w.must(w.Readers.Prepare(ctx))
	done := make(chan struct{})
	go func() { w.Jobs.Run(ctx, true); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	return w
}

func (w *newsWorld) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// sends sends news and returns it as it arrived; "" when it was not to leave.
func (w *newsWorld) sends(to string) string {
	w.t.Helper()
	before := len(w.smtp.Mails())
	sent, err := w.Outreach.Send(context.Background(), w.owner.WorkspaceID, outreach.News{InboxID: w.inbox.ID, To: channel.Party{Address: to}, Subject: "New tea", Text: "It has come."})
	w.must(err)
	if !sent {
		return ""
	}
	return w.left(before)
}

// left is the mail that leaves after so many.
func (w *newsWorld) left(before int) string {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if mails := w.smtp.Mails(); len(mails) > before {
			return mails[before].Raw
		}
	}
	w.t.Fatal("it never left")
	return ""
}

func (w *newsWorld) arrives(raw string) {
	w.t.Helper()
	ctx := context.Background()
	w.n++
	w.must(w.Channels.Accept(ctx, []channel.Arrival{{WorkspaceID: w.owner.WorkspaceID, InboxID: w.inbox.ID, SourceKey: fmt.Sprint("test:", w.n), From: "ewa@harbour.example",
		Raw: []byte(strings.ReplaceAll(raw, "\n", "\r\n"))}}, nil))
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		counters, err := w.Channels.Counters(ctx, w.owner.WorkspaceID)
		w.must(err)
		if counters.InFlight == 0 {
			break
		}
		if time.Now().After(deadline) {
			w.t.Fatal("the mail was never judged")
		}
	}
	for moved, err := 1, error(nil); moved > 0; moved, err = w.Log.Sequence(ctx) {
		w.must(err)
	}
	w.must(w.Readers.CatchUp(ctx))
}

func (w *newsWorld) asks(method, path, body, kind string) *httptest.ResponseRecorder {
	r, a := httptest.NewRequest(method, path, strings.NewReader(body)), httptest.NewRecorder()
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w.pages(http.NotFoundHandler()).ServeHTTP(a, r)
	return a
}

func (w *newsWorld) refusals(address string) int {
	w.t.Helper()
	marks, err := w.Contacts.Suppressions(context.Background(), w.owner.WorkspaceID, []string{address})
	w.must(err)
	n := 0
	for _, m := range marks {
		if m.Cause == contact.CauseNews {
			n++
		}
	}
	return n
}

var (
	wayOutPage    = regexp.MustCompile(`<https://help\.miska\.example(/unsubscribe/[a-z2-7]+)>`)
	wayOutAddress = regexp.MustCompile(`<mailto:(hello\+r[a-z2-7]+@miska\.example)\?subject=unsubscribe>`)
)

// fields are the ways out that a mail carries.
func (w *newsWorld) fields(raw string) (page, address string) {
	w.t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	w.must(err)
	ways := m.Header.Get("List-Unsubscribe")
	p, a := wayOutPage.FindStringSubmatch(ways), wayOutAddress.FindStringSubmatch(ways)
	if p == nil || a == nil || m.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		w.t.Fatalf("it carries %q, %q", ways, m.Header.Get("List-Unsubscribe-Post"))
	}
	return p[1], a[1]
}

// RFC 8058: a mail program takes its reader out with one request that the mail
// names and the signature covers; nothing else does, and it lasts.
func TestNewsIsLeftWithOneRequest(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		ctx := context.Background()
		w := newNewsWorld(t, database()...)
		raw, other := w.sends("ewa@harbour.example"), w.sends("jan@lake.example")
		page, _ := w.fields(raw)
		if mine, _ := w.fields(other); mine == page {
			t.Error("two people have one way out")
		}
		found, err := dkim.VerifyWithOptions(bytes.NewReader([]byte(raw)), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) { return w.Names.LookupTXT(ctx, name) }})
		if err != nil || len(found) != 2 || found[0].Err != nil || found[1].Err != nil {
			t.Fatalf("signatures %+v, %v", found, err)
		}
		for _, f := range found {
			covered := strings.ToLower(fmt.Sprint(f.HeaderKeys))
			if !strings.Contains(covered, "list-unsubscribe ") && !strings.Contains(covered, "list-unsubscribe]") || !strings.Contains(covered, "list-unsubscribe-post") {
				t.Errorf("a signature covers %s", covered)
			}
		}

		const form = "application/x-www-form-urlencoded"
		for _, visit := range []struct {
			method, path, body string
			status             int
		}{
			{"GET", page, "", 200}, {"HEAD", page, "", 200}, {"POST", page, "", 200}, {"POST", page, "List-Unsubscribe=Maybe", 200}, {"GET", page + "?List-Unsubscribe=One-Click", "", 200},
			{"POST", page[:len(page)-1], "List-Unsubscribe=One-Click", 404}, {"POST", page + "a", "List-Unsubscribe=One-Click", 404}, {"POST", "/unsubscribe/", "List-Unsubscribe=One-Click", 404},
			{"GET", "/unsubscribe/1", "", 404}, {"DELETE", page, "", 404},
		} {
			if a := w.asks(visit.method, visit.path, visit.body, form); a.Code != visit.status {
				t.Errorf("%s %s %q: %d, want %d", visit.method, visit.path, visit.body, a.Code, visit.status)
			}
		}
		if w.refusals("ewa@harbour.example") != 0 {
			t.Fatal("who only looked was taken out")
		}
		first := w.asks("GET", page, "", "").Body.String()
		if strings.Contains(first, "ewa") || !strings.Contains(first, "Miska") || strings.Count(first, "<button") != 1 {
			t.Errorf("the page says %s", first)
		}
		for range 3 { // programs ask again
			if a := w.asks("POST", page, "List-Unsubscribe=One-Click", form); a.Code != 200 {
				t.Errorf("answered %d", a.Code)
			}
		}
		if w.refusals("ewa@harbour.example") != 1 || w.refusals("jan@lake.example") != 0 {
			t.Error("not the one who asked was taken out")
		}
		if w.sends("Ewa@harbour.example") != "" || w.sends("jan@lake.example") == "" {
			t.Error("news goes to who wants none, or not to who wants it")
		}

		multipart := "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"
		page, _ = w.fields(other)
		if a := w.asks("POST", page, multipart, "multipart/form-data; boundary=x"); a.Code != 200 || w.refusals("jan@lake.example") != 1 {
			t.Errorf("as multipart/form-data: %d", a.Code)
		}
	})
}

// A mail to the way out takes its reader out too, quietly; what they ask is
// answered as ever, and what they write in it is not lost.
func TestNewsIsLeftByMailAndAnswersStillCome(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		ctx := context.Background()
		w := newNewsWorld(t, database()...)
		_, err := w.Acknowledgements.Change(ctx, w.owner, acknowledgement.Settings{InboxID: w.inbox.ID, On: true, Language: "en"})
		w.must(err)
		_, address := w.fields(w.sends("ewa@harbour.example"))
		write := func(n int, to, subject, text string) []conversation.Conversation {
			t.Helper()
			w.arrives(fmt.Sprintf("From: Ewa <ewa@harbour.example>\nTo: %s\nSubject: %s\nMessage-ID: <%d@mail.example>\nDate: %s\n\n%s\n", to, subject, n, time.Now().Format(time.RFC1123Z), text))
			page, err := w.Conversations.List(ctx, w.owner, conversation.Filter{})
			w.must(err)
			return page.Items
		}
		list := write(1, strings.ToUpper(address), "unsubscribe", "")
		if w.refusals("ewa@harbour.example") != 1 || len(list) != 1 || list[0].Status != conversation.Closed {
			t.Fatalf("%d refusals, conversations %+v", w.refusals("ewa@harbour.example"), list)
		}
		said, _, err := w.Conversations.Messages(ctx, w.owner, list[0].ID, conversation.Span{})
		if err != nil || len(said) != 1 || said[0].Class != channel.AutoReply {
			t.Errorf("%+v, %v", said, err)
		}
		before := len(w.smtp.Mails())
		write(2, "hello@miska.example", "Where is my tea?", "I ordered it on Monday.")
		if raw := w.left(before); !strings.Contains(raw, "We have received your message") || strings.Contains(raw, "\nList-Unsubscribe:") {
			t.Errorf("a question was answered with %s", raw)
		}
		if w.refusals("ewa@harbour.example") != 1 || w.sends("ewa@harbour.example") != "" {
			t.Error("a question has let news in again")
		}
		w.must(w.Contacts.LiftSuppression(ctx, w.owner, "ewa@harbour.example", contact.CauseNews))
		list = write(3, address, "unsubscribe", "Please stop this, and tell me where my order number 1024 is.")
		if w.refusals("ewa@harbour.example") != 1 || len(list) != 3 || list[0].Status != conversation.Open {
			t.Errorf("words beside it: %d refusals, conversations %+v", w.refusals("ewa@harbour.example"), list)
		}
		forged := write(4, strings.Replace(address, "+r", "+ra", 1), "unsubscribe", "")
		w.must(w.Contacts.LiftSuppression(ctx, w.owner, "ewa@harbour.example", contact.CauseNews))
		if len(forged) != 4 || w.refusals("ewa@harbour.example") != 0 || w.sends("ewa@harbour.example") == "" {
			t.Error("a person lets news in again, and it stays out")
		}
	})
}
