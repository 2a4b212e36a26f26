package db

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"sync"
	"time"

	"rapport/internal/platform/fault"
)

// Snapshot runs fn in a reading transaction that travels in fn's context: all
// it reads, it reads as it was at one moment. Writers go on meanwhile, on both
// engines. fn may take long, and is never run again.
//
// On SQLite nothing can be taken out of the WAL while a snapshot is open, so it
// grows. A writer who finds it full would have to copy all of it in one commit
// with everybody waiting; so it leaves that alone until a connection of our own
// has done it beside the writer. Beyond walLimit the snapshot is
// taken away from fn, whose context ends, even while fn waits for something.
func (d *DB) Snapshot(ctx context.Context, fn func(ctx context.Context) error) error {
	const op = "db.Snapshot"
	if d.InTransaction(ctx) {
		return fault.New(op, fault.Internal, "a snapshot is taken inside a transaction")
	}
	if d.engine == Postgres {
		return fault.Wrap(op, d.snapshotPostgres(ctx, fn))
	}
	release, err := d.letWALGrow(ctx)
	if err != nil {
		return fault.Wrap(op, err)
	}
	defer release()
	return fault.Wrap(op, d.snapshotSQLite(ctx, release, fn))
}

func (d *DB) snapshotPostgres(ctx context.Context, fn func(ctx context.Context) error) error {
	conn, err := d.pg.Acquire(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Release()
	s := newPgSession(conn.Conn(), "begin isolation level repeatable read read only")
	defer s.rollback(ctx)
	t := &tx{d: d, s: s, ctx: ctx}
	return t.run(ctx, func(ctx context.Context) error {
		if err := t.later("SET LOCAL "+idleTimeout+" = 0", nil); err != nil { // who reads writes elsewhere meanwhile
			return err
		}
		if _, err := t.exec("SELECT 1", nil); err != nil { // the moment is that of the first query
			return err
		}
		return fn(ctx)
	})
}

// snapshotSQLite reads on a connection of its own: the pool has few.
func (d *DB) snapshotSQLite(ctx context.Context, release func(), fn func(ctx context.Context) error) error {
	pool, conn, err := d.aside(ctx, "_pragma=query_only(1)", "_pragma=cell_size_check(1)")
	if err != nil {
		return err
	}
	defer pool.Close()
	defer conn.Close()
	for _, q := range []string{"BEGIN", "SELECT COUNT(*) FROM sqlite_master"} { // the moment is that of the first reading
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return translate(err)
		}
	}
	end := sync.OnceFunc(func() { conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") })
	defer end()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go d.watchWAL(ctx, func(why error) {
		stop(why)
		end()
		release()
	})
	t := &tx{d: d, s: liteSession{q: conn}, ctx: ctx}
	err = t.run(ctx, fn)
	if why := context.Cause(ctx); why != nil && ctx.Err() != nil && fault.Is(why, fault.Unavailable) {
		return why
	}
	return err
}

// How far the WAL may grow under a snapshot: so far, or as far as the database
// is large.
const (
	walLimit = 1 << 30
	walLook  = time.Second
)

// watchWAL calls tooLong when the WAL has grown too far before ctx ends.
func (d *DB) watchWAL(ctx context.Context, tooLong func(error)) {
	limit, look := int64(walLimit), walLook
	if d.growth.limit > 0 {
		limit, look = d.growth.limit, time.Millisecond
	} else if info, err := os.Stat(d.file); err == nil {
		limit = max(limit, info.Size())
	}
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if info, err := os.Stat(d.file + "-wal"); err == nil && info.Size() > limit {
			tooLong(fault.Newf("db.Snapshot", fault.Unavailable, "This took too long: %d MB were written meanwhile, and the disk must not fill. Try again at a quieter time.", info.Size()>>20))
			return
		}
	}
}

// aside opens one connection to the SQLite file beside the writer's and the pool.
func (d *DB) aside(ctx context.Context, pragmas ...string) (*sql.DB, *sql.Conn, error) {
	pool, err := sql.Open("sqlite", sqliteAddress(d.file, pragmas...))
	if err != nil {
		return nil, nil, translate(err)
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err != nil {
		pool.Close()
		return nil, nil, translate(err)
	}
	return pool, conn, nil
}

// walGrowth counts the snapshots that keep the writer from emptying the WAL.
type walGrowth struct {
	mu    sync.Mutex
	open  int
	limit int64 // of a test; 0: walLimit
}

func (d *DB) letWALGrow(ctx context.Context) (release func(), err error) {
	d.growth.mu.Lock()
	defer d.growth.mu.Unlock()
	if d.growth.open == 0 {
		if _, err := Exec(ctx, d, "PRAGMA wal_autocheckpoint(0)"); err != nil {
			return nil, err
		}
	}
	d.growth.open++
	return sync.OnceFunc(func() {
		d.growth.mu.Lock()
		defer d.growth.mu.Unlock()
		if d.growth.open--; d.growth.open > 0 {
			return
		}
		ctx := context.WithoutCancel(ctx)
		if err := d.emptyWAL(ctx); err != nil {
			slog.Warn("the write-ahead log was not emptied beside the writer", "error", err)
		}
		if _, err := Exec(ctx, d, ordinaryCheckpoint); err != nil {
			slog.Warn("the write-ahead log is no longer emptied by itself until the next start", "error", err)
		}
	}), nil
}

// emptyWAL copies what is in the WAL into the database, beside the writer.
func (d *DB) emptyWAL(ctx context.Context) error {
	pool, conn, err := d.aside(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	defer conn.Close()
	for range 3 { // what was written meanwhile is less each time
		if _, err := conn.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
			return translate(err)
		}
	}
	return nil
}
