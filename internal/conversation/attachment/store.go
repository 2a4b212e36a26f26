// Package attachment keeps which files hang on which message.
package attachment

import (
	"context"

	"rapport/internal/platform/db"
)

// File is a file of a message; its id is that of its blob.
type File struct {
	ID          int64
	Name        string
	ContentType string
	Size        int64
	ContentID   string
	Inline      bool
}

// Add hangs a file on a message, in the caller's transaction.
func Add(ctx context.Context, d *db.DB, workspaceID, messageID int64, position int, f File) error {
	return db.Do(ctx, d, `INSERT INTO message_attachments (workspace_id, message_id, position, blob_id, name, content_type, size, content_id, inline)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, workspaceID, messageID, position, f.ID, f.Name, f.ContentType, f.Size, f.ContentID, f.Inline)
}

// Of are the files of messages by the messages' ids, in their order.
func Of[M any](ctx context.Context, d *db.DB, workspaceID int64, messages []M, id func(M) int64) (map[int64][]File, error) {
	ids := make([]int64, len(messages))
	for i, m := range messages {
		ids[i] = id(m)
	}
	in, args := db.In(2, ids)
	files := map[int64][]File{}
	_, err := db.All(ctx, d, func(r db.Row) (struct{}, error) {
		var id int64
		var f File
		err := r.Scan(&id, &f.ID, &f.Name, &f.ContentType, &f.Size, &f.ContentID, &f.Inline)
		files[id] = append(files[id], f)
		return struct{}{}, err
	}, "SELECT message_id, blob_id, name, content_type, size, content_id, inline FROM message_attachments WHERE workspace_id = $1 AND message_id IN "+in+
		" ORDER BY message_id, position", append([]any{workspaceID}, args...)...)
	return files, err
}
