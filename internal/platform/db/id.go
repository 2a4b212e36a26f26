package db

import (
	"context"
	"sync"

	"rapport/internal/platform/fault"
)

const (
	idBlock         = 1000
	postgresIDBlock = 64
)

// ids hands out identifiers. On SQLite it counts in memory through blocks that
// are reserved in the database: an id below durable is safe to use anywhere,
// one above it only inside the transaction that reserves it.
type ids struct {
	mu      sync.Mutex
	next    int64
	limit   int64 // ids below are reserved in memory
	durable int64 // ids below are reserved on the disk
	ready   []int64
}

// NewID returns a positive integer below 2^53 that was never returned before
// and never will be again, also not after a deletion, a kill or a restore.
// Ids are not ordered across nodes.
func (d *DB) NewID(ctx context.Context) (int64, error) {
	if d.engine == Postgres {
		return d.newPostgresID(ctx)
	}
	for {
		if id, ok := d.ids.take(d.InTransaction(ctx)); ok {
			return id, nil
		}
		// The block is used up: an empty transaction reserves the next one.
		err := d.Within(ctx, func(context.Context) error { d.ids.grow(); return nil })
		if err != nil {
			return 0, fault.Wrap("db.NewID", err)
		}
	}
}

func (s *ids) take(inTx bool) (int64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if inTx && s.next >= s.limit {
		s.limit = s.next + idBlock
	}
	if s.next >= s.durable && !inTx {
		return 0, false
	}
	s.next++
	return s.next - 1, true
}

func (s *ids) grow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next >= s.durable {
		s.limit = s.next + idBlock
	}
}

// persist writes a grown limit inside the group that is about to commit.
func (s *ids) persist(ctx context.Context, w *writer) error {
	s.mu.Lock()
	limit, grown := s.limit, s.limit > s.durable
	s.mu.Unlock()
	if !grown {
		return nil
	}
	_, err := w.conn.ExecContext(ctx, "UPDATE id_counter SET next = $1", limit)
	return translate(err)
}

// persisted notes that the group which ran persist has been committed. Nothing
// can have grown the limit in between: only the writer's goroutine does.
func (s *ids) persisted() {
	s.mu.Lock()
	s.durable = s.limit
	s.mu.Unlock()
}

func (d *DB) loadIDs(ctx context.Context) error {
	if d.engine == Postgres {
		return nil
	}
	next, err := One(ctx, d, Int64, "SELECT next FROM id_counter")
	if err != nil {
		return fault.Wrap("db.loadIDs", err)
	}
	d.ids.mu.Lock()
	d.ids.next, d.ids.limit, d.ids.durable = next, next, next
	d.ids.mu.Unlock()
	return nil
}

// newPostgresID takes numbers from the sequence in small blocks. Inside a
// transaction it asks on that transaction's connection (a sequence does not
// roll back), and it never waits for a connection while it holds the lock:
// either would stop everybody once transactions hold the whole pool.
func (d *DB) newPostgresID(ctx context.Context) (int64, error) {
	if id, ok := d.ids.pop(); ok {
		return id, nil
	}
	block, err := All(ctx, d, Int64, "SELECT nextval('ids') FROM generate_series(1, $1)", postgresIDBlock)
	if err != nil {
		return 0, fault.Wrap("db.NewID", err)
	}
	d.ids.mu.Lock()
	defer d.ids.mu.Unlock()
	d.ids.ready = append(d.ids.ready, block[1:]...)
	return block[0], nil
}

func (s *ids) pop() (int64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ready) == 0 {
		return 0, false
	}
	id := s.ready[0]
	s.ready = s.ready[1:]
	return id, true
}

// HighestID is at least as high as every id that was given before the
// transaction in ctx, also on other nodes.
func (d *DB) HighestID(ctx context.Context) (int64, error) {
	id, err := One(ctx, d, Int64, d.Pick("SELECT next FROM id_counter", "SELECT last_value FROM ids"))
	return id, fault.Wrap("db.HighestID", err)
}

// SkipIDs makes every id given from now on higher than id. Only a restore does
// this, before anybody takes one.
func (d *DB) SkipIDs(ctx context.Context, id int64) error {
	const op = "db.SkipIDs"
	if d.engine == Postgres {
		_, err := All(ctx, d, Int64, "SELECT setval('ids', GREATEST($1, last_value)) FROM ids", id)
		d.ids.mu.Lock()
		d.ids.ready = nil
		d.ids.mu.Unlock()
		return fault.Wrap(op, err)
	}
	if _, err := Exec(ctx, d, "UPDATE id_counter SET next = MAX(next, $1)", id+1); err != nil {
		return fault.Wrap(op, err)
	}
	return d.loadIDs(ctx)
}
