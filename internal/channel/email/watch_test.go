package email

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"rapport/internal/channel"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

// paperBox is a mailbox in memory.
type paperBox struct {
	validity uint32
	next     uint32 // 0: the server does not say
	mails    map[uint32]string
	sizes    map[uint32]int64 // where the server claims another size
	dates    daybook
	undated  map[uint32]bool // mails whose date breaks the session
	torn     map[uint32]bool // mails at which the session breaks
	withheld map[uint32]bool // mails that are named and not handed over
	emptied  map[uint32]bool // mails of which nothing is handed over
	unlisted map[uint32]bool // mails that are found and not listed
	fetched  [][]uint32
}

func (b *paperBox) Open(string) (folderState, error) { return folderState{b.validity, b.next}, nil }

func (b *paperBox) After(uid uint32) ([]uint32, error) {
	var above []uint32
	for _, u := range slices.Sorted(maps.Keys(b.mails)) {
		if u > uid {
			above = append(above, u)
		}
	}
	return above, nil
}

func (b *paperBox) Find(uids []uint32) ([]uint32, error) {
	var found []uint32
	for _, u := range uids {
		if raw, ok := b.mails[u]; ok && raw != "gone" {
			found = append(found, u)
		}
	}
	return found, nil
}

func (b *paperBox) List(uids []uint32, dated bool) (map[uint32]listed, error) {
	there := map[uint32]listed{}
	for _, u := range uids {
		raw, ok := b.mails[u]
		if !ok || raw == "gone" || b.unlisted[u] {
			continue
		}
		l := listed{Size: int64(len(raw))}
		if size, ok := b.sizes[u]; ok {
			l.Size = size
		}
		if dated && b.undated[u] {
			return nil, errors.New("in date-time: no date")
		}
		if dated {
			l.Date = b.dates[u]
		}
		there[u] = l
	}
	return there, nil
}

// daybook is when a server got its mails.
type daybook map[uint32]time.Time

func dates(at time.Time, uids ...uint32) daybook { return daybook{}.and(at, uids...) }

func (d daybook) and(at time.Time, uids ...uint32) daybook {
	for _, u := range uids {
		d[u] = at
	}
	return d
}

func (b *paperBox) Fetch(uids []uint32, limit int64) ([]letter, error) {
	b.fetched = append(b.fetched, slices.Clone(uids))
	var letters []letter
	for _, u := range uids {
		if b.torn[u] {
			return nil, errors.New("connection reset")
		}
		if b.withheld[u] {
			continue
		}
		raw := []byte(b.mails[u])
		if b.emptied[u] {
			raw = nil
		}
		cut := int64(len(raw)) > limit
		letters = append(letters, letter{UID: u, Raw: raw[:min(int64(len(raw)), limit)], Cut: cut})
	}
	return letters, nil
}

func (b *paperBox) Wait(time.Duration) error { return errors.New("enough") }
func (b *paperBox) Close() error             { return nil }

// shelf is an intake that keeps source keys and moves cursors.
type shelf struct {
	intake
	d        Store
	arrivals []channel.Arrival
	words    []string
	refuses  int // 1: the next Accept fails, 2: the one after it
}

func (s *shelf) Accept(ctx context.Context, arrivals []channel.Arrival, also func(context.Context) error) error {
	if s.refuses--; s.refuses == 0 {
		return errors.New("disk full")
	}
	if err := s.d.Within(ctx, also); err != nil {
		return err
	}
	s.arrivals = append(s.arrivals, arrivals...)
	return nil
}

func (s *shelf) Waiting(context.Context, int64, int64, int) (int, error) { return 0, nil }
func (s *shelf) NoteFetch(context.Context, channel.Inbox) error          { return nil }
func (s *shelf) NoteHealth(context.Context, channel.Inbox)               { s.words = append(s.words, "") }
func (s *shelf) NoteTrouble(_ context.Context, _ channel.Inbox, text string) {
	s.words = append(s.words, text)
}

// keys are the source keys without what they all have in common.
func (s *shelf) keys() string {
	var keys []string
	for _, a := range s.arrivals {
		keys = append(keys, strings.TrimPrefix(a.SourceKey, "imap:hello/INBOX:"))
	}
	return strings.Join(keys, " ")
}

func paperWatch(t *testing.T, box *paperBox, history string) (*watch, *shelf) {
	s := &shelf{d: testkit.SQLite(t)}
	f := NewFetcher(FetcherDeps{Store: s.d, Clock: clock.System})
	f.channels = s
	f.dial = func(context.Context, channel.Server) (mailbox, error) { return box, nil }
	inbox := channel.Inbox{WorkspaceID: 1, ID: 7, Email: &channel.EmailSettings{IMAP: &channel.Server{Host: "mail.miska.example", Port: 993, Security: "tls", Username: "hello", History: history}}}
	return newWatch(f, inbox), s
}

func mails(uids ...uint32) map[uint32]string {
	m := map[uint32]string{}
	for _, u := range uids {
		m[u] = fmt.Sprintf("Subject: %d\r\n\r\n", u)
	}
	return m
}

func TestCursorFollowsTheMailbox(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		history string
		steps   []paperBox // what the mailbox is at each pass
		keys    string
		cursor  cursor
	}{
		{"from now on", "", []paperBox{{validity: 5, next: 4, mails: mails(1, 3)}, {validity: 5, next: 6, mails: mails(1, 3, 4, 5)}}, "5:4 5:5", cursor{Mailbox: "hello/INBOX", Validity: 5, UID: 5}},
		{"from now on, without UIDNEXT", "now", []paperBox{{validity: 5, mails: mails(1, 3)}, {validity: 5, mails: mails(1, 3, 4)}}, "5:4", cursor{Mailbox: "hello/INBOX", Validity: 5, UID: 4}},
		{"an empty mailbox without UIDNEXT", "", []paperBox{{validity: 5}, {validity: 5, mails: mails(1)}}, "5:1", cursor{Mailbox: "hello/INBOX", Validity: 5, UID: 1}},
		{"with history", "all", []paperBox{{validity: 5, next: 4, mails: mails(1, 3)}}, "5:1 5:3", cursor{Mailbox: "hello/INBOX", Validity: 5, UID: 3, RescanTo: 3}},
		{"nothing new", "all", []paperBox{{validity: 5, next: 4, mails: mails(3)}, {validity: 5, next: 4, mails: mails(3)}}, "5:3", cursor{Mailbox: "hello/INBOX", Validity: 5, UID: 3, RescanTo: 3}},
		{"a mail removed meanwhile", "all", []paperBox{{validity: 5, next: 5, mails: map[uint32]string{1: "a", 2: "gone", 3: "c", 4: "gone"}}}, "5:1 5:3", cursor{Mailbox: "hello/INBOX", Validity: 5, UID: 4, RescanTo: 4}},
		{"all removed meanwhile", "all", []paperBox{{validity: 5, next: 3, mails: map[uint32]string{1: "gone", 2: "gone"}}}, "", cursor{Mailbox: "hello/INBOX", Validity: 5, UID: 2, RescanTo: 2}},
		{"numbered anew", "", []paperBox{{validity: 5, next: 4, mails: mails(3)}, {validity: 6, next: 3, mails: mails(1, 2)}}, "6:1 6:2", cursor{Mailbox: "hello/INBOX", Validity: 6, UID: 2, RescanTo: 2}},
		{"numbered anew to an older number", "all", []paperBox{{validity: 6, next: 2, mails: mails(1)}, {validity: 5, next: 2, mails: mails(1)}}, "6:1 5:1", cursor{Mailbox: "hello/INBOX", Validity: 5, UID: 1, RescanTo: 1}},
		{"the highest number", "all", []paperBox{{validity: 1<<32 - 1, mails: mails(1<<32 - 2)}}, "4294967295:4294967294", cursor{Mailbox: "hello/INBOX", Validity: 1<<32 - 1, UID: 1<<32 - 2, RescanTo: 1<<32 - 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, s := paperWatch(t, nil, c.history)
			for i := range c.steps {
				if err := w.pass(context.Background(), &c.steps[i]); err != nil {
					t.Fatalf("pass %d: %v", i+1, err)
				}
			}
			if s.keys() != c.keys {
				t.Errorf("accepted %q, want %q", s.keys(), c.keys)
			}
			if at, err := w.store.cursor(context.Background(), 1, 7, "hello/INBOX"); err != nil || at.Since.IsZero() != (c.history == "all") || at.at() != c.cursor {
				t.Errorf("cursor %+v (%v), want %+v", at, err, c.cursor)
			}
		})
	}
}

// at is the cursor without the time of the connect.
func (c cursor) at() cursor {
	c.Since = time.Time{}
	return c
}

func TestOlderMailStaysOutWhenNumberedAnew(t *testing.T) {
	t.Parallel()
	connect := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	old, later := connect.AddDate(-1, 0, 0), connect.AddDate(0, 0, 3)
	before := paperBox{validity: 5, next: 5, mails: mails(2, 4)}
	fetched := paperBox{validity: 5, next: 6, mails: mails(2, 4, 5)}
	for _, c := range []struct {
		name    string
		history string
		steps   []paperBox // what the mailbox is at each pass
		keys    string
	}{
		{"what was there before", "now",
			[]paperBox{before, fetched, {validity: 6, next: 4, mails: mails(1, 2, 3), dates: dates(old, 1, 2).and(later, 3)}}, "5:5 6:3"},
		{"what came while nobody looked", "",
			[]paperBox{before, {validity: 6, next: 5, mails: mails(1, 2, 3, 4), dates: dates(old, 1, 2).and(later, 3, 4)}}, "6:3 6:4"},
		{"a day's difference of clocks is borne", "",
			[]paperBox{before, {validity: 6, next: 4, mails: mails(1, 2, 3), dates: dates(connect.Add(-margin-time.Second), 1).and(connect.Add(-margin), 2, 3)}}, "6:2 6:3"},
		{"without a date it is taken", "",
			[]paperBox{before, {validity: 6, next: 4, mails: mails(1, 2, 3), dates: dates(old, 1, 3)}}, "6:2"},
		{"without UIDNEXT", "",
			[]paperBox{before, {validity: 6, mails: mails(1, 2, 3), dates: dates(old, 1, 2).and(later, 3)}}, "6:3"},
		{"moved there after the change, whatever its date", "",
			[]paperBox{before, {validity: 6, next: 3, mails: mails(1, 2), dates: dates(old, 1, 2)}, {validity: 6, next: 4, mails: mails(1, 2, 3), dates: dates(old, 1, 2, 3)}}, "6:3"},
		{"moved there after the connect, whatever its date", "",
			[]paperBox{before, {validity: 5, next: 6, mails: mails(5), dates: dates(old, 5)}}, "5:5"},
		{"numbered anew twice", "",
			[]paperBox{before, {validity: 6, next: 3, mails: mails(1, 2), dates: dates(old, 1, 2)}, {validity: 7, next: 5, mails: mails(1, 2, 3, 4), dates: dates(old, 1, 2, 3).and(later, 4)}}, "7:4"},
		{"connected with its history", "all",
			[]paperBox{{validity: 5, next: 2, mails: mails(1), dates: dates(old, 1)}, {validity: 6, next: 3, mails: mails(1, 2), dates: dates(old, 1, 2)}}, "5:1 6:1 6:2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, s := paperWatch(t, nil, c.history)
			w.clock = clock.NewFake(connect)
			for i := range c.steps {
				if err := w.pass(context.Background(), &c.steps[i]); err != nil {
					t.Fatalf("pass %d: %v", i+1, err)
				}
			}
			if s.keys() != c.keys {
				t.Errorf("accepted %q, want %q", s.keys(), c.keys)
			}
		})
	}
}

func TestHistoryAskedForLaterComesWithNewNumbers(t *testing.T) {
	t.Parallel()
	ctx, old := context.Background(), time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	w, s := paperWatch(t, nil, "now")
	if err := w.pass(ctx, &paperBox{validity: 5, next: 2, mails: mails(1)}); err != nil {
		t.Fatal(err)
	}
	w.inbox.Email.IMAP.History = "all"
	if err := newWatch(w.Fetcher, w.inbox).pass(ctx, &paperBox{validity: 6, next: 2, mails: mails(1), dates: dates(old, 1)}); err != nil || s.keys() != "6:1" {
		t.Errorf("accepted %q (%v), want 6:1", s.keys(), err)
	}
}

func TestRescanGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	ctx, connect := context.Background(), time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	old, later := connect.AddDate(-1, 0, 0), connect.AddDate(0, 0, 3)
	box := &paperBox{validity: 5, next: 200, mails: mails(199)}
	w, s := paperWatch(t, box, "")
	w.clock = clock.NewFake(connect)
	if err := w.pass(ctx, box); err != nil {
		t.Fatal(err)
	}
	box.validity, box.mails, box.dates = 6, map[uint32]string{}, daybook{}
	for uid := uint32(1); uid < 200; uid++ {
		box.mails[uid], box.dates[uid] = "Subject: 1\r\n\r\n", old
	}
	box.dates[20], box.dates[180] = later, later
	s.refuses = 2 // the second batch is not committed
	if w.pass(ctx, box) == nil {
		t.Fatal("the pass went well")
	}
	at, err := w.store.cursor(ctx, 1, 7, "hello/INBOX")
	if want := (cursor{Mailbox: "hello/INBOX", Validity: 6, UID: batchMails, Since: connect, RescanTo: 199}); err != nil || at != want {
		t.Fatalf("cursor %+v (%v), want %+v", at, err, want)
	}
	// One came meanwhile, one was moved there from an old folder.
	box.next, box.mails[200], box.mails[201] = 202, "a", "b"
	box.dates[200], box.dates[201] = later, old
	restarted := newWatch(w.Fetcher, w.inbox)
	restarted.clock = clock.NewFake(later)
	if err := restarted.pass(ctx, box); err != nil {
		t.Fatal(err)
	}
	if want := "6:20 6:200 6:201 6:180"; s.keys() != want { // what is new goes before what is read again
		t.Errorf("accepted %q, want %q", s.keys(), want)
	}
}

func TestLeftOutMailIsTold(t *testing.T) {
	var lines bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&lines, nil)))
	defer slog.SetDefault(before)
	old := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	w, _ := paperWatch(t, nil, "")
	for _, box := range []paperBox{{validity: 5, next: 101}, {validity: 6, next: 101, mails: map[uint32]string{}, dates: daybook{}}} {
		for uid := uint32(1); box.mails != nil && uid <= 100; uid++ {
			box.mails[uid], box.dates[uid] = "", old
		}
		if err := w.pass(context.Background(), &box); err != nil {
			t.Fatal(err)
		}
	}
	if said := lines.String(); strings.Count(said, "left out") != 1 || !strings.Contains(said, "inbox=7 mails=100") {
		t.Errorf("said %q", said)
	}
}

func TestMailWhoseDateCannotBeReadIsTaken(t *testing.T) {
	t.Parallel()
	old := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	box := &paperBox{validity: 5, next: 4, mails: mails(1, 2, 3)}
	w, s := paperWatch(t, box, "")
	if err := w.pass(context.Background(), box); err != nil {
		t.Fatal(err)
	}
	box.validity, box.dates, box.undated = 6, dates(old, 1, 3), map[uint32]bool{2: true}
	for range 2 { // all at once, then alone
		if w.pass(context.Background(), box) == nil {
			t.Fatal("the pass went well")
		}
	}
	if err := w.pass(context.Background(), box); err != nil || s.keys() != "6:2" {
		t.Errorf("accepted %q (%v), want 6:2", s.keys(), err)
	}
}

func TestPlanFillsABatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		sizes   []int64 // of mails 1, 2, …; -1 is gone
		present []uint32
		taken   int
		limit   int64
	}{
		{"small ones together", []int64{10, 20, 30}, []uint32{1, 2, 3}, 3, largestMail},
		{"until the batch is full", []int64{5 << 20, 3 << 20, 1}, []uint32{1, 2}, 2, largestMail},
		{"a big one alone", []int64{20 << 20, 1}, []uint32{1}, 1, largestMail},
		{"a big one waits for the next batch", []int64{1, 20 << 20}, []uint32{1}, 1, largestMail},
		{"one that is just allowed", []int64{largestMail}, []uint32{1}, 1, largestMail},
		{"too large: its beginning, alone", []int64{largestMail + 1, 1}, []uint32{1}, 1, largeExcerpt},
		{"too large, later", []int64{1, largestMail + 1}, []uint32{1}, 1, largestMail},
		{"gone ones are passed", []int64{-1, 10, -1}, []uint32{2}, 3, largestMail},
		{"gone, then too large", []int64{-1, largestMail + 1}, []uint32{2}, 2, largeExcerpt},
		{"all gone", []int64{-1, -1}, nil, 2, largestMail},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var uids []uint32
			there := map[uint32]listed{}
			for i, size := range c.sizes {
				uids = append(uids, uint32(i+1))
				if size >= 0 {
					there[uint32(i+1)] = listed{Size: size}
				}
			}
			p := plan(uids, there, cursor{})
			if !slices.Equal(p.present, c.present) || p.taken != c.taken || p.limit != c.limit {
				t.Errorf("got %v, %d taken, at most %d bytes each; want %v, %d, %d", p.present, p.taken, p.limit, c.present, c.taken, c.limit)
			}
		})
	}
}

func TestPoisonBlocksNobody(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		box  paperBox
	}{
		{"the session breaks at it", paperBox{torn: map[uint32]bool{3: true}}},
		{"the server keeps it back", paperBox{withheld: map[uint32]bool{3: true}}},
		{"the server hands over nothing", paperBox{emptied: map[uint32]bool{3: true}}},
		{"the server does not list it", paperBox{unlisted: map[uint32]bool{3: true}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			box := c.box
			box.validity, box.next, box.mails = 5, 6, mails(1, 2, 3, 4, 5)
			w, s := paperWatch(t, &box, "all")
			failures := 0
			for w.pass(context.Background(), &box) != nil {
				if failures++; failures > 2*patience {
					t.Fatal("the mail blocks the others")
				}
			}
			if want := "5:1 5:2 5:3:unreadable 5:4 5:5"; s.keys() != want {
				t.Errorf("accepted %q, want %q", s.keys(), want)
			}
			// One failure of the whole batch, and its tries alone but for the last.
			if failures != patience {
				t.Errorf("%d sessions broke, want %d", failures, patience)
			}
		})
	}
}

func TestServerThatHandsOverNothingIsNotPoison(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		box  paperBox
	}{
		{"its sessions break", paperBox{torn: map[uint32]bool{1: true, 2: true, 3: true}}},
		{"it keeps them back", paperBox{withheld: map[uint32]bool{1: true, 2: true, 3: true}}},
		{"it hands over nothing", paperBox{emptied: map[uint32]bool{1: true, 2: true, 3: true}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			box := c.box
			box.validity, box.next, box.mails = 5, 4, mails(1, 2, 3)
			w, s := paperWatch(t, &box, "all")
			for range 5 * patience {
				if w.pass(context.Background(), &box) == nil {
					t.Fatal("the pass went well")
				}
			}
			if len(s.arrivals) > 0 {
				t.Fatalf("accepted %q while the server was out of order", s.keys())
			}
			// It recovers, but for one of the mails.
			for _, marks := range []map[uint32]bool{box.torn, box.withheld, box.emptied} {
				clear(marks)
				if marks != nil {
					marks[3] = true
				}
			}
			for range 2 * patience {
				w.pass(context.Background(), &box)
			}
			if want := "5:1 5:2 5:3:unreadable"; s.keys() != want {
				t.Errorf("accepted %q, want %q", s.keys(), want)
			}
		})
	}
}

func TestOnlyMailOfAMailboxMayBePoison(t *testing.T) {
	t.Parallel()
	box := &paperBox{validity: 5, next: 2, mails: mails(1), torn: map[uint32]bool{1: true}}
	w, s := paperWatch(t, box, "all")
	for range patience {
		w.pass(context.Background(), box)
	}
	if s.keys() != "5:1:unreadable" {
		t.Errorf("accepted %q", s.keys())
	}
}

func TestRecoveredPoisonIsFetchedWhole(t *testing.T) {
	t.Parallel()
	box := &paperBox{validity: 5, next: 4, mails: mails(1, 2, 3), torn: map[uint32]bool{2: true}}
	w, s := paperWatch(t, box, "all")
	for range patience - 1 {
		if w.pass(context.Background(), box) == nil {
			t.Fatal("the pass went well")
		}
	}
	box.torn = nil
	if err := w.pass(context.Background(), box); err != nil || s.keys() != "5:1 5:2 5:3" {
		t.Errorf("accepted %q (%v), want all three", s.keys(), err)
	}
}

func TestMailOverTheLimitGoesToQuarantine(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("x", largeExcerpt*2)
	for _, c := range []struct {
		name string
		box  paperBox
		key  string
	}{
		{"its size is known", paperBox{mails: map[uint32]string{1: big}, sizes: map[uint32]int64{1: 41 << 20}}, "5:1:too-large:42991616"},
		{"its size was a lie", paperBox{mails: map[uint32]string{1: strings.Repeat("x", largestMail+1)}, sizes: map[uint32]int64{1: 10}}, "5:1:too-large:36700161"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			box := c.box
			box.validity, box.next = 5, 2
			w, s := paperWatch(t, &box, "all")
			if err := w.pass(context.Background(), &box); err != nil {
				t.Fatal(err)
			}
			if s.keys() != c.key || len(s.arrivals[0].Raw) != largeExcerpt {
				t.Fatalf("accepted %q with %d bytes", s.keys(), len(s.arrivals[0].Raw))
			}
			if err := withheld(s.arrivals[0].SourceKey); !fault.Is(err, fault.TooLarge) {
				t.Errorf("withheld: %v, want TooLarge", err)
			}
		})
	}
}

func TestOnlyOurMarksWithholdAMail(t *testing.T) {
	t.Parallel()
	at := cursor{Mailbox: "a:unreadable:too-large/INBOX:too-large", Validity: 1}
	for _, c := range []struct {
		key   string
		words string
	}{
		{sourceKey(at, 7, ""), ""},
		{sourceKey(at, 7, unreadable), "would not hand it over"},
		{sourceKey(at, 7, tooLarge+":42991616"), "This mail has 41 MB; at most 35 MB are taken."},
		{"smtp:unreadable", ""},
		{"", ""},
	} {
		err := withheld(c.key)
		if (err == nil) != (c.words == "") || !strings.Contains(fault.MessageOf(err), c.words) {
			t.Errorf("%q: %v, want %q", c.key, err, c.words)
		}
	}
}

func TestAnotherAccountIsAnotherMailbox(t *testing.T) {
	t.Parallel()
	box := &paperBox{validity: 1, next: 4, mails: mails(1, 2, 3)}
	w, s := paperWatch(t, box, "all")
	if err := w.pass(context.Background(), box); err != nil {
		t.Fatal(err)
	}
	w.inbox.Email.IMAP.Username = "shop"
	moved := newWatch(w.Fetcher, w.inbox)
	if err := moved.pass(context.Background(), &paperBox{validity: 1, next: 3, mails: mails(1, 2)}); err != nil {
		t.Fatal(err)
	}
	if len(s.arrivals) != 5 || s.arrivals[3].SourceKey != "imap:shop/INBOX:1:1" {
		t.Errorf("accepted %q", s.keys())
	}
}

func TestMovedInboxMissesNothingBetween(t *testing.T) {
	t.Parallel()
	read := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	old, between := read.AddDate(-1, 0, 0), read.AddDate(0, 0, 2)
	for _, c := range []struct {
		name    string
		history string
		keys    string
	}{
		{"from now on", "", "7:3 7:4"},
		{"with history", "all", "7:1 7:2 7:3 7:4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, s := paperWatch(t, nil, c.history)
			if err := w.pass(context.Background(), &paperBox{validity: 5, next: 9}); err != nil {
				t.Fatal(err)
			}
			// Two days later the company has moved to another account.
			w.inbox.LastFetchAt = read
			w.inbox.Email.IMAP.Username = "shop"
			moved := newWatch(w.Fetcher, w.inbox)
			moved.clock = clock.NewFake(between.AddDate(0, 0, 1))
			box := &paperBox{validity: 7, next: 4, mails: mails(1, 2, 3), dates: dates(old, 1, 2).and(between, 3)}
			if err := moved.pass(context.Background(), box); err != nil {
				t.Fatal(err)
			}
			box.next, box.mails[4], box.dates[4] = 5, "moved there", old
			if err := moved.pass(context.Background(), box); err != nil {
				t.Fatal(err)
			}
			if keys := strings.ReplaceAll(s.keys(), "imap:shop/INBOX:", ""); keys != c.keys {
				t.Errorf("accepted %q, want %q", keys, c.keys)
			}
		})
	}
}

func TestWordsComeWhenTroubleStaysAndGoWithIt(t *testing.T) {
	t.Parallel()
	w, s := paperWatch(t, &paperBox{validity: 5, next: 1}, "")
	ctx := context.Background()
	w.failures = 1
	w.report(ctx, errors.New("connection reset")) // once: the next session may do
	w.report(ctx, stored(errors.New("disk full")))
	if len(s.words) != 0 {
		t.Fatalf("said %q", s.words)
	}
	w.failures = 2
	w.report(ctx, errors.New("connection reset"))
	w.failures = 1
	w.report(ctx, failed(signingIn, errPlainRefused))
	w.healthy(ctx)
	w.healthy(ctx)
	if len(s.words) != 3 || !strings.HasPrefix(s.words[1], troublePrefix) || s.words[2] != "" {
		t.Errorf("said %q, want two troubles and one end of them", s.words)
	}
}

func TestShortSessionsAreFurtherAndFurtherApart(t *testing.T) {
	t.Parallel()
	ctx, end := context.WithCancel(context.Background())
	defer end()
	w, _ := paperWatch(t, nil, "")
	now := clock.NewFake(time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC))
	w.clock = now
	var failures []int
	w.dial = func(context.Context, channel.Server) (mailbox, error) {
		if len(failures) == 3 { // the fourth session lasts
			now.Advance(steadyTime)
		}
		return &paperBox{validity: 5, next: 1}, nil // all is read, then it breaks
	}
	w.pause = func(n int) time.Duration {
		if failures = append(failures, n); len(failures) == 5 {
			end()
		}
		return time.Nanosecond
	}
	w.run(ctx)
	if want := []int{1, 2, 3, 1, 2}; !slices.Equal(failures, want) {
		t.Errorf("failures in a row %v, want %v", failures, want)
	}
}

func TestPausesGrowAndHastySignInsDoNot(t *testing.T) {
	t.Parallel()
	for failures := 1; failures < 100; failures++ {
		if p := growing(failures); p < firstPause/2 || p > longPause {
			t.Errorf("after %d failures: %s", failures, p)
		}
	}
	if p := growing(99); p < longPause/2 {
		t.Errorf("after 99 failures only %s", p)
	}
	w, _ := paperWatch(t, nil, "")
	w.failures = 1
	if p := w.pauseAfter(failed(signingIn, errPlainRefused)); p < lockoutPause {
		t.Errorf("%s after a refused sign-in", p)
	}
	full := &imap.Error{Code: imap.ResponseCodeLimit, Text: "Too many connections"}
	if p := w.pauseAfter(failed(signingIn, full)); p >= lockoutPause {
		t.Errorf("%s after a server that was full", p)
	}
}
