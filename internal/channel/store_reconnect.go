package channel

import (
	"context"

	"rapport/internal/platform/db"
)

func (s store) setLost(ctx context.Context, v Inbox, why string) (bool, error) {
	n, err := db.Exec(ctx, s.d, "UPDATE inboxes SET lost = $1 WHERE workspace_id = $2 AND id = $3 AND lost <> $1", why, v.WorkspaceID, v.ID)
	return n == 1, err
}

// noteLost is setLost for who has read the inbox before: somebody may have signed
// in, or changed it otherwise, since.
func (s store) noteLost(ctx context.Context, v Inbox, why string) (bool, error) {
	n, err := db.Exec(ctx, s.d, "UPDATE inboxes SET lost = $1 WHERE workspace_id = $2 AND id = $3 AND lost <> $1 AND version = $4", why, v.WorkspaceID, v.ID, v.Version)
	return n == 1, err
}

// reconnect takes all trouble away. With the version, whoever fetches begins
// anew.
func (s store) reconnect(ctx context.Context, v Inbox) error {
	return db.Do(ctx, s.d, "UPDATE inboxes SET lost = '', fetch_trouble = '', send_trouble = '', version = version + 1 WHERE workspace_id = $1 AND id = $2", v.WorkspaceID, v.ID)
}
