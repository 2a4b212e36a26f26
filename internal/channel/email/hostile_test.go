package email

import (
	"context"
	"sync"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/platform/clock"
	"rapport/internal/testkit"
	"rapport/internal/testkit/hostile"
)

// hostileServer is the settings of an inbox that is fetched from s.
func hostileServer(s *hostile.IMAP) channel.Server {
	return channel.Server{Host: s.Host(), Port: s.Port(), Security: "none", Username: "hello", Password: "secret", History: "all"}
}

// keeper is an intake that knows deliveries by their source keys and mails by
// their bytes, as the real one does.
type keeper struct {
	intake
	d     Store
	mu    sync.Mutex
	keys  map[string]bool
	mails map[string]int
}

func (k *keeper) Accept(ctx context.Context, arrivals []channel.Arrival, also func(context.Context) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.d.Within(ctx, also); err != nil {
		return err
	}
	for _, a := range arrivals {
		if !k.keys[a.SourceKey] {
			k.keys[a.SourceKey] = true
			k.mails[string(a.Raw)]++
		}
	}
	return nil
}

func (k *keeper) Waiting(context.Context, int64, int64, int) (int, error)  { return 0, nil }
func (k *keeper) NoteFetch(context.Context, channel.Inbox) error           { return nil }
func (k *keeper) NoteHealth(context.Context, channel.Inbox)                {}
func (k *keeper) NoteTrouble(_ context.Context, _ channel.Inbox, _ string) {}

// kept is how many of the first so many mails are there, and what else is.
func (k *keeper) kept(mails int) (there, twice, strange int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	known := map[string]bool{}
	for n := range mails {
		known[string(letterNo(n))] = true
	}
	for raw, times := range k.mails {
		switch {
		case !known[raw]:
			strange++
		case times > 1:
			twice++
			there++
		default:
			there++
		}
	}
	return there, twice, strange
}

// watchHostile fetches from a hostile server until the test ends, and loses
// patience with it as soon as a test needs it.
func watchHostile(t *testing.T, d Store, inbox int64, s *hostile.IMAP, patience time.Duration) *keeper {
	k := &keeper{d: d, keys: map[string]bool{}, mails: map[string]int{}}
	f := NewFetcher(FetcherDeps{Store: k.d, Clock: clock.System})
	f.channels, f.lockout, f.poll = k, 0, 100*time.Millisecond
	f.pause = func(int) time.Duration { return time.Millisecond }
	f.dial = func(ctx context.Context, s channel.Server) (mailbox, error) {
		return dialPatiently(ctx, loopback(), nil, s, patience, patience)
	}
	server := hostileServer(s)
	ctx, cancel := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() {
		newWatch(f, channel.Inbox{WorkspaceID: 1, ID: inbox, Email: &channel.EmailSettings{IMAP: &server}}).run(ctx)
	})
	t.Cleanup(func() { cancel(); ended.Wait() })
	return k
}

// eventually fails on never, not on slow.
func eventually(t *testing.T, what string, met func() bool) {
	t.Helper()
	for range 12000 {
		if met() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("waited for a minute in vain: %s", what)
}

// tricks are what can go wrong at each step.
func tricks(at hostile.Step) []string {
	list := []string{hostile.Reset, hostile.Hang, hostile.Nonsense, hostile.Bye, "NO not now", "BAD what?", "NO [UNAVAILABLE] not now"}
	switch at {
	case hostile.Examine:
		list = append(list, hostile.Renumber)
	case hostile.Search, hostile.Name, hostile.List:
		list = append(list, hostile.Renumber, hostile.Twice, hostile.Backwards, hostile.Silent, hostile.Stranger, "OK nothing here")
	case hostile.Fetch:
		list = append(list, hostile.Renumber, hostile.Twice, hostile.Backwards, hostile.Silent, hostile.Stranger, "OK nothing here",
			hostile.ShortLiteral, hostile.LongLiteral, hostile.TornLiteral, hostile.Emptied)
	}
	return list
}

// TestMAIL01MAIL05MAIL06HostileServersCostNothing: whatever a server does at
// whatever step, when it has come to its senses every mail is there, once.
func TestMAIL01MAIL05MAIL06HostileServersCostNothing(t *testing.T) {
	t.Parallel()
	const mails = 12
	d, rows := testkit.SQLite(t), int64(0)
	for _, at := range hostile.IMAPSteps {
		for n, trick := range tricks(at) {
			rows++
			inbox := rows
			t.Run(string(at)+": "+trick, func(t *testing.T) {
				t.Parallel()
				s := hostile.StartIMAP(t)
				for n := range mails {
					s.Deliver(letterNo(n))
				}
				after := n % 2
				if at == hostile.Greeting || at == hostile.Capability || at == hostile.Login {
					after = 0 // a session comes to them once
				}
				s.Fail(hostile.Fault{At: at, With: trick, After: after, Times: 2})
				patience := 30 * time.Second
				if trick == hostile.Hang || trick == hostile.LongLiteral || trick == hostile.Nonsense {
					patience = time.Second
				}
				k := watchHostile(t, d, inbox, s, patience)
				delivered := mails
				arrived := func(what string) {
					t.Helper()
					eventually(t, what, func() bool { there, _, _ := k.kept(delivered); return there == delivered })
				}
				arrived("all mails")
				for s.Met(at) < 2 && delivered < mails+10 { // steps to which only later mail leads
					s.Deliver(letterNo(delivered))
					delivered++
					arrived("a later mail")
				}
				s.Deliver(letterNo(delivered))
				delivered++
				arrived("the last mail")
				if _, twice, strange := k.kept(delivered); strange != 0 || twice != 0 && trick != hostile.Renumber {
					t.Errorf("%d mails came twice, and %d that nobody has sent", twice, strange)
				}
				if s.Met(at) == 0 {
					t.Error("the server did no harm: this row proves nothing")
				}
			})
		}
	}
}
