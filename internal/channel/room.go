package channel

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel/brake"
	"rapport/internal/channel/roundtrip"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
)

// Box seals the passwords of mail servers.
type Box interface {
	Seal(table string, row int64, plain []byte) ([]byte, error)
	Open(table string, row int64, sealed []byte) ([]byte, error)
}

// Sight tells which inboxes an actor sees; account fulfils it.
type Sight interface {
	Scope(ctx context.Context, actor account.Actor) (account.Scope, error)
}

// Deps is what the room stands on.
type Deps struct {
	Store Store
	Log   *event.Log
	Jobs  *job.Queue
	Blobs *blob.Store
	Box   Box
	Clock clock.Clock
	Sight Sight
}

// Room is the channel room. Adapters, receiver and composer are added by app
// before the first mail arrives.
type Room struct {
	store    store
	brakes   brake.Store
	trips    roundtrip.Store
	log      *event.Log
	jobs     *job.Queue
	blobs    *blob.Store
	box      Box
	clock    clock.Clock
	sight    Sight
	adapters map[string]Adapter
	receiver Receiver
	composer Composer
	heavy    chan struct{} // a place for each heavy message that may be in memory
}

// Kinds of jobs.
const (
	intakeJob  = "channel.intake"
	releaseJob = "channel.release"
	sendJob    = "channel.send"
)

// How messages are taken in. Most of a worker's time is waiting for a commit,
// and what waits together is committed together, so there are as many as there
// are busy senders; heavy messages, which take a few times their size while
// they are read, have few places.
const (
	intakeAttempts = 3 // before a mail is quarantined
	intakeWorkers  = 32
	heavyBytes     = 1 << 20
	heavyPlaces    = 3
)

// New makes the room and registers its jobs.
func New(d Deps) *Room {
	r := &Room{store: store{d.Store}, brakes: brake.NewStore(d.Store), trips: roundtrip.NewStore(d.Store), log: d.Log, jobs: d.Jobs, blobs: d.Blobs, box: d.Box, clock: d.Clock, sight: d.Sight, adapters: map[string]Adapter{}, heavy: make(chan struct{}, heavyPlaces)}
	r.jobs.Handle(intakeJob, r.intake, job.Options{Workers: intakeWorkers, MaxAttempts: intakeAttempts, OnDead: r.giveUpIntake,
		Backoff: func(attempt int) time.Duration { return time.Duration(attempt) * time.Second }})
	r.jobs.Handle(releaseJob, r.release, job.Options{Workers: 2, OnDead: r.giveUpRelease, OnDrop: r.dropSend})
	r.jobs.Handle(sendJob, r.send, job.Options{Workers: 8, PerTarget: 2, MaxAttempts: sendAttempts, Backoff: sendBackoff, OnDead: r.giveUpSend, OnDrop: r.dropSend, Timeout: 5 * time.Minute, Outgoing: true})
	return r
}

// Register adds a channel's adapter.
func (r *Room) Register(a Adapter) { r.adapters[a.Channel()] = a }

// Connect joins the room to the one that places and composes messages.
func (r *Room) Connect(receiver Receiver, composer Composer) {
	r.receiver, r.composer = receiver, composer
}

func (r *Room) adapter(channel string) (Adapter, error) {
	a := r.adapters[channel]
	if a == nil {
		return nil, fault.Newf("channel.adapter", fault.Invalid, "There is no channel called %q.", channel)
	}
	return a, nil
}

// may checks an action on one inbox, or with 0 on the workspace.
func (r *Room) may(ctx context.Context, actor account.Actor, action account.Action, inboxID int64) error {
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return err
	}
	return account.Can(actor, action, account.Object{WorkspaceID: actor.WorkspaceID, InboxID: inboxID, Scope: scope})
}
