package contact

import (
	"context"

	"rapport/internal/platform/db"
)

// putSuppression keeps the newest of an address, but the first that concerns
// news; false when that stands already.
func (s store) putSuppression(ctx context.Context, workspaceID int64, v Suppression) (bool, error) {
	n, err := db.Exec(ctx, s.d, `INSERT INTO suppressions (workspace_id, address_key, kind, cause, reason, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (workspace_id, address_key, kind) DO UPDATE SET cause = excluded.cause, reason = excluded.reason, at = excluded.at
		WHERE suppressions.kind = 'automatic'`,
		workspaceID, v.Address, kindOf(v.Cause), v.Cause, v.Reason, db.Micros(v.At))
	return n > 0, err
}

func (s store) dropSuppression(ctx context.Context, workspaceID int64, key, kind string) (bool, error) {
	n, err := db.Exec(ctx, s.d, "DELETE FROM suppressions WHERE workspace_id = $1 AND address_key = $2 AND kind = $3", workspaceID, key, kind)
	return n > 0, err
}

func (s store) suppressions(ctx context.Context, workspaceID int64, keys []string) ([]Suppression, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	list, args := db.In(2, keys)
	return db.All(ctx, s.d, scanSuppression, "SELECT address_key, cause, reason, at FROM suppressions WHERE workspace_id = $1 AND address_key IN "+list+" ORDER BY address_key, kind", append([]any{workspaceID}, args...)...)
}

func scanSuppression(r db.Row) (v Suppression, err error) {
	var at int64
	err = r.Scan(&v.Address, &v.Cause, &v.Reason, &at)
	v.At = db.Time(at)
	return v, err
}

// AskSuppressed asks whether an address gets no automatic mail, for a room that
// asks other things with it. The answer is empty when it does.
func AskSuppressed(workspaceID int64, address string) *db.Asked[Suppression] {
	return db.Ask(scanSuppression, "SELECT address_key, cause, reason, at FROM suppressions WHERE workspace_id = $1 AND address_key = $2 AND kind = 'automatic'", workspaceID, suppressionKey(address))
}
