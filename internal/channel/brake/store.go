package brake

import (
	"context"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store keeps the brakes of the inboxes.
type Store struct{ d *db.DB }

// NewStore keeps them in d.
func NewStore(d *db.DB) Store { return Store{d} }

// Of is the brake of an inbox; none is at level 0.
func (s Store) Of(ctx context.Context, workspaceID, inboxID int64) (Brake, error) {
	b, err := db.One(ctx, s.d, func(row db.Row) (b Brake, err error) {
		var until int64
		err = row.Scan(&b.Level, &until, &b.Reason, &b.Away, &b.turn)
		b.Until = db.Time(until)
		return b, err
	}, "SELECT level, until, reason, away, turn FROM brakes WHERE workspace_id = $1 AND inbox_id = $2", workspaceID, inboxID)
	if fault.Is(err, fault.NotFound) {
		return Brake{}, nil
	}
	return b, err
}

// Move changes the brake of an inbox and returns what it is now; false says that
// somebody else has changed it since it was read.
func (s Store) Move(ctx context.Context, workspaceID, inboxID int64, from, to Brake) (Brake, bool, error) {
	n, err := db.Exec(ctx, s.d, `INSERT INTO brakes (workspace_id, inbox_id, level, until, reason, away, turn) VALUES ($1, $2, $3, $4, $5, $7, $6 + 1)
		ON CONFLICT (workspace_id, inbox_id) DO UPDATE SET level = $3, until = $4, reason = $5, away = $7, turn = $6 + 1 WHERE brakes.turn = $6`,
		workspaceID, inboxID, to.Level, db.Micros(to.Until), to.Reason, from.turn, to.Away)
	if err != nil || n == 1 {
		to.turn = from.turn + 1
		return to, n == 1, err
	}
	now, err := s.Of(ctx, workspaceID, inboxID)
	return now, false, err
}

// Release takes the brake of an inbox away.
func (s Store) Release(ctx context.Context, workspaceID, inboxID int64) error {
	return db.Do(ctx, s.d, "UPDATE brakes SET level = 0, until = 0, turn = turn + 1 WHERE workspace_id = $1 AND inbox_id = $2", workspaceID, inboxID)
}
