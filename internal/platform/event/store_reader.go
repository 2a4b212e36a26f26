package event

import (
	"context"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// cursor is where a reader stands in a workspace's log.
type cursor struct {
	WorkspaceID int64
	Reader      string
	Seq         int64
	Failures    int
	RetryAt     time.Time
	Stopped     bool
	Error       string
	head        int64
}

func scanCursor(r db.Row) (cursor, error) {
	var c cursor
	var retry int64
	err := r.Scan(&c.WorkspaceID, &c.Reader, &c.Seq, &c.Failures, &retry, &c.Stopped, &c.Error, &c.head)
	c.RetryAt = db.Time(retry)
	return c, err
}

const cursorColumns = "r.workspace_id, r.reader, r.seq, r.failures, r.retry_at, r.stopped, r.error, h.seq"

// behind lists the cursors below the head of their log.
func (s store) behind(ctx context.Context) ([]cursor, error) {
	return db.All(ctx, s.d, scanCursor, "SELECT "+cursorColumns+" FROM event_heads h JOIN readers r ON r.workspace_id = h.workspace_id WHERE r.seq < h.seq")
}

func (s store) cursors(ctx context.Context, workspaceID int64) ([]cursor, error) {
	return db.All(ctx, s.d, scanCursor, "SELECT "+cursorColumns+" FROM readers r JOIN event_heads h ON h.workspace_id = r.workspace_id WHERE r.workspace_id = $1 ORDER BY r.reader", workspaceID)
}

// missing adds the cursors that do not exist yet, at the head or at 0.
func (s store) missing(ctx context.Context, reader string, atHead bool) error {
	start := "0"
	if atHead {
		start = "h.seq"
	}
	return db.Do(ctx, s.d, `INSERT INTO readers (workspace_id, reader, seq) SELECT h.workspace_id, $1, `+start+` FROM event_heads h
		WHERE NOT EXISTS (SELECT 1 FROM readers r WHERE r.workspace_id = h.workspace_id AND r.reader = $1)
		ON CONFLICT (workspace_id, reader) DO NOTHING`, reader)
}

// advance moves a cursor by compare-and-set; false means another node was
// there first.
func (s store) advance(ctx context.Context, c cursor, to int64) (bool, error) {
	n, err := db.Exec(ctx, s.d, `UPDATE readers SET seq = $1, failures = 0, retry_at = 0, error = '' WHERE workspace_id = $2 AND reader = $3 AND seq = $4`,
		to, c.WorkspaceID, c.Reader, c.Seq)
	return n == 1, err
}

func (s store) noteFailure(ctx context.Context, c cursor, retryAt time.Time, stopped bool, reason string) error {
	return db.Do(ctx, s.d, `UPDATE readers SET failures = failures + 1, retry_at = $1, stopped = $2, error = $3 WHERE workspace_id = $4 AND reader = $5 AND seq = $6`,
		db.Micros(retryAt), stopped, reason, c.WorkspaceID, c.Reader, c.Seq)
}

func (s store) rewind(ctx context.Context, workspaceID int64, reader string) error {
	return db.Do(ctx, s.d, `UPDATE readers SET seq = 0, failures = 0, retry_at = 0, stopped = FALSE, error = '' WHERE workspace_id = $1 AND reader = $2`, workspaceID, reader)
}

func (s store) park(ctx context.Context, p Parked) error {
	return db.Do(ctx, s.d, `INSERT INTO parked_events (workspace_id, reader, seq, error, at) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (workspace_id, reader, seq) DO UPDATE SET error = excluded.error, at = excluded.at`,
		p.WorkspaceID, p.Reader, p.Seq, p.Error, db.Micros(p.At))
}

func (s store) unpark(ctx context.Context, workspaceID int64, reader string, seq int64) error {
	n, err := db.Exec(ctx, s.d, "DELETE FROM parked_events WHERE workspace_id = $1 AND reader = $2 AND seq = $3", workspaceID, reader, seq)
	if err == nil && n == 0 {
		return fault.New("event.unpark", fault.NotFound, "This event is not parked.")
	}
	return err
}

func (s store) parked(ctx context.Context, workspaceID int64) ([]Parked, error) {
	return db.All(ctx, s.d, func(r db.Row) (Parked, error) {
		var p Parked
		var at int64
		err := r.Scan(&p.WorkspaceID, &p.Reader, &p.Seq, &p.Kind, &p.Error, &at)
		p.At = db.Time(at)
		return p, err
	}, `SELECT p.workspace_id, p.reader, p.seq, e.kind, p.error, p.at FROM parked_events p
		JOIN events e ON e.workspace_id = p.workspace_id AND e.seq = p.seq WHERE p.workspace_id = $1 ORDER BY p.at DESC, p.seq DESC LIMIT 200`, workspaceID)
}

func (s store) once(ctx context.Context, reader string, e Event, effect string) (bool, error) {
	n, err := db.Exec(ctx, s.d, `INSERT INTO reader_effects (workspace_id, reader, seq, effect) VALUES ($1,$2,$3,$4) ON CONFLICT (workspace_id, reader, seq, effect) DO NOTHING`,
		e.WorkspaceID, reader, e.Seq, effect)
	return n == 1, err
}

// background marks ctx for the lane behind people and doors.
func background(ctx context.Context) context.Context { return db.Background(ctx) }
