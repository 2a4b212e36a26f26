package automation

import (
	"context"
	"fmt"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/job"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type silent struct{}

func (silent) Publish(string, []byte)                {}
func (silent) Subscribe(string, func([]byte)) func() { return func() {} }

// anyMail is a channel that takes everything.
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

// world is a workspace with an inbox that Anna sees and Bob does not, a team, and
// Olga who owns it all.
type world struct {
	*Room
	t                testing.TB
	d                *db.DB
	clk              *clock.Fake
	desk             *conversation.Room
	help             channel.Inbox
	anna, bob, owner account.Actor
	serial           *int
}

const night = 2 // a team

func each(t *testing.T, test func(w world)) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) world {
	t.Helper()
	w := world{t: t, d: d, clk: clock.NewFake(time.Date(2026, 11, 21, 9, 52, 0, 0, time.UTC)), serial: new(int)}
	log, sees := event.New(d, w.clk, silent{}), sight{}
	blobs := blob.New(d, blob.NewFolder(t.TempDir()), w.clk)
	chans := channel.New(channel.Deps{Store: d, Log: log, Jobs: job.NewQueue(d, w.clk), Blobs: blobs, Box: plainBox{}, Clock: w.clk, Sight: sees})
	chans.Register(anyMail{})
	w.desk = conversation.New(conversation.Deps{Store: d, Log: log, Clock: w.clk, Contacts: contact.New(d, log, w.clk), Sight: sees, Inboxes: chans, Outbox: chans, Files: blobs})
	w.Room = New(Deps{Store: d, Log: log, Clock: w.clk, Desk: w.desk, Sight: sees, Inboxes: chans})
	var err error
	w.help, err = chans.CreateInbox(context.Background(), account.System(1), channel.NewInbox{Name: "Help", Channel: "email", Address: "help@shop.example"})
	testkit.Require(t, err)
	agent := func(id int64, role account.Role, name string, scope account.Scope) account.Actor {
		sees[id] = scope
		_, err := db.Exec(context.Background(), d, `INSERT INTO agents (workspace_id, id, login_id, name, role, state, photo_id, language, time_zone, signature, theme, last_seen_at, created_at)
			VALUES (1, $1, $1, $2, 'agent', 'active', 0, 'en', 'Europe/Warsaw', '', '', 0, 0)`, id, name)
		testkit.Require(t, err)
		return account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: id, Role: role}
	}
	w.anna = agent(5, account.Member, "Anna Nowak", account.Scope{Inboxes: []int64{w.help.ID}})
	w.bob = agent(6, account.Member, "Bob", account.Scope{})
	w.owner = agent(7, account.Owner, "Olga", account.Scope{All: true})
	_, err = db.Exec(context.Background(), d, "INSERT INTO teams (workspace_id, id, key, name, name_key, created_at) VALUES (1, $1, 'night', 'Night', 'night', 0)", night)
	testkit.Require(t, err)
	return w
}

// fresh is a new conversation with a customer of this name.
func (w world) fresh(name string) int64 {
	w.t.Helper()
	*w.serial++
	in := channel.Inbound{WorkspaceID: 1, InboxID: w.help.ID, ReceivedAt: w.clk.Now(), From: channel.Party{Name: name, Address: fmt.Sprintf("c%d@sea.example", *w.serial)}, Subject: "Nets",
		Text: "Torn.", Class: channel.Human, Proof: channel.ProofPass, ExternalID: fmt.Sprintf("<%d@sea.example>", *w.serial), ContentHash: fmt.Sprint(*w.serial)}
	var placed channel.Placed
	testkit.Require(w.t, w.d.Within(context.Background(), func(ctx context.Context) (err error) {
		placed, err = w.desk.Receive(ctx, in)
		return err
	}))
	return placed.ConversationID
}

// macro is one of Anna's own.
func (w world) macro(actions ...Action) Macro {
	w.t.Helper()
	m, err := w.CreateMacro(context.Background(), w.anna, NewMacro{Heading{Name: "Mend"}, actions})
	testkit.Require(w.t, err)
	return m
}
