package email

import (
	"context"
	"crypto/x509"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"time"

	"golang.org/x/sync/semaphore"

	"rapport/internal/channel"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/outbound"
)

// FetcherDeps is what the fetcher stands on.
type FetcherDeps struct {
	Channels *channel.Room
	Store    Store
	Guard    *outbound.Guard
	Clock    clock.Clock
	Bell     event.Bell
	Tokens   Tokens         // open mailboxes by OAuth; nil: there are none such
	Leases   Leases         // nil: nobody else fetches
	Roots    *x509.CertPool // who may vouch for mail servers; nil is the system's list
}

// Leases see to it that one node at a time does a piece of work (node.Registry).
type Leases interface {
	// Hold runs work while this node has the lease of that name, for which it
	// waits, and returns when ctx has ended.
	Hold(ctx context.Context, name string, work func(context.Context))
}

// Fetcher is the IMAP door: it reads the mailboxes of all inboxes and hands
// each new mail to intake once. A mailbox is only ever read; what was fetched
// is remembered in a cursor that moves in the transaction of the receipts.
type Fetcher struct {
	channels intake
	store    store
	clock    clock.Clock
	bell     event.Bell
	leases   Leases
	tokens   Tokens
	dial     func(ctx context.Context, s channel.Server) (mailbox, error)
	pause    func(failures int) time.Duration
	lockout  time.Duration       // after a refused sign-in: hasty ones get accounts locked
	poll     time.Duration       // how long to wait for the server to announce mail
	memory   *semaphore.Weighted // bytes of mail held at once, over all inboxes
}

// intake is the part of the channel room the fetcher needs.
type intake interface {
	AllInboxes(ctx context.Context, channel string) ([]channel.Inbox, error)
	Accept(ctx context.Context, arrivals []channel.Arrival, also func(ctx context.Context) error) error
	Waiting(ctx context.Context, workspaceID, inboxID int64, atMost int) (int, error)
	NoteFetch(ctx context.Context, inbox channel.Inbox) error
	NoteTrouble(ctx context.Context, inbox channel.Inbox, text string)
	NoteHealth(ctx context.Context, inbox channel.Inbox)
	NoteLost(ctx context.Context, inbox channel.Inbox, why string)
}

const (
	pollEvery   = 55 * time.Second // also while the server promises to tell us
	rereadEvery = 10 * time.Second // inboxes are looked up this often without a bell
	settleTime  = time.Second      // and not more often than this with one
	memoryLimit = 128 << 20
	firstPause  = time.Second
	longPause   = 5 * time.Minute
)

// NewFetcher makes the IMAP door.
func NewFetcher(d FetcherDeps) *Fetcher {
	return &Fetcher{channels: d.Channels, store: store{d.Store}, clock: d.Clock, bell: d.Bell, leases: d.Leases, tokens: d.Tokens, pause: growing, lockout: lockoutPause, poll: pollEvery, memory: semaphore.NewWeighted(memoryLimit),
		dial: func(ctx context.Context, s channel.Server) (mailbox, error) {
			return dialIMAP(ctx, d.Guard, d.Roots, s)
		}}
}

// growing is how long to wait after so many failures in a row: it doubles, and
// is spread so that a server that comes back is not met by everybody at once.
func growing(failures int) time.Duration {
	pause := min(longPause, firstPause<<min(failures-1, 20))
	return pause/2 + rand.N(pause/2)
}

// Run fetches until ctx ends: one watch for each inbox with an IMAP server,
// begun, ended and begun anew as inboxes change.
func (f *Fetcher) Run(ctx context.Context) {
	changed := make(chan struct{}, 1)
	defer f.bell.Subscribe(event.News, func([]byte) {
		select {
		case changed <- struct{}{}:
		default:
		}
	})()
	watches := map[int64]*running{}
	defer func() {
		for _, w := range watches {
			w.stop()
		}
	}()
	for ctx.Err() == nil {
		f.reconcile(ctx, watches)
		rest(ctx, settleTime)
		select {
		case <-ctx.Done():
		case <-changed:
		case <-time.After(rereadEvery - settleTime):
		}
	}
}

// running is a watch at work.
type running struct {
	version int64
	cancel  context.CancelFunc
	ended   chan struct{}
}

func (w *running) stop() {
	w.cancel()
	<-w.ended
}

// reconcile makes the watches match the inboxes as they are now. A watch has
// ended before its successor begins.
func (f *Fetcher) reconcile(ctx context.Context, watches map[int64]*running) {
	list, err := f.channels.AllInboxes(ctx, "email")
	if err != nil {
		if ctx.Err() == nil {
			slog.Warn("inboxes cannot be read; fetching goes on as before", "err", err)
		}
		return
	}
	wanted := map[int64]channel.Inbox{}
	for _, inbox := range list {
		if inbox.Email != nil && inbox.Email.IMAP != nil {
			wanted[inbox.ID] = inbox
		}
	}
	for id, w := range watches {
		if inbox, ok := wanted[id]; !ok || inbox.Version != w.version {
			w.stop()
			delete(watches, id)
		}
	}
	for id, inbox := range wanted {
		if watches[id] == nil {
			watches[id] = f.start(ctx, inbox)
		}
	}
}

func (f *Fetcher) start(ctx context.Context, inbox channel.Inbox) *running {
	ctx, cancel := context.WithCancel(ctx)
	w := &running{version: inbox.Version, cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(w.ended)
		if f.leases == nil {
			newWatch(f, inbox).run(ctx)
			return
		}
		f.leases.Hold(ctx, "mailbox:"+strconv.FormatInt(inbox.ID, 10), func(ctx context.Context) {
			newWatch(f, f.asItIs(ctx, inbox)).run(ctx)
		})
	}()
	return w
}

// asItIs reads an inbox again: while we waited for its lease, another node may
// have noted trouble on it.
func (f *Fetcher) asItIs(ctx context.Context, inbox channel.Inbox) channel.Inbox {
	list, err := f.channels.AllInboxes(ctx, "email")
	if err != nil {
		return inbox
	}
	for _, v := range list {
		if v.ID == inbox.ID && v.Version == inbox.Version {
			return v
		}
	}
	return inbox
}

// rest waits, at most until ctx ends.
func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
