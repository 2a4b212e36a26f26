package outreach

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/channel/email"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/compose"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
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

// world is two companies that write news, Miska (1) and Lake (2). What leaves is
// captured.
type world struct {
	*Room
	t             testing.TB
	d             *db.DB
	log           *event.Log
	channels      *channel.Room
	conversations *conversation.Room
	inboxes       map[int64]channel.Inbox
	serial        *int
}

func each(t *testing.T, test func(w world)) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) world {
	t.Helper()
	w := world{t: t, d: d, inboxes: map[int64]channel.Inbox{}, serial: new(int)}
	clk, key := clock.NewFake(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)), secret.Generate()
	w.log = event.New(d, clk, &bus.Local{})
	jobs, blobs, contacts := job.NewQueue(d, clk), blob.New(d, blob.NewFolder(t.TempDir()), clk), contact.New(d, w.log, clk)
	w.channels = channel.New(channel.Deps{Store: d, Log: w.log, Jobs: jobs, Blobs: blobs, Box: key.Box("channel"), Clock: clk, Sight: seesAll{}})
	mails := email.New(email.Deps{Key: key, Blobs: blobs, Clock: clk, Capture: true, URL: func() string { return "https://help.miska.example" }})
	w.channels.Register(mails)
	w.conversations = conversation.New(conversation.Deps{Store: d, Log: w.log, Clock: clk, Contacts: contacts, Sight: seesAll{}, Inboxes: w.channels, Outbox: w.channels, Files: blobs})
	w.Room = New(Deps{Store: d, Clock: clk, Contacts: contacts, Mails: w.channels, Conversations: w.conversations, Open: mails.Unsubscribes,
		Company: func(_ context.Context, workspaceID int64) (string, string, error) {
			return map[int64]string{1: "Miska", 2: "Lake"}[workspaceID], map[int64]string{1: "pl", 2: "ko"}[workspaceID], nil
		}})
	w.channels.Connect(w.Room, compose.New(d))
	for id, name := range map[int64]string{1: "miska", 2: "lake"} {
		w.want(db.Do(ctx, d, "INSERT INTO workspaces (id, name, language, system_inbox_id, access_version, created_at) VALUES ($1, $2, 'en', 0, 0, 0)", id, name), "workspace")
		made, err := w.channels.CreateInbox(ctx, account.System(id), channel.NewInbox{Name: name, Channel: "email", Address: "hello@" + name + ".example",
			Email: &channel.EmailSettings{SMTP: &channel.Server{Host: "127.0.0.1", Port: 25, Security: "none"}}})
		w.want(err, "inbox")
		w.inboxes[id] = made
	}
	return w
}

func (w world) want(err error, what string) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%s: %v", what, err)
	}
}

func (w world) number(query string, args ...any) int64 {
	w.t.Helper()
	n, err := db.One(ctx, w.d, db.Int64, query, args...)
	w.want(err, query)
	return n
}

func newsTo(w world, workspaceID int64, address string) News {
	return News{InboxID: w.inboxes[workspaceID].ID, To: channel.Party{Name: "Ewa", Address: address}, Subject: "New tea", Text: "It has come."}
}

var page = regexp.MustCompile(`<https://help\.miska\.example/unsubscribe/([a-z2-7]+)>`)

// sends sends news and returns the proof of the way out that it carries.
func (w world) sends(workspaceID int64, address string) (proof string) {
	w.t.Helper()
	sent, err := w.Send(ctx, workspaceID, newsTo(w, workspaceID, address))
	w.want(err, "send")
	if !sent {
		w.t.Fatalf("nothing was sent to %s", address)
	}
	left, err := w.channels.Departures(ctx, account.System(workspaceID), 1)
	w.want(err, "departures")
	outboundID := w.number("SELECT MAX(outbound_id) FROM news WHERE workspace_id = $1", workspaceID)
	raw, err := w.channels.DepartureSource(ctx, account.System(workspaceID), outboundID)
	w.want(err, "source")
	m, err := mail.ReadMessage(strings.NewReader(string(raw)))
	w.want(err, "read")
	found := page.FindStringSubmatch(m.Header.Get("List-Unsubscribe"))
	if len(left) == 0 || found == nil {
		w.t.Fatalf("it carries %q", m.Header.Get("List-Unsubscribe"))
	}
	return found[1]
}

// out are the addresses that want no news, by company.
func (w world) out() []string {
	w.t.Helper()
	list, err := db.All(ctx, w.d, db.String, "SELECT workspace_id || ' ' || address_key FROM suppressions WHERE cause = $1 ORDER BY workspace_id, address_key", contact.CauseNews)
	w.want(err, "suppressions")
	return list
}

func (w world) isOut(what string, want ...string) {
	w.t.Helper()
	if got := w.out(); !slices.Equal(got, want) {
		w.t.Errorf("%s: %q are out, want %q", what, got, want)
	}
}

// The store keeps who got which mail, once, and finds it by the mail alone: the
// page of a way out is not asked for its company.
func TestTheStoreKnowsWhoGotNews(t *testing.T) {
	each(t, func(w world) {
		at := w.Clock.Now()
		w.want(w.store.note(ctx, 1, 501, "ewa@harbour.example", at), "note")
		w.want(w.store.note(ctx, 2, 502, "ewa@harbour.example", at), "note")
		for id, want := range map[int64]news{501: {1, "ewa@harbour.example"}, 502: {2, "ewa@harbour.example"}} {
			if got, err := w.store.news(ctx, id); err != nil || got != want {
				t.Errorf("%d: %+v, %v", id, got, err)
			}
		}
		if got, err := w.store.news(ctx, 503); !fault.Is(err, fault.NotFound) {
			t.Errorf("nobody got that: %+v, %v", got, err)
		}
		for _, workspaceID := range []int64{1, 2} { // an outbound is one mail of one company
			if err := w.store.note(ctx, workspaceID, 501, "jan@lake.example", at); err == nil {
				t.Errorf("company %d gave it to somebody else as well", workspaceID)
			}
		}
		failed := errors.New("no")
		if err := w.store.within(ctx, func(ctx context.Context) error {
			w.want(w.store.note(ctx, 1, 504, "ewa@harbour.example", at), "note")
			return failed
		}); !errors.Is(err, failed) {
			t.Error(err)
		}
		if _, err := w.store.news(ctx, 504); !fault.Is(err, fault.NotFound) {
			t.Errorf("what was rolled back: %v", err)
		}
		for _, check := range w.Checks() {
			if err := check.Find(ctx, func(what string) { t.Errorf("%s: %s", check.Name, what) }); err != nil {
				t.Error(err)
			}
		}
	})
}

// refusing is a way out of the house that does not work.
type refusing struct{ Mails }

func (refusing) PostMail(context.Context, channel.Mail) error { return errors.New("the disk is full") }

func TestNewsGoesToWhoeverWantsIt(t *testing.T) {
	each(t, func(w world) {
		for _, row := range []struct {
			name    string
			address string
			before  func() error
			sent    bool
		}{
			{"nothing is known of them", "ewa@harbour.example", nil, true},
			{"as they write themselves", "Ewa@Harbour.example", nil, true},
			{"they want none", "jan@harbour.example", func() error {
				return w.Contacts.Suppress(ctx, 1, contact.Suppression{Address: "jan@harbour.example", Cause: contact.CauseNews})
			}, false},
			{"they want none, however they write themselves", "JAN@harbour.example", nil, false},
			{"they want none of another company", "ola@harbour.example", func() error {
				return w.Contacts.Suppress(ctx, 2, contact.Suppression{Address: "ola@harbour.example", Cause: contact.CauseNews})
			}, true},
			{"mail to them came back", "old@harbour.example", func() error {
				return w.Contacts.Suppress(ctx, 1, contact.Suppression{Address: "old@harbour.example", Cause: contact.CauseBounce})
			}, false},
			{"they complained", "angry@harbour.example", func() error {
				return w.Contacts.Suppress(ctx, 1, contact.Suppression{Address: "angry@harbour.example", Cause: contact.CauseComplaint})
			}, false},
		} {
			if row.before != nil {
				w.want(row.before(), row.name)
			}
			noted, left := w.number("SELECT COUNT(*) FROM news"), w.number("SELECT COUNT(*) FROM outbound")
			sent, err := w.Send(ctx, 1, newsTo(w, 1, row.address))
			noted, left = w.number("SELECT COUNT(*) FROM news")-noted, w.number("SELECT COUNT(*) FROM outbound")-left
			want := int64(0)
			if row.sent {
				want = 1
			}
			if err != nil || sent != row.sent || noted != want || left != want {
				t.Errorf("%s: sent %v, %d noted, %d left, %v", row.name, sent, noted, left, err)
			}
		}
		noted := w.number("SELECT COUNT(*) FROM news")
		w.Mails = refusing{w.Mails}
		if sent, err := w.Send(ctx, 1, newsTo(w, 1, "ewa@harbour.example")); sent || err == nil || w.number("SELECT COUNT(*) FROM news") != noted {
			t.Errorf("what could not be put on its way: sent %v, %v", sent, err)
		}
	})
}

// RFC 8058: a proof takes out the one person who got that mail, of that company,
// however often it is used; whoever only looks takes nobody out.
func TestAProofTakesItsOwnerOutAndNobodyElse(t *testing.T) {
	each(t, func(w world) {
		proof, again, other, lake := w.sends(1, "ewa@harbour.example"), w.sends(1, "ewa@harbour.example"), w.sends(1, "jan@harbour.example"), w.sends(2, "ewa@harbour.example")
		if all := []string{proof, again, other, lake}; len(slices.Compact(slices.Sorted(slices.Values(all)))) != 4 {
			t.Fatalf("mails share a way out: %q", all)
		}
		for range 3 { // what GET asks
			if company, language, err := w.Sender(ctx, proof); company != "Miska" || language != "pl" || err != nil {
				t.Errorf("the page says %q in %q, %v", company, language, err)
			}
		}
		if company, language, err := w.Sender(ctx, lake); company != "Lake" || language != "ko" || err != nil {
			t.Errorf("the page of the other company says %q in %q, %v", company, language, err)
		}
		w.isOut("whoever only looks")
		for range 3 { // programs ask again
			w.want(w.Unsubscribe(ctx, proof), "unsubscribe")
		}
		w.isOut("one who asked", "1 ewa@harbour.example")
		w.want(w.Unsubscribe(ctx, again), "by another mail of theirs")
		w.isOut("one who asked twice", "1 ewa@harbour.example")
		for moved, err := 1, error(nil); moved > 0; moved, err = w.log.Sequence(ctx) {
			w.want(err, "sequence")
		}
		if n := w.number("SELECT COUNT(*) FROM events WHERE kind = $1", contact.EventSuppressed); n != 1 {
			t.Errorf("the log tells of it %d times", n)
		}
		w.want(w.Contacts.LiftSuppression(ctx, account.System(1), "ewa@harbour.example", contact.CauseNews), "lift")
		w.isOut("after a teammate let news in again")
		w.want(w.Unsubscribe(ctx, proof), "with the proof of before")
		w.isOut("who asks once more", "1 ewa@harbour.example")
		w.want(w.Unsubscribe(ctx, lake), "of the other company")
		w.isOut("who asks both companies", "1 ewa@harbour.example", "2 ewa@harbour.example")
		if sent, err := w.Send(ctx, 1, newsTo(w, 1, "jan@harbour.example")); !sent || err != nil {
			t.Errorf("somebody else gets none any more: %v", err)
		}
	})
}

func TestAForgedProofTakesNobodyOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	elsewhere := newWorld(t, testkit.SQLite(t)) // another installation, with a key of its own
	proof, foreign := w.sends(1, "ewa@harbour.example"), elsewhere.sends(1, "ewa@harbour.example")
	forged := map[string]string{"nothing": "", "a number": "1", "of another installation": foreign, "cut": proof[:len(proof)-1], "cut in front": proof[1:], "longer": proof + "a",
		"twice": proof + proof, "with a path": proof + "/../" + proof, "with a zero": proof + "\x00"}
	for i := range proof {
		for _, c := range []byte("a7") {
			if changed := []byte(proof); changed[i] != c {
				changed[i] = c
				forged[fmt.Sprintf("with %c at %d", c, i)] = string(changed)
			}
		}
	}
	for name, p := range forged {
		if err := w.Unsubscribe(ctx, p); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
		if company, _, err := w.Sender(ctx, p); company != "" || !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: the page says %q, %v", name, company, err)
		}
	}
	w.isOut("whoever guesses")
	w.want(db.Do(ctx, w.d, "DELETE FROM news"), "forget")
	if err := w.Unsubscribe(ctx, proof); !fault.Is(err, fault.NotFound) {
		t.Errorf("of a mail that is not known any more: %v", err)
	}
	w.isOut("of a mail that is not known any more")
}

// A mail to the way out takes its reader out in the transaction that places it.
func TestAMailToTheWayOut(t *testing.T) {
	each(t, func(w world) {
		own, _ := w.Open(w.sends(1, "ewa@harbour.example"))
		lake, _ := w.Open(w.sends(2, "ewa@harbour.example"))
		asked := func(class channel.Class, unsubscribes int64) channel.Inbound {
			*w.serial++
			return channel.Inbound{WorkspaceID: 1, InboxID: w.inboxes[1].ID, ReceivedAt: w.Clock.Now(), SentAt: w.Clock.Now(), From: channel.Party{Address: "ewa@harbour.example"},
				Subject: "unsubscribe", Text: "unsubscribe", Class: class, Proof: channel.ProofPass, Unsubscribes: unsubscribes,
				ExternalID: fmt.Sprintf("%d@harbour.example", *w.serial), ContentHash: fmt.Sprint(*w.serial)}
		}
		for _, row := range []struct {
			name   string
			in     channel.Inbound
			out    []string
			status conversation.Status
		}{
			{"a mail like any other", asked(channel.Human, 0), nil, conversation.Open},
			{"of another company", asked(channel.AutoReply, lake), nil, conversation.Open},
			{"of no mail", asked(channel.AutoReply, 7777777), nil, conversation.Open},
			{"it says nothing else", asked(channel.AutoReply, own), []string{"1 ewa@harbour.example"}, conversation.Closed},
			{"and a question", asked(channel.Human, own), []string{"1 ewa@harbour.example"}, conversation.Open},
		} {
			placed, err := w.Receive(ctx, row.in)
			w.want(err, row.name)
			w.isOut(row.name, row.out...)
			if c, _, err := w.conversations.Get(ctx, account.System(1), placed.ConversationID); err != nil || c.Status != row.status {
				t.Errorf("%s: the conversation is %s, want %s, %v", row.name, c.Status, row.status, err)
			}
			w.want(w.Contacts.LiftSuppression(ctx, account.System(1), "ewa@harbour.example", contact.CauseNews), "lift")
		}
		begun, err := w.Receive(ctx, asked(channel.Human, 0))
		w.want(err, "a conversation")
		inside := asked(channel.AutoReply, own)
		inside.ConversationID = begun.ConversationID
		if _, err := w.Receive(ctx, inside); err != nil {
			t.Error(err)
		}
		if c, _, err := w.conversations.Get(ctx, account.System(1), begun.ConversationID); err != nil || c.Status != conversation.Open {
			t.Errorf("a conversation that runs was closed by it: %s, %v", c.Status, err)
		}
		w.want(w.Contacts.LiftSuppression(ctx, account.System(1), "ewa@harbour.example", contact.CauseNews), "lift")
		failed := errors.New("no")
		if err := w.d.Within(ctx, func(ctx context.Context) error {
			_, err := w.Receive(ctx, asked(channel.AutoReply, own))
			w.want(err, "receive")
			return failed
		}); !errors.Is(err, failed) {
			t.Error(err)
		}
		w.isOut("what was rolled back with its mail")
	})
}

// Of addresses that do not exist, and of sources that people read, conversation
// hears as if outreach were not between.
func TestWhatIsPassedOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	w.want(w.Refused(ctx, 1, channel.BouncedRecipient{Address: "gone@harbour.example", Hard: true, Reason: "550 unknown"}), "refused")
	if list, err := w.Contacts.Suppressions(ctx, 1, []string{"gone@harbour.example"}); err != nil || len(list) != 1 || list[0].Cause != contact.CauseBounce {
		t.Errorf("an address that does not exist: %+v, %v", list, err)
	}
	heard := &hears{Conversations: w.conversations}
	w.Conversations = heard
	w.want(w.Disclosed(ctx, account.System(1), channel.Receipt{ID: 31}), "disclosed")
	if heard.of != 31 {
		t.Errorf("who gets a source is told of receipt %d", heard.of)
	}
}

type hears struct {
	Conversations
	of int64
}

func (h *hears) Disclosed(_ context.Context, _ account.Actor, receipt channel.Receipt) error {
	h.of = receipt.ID
	return nil
}
