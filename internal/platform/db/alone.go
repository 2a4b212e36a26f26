package db

import (
	"context"
	"sync"

	"rapport/internal/platform/fault"
)

// aloneKey is the number of PostgreSQL's advisory lock behind Alone.
const aloneKey = 7257702

// Alone makes this the only serving process of the database until release is
// called or the process dies; another one is a Conflict fault. On SQLite the
// lock on the data folder sees to that.
func (d *DB) Alone(ctx context.Context) (release func(), err error) {
	const op = "db.Alone"
	if d.engine != Postgres {
		return func() {}, nil
	}
	conn, err := d.pool.Conn(ctx) // the lock lives as long as this connection
	if err != nil {
		return nil, fault.Wrap(op, translate(err))
	}
	var mine bool
	if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", aloneKey).Scan(&mine); err != nil {
		conn.Close()
		return nil, fault.Wrap(op, translate(err))
	}
	if !mine {
		conn.Close()
		return nil, fault.New(op, fault.Conflict, "Another Rapport serves this database already. Several nodes need a shared bus and shared files, which this version does not have; stop the other one first.")
	}
	return sync.OnceFunc(func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", aloneKey)
		conn.Close()
	}), nil
}
