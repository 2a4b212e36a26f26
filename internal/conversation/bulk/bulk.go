// Package bulk does one thing to many conversations, and takes it back.
//
// Nouns: Change, what is done to each; Run, one change of many conversations,
// with an Item for each.
//
// Verbs: Start, Undo, Get.
//
// Events: those of the verbs that do the same to one conversation, with the run
// in bulk_id.
//
// Promises: every conversation is changed by the verb that changes one, so that
// rights and sight are those of one; what was refused is listed with its reason;
// a run is made once for each client id, item by item, also after a kill; taking
// back brings each conversation to its own old state unless somebody has changed
// it since. Nobody else waits for more than one slice.
package bulk

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"rapport/internal/account"
	"rapport/internal/conversation"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/text"
)

// Most conversations of a run: of those named one by one, which are done while
// the caller waits, and of all in a view, where more are done by a job.
const (
	AtOnce = 500
	Most   = 5000
)

const (
	slice    = 20             // conversations of one transaction
	patience = time.Minute    // after which a job looks whether a run was finished
	keeps    = 24 * time.Hour // how long a run can be taken back
	perPage  = 100
	runJob   = "conversations.bulk"
)

// States of a run.
const (
	Running = "running"
	Done    = "done"
	Undoing = "undoing"
	Undone  = "undone"
)

// States of an item.
const (
	Waiting = "waiting"
	Changed = "changed"
	Same    = "same"    // there was nothing to change
	Refused = "refused" // with its reason
	Back    = "back"    // taken back
	Kept    = "kept"    // not taken back, with its reason
)

// Run is one change of many conversations.
type Run struct {
	ID, WorkspaceID, AgentID int64
	State                    string
	Change                   Change
	CreatedAt                time.Time
	Counts                   map[string]int // by state of item
}

// Total is how many conversations a run has.
func (r Run) Total() (n int) {
	for _, each := range r.Counts {
		n += each
	}
	return n
}

// Item is one conversation of a run. Of one out of sight there is no number.
type Item struct {
	ConversationID, Number int64
	State, Reason          string
	Before                 Before
}

// Request names conversations, or all that a filter fits, and what is done to
// them.
type Request struct {
	ClientID string
	IDs      []int64
	Filter   *conversation.Filter
	Change   Change
}

// Deps is what the room stands on.
type Deps struct {
	Store         Store
	Conversations *conversation.Room
	Jobs          *job.Queue
	Clock         clock.Clock
}

// Room is the package's verbs. It is safe for use by many goroutines.
type Room struct {
	store         store
	conversations *conversation.Room
	jobs          *job.Queue
	clock         clock.Clock
}

// New makes the room and takes its jobs.
func New(d Deps) *Room {
	r := &Room{store{d.Store}, d.Conversations, d.Jobs, d.Clock}
	d.Jobs.Handle(runJob, r.goOn, job.Options{Workers: 1, Timeout: time.Hour})
	return r
}

// Start changes many conversations. Up to AtOnce are changed when it returns,
// more by a job. The same client id of the same agent gives the same run.
func (r *Room) Start(ctx context.Context, actor account.Actor, q Request) (Run, error) {
	const op = "bulk.Start"
	action := q.Change.action()
	if action == "" {
		return Run{}, fault.InvalidField(op, "do", "There is no such change.")
	}
	if err := account.Can(actor, action, account.Object{WorkspaceID: actor.WorkspaceID}); err != nil {
		return Run{}, err
	}
	q.ClientID = text.Line(q.ClientID, 100)
	run, err := r.store.byClient(ctx, actor, q.ClientID)
	if fault.Is(err, fault.NotFound) {
		run, err = r.begin(ctx, actor, q)
	}
	if err == nil && run.Total() <= AtOnce {
		err = r.finish(ctx, actor, run)
	}
	if err == nil {
		run, err = r.store.run(ctx, actor.WorkspaceID, run.ID)
	}
	return run, fault.Wrap(op, err)
}

// begin writes a run down: its conversations, and the job that makes it or, of
// a small one, finishes it if the caller does not come to that.
func (r *Room) begin(ctx context.Context, actor account.Actor, q Request) (Run, error) {
	ids, err := r.named(ctx, actor, q)
	if err != nil {
		return Run{}, err
	}
	run := Run{WorkspaceID: actor.WorkspaceID, AgentID: actor.AgentID, State: Running, Change: q.Change, CreatedAt: r.clock.Now(), Counts: map[string]int{Waiting: len(ids)}}
	err = r.store.within(ctx, func(ctx context.Context) (err error) {
		if err := r.store.sweep(ctx, actor, r.clock.Now().Add(-keeps)); err != nil {
			return err
		}
		if run.ID, err = r.store.add(ctx, run, q.ClientID, ids); err != nil {
			return err
		}
		return r.plan(ctx, run, len(ids))
	})
	if fault.Is(err, fault.Conflict) { // of two requests with one client id the other was first
		err = r.store.within(ctx, func(ctx context.Context) (err error) { // behind it: a reader may not see it yet
			run, err = r.store.byClient(ctx, actor, q.ClientID)
			return err
		})
	}
	return run, err
}

func (r *Room) plan(ctx context.Context, run Run, n int) error {
	at := r.clock.Now()
	if n <= AtOnce {
		at = at.Add(patience)
	}
	_, err := r.jobs.Enqueue(ctx, job.New{WorkspaceID: run.WorkspaceID, Kind: runJob, Args: run.ID, RunAt: at, UniqueKey: key(run)})
	return err
}

func key(run Run) string { return runJob + ":" + run.State + ":" + strconv.FormatInt(run.ID, 10) }

// named are the conversations of a request, ascending: the order in which they
// are locked.
func (r *Room) named(ctx context.Context, actor account.Actor, q Request) ([]int64, error) {
	const op = "bulk.Start"
	ids := slices.Clone(q.IDs)
	if q.Filter != nil {
		ids = nil
		f := *q.Filter
		f.Limit, f.Cursor = perPage, ""
		for {
			page, err := r.conversations.List(ctx, actor, f)
			if err != nil {
				return nil, err
			}
			for _, c := range page.Items {
				ids = append(ids, c.ID)
			}
			if len(ids) > Most {
				return nil, fault.InvalidField(op, "filter", "These are more than 5,000 conversations. Narrow the view, then do it in parts.")
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				break
			}
		}
	} else if len(ids) > AtOnce {
		return nil, fault.InvalidField(op, "ids", "Name at most 500 conversations, or all of a view.")
	}
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return nil, fault.InvalidField(op, "ids", "There is no conversation to change.")
	}
	return ids, nil
}

// Get returns a run of actor's and, of a small one, all its items; of a large
// one those that were refused or kept, at most AtOnce.
func (r *Room) Get(ctx context.Context, actor account.Actor, id int64) (Run, []Item, error) {
	const op = "bulk.Get"
	run, err := r.store.run(ctx, actor.WorkspaceID, id)
	if err == nil && run.AgentID != actor.AgentID {
		err = fault.New(op, fault.NotFound, "")
	}
	if err != nil {
		return Run{}, nil, fault.Wrap(op, err)
	}
	items, err := r.store.items(ctx, run, run.Total() > AtOnce)
	return run, items, fault.Wrap(op, err)
}

// Undo takes a run of actor's back, as far as it has come.
func (r *Room) Undo(ctx context.Context, actor account.Actor, id int64) (Run, error) {
	const op = "bulk.Undo"
	run, _, err := r.Get(ctx, actor, id)
	if err == nil && (run.State == Running || run.State == Done) {
		err = r.store.within(ctx, func(ctx context.Context) error {
			if err := r.store.turn(ctx, run); err != nil {
				return err
			}
			if err := r.jobs.Cancel(ctx, key(run)); err != nil {
				return err
			}
			undoing := run
			undoing.State = Undoing
			return r.plan(ctx, undoing, run.Total())
		})
		run.State = Undoing
	}
	if err == nil && run.State == Undoing && run.Total() <= AtOnce {
		err = r.finish(ctx, actor, run)
	}
	if err == nil {
		run, err = r.store.run(ctx, actor.WorkspaceID, id)
	}
	return run, fault.Wrap(op, err)
}

// goOn is the job: it makes what is left of a run, as who has asked for it may
// now.
func (r *Room) goOn(ctx context.Context, j job.Job) error {
	var id int64
	if err := j.Args(&id); err != nil {
		return err
	}
	run, err := r.store.run(ctx, j.WorkspaceID, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	actor, err := r.store.actor(ctx, run)
	if err != nil {
		return err
	}
	return r.finish(ctx, actor, run)
}

// finish makes or takes back what is left of a run, slice by slice.
func (r *Room) finish(ctx context.Context, actor account.Actor, run Run) error {
	from := map[string]string{Running: Waiting, Undoing: Changed}[run.State]
	if from == "" {
		return nil
	}
	ctx = conversation.Together(ctx, run.ID)
	for {
		items, err := r.store.next(ctx, run, from, slice)
		if err != nil {
			return err
		}
		if len(items) == 0 {
			break
		}
		if err := r.together(ctx, actor, run, from, items); err != nil {
			return err
		}
	}
	return r.store.within(ctx, func(ctx context.Context) error {
		ended, err := r.store.end(ctx, run)
		if err != nil || !ended {
			return err
		}
		return r.jobs.Cancel(ctx, key(run))
	})
}

// together makes a slice in one transaction. When one of it is refused, each
// gets its own.
func (r *Room) together(ctx context.Context, actor account.Actor, run Run, from string, items []Item) error {
	err := r.store.within(ctx, func(ctx context.Context) error {
		for _, item := range items {
			if err := r.one(ctx, actor, run, from, item); err != nil {
				return err
			}
		}
		return nil
	})
	if !refusal(err) {
		return err
	}
	for _, item := range items {
		if err := r.alone(ctx, actor, run, from, item); err != nil {
			return err
		}
	}
	return nil
}

const tries = 3 // of a conversation that somebody else changes at the same moment

func (r *Room) alone(ctx context.Context, actor account.Actor, run Run, from string, item Item) error {
	var err error
	for range tries {
		err = r.store.within(ctx, func(ctx context.Context) error { return r.one(ctx, actor, run, from, item) })
		if !fault.Is(err, fault.Conflict) {
			break
		}
	}
	if !refusal(err) {
		return err
	}
	item.State, item.Reason = Refused, cmp.Or(fault.MessageOf(err), "There is no such conversation.")
	if from == Changed {
		item.State = Kept
	}
	return r.store.within(ctx, func(ctx context.Context) error {
		if free, err := r.store.claim(ctx, run, from, item.ConversationID); err != nil || !free {
			return err
		}
		return r.store.settle(ctx, run, item)
	})
}

// refusal reports whether err is about the conversation and not about the
// database.
func refusal(err error) bool {
	return fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) || fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict)
}

// one makes or takes back one item, in the caller's transaction. An item that
// another has made meanwhile is left alone.
func (r *Room) one(ctx context.Context, actor account.Actor, run Run, from string, item Item) error {
	if free, err := r.store.claim(ctx, run, from, item.ConversationID); err != nil || !free {
		return err
	}
	now, _, err := r.conversations.Get(ctx, actor, item.ConversationID)
	if err != nil {
		return err
	}
	if from == Changed {
		if err := r.back(ctx, actor, run, &item, now); err != nil {
			return err
		}
		return r.store.settle(ctx, run, item)
	}
	item.Before = beforeOf(now)
	then, err := r.make(ctx, actor, run.Change, now)
	if err != nil {
		return err
	}
	if item.State = Changed; then.Version == now.Version {
		item.State = Same
	}
	return r.store.settle(ctx, run, item)
}

func (r *Room) back(ctx context.Context, actor account.Actor, run Run, item *Item, now conversation.Conversation) error {
	if !run.Change.stands(now) {
		item.State, item.Reason = Kept, "Somebody has changed it since."
		return nil
	}
	item.State = Back
	_, err := r.takeBack(ctx, actor, run.Change, item.Before, now)
	return err
}
