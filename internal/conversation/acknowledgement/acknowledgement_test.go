package acknowledgement

import (
	"context"
	"fmt"
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
	"rapport/internal/conversation/tally"
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
func (seesAll) Allow(_ context.Context, a account.Actor, action account.Action, inboxID int64) error {
	return account.Can(a, action, account.Object{WorkspaceID: a.WorkspaceID, InboxID: inboxID, Scope: account.Scope{All: true}})
}

// world is a workspace with two inboxes that acknowledge, and Hanna, who owns it.
// What leaves is captured.
type world struct {
	*Room
	t             testing.TB
	d             *db.DB
	clk           *clock.Fake
	log           *event.Log
	readers       *event.Readers
	jobs          *job.Queue
	conversations *conversation.Room
	contacts      *contact.Room
	help, sales   channel.Inbox
	hanna         account.Actor
	serial        *int
}

func each(t *testing.T, caps Caps, test func(w world)) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d, caps)) })
}

func newWorld(t testing.TB, d *db.DB, caps Caps) world {
	t.Helper()
	w := world{t: t, d: d, clk: clock.NewFake(noon), serial: new(int), hanna: account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 5, Role: account.Owner}}
	key := secret.Generate()
	w.log, w.jobs = event.New(d, w.clk, &bus.Local{}), job.NewQueue(d, w.clk)
	blobs := blob.New(d, blob.NewFolder(t.TempDir()), w.clk)
	channels := channel.New(channel.Deps{Store: d, Log: w.log, Jobs: w.jobs, Blobs: blobs, Box: key.Box("channel"), Clock: w.clk, Sight: seesAll{}})
	channels.Register(email.New(email.Deps{Key: key, Blobs: blobs, Clock: w.clk, Capture: true}))
	w.contacts = contact.New(d, w.log, w.clk)
	w.conversations = conversation.New(conversation.Deps{Store: d, Log: w.log, Clock: w.clk, Contacts: w.contacts, Sight: seesAll{}, Inboxes: channels, Outbox: channels, Files: blobs})
	channels.Connect(w.conversations, compose.New(d))
	w.Room = New(Deps{Store: d, Log: w.log, Jobs: w.jobs, Clock: w.clk, Accounts: seesAll{}, Channels: channels, Conversations: w.conversations, Caps: caps})
	w.readers = event.NewReaders(w.log, w.clk, slices.Concat(conversation.Kinds, contact.Kinds, channel.Kinds, Kinds), w.Reader(), tally.New(d, seesAll{}).Counts())
	w.want(w.readers.Prepare(ctx), "readers")
	w.exec("INSERT INTO workspaces (id, name, language, system_inbox_id, access_version, created_at) VALUES (1, 'Miska', 'pl', 0, 0, 0)")
	w.exec(`INSERT INTO agents (workspace_id, id, login_id, name, role, state, photo_id, language, time_zone, signature, theme, last_seen_at, created_at)
		VALUES (1, 5, 5, 'Hanna', 'owner', 'active', 0, 'en', '', '', '', 0, 0)`)
	for inbox, local := range map[*channel.Inbox]string{&w.help: "hello", &w.sales: "sales"} {
		made, err := channels.CreateInbox(ctx, account.System(1), channel.NewInbox{Name: "Miska", Channel: "email", Address: local + "@miska.example",
			Email: &channel.EmailSettings{SMTP: &channel.Server{Host: "127.0.0.1", Port: 25, Security: "none"}}})
		w.want(err, "inbox")
		*inbox = made
		_, err = w.Change(ctx, w.hanna, Settings{InboxID: made.ID, On: true, Language: "en"})
		w.want(err, "settings")
	}
	return w
}

func (w world) want(err error, what string) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%s: %v", what, err)
	}
}

func (w world) exec(query string, args ...any) {
	w.t.Helper()
	_, err := db.Exec(ctx, w.d, query, args...)
	w.want(err, "exec")
}

// mail is a person's mail to the help inbox.
func (w world) mail(from, text string) channel.Inbound {
	*w.serial++
	return channel.Inbound{WorkspaceID: 1, InboxID: w.help.ID, ReceiptID: int64(*w.serial), ReceivedAt: w.clk.Now(), SentAt: w.clk.Now(), From: channel.Party{Name: "Ewa Marsh", Address: from},
		Cc: []channel.Party{{Address: "boss@harbour.example"}}, Subject: "Where is my parcel?", Text: text, Reply: text, Class: channel.Human, Proof: channel.ProofPass,
		ExternalID: fmt.Sprintf("%d@mail.example", *w.serial), ContentHash: text}
}

// comes places a mail, has the log read, and returns what its conversation holds.
func (w world) comes(in channel.Inbound) []conversation.Message {
	w.t.Helper()
	placed, err := w.conversations.Receive(ctx, in)
	w.want(err, "receive")
	w.settle()
	list, _, err := w.conversations.Messages(ctx, w.hanna, placed.ConversationID, conversation.Span{})
	w.want(err, "messages")
	return list
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

// THR-09: what is written by itself goes to who wrote, and to nobody in copy.
func TestTHR09AnAcknowledgementGoesToTheRequesterAlone(t *testing.T) {
	each(t, Caps{}, func(w world) {
		in := w.mail("ewa@harbour.example", "It has not come. Buy at evil.example")
		list := w.comes(in)
		if len(list) != 2 {
			t.Fatalf("%d messages, want 2", len(list))
		}
		m := list[1]
		if fmt.Sprint(m.To) != "[{Ewa Marsh ewa@harbour.example}]" || len(m.Cc)+len(m.Bcc) > 0 || fmt.Sprint(m.Delivery.Recipients) != "[{ewa@harbour.example held }]" {
			t.Errorf("it goes to %v, %v, %v: %v", m.To, m.Cc, m.Bcc, m.Delivery.Recipients)
		}
		if m.Kind != conversation.KindReply || m.Class != channel.AutoReply || m.Author.Kind != conversation.BySystem || strings.Contains(m.Text, "evil") || strings.Contains(m.Text, "parcel") {
			t.Errorf("message %+v", m)
		}
		w.settle()
		if again := w.comes(in); len(again) != 2 {
			t.Errorf("after the same mail once more: %d messages", len(again))
		}
	})
}

func TestAnAcknowledgementIsNoAnswer(t *testing.T) {
	each(t, Caps{}, func(w world) {
		placed, err := w.conversations.Receive(ctx, w.mail("ewa@harbour.example", "It has not come."))
		w.want(err, "receive")
		before, _, err := w.conversations.Get(ctx, w.hanna, placed.ConversationID)
		w.want(err, "get")
		_, err = w.conversations.MarkRead(ctx, w.hanna, before.ID, 1)
		w.want(err, "read")
		w.clk.Advance(time.Minute)
		w.settle()
		after, participants, err := w.conversations.Get(ctx, w.hanna, before.ID)
		w.want(err, "get")
		if after.LastPosition != 2 || after.Unread() || after.Status != conversation.Open || after.AssigneeID != 0 || after.LastActivityAt != before.LastActivityAt ||
			after.Excerpt != before.Excerpt || after.LastAuthorKind != "contact" || len(participants) != 2 {
			t.Errorf("before %+v\nafter  %+v, %v", before, after, participants)
		}
		one := int64(1) // who has seen the customer's message has seen what there is to see
		m, err := w.conversations.Reply(ctx, w.hanna, after.ID, conversation.NewMessage{Text: "Tomorrow.", SeenPosition: &one, HoldSeconds: 60})
		w.want(err, "reply")
		_, err = w.conversations.CancelHold(ctx, w.hanna, after.ID, m.ID)
		w.want(err, "undo")
		if undone, _, err := w.conversations.Get(ctx, w.hanna, after.ID); err != nil || undone.Excerpt != before.Excerpt || undone.LastAuthorKind != "contact" || undone.Status != conversation.Open {
			t.Errorf("after an answer that was taken back: %+v, %v", undone, err)
		}
	})
}

// THR-14: nothing is written to our own inboxes, under whatever address.
func TestTHR14NothingIsWrittenToOurOwnInboxes(t *testing.T) {
	each(t, Caps{}, func(w world) {
		for _, from := range []string{"sales@miska.example", "hello@miska.example", "sales+r123@miska.example", "hello+shop@miska.example"} {
			if list := w.comes(w.mail(from, "I am "+from)); len(list) != 1 {
				t.Errorf("%s got %v", from, list[1].To)
			}
		}
	})
}

func TestOnlyWhatBeginsAConversationIsAcknowledged(t *testing.T) {
	each(t, Caps{}, func(w world) {
		list := w.comes(w.mail("ewa@harbour.example", "First"))
		w.clk.Advance(2 * day)
		second := w.mail("ewa@harbour.example", "Second")
		second.ConversationID = list[0].ConversationID
		if list = w.comes(second); len(list) != 3 {
			t.Errorf("%d messages after the second mail, want 3", len(list))
		}
		off := w.help
		_, err := w.Change(ctx, w.hanna, Settings{InboxID: off.ID, Language: "en"})
		w.want(err, "off")
		if list := w.comes(w.mail("jan@lake.example", "Hello")); len(list) != 1 {
			t.Error("an inbox that is not to acknowledge did")
		}
	})
}

func TestASuppressedAddressIsLeftInPeaceUntilItWrites(t *testing.T) {
	each(t, Caps{}, func(w world) {
		w.want(w.contacts.Suppress(ctx, 1, contact.Suppression{Address: "ewa@harbour.example", Cause: contact.CauseBounce, Reason: "550"}), "suppress")
		forged := w.mail("ewa@harbour.example", "I am not Ewa")
		forged.Proof = channel.ProofFail
		if list := w.comes(forged); len(list) != 1 {
			t.Error("a forged mail was acknowledged")
		}
		if known, err := w.contacts.Suppressions(ctx, 1, []string{"ewa@harbour.example"}); err != nil || len(known) != 1 {
			t.Errorf("a forged mail has lifted the suppression: %v, %v", known, err)
		}
		if list := w.comes(w.mail("ewa@harbour.example", "Here I am")); len(list) != 2 {
			t.Error("who has just written was not acknowledged")
		}
	})
}

// MAIL-12, the rule of it: one a day to an address from an inbox, however the
// address is varied, and so few in all that a loop ends.
func TestMAIL12AnAddressGetsOneADay(t *testing.T) {
	each(t, Caps{AddressDay: 2, InboxHour: 100, WorkspaceHour: 100}, func(w world) {
		got := func(inbox channel.Inbox, from string) bool {
			in := w.mail(from, fmt.Sprint("Message ", *w.serial))
			in.InboxID = inbox.ID
			return len(w.comes(in)) == 2
		}
		for _, c := range []struct {
			inbox channel.Inbox
			from  string
			want  bool
		}{
			{w.help, "ewa@harbour.example", true}, {w.help, "ewa@harbour.example", false}, {w.help, "ewa+1@harbour.example", false},
			{w.sales, "ewa+2@harbour.example", true}, {w.sales, "ewa@harbour.example", false}, {w.help, "jan@lake.example", true},
		} {
			if is := got(c.inbox, c.from); is != c.want {
				t.Errorf("%s to %s: %v", c.from, c.inbox.Address, is)
			}
		}
		w.clk.Advance(day + time.Second)
		if !got(w.help, "ewa@harbour.example") {
			t.Error("not the next day either")
		}
		w.want(w.store.forget(ctx, w.clk.Now().Add(-day)), "forget")
		if n, err := db.One(ctx, w.d, db.Int64, "SELECT COUNT(*) FROM acknowledgements"); err != nil || n != 1 {
			t.Errorf("%d kept, %v", n, err)
		}
	})
}

// MAIL-18: the mail that is over the cap is held, with its reason and its time;
// the customer's message is where it belongs.
func TestMAIL18AnAcknowledgementOverTheCapIsHeldWithItsReason(t *testing.T) {
	each(t, Caps{AddressDay: 3, InboxHour: 2, WorkspaceHour: 100}, func(w world) {
		var waits []time.Duration
		for n := range 5 {
			list := w.comes(w.mail(fmt.Sprintf("ewa%d@harbour.example", n), "Hello"))
			if len(list) != 2 || list[1].Delivery.State != channel.Held {
				t.Fatalf("mail %d: %+v", n, list)
			}
			d, wait := list[1].Delivery, time.Duration(0)
			if !d.Until.IsZero() {
				wait = d.Until.Sub(w.clk.Now())
			}
			if (wait > 0) != (d.Reason != "") {
				t.Errorf("mail %d waits %v because of %q", n, wait, d.Reason)
			}
			waits = append(waits, wait)
		}
		if want := []time.Duration{0, 0, hour, hour, 2 * hour}; !slices.Equal(waits, want) {
			t.Errorf("they wait %v, want %v", waits, want)
		}
	})
}

func TestSettingsAreForAdministratorsOfEmailInboxes(t *testing.T) {
	each(t, Caps{}, func(w world) {
		s, err := w.Change(ctx, w.hanna, Settings{InboxID: w.help.ID, On: true, Language: "ko", Texts: map[string]string{"en": "Dear {{customer.name|you}}", "pl": shipped["pl"], "ko": " "}})
		w.want(err, "change")
		if s, err = w.Settings(ctx, w.hanna, w.help.ID); err != nil || !s.On || s.Language != "ko" || len(s.Texts) != 1 || s.words("pl") != shipped["pl"] {
			t.Errorf("%+v, %v", s, err)
		}
		subject, text, err := w.Preview(ctx, w.hanna, w.help.ID, "en", s.Texts["en"], "")
		if err != nil || text != "Dear you" || subject != "We have received your message #1024" {
			t.Errorf("preview %q, %q, %v", subject, text, err)
		}
		for name, bad := range map[string]Settings{"language": {Language: "de"}, "text in German": {Language: "en", Texts: map[string]string{"de": "Hallo"}},
			"variable": {Language: "en", Texts: map[string]string{"en": "{{customer.age}}"}}, "long": {Language: "en", Texts: map[string]string{"en": strings.Repeat("a", maxText+1)}}} {
			bad.InboxID = w.help.ID
			if _, err := w.Change(ctx, w.hanna, bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		member := w.hanna
		member.Role = account.Member
		if _, err := w.Settings(ctx, member, w.help.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a member reads them: %v", err)
		}
		if _, err := w.Settings(ctx, w.hanna, 7777777); !fault.Is(err, fault.NotFound) {
			t.Errorf("no inbox: %v", err)
		}
	})
}

// MAIL-14: an address that its server refused in our own dialogue is marked.
func TestMAIL14AnAddressThatWasRefusedIsMarked(t *testing.T) {
	each(t, Caps{}, func(w world) {
		var told channel.Receiver = w.conversations
		w.want(told.Refused(ctx, 1, channel.BouncedRecipient{Address: "ewa@harbour.example", Hard: true, Reason: "No such user (550 5.1.1)"}), "refused")
		known, err := w.contacts.Suppressions(ctx, 1, []string{"ewa@harbour.example"})
		if err != nil || len(known) != 1 || known[0].Cause != contact.CauseBounce || known[0].Reason != "No such user (550 5.1.1)" {
			t.Errorf("marked with %+v, %v", known, err)
		}
	})
}
