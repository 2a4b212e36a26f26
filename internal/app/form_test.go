package app

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/channel/form"
	"rapport/internal/conversation"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/config"
	"rapport/internal/platform/job"
	"rapport/internal/testkit"
	"rapport/internal/webui/formpage"
)

// formWorld is a whole product at work, with a mailbox, a form and a page that
// shows it. Mail that leaves is captured.
type formWorld struct {
	*App
	t          *testing.T
	owner      account.Actor
	mail, form channel.Inbox
	clock      *clock.Fake // of the form's door
	pages      http.Handler
	from       int
}

func newFormWorld(t *testing.T) *formWorld {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c, err := config.Load([]string{"--data", t.TempDir()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(ctx, c, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	t.Cleanup(func() { testkit.Accounted(t, a.DB) })
	w := &formWorld{App: a, t: t, clock: clock.NewFake(time.Now())}
	made, err := a.Accounts.SetupDirect(ctx, account.Setup{Workspace: "Miska", Name: "Hanna", Email: "hanna@miska.example", Password: "the-dog-eats-at-seven"})
	if err != nil {
		t.Fatal(err)
	}
	w.owner = account.Actor{Kind: account.KindAgent, WorkspaceID: made.WorkspaceID, AgentID: made.AgentID, Role: account.Owner}
	w.mail = w.inbox(channel.NewInbox{Name: "Miska", Channel: "email", Address: "hello@miska.example", Email: &channel.EmailSettings{}})
	w.form = w.inbox(channel.NewInbox{Name: "Write to us", Channel: form.Name})
	door := form.NewDoor(form.Deps{Channels: a.Channels, Store: a.DB, Key: a.Key, Clock: w.clock, Company: a.company})
	w.pages = formpage.Handler(door, func(*http.Request) string { w.from++; return fmt.Sprintf("198.51.%d.%d", w.from/250, w.from%250) })
	done := make(chan struct{})
	go func() { a.Jobs.Run(ctx, true); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	return w
}

func (w *formWorld) inbox(n channel.NewInbox) channel.Inbox {
	w.t.Helper()
	inbox, err := w.Channels.CreateInbox(context.Background(), w.owner, n)
	if err != nil {
		w.t.Fatal(err)
	}
	return inbox
}

var (
	formToken     = regexp.MustCompile(`name="token" value="([^"]+)"`)
	formReference = regexp.MustCompile(`/sent/([^?]+)`)
)

// send fills in the form in a browser without a script, and returns the
// reference.
func (w *formWorld) send(values map[string]string) string {
	w.t.Helper()
	path := formpage.Root + w.form.Address
	page := httptest.NewRecorder()
	w.pages.ServeHTTP(page, httptest.NewRequest("GET", path, nil))
	w.clock.Advance(6 * time.Second)
	var b bytes.Buffer
	sheet := multipart.NewWriter(&b)
	sheet.WriteField("token", formToken.FindStringSubmatch(page.Body.String())[1])
	for name, value := range values {
		sheet.WriteField("f."+name, value)
	}
	sheet.Close()
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", sheet.FormDataContentType())
	answer := httptest.NewRecorder()
	w.pages.ServeHTTP(answer, r)
	found := formReference.FindStringSubmatch(answer.Header().Get("Location"))
	if found == nil {
		w.t.Fatalf("answered %d: %s", answer.Code, answer.Body)
	}
	return found[1]
}

// settle waits until no job is left.
func (w *formWorld) settle() {
	w.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		counts, err := w.Jobs.Counts(context.Background())
		if err != nil {
			w.t.Fatal(err)
		}
		if counts[job.Running]+counts[job.Waiting] == 0 {
			return
		}
	}
	w.t.Fatal("the jobs never ended")
}

func (w *formWorld) departures() []channel.Departed {
	w.t.Helper()
	list, err := w.Channels.Departures(context.Background(), w.owner, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// MAIL-15: what anybody types into a form as an address gets no mail from us,
// however often.
func TestMAIL15AThousandFormsSendNothingToATypedAddress(t *testing.T) {
	w := newFormWorld(t)
	for i := range 1000 {
		w.send(map[string]string{"name": "Victim", "email": "victim@sea.example", "subject": "Confirm", "message": fmt.Sprint("Please answer, number ", i)})
	}
	w.settle()
	counters, err := w.Channels.Counters(context.Background(), w.owner.WorkspaceID)
	if err != nil || counters.Applied != 1000 {
		t.Errorf("counters %+v, %v: want 1000 applied", counters, err)
	}
	if sent := w.departures(); len(sent) != 0 {
		t.Errorf("%d mails left, the first to %v", len(sent), sent[0].Recipients)
	}
	if waiting, failed, err := w.Channels.Stuck(context.Background(), w.owner.WorkspaceID); waiting+failed > 0 || err != nil {
		t.Errorf("%d mails wait, %d failed, %v", waiting, failed, err)
	}
}

func TestAFormIsAnsweredByMailAndTheAnswerComesBack(t *testing.T) {
	ctx := context.Background()
	w := newFormWorld(t)
	reference := w.send(map[string]string{"name": "Ewa Marsh", "email": "ewa@harbour.example", "subject": "The box came torn", "message": "One bag is leaking."})
	w.settle()
	page, err := w.Conversations.List(ctx, w.owner, conversation.Filter{Q: strings.ToLower(reference)})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("by the reference %s the list finds %d, %v", reference, len(page.Items), err)
	}
	c := page.Items[0]
	if c.Subject != "The box came torn ["+reference+"]" || c.InboxID != w.form.ID || c.Status != conversation.Open {
		t.Errorf("%+v", c)
	}
	if _, err := w.Conversations.Reply(ctx, w.owner, c.ID, conversation.NewMessage{Text: "Dear Ewa, a new bag is on its way.", ClientID: "once"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Conversations.Reply(ctx, w.owner, c.ID, conversation.NewMessage{Text: "Dear Ewa, a new bag is on its way.", ClientID: "once"}); err != nil {
		t.Fatal(err)
	}
	w.settle()
	sent := w.departures()
	if len(sent) != 1 || fmt.Sprint(sent[0].Recipients) != "[ewa@harbour.example]" || sent[0].From != w.mail.Address {
		t.Fatalf("left: %+v, want one mail to Ewa from %s", sent, w.mail.Address)
	}
	raw, err := w.Channels.DepartureSource(ctx, w.owner, sent[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	replyTo, err := mail.ParseAddress(m.Header.Get("Reply-To"))
	if err != nil || !strings.HasPrefix(replyTo.Address, "hello+r") || strings.Contains(string(raw), "leaking") || !strings.Contains(m.Header.Get("Subject"), reference) {
		t.Errorf("the mail: %s", raw)
	}

	answer := fmt.Sprintf("From: Ewa <ewa@harbour.example>\r\nTo: <%s>\r\nSubject: Re: torn\r\nMessage-ID: <1@harbour.example>\r\nIn-Reply-To: %s\r\n\r\nThank you!\r\n", replyTo.Address, m.Header.Get("Message-ID"))
	err = w.Channels.Accept(ctx, []channel.Arrival{{WorkspaceID: w.owner.WorkspaceID, InboxID: w.mail.ID, SourceKey: "1", From: "ewa@harbour.example", Raw: []byte(answer)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.settle()
	after, _, err := w.Conversations.Get(ctx, w.owner, c.ID)
	if err != nil || after.LastPosition != 3 || after.Status != conversation.Open || after.LastAuthorKind != "contact" {
		t.Errorf("after her answer: %+v, %v", after, err)
	}
	messages, _, err := w.Conversations.Messages(ctx, w.owner, c.ID, conversation.Span{})
	if err != nil || len(messages) != 3 || messages[2].Author.ID != c.ContactID || len(messages[2].Flags) != 0 {
		t.Errorf("messages %+v, %v", messages, err)
	}
	if len(w.departures()) != 1 {
		t.Error("another mail left")
	}
}
