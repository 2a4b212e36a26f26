package view

import (
	"context"
	"encoding/json"
	"time"

	"rapport/internal/conversation/listing"
	"rapport/internal/platform/db"
)

// Store is the database the views are in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

func (s store) newID(ctx context.Context) (int64, error) { return s.d.NewID(ctx) }

const columns = "workspace_id, id, key, owner_id, name, conditions, sort, columns, position, version"

func scan(r db.Row) (v View, err error) {
	var conditions, shown string
	if err = r.Scan(&v.WorkspaceID, &v.ID, &v.Key, &v.OwnerID, &v.Name, &conditions, &v.Sort, &shown, &v.Position, &v.Version); err != nil {
		return v, err
	}
	if err = json.Unmarshal([]byte(conditions), &v.Conditions); err != nil {
		return v, err
	}
	return v, json.Unmarshal([]byte(shown), &v.Columns)
}

// list returns the views of owners, those of each in their order.
func (s store) list(ctx context.Context, workspaceID int64, ownerIDs ...int64) ([]View, error) {
	in, args := db.In(2, ownerIDs)
	return db.All(ctx, s.d, scan, "SELECT "+columns+" FROM views WHERE workspace_id = $1 AND owner_id IN "+in+" ORDER BY owner_id, position, id", append([]any{workspaceID}, args...)...)
}

func (s store) byKey(ctx context.Context, workspaceID int64, key string) (View, error) {
	return db.One(ctx, s.d, scan, "SELECT "+columns+" FROM views WHERE workspace_id = $1 AND key = $2", workspaceID, key)
}

func (s store) lock(ctx context.Context, workspaceID, id int64) (View, error) {
	return db.One(ctx, s.d, scan, "SELECT "+columns+" FROM views WHERE workspace_id = $1 AND id = $2"+s.d.Pick("", " FOR UPDATE"), workspaceID, id)
}

func (s store) number(ctx context.Context, workspaceID, ownerID int64) (int64, error) {
	return db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM views WHERE workspace_id = $1 AND owner_id = $2", workspaceID, ownerID)
}

func (s store) last(ctx context.Context, workspaceID, ownerID int64) (int64, error) {
	return db.One(ctx, s.d, db.Int64, "SELECT COALESCE(MAX(position), 0) FROM views WHERE workspace_id = $1 AND owner_id = $2", workspaceID, ownerID)
}

// texts are what a view keeps as JSON.
func texts(v View) (conditions, shown string, err error) {
	a, err := json.Marshal(v.Conditions)
	if err != nil {
		return "", "", err
	}
	b, err := json.Marshal(v.Columns)
	return string(a), string(b), err
}

func (s store) insert(ctx context.Context, v View, now time.Time) error {
	conditions, shown, err := texts(v)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, s.d, "INSERT INTO views ("+columns+", changed_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
		v.WorkspaceID, v.ID, v.Key, v.OwnerID, v.Name, conditions, v.Sort, shown, v.Position, v.Version, db.Micros(now))
	return err
}

func (s store) update(ctx context.Context, v View, now time.Time) error {
	conditions, shown, err := texts(v)
	if err != nil {
		return err
	}
	return db.Do(ctx, s.d, `UPDATE views SET owner_id = $3, name = $4, conditions = $5, sort = $6, columns = $7, position = $8, changed_at = $9, version = $10
		WHERE workspace_id = $1 AND id = $2`, v.WorkspaceID, v.ID, v.OwnerID, v.Name, conditions, v.Sort, shown, v.Position, db.Micros(now), v.Version)
}

func (s store) move(ctx context.Context, workspaceID, id, position int64) error {
	return db.Do(ctx, s.d, "UPDATE views SET position = $3 WHERE workspace_id = $1 AND id = $2", workspaceID, id, position)
}

func (s store) delete(ctx context.Context, workspaceID, id int64) error {
	return db.Do(ctx, s.d, "DELETE FROM views WHERE workspace_id = $1 AND id = $2", workspaceID, id)
}

func (s store) count(ctx context.Context, q listing.Query, most int) (int, bool, error) {
	return listing.Count(ctx, s.d, q, most)
}
