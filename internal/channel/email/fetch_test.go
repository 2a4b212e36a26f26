package email

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/platform/clock"
	"rapport/internal/testkit"
)

func serverOf(d *testkit.Dovecot, history string) channel.Server {
	return channel.Server{Host: d.Host, Port: d.Port, Security: "none", Username: d.User, Password: d.Password, History: history}
}

func TestMAIL05OldMailsArriveOnceAndNewOnesFollow(t *testing.T) {
	t.Parallel()
	d, m := testkit.StartDovecot(t), newMailroom(t)
	const old = 300
	for n := range old {
		d.Deliver(letterNo(n))
	}
	m.inbox(serverOf(d, "all"))
	m.background(m.fetcher().Run)
	m.settled(old)
	d.Deliver(letterNo(old))
	d.Deliver(letterNo(old)) // the same mail again, under a new UID
	c := m.settled(old + 2)
	if c.Applied != old+1 || c.Rejected != 1 || m.received.distinct() != old+1 {
		t.Errorf("%+v with %d distinct mails, want %d applied and 1 rejected as a duplicate", c, m.received.distinct(), old+1)
	}
}

func TestFirstConnectTakesMailFromNowOn(t *testing.T) {
	t.Parallel()
	d, m := testkit.StartDovecot(t), newMailroom(t)
	d.Deliver(letterNo(1))
	inbox := m.inbox(serverOf(d, ""))
	m.background(m.fetcher().Run)
	m.until("the first connect", func() bool { return m.fetchedOnce(inbox.ID) })
	d.Deliver(letterNo(2))
	m.settled(1)
	if m.received.order[0] != "<2@harbour.example>" {
		t.Errorf("received %s", m.received.order[0])
	}
}

func (m *mailroom) fetchedOnce(id int64) bool {
	inbox, err := m.room.Inbox(context.Background(), m.owner, id)
	return err == nil && !inbox.LastFetchAt.IsZero()
}

func TestMailboxIsNeverWrittenTo(t *testing.T) {
	t.Parallel()
	d, m := testkit.StartDovecot(t), newMailroom(t)
	for n := range 3 {
		d.Deliver(letterNo(n))
	}
	m.inbox(serverOf(d, "all"))
	m.background(m.fetcher().Run)
	m.settled(3)
	names := d.Names()
	if len(names) != 3 {
		t.Errorf("the mailbox holds %d mails, want 3", len(names))
	}
	for _, name := range names {
		if _, flags, ok := strings.Cut(name, ":2,"); ok && flags != "" {
			t.Errorf("a mail has got flags: %s", name)
		}
	}
}

func TestMailboxDownForAWhile(t *testing.T) {
	t.Parallel()
	d, m := testkit.StartDovecot(t), newMailroom(t)
	d.Deliver(letterNo(0))
	inbox := m.inbox(serverOf(d, "all"))
	m.background(m.fetcher().Run)
	m.settled(1)
	d.Stop()
	m.showing(inbox.ID, "refuses connections on port")
	for n := range 120 {
		d.Deliver(letterNo(n + 1))
	}
	d.Start()
	m.settled(121)
	m.showing(inbox.ID, "")
}

func TestMAIL06ChangedUIDValidityReadsEverythingAgain(t *testing.T) {
	t.Parallel()
	d, m := testkit.StartDovecot(t), newMailroom(t)
	for n := range 70 {
		d.Deliver(letterNo(n))
	}
	m.inbox(serverOf(d, "all"))
	f := m.fetcher()
	// The server is moved while the first batch is committed and the second
	// one is not.
	var accepts atomic.Int64
	moved := make(chan struct{})
	f.channels = &spied{intake: f.channels, before: func() error {
		if accepts.Add(1) == 2 {
			d.Stop()
			d.Renumber(1_800_000_000)
			for n := range 10 {
				d.Deliver(letterNo(70 + n))
			}
			d.Start()
			close(moved)
			return errors.New("the second batch is not committed")
		}
		return nil
	}}
	m.background(f.Run)
	<-moved
	c := m.settled(50 + 80)
	if c.Applied != 80 || c.Rejected != 50 || m.received.distinct() != 80 {
		t.Errorf("%+v with %d distinct mails, want 80 applied and 50 duplicates", c, m.received.distinct())
	}
}

func TestMAIL06ChangedUIDValidityLeavesOlderMailOut(t *testing.T) {
	t.Parallel()
	d, m := testkit.StartDovecot(t), newMailroom(t)
	for n := range 60 {
		d.DeliverDated(letterNo(n), time.Now().AddDate(-1, 0, 0))
	}
	inbox := m.inbox(serverOf(d, ""))
	stop := m.background(m.fetcher().Run)
	m.until("the first connect", func() bool { return m.fetchedOnce(inbox.ID) })
	d.Deliver(letterNo(60))
	m.settled(1)
	stop()
	d.Stop()
	for n := range 60 {
		d.Deliver(letterNo(61 + n)) // nobody has fetched them when the numbers change
	}
	d.Renumber(1_800_000_000)
	d.Start()

	f := m.fetcher()
	var accepts atomic.Int64
	halfway := make(chan struct{})
	f.channels = &spied{intake: f.channels, before: func() error {
		if accepts.Add(1) == 3 {
			close(halfway)
		}
		if accepts.Load() >= 3 {
			return errors.New("killed")
		}
		return nil
	}}
	stop = m.background(f.Run)
	<-halfway
	stop()
	d.Deliver(letterNo(121))
	m.background(m.fetcher().Run)
	c := m.settled(1 + 1 + 61)
	if c.Applied != 62 || c.Rejected != 1 || m.received.distinct() != 62 {
		t.Errorf("%+v with %d distinct mails, want 62 applied and the one from before the change as a duplicate", c, m.received.distinct())
	}
	for n := range 60 {
		if id := fmt.Sprintf("<%d@harbour.example>", n); slices.Contains(m.received.order, id) {
			t.Errorf("%s came in, which was there before the connect", id)
		}
	}
}

// spied is an intake that may fail before it accepts.
type spied struct {
	intake
	before func() error
	after  func() error
}

func (s *spied) Accept(ctx context.Context, arrivals []channel.Arrival, also func(context.Context) error) error {
	if s.before != nil {
		if err := s.before(); err != nil {
			return err
		}
	}
	if err := s.intake.Accept(ctx, arrivals, also); err != nil {
		return err
	}
	if s.after != nil {
		return s.after()
	}
	return nil
}

func TestNothingIsLostOrDoubledAroundTheCommit(t *testing.T) {
	for _, c := range []struct {
		name  string
		place func(s *spied, fail func() error)
	}{
		{"killed before the commit", func(s *spied, fail func() error) { s.before = fail }},
		{"killed after the commit", func(s *spied, fail func() error) { s.after = fail }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, m := testkit.StartDovecot(t), newMailroom(t)
			for n := range 120 {
				d.Deliver(letterNo(n))
			}
			m.inbox(serverOf(d, "all"))
			f := m.fetcher()
			var accepts atomic.Int64
			s := &spied{intake: f.channels}
			c.place(s, func() error {
				if accepts.Add(1)%2 == 1 {
					return errors.New("killed")
				}
				return nil
			})
			f.channels = s
			m.background(f.Run)
			if c := m.settled(120); c.Applied != 120 {
				t.Errorf("%+v, want 120 applied", c)
			}
		})
	}
}

func TestRestartGoesOnAtTheCursor(t *testing.T) {
	t.Parallel()
	d, m := testkit.StartDovecot(t), newMailroom(t)
	for n := range 5 {
		d.Deliver(letterNo(n))
	}
	m.inbox(serverOf(d, "all"))
	stop := m.background(m.fetcher().Run)
	m.settled(5)
	stop()
	d.Deliver(letterNo(5))
	f := m.fetcher()
	var asked atomic.Int64
	f.channels = &countedIntake{f.channels, &asked}
	m.background(f.Run)
	m.settled(6)
	if asked.Load() != 1 {
		t.Errorf("%d mails were fetched after the restart, want 1", asked.Load())
	}
}

// countedIntake counts the mails that come in, known or not.
type countedIntake struct {
	intake
	arrivals *atomic.Int64
}

func (c *countedIntake) Accept(ctx context.Context, arrivals []channel.Arrival, also func(context.Context) error) error {
	c.arrivals.Add(int64(len(arrivals)))
	return c.intake.Accept(ctx, arrivals, also)
}

func TestStubWaitsInQuarantine(t *testing.T) {
	t.Parallel()
	m := newMailroom(t)
	box := &paperBox{validity: 5, next: 4, mails: mails(1, 2, 3), torn: map[uint32]bool{2: true}}
	m.inbox(channel.Server{Host: "mail.miska.example", Port: 993, Security: "tls", Username: "hello", History: "all"})
	f := m.fetcher()
	f.dial = func(context.Context, channel.Server) (mailbox, error) { return box, nil }
	m.background(f.Run)
	if c := m.settled(3); c.Applied != 2 || c.Quarantined != 1 {
		t.Fatalf("%+v, want one in quarantine", c)
	}
	waiting, err := m.room.Receipts(context.Background(), m.owner, channel.ReceiptFilter{State: channel.Quarantined, Limit: 10})
	if err != nil || len(waiting) != 1 || !strings.Contains(waiting[0].Reason, "would not hand it over") {
		t.Errorf("in quarantine: %+v, %v", waiting, err)
	}
}

func TestTwoNodesReadOneMailbox(t *testing.T) {
	t.Parallel()
	d, m := testkit.StartDovecot(t), newMailroom(t)
	for n := range 200 {
		d.Deliver(letterNo(n))
	}
	m.inbox(serverOf(d, "all"))
	m.background(m.fetcher().Run)
	m.background(m.fetcher().Run)
	if c := m.settled(200); c.Applied != 200 {
		t.Errorf("%+v, want 200 applied", c)
	}
}

func TestWatchesFollowTheInboxes(t *testing.T) {
	t.Parallel()
	d, m := testkit.StartDovecot(t), newMailroom(t)
	m.background(m.fetcher().Run)
	wrong := serverOf(d, "all")
	wrong.Password = "guessed"
	inbox := m.inbox(wrong)
	m.showing(inbox.ID, "The user name or the password is wrong")

	right := serverOf(d, "all")
	d.Deliver(letterNo(1))
	if _, err := m.room.ChangeInbox(context.Background(), m.owner, inbox.ID, channel.InboxChange{Email: &channel.EmailSettings{IMAP: &right}}); err != nil {
		t.Fatal(err)
	}
	m.settled(1)
	m.showing(inbox.ID, "")

	right.Folder = "Orders"
	if _, err := m.room.ChangeInbox(context.Background(), m.owner, inbox.ID, channel.InboxChange{Email: &channel.EmailSettings{IMAP: &right}}); err != nil {
		t.Fatal(err)
	}
	m.showing(inbox.ID, `There is no folder called "Orders"`)
}

func TestDeletedInboxIsNotFetched(t *testing.T) {
	t.Parallel()
	f := &Fetcher{channels: &fixedInboxes{}, clock: clock.System}
	watches := map[int64]*running{}
	f.dial = func(ctx context.Context, _ channel.Server) (mailbox, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	inbox := func(id, version int64) channel.Inbox {
		return channel.Inbox{ID: id, Version: version, Email: &channel.EmailSettings{IMAP: &channel.Server{}}}
	}
	for _, c := range []struct {
		name  string
		list  []channel.Inbox
		fails bool
		want  []int64
	}{
		{"two appear", []channel.Inbox{inbox(1, 1), inbox(2, 1), {ID: 3}}, false, []int64{1, 2}},
		{"one is deleted, one changed", []channel.Inbox{inbox(2, 2)}, false, []int64{2}},
		{"the list cannot be read", nil, true, []int64{2}},
		{"none is left", nil, false, nil},
	} {
		f.channels = &fixedInboxes{list: c.list, fails: c.fails}
		f.reconcile(context.Background(), watches)
		var ids []int64
		for id := range watches {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		if !slices.Equal(ids, c.want) {
			t.Errorf("%s: watching %v, want %v", c.name, ids, c.want)
		}
	}
}

type fixedInboxes struct {
	intake
	list  []channel.Inbox
	fails bool
}

func (f *fixedInboxes) AllInboxes(context.Context, string) ([]channel.Inbox, error) {
	if f.fails {
		return nil, errors.New("no database")
	}
	return f.list, nil
}
