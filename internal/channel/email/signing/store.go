package signing

import (
	"context"
	"time"

	"rapport/internal/platform/db"
)

// Store is the database the keys are kept in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

func (s store) newID(ctx context.Context) (int64, error) { return s.d.NewID(ctx) }

func (s store) keys(ctx context.Context, workspaceID int64, domain string) ([]Key, error) {
	return db.All(ctx, s.d, func(row db.Row) (Key, error) {
		var k Key
		var made, seen int64
		err := row.Scan(&k.WorkspaceID, &k.ID, &k.Domain, &k.Selector, &k.Algorithm, &k.Public, &k.sealed, &made, &seen)
		k.MadeAt, k.SeenAt = db.Time(made), db.Time(seen)
		return k, err
	}, `SELECT workspace_id, id, domain, selector, algorithm, public, secret, made_at, seen_at FROM signing_keys
		WHERE workspace_id = $1 AND domain = $2 ORDER BY made_at DESC, id DESC`, workspaceID, domain)
}

func (s store) insert(ctx context.Context, k Key) error {
	return db.Do(ctx, s.d, `INSERT INTO signing_keys (workspace_id, id, domain, selector, algorithm, public, secret, made_at, seen_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		k.WorkspaceID, k.ID, k.Domain, k.Selector, k.Algorithm, k.Public, k.sealed, db.Micros(k.MadeAt), db.Micros(k.SeenAt))
}

func (s store) setSeen(ctx context.Context, k Key, at time.Time) error {
	return db.Do(ctx, s.d, "UPDATE signing_keys SET seen_at = $1 WHERE workspace_id = $2 AND id = $3", db.Micros(at), k.WorkspaceID, k.ID)
}

type domain struct {
	workspaceID int64
	name        string
}

func (s store) domains(ctx context.Context) ([]domain, error) {
	return db.All(ctx, s.d, func(row db.Row) (domain, error) {
		var d domain
		err := row.Scan(&d.workspaceID, &d.name)
		return d, err
	}, "SELECT DISTINCT workspace_id, domain FROM signing_keys ORDER BY workspace_id, domain")
}
