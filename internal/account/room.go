package account

import (
	"context"
	"log/slog"
	"sync"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
)

// Room is the room's verbs. It is safe for use by many goroutines.
type Room struct {
	store   store
	log     *event.Log
	secrets Sealer
	clock   clock.Clock
	hasher  hasher
	mailer  Mailer
	work    HandOver
	actors  *cache[string, Actor] // by the hash of the token
	scopes  *cache[scopeKey, Scope]
	touches sync.WaitGroup
}

// Sealer encrypts a value for one row of one table (secret.Box).
type Sealer interface {
	Seal(table string, row int64, plain []byte) ([]byte, error)
	Open(table string, row int64, sealed []byte) ([]byte, error)
}

// Kinds of letters and what their data holds.
const (
	LetterInvitation = "invitation" // token, name, workspace
	LetterReset      = "reset"      // token, name, workspace
)

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

// Connect joins the room to those above it, which are built later. It is
// called once, before the first verb; without it no letter is sent and no
// agent has open work.
func (r *Room) Connect(m Mailer, w HandOver) {
	if m != nil {
		r.mailer = m
	}
	if w != nil {
		r.work = w
	}
}

// Close waits for what the room does beside requests.
func (r *Room) Close() { r.touches.Wait() }

func newRoom(s store, log *event.Log, secrets Sealer, c clock.Clock) *Room {
	return &Room{
		store: s, log: log, secrets: secrets, clock: c, hasher: newHasher(), mailer: nobody{}, work: nobody{},
		actors: newCache[string, Actor](c), scopes: newCache[scopeKey, Scope](c),
	}
}

// changed makes the change of the transaction in ctx count on this node from
// its commit on.
func (r *Room) changed(ctx context.Context) {
	r.store.afterCommit(ctx, func() {
		r.actors.forget()
		r.scopes.forget()
	})
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

// warn logs what a person is not told.
func (r *Room) warn(ctx context.Context, message string, args ...any) {
	slog.WarnContext(ctx, message, args...)
}
