package view

import (
	"context"
	"slices"
	"sync"
	"time"

	"rapport/internal/account"
	"rapport/internal/conversation/listing"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// What fits.
const (
	MaxName     = 60 // characters
	MaxShared   = 100
	MaxPersonal = 50
)

// Columns are what a row may show beside who wrote, when, and about what.
var Columns = []string{"tags", "assignee", "team", "inbox", "priority", "number", "created"}

// View is a list with conditions of its own.
type View struct {
	WorkspaceID int64
	ID          int64
	Key         string // stable, unique in the workspace
	OwnerID     int64  // the agent whose it is; 0: shared
	Name        string
	Conditions  listing.Conditions
	Sort        string // one of listing.Sorts
	Columns     []string
	Position    int64
	Version     int64
}

// Shared reports whether everybody has the view.
func (v View) Shared() bool { return v.OwnerID == 0 }

// Sight tells which inboxes an actor sees; account fulfils it.
type Sight interface {
	Scope(ctx context.Context, actor account.Actor) (account.Scope, error)
}

// Deps is what the room stands on.
type Deps struct {
	Store Store
	Log   *event.Log
	Clock clock.Clock
	Sight Sight
}

// Room is the verbs of views. It is safe for use by many goroutines.
type Room struct {
	store store
	log   *event.Log
	clock clock.Clock
	sight Sight

	mu     sync.Mutex
	counts map[countOf]counted
}

// New makes the room.
func New(d Deps) *Room {
	return &Room{store: store{d.Store}, log: d.Log, clock: d.Clock, sight: d.Sight, counts: map[countOf]counted{}}
}

// List returns the shared views and then those of actor, each in their order.
func (r *Room) List(ctx context.Context, actor account.Actor) ([]View, error) {
	const op = "view.List"
	if err := reads(actor); err != nil {
		return nil, fault.Wrap(op, err)
	}
	list, err := r.store.list(ctx, actor.WorkspaceID, 0, actor.AgentID)
	return list, fault.Wrap(op, err)
}

// Find returns the view of a key. One of somebody else is NotFound.
func (r *Room) Find(ctx context.Context, actor account.Actor, key string) (View, error) {
	const op = "view.Find"
	v, err := r.store.byKey(ctx, actor.WorkspaceID, key)
	if err == nil {
		err = reaches(actor, v)
	}
	if err != nil {
		return View{}, fault.Wrap(op, err)
	}
	return v, nil
}

func reads(actor account.Actor) error {
	return account.Can(actor, account.ConversationRead, account.Object{WorkspaceID: actor.WorkspaceID})
}

// reaches lets actor read a view.
func reaches(actor account.Actor, v View) error {
	if v.OwnerID != 0 && v.OwnerID != actor.AgentID {
		return fault.New("view.reaches", fault.NotFound, "")
	}
	return reads(actor)
}

// changes lets actor change a view.
func changes(actor account.Actor, v View) error {
	if err := reaches(actor, v); err != nil || !v.Shared() {
		return err
	}
	return account.Can(actor, account.ViewManage, account.Object{WorkspaceID: actor.WorkspaceID})
}

// mostCounted is where a count ends: a person reads no further.
const mostCounted = 999

// How long a count that was made holds while nothing happens: conditions may
// speak of time.
const (
	countHolds = 30 * time.Second
	manyCounts = 20_000
)

// countOf names a count: of a version of a view, for all who see everything or
// for one agent.
type countOf struct{ workspaceID, viewID, version, agentID int64 }

type counted struct {
	n    int
	more bool
	head int64 // of the log when it was counted
	at   time.Time
}

// Count tells how many conversations in actor's sight belong to a view, at most
// 999; more tells that there are or may be others. Nothing is counted twice
// while nothing happens.
func (r *Room) Count(ctx context.Context, actor account.Actor, v View) (n int, more bool, err error) {
	const op = "view.Count"
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return 0, false, fault.Wrap(op, err)
	}
	head, err := r.log.Head(ctx, actor.WorkspaceID)
	if err != nil {
		return 0, false, fault.Wrap(op, err)
	}
	key, now := countOf{v.WorkspaceID, v.ID, v.Version, actor.AgentID}, r.clock.Now()
	if scope.All && !v.Conditions.Mine() {
		key.agentID = 0
	}
	if have, ok := r.kept(key, head, now); ok && !v.Conditions.Quiet() {
		return have.n, have.more, nil
	}
	n, more, err = r.count(ctx, actor, scope, v.Conditions, now)
	if err == nil {
		r.keep(key, counted{n, more, head, now})
	}
	return n, more, fault.Wrap(op, err)
}

func (r *Room) kept(key countOf, head int64, now time.Time) (counted, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	have, ok := r.counts[key]
	return have, ok && have.head == head && now.Sub(have.at) < countHolds
}

func (r *Room) keep(key countOf, c counted) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.counts) >= manyCounts {
		clear(r.counts)
	}
	r.counts[key] = c
}

func (r *Room) count(ctx context.Context, actor account.Actor, scope account.Scope, c listing.Conditions, now time.Time) (int, bool, error) {
	q, err := listing.Filter{Conditions: c}.Query("view.count", actor, scope)
	if err != nil {
		return 0, false, err
	}
	q.Now = now
	return r.store.count(ctx, q, mostCounted)
}

// Preview checks conditions that are being made, and tells how many
// conversations in actor's sight they find.
func (r *Room) Preview(ctx context.Context, actor account.Actor, c listing.Conditions) (checked listing.Conditions, n int, more bool, err error) {
	const op = "view.Preview"
	if err := reads(actor); err != nil {
		return c, 0, false, fault.Wrap(op, err)
	}
	if checked, err = c.Checked(op); err != nil {
		return c, 0, false, err
	}
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return c, 0, false, fault.Wrap(op, err)
	}
	n, more, err = r.count(ctx, actor, scope, checked, r.clock.Now())
	return checked, n, more, fault.Wrap(op, err)
}

// shownColumns are those asked for, each once.
func shownColumns(op string, asked []string) ([]string, error) {
	out := []string{}
	for _, c := range asked {
		if !slices.Contains(Columns, c) {
			return nil, fault.InvalidField(op, "columns", "A row cannot show this.")
		}
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out, nil
}
