package notification

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/conversation/follow"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/job"
	"rapport/internal/platform/secret"
	"rapport/internal/platform/webpush"
)

// Letters are the product's own mails: Send puts one on its way in the
// transaction of ctx, and says whether there is an inbox that it can leave by.
type Letters interface {
	Send(ctx context.Context, workspaceID int64, to, kind string, data map[string]string) (bool, error)
}

// Accounts is what the room asks of account.
type Accounts interface {
	Scope(ctx context.Context, actor account.Actor) (account.Scope, error)
	Agent(ctx context.Context, workspaceID, id int64) (account.Agent, error)
	Workspace(ctx context.Context, id int64) (account.Workspace, error)
	Workspaces(ctx context.Context) ([]account.Workspace, error)
}

// Follows tells who follows or mutes a conversation; conversation/follow fulfils
// it.
type Follows interface {
	Followers(ctx context.Context, workspaceID, id int64) ([]follow.Follower, error)
}

// Deps is what the room stands on.
type Deps struct {
	Store    Store
	Log      *event.Log
	Jobs     *job.Queue
	Bus      bus.Bus
	Box      *secret.Box
	Clock    clock.Clock
	Accounts Accounts
	Follows  Follows
	Letters  Letters
	Pushes   *webpush.Sender
}

// Room is the verbs. It is safe for use by many goroutines.
type Room struct {
	store    store
	log      *event.Log
	jobs     *job.Queue
	bus      bus.Bus
	box      *secret.Box
	clock    clock.Clock
	accounts Accounts
	follows  Follows
	letters  Letters
	pushes   *webpush.Sender
	key      pushKey
}

// New makes the room and registers its jobs.
func New(d Deps) *Room {
	r := &Room{store: store{d.Store}, log: d.Log, jobs: d.Jobs, bus: d.Bus, box: d.Box, clock: d.Clock, accounts: d.Accounts, follows: d.Follows, letters: d.Letters, pushes: d.Pushes}
	r.jobs.Handle(pushJob, r.lookForPush, job.Options{})
	r.jobs.Handle(deliverJob, r.deliver, job.Options{Workers: 4, PerTarget: 2, MaxAttempts: 6, Timeout: time.Minute, Outgoing: true})
	r.jobs.Handle(mailJob, r.lookForMail, job.Options{})
	r.jobs.Handle(digestJob, r.mailDigest, job.Options{Workers: 1})
	r.jobs.Every("notification.digest", 5*time.Minute, r.planDigests)
	r.jobs.Every("notification.sweep", time.Hour, r.sweep)
	return r
}

// sweep lets go what is old, and more than anybody looks through.
func (r *Room) sweep(ctx context.Context) error {
	all, err := r.accounts.Workspaces(ctx)
	for _, w := range all {
		if err == nil {
			if err = r.store.forget(ctx, w.ID, r.clock.Now().Add(-keptFor)); err == nil {
				err = r.store.forgetEnded(ctx, w.ID)
			}
		}
	}
	return err
}
