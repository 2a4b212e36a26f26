package blob

import (
	"bytes"
	"context"
	"io"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

const infoColumns = "b.workspace_id, b.id, b.sha256, b.size, b.name, b.content_type, b.uploader, b.created_at"

func (i *Info) scan(r db.Row, more ...any) error {
	var created int64
	err := r.Scan(append([]any{&i.WorkspaceID, &i.ID, &i.SHA256, &i.Size, &i.Name, &i.ContentType, &i.Uploader, &created}, more...)...)
	i.CreatedAt = db.Time(created)
	return err
}

// Describe returns what is known of a blob of that workspace; anything else is
// a NotFound fault.
func (s *Store) Describe(ctx context.Context, workspaceID, id int64) (Info, error) {
	i, err := db.One(ctx, s.db, func(r db.Row) (i Info, err error) { return i, i.scan(r) },
		"SELECT "+infoColumns+" FROM blobs b WHERE b.workspace_id = $1 AND b.id = $2", workspaceID, id)
	return i, fault.Wrap("blob.Describe", err)
}

// Open reads a blob of that workspace; an unknown one is a NotFound fault. A
// body that the backend has lost is an Internal fault with words for a person.
func (s *Store) Open(ctx context.Context, workspaceID, id int64) (io.ReadSeekCloser, Info, error) {
	const op = "blob.Open"
	type found struct {
		info    Info
		body    body
		content []byte
	}
	f, err := db.One(ctx, s.db, func(r db.Row) (f found, err error) {
		return f, f.info.scan(r, &f.body.id, &f.body.large, &f.content)
	}, "SELECT "+infoColumns+`, o.id, o.large, o.content FROM blobs b
		JOIN blob_bodies o ON o.workspace_id = b.workspace_id AND o.id = b.body_id
		WHERE b.workspace_id = $1 AND b.id = $2`, workspaceID, id)
	if err != nil {
		return nil, Info{}, fault.Wrap(op, err)
	}
	if !f.body.large {
		return inline{bytes.NewReader(f.content)}, f.info, nil
	}
	f.body.workspaceID, f.body.sha256, f.body.size = workspaceID, f.info.SHA256, f.info.Size
	r, err := s.openLarge(ctx, f.body)
	return r, f.info, fault.Wrap(op, err)
}

// openLarge opens a body in the backend and checks that all of it is there.
func (s *Store) openLarge(ctx context.Context, b body) (io.ReadSeekCloser, error) {
	const op = "blob.openLarge"
	r, err := s.large.Open(ctx, b.key())
	if fault.Is(err, fault.NotFound) {
		return nil, fault.As(op, fault.Internal, "This file is missing from the file store. Restoring a backup brings it back.", err)
	}
	if err != nil {
		return nil, err
	}
	size, err := r.Seek(0, io.SeekEnd)
	if err == nil && size != b.size {
		err = fault.Newf(op, fault.Internal, "This file is damaged in the file store: it has %d bytes of %d. Restoring a backup brings it back.", size, b.size)
	}
	if err == nil {
		_, err = r.Seek(0, io.SeekStart)
	}
	if err != nil {
		r.Close()
		return nil, fault.Wrap(op, err)
	}
	return r, nil
}

type inline struct{ *bytes.Reader }

func (inline) Close() error { return nil }

// Audit calls lost for every large body that is missing or cut short, for
// doctor. It reads sizes, not contents.
func (s *Store) Audit(ctx context.Context, lost func(workspaceID int64, sha256 string, err error)) error {
	const op, page = "blob.Audit", 500
	for last := (body{}); ; {
		bodies, err := db.All(ctx, s.db, scanBody, "SELECT "+bodyColumns+` FROM blob_bodies
			WHERE (workspace_id, id) > ($1, $2) AND large AND stored AND NOT doomed ORDER BY workspace_id, id LIMIT $3`, last.workspaceID, last.id, page)
		if err != nil {
			return fault.Wrap(op, err)
		}
		for _, b := range bodies {
			r, err := s.openLarge(ctx, b)
			if err != nil {
				lost(b.workspaceID, b.sha256, err)
				continue
			}
			r.Close()
		}
		if len(bodies) < page {
			return nil
		}
		last = bodies[len(bodies)-1]
	}
}
