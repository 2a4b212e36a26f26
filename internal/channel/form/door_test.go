package form

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"context"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

// world is a door with a form behind it.
type world struct {
	*channeltest.World
	t     *testing.T
	clock *clock.Fake
	door  *Door
	inbox channel.Inbox
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	if d == nil {
		d = testkit.SQLite(t)
	}
	w := &world{World: channeltest.NewWorld(t, d), t: t, clock: clock.NewFake(time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC))}
	w.Channels.Register(New(w.Blobs))
	w.inbox = w.Inbox(channel.NewInbox{Name: "Write to us", Channel: Name})
	w.door = NewDoor(Deps{Channels: w.Channels, Store: d, Key: w.Key, Clock: w.clock,
		Company: func(context.Context, int64) (string, string, error) { return "Miska", "en", nil }})
	return w
}

// page opens the form and lets somebody type for a while.
func (w *world) page() channel.FormPage {
	w.t.Helper()
	p, err := w.door.Open(ctx, w.inbox.Address, "en")
	if err != nil {
		w.t.Fatal(err)
	}
	w.clock.Advance(20 * time.Second)
	return p
}

func typed(p channel.FormPage, message string) channel.FormPost {
	return channel.FormPost{Token: p.Token, IP: "203.0.113.5", Values: map[string][]string{
		"name": {"Ewa"}, "email": {"ewa@harbour.example"}, "message": {message}}}
}

func (w *world) submit(p channel.FormPage, post channel.FormPost) channel.FormVerdict {
	w.t.Helper()
	v, err := w.door.Submit(ctx, p, post)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *world) accepted() int64 {
	w.t.Helper()
	c, err := w.Channels.Counters(ctx, channeltest.WorkspaceID)
	if err != nil {
		w.t.Fatal(err)
	}
	return c.Accepted
}

func TestWhatIsSentIsTakenOnce(t *testing.T) {
	t.Parallel()
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.page()
		first := w.submit(p, typed(p, "Hello"))
		if first.Reference == "" || len(first.Problems) > 0 {
			t.Fatalf("%+v", first)
		}
		if again := w.submit(p, typed(p, "Hello")); again.Reference != first.Reference {
			t.Errorf("sent again: %+v, want the same reference", again)
		}
		other := w.submit(p, typed(p, "Hello, and one thing more"))
		if other.Reference != "" || len(other.Problems) != 1 || other.Token == p.Token {
			t.Errorf("other words from a spent page: %+v", other)
		}
		if n := w.accepted(); n != 1 {
			t.Errorf("%d submissions were kept, want 1", n)
		}
		next := typed(p, "Hello, and one thing more")
		next.Token = other.Token
		second := w.submit(p, next)
		if second.Reference == "" || second.Reference == first.Reference || w.accepted() != 2 {
			t.Errorf("the other words after a second press: %+v", second)
		}
		for reference, want := range map[string]bool{first.Reference: true, second.Reference: true, "AAAA-AAAA": false, "": false} {
			if got, err := w.door.Taken(ctx, p, reference); err != nil || got != want {
				t.Errorf("reference %q is known: %v %v", reference, got, err)
			}
		}
		w.Start()
		w.Settled(2)
		if got := w.Receiver.Got(); len(got) != 2 || got[0].Proof != channel.ProofTyped || got[0].Sender.Kind != "visitor" || got[0].Sender.ID == got[1].Sender.ID {
			t.Errorf("handed on: %+v", got)
		}
	})
}

func TestOfManyAtOnceOneIsTaken(t *testing.T) {
	t.Parallel()
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.page()
		var all sync.WaitGroup
		verdicts := make([]channel.FormVerdict, 12)
		for i := range verdicts {
			all.Go(func() {
				var err error
				if verdicts[i], err = w.door.Submit(ctx, p, typed(p, fmt.Sprint("message ", i%3))); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		taken := 0
		for _, v := range verdicts {
			if v.Reference != "" {
				taken++
			} else if len(v.Problems) == 0 {
				t.Error("neither taken nor told")
			}
		}
		if taken != 4 || w.accepted() != 1 {
			t.Errorf("%d were told that it was taken and %d kept; want the 4 with the same words, once", taken, w.accepted())
		}
	})
}

func TestWhatIsNotTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, c := range []struct {
		name   string
		change func(*channel.FormPost)
		wait   time.Duration
		field  string
		fresh  bool // a new token is given
	}{
		{"a page of yesterday", func(*channel.FormPost) {}, maxAge, "", true},
		{"no token", func(p *channel.FormPost) { p.Token = "" }, 0, "", true},
		{"a forged token", func(p *channel.FormPost) { p.Token = strings.Repeat("A", 48) }, 0, "", true},
		{"a page of the future", func(*channel.FormPost) {}, -time.Hour, "", true},
		{"too fast", func(*channel.FormPost) {}, -18 * time.Second, "", false},
		{"the trap", func(p *channel.FormPost) { p.Trap = "https://pills.example" }, 0, "", false},
		{"no address", func(p *channel.FormPost) { p.Values["email"] = nil }, 0, "email", false},
		{"our own address", func(p *channel.FormPost) { p.Values["email"] = []string{w.inbox.Address} }, 0, "email", false},
		{"no address, and too fast", func(p *channel.FormPost) { p.Values["email"] = nil }, -18 * time.Second, "email", false},
		{"no message", func(p *channel.FormPost) { p.Values["message"] = []string{"\n \n"} }, 0, "message", false},
	} {
		p := w.page()
		w.clock.Advance(c.wait)
		post := typed(p, "Hello")
		c.change(&post)
		v := w.submit(p, post)
		if v.Reference != "" || len(v.Problems) != 1 || v.Problems[0].Field != c.field || v.Token == "" || (v.Token != post.Token) != c.fresh {
			t.Errorf("%s: %+v", c.name, v)
		}
		if c.field != "" {
			continue
		}
		post.Token, post.Trap = v.Token, "" // the page that came back, with the button pressed again
		if c.name == "too fast" {
			w.clock.Advance(minAge)
		}
		if v = w.submit(p, post); v.Reference == "" {
			t.Errorf("%s, pressed again: %+v", c.name, v)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	send := func(ip string) channel.FormVerdict {
		p := w.page()
		w.clock.Advance(-20*time.Second + minAge)
		post := typed(p, "Hello from "+ip)
		post.IP = ip
		return w.submit(p, post)
	}
	for i := range limitNetwork {
		if v := send(fmt.Sprintf("2001:db8:1:2::%d", i)); v.Reference == "" {
			t.Fatalf("%d: %+v", i, v)
		}
	}
	v := send("2001:db8:1:2:ffff::")
	if !v.Limited || v.Reference != "" || v.Token == "" || len(v.Problems) != 1 {
		t.Errorf("one more from the same network: %+v", v)
	}
	if v := send("2001:db8:1:3::1"); v.Reference == "" {
		t.Errorf("the neighbour: %+v", v)
	}
	w.clock.Advance(limitTime)
	if v := send("2001:db8:1:2::1"); v.Reference == "" {
		t.Errorf("later: %+v", v)
	}
	for i := 1; i < limitForm; i++ {
		w.clock.Advance(-minAge)
		if v := send(fmt.Sprintf("198.51.%d.%d", i/250, i%250)); v.Reference == "" {
			t.Fatalf("%d: %+v", i, v)
		}
	}
	if v := send("192.0.2.1"); !v.Limited {
		t.Errorf("one more in all: %+v", v)
	}
}

func TestFilesAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.Start()
	p := w.page()
	post := typed(p, "Look")
	post.Files = []channel.FormFile{{Field: "file", Name: "a\r\nb.png", Size: 8, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("\x89PNG\r\n\x1a\n")), nil }},
		{Field: "name", Name: "x", Size: 3, Open: func() (io.ReadCloser, error) { t.Error("a file that nobody asked for was read"); return nil, io.EOF }}}
	if v := w.submit(p, post); v.Reference == "" {
		t.Fatalf("%+v", v)
	}
	w.Settled(1)
	in := w.Receiver.Got()[0]
	if len(in.Attachments) != 1 || in.Attachments[0].Name != "a b.png" || in.Attachments[0].ContentType != "image/png" || in.Attachments[0].Size != 8 {
		t.Errorf("%+v", in.Attachments)
	}
}

// A request may hold files of fields that are not there, before one that is:
// what was not kept is not opened.
func TestAFileThatWasNotKeptIsRefused(t *testing.T) {
	w := newWorld(t, nil)
	p := w.page()
	post := typed(p, "here it is")
	post.Files = []channel.FormFile{{Field: "file", Name: "seventh.txt", Size: 3}}
	if v := w.submit(p, post); v.Reference != "" || len(v.Problems) != 1 || v.Problems[0].Field != "file" {
		t.Errorf("%+v", v)
	}
}

func TestWhatIsKeptIsInTheCompanysLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.Start()
	p, err := w.door.Open(ctx, w.inbox.Address, "ko")
	if err != nil || p.Labels["email"] != "이메일" || p.Language != "ko" {
		t.Fatalf("%+v, %v", p, err)
	}
	w.clock.Advance(time.Minute)
	v := w.submit(p, typed(p, "안녕하세요"))
	w.Settled(1)
	if got, want := w.Receiver.Got()[0].Text, "안녕하세요\n\nName: Ewa\nE-mail: ewa@harbour.example\nReference: "+v.Reference; got != want {
		t.Errorf("kept:\n%s\nwant:\n%s", got, want)
	}
}

func TestFormsThatAreNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, key := range []string{"", "fm_", "hello@miska.example", "fm_" + strings.Repeat("a", 32), w.inbox.Address + "x", strings.ToUpper(w.inbox.Address)} {
		if _, err := w.door.Open(ctx, key, "en"); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", key, err)
		}
	}
	if err := w.Channels.DeleteInbox(ctx, w.Owner, w.inbox.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.door.Open(ctx, w.inbox.Address, "en"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a deleted form: %v", err)
	}
}
