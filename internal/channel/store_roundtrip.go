package channel

import (
	"context"
	"time"

	"rapport/internal/platform/db"
)

func (s store) beginRoundTrip(ctx context.Context, workspaceID, inboxID, outboundID int64, now time.Time) error {
	return db.Do(ctx, s.d, `INSERT INTO round_trips (workspace_id, inbox_id, outbound_id, started_at, arrived_at) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (workspace_id, inbox_id) DO UPDATE SET outbound_id = excluded.outbound_id, started_at = excluded.started_at, arrived_at = 0`, workspaceID, inboxID, outboundID, db.Micros(now))
}

// roundTrip is the newest of an inbox: its mail, and when it came back.
func (s store) roundTrip(ctx context.Context, workspaceID, inboxID int64) (outbound, time.Time, error) {
	type trip struct{ outboundID, arrived int64 }
	t, err := db.One(ctx, s.d, func(row db.Row) (trip, error) {
		var t trip
		err := row.Scan(&t.outboundID, &t.arrived)
		return t, err
	}, "SELECT outbound_id, arrived_at FROM round_trips WHERE workspace_id = $1 AND inbox_id = $2", workspaceID, inboxID)
	if err != nil {
		return outbound{}, time.Time{}, err
	}
	o, err := s.outbound(ctx, workspaceID, t.outboundID)
	return o, db.Time(t.arrived), err
}

// endRoundTrip reports whether the mail is the one that its inbox waits for.
func (s store) endRoundTrip(ctx context.Context, workspaceID, inboxID, outboundID int64, now time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.d, "UPDATE round_trips SET arrived_at = $1 WHERE workspace_id = $2 AND inbox_id = $3 AND outbound_id = $4 AND arrived_at = 0", db.Micros(now), workspaceID, inboxID, outboundID)
	return n == 1, err
}
