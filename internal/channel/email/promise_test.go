package email

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/testkit"
	"rapport/internal/testkit/hostile"
)

// stumbling is the mail channel with a bug in its parser, which can be mended.
type stumbling struct {
	*Adapter
	mended atomic.Bool
}

func (s *stumbling) Parse(ctx context.Context, inbox channel.Inbox, r channel.Receipt, raw []byte) (channel.Inbound, error) {
	if strings.Contains(string(raw), "Burek 2") && !s.mended.Load() {
		panic("index out of range")
	}
	return s.Adapter.Parse(ctx, inbox, r, raw)
}

// TestMAIL03AParserThatPanics: the mail waits with its bytes, the next one goes
// on, and after the mend a person has it handled again.
func TestMAIL03AParserThatPanics(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		w := channeltest.NewWorld(t, d)
		parser := &stumbling{Adapter: adapter(w)}
		w.Channels.Register(parser)
		inbox := w.Inbox(hello())
		w.Start()
		for n, key := range []string{"first", "second", "third"} {
			if err := w.Channels.Accept(context.Background(), []channel.Arrival{{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, SourceKey: key, Raw: sample(n + 1)}}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if c := w.Settled(3); c.Applied != 2 || c.Quarantined != 1 {
			t.Fatalf("%+v, want one in quarantine and the others applied", c)
		}
		waiting, err := w.Channels.Receipts(context.Background(), w.Owner, channel.ReceiptFilter{State: channel.Quarantined, Limit: 10})
		if err != nil || len(waiting) != 1 || waiting[0].Reason == "" {
			t.Fatalf("in quarantine: %+v, %v", waiting, err)
		}
		raw, err := w.Channels.Source(context.Background(), w.Owner, waiting[0].ID)
		if err != nil || string(raw) != string(sample(2)) {
			t.Errorf("its bytes: %q, %v", raw, err)
		}
		parser.mended.Store(true)
		if _, err := w.Channels.Replay(context.Background(), w.Owner, waiting[0].ID); err != nil {
			t.Fatal(err)
		}
		if c := w.Settled(3); c.Applied != 3 || len(w.Receiver.Got()) != 3 {
			t.Errorf("after the mend: %+v", c)
		}
	})
}

// TestMAIL31WhatWasDeletedStaysDeleted: the receiver has forgotten the message,
// and the server gives the mail another number.
func TestMAIL31WhatWasDeletedStaysDeleted(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		w := channeltest.NewWorld(t, d)
		w.Channels.Register(adapter(w))
		inbox := w.Inbox(hello())
		w.Start()
		arrives := func(key string, raw []byte, accepted int64) channel.Counters {
			t.Helper()
			if err := w.Channels.Accept(context.Background(), []channel.Arrival{{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, SourceKey: key, Raw: raw}}, nil); err != nil {
				t.Fatal(err)
			}
			return w.Settled(accepted)
		}
		arrives("imap:1:1", sample(1), 1)
		w.Receiver.Forget()
		if c := arrives("imap:2:1", sample(1), 2); c.Applied != 1 || c.Rejected != 1 {
			t.Errorf("%+v: it came back", c)
		}
		if c := arrives("imap:2:2", sample(2), 3); c.Applied != 2 {
			t.Errorf("%+v: another mail did not come in", c)
		}
		other := hello()
		other.Address = "orders@miska.example"
		elsewhere := w.Inbox(other)
		if err := w.Channels.Accept(context.Background(), []channel.Arrival{{WorkspaceID: elsewhere.WorkspaceID, InboxID: elsewhere.ID, SourceKey: "imap:2:1", Raw: sample(1)}}, nil); err != nil {
			t.Fatal(err)
		}
		if c := w.Settled(4); c.Applied != 3 {
			t.Errorf("%+v: the other inbox has not got it", c)
		}
	})
}

// takenIn is a world with one inbox that was handed these mails, one after the
// other, and has placed each.
func takenIn(t *testing.T, raws ...string) *channeltest.World {
	t.Helper()
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	w.Channels.Register(adapter(w))
	inbox := w.Inbox(hello())
	w.Start()
	for n, raw := range raws {
		if err := w.Channels.Accept(context.Background(), []channel.Arrival{{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, SourceKey: fmt.Sprint("mail ", n), Raw: []byte(raw)}}, nil); err != nil {
			t.Fatal(err)
		}
		if c := w.Settled(int64(n + 1)); c.Applied != int64(n+1) {
			t.Fatalf("%+v after %.60q", c, raw)
		}
	}
	return w
}

// TestMAIL09WhatIsMissingIsNoReasonToLoseAMail: each becomes a message with an id
// of its own, or is shown with its reason.
func TestMAIL09WhatIsMissingIsNoReasonToLoseAMail(t *testing.T) {
	t.Parallel()
	w := takenIn(t,
		"From: ewa@harbour.example\r\nSubject: no id\r\n\r\nHello",
		"Subject: no From\r\nMessage-ID: <1@x>\r\n\r\nHello",
		"From: ewa@harbour.example\r\nSubject: no date\r\nMessage-ID: <2@x>\r\n\r\nHello",
		"From: ewa@harbour.example\r\nSubject: empty\r\nMessage-ID: <3@x>\r\n\r\n",
		"From: ewa@harbour.example\r\nMessage-ID: <4@x>\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF-1.4")
	ids := map[string]bool{}
	for _, in := range w.Receiver.Got() {
		ids[in.ExternalID] = true
	}
	if len(ids) != 5 || ids[""] {
		t.Errorf("the ids are %v, want five", ids)
	}
	// A mail of no bytes has nobody who wrote it: it is shown in quarantine.
	if err := w.Channels.Accept(context.Background(), []channel.Arrival{{WorkspaceID: channeltest.WorkspaceID, InboxID: w.Receiver.Got()[0].InboxID, SourceKey: "empty"}}, nil); err != nil {
		t.Fatal(err)
	}
	if c := w.Settled(6); c.Quarantined != 1 {
		t.Errorf("%+v, want the empty mail in quarantine", c)
	}
}

// TestMAIL30TheSendersClockIsWrong: arrival is ours, the shown date is theirs.
func TestMAIL30TheSendersClockIsWrong(t *testing.T) {
	t.Parallel()
	dated := func(n int, date string) string {
		return fmt.Sprintf("From: ewa@harbour.example\r\nMessage-ID: <%d@x>\r\nDate: %s\r\n\r\nHello %d", n, date, n)
	}
	got := takenIn(t, dated(1, "Tue, 1 Jan 2099 00:00:00 +0000"), dated(2, "Thu, 1 Jan 1970 00:00:10 +0000"), dated(3, "Sun, 22 Nov 2026 10:00:00 +0000")).Receiver.Got()
	for n, year := range []int{2099, 1970, 2026} {
		if got[n].SentAt.Year() != year {
			t.Errorf("mail %d claims %v, want %d", n+1, got[n].SentAt, year)
		}
		if n > 0 && !got[n].ReceivedAt.After(got[n-1].ReceivedAt) {
			t.Errorf("mail %d was received at %v, the one before at %v", n+1, got[n].ReceivedAt, got[n-1].ReceivedAt)
		}
	}
}

// TestMAIL32NothingIsTakenOutOfStorage: the quote is apart from the reply, and
// still in the text; the bytes are those that came.
func TestMAIL32NothingIsTakenOutOfStorage(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("mailparse", "testdata", "pl-gmail-reply.eml"))
	if err != nil {
		t.Fatal(err)
	}
	w := takenIn(t, string(raw))
	in := w.Receiver.Got()[0]
	if in.Reply == "" || !strings.Contains(in.Text, in.Reply) || len(in.Text) <= len(in.Reply) {
		t.Errorf("the reply is %q of %q", in.Reply, in.Text)
	}
	list, err := w.Channels.Receipts(context.Background(), w.Owner, channel.ReceiptFilter{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := w.Channels.Source(context.Background(), w.Owner, list[0].ID); err != nil || string(kept) != string(raw) {
		t.Errorf("%d bytes are kept of %d, %v", len(kept), len(raw), err)
	}
}

// TestMAIL04AMonthWithoutTheMailServer: everything comes in once and oldest first,
// and the inbox has said once that it is in trouble and once that it is not.
func TestMAIL04AMonthWithoutTheMailServer(t *testing.T) {
	t.Parallel()
	const days, daily = 30, 10
	s, m := hostile.StartIMAP(t), newMailroom(t)
	s.Deliver(letterNo(0))
	inbox := m.inbox(hostileServer(s))
	f := m.fetcher()
	f.pause = func(int) time.Duration { return time.Millisecond }
	now := clock.NewFake(time.Now())
	var tries atomic.Int64
	f.clock = now
	dial := f.dial
	f.dial = func(ctx context.Context, s channel.Server) (mailbox, error) {
		tries.Add(1)
		return dial(ctx, s)
	}
	m.background(f.Run)
	m.settled(1)
	news := func() (n int64) {
		n, err := db.One(context.Background(), m.store, db.Int64, "SELECT COUNT(*) FROM events WHERE kind = $1", channel.InboxChanged)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := news()
	s.Down()
	m.showing(inbox.ID, "refuses connections on port")
	for day := range days {
		for n := range daily {
			s.Deliver(letterNo(1 + day*daily + n))
		}
		now.Advance(24 * time.Hour)
		sofar := tries.Load()
		m.until("it tries on", func() bool { return tries.Load() > sofar+1 })
	}
	s.Up()
	if c := m.settled(1 + days*daily); c.Applied != 1+days*daily {
		t.Errorf("%+v, want all applied", c)
	}
	m.showing(inbox.ID, "")
	if n := news() - before; n > 2 {
		t.Errorf("the inbox has changed %d times in %d tries, want twice", n, tries.Load())
	}
	var ids []int64
	for n, list := int64(0), []channel.Receipt(nil); ; n = list[len(list)-1].ID {
		var err error
		if list, err = m.room.Receipts(context.Background(), m.owner, channel.ReceiptFilter{Before: n, Limit: 100}); err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, r := range list {
			uid, _ := strconv.ParseInt(r.SourceKey[strings.LastIndexByte(r.SourceKey, ':')+1:], 10, 64)
			ids = append(ids, -uid) // the newest stands first
		}
	}
	if len(ids) != 1+days*daily || !slices.IsSorted(ids) {
		t.Errorf("%d mails, not in the order in which the server got them", len(ids))
	}
}

// TestMAIL04AMonthWithoutAnyServer: neither server lets us in. When they do again,
// what was sent to us meanwhile comes in once; what was written leaves once and
// in the order in which it was written; nobody has to do anything for that, and
// screens hear twice of each server.
func TestMAIL04AMonthWithoutAnyServer(t *testing.T) {
	t.Parallel()
	const days = 30
	for name, c := range map[string]struct {
		refuse func(s *hostile.SMTP)
		heal   func(s *hostile.SMTP)
		says   string
	}{
		"it is down":           {func(s *hostile.SMTP) { s.Down() }, func(s *hostile.SMTP) { s.Up() }, "does not answer"},
		"it refuses the login": {func(s *hostile.SMTP) { s.Fail(hostile.Fault{At: hostile.Auth, With: "535 5.7.8 no, nr. 4711"}) }, func(s *hostile.SMTP) { s.Heal() }, "refuses the sign-in"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, box := newPost(t), hostile.StartIMAP(t)
			mailbox := hostileServer(box)
			settings := *p.inbox.Email
			settings.IMAP = &mailbox
			if _, err := p.Channels.ChangeInbox(context.Background(), p.Owner, p.inbox.ID, channel.InboxChange{Email: &settings}); err != nil {
				t.Fatal(err)
			}
			before := p.told(channel.InboxChanged)
			c.refuse(p.server)
			box.Down()
			p.Start()
			p.fetch()
			for day := range int64(days) {
				box.Deliver(letterNo(int(day)))
				p.send(day + 1)
				p.Eventually("it waits", func() bool { return len(p.jobs()) == int(day)+1 && p.delivery(day+1).Reason != "" })
				p.clock.Advance(24 * time.Hour)
			}
			p.Eventually("all wait", func() bool { return len(p.jobs()) == days })
			for _, j := range p.jobs() {
				if j.Attempt != 0 {
					t.Errorf("an outage has used up %d attempts", j.Attempt)
				}
			}
			if d := p.delivery(1); d.State != channel.Delayed || !strings.Contains(d.Reason, c.says) {
				t.Errorf("the first message says %+v", d)
			}
			if d := p.delivery(2); !strings.Contains(d.Reason, "earlier message") {
				t.Errorf("the second message says %+v", d)
			}
			if inbox, err := p.Channels.Inbox(context.Background(), p.Owner, p.inbox.ID); err != nil || inbox.State != "trouble" || !strings.Contains(inbox.StateText, c.says) {
				t.Errorf("the inbox says %q, %v", inbox.StateText, err)
			}
			c.heal(p.server)
			box.Up()
			p.Eventually("all have left", func() bool {
				p.clock.Advance(time.Minute)
				for m := range int64(days) {
					if p.delivery(m+1).State != channel.Sent {
						return false
					}
				}
				return true
			})
			var left []string
			for _, m := range p.server.Mails() {
				left = append(left, regexp.MustCompile(`Message-ID: <r\.[^>]*>`).FindString(m.Raw))
			}
			if want := p.messageIDs(days); !slices.Equal(left, want) {
				t.Errorf("left in the order\n%q, want\n%q", left, want)
			}
			p.Eventually("all have come in", func() bool { return len(p.Receiver.Got()) >= days })
			come := map[string]int{}
			for _, in := range p.Receiver.Got() {
				come[in.Subject]++
			}
			if len(come) != days || len(p.Receiver.Got()) != days {
				t.Errorf("%d mails came in of %d: %v", len(p.Receiver.Got()), days, come)
			}
			p.Eventually("the inbox says that all is well", func() bool {
				inbox, err := p.Channels.Inbox(context.Background(), p.Owner, p.inbox.ID)
				return err == nil && inbox.State == "ok"
			})
			if n := p.told(channel.InboxChanged) - before; n != 4 {
				t.Errorf("the inbox has changed %d times, want 4", n)
			}
			if n := p.told(channel.MessageDelivery); n > 5*days {
				t.Errorf("%d messages were talked of %d times", days, n)
			}
		})
	}
}

// fetch reads the mailboxes until the test ends.
func (p *post) fetch() {
	f := NewFetcher(FetcherDeps{Channels: p.Channels, Store: p.DB, Guard: loopback(), Clock: p.clock, Bell: p.Bus})
	f.pause = func(int) time.Duration { return 10 * time.Millisecond }
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); f.Run(ctx) }()
	p.T.Cleanup(func() { cancel(); <-done })
}

// TestALaterMessageWaitsOnlyForThoseWhoMissAnEarlierOne: each recipient gets the
// messages of a conversation in order, and nobody waits for somebody else's
// mailbox; nor does it for a message that was taken back.
func TestALaterMessageWaitsOnlyForThoseWhoMissAnEarlierOne(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.to = []string{"ewa@harbour.example", "full@harbour.example"}
	p.server.Fail(hostile.Fault{At: hostile.Rcpt, To: "full@harbour.example", With: "452 4.2.2 mailbox full"})
	p.Start()
	state := func(m int64, address string) channel.DeliveryState {
		for _, rd := range p.delivery(m).Recipients {
			if rd.Address == address {
				return rd.State
			}
		}
		return ""
	}
	p.send(1)
	p.Eventually("Ewa has the first", func() bool { return state(1, p.to[0]) == channel.Sent && p.delivery(1).Reason != "" })
	asked := p.server.Met(hostile.Rcpt)
	p.send(2)
	p.Eventually("Ewa has the second", func() bool {
		return state(2, p.to[0]) == channel.Sent && strings.Contains(p.delivery(2).Reason, "earlier message")
	})
	if again := p.server.Met(hostile.Rcpt) - asked; again > 0 {
		t.Errorf("the full mailbox was asked %d times for the second, before it has the first", again)
	}
	if d := p.delivery(2); d.State != channel.Queued || state(2, p.to[1]) != channel.Queued {
		t.Errorf("the second says %+v", d)
	}
	p.server.Heal()
	p.clock.Advance(2 * time.Minute)
	p.Eventually("both have both", func() bool { return p.delivery(1).State == channel.Sent && p.delivery(2).State == channel.Sent })

	p.server.Fail(hostile.Fault{At: hostile.Rcpt, With: "452 4.2.2 mailbox full"})
	p.to = p.to[:1]
	p.send(3)
	p.Eventually("the third waits", func() bool { return p.delivery(3).Reason != "" && len(p.jobs()) == 1 })
	p.send(4)
	p.Eventually("the fourth waits behind it", func() bool { return strings.Contains(p.delivery(4).Reason, "earlier message") && len(p.jobs()) == 2 })
	p.server.Heal()
	if ok, err := p.Channels.Cancel(context.Background(), p.inbox.WorkspaceID, p.delivery(3).OutboundID); !ok || err != nil {
		t.Fatal(ok, err)
	}
	p.Eventually("the fourth has left", func() bool { return p.delivery(4).State == channel.Sent })
}

// told counts the events of a kind.
func (p *post) told(kind string) int64 {
	p.T.Helper()
	n, err := db.One(context.Background(), p.DB, db.Int64, "SELECT COUNT(*) FROM events WHERE kind = $1", kind)
	if err != nil {
		p.T.Fatal(err)
	}
	return n
}

// messageIDs are the headers of messages 1 to n.
func (p *post) messageIDs(n int64) (lines []string) {
	p.T.Helper()
	ids, err := p.Channels.ExternalIDs(context.Background(), p.inbox.WorkspaceID, 4711)
	if err != nil {
		p.T.Fatal(err)
	}
	for m := range n {
		lines = append(lines, "Message-ID: <"+ids[m+1]+">")
	}
	return lines
}
