package db

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"time"

	"rapport/internal/platform/fault"
)

// A group takes this many operations or this much work, whichever comes first.
// Where a commit takes longer than that, so may the work: half of the time is
// then spent on work, however slow the disk or busy the machine.
const (
	groupSize = 64
	groupWork = 5 * time.Millisecond
	mostWork  = 50 * time.Millisecond
)

// writer is SQLite's single writer. One goroutine owns the connection, so an
// operation's function never meets another one.
type writer struct {
	d     *DB
	pool  *sql.DB
	conn  *sql.Conn
	stmts stmtCache
	front chan *operation // people and doors
	back  chan *operation // readers, imports, rebuilds
	work  time.Duration   // groupWork, but for tests
	flush time.Duration   // how long the last commit took
	rest  chan struct{}   // the WAL is copied but for what came last
	quit  chan struct{}
	once  sync.Once
	ended chan struct{}
}

type operation struct {
	ctx   context.Context
	fn    func(context.Context) error
	after []func()
	err   error
	done  chan struct{}
}

type laneKey struct{}

// Background marks ctx so that its transactions wait behind those of people
// and doors.
func Background(ctx context.Context) context.Context {
	return context.WithValue(ctx, laneKey{}, true)
}

func newWriter(d *DB, pool *sql.DB, conn *sql.Conn) *writer {
	w := &writer{d: d, pool: pool, conn: conn, work: groupWork,
		front: make(chan *operation, 4*groupSize), back: make(chan *operation, groupSize),
		rest: make(chan struct{}, 1), quit: make(chan struct{}), ended: make(chan struct{})}
	go w.loop()
	return w
}

// submit queues fn and waits for its outcome. The caller's cancellation counts
// until its savepoint opens; from then on the outcome is awaited.
func (w *writer) submit(ctx context.Context, fn func(context.Context) error) ([]func(), error) {
	op := &operation{ctx: ctx, fn: fn, done: make(chan struct{})}
	lane := w.front
	if ctx.Value(laneKey{}) != nil {
		lane = w.back
	}
	select {
	case lane <- op:
	case <-ctx.Done():
		return nil, translate(ctx.Err())
	case <-w.quit:
		return nil, errClosed()
	}
	select {
	case <-op.done:
	case <-w.ended: // closed while it waited in the queue
		select {
		case <-op.done:
		default:
			return nil, errClosed()
		}
	}
	return op.after, op.err
}

func errClosed() error {
	return fault.New("db.Within", fault.Unavailable, "The server is stopping; nothing was changed.")
}

func (w *writer) stop() {
	w.once.Do(func() { close(w.quit) })
	<-w.ended
}

func (w *writer) close() error {
	w.stmts.close()
	w.conn.Close() // once more is no error worth telling
	return w.pool.Close()
}

func (w *writer) loop() {
	defer close(w.ended)
	for {
		op := w.wait()
		if op == nil {
			return
		}
		w.group(op)
	}
}

// wait blocks for the next operation, people first; nil means the end, with
// both queues empty.
func (w *writer) wait() *operation {
	for {
		select {
		case <-w.rest:
			w.checkpoint()
		default:
		}
		if op := w.poll(true); op != nil {
			return op
		}
		select {
		case op := <-w.front:
			return op
		case op := <-w.back:
			return op
		case <-w.rest:
			w.checkpoint()
		case <-w.quit:
			return w.poll(true)
		}
	}
}

// copyRest has the writer copy the rest of the WAL between two groups.
func (w *writer) copyRest() {
	select {
	case w.rest <- struct{}{}:
	default:
	}
}

// checkpoint leaves nothing in the WAL, so that the next group may begin it anew.
func (w *writer) checkpoint() {
	if _, err := w.conn.ExecContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
		slog.Warn("the end of the write-ahead log was not copied", "error", err)
	}
}

func (w *writer) poll(back bool) *operation {
	select {
	case op := <-w.front:
		return op
	default:
	}
	if back {
		select {
		case op := <-w.back:
			return op
		default:
		}
	}
	return nil
}

// group runs first and what has queued behind it in one transaction and
// acknowledges all of it after the commit.
func (w *writer) group(first *operation) {
	ctx := context.Background()
	if err := w.raw(ctx, "BEGIN IMMEDIATE"); err != nil {
		finish([]*operation{first}, translate(err))
		return
	}
	var done []*operation
	var collected []any
	start, patience := time.Now(), max(w.work, min(w.flush, mostWork))
	backTaken := false
	for op := first; op != nil; {
		items, broken := w.operate(ctx, op)
		if broken != nil {
			w.raw(ctx, "ROLLBACK")
			finish(append(done, op), broken)
			return
		}
		if op.err != nil {
			close(op.done)
		} else {
			collected = append(collected, items...)
			done = append(done, op)
		}
		if len(done) >= groupSize || time.Since(start) > patience {
			break
		}
		// The last place of a full group goes to the back lane, so that a
		// busy front lane never starves it.
		last := len(done) == groupSize-1 && !backTaken
		if op = nil; last {
			op = w.pollBack()
		}
		if op == nil {
			op = w.poll(true)
		}
		backTaken = backTaken || op != nil && op.ctx.Value(laneKey{}) != nil
	}
	w.commit(ctx, done, collected)
}

func (w *writer) pollBack() *operation {
	select {
	case op := <-w.back:
		return op
	default:
		return nil
	}
}

func (w *writer) commit(ctx context.Context, done []*operation, collected []any) {
	err := w.d.close(ctx, liteSession{w.conn, &w.stmts}, collected)
	if err == nil {
		err = w.d.ids.persist(ctx, w)
	}
	if err == nil {
		start := time.Now()
		err = translate(w.raw(ctx, "COMMIT"))
		w.flush = time.Since(start)
	}
	if err != nil {
		w.raw(ctx, "ROLLBACK")
	} else {
		w.d.ids.persisted()
		w.d.copier.ring()
	}
	finish(done, err)
}

// operate runs one operation under its savepoint. A returned error means that
// the whole transaction is lost; the operation's own failure is in op.err.
func (w *writer) operate(ctx context.Context, op *operation) (collected []any, broken error) {
	if err := op.ctx.Err(); err != nil {
		op.err = translate(err)
		return nil, nil
	}
	if err := w.raw(ctx, "SAVEPOINT op"); err != nil {
		return nil, translate(err)
	}
	t := &tx{d: w.d, s: liteSession{w.conn, &w.stmts}, ctx: ctx}
	if op.err = t.run(op.ctx, op.fn); op.err != nil {
		if err := w.raw(ctx, "ROLLBACK TO op"); err != nil {
			return nil, fault.As("db.Within", fault.Unavailable, "The database refused to undo a failed change; nothing of this group was kept. Please try again.", err)
		}
	}
	if err := w.raw(ctx, "RELEASE op"); err != nil {
		return nil, translate(err)
	}
	op.after = t.after
	return t.collected, nil
}

// raw runs a transaction statement on the writer's connection.
func (w *writer) raw(ctx context.Context, query string) error {
	return liteSession{w.conn, &w.stmts}.later(ctx, query, nil)
}

func finish(ops []*operation, err error) {
	for _, op := range ops {
		if err != nil {
			op.err = err
		}
		close(op.done)
	}
}
