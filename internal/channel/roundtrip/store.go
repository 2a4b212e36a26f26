package roundtrip

import (
	"context"
	"time"

	"rapport/internal/platform/db"
)

// Store keeps the newest round trip of each inbox.
type Store struct{ d *db.DB }

// NewStore keeps them in d.
func NewStore(d *db.DB) Store { return Store{d} }

// Begin has an inbox wait for a mail, in place of an earlier one.
func (s Store) Begin(ctx context.Context, workspaceID, inboxID, outboundID int64, now time.Time) error {
	return db.Do(ctx, s.d, `INSERT INTO round_trips (workspace_id, inbox_id, outbound_id, started_at, arrived_at) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (workspace_id, inbox_id) DO UPDATE SET outbound_id = excluded.outbound_id, started_at = excluded.started_at, arrived_at = 0`, workspaceID, inboxID, outboundID, db.Micros(now))
}

// Newest is the mail of an inbox's newest round trip, and when it came back;
// NotFound when there was none.
func (s Store) Newest(ctx context.Context, workspaceID, inboxID int64) (outboundID int64, arrived time.Time, err error) {
	type trip struct{ outboundID, arrived int64 }
	t, err := db.One(ctx, s.d, func(row db.Row) (t trip, err error) { return t, row.Scan(&t.outboundID, &t.arrived) },
		"SELECT outbound_id, arrived_at FROM round_trips WHERE workspace_id = $1 AND inbox_id = $2", workspaceID, inboxID)
	return t.outboundID, db.Time(t.arrived), err
}

// End reports whether the mail is the one that its inbox waits for.
func (s Store) End(ctx context.Context, workspaceID, inboxID, outboundID int64, now time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.d, "UPDATE round_trips SET arrived_at = $1 WHERE workspace_id = $2 AND inbox_id = $3 AND outbound_id = $4 AND arrived_at = 0", db.Micros(now), workspaceID, inboxID, outboundID)
	return n == 1, err
}
