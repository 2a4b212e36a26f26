package notification

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/db"
)

// unmailed is what waits to be mailed, unseen and in sight, a group for each
// conversation, the newest first.
func (s store) unmailed(ctx context.Context, workspaceID, agentID int64, scope account.Scope, atMost int) (m mailed, err error) {
	sight, args := inSight(scope, 3)
	type waiting struct {
		Group
		urgent bool
	}
	list, err := db.All(ctx, s.d, func(r db.Row) (w waiting, err error) {
		return w, w.Newest.scan(r, &w.Number, &w.Subject, &w.InboxID, &w.urgent)
	}, "SELECT "+columns+", c.number, c.subject, c.inbox_id, c.priority = 'urgent' "+ofUnseen+"n.mail = 'waiting' AND "+sight+
		" AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = n.workspace_id AND m.id = n.message_id AND m.cancelled) ORDER BY n.at DESC, n.id DESC LIMIT 500",
		append([]any{workspaceID, agentID}, args...)...)
	if err != nil || len(list) == 0 {
		return m, err
	}
	m.newest, m.oldest = list[0].Newest.At, list[len(list)-1].Newest.At
	seen := map[int64]bool{}
	for _, w := range list {
		m.urgent = m.urgent || w.urgent
		if id := w.Newest.ConversationID; !seen[id] && len(m.groups) < atMost {
			seen[id], w.ConversationID = true, id
			if w.Who, w.Excerpt, err = s.said(ctx, w.Newest); err != nil {
				return m, err
			}
			m.groups = append(m.groups, w.Group)
		}
	}
	return m, nil
}

// takeMails ends the waiting of what a letter is about; false when there was none
// any more.
func (s store) takeMails(ctx context.Context, workspaceID, agentID int64, newest time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.d, "UPDATE notifications SET mail = 'sent' WHERE workspace_id = $1 AND agent_id = $2 AND mail = 'waiting' AND seen_at = 0 AND at <= $3", workspaceID, agentID, db.Micros(newest))
	return n > 0, err
}

func (s store) digestsDue(ctx context.Context, workspaceID int64, now time.Time) ([]int64, error) {
	return s.ids(ctx, "SELECT agent_id FROM notification_settings WHERE workspace_id = $1 AND digest_at > 0 AND digest_at <= $2 ORDER BY agent_id", workspaceID, db.Micros(now))
}

func (s store) setDigest(ctx context.Context, workspaceID, agentID int64, at time.Time) error {
	return db.Do(ctx, s.d, "UPDATE notification_settings SET digest_at = $3 WHERE workspace_id = $1 AND agent_id = $2", workspaceID, agentID, db.Micros(at))
}
