package operation

import (
	"context"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store is the database where answers to repeatable requests are kept.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

// idempotent names a repeatable request.
type idempotent struct {
	workspaceID, agentID int64
	route, key           string
}

// done stands for the answer of what was done once and is only remembered as
// done.
const done = "done"

// mark notes that something is done, or reports that it was. It forgets what
// was done before expired.
func (s store) mark(ctx context.Context, k idempotent, now, expired time.Time) (first bool, err error) {
	if err := db.Do(ctx, s.d, "DELETE FROM idempotent_requests WHERE created_at < $1", db.Micros(expired)); err != nil {
		return false, err
	}
	n, err := db.Exec(ctx, s.d, `INSERT INTO idempotent_requests (workspace_id, agent_id, route, key, request, answer, created_at)
		VALUES ($1, $2, $3, $4, '', $6, $5) ON CONFLICT DO NOTHING`, k.workspaceID, k.agentID, k.route, k.key, db.Micros(now), done)
	return n == 1, err
}

// begin notes that a request is in hand, or returns the earlier one with its
// key. It forgets what is older than expired, and what has been in hand since
// before abandoned.
func (s store) begin(ctx context.Context, k idempotent, hash string, now, expired, abandoned time.Time) (before *earlier, err error) {
	err = s.within(ctx, func(ctx context.Context) error {
		before = nil
		err := db.Do(ctx, s.d, "DELETE FROM idempotent_requests WHERE answer <> $3 AND (created_at < $1 OR answer = '' AND created_at < $2)", db.Micros(expired), db.Micros(abandoned), done)
		if err != nil {
			return err
		}
		n, err := db.Exec(ctx, s.d, `INSERT INTO idempotent_requests (workspace_id, agent_id, route, key, request, answer, created_at)
			VALUES ($1, $2, $3, $4, $5, '', $6) ON CONFLICT DO NOTHING`, k.workspaceID, k.agentID, k.route, k.key, hash, db.Micros(now))
		if err != nil || n == 1 {
			return err
		}
		e, err := db.One(ctx, s.d, scanEarlier, `SELECT request, answer, created_at FROM idempotent_requests
			WHERE workspace_id = $1 AND agent_id = $2 AND route = $3 AND key = $4`, k.workspaceID, k.agentID, k.route, k.key)
		before = &e
		return err
	})
	return before, fault.Wrap("operation.begin", err)
}

func scanEarlier(r db.Row) (e earlier, err error) {
	var at int64
	err = r.Scan(&e.request, &e.answer, &at)
	e.createdAt = db.Time(at)
	return e, err
}

func (s store) remember(ctx context.Context, k idempotent, answer string) error {
	return db.Do(ctx, s.d, "UPDATE idempotent_requests SET answer = $1 WHERE workspace_id = $2 AND agent_id = $3 AND route = $4 AND key = $5",
		answer, k.workspaceID, k.agentID, k.route, k.key)
}

func (s store) forget(ctx context.Context, k idempotent) error {
	return db.Do(ctx, s.d, "DELETE FROM idempotent_requests WHERE workspace_id = $1 AND agent_id = $2 AND route = $3 AND key = $4",
		k.workspaceID, k.agentID, k.route, k.key)
}
