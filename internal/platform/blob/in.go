package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Put stores a body and returns its blob, which nothing references yet. It is
// for callers without a transaction of their own.
func (s *Store) Put(ctx context.Context, workspaceID int64, body []byte, contentType, name string) (Info, error) {
	const op = "blob.Put"
	for attempt := 1; ; attempt++ {
		st, err := s.Stage(ctx, workspaceID, body)
		if err != nil {
			return Info{}, fault.Wrap(op, err)
		}
		st.ContentType, st.Name = contentType, name
		id, err := s.Bind(ctx, st)
		if err == nil {
			return s.Describe(ctx, workspaceID, id)
		}
		if attempt == 3 || !fault.Is(err, fault.Conflict) {
			return Info{}, fault.Wrap(op, err)
		}
	}
}

// Stage prepares a body: it hashes it, and a large one is on the disk when
// Stage returns. It is called outside a transaction. What is never bound is
// collected. The caller leaves body unchanged until Bind.
func (s *Store) Stage(ctx context.Context, workspaceID int64, content []byte) (Staged, error) {
	const op = "blob.Stage"
	if s.db.InTransaction(ctx) {
		return Staged{}, fault.New(op, fault.Internal, "a blob is staged inside a transaction")
	}
	sum := sha256.Sum256(content)
	st := Staged{WorkspaceID: workspaceID, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(content))}
	if len(content) <= Inline {
		st.inline = append([]byte{}, content...) // never nil: nil would be NULL
		return st, nil
	}
	var b body
	err := s.db.Within(ctx, func(ctx context.Context) (err error) {
		b, err = s.reserve(ctx, st)
		return err
	})
	if err != nil {
		return Staged{}, fault.Wrap(op, err)
	}
	st.bodyID = b.id
	if b.stored {
		return st, nil
	}
	if err := s.large.Put(ctx, b.key(), content); err != nil {
		return Staged{}, fault.Wrap(op, err)
	}
	return st, nil
}

// Bind makes the blob inside the transaction of its owner, who then calls Ref.
// A Conflict fault says that the body was collected since it was staged, which
// takes a day or an erasure: stage it again.
func (s *Store) Bind(ctx context.Context, st Staged) (id int64, err error) {
	return s.bind(ctx, st, s.now())
}

// BindTo is Bind and Ref in one.
func (s *Store) BindTo(ctx context.Context, st Staged, owner string, ownerID int64) (id int64, err error) {
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if id, err = s.bind(ctx, st, 0); err != nil {
			return err
		}
		return s.addRef(ctx, st.WorkspaceID, id, owner, ownerID)
	})
	return id, err
}

// bind makes the blob, idle since a moment, or with 0 in use.
func (s *Store) bind(ctx context.Context, st Staged, idleSince int64) (id int64, err error) {
	const op = "blob.Bind"
	err = s.db.Within(ctx, func(ctx context.Context) error {
		bodyID, err := s.use(ctx, st)
		if err != nil {
			return err
		}
		if id, err = s.db.NewID(ctx); err != nil {
			return err
		}
		return db.Do(ctx, s.db, `INSERT INTO blobs (workspace_id, id, body_id, sha256, size, name, content_type, uploader, created_at, idle_since)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			st.WorkspaceID, id, bodyID, st.SHA256, st.Size, st.Name, st.ContentType, st.Uploader, s.now(), idleSince)
	})
	return id, fault.Wrap(op, err)
}

// reserve finds the body of a large staging or makes its row, idle from now.
func (s *Store) reserve(ctx context.Context, st Staged) (body, error) {
	b, err := db.One(ctx, s.db, scanBody, `UPDATE blob_bodies SET idle_since = CASE WHEN idle_since = 0 THEN 0 ELSE CAST($1 AS BIGINT) END
		WHERE workspace_id = $2 AND id = (`+liveBody("$2", "$3")+`) AND NOT doomed RETURNING `+bodyColumns,
		s.now(), st.WorkspaceID, st.SHA256)
	if !fault.Is(err, fault.NotFound) {
		return b, err
	}
	return s.insertBody(ctx, st, true)
}

// use marks the staged body as in use; a small one that the workspace does not
// have yet is written.
func (s *Store) use(ctx context.Context, st Staged) (int64, error) {
	if st.inline == nil {
		n, err := db.Exec(ctx, s.db, "UPDATE blob_bodies SET idle_since = 0, stored = TRUE WHERE workspace_id = $1 AND id = $2 AND NOT doomed",
			st.WorkspaceID, st.bodyID)
		if err == nil && n == 0 {
			err = fault.New("blob.use", fault.Conflict, "The upload has expired. Upload the file again.")
		}
		return st.bodyID, err
	}
	b, err := db.One(ctx, s.db, scanBody, `UPDATE blob_bodies SET idle_since = 0
		WHERE workspace_id = $1 AND id = (`+liveBody("$1", "$2")+`) AND NOT doomed RETURNING `+bodyColumns, st.WorkspaceID, st.SHA256)
	if fault.Is(err, fault.NotFound) {
		b, err = s.insertBody(ctx, st, false)
	}
	return b.id, err
}

func liveBody(workspace, sha256 string) string {
	return "SELECT MIN(id) FROM blob_bodies WHERE workspace_id = " + workspace + " AND sha256 = " + sha256 + " AND NOT doomed"
}

func (s *Store) insertBody(ctx context.Context, st Staged, large bool) (body, error) {
	id, err := s.db.NewID(ctx)
	if err != nil {
		return body{}, err
	}
	content, idle := st.inline, int64(0)
	if large {
		content, idle = []byte{}, s.now()
	}
	err = db.Do(ctx, s.db, `INSERT INTO blob_bodies (workspace_id, id, sha256, size, large, stored, doomed, idle_since, content)
		VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7, $8)`, st.WorkspaceID, id, st.SHA256, st.Size, large, !large, idle, content)
	return body{workspaceID: st.WorkspaceID, id: id, size: st.Size, sha256: st.SHA256, large: large, stored: !large}, err
}
