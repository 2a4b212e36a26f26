package outreach

import (
	"context"
	"time"

	"rapport/internal/platform/db"
)

// Store is the database the room lives in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

// news is who got a mail of those that go to many.
type news struct {
	WorkspaceID int64
	Address     string
}

func (s store) note(ctx context.Context, workspaceID, outboundID int64, address string, at time.Time) error {
	return db.Do(ctx, s.d, "INSERT INTO news (workspace_id, outbound_id, address_key, at) VALUES ($1, $2, $3, $4)", workspaceID, outboundID, address, db.Micros(at))
}

func (s store) news(ctx context.Context, outboundID int64) (news, error) {
	return db.One(ctx, s.d, func(r db.Row) (n news, err error) { return n, r.Scan(&n.WorkspaceID, &n.Address) },
		"SELECT workspace_id, address_key FROM news WHERE outbound_id = $1", outboundID)
}
