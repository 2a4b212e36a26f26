package httpapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/automation"
	"rapport/internal/channel"
	"rapport/internal/channel/chat"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/acknowledgement"
	"rapport/internal/conversation/bulk"
	"rapport/internal/conversation/compose"
	"rapport/internal/conversation/draft"
	"rapport/internal/conversation/follow"
	"rapport/internal/conversation/outbox"
	"rapport/internal/conversation/tally"
	"rapport/internal/conversation/view"
	"rapport/internal/conversation/visitor"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
	"rapport/internal/notification"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/job"
	"rapport/internal/platform/outbound"
	"rapport/internal/platform/secret"
	"rapport/internal/platform/webpush"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// world is a server with everything below it.
type world struct {
	*Server
	t       testing.TB
	d       *db.DB
	arrived atomic.Int64
}

func newWorld(t testing.TB) *world {
	d := testkit.SQLite(t)
	c := clock.System
	bell := &bus.Local{}
	log := event.New(d, c, bell)
	key := secret.Generate()
	blobs := blob.New(d, blob.NewFolder(t.TempDir()), c)
	jobs := job.NewQueue(d, c)
	jobs.Handle("test", func(context.Context, job.Job) error { return nil }, job.Options{})
	deps := Deps{
		Accounts: account.New(d, log, key.Box("account"), c),
		Contacts: contact.New(d, log, c),
		Store:    d, Blobs: blobs, Log: log, Jobs: jobs, Bus: bell, Key: key, Clock: c, Version: "test", StartedAt: time.Now(),
	}
	deps.Channels = channel.New(channel.Deps{Store: d, Log: log, Jobs: jobs, Blobs: blobs, Box: key.Box("channel"), Clock: c, Sight: deps.Accounts})
	deps.Channels.Register(post{})
	deps.Channels.Register(chat.Adapter{})
	deps.Conversations = conversation.New(conversation.Deps{Store: d, Log: log, Clock: c, Contacts: deps.Contacts, Sight: deps.Accounts,
		Inboxes: deps.Channels, Outbox: deps.Channels, Files: blobs})
	deps.Tally = tally.New(d, deps.Accounts)
	deps.Views = view.New(view.Deps{Store: d, Log: log, Clock: c, Sight: deps.Accounts})
	deps.Outgoing, deps.Drafts = outbox.New(d, deps.Accounts), draft.New(d, deps.Accounts, c)
	deps.Follows = follow.New(d, log, deps.Accounts, c)
	deps.Bulk = bulk.New(bulk.Deps{Store: d, Conversations: deps.Conversations, Jobs: jobs, Clock: c})
	deps.Channels.Connect(deps.Conversations, compose.New(d))
	deps.Visitors = visitor.New(visitor.Deps{Store: d, Log: log, Jobs: jobs, Blobs: blobs, Clock: c, Contacts: deps.Contacts, Channels: deps.Channels, Conversations: deps.Conversations})
	deps.Acknowledgements = acknowledgement.New(acknowledgement.Deps{Store: d, Log: log, Jobs: jobs, Clock: c, Accounts: deps.Accounts, Channels: deps.Channels, Conversations: deps.Conversations})
	deps.Automation = automation.New(automation.Deps{Store: d, Log: log, Clock: c, Desk: deps.Conversations, Sight: deps.Accounts, Inboxes: deps.Channels})
	deps.FormPreview = func(context.Context, int64, FormPreview) (string, error) { return "<!doctype html>", nil }
	deps.Accounts.Connect(nil, deps.Conversations, blobs)
	deps.Notices = notification.New(notification.Deps{Store: d, Log: log, Jobs: jobs, Bus: bell, Box: key.Box("push"), Clock: c, Accounts: deps.Accounts, Follows: deps.Follows, Letters: noLetters{},
		Pushes: webpush.NewSender(outbound.New(testkit.Loopback, nil).Client(outbound.Limits{}), c, func() string { return "https://rapport.example" })})
	deps.Readers = event.NewReaders(log, c, slices.Concat(account.Kinds, contact.Kinds, channel.Kinds, conversation.Kinds, acknowledgement.Kinds, follow.Kinds, automation.Kinds, view.Kinds), deps.Tally.Counts(), deps.Notices.Reader())
	w := &world{Server: New(deps), t: t, d: d}
	t.Cleanup(deps.Accounts.Close)
	return w
}

// noLetters is a house from which no letters leave.
type noLetters struct{}

func (noLetters) Send(context.Context, int64, string, string, map[string]string) (bool, error) {
	return false, nil
}

const password = "a long enough password"

// found makes the first workspace and returns its owner's key.
func (w *world) found() (owner caller) {
	w.t.Helper()
	f, err := w.Accounts.SetupDirect(context.Background(), account.Setup{Workspace: "Harbour", Name: "Olga", Email: "olga@harbour.example", Password: password})
	testkit.Require(w.t, err)
	return caller{w: w, token: f.Token, id: f.AgentID}
}

// join adds an agent and returns its key.
func (w *world) join(owner caller, name, role string, inboxes ...int64) caller {
	w.t.Helper()
	email := strings.ToLower(name) + "@harbour.example"
	var v Invited
	owner.do("POST", "/agents", map[string]any{"email": email, "name": name, "role": role, "inbox_ids": inboxes}).want(201).into(&v)
	link := v.InvitationURL[strings.LastIndexByte(v.InvitationURL, '/')+1:]
	nobody := caller{w: w}
	nobody.do("PUT", "/invitations/"+link, map[string]any{"name": name, "password": password}).want(200)
	token, err := w.Accounts.CreateToken(context.Background(), email, "test")
	testkit.Require(w.t, err)
	return caller{w: w, token: token, id: v.Agent.ID}
}

// caller sends requests for somebody.
type caller struct {
	w      *world
	token  string // an API key
	cookie string // or a session
	id     int64
	header http.Header
}

// reply is an answer under examination.
type reply struct {
	*httptest.ResponseRecorder
	t    testing.TB
	what string
}

func (c caller) do(method, path string, body any) reply {
	c.w.t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		testkit.Require(c.w.t, err)
		r = bytes.NewReader(b)
	}
	return c.send(method, path, "application/json", r)
}

// upload sends a file.
func (c caller) upload(method, path, name string, content []byte) reply {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", name)
	testkit.Require(c.w.t, err)
	part.Write(content)
	form.Close()
	return c.send(method, path, form.FormDataContentType(), &b)
}

func (c caller) send(method, path, kind string, body io.Reader) reply {
	if strings.HasPrefix(path, "/") && !strings.HasPrefix(path, operation.Root) {
		path = operation.Root + path
	}
	r := httptest.NewRequest(method, path, body)
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.cookie != "" {
		r.Header.Set("Cookie", "rapport="+c.cookie)
		r.Header.Set("X-Rapport", "1")
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	c.w.ServeHTTP(w, r)
	return reply{w, c.w.t, method + " " + path}
}

// want fails the test unless the answer has this status.
func (r reply) want(status int) reply {
	r.t.Helper()
	if r.Code != status {
		r.t.Fatalf("%s: %d, want %d: %s", r.what, r.Code, status, r.Body)
	}
	return r
}

// problem fails the test unless the answer is a problem with this status, and
// returns it.
func (r reply) problem(status int) gate.Problem {
	r.t.Helper()
	r.want(status)
	var p gate.Problem
	r.into(&p)
	if got := r.Header().Get("Content-Type"); got != "application/problem+json" {
		r.t.Errorf("%s: Content-Type %q", r.what, got)
	}
	if p.Status != status || p.Title == "" || p.Detail == "" || p.Type == "" || p.Instance == "" {
		r.t.Errorf("%s: incomplete problem %+v", r.what, p)
	}
	return p
}

func (r reply) into(v any) reply {
	r.t.Helper()
	if err := json.Unmarshal(r.Body.Bytes(), v); err != nil {
		r.t.Fatalf("%s: %v in %s", r.what, err, r.Body)
	}
	return r
}

// session returns the token of the cookie that was set.
func (r reply) session() string {
	for _, c := range r.Result().Cookies() {
		if c.Name == "rapport" {
			return c.Value
		}
	}
	return ""
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

// post is a channel that delivers everything at once to nowhere.
type post struct{}

func (post) Channel() string { return "email" }

func (post) Parse(_ context.Context, _ channel.Inbox, _ channel.Receipt, raw []byte) (channel.Inbound, error) {
	in := channel.Inbound{Text: string(raw)}
	if strings.Contains(in.Text, "K7Q-9PM") {
		in.From.Address, in.Subject = "no-reply@slack.com", "Slack confirmation code: K7Q-9PM"
		in.Credential = &channel.Credential{Kind: "code", Provider: "Slack", Domain: "slack.com", Phrase: "confirmation code"}
	}
	return in, nil
}

func (post) Build(_ context.Context, _ channel.Inbox, out channel.Outbound) (channel.Built, error) {
	return channel.Built{ExternalID: fmt.Sprintf("<%d@harbour.example>", out.ID), From: "desk@harbour.example", Bytes: []byte(out.Text)}, nil
}

func (post) Send(_ context.Context, _ channel.Inbox, b channel.Built) (out []channel.Outcome, err error) {
	for _, r := range b.Recipients {
		out = append(out, channel.Outcome{Address: r, Sent: true})
	}
	return out, nil
}

func (post) Check(channel.Inbox) error { return nil }

// inbox makes an inbox.
func (c caller) inbox(name string) int64 {
	c.w.t.Helper()
	var v Inbox
	c.do("POST", "/inboxes", map[string]any{"name": name, "channel": "email", "email": map[string]any{
		"address": strings.ToLower(name) + "@harbour.example",
		"smtp":    map[string]any{"host": "127.0.0.1", "port": 25, "security": "none", "username": "desk", "password": "secret-of-smtp"},
	}}).want(201).into(&v)
	return v.ID
}

// arrive places a customer's message and returns its conversation.
func (w *world) arrive(workspaceID, inbox int64, subject, text string) (conversationID, messageID int64) {
	w.t.Helper()
	return w.arriveAs(inbox, "", func(in *channel.Inbound) {
		in.WorkspaceID, in.From.Name, in.Subject, in.Text, in.Reply, in.HTML = workspaceID, "Ewa", subject, text, text, "<p>"+text+"</p>"
	})
}

// arriveAs lets a mail come from an address, or from somebody new, with whatever
// else is.
func (w *world) arriveAs(inbox int64, from string, is func(in *channel.Inbound)) (conversationID, messageID int64) {
	w.t.Helper()
	n := w.arrived.Add(1)
	in := channel.Inbound{InboxID: inbox, ReceivedAt: w.Clock.Now(), From: channel.Party{Address: cmp.Or(from, fmt.Sprintf("ewa%d@sea.example", n))},
		Class: channel.Human, Proof: channel.ProofPass, ExternalID: fmt.Sprintf("<%d@sea.example>", n), ContentHash: fmt.Sprint(n)}
	is(&in)
	var placed channel.Placed
	testkit.Require(w.t, w.d.Within(context.Background(), func(ctx context.Context) (err error) {
		placed, err = w.Conversations.Receive(ctx, in)
		return err
	}))
	return placed.ConversationID, placed.MessageID
}
