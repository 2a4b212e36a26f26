package db

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"rapport/internal/platform/fault"
)

// seatKey is the number of PostgreSQL's advisory lock behind Seat.
const seatKey = 7257702

// Seat is a serving process's place at its database. It ends with the process,
// however that ends. On SQLite the lock on the data folder stands for it.
type Seat struct {
	// First: nobody else served when this process sat down, so every lease
	// that is left belongs to nobody.
	First bool

	d      *DB
	shared bool
	mu     sync.Mutex
	conn   *pgx.Conn // the lock lives as long as this connection, which is nobody else's
}

// Sit takes a seat, beside others that share or alone. It is a Conflict fault
// when others serve and one of them, or this one, does not share.
func (d *DB) Sit(ctx context.Context, shared bool) (*Seat, error) {
	s := &Seat{First: true, d: d, shared: shared}
	if d.engine != Postgres {
		return s, nil
	}
	err := s.takeSoon(ctx)
	if err != nil {
		return nil, fault.Wrap("db.Sit", err)
	}
	return s, nil
}

// takeSoon gives way to another process that sits down in the same moment and
// has the whole table for the blink of an eye.
func (s *Seat) takeSoon(ctx context.Context) (err error) {
	for tries := 1; ; tries++ {
		s.First, err = s.take(ctx)
		if !s.shared || tries == 10 || !fault.Is(err, fault.Conflict) {
			return err
		}
		select {
		case <-ctx.Done():
			return translate(ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// take tries for the whole table first, and then for a place at it.
func (s *Seat) take(ctx context.Context) (first bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, s.d.pg.Config().ConnConfig)
	if err != nil {
		return false, translate(err)
	}
	ask := func(query string, args ...any) (ok bool) {
		if err == nil {
			err = translate(conn.QueryRow(ctx, query, args...).Scan(&ok))
		}
		return ok
	}
	// A machine that has vanished without a word holds its lock no longer than
	// a lease would.
	for _, setting := range []string{"tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3"} {
		if err == nil {
			_, err = conn.Exec(ctx, "SET "+setting)
		}
	}
	first = ask("SELECT pg_try_advisory_lock($1)", seatKey)
	held := first
	if s.shared {
		held = ask("SELECT pg_try_advisory_lock_shared($1)", seatKey)
		if first {
			ask("SELECT pg_advisory_unlock($1)", seatKey)
		}
	}
	if err == nil && !held {
		err = fault.New("db.Sit", fault.Conflict, "another Rapport serves this database")
	}
	if err != nil {
		conn.Close(ctx)
		return false, err
	}
	s.conn = conn
	return first, nil
}

// Keep proves that the seat is still held, and takes it again after the
// connection was lost. Conflict says that somebody else sits there now: this
// process must not go on.
func (s *Seat) Keep(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.d.engine != Postgres {
		return nil
	}
	if s.conn != nil {
		if err := s.conn.Ping(ctx); err == nil {
			return nil
		}
		s.conn.Close(ctx)
		s.conn = nil
	}
	first := s.First
	err := s.takeSoon(ctx)
	s.First = first
	return fault.Wrap("db.Keep", err)
}

// Leave gives the seat up.
func (s *Seat) Leave(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil {
		return
	}
	_, _ = s.conn.Exec(ctx, "SELECT pg_advisory_unlock_all()") // the server sees the end of a connection a little later
	s.conn.Close(ctx)
	s.conn = nil
}
