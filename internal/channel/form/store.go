package form

import (
	"context"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store is the database that notes what was taken.
type Store = *db.DB

type store struct{ d *db.DB }

// taken is what is noted of a submission, for as long as somebody may send it
// again. No word of it is here.
type taken struct {
	WorkspaceID, InboxID int64
	ID                   string // of the page's token
	Reference            string
	Hash                 string
	Network              string // a keyed hash of where it came from
	At                   time.Time
}

// note writes a submission down; false when something was taken from that page
// before.
func (s store) note(ctx context.Context, v taken) (bool, error) {
	n, err := db.Exec(ctx, s.d, `INSERT INTO form_submissions (workspace_id, inbox_id, token_id, reference, content_hash, network, at) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (workspace_id, inbox_id, token_id) DO NOTHING`, v.WorkspaceID, v.InboxID, v.ID, v.Reference, v.Hash, v.Network, db.Micros(v.At))
	return n == 1, err
}

// taken is what came from a page; NotFound when nothing has.
func (s store) taken(ctx context.Context, workspaceID, inboxID int64, id string) (taken, error) {
	return db.One(ctx, s.d, func(r db.Row) (v taken, err error) { return v, r.Scan(&v.Reference, &v.Hash) },
		"SELECT reference, content_hash FROM form_submissions WHERE workspace_id = $1 AND inbox_id = $2 AND token_id = $3", workspaceID, inboxID, id)
}

// known reports whether a reference was given.
func (s store) known(ctx context.Context, workspaceID, inboxID int64, reference string) (bool, error) {
	_, err := db.One(ctx, s.d, db.Int64, "SELECT at FROM form_submissions WHERE workspace_id = $1 AND inbox_id = $2 AND reference = $3 LIMIT 1", workspaceID, inboxID, reference)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// since counts what was taken after a time: in all, and from a network.
func (s store) since(ctx context.Context, workspaceID, inboxID int64, network string, after time.Time) (all, near int64, err error) {
	all, err = db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM form_submissions WHERE workspace_id = $1 AND inbox_id = $2 AND at > $3", workspaceID, inboxID, db.Micros(after))
	if err != nil {
		return 0, 0, err
	}
	near, err = db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM form_submissions WHERE workspace_id = $1 AND inbox_id = $2 AND network = $3 AND at > $4",
		workspaceID, inboxID, network, db.Micros(after))
	return all, near, err
}

// forget drops notes that nobody asks for any more.
func (s store) forget(ctx context.Context, workspaceID, inboxID int64, before time.Time) error {
	return db.Do(ctx, s.d, "DELETE FROM form_submissions WHERE workspace_id = $1 AND inbox_id = $2 AND at < $3", workspaceID, inboxID, db.Micros(before))
}
