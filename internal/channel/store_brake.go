package channel

import (
	"context"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// brake is that of an inbox; none is at level 0.
func (s store) brake(ctx context.Context, workspaceID, inboxID int64) (brake, error) {
	b, err := db.One(ctx, s.d, func(row db.Row) (b brake, err error) {
		var until int64
		err = row.Scan(&b.Level, &until, &b.Reason, &b.turn)
		b.Until = db.Time(until)
		return b, err
	}, "SELECT level, until, reason, turn FROM brakes WHERE workspace_id = $1 AND inbox_id = $2", workspaceID, inboxID)
	if fault.Is(err, fault.NotFound) {
		return brake{}, nil
	}
	return b, err
}

// moveBrake changes the brake of the inbox that o leaves through; false says
// that somebody else has changed it since it was read.
func (s store) moveBrake(ctx context.Context, o outbound, from, to brake) (bool, error) {
	n, err := db.Exec(ctx, s.d, `INSERT INTO brakes (workspace_id, inbox_id, level, until, reason, turn) VALUES ($1, $2, $3, $4, $5, $6 + 1)
		ON CONFLICT (workspace_id, inbox_id) DO UPDATE SET level = $3, until = $4, reason = $5, turn = $6 + 1 WHERE brakes.turn = $6`,
		o.WorkspaceID, o.ViaID, to.Level, db.Micros(to.Until), to.Reason, from.turn)
	return n == 1, err
}
