// Package channeltest is the suite every channel passes, and the small world
// it runs in: the channel room on a real database, with a receiver that only
// takes notes.
package channeltest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/channel/checkup"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/job"
	"rapport/internal/platform/secret"
)

// World is a channel room with everything below it.
type World struct {
	T        testing.TB
	DB       *db.DB
	Key      *secret.Key
	Blobs    *blob.Store
	Jobs     *job.Queue
	Bus      *bus.Local
	Log      *event.Log
	Channels *channel.Room
	Receiver *Receiver
	Owner    account.Actor
}

type seesAll struct{}

func (seesAll) Scope(context.Context, account.Actor) (account.Scope, error) {
	return account.Scope{All: true}, nil
}

// WorkspaceID is the workspace of every world.
const WorkspaceID = 7

// NewWorld builds a world on d; Start sets its jobs going.
func NewWorld(t testing.TB, d *db.DB) *World {
	t.Helper()
	return NewWorldAt(t, d, clock.System)
}

// NewWorldAt builds a world with a clock of its own.
func NewWorldAt(t testing.TB, d *db.DB, now clock.Clock) *World {
	t.Helper()
	key := secret.Generate()
	w := &World{T: t, DB: d, Key: key, Bus: &bus.Local{}, Receiver: &Receiver{},
		Owner: account.Actor{Kind: account.KindAgent, WorkspaceID: WorkspaceID, AgentID: 1, Role: account.Owner}}
	w.Log = event.New(d, now, w.Bus)
	w.Jobs = job.NewQueue(d, now)
	w.Blobs = blob.New(d, blob.NewFolder(t.TempDir()), now)
	w.Channels = channel.New(channel.Deps{Store: d, Log: w.Log, Jobs: w.Jobs, Blobs: w.Blobs, Box: key.Box("channel"), Clock: now, Sight: seesAll{}})
	w.Channels.Connect(w.Receiver, w.Receiver)
	t.Cleanup(func() { Accounted(t, w.Channels, d) })
	return w
}

// Accounted fails a test in which a mail was accepted and is nowhere: in each
// inbox accepted = applied + rejected + quarantined + in flight, and what is in
// flight has its job. A database that the test has closed is not asked.
func Accounted(t testing.TB, room *channel.Room, d *db.DB) {
	t.Helper()
	ctx := context.Background()
	each, err := room.CountersByInbox(ctx, 0)
	if err != nil {
		return
	}
	for inbox, c := range each {
		rows, err := db.One(ctx, d, db.Int64, "SELECT COUNT(*) FROM receipts WHERE inbox_id = $1", inbox)
		if err != nil || rows != c.Accepted || c.Accepted != c.Applied+c.Rejected+c.Quarantined+c.InFlight {
			t.Errorf("inbox %d: %+v of %d receipts, %v", inbox, c, rows, err)
		}
	}
	for _, check := range checkup.Checks(d) {
		if !strings.HasPrefix(check.Name, "receipts.") {
			continue
		}
		if err := check.Find(ctx, func(what string) { t.Errorf("not so: %s: %s", check.Says, what) }); err != nil {
			t.Error(err)
		}
	}
}

// Start runs the jobs until the test ends.
func (w *World) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { w.Jobs.Run(ctx, true); close(done) }()
	w.T.Cleanup(func() { cancel(); <-done })
}

// Inbox makes an inbox.
func (w *World) Inbox(n channel.NewInbox) channel.Inbox {
	w.T.Helper()
	inbox, err := w.Channels.CreateInbox(context.Background(), w.Owner, n)
	if err != nil {
		w.T.Fatal(err)
	}
	return inbox
}

// Eventually fails on "never", not on "slow".
func (w *World) Eventually(what string, ok func() bool) {
	w.T.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	w.T.Fatalf("never: %s", what)
}

// Settled waits until every accepted mail is judged, checks that none is lost,
// and returns the counters.
func (w *World) Settled(accepted int64) channel.Counters {
	w.T.Helper()
	var c channel.Counters
	w.Eventually("every accepted mail judged", func() bool {
		var err error
		if c, err = w.Channels.Counters(context.Background(), WorkspaceID); err != nil {
			w.T.Fatal(err)
		}
		return c.Accepted >= accepted && c.InFlight == 0
	})
	if c.Accepted != accepted || c.Accepted != c.Applied+c.Rejected+c.Quarantined {
		w.T.Errorf("counters %+v, want %d accepted and all of them judged", c, accepted)
	}
	return c
}

// Receiver notes what it is given, and composes what it is told to.
type Receiver struct {
	mu   sync.Mutex
	got  []channel.Inbound
	seen map[string]bool
	dead []channel.BouncedRecipient
	Out  channel.Outbound
	// Fail, if set, is asked before a message is taken.
	Fail func(channel.Inbound) error
}

// Receive fulfils channel.Receiver: the same id with the same content is a
// duplicate.
func (r *Receiver) Receive(_ context.Context, in channel.Inbound) (channel.Placed, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Fail != nil {
		if err := r.Fail(in); err != nil {
			return channel.Placed{}, err
		}
	}
	key := in.ExternalID + "\x00" + in.ContentHash
	if r.seen[key] {
		return channel.Placed{Duplicate: true}, nil
	}
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	r.seen[key] = true
	r.got = append(r.got, in)
	return channel.Placed{ConversationID: 1, MessageID: int64(len(r.got))}, nil
}

// Refused fulfils channel.Receiver.
func (r *Receiver) Refused(_ context.Context, _ int64, one channel.BouncedRecipient) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dead = append(r.dead, one)
	return nil
}

// Disclosed fulfils channel.Receiver.
func (r *Receiver) Disclosed(context.Context, account.Actor, channel.Receipt) error { return nil }

// Dead are the addresses that servers did not know.
func (r *Receiver) Dead() []channel.BouncedRecipient {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]channel.BouncedRecipient(nil), r.dead...)
}

// Forget lets the receiver forget all it was given, as when it was deleted.
func (r *Receiver) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen, r.got = nil, nil
}

// Compose fulfils channel.Composer.
func (r *Receiver) Compose(_ context.Context, workspaceID, messageID int64) (channel.Outbound, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.Out
	out.WorkspaceID, out.MessageID = workspaceID, messageID
	return out, nil
}

// Got is what has been received so far.
func (r *Receiver) Got() []channel.Inbound {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]channel.Inbound(nil), r.got...)
}
