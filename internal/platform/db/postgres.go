package db

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"rapport/internal/platform/fault"
)

// A process that is stopped inside a transaction keeps its locks for this many
// milliseconds, as long as a lease; then the others go on.
const (
	idleTimeout = "idle_in_transaction_session_timeout"
	idleAtMost  = "30000"
)

func openPostgres(ctx context.Context, o Options) (*DB, error) {
	const op = "db.Open"
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fault.As(op, fault.Invalid, "RAPPORT_DATABASE_URL is not an address of a PostgreSQL database.", err)
	}
	settings := config.ConnConfig.RuntimeParams
	if settings[idleTimeout] == "" {
		settings[idleTimeout] = idleAtMost
	}
	config.MaxConns = 16
	if o.Readers > 0 {
		config.MaxConns = int32(o.Readers)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fault.Wrap(op, translate(err))
	}
	d := &DB{engine: Postgres, pg: pool, reading: pgReader{pool}}
	if err := d.Ping(ctx); err != nil {
		pool.Close()
		return nil, fault.Wrap(op, err)
	}
	return d, nil
}

const postgresAttempts = 6

// pgReader asks outside transactions, each question on any connection.
type pgReader struct{ pool *pgxpool.Pool }

func (r pgReader) query(ctx context.Context, query string, args []any) (found rows, err error) {
	err = r.again(ctx, func() error {
		found, err = answered(r.pool.Query(ctx, query, args...))
		return err
	})
	return found, err
}

func (r pgReader) gather(ctx context.Context, questions []Question) error {
	return r.again(ctx, func() error {
		var all pgx.Batch
		queue(&all, questions)
		return takeAll(r.pool.SendBatch(ctx, &all), 0, questions)
	})
}

// again repeats ask over other connections: the server may have ended this one.
func (r pgReader) again(ctx context.Context, ask func() error) error {
	for tries := 1; ; tries++ {
		err := ask()
		if !broken(err) || tries == postgresAttempts || ctx.Err() != nil {
			return err
		}
		r.pool.Reset() // it has ended the others too
	}
}

func queue(all *pgx.Batch, questions []Question) {
	for _, q := range questions {
		query, args := q.text()
		all.Queue(query, args...)
	}
}

// takeAll brings the answers to their questions, after those of the first
// statements, which have none.
func takeAll(answers pgx.BatchResults, first int, questions []Question) (err error) {
	defer func() { err = cmp.Or(err, answers.Close()) }()
	for range first {
		if _, err := answers.Exec(); err != nil {
			return err
		}
	}
	for _, q := range questions {
		found, err := answered(answers.Query())
		if err != nil {
			return err
		}
		if err := q.take(found); err != nil {
			return err
		}
	}
	return nil
}

// pgSession is a transaction. What needs no answer waits, and is sent together
// with the next question or with the commit: each way to the server and back
// costs more than most statements do.
type pgSession struct {
	conn    *pgx.Conn
	waiting pgx.Batch // begins with the transaction's own beginning
	begun   bool      // something has been sent
}

// mostWaiting bounds the memory of a transaction that writes very much.
const mostWaiting = 64

func newPgSession(conn *pgx.Conn, begin string) *pgSession {
	s := &pgSession{conn: conn}
	s.waiting.Queue(begin)
	return s
}

func (s *pgSession) later(ctx context.Context, query string, args []any) error {
	s.waiting.Queue(query, args...)
	if s.waiting.Len() < mostWaiting {
		return nil
	}
	_, err := s.flush(ctx)
	return err
}

func (s *pgSession) exec(ctx context.Context, query string, args []any) (int64, error) {
	s.waiting.Queue(query, args...)
	last, err := s.flush(ctx)
	return last.RowsAffected(), err
}

// flush sends what waits and returns the answer to its last statement.
func (s *pgSession) flush(ctx context.Context) (last pgconn.CommandTag, err error) {
	answers, n := s.send(ctx)
	for ; n > 0 && err == nil; n-- {
		last, err = answers.Exec()
	}
	return last, cmp.Or(err, answers.Close())
}

func (s *pgSession) send(ctx context.Context) (pgx.BatchResults, int) {
	sent := s.waiting
	s.waiting, s.begun = pgx.Batch{}, true
	return s.conn.SendBatch(ctx, &sent), sent.Len()
}

func (s *pgSession) query(ctx context.Context, query string, args []any) (rows, error) {
	if s.waiting.Len() == 0 {
		return answered(s.conn.Query(ctx, query, args...))
	}
	s.waiting.Queue(query, args...)
	answers, n := s.send(ctx)
	for ; n > 1; n-- {
		if _, err := answers.Exec(); err != nil {
			answers.Close()
			return nil, err
		}
	}
	found, err := answered(answers.Query())
	if err != nil {
		answers.Close()
		return nil, err
	}
	return rowsOfBatch{found, answers}, nil
}

func (s *pgSession) gather(ctx context.Context, questions []Question) error {
	first := s.waiting.Len()
	queue(&s.waiting, questions)
	answers, _ := s.send(ctx)
	return takeAll(answers, first, questions)
}

// commit ends the transaction; one that has sent nothing but its beginning
// never was. An error of a connection may come after the commit was done.
func (s *pgSession) commit(ctx context.Context) error {
	if !s.begun && s.waiting.Len() == 1 {
		return nil
	}
	s.waiting.Queue("commit")
	last, err := s.flush(ctx)
	if err == nil && last.String() == "ROLLBACK" {
		err = pgx.ErrTxCommitRollback
	}
	if err != nil {
		return translate(&uncertain{err})
	}
	return nil
}

// rollback gives up what was sent, also when the caller has gone away.
func (s *pgSession) rollback(ctx context.Context) {
	s.waiting = pgx.Batch{}
	if s.conn.IsClosed() || s.conn.PgConn().TxStatus() == 'I' {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if _, err := s.conn.Exec(ctx, "rollback"); err != nil && !broken(err) {
		slog.Warn("a transaction was not rolled back; its connection is closed", "error", err) // by the pool
	}
}

// pgRows are the rows of an answer, of which the first is there already: an
// error of the question shows with it.
type pgRows struct {
	pgx.Rows
	first, taken bool
}

func answered(found pgx.Rows, err error) (rows, error) {
	if err != nil {
		return nil, err
	}
	r := &pgRows{Rows: found, first: found.Next()}
	if err := found.Err(); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *pgRows) Next() bool {
	if !r.taken {
		r.taken = true
		return r.first
	}
	return r.Rows.Next()
}

func (r *pgRows) Close() error {
	r.Rows.Close()
	return nil
}

// rowsOfBatch are rows of a question that was sent with other statements.
type rowsOfBatch struct {
	rows
	batch pgx.BatchResults
}

func (r rowsOfBatch) Close() error { return cmp.Or(r.rows.Close(), r.batch.Close()) }
