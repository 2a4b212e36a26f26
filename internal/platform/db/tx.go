package db

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"rapport/internal/platform/fault"
)

type txKey struct{ d *DB }

// tx is one operation's transaction. It belongs to the goroutine that runs the
// operation's function.
type tx struct {
	d         *DB
	s         session
	ctx       context.Context // on SQLite never cancelled: a cancelled statement would roll back a whole group
	failed    error           // the first error; every later use and the commit are refused
	ended     bool
	after     []func()
	collected []any
}

func txOf(ctx context.Context, d *DB) *tx {
	t, _ := ctx.Value(txKey{d}).(*tx)
	return t
}

func (t *tx) doom(err error) {
	if t.failed == nil {
		t.failed = err
	}
}

// usable refuses a context kept beyond its transaction and a transaction that
// has already failed (PostgreSQL would refuse it, so SQLite does too).
func (t *tx) usable() error {
	if t.ended {
		return fault.As("db", fault.Internal, "", errEnded)
	}
	if t.failed != nil {
		return fault.As("db", fault.KindOf(t.failed), "", fmt.Errorf("the transaction has failed already: %w", t.failed))
	}
	return nil
}

func (t *tx) exec(query string, args []any) (n int64, err error) {
	if err := t.usable(); err != nil {
		return 0, err
	}
	if n, err = t.s.exec(t.ctx, query, args); err != nil {
		err = translate(err)
		t.doom(err)
	}
	return n, err
}

func (t *tx) later(query string, args []any) error {
	if err := t.usable(); err != nil {
		return err
	}
	err := translate(t.s.later(t.ctx, query, args))
	if err != nil {
		t.doom(err)
	}
	return err
}

func (t *tx) query(query string, args []any) (rows, error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	found, err := t.s.query(t.ctx, query, args)
	if err != nil {
		err = translate(err)
		t.doom(err)
	}
	return found, err
}

// Within runs fn in a transaction that travels in fn's context and commits it
// when fn returns nil. An inner Within joins the outer one, and an error inside
// dooms the outer one even when it is swallowed.
//
// fn may run more than once, does no parsing, hashing or file I/O, starts no
// goroutine that uses its context, and leaves effects on memory, the bus and
// files to AfterCommit. When Within returns nil the data is on the disk.
func (d *DB) Within(ctx context.Context, fn func(ctx context.Context) error) error {
	if t := txOf(ctx, d); t != nil {
		if err := t.usable(); err != nil {
			return err
		}
		err := fn(ctx)
		if err != nil {
			t.doom(err)
		}
		return err
	}
	var after []func()
	var err error
	if d.writer != nil {
		after, err = d.writer.submit(ctx, fn)
	} else {
		after, err = d.withinPostgres(ctx, fn)
	}
	if err != nil {
		return err
	}
	for _, f := range after {
		f()
	}
	return nil
}

// InTransaction reports whether ctx carries a transaction of d.
func (d *DB) InTransaction(ctx context.Context) bool { return txOf(ctx, d) != nil }

// AfterCommit runs f in the caller's goroutine after the transaction in ctx
// has been committed; never when it is rolled back; at once without one.
func (d *DB) AfterCommit(ctx context.Context, f func()) {
	if t := txOf(ctx, d); t != nil {
		t.after = append(t.after, f)
		return
	}
	f()
}

// Collect hands item to the function set with OnClose, which sees everything
// collected by the operations that are about to be committed together. The
// event log uses it to number events.
func (d *DB) Collect(ctx context.Context, item any) error {
	t := txOf(ctx, d)
	if t == nil {
		return fault.New("db.Collect", fault.Internal, "there is no transaction in this context")
	}
	if err := t.usable(); err != nil {
		return err
	}
	t.collected = append(t.collected, item)
	return nil
}

// OnClose sets the function that runs once before each commit with what was
// collected, in order. It is set once, before the first write.
func (d *DB) OnClose(fn func(ctx context.Context, items []any) error) { d.onEnd.Store(&fn) }

// run calls fn and reports its error, its panic, or an earlier failed
// statement that fn swallowed.
func (t *tx) run(ctx context.Context, fn func(context.Context) error) (err error) {
	defer func() {
		t.ended = true
		if p := recover(); p != nil {
			slog.Error("panic in a transaction", "panic", p, "stack", string(debug.Stack()))
			err = fault.As("db.Within", fault.Internal, "", fmt.Errorf("panic in a transaction: %v", p))
		}
		if err == nil {
			err = t.failed
		}
	}()
	return fn(context.WithValue(ctx, txKey{t.d}, t))
}

// close runs the OnClose function over items inside the still open transaction
// t was a part of.
func (d *DB) close(ctx context.Context, s session, items []any) error {
	fn := d.onEnd.Load()
	if fn == nil || len(items) == 0 {
		return nil
	}
	t := &tx{d: d, s: s, ctx: context.WithoutCancel(ctx)}
	return t.run(ctx, func(ctx context.Context) error { return (*fn)(ctx, items) })
}

func (d *DB) withinPostgres(ctx context.Context, fn func(context.Context) error) (after []func(), err error) {
	for attempt := range postgresAttempts {
		if after, err = d.tryPostgres(ctx, fn); err == nil || !retryable(err) {
			return after, err
		}
		if broken(err) {
			d.pg.Reset() // the server has ended the others too
		}
		pause := time.Duration(rand.Int64N(int64(4*time.Millisecond) << attempt))
		select {
		case <-ctx.Done():
			return nil, translate(ctx.Err())
		case <-time.After(pause):
		}
	}
	return nil, err
}

func (d *DB) tryPostgres(ctx context.Context, fn func(context.Context) error) ([]func(), error) {
	conn, err := d.pg.Acquire(ctx)
	if err != nil {
		return nil, translate(err)
	}
	defer conn.Release()
	s := newPgSession(conn.Conn(), "begin")
	defer s.rollback(ctx) // nothing after the commit
	t := &tx{d: d, s: s, ctx: ctx}
	if err := t.run(ctx, fn); err != nil {
		return nil, err
	}
	if err := d.close(ctx, s, t.collected); err != nil {
		return nil, err
	}
	return t.after, s.commit(ctx)
}
