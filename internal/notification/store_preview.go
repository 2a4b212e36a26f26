package notification

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/db"
)

// aDay is how many events of a day are looked at.
const aDay = 1000

func scanHappened(r db.Row) (h happened, err error) {
	return h, h.Notification.scan(r, &h.Number, &h.Subject, &h.InboxID, &h.Urgent)
}

// today is what an agent was told of since a moment, on whatever way, and may
// see now; new conversations of watched inboxes are left to come.
func (s store) today(ctx context.Context, workspaceID, agentID int64, scope account.Scope, since time.Time) ([]happened, error) {
	sight, args := inSight(scope, 5)
	return db.All(ctx, s.d, scanHappened, "SELECT "+columns+`, c.number, c.subject, c.inbox_id, c.priority = 'urgent' FROM notifications n CROSS JOIN conversations c
		WHERE n.workspace_id = $1 AND n.agent_id = $2 AND n.at >= $3 AND n.event <> 'unassigned' AND c.workspace_id = n.workspace_id AND c.id = n.conversation_id AND `+sight+" ORDER BY n.at DESC LIMIT $4",
		append([]any{workspaceID, agentID, db.Micros(since), aDay}, args...)...)
}

// come are the conversations that customers have begun in inboxes since a moment,
// as an agent who watches them would have been told of.
func (s store) come(ctx context.Context, workspaceID, agentID int64, inboxes []int64, since time.Time) ([]happened, error) {
	list, args := db.In(5, inboxes)
	return db.All(ctx, s.d, func(r db.Row) (h happened, err error) {
		var at, seen int64
		err = r.Scan(&h.ConversationID, &h.Number, &h.Subject, &h.InboxID, &h.Urgent, &h.ActorID, &at, &seen)
		h.WorkspaceID, h.AgentID, h.Event, h.ActorKind, h.At, h.SeenAt, h.Shown = workspaceID, agentID, Unassigned, "contact", db.Time(at), db.Time(seen), true
		return h, err
	}, `SELECT c.id, c.number, c.subject, c.inbox_id, c.priority = 'urgent', c.contact_id, c.created_at, COALESCE((SELECT MAX(n.seen_at) FROM notifications n
			WHERE n.workspace_id = c.workspace_id AND n.conversation_id = c.id AND n.agent_id = $2 AND n.event = 'unassigned'), 0)
		FROM conversations c WHERE c.workspace_id = $1 AND NOT c.spam AND c.last_activity_at >= $3 AND c.created_at >= $3 AND c.inbox_id IN `+list+`
		AND EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = c.workspace_id AND m.conversation_id = c.id AND m.position = 1 AND m.author_kind = 'contact') ORDER BY c.last_activity_at DESC LIMIT $4`,
		append([]any{workspaceID, agentID, db.Micros(since), aDay}, args...)...)
}
