package blob

import (
	"context"
	"sync"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// batch is how many rows one transaction of Collect removes.
const batch = 200

// Hold pauses Collect until release is called, so that a backup finds every
// body its rows name. It waits for the batch that is under way.
func (s *Store) Hold() (release func()) {
	s.held.RLock()
	return sync.OnceFunc(s.held.RUnlock)
}

// Collect removes what nothing has referenced for Grace: rows first, then
// bodies. While a backup holds the store it stops early and leaves the rest
// for the next time. Any node may run it, also at the same time as another.
func (s *Store) Collect(ctx context.Context) error {
	before := s.now() - Grace.Microseconds()
	for _, step := range []func(context.Context, int64) (int, error){s.dropBlobs, s.dropSmall, s.doomLarge, s.dropDoomed} {
		for {
			n, err := s.whileNotHeld(ctx, before, step)
			if err != nil {
				return fault.Wrap("blob.Collect", err)
			}
			if n < batch {
				break
			}
		}
	}
	return nil
}

func (s *Store) whileNotHeld(ctx context.Context, before int64, step func(context.Context, int64) (int, error)) (int, error) {
	if !s.held.TryLock() {
		return 0, nil
	}
	defer s.held.Unlock()
	if held, err := s.heldElsewhere(ctx); err != nil || held {
		return 0, err
	}
	return step(ctx, before)
}

// dropBlobs removes idle blobs; a body that was theirs alone becomes idle.
func (s *Store) dropBlobs(ctx context.Context, before int64) (n int, err error) {
	err = s.db.Within(ctx, func(ctx context.Context) error {
		gone, err := db.All(ctx, s.db, func(r db.Row) (b body, err error) { return b, r.Scan(&b.workspaceID, &b.id) },
			`DELETE FROM blobs WHERE (workspace_id, id) IN (
				SELECT b.workspace_id, b.id FROM blobs b WHERE b.idle_since > 0 AND b.idle_since <= $1
				AND NOT EXISTS (SELECT 1 FROM blob_refs r WHERE r.workspace_id = b.workspace_id AND r.blob_id = b.id)
				ORDER BY b.idle_since LIMIT $2)
			AND idle_since > 0 AND idle_since <= $1 RETURNING workspace_id, body_id`, before, batch)
		if err != nil {
			return err
		}
		n = len(gone)
		for _, b := range gone {
			err := db.Do(ctx, s.db, `UPDATE blob_bodies SET idle_since = $1 WHERE workspace_id = $2 AND id = $3 AND idle_since = 0
				AND NOT EXISTS (SELECT 1 FROM blobs b WHERE b.workspace_id = $2 AND b.body_id = $3)`, longAgo, b.workspaceID, b.id)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// idleBodies selects at most $2 bodies that were idle since $1 and longer. The
// outer statement repeats the part on idle_since: a row that was put to use
// while the statement waited for its lock is left alone.
func idleBodies(which string) string {
	return `(workspace_id, id) IN (
		SELECT o.workspace_id, o.id FROM blob_bodies o WHERE o.idle_since > 0 AND o.idle_since <= $1 AND NOT o.doomed AND ` + which + `
		AND NOT EXISTS (SELECT 1 FROM blobs b WHERE b.workspace_id = o.workspace_id AND b.body_id = o.id)
		ORDER BY o.idle_since LIMIT $2)
	AND idle_since > 0 AND idle_since <= $1`
}

func (s *Store) dropSmall(ctx context.Context, before int64) (int, error) {
	n, err := db.Exec(ctx, s.db, "DELETE FROM blob_bodies WHERE "+idleBodies("NOT o.large"), before, batch)
	return int(n), err
}

func (s *Store) doomLarge(ctx context.Context, before int64) (int, error) {
	n, err := db.Exec(ctx, s.db, "UPDATE blob_bodies SET doomed = TRUE WHERE "+idleBodies("o.large"), before, batch)
	return int(n), err
}

func (s *Store) dropDoomed(ctx context.Context, _ int64) (int, error) {
	doomed, err := db.All(ctx, s.db, scanBody, "SELECT "+bodyColumns+" FROM blob_bodies WHERE doomed LIMIT $1", batch)
	if err != nil {
		return 0, err
	}
	for _, b := range doomed {
		if err := s.large.Delete(ctx, b.key()); err != nil {
			return 0, err
		}
		err := db.Do(ctx, s.db, "DELETE FROM blob_bodies WHERE workspace_id = $1 AND id = $2 AND doomed", b.workspaceID, b.id)
		if err != nil {
			return 0, err
		}
	}
	return len(doomed), nil
}
