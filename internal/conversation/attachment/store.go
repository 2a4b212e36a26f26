// Package attachment keeps which files hang on which message.
package attachment

import (
	"context"
	"encoding/json"

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

// Column is the column with the files of the message m of a query, for Parse. So
// a message and its files come from one moment.
func Column(d *db.DB) string {
	return "COALESCE(CAST((SELECT " + d.Pick("json_group_array(json_object(", "json_agg(json_build_object(") + `'ID', f.blob_id, 'Name', f.name, 'ContentType', f.content_type,
		'Size', f.size, 'ContentID', f.content_id, 'Inline', CASE WHEN f.inline THEN 1 ELSE 0 END) ORDER BY f.position)
		FROM message_attachments f WHERE f.workspace_id = m.workspace_id AND f.message_id = m.id) AS TEXT), '')`
}

// Parse reads what Column has brought.
func Parse(column string) ([]File, error) {
	if column == "" || column == "[]" {
		return nil, nil
	}
	var rows []struct {
		File
		Inline int64 // SQLite has no booleans
	}
	err := json.Unmarshal([]byte(column), &rows)
	files := make([]File, len(rows))
	for i, r := range rows {
		files[i] = r.File
		files[i].Inline = r.Inline == 1
	}
	return files, err
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
