package notification

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/channel/email"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/compose"
	"rapport/internal/conversation/follow"
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

var ctx = context.Background()

// world is a workspace in which Olga owns all and Piotr answers in one of two
// inboxes, with a browser that is closed.
type world struct {
	*Room
	t             testing.TB
	d             *db.DB
	clk           *clock.Fake
	readers       *event.Readers
	log           *event.Log
	conversations *conversation.Room
	follows       *follow.Room
	accounts      *account.Room
	help, sales   channel.Inbox
	olga, piotr   account.Actor
	service       *testkit.PushService
	letters       *letters
	heard         chan News
	serial        *int
}

// letters are those that have left.
type letters struct {
	mu   sync.Mutex
	sent []map[string]string
}

func (l *letters) Send(_ context.Context, _ int64, to, kind string, data map[string]string) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	data["to"], data["kind"] = to, kind
	l.sent = append(l.sent, data)
	return true, nil
}

func (l *letters) taken() []map[string]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.sent
	l.sent = nil
	return out
}

func each(t *testing.T, test func(w world)) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) world {
	t.Helper()
	w := world{t: t, d: d, clk: clock.NewFake(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)), serial: new(int), letters: &letters{}, heard: make(chan News, 1000), service: testkit.NewPushService(t),
		olga: account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 5, Role: account.Owner}, piotr: account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 6, Role: account.Member}}
	bell, key := &bus.Local{}, secret.Generate()
	w.log = event.New(d, w.clk, bell)
	jobs := job.NewQueue(d, w.clk)
	blobs := blob.New(d, blob.NewFolder(t.TempDir()), w.clk)
	w.accounts = account.New(d, w.log, key.Box("account"), w.clk)
	channels := channel.New(channel.Deps{Store: d, Log: w.log, Jobs: jobs, Blobs: blobs, Box: key.Box("channel"), Clock: w.clk, Sight: w.accounts})
	channels.Register(email.New(email.Deps{Key: key, Blobs: blobs, Clock: w.clk, Capture: true}))
	contacts := contact.New(d, w.log, w.clk)
	w.conversations = conversation.New(conversation.Deps{Store: d, Log: w.log, Clock: w.clk, Contacts: contacts, Sight: w.accounts, Inboxes: channels, Outbox: channels, Files: blobs})
	channels.Connect(w.conversations, compose.New(d))
	w.follows = follow.New(d, w.log, w.accounts, w.clk)
	w.Room = New(Deps{Store: d, Log: w.log, Jobs: jobs, Bus: bell, Box: key.Box("push"), Clock: w.clk, Accounts: w.accounts, Follows: w.follows, Letters: w.letters,
		Pushes: webpush.NewSender(outbound.New(testkit.Loopback, nil).Client(outbound.Limits{}), w.clk, func() string { return "https://rapport.example" })})
	Hear(bell, func(n News) { w.heard <- n })
	w.exec("INSERT INTO workspaces (id, name, language, system_inbox_id, access_version, created_at) VALUES (1, 'Miska', 'en', 0, 0, 0)")
	for id, name := range map[int64]string{5: "Olga", 6: "Piotr"} {
		w.exec(`INSERT INTO logins (id, email, email_key, password, totp_secret, totp_pending, totp_step, created_at) VALUES ($1, $2, $2, '', '', '', 0, 0)`, id, strings.ToLower(name)+"@miska.example")
		w.exec(`INSERT INTO agents (workspace_id, id, login_id, name, role, state, photo_id, language, time_zone, signature, theme, last_seen_at, created_at)
			VALUES (1, $1, $1, $2, $3, 'active', 0, 'en', 'Europe/Warsaw', '', '', 0, 0)`, id, name, map[int64]string{5: "owner", 6: "agent"}[id])
	}
	w.readers = event.NewReaders(w.log, w.clk, slices.Concat(conversation.Kinds, contact.Kinds, channel.Kinds, follow.Kinds, account.Kinds), w.Reader())
	w.want(w.readers.Prepare(ctx), "readers")
	for inbox, local := range map[*channel.Inbox]string{&w.help: "help", &w.sales: "sales"} {
		made, err := channels.CreateInbox(ctx, account.System(1), channel.NewInbox{Name: local, Channel: "email", Address: local + "@miska.example",
			Email: &channel.EmailSettings{SMTP: &channel.Server{Host: "127.0.0.1", Port: 25, Security: "none"}}})
		w.want(err, "inbox")
		*inbox = made
	}
	w.exec("INSERT INTO grants (workspace_id, inbox_id, agent_id, team_id) VALUES (1, $1, 6, 0)", w.help.ID)
	running, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { jobs.Run(running, true); close(done) }()
	t.Cleanup(func() { cancel(); <-done; w.accounts.Close() })
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

// settle has the log read to its end.
func (w world) settle() {
	w.t.Helper()
	for n, err := 1, error(nil); n > 0; n, err = w.log.Sequence(ctx) {
		w.want(err, "sequence")
	}
	w.want(w.readers.CatchUp(ctx), "readers")
}

// passes lets time go by, and what is due then happen.
func (w world) passes(d time.Duration) {
	w.t.Helper()
	w.settle()
	w.clk.Advance(d)
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		n, err := db.One(ctx, w.d, db.Int64, "SELECT COUNT(*) FROM jobs WHERE kind LIKE 'notification.%' AND state <> 'dead' AND run_at <= $1", db.Micros(w.clk.Now()))
		w.want(err, "jobs")
		if n == 0 {
			return
		}
		w.want(w.jobs.HurryKeys(ctx), "bell") // it is polled once a second otherwise
		if time.Now().After(deadline) {
			w.t.Fatal("what is due does not happen")
		}
	}
}

// browser is a closed browser of Piotr's.
func (w world) browser() *testkit.PushBrowser {
	w.t.Helper()
	key, err := w.PublicKey(ctx)
	w.want(err, "key")
	b := w.service.Subscribe(key)
	_, err = w.Subscribe(ctx, w.piotr, webpush.Subscription{Endpoint: b.Endpoint, P256DH: b.P256DH, Auth: b.Auth}, "Firefox")
	w.want(err, "subscribe")
	return b
}

// comes is a customer's mail: a new conversation, or with an id in that one.
func (w world) comes(inbox channel.Inbox, id int64) int64 {
	w.t.Helper()
	*w.serial++
	placed, err := w.conversations.Receive(ctx, channel.Inbound{WorkspaceID: 1, InboxID: inbox.ID, ReceiptID: int64(*w.serial), ReceivedAt: w.clk.Now(), SentAt: w.clk.Now(),
		From: channel.Party{Name: "Ewa Marsh", Address: "ewa@harbour.example"}, Subject: "Where is it?", Text: "It has not come.", Reply: "It has not come.", Class: channel.Human, Proof: channel.ProofPass,
		ExternalID: fmt.Sprintf("%d@mail.example", *w.serial), ContentHash: fmt.Sprint(*w.serial), ConversationID: id})
	w.want(err, "receive")
	return placed.ConversationID
}

// happens has an event happen to Piotr in a new conversation, and returns it.
func (w world) happens(e Event) int64 {
	w.t.Helper()
	if e == Unassigned {
		return w.comes(w.help, 0)
	}
	id := w.comes(w.help, 0)
	w.settle()
	w.again(e, id)
	return id
}

// again is the same in a conversation that there is.
func (w world) again(e Event, id int64) {
	w.t.Helper()
	var err error
	switch e {
	case Mention:
		_, err = w.conversations.Note(ctx, w.olga, id, conversation.NewMessage{Text: "@Piotr look at this"})
	case Assigned:
		_, err = w.conversations.Assign(ctx, w.olga, id, conversation.Assignment{AgentID: &w.piotr.AgentID})
	case Reply:
		w.exec("UPDATE conversations SET assignee_id = 6 WHERE id = $1", id)
		w.comes(w.help, id)
	case Followed:
		w.want(w.follows.Set(ctx, w.piotr, id, follow.Watching), "follow")
		w.comes(w.help, id)
	case Undelivered:
		var m conversation.Message
		m, err = w.conversations.Reply(ctx, w.piotr, id, conversation.NewMessage{Text: "Tomorrow."})
		w.want(err, "reply")
		err = w.d.Within(ctx, func(ctx context.Context) error {
			return w.log.Append(ctx, event.Event{WorkspaceID: 1, Kind: channel.MessageDelivery, ConversationID: id, Data: event.Data(map[string]any{"inbox_id": w.help.ID, "message_id": m.ID, "state": "failed"})})
		})
	}
	w.want(err, string(e))
}

// deliveries are how often Piotr was told, on each way.
func (w world) deliveries() Totals {
	var out Totals
	w.bus.Publish(newsSubject, []byte("{}")) // behind all that was told
	for n := range w.heard {
		if n == (News{}) {
			break
		}
		if n.AgentID == w.piotr.AgentID && n.ID != 0 {
			if n.Shown {
				out.App++
			}
			if n.Sound {
				out.Sound++
			}
		}
	}
	out.Push, out.Mail = len(w.service.Taken()), len(w.letters.taken())
	return out
}

// UX-17: each event, with the settings that matter, seen or not, by day and in
// quiet hours, leads to exactly the deliveries that it should, on both engines;
// and the preview says the same of the day.
func TestUX17ExactlyTheExpectedNotifications(t *testing.T) {
	usual := map[Event]Totals{Mention: {1, 1, 1, 1}, Assigned: {1, 1, 1, 1}, Undelivered: {1, 0, 1, 1}, Reply: {1, 0, 1, 1}, Followed: {1, 0, 0, 1}, Unassigned: {1, 1, 0, 0}}
	quiet := Quiet{On: true, From: "10:00", To: "12:00", TimeZone: "UTC"}
	for _, c := range []struct {
		name   string
		change func(*Settings)
		seen   time.Duration // after which it is read somewhere; 0: never
		urgent bool
		want   func(usual Totals) Totals
	}{
		{"as usual", nil, 0, false, func(u Totals) Totals { return u }},
		{"seen after five seconds", nil, 5 * time.Second, false, func(u Totals) Totals { return Totals{u.App, u.Sound, 0, 0} }},
		{"seen after a minute", nil, time.Minute, false, func(u Totals) Totals { return Totals{u.App, u.Sound, u.Push, 0} }},
		{"all on", func(s *Settings) {
			for e := range s.Matrix {
				s.Matrix[e] = Ways{true, true, true, true}
			}
		}, 0, false, func(Totals) Totals { return Totals{1, 1, 1, 1} }},
		{"all off", func(s *Settings) {
			for e := range s.Matrix {
				s.Matrix[e] = Ways{}
			}
		}, 0, false, func(Totals) Totals { return Totals{} }},
		{"only by mail", func(s *Settings) {
			for e := range s.Matrix {
				s.Matrix[e] = Ways{Mail: true}
			}
		}, 0, false, func(Totals) Totals { return Totals{Mail: 1} }},
		{"quiet hours", func(s *Settings) { s.Quiet = quiet }, 0, false, func(u Totals) Totals { return Totals{u.App, 0, 0, u.Mail} }}, // the mail waits for their end
		{"quiet hours, seen in them", func(s *Settings) { s.Quiet = quiet }, time.Hour, false, func(u Totals) Totals { return Totals{u.App, 0, 0, 0} }},
		{"quiet hours, urgent, which may not", func(s *Settings) { s.Quiet = quiet }, 0, true, func(u Totals) Totals { return Totals{u.App, 0, 0, u.Mail} }},
		{"quiet hours, urgent, which may", func(s *Settings) { s.Quiet = quiet; s.Quiet.Urgent = true }, 0, true, func(u Totals) Totals { return u }},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(w world) {
				w.browser()
				s := Defaults("UTC")
				s.Watched = []int64{w.help.ID}
				if c.change != nil {
					c.change(&s)
				}
				_, err := w.Change(ctx, w.piotr, s)
				w.want(err, "settings")
				for _, e := range Events {
					w.exec("DELETE FROM notification_watches")
					if e == Unassigned {
						w.exec("INSERT INTO notification_watches (workspace_id, inbox_id, agent_id) VALUES (1, $1, 6)", w.help.ID)
					}
					w.clk.Advance(w.clk.Now().Truncate(24 * time.Hour).Add(34 * time.Hour).Sub(w.clk.Now())) // ten o'clock
					w.exec("DELETE FROM notifications")
					id := w.happens(e)
					if c.urgent {
						w.exec("UPDATE conversations SET priority = 'urgent' WHERE id = $1", id)
					}
					w.settle()
					began := w.clk.Now()
					for _, at := range []time.Duration{5 * time.Second, 11 * time.Second, time.Minute, 151 * time.Second, time.Hour, 121 * time.Minute} {
						w.passes(began.Add(at).Sub(w.clk.Now()))
						if at == c.seen {
							_, err := w.See(ctx, w.piotr, id)
							w.want(err, "see")
						}
					}
					want := c.want(usual[e])
					if got := w.deliveries(); got != want {
						t.Errorf("%s: %+v, want %+v", e, got, want)
					}
					of := s
					of.Watched = nil // else what the event is about is one of its own
					if _, total, err := w.Preview(ctx, w.piotr, of, 10); err != nil || e != Unassigned && total != want {
						t.Errorf("%s: the preview says %+v, want %+v, %v", e, total, want, err)
					}
					for _, check := range w.Checks() {
						w.want(check.Find(ctx, func(what string) { t.Errorf("%s: %s", check.Name, what) }), check.Name)
					}
				}
			})
		})
	}
}

// A push is decrypted by the browser it was made for, in its agent's language,
// and says nothing when words are hidden; what comes together is one push.
func TestAPushSaysWhatHappened(t *testing.T) {
	each(t, func(w world) {
		b := w.browser()
		read := func() (p payload) {
			got := w.service.Taken()
			if len(got) != 1 || got[0].Endpoint != b.Endpoint || got[0].TTL != "14400" || got[0].Topic == "" {
				t.Fatalf("%d pushes: %+v", len(got), got)
			}
			w.want(json.Unmarshal([]byte(got[0].Text), &p), "payload")
			return p
		}
		id := w.happens(Mention)
		w.passes(5 * time.Second)
		w.again(Mention, id)
		w.passes(11 * time.Second)
		place := payload{Tag: fmt.Sprint("conversation-", id), URL: fmt.Sprint("/c/", id), Count: 1}
		want := place
		want.Title, want.Body = "Olga mentioned you", "@Piotr look at this"
		if p := read(); p != want {
			t.Errorf("%+v, want %+v", p, want)
		}
		w.passes(time.Minute)
		if got := w.service.Taken(); len(got) != 0 {
			t.Errorf("again: %+v", got)
		}
		w.exec("UPDATE agents SET language = 'pl'")
		w.again(Assigned, id)
		w.passes(11 * time.Second)
		if p := read(); !strings.HasPrefix(p.Title, "Olga przydziela Ci #") || !strings.HasSuffix(p.Body, "Where is it?") {
			t.Errorf("in Polish: %+v", p)
		}
		s := Defaults("UTC")
		s.HideWords = true
		_, err := w.Change(ctx, w.piotr, s)
		w.want(err, "settings")
		w.again(Mention, id)
		w.passes(11 * time.Second)
		want = place
		want.Title = "Nowa wiadomość"
		if p := read(); p != want {
			t.Errorf("without words: %+v", p)
		}
	})
}

// JOB-07, of push services: one that is away is tried again when it says, one
// that has ended the subscription is forgotten.
func TestJOB07PushServicesFailInAllWays(t *testing.T) {
	each(t, func(w world) {
		w.browser()
		id := w.happens(Mention)
		w.service.Next(testkit.Answers(503), testkit.Answers(429, "Retry-After", "120"))
		w.passes(11 * time.Second)
		w.passes(5 * time.Second)
		if got := w.service.Taken(); len(got) != 0 {
			t.Errorf("before it may be tried again: %+v", got)
		}
		w.passes(121 * time.Second)
		if got := w.service.Taken(); len(got) != 1 {
			t.Errorf("%d pushes after it was away", len(got))
		}
		w.service.Next(testkit.Answers(503))
		w.again(Mention, id)
		w.passes(11 * time.Second)
		_, err := w.See(ctx, w.piotr, id)
		w.want(err, "see")
		w.passes(time.Minute)
		if got := w.service.Taken(); len(got) != 0 {
			t.Errorf("seen while the service was away: %+v", got)
		}
		for _, status := range []int{404, 410} {
			w.browser()
			w.exec("DELETE FROM push_subscriptions WHERE id < (SELECT MAX(id) FROM push_subscriptions)")
			w.service.Next(testkit.Answers(status))
			w.again(Mention, id)
			w.passes(11 * time.Second)
			if list, err := w.Subscriptions(ctx, w.piotr); err != nil || len(list) != 0 {
				t.Errorf("%d: %+v, %v", status, list, err)
			}
		}
	})
}

// Nobody hears of what they may not see: not when it happens, not when it is
// read, and not when it would leave.
func TestNobodyIsToldOfWhatTheyMayNotSee(t *testing.T) {
	each(t, func(w world) {
		w.browser()
		hidden := w.comes(w.sales, 0)
		w.again(Mention, hidden)
		w.passes(3 * time.Minute)
		if got := w.deliveries(); got != (Totals{}) {
			t.Errorf("of an inbox he does not see: %+v", got)
		}
		w.happens(Mention)
		w.settle()
		if n, err := w.Unseen(ctx, w.piotr); n != 1 || err != nil {
			t.Errorf("%d unseen, %v", n, err)
		}
		w.want(w.accounts.SetInboxMembers(ctx, w.olga, w.help.ID, account.InboxMembers{}), "members") // before the ten seconds are over
		w.passes(3 * time.Minute)
		groups, n, err := w.List(ctx, w.piotr, 10)
		if got := w.deliveries(); got.Push+got.Mail != 0 || n != 0 || len(groups) != 0 || err != nil {
			t.Errorf("of what he sees no more: %+v, %d unseen, %+v, %v", got, n, groups, err)
		}
	})
}

func TestNobodyIsToldOfTheirOwnDoingAndOneEventTellsOnce(t *testing.T) {
	each(t, func(w world) {
		id := w.comes(w.help, 0)
		w.settle()
		_, err := w.conversations.Note(ctx, w.piotr, id, conversation.NewMessage{Text: "@Piotr remember"})
		w.want(err, "note")
		_, err = w.conversations.Assign(ctx, w.piotr, id, conversation.Assignment{AgentID: &w.piotr.AgentID})
		w.want(err, "assign")
		w.settle()
		if got := w.deliveries(); got != (Totals{}) {
			t.Errorf("of his own doing: %+v", got)
		}
		w.want(w.follows.Set(ctx, w.piotr, id, follow.Watching), "follow")
		w.again(Mention, id)
		w.comes(w.help, id)
		w.settle()
		if got := w.deliveries(); got.App != 2 {
			t.Errorf("a mention and a reply tell him %d times", got.App)
		}
		groups, n, err := w.List(ctx, w.piotr, 10)
		if err != nil || n != 1 || len(groups) != 1 || groups[0].Unseen != 2 || groups[0].Newest.Event != Reply || groups[0].Who != "Ewa Marsh" {
			t.Errorf("%d unseen, %+v, %v", n, groups, err)
		}
		w.want(w.follows.Set(ctx, w.piotr, id, follow.Muted), "mute")
		w.comes(w.help, id)
		w.settle()
		if got := w.deliveries(); got != (Totals{}) {
			t.Errorf("of what he has muted: %+v", got)
		}
		w.want(w.Read(ctx, w.piotr, id, 2), "read to the note")
		if _, n, _ := w.List(ctx, w.piotr, 10); n != 1 {
			t.Error("what stands below what was read is seen")
		}
		_, err = w.conversations.Reply(ctx, w.piotr, id, conversation.NewMessage{Text: "Tomorrow."})
		w.want(err, "reply")
		w.settle()
		if n, err := w.Unseen(ctx, w.piotr); n != 0 || err != nil {
			t.Errorf("after his answer %d are unseen, %v", n, err)
		}
		w.want(w.conversations.Delete(ctx, w.olga, id), "delete")
		w.settle()
		if n, err := db.One(ctx, w.d, db.Int64, "SELECT COUNT(*) FROM notifications"); n != 0 || err != nil {
			t.Errorf("%d are left of a deleted conversation, %v", n, err)
		}
	})
}

// Mails gather until it is quiet, and what is unseen comes once a day to whoever
// wants it.
func TestMailsGatherUntilItIsQuiet(t *testing.T) {
	each(t, func(w world) {
		a := w.happens(Mention)
		w.happens(Assigned)
		w.passes(2 * time.Minute)
		w.again(Mention, a)
		w.passes(2 * time.Minute)
		if got := w.letters.taken(); len(got) != 0 {
			t.Fatalf("a mail before it was quiet: %v", got)
		}
		w.passes(31 * time.Second)
		got := w.letters.taken()
		if len(got) != 1 || got[0]["to"] != "piotr@miska.example" || got[0]["kind"] != Letter || got[0]["title"] != "Conversations that wait for you: 2" || got[0]["path"] != "/notifications" ||
			!strings.Contains(got[0]["text"], "Olga mentioned you\n#1 Where is it?\n@Piotr look at this") || !strings.Contains(got[0]["text"], "Olga assigned #2 to you") {
			t.Fatalf("%v", got)
		}
		w.passes(time.Hour)
		if got := w.letters.taken(); len(got) != 0 {
			t.Errorf("again: %v", got)
		}
		s := Defaults("Europe/Warsaw")
		s.Digest = true
		_, err := w.Change(ctx, w.piotr, s)
		w.want(err, "settings")
		w.clk.Advance(time.Date(2026, 11, 21, 7, 1, 0, 0, time.UTC).Sub(w.clk.Now())) // 8:01 in Warsaw
		w.want(w.d.Within(ctx, w.planDigests), "digests")
		w.passes(time.Second)
		w.want(w.d.Within(ctx, w.planDigests), "digests")
		w.passes(time.Second)
		if got := w.letters.taken(); len(got) != 1 || got[0]["title"] != "Your day in Miska: unseen 2" {
			t.Errorf("the mail of the day: %v", got)
		}
		_, err = w.See(ctx, w.piotr, 0)
		w.want(err, "see all")
		w.clk.Advance(24 * time.Hour)
		w.want(w.d.Within(ctx, w.planDigests), "digests")
		w.passes(time.Second)
		if got := w.letters.taken(); len(got) != 0 {
			t.Errorf("with nothing unseen: %v", got)
		}
	})
}

func TestABrowserIsForgottenWithItsSession(t *testing.T) {
	each(t, func(w world) {
		w.exec("INSERT INTO sessions (id, hash, workspace_id, agent_id, login_id, ip, user_agent, created_at, last_seen_at) VALUES (77, 'x', 1, 6, 6, '', '', 0, 0)")
		w.piotr.SessionID = 77
		w.browser()
		w.exec("DELETE FROM sessions")
		w.happens(Mention)
		w.passes(11 * time.Second)
		if got := w.service.Taken(); len(got) != 0 {
			t.Errorf("a browser in which nobody is signed in hears %+v", got)
		}
		w.want(w.d.Within(ctx, w.sweep), "sweep")
		if n, err := db.One(ctx, w.d, db.Int64, "SELECT COUNT(*) FROM push_subscriptions"); n != 0 || err != nil {
			t.Errorf("%d are kept, %v", n, err)
		}
	})
}

func TestWhatIsOldIsLetGo(t *testing.T) {
	each(t, func(w world) {
		w.happens(Mention)
		w.settle()
		w.clk.Advance(keptFor + time.Hour)
		w.happens(Mention)
		w.settle()
		w.want(w.d.Within(ctx, w.sweep), "sweep")
		if n, err := db.One(ctx, w.d, db.Int64, "SELECT COUNT(*) FROM notifications"); n != 1 || err != nil {
			t.Errorf("%d are kept, %v", n, err)
		}
	})
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	night := Quiet{On: true, From: "22:00", To: "07:00", TimeZone: "Europe/Warsaw"}
	weekend := night
	weekend.Weekend = true
	always := Quiet{On: true, From: "00:00", To: "00:00", TimeZone: "UTC"}
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		q    Quiet
		at   string
		ends string // "": they are not quiet
	}{
		{Quiet{From: "22:00", To: "07:00", TimeZone: "UTC"}, "2026-11-20T23:00:00Z", ""},
		{night, "2026-11-20T20:59:59Z", ""}, {night, "2026-11-20T21:00:00Z", "2026-11-21T06:00:00Z"}, {night, "2026-11-21T05:59:59Z", "2026-11-21T06:00:00Z"}, {night, "2026-11-21T06:00:00Z", ""},
		{night, "2026-03-29T00:30:00Z", "2026-03-29T05:00:00Z"}, // the clock is put forward that night
		{night, "2026-10-25T00:30:00Z", "2026-10-25T06:00:00Z"}, // and back in this one
		{weekend, "2026-11-21T11:00:00Z", "2026-11-23T06:00:00Z"}, {weekend, "2026-11-20T11:00:00Z", ""},
		{always, "2026-11-20T11:00:00Z", "2026-11-21T11:00:00Z"},
	} {
		if got := c.q.At(at(c.at)); got != (c.ends != "") {
			t.Errorf("%+v at %s: %v", c.q, c.at, got)
		} else if got && !c.q.Ends(at(c.at)).Equal(at(c.ends)) {
			t.Errorf("%+v at %s ends %s, want %s", c.q, c.at, c.q.Ends(at(c.at)).UTC(), c.ends)
		}
	}
}

func TestEveryLanguageSaysAllOfIt(t *testing.T) {
	t.Parallel()
	for language, said := range catalogue {
		if got, want := slices.Sorted(maps.Keys(said)), slices.Sorted(maps.Keys(catalogue["en"])); !slices.Equal(got, want) {
			t.Errorf("%s says %v, want %v", language, got, want)
		}
		for _, e := range Events {
			for _, who := range []string{"Ewa", ""} {
				if title := (Group{Who: who, Number: 1024, Newest: Notification{Event: e}}).title(language); title == "" || strings.ContainsAny(title, "{}") {
					t.Errorf("%s: %s by %q is %q", language, e, who, title)
				}
			}
		}
	}
}
