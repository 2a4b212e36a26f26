package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
	"rapport/internal/platform/fault"
)

// Checks are what always holds of blobs. quick looks at the sizes of large
// bodies instead of their bytes.
func (s *Store) Checks(quick bool) []doctor.Check {
	return []doctor.Check{
		{Name: "blobs.body", Says: "every blob has its body, with the same hash and size", Find: db.Finds(s.db,
			`SELECT 'blob ' || b.id FROM blobs b WHERE NOT EXISTS (SELECT 1 FROM blob_bodies o
			WHERE o.workspace_id = b.workspace_id AND o.id = b.body_id AND o.sha256 = b.sha256 AND o.size = b.size AND o.stored AND NOT o.doomed)`)},
		{Name: "blobs.refs", Says: "what is referenced is there and is not about to be collected", Find: db.Finds(s.db,
			`SELECT r.owner || ' ' || r.owner_id || ' uses blob ' || r.blob_id FROM blob_refs r
			WHERE NOT EXISTS (SELECT 1 FROM blobs b WHERE b.workspace_id = r.workspace_id AND b.id = r.blob_id AND b.idle_since = 0)
			UNION ALL SELECT 'blob ' || b.id || ' uses body ' || o.id FROM blobs b JOIN blob_bodies o ON o.workspace_id = b.workspace_id AND o.id = b.body_id WHERE o.idle_since <> 0`)},
		{Name: "blobs.orphans", Says: "what nothing references is collected one day", Find: db.Finds(s.db,
			`SELECT 'blob ' || b.id FROM blobs b WHERE b.idle_since = 0 AND NOT EXISTS (SELECT 1 FROM blob_refs r WHERE r.workspace_id = b.workspace_id AND r.blob_id = b.id)
			UNION ALL SELECT 'body ' || o.id FROM blob_bodies o WHERE o.idle_since = 0 AND NOT EXISTS (SELECT 1 FROM blobs b WHERE b.workspace_id = o.workspace_id AND b.body_id = o.id)`)},
		{Name: "blobs.inline", Says: "small bodies have the bytes they were stored with", Find: s.findInline},
		{Name: "blobs.large", Says: map[bool]string{false: "large bodies are in the file store, with the bytes they were stored with", true: "large bodies are in the file store, and whole by their size"}[quick],
			Find: func(ctx context.Context, wrong func(string)) error { return s.findLarge(ctx, quick, wrong) }},
	}
}

func (s *Store) findInline(ctx context.Context, wrong func(string)) error {
	return db.Each(ctx, s.db, func(r db.Row) error {
		var id, size int64
		var sum string
		var content []byte
		if err := r.Scan(&id, &sum, &size, &content); err != nil {
			return err
		}
		if is := sha256.Sum256(content); int64(len(content)) != size || hex.EncodeToString(is[:]) != sum {
			wrong(fmt.Sprintf("body %d has %d bytes and another hash than %s", id, len(content), sum))
		}
		return nil
	}, "SELECT id, sha256, size, content FROM blob_bodies WHERE NOT large")
}

func (s *Store) findLarge(ctx context.Context, quick bool, wrong func(string)) error {
	var all []Large
	err := s.EachLarge(ctx, func(l Large) error {
		all = append(all, l)
		return nil
	})
	for _, l := range all {
		if err := errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		r, err := s.OpenLarge(ctx, l)
		if fault.Is(err, fault.Internal) {
			wrong(l.Key + " is missing or has another size")
			continue
		}
		if err != nil {
			return err
		}
		sum := sha256.New()
		if !quick {
			_, err = io.Copy(sum, r)
		}
		r.Close()
		if err != nil {
			return err
		}
		if !quick && hex.EncodeToString(sum.Sum(nil)) != hashIn(l.Key) {
			wrong(l.Key + " has other bytes than when it was stored")
		}
	}
	return err
}

// hashIn is the hash in a body's key.
func hashIn(key string) string {
	var workspace, id int64
	var sum string
	fmt.Sscanf(key, "%d/%64s.%d", &workspace, &sum, &id)
	return sum
}
