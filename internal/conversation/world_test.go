package conversation_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/compose"
	"rapport/internal/conversation/draft"
	"rapport/internal/conversation/tally"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/job"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var ctx = context.Background()

type silent struct{}

func (silent) Publish(string, []byte)                {}
func (silent) Subscribe(string, func([]byte)) func() { return func() {} }

// open is a channel that takes everything.
type anyMail struct{}

func (anyMail) Channel() string { return "email" }
func (anyMail) Parse(context.Context, channel.Inbox, channel.Receipt, []byte) (channel.Inbound, error) {
	return channel.Inbound{}, nil
}
func (anyMail) Build(context.Context, channel.Inbox, channel.Outbound) (channel.Built, error) {
	return channel.Built{}, nil
}
func (anyMail) Send(context.Context, channel.Inbox, channel.Built) ([]channel.Outcome, error) {
	return nil, nil
}
func (anyMail) Check(channel.Inbox) error { return nil }

// elsewhere is a channel without mail of its own.
type elsewhere struct {
	anyMail
	name    string
	answers channel.Answers
}

func (e elsewhere) Channel() string          { return e.name }
func (e elsewhere) Answers() channel.Answers { return e.answers }

type plainBox struct{}

func (plainBox) Seal(_ string, _ int64, b []byte) ([]byte, error) { return append([]byte{}, b...), nil }
func (plainBox) Open(_ string, _ int64, b []byte) ([]byte, error) { return b, nil }

// sight shows agents the inboxes of a map.
type sight map[int64]account.Scope

func (s sight) Scope(_ context.Context, a account.Actor) (account.Scope, error) {
	if a.Kind != account.KindAgent {
		return account.Scope{All: true}, nil
	}
	return s[a.AgentID], nil
}

// world is a workspace with two inboxes, Anna who sees both, Bob who sees the
// second, and Olga who owns it all.
type world struct {
	*conversation.Room
	*compose.Desk
	tally            *tally.Room
	drafts           *draft.Room
	sees             sight
	t                testing.TB
	d                *db.DB
	clk              *clock.Fake
	log              *event.Log
	readers          *event.Readers
	chans            *channel.Room
	contacts         *contact.Room
	blobs            *blob.Store
	help, sales      channel.Inbox
	anna, bob, owner account.Actor
	serial           *int
}

func each(t *testing.T, test func(w world)) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) world {
	t.Helper()
	w := world{t: t, d: d, clk: clock.NewFake(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)), serial: new(int)}
	w.log = event.New(d, w.clk, silent{})
	w.blobs = blob.New(d, blob.NewFolder(t.TempDir()), w.clk)
	sees := sight{}
	w.chans = channel.New(channel.Deps{Store: d, Log: w.log, Jobs: job.NewQueue(d, w.clk), Blobs: w.blobs, Box: plainBox{}, Clock: w.clk, Sight: sees})
	w.chans.Register(anyMail{})
	w.chans.Register(elsewhere{name: "talk", answers: channel.AnswersInPlace})
	w.chans.Register(elsewhere{name: "sheet", answers: channel.AnswersByMail})
	w.contacts = contact.New(d, w.log, w.clk)
	w.Room = conversation.New(conversation.Deps{Store: d, Log: w.log, Clock: w.clk, Contacts: w.contacts, Sight: sees, Inboxes: w.chans, Outbox: w.chans, Files: w.blobs})
	w.Desk, w.drafts = compose.New(d), draft.New(d, sees, w.clk)
	w.tally, w.sees = tally.New(d, sees), sees
	w.readers = event.NewReaders(w.log, w.clk, slices.Concat(conversation.Kinds, contact.Kinds, channel.Kinds), w.tally.Counts())
	system := account.System(1)
	var err error
	if w.help, err = w.chans.CreateInbox(ctx, system, channel.NewInbox{Name: "Help", Channel: "email", Address: "help@shop.example"}); err != nil {
		t.Fatal(err)
	}
	if w.sales, err = w.chans.CreateInbox(ctx, system, channel.NewInbox{Name: "Sales", Channel: "email", Address: "sales@shop.example"}); err != nil {
		t.Fatal(err)
	}
	w.anna = account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 5, Role: account.Member}
	w.bob = account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 6, Role: account.Member}
	w.owner = account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 7, Role: account.Owner}
	sees[5] = account.Scope{Inboxes: []int64{min(w.help.ID, w.sales.ID), max(w.help.ID, w.sales.ID)}}
	sees[6] = account.Scope{Inboxes: []int64{w.sales.ID}}
	sees[7] = account.Scope{All: true}
	for id, name := range map[int64]string{5: "Anna Nowak", 6: "Bob", 7: "Olga"} {
		w.exec(`INSERT INTO agents (workspace_id, id, login_id, name, role, state, photo_id, language, time_zone, signature, theme, last_seen_at, created_at)
			VALUES (1, $1, $1, $2, 'agent', 'active', 0, 'en', '', '', '', 0, 0)`, id, name)
	}
	w.exec("INSERT INTO teams (workspace_id, id, key, name, name_key, created_at) VALUES (1, 2, 'night', 'Night', 'night', 0)")
	return w
}

func (w world) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := db.Exec(ctx, w.d, query, args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w world) number(query string, args ...any) int64 {
	w.t.Helper()
	n, err := db.One(ctx, w.d, db.Int64, query, args...)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// mail is a message from a sender to the help inbox.
func (w world) mail(from, text string) channel.Inbound {
	*w.serial++
	return channel.Inbound{WorkspaceID: 1, InboxID: w.help.ID, ReceiptID: int64(*w.serial), ReceivedAt: w.clk.Now(), From: channel.Party{Address: from},
		Subject: "Where is my parcel?", Text: text, Reply: text, Class: channel.Human, Proof: channel.ProofPass,
		ExternalID: fmt.Sprintf("<%d@mail.example>", *w.serial), ContentHash: text}
}

func (w world) receive(in channel.Inbound) channel.Placed {
	w.t.Helper()
	placed, err := w.Receive(ctx, in)
	if err != nil {
		w.t.Fatal(err)
	}
	return placed
}

// fresh is a new conversation with a customer.
func (w world) fresh(from string) conversation.Conversation {
	w.t.Helper()
	return w.get(w.receive(w.mail(from, "Hello from "+from)).ConversationID)
}

func (w world) get(id int64) conversation.Conversation {
	w.t.Helper()
	c, _, err := w.Get(ctx, w.owner, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w world) messages(id int64) []conversation.Message {
	w.t.Helper()
	list, _, err := w.Messages(ctx, w.owner, id, conversation.Span{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// settle numbers events and moves the projections.
func (w world) settle() {
	w.t.Helper()
	for {
		n, err := w.log.Sequence(ctx)
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	if err := w.readers.CatchUp(ctx); err != nil {
		w.t.Fatal(err)
	}
}

// kinds are the kinds of a conversation's events.
func (w world) kinds(id int64) []string {
	w.t.Helper()
	w.settle()
	events, err := w.log.OfConversation(ctx, 1, id, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	var kinds []string
	for _, e := range events {
		for _, secret := range []string{"parcel", "harbour", "Ewa"} {
			if bytes.Contains(e.Data, []byte(secret)) {
				w.t.Errorf("event %s says %s", e.Kind, e.Data)
			}
		}
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func (w world) want(err error, what string) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%s: %v", what, err)
	}
}

func (w world) upload(a account.Actor, name, body string) int64 {
	w.t.Helper()
	st, err := w.blobs.Stage(ctx, 1, []byte(body))
	w.want(err, "stage")
	st.Name, st.ContentType, st.Uploader = name, "text/plain", fmt.Sprintf("agent:%d", a.AgentID)
	id, err := w.blobs.Bind(ctx, st)
	w.want(err, "bind")
	return id
}

func ptr[T any](v T) *T { return &v }
