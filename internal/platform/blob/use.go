package blob

import (
	"context"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Ref says that owner (a table of a room, and the row in it) uses the blob.
// Saying it twice is the same as once. An unknown or collected blob is a
// NotFound fault.
func (s *Store) Ref(ctx context.Context, workspaceID, blobID int64, owner string, ownerID int64) error {
	return s.ref(ctx, "blob.Ref", workspaceID, blobID, owner, ownerID, "UPDATE blobs SET idle_since = 0 WHERE workspace_id = $1 AND id = $2")
}

// Claim is Ref for an upload that still belongs to its uploader, and ends that.
// The blob of another uploader, or one that is in use, is a NotFound fault.
func (s *Store) Claim(ctx context.Context, workspaceID, blobID int64, uploader, owner string, ownerID int64) error {
	return s.ref(ctx, "blob.Claim", workspaceID, blobID, owner, ownerID,
		"UPDATE blobs SET idle_since = 0, uploader = '' WHERE workspace_id = $1 AND id = $2 AND uploader = $3 AND uploader <> '' AND idle_since > 0", uploader)
}

func (s *Store) ref(ctx context.Context, op string, workspaceID, blobID int64, owner string, ownerID int64, take string, more ...any) error {
	err := s.db.Within(ctx, func(ctx context.Context) error {
		n, err := db.Exec(ctx, s.db, take, append([]any{workspaceID, blobID}, more...)...)
		if err == nil && n == 0 {
			err = fault.New(op, fault.NotFound, "There is no such file.")
		}
		if err != nil {
			return err
		}
		return s.addRef(ctx, workspaceID, blobID, owner, ownerID)
	})
	return fault.Wrap(op, err)
}

func (s *Store) addRef(ctx context.Context, workspaceID, blobID int64, owner string, ownerID int64) error {
	return db.Do(ctx, s.db, "INSERT INTO blob_refs (workspace_id, owner, owner_id, blob_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
		workspaceID, owner, ownerID, blobID)
}

// Release ends all of the owner's references. What nothing else references is
// collected after Grace.
func (s *Store) Release(ctx context.Context, workspaceID int64, owner string, ownerID int64) error {
	return fault.Wrap("blob.Release", s.release(ctx, workspaceID, owner, ownerID, s.now()))
}

// Erase is Release for content that must go: the next Collect removes it,
// without Grace.
func (s *Store) Erase(ctx context.Context, workspaceID int64, owner string, ownerID int64) error {
	return fault.Wrap("blob.Erase", s.release(ctx, workspaceID, owner, ownerID, longAgo))
}

// longAgo as idle_since means: to be collected next time.
const longAgo = 1

func (s *Store) release(ctx context.Context, workspaceID int64, owner string, ownerID, since int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		ids, err := db.All(ctx, s.db, db.Int64, "DELETE FROM blob_refs WHERE workspace_id = $1 AND owner = $2 AND owner_id = $3 RETURNING blob_id",
			workspaceID, owner, ownerID)
		if err != nil || len(ids) == 0 {
			return err
		}
		list, args := db.In(3, ids)
		return db.Do(ctx, s.db, `UPDATE blobs SET idle_since = $1 WHERE workspace_id = $2 AND id IN `+list+`
			AND NOT EXISTS (SELECT 1 FROM blob_refs r WHERE r.workspace_id = blobs.workspace_id AND r.blob_id = blobs.id)`,
			append([]any{since, workspaceID}, args...)...)
	})
}
