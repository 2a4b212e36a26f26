package visitor

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/channel/chat"
	"rapport/internal/channel/email"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/compose"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/job"
	"rapport/internal/platform/secret"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var ctx = context.Background()

type seesAll struct{}

func (seesAll) Scope(context.Context, account.Actor) (account.Scope, error) {
	return account.Scope{All: true}, nil
}

// world is a workspace with an inbox for mail, a chat, and Hanna, who answers.
type world struct {
	*Room
	t             testing.TB
	d             *db.DB
	clk           *clock.Fake
	readers       *event.Readers
	jobs          *job.Queue
	conversations *conversation.Room
	mail, chat    channel.Inbox
	secret        string
	hanna         account.Actor
	serial        *int
}

func each(t *testing.T, test func(w world)) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) world {
	t.Helper()
	w := world{t: t, d: d, clk: clock.NewFake(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)), serial: new(int)}
	bell, key := &bus.Local{}, secret.Generate()
	log := event.New(d, w.clk, bell)
	w.jobs = job.NewQueue(d, w.clk)
	blobs := blob.New(d, blob.NewFolder(t.TempDir()), w.clk)
	channels := channel.New(channel.Deps{Store: d, Log: log, Jobs: w.jobs, Blobs: blobs, Box: key.Box("channel"), Clock: w.clk, Sight: seesAll{}})
	channels.Register(email.New(email.Deps{Key: key, Blobs: blobs, Clock: w.clk, Capture: true}))
	channels.Register(chat.Adapter{})
	contacts := contact.New(d, log, w.clk)
	w.conversations = conversation.New(conversation.Deps{Store: d, Log: log, Clock: w.clk, Contacts: contacts, Sight: seesAll{}, Inboxes: channels, Outbox: channels, Files: blobs})
	channels.Connect(w.conversations, compose.New(d))
	w.Room = New(Deps{Store: d, Log: log, Jobs: w.jobs, Blobs: blobs, Clock: w.clk, Contacts: contacts, Channels: channels, Conversations: w.conversations})
	w.readers = event.NewReaders(log, w.clk, slices.Concat(conversation.Kinds, contact.Kinds, channel.Kinds, Kinds), w.Reader())
	w.readers.Prepare(ctx)
	system := account.System(1)
	w.hanna = account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 5, Role: account.Member}
	if _, err := db.Exec(ctx, d, "INSERT INTO workspaces (id, name, language, system_inbox_id, access_version, created_at) VALUES (1, 'Miska', 'pl', 0, 0, 0)"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(ctx, d, `INSERT INTO agents (workspace_id, id, login_id, name, role, state, photo_id, language, time_zone, signature, theme, last_seen_at, created_at)
		VALUES (1, 5, 5, 'Hanna', 'owner', 'active', 77, 'en', '', '', '', 0, 0)`); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.mail, err = channels.CreateInbox(ctx, system, channel.NewInbox{Name: "Miska", Channel: "email", Address: "hello@miska.example", Email: &channel.EmailSettings{SMTP: &channel.Server{Host: "127.0.0.1", Port: 25, Security: "none"}}}); err != nil {
		t.Fatal(err)
	}
	if w.chat, err = channels.CreateInbox(ctx, system, channel.NewInbox{Name: "Miska chat", Channel: "chat"}); err != nil {
		t.Fatal(err)
	}
	if w.secret, err = channels.NewIdentitySecret(ctx, system, w.chat.ID); err != nil {
		t.Fatal(err)
	}
	if w.chat, err = channels.Inbox(ctx, system, w.chat.ID); err != nil {
		t.Fatal(err)
	}
	running, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { w.jobs.Run(running, true); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	return w
}

func (w world) want(err error, what string) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%s: %v", what, err)
	}
}

// arrive is a new visitor.
func (w world) arrive() Visitor {
	w.t.Helper()
	v, _, err := w.Arrive(ctx, w.chat, Arrival{Origin: "https://shop.example", Language: "pl-PL", TimeZone: "Europe/Warsaw"})
	w.want(err, "arrive")
	return v
}

// reachable is a visitor who has left an address.
func (w world) reachable() Visitor {
	w.t.Helper()
	v := w.arrive()
	_, err := w.Change(ctx, v, Change{Email: ptr("ewa@harbour.example")})
	w.want(err, "email")
	return v
}

// writes is a message of v, in a conversation or with 0 in a new one.
func (w world) writes(v Visitor, conversationID int64, words string) Message {
	w.t.Helper()
	*w.serial++
	m, _, err := w.Write(ctx, v, w.chat, NewMessage{ClientID: fmt.Sprint("c", *w.serial), ConversationID: conversationID, Text: words})
	w.want(err, "write")
	return m
}

// answers is a reply of Hanna's that has been let go.
func (w world) answers(conversationID int64, words string) conversation.Message {
	w.t.Helper()
	m, err := w.conversations.Reply(ctx, w.hanna, conversationID, conversation.NewMessage{Text: words})
	w.want(err, "reply")
	w.eventually("the answer let go", func() bool {
		m, err = w.conversations.Message(ctx, w.hanna, conversationID, m.ID)
		return err == nil && m.Delivery.State == channel.Sent
	})
	return m
}

// eventually fails on "never", not on "slow". The log is read meanwhile.
func (w world) eventually(what string, ok func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		w.settle()
		if ok() {
			return
		}
	}
	w.t.Fatalf("never: %s", what)
}

func (w world) settle() {
	w.t.Helper()
	for {
		n, err := w.log.Sequence(ctx)
		w.want(err, "sequence")
		if n == 0 {
			break
		}
	}
	w.want(w.readers.CatchUp(ctx), "readers")
}

func (w world) sees(v Visitor, conversationID int64) (texts []string) {
	w.t.Helper()
	list, _, err := w.Messages(ctx, v, conversationID, Page{})
	w.want(err, "messages")
	for _, m := range list {
		texts = append(texts, m.Kind+": "+m.Text)
	}
	return texts
}

// identity signs claims like a company's server does.
func sign(header, payload any, key string) string {
	part := func(v any) string {
		b, ok := v.(string)
		if !ok {
			raw, _ := json.Marshal(v)
			b = string(raw)
		}
		return base64.RawURLEncoding.EncodeToString([]byte(b))
	}
	body := part(header) + "." + part(payload)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(body))
	return body + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

type fields map[string]any

func (w world) identity(subject, address string) string {
	c := fields{"sub": subject, "aud": w.chat.Address, "exp": w.clk.Now().Add(time.Hour).Unix(), "iat": w.clk.Now().Unix(), "name": "Ewa Marsh"}
	if address != "" {
		c["email"] = address
	}
	return sign(fields{"alg": "HS256", "typ": "JWT"}, c, w.secret)
}

// mails are what has left by mail.
func (w world) mails() (list []*mail.Message, texts []string) {
	w.t.Helper()
	departed, err := w.channels.Departures(ctx, account.System(1), 100)
	w.want(err, "departures")
	for _, d := range departed {
		raw, err := w.channels.DepartureSource(ctx, account.System(1), d.ID)
		w.want(err, "source")
		if len(raw) > 0 && raw[0] == '{' {
			continue // an answer in the chat
		}
		m, err := mail.ReadMessage(strings.NewReader(string(raw)))
		w.want(err, "mail")
		list, texts = append(list, m), append(texts, string(raw))
	}
	return list, texts
}

func ptr[T any](v T) *T { return &v }
