package account

import (
	"context"
	"log/slog"
	"sync"

	"rapport/internal/account/proof"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
)

// Room is the room's verbs. It is safe for use by many goroutines.
type Room struct {
	store    store
	log      *event.Log
	secrets  Sealer
	clock    clock.Clock
	hasher   proof.Hasher
	mailer   Mailer
	work     HandOver
	pictures rich.Files
	actors   *cache[string, Actor] // by the hash of the token
	scopes   *cache[scopeKey, Scope]
	touches  sync.WaitGroup
	bell     event.Bell // nil: nobody else serves
	deafen   func()
}

// Sealer encrypts a value for one row of one table (secret.Box).
type Sealer interface {
	Seal(table string, row int64, plain []byte) ([]byte, error)
	Open(table string, row int64, sealed []byte) ([]byte, error)
}

// Kinds of letters.
const (
	LetterInvitation = "invitation"
	LetterReset      = "reset"
)

// letterData is what every kind of letter is written from; the mailer makes
// the link of the token and the configured address, never of a request's.
func letterData(token string, a Agent, w Workspace) map[string]string {
	return map[string]string{"token": token, "name": a.Name, "workspace": w.Name, "language": a.Language}
}

// Mailer sends the product's own letters. Send only queues the letter, in the
// transaction of ctx, and reports false when the workspace has no way to send.
type Mailer interface {
	Send(ctx context.Context, workspaceID int64, to, kind string, data map[string]string) (bool, error)
}

// HandOver knows the open work of an agent and passes it on in the transaction
// of ctx: to an agent, to a team, or to nobody when both are 0.
type HandOver interface {
	OpenWork(ctx context.Context, workspaceID, agentID int64) (int, error)
	HandOver(ctx context.Context, workspaceID, fromAgent, toAgent, toTeam int64, actor Actor) error
}

// Connect joins the room to what is built after it. It is called once, before
// the first verb; nil leaves a part out: no letter is sent, no agent has open
// work, no blob is held.
func (r *Room) Connect(m Mailer, w HandOver, p rich.Files) {
	if m != nil {
		r.mailer = m
	}
	if w != nil {
		r.work = w
	}
	if p != nil {
		r.pictures = p
	}
}

// changed is rung on the bus when a change of rights must count on all nodes.
const changed = "account.changed"

// Listen lets changes on other nodes count here, and tells them of ours, until
// Close. It is called once, before the first verb.
func (r *Room) Listen(b event.Bell) {
	r.bell, r.deafen = b, b.Subscribe(changed, func([]byte) { r.forget() })
}

// Close waits for what the room does beside requests.
func (r *Room) Close() {
	r.touches.Wait()
	if r.deafen != nil {
		r.deafen()
	}
}

func newRoom(s store, log *event.Log, secrets Sealer, c clock.Clock) *Room {
	return &Room{
		store: s, log: log, secrets: secrets, clock: c, hasher: proof.NewHasher(), mailer: nobody{}, work: nobody{}, pictures: nobody{},
		actors: newCache[string, Actor](c), scopes: newCache[scopeKey, Scope](c),
	}
}

// refresh makes the change of the transaction in ctx count from its commit on,
// here at once and on other nodes when they hear of it.
func (r *Room) refresh(ctx context.Context) {
	r.store.afterCommit(ctx, func() {
		r.forget()
		if r.bell != nil {
			r.bell.Publish(changed, nil)
		}
	})
}

func (r *Room) forget() {
	r.actors.forget()
	r.scopes.forget()
}

// nobody stands in until Connect.
type nobody struct{}

func (nobody) Send(context.Context, int64, string, string, map[string]string) (bool, error) {
	return false, nil
}
func (nobody) OpenWork(context.Context, int64, int64) (int, error) { return 0, nil }
func (nobody) HandOver(context.Context, int64, int64, int64, int64, Actor) error {
	return nil
}

func (nobody) Ref(context.Context, int64, int64, string, int64) error { return nil }
func (nobody) Claim(context.Context, int64, int64, string, string, int64) error {
	return nil
}
func (nobody) Describe(context.Context, int64, int64) (blob.Info, error) { return blob.Info{}, nil }
func (nobody) Release(context.Context, int64, string, int64) error       { return nil }

// change runs fn in a transaction if the actor may do action in its workspace.
func (r *Room) change(ctx context.Context, op string, actor Actor, action Action, fn func(context.Context) error) error {
	if err := may(actor, action); err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, r.store.within(ctx, fn))
}

// warn logs what a person is not told.
func (r *Room) warn(ctx context.Context, message string, args ...any) {
	slog.WarnContext(ctx, message, args...)
}
