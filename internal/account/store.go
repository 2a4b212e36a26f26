package account

import (
	"context"
	"time"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// New makes the room on a database that has been migrated. secrets seals the
// secrets of second steps.
func New(d *db.DB, log *event.Log, secrets Sealer, c clock.Clock) *Room {
	return newRoom(store{d}, log, secrets, c)
}

// store holds the room's SQL. Its methods join the transaction of ctx.
type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

func (s store) inBackground(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(db.Background(ctx), fn)
}

func (s store) inTransaction(ctx context.Context) bool     { return s.d.InTransaction(ctx) }
func (s store) afterCommit(ctx context.Context, fn func()) { s.d.AfterCommit(ctx, fn) }
func (s store) newID(ctx context.Context) (int64, error)   { return s.d.NewID(ctx) }

func (s store) exec(ctx context.Context, query string, args ...any) error {
	return db.Do(ctx, s.d, query, args...)
}

// must is exec of a statement that has to change a row: none is NotFound.
func (s store) must(ctx context.Context, query string, args ...any) error {
	n, err := db.Exec(ctx, s.d, query, args...)
	if err == nil && n == 0 {
		return fault.New("account.store", fault.NotFound, "")
	}
	return err
}

func (s store) ids(ctx context.Context, query string, args ...any) ([]int64, error) {
	return db.All(ctx, s.d, db.Int64, query, args...)
}

// bytes is b for a column that takes no NULL.
func bytes(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

const workspaceColumns = "id, name, language, system_inbox_id, created_at"

func scanWorkspace(r db.Row) (w Workspace, err error) {
	var created int64
	err = r.Scan(&w.ID, &w.Name, &w.Language, &w.SystemInboxID, &created)
	w.CreatedAt = db.Time(created)
	return w, err
}

func (s store) workspace(ctx context.Context, id int64) (Workspace, error) {
	return db.One(ctx, s.d, scanWorkspace, "SELECT "+workspaceColumns+" FROM workspaces WHERE id = $1", id)
}

func (s store) workspaces(ctx context.Context) ([]Workspace, error) {
	return db.All(ctx, s.d, scanWorkspace, "SELECT "+workspaceColumns+" FROM workspaces ORDER BY id")
}

func (s store) insertWorkspace(ctx context.Context, w Workspace) error {
	return s.exec(ctx, "INSERT INTO workspaces ("+workspaceColumns+", access_version) VALUES ($1, $2, $3, $4, $5, 1)",
		w.ID, w.Name, w.Language, w.SystemInboxID, db.Micros(w.CreatedAt))
}

func (s store) updateWorkspace(ctx context.Context, w Workspace) error {
	return s.must(ctx, "UPDATE workspaces SET name = $2, language = $3, system_inbox_id = $4 WHERE id = $1",
		w.ID, w.Name, w.Language, w.SystemInboxID)
}

// lockWorkspace makes changes to one workspace's people wait for each other.
func (s store) lockWorkspace(ctx context.Context, id int64) error {
	return s.must(ctx, "UPDATE workspaces SET access_version = access_version WHERE id = $1", id)
}

// lockAccess is lockWorkspace for a change of who sees what.
func (s store) lockAccess(ctx context.Context, id int64) error {
	return s.must(ctx, "UPDATE workspaces SET access_version = access_version + 1 WHERE id = $1", id)
}

func (s store) setupDone(ctx context.Context) (bool, error) {
	n, err := db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM setup_done")
	return n > 0, err
}

// markSetUp reports whether this call is the one that sets up, and ends all
// setup links.
func (s store) markSetUp(ctx context.Context, workspaceID int64) (first bool, err error) {
	n, err := db.Exec(ctx, s.d, "INSERT INTO setup_done (one, workspace_id) VALUES (1, $1) ON CONFLICT (one) DO NOTHING", workspaceID)
	if err != nil || n == 0 {
		return false, err
	}
	return true, s.exec(ctx, "DELETE FROM account_links WHERE kind = $1", linkSetup)
}

// sweep deletes what is over at the given times.
func (s store) sweep(ctx context.Context, now, idle, limit, attempts time.Time) error {
	for _, q := range []struct {
		text string
		args []any
	}{
		{"DELETE FROM account_links WHERE expires_at <= $1", []any{db.Micros(now)}},
		{"DELETE FROM sessions WHERE last_seen_at < $1 OR created_at < $2", []any{db.Micros(idle), db.Micros(limit)}},
		{"DELETE FROM attempts WHERE last_at < $1 AND blocked_until < $2", []any{db.Micros(attempts), db.Micros(now)}},
	} {
		if err := s.exec(ctx, q.text, q.args...); err != nil {
			return err
		}
	}
	return nil
}
