package notification

import (
	"context"
	"encoding/json"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/db"
)

// Store is the database the room lives in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

func (s store) newID(ctx context.Context) (int64, error)   { return s.d.NewID(ctx) }
func (s store) afterCommit(ctx context.Context, fn func()) { s.d.AfterCommit(ctx, fn) }
func (s store) ids(ctx context.Context, query string, args ...any) ([]int64, error) {
	return db.All(ctx, s.d, db.Int64, query, args...)
}

func (s store) place(ctx context.Context, workspaceID, id int64) (place, error) {
	return db.One(ctx, s.d, func(r db.Row) (c place, err error) {
		return c, r.Scan(&c.InboxID, &c.AssigneeID, &c.Urgent, &c.Spam, &c.LastPosition)
	}, "SELECT inbox_id, assignee_id, priority = 'urgent', spam, last_position FROM conversations WHERE workspace_id = $1 AND id = $2", workspaceID, id)
}

// authorOf is the agent who wrote a message; 0 when it was none.
func (s store) authorOf(ctx context.Context, workspaceID, messageID int64) (int64, error) {
	return db.One(ctx, s.d, db.Int64, "SELECT CASE WHEN author_kind = 'agent' THEN author_id ELSE 0 END FROM messages WHERE workspace_id = $1 AND id = $2", workspaceID, messageID)
}

func (s store) readMark(ctx context.Context, workspaceID, agentID, conversationID int64) (int64, error) {
	return db.One(ctx, s.d, db.Int64, "SELECT COALESCE(MAX(position), 0) FROM read_marks WHERE workspace_id = $1 AND agent_id = $2 AND conversation_id = $3", workspaceID, agentID, conversationID)
}

func (s store) watchers(ctx context.Context, workspaceID, inboxID int64) ([]int64, error) {
	return s.ids(ctx, "SELECT agent_id FROM notification_watches WHERE workspace_id = $1 AND inbox_id = $2 ORDER BY agent_id", workspaceID, inboxID)
}

func (s store) watched(ctx context.Context, workspaceID, agentID int64) ([]int64, error) {
	return s.ids(ctx, "SELECT inbox_id FROM notification_watches WHERE workspace_id = $1 AND agent_id = $2 ORDER BY inbox_id", workspaceID, agentID)
}

func (s store) inboxes(ctx context.Context, workspaceID int64, ids []int64) ([]int64, error) {
	list, args := db.In(2, ids)
	return s.ids(ctx, "SELECT id FROM inboxes WHERE workspace_id = $1 AND id IN "+list, append([]any{workspaceID}, args...)...)
}

func (s store) settings(ctx context.Context, workspaceID, agentID int64) (Settings, error) {
	return db.One(ctx, s.d, func(r db.Row) (out Settings, err error) {
		var body string
		if err = r.Scan(&body); err == nil {
			err = json.Unmarshal([]byte(body), &out)
		}
		return out, err
	}, "SELECT body FROM notification_settings WHERE workspace_id = $1 AND agent_id = $2", workspaceID, agentID)
}

func (s store) putSettings(ctx context.Context, workspaceID, agentID int64, v Settings, digestAt time.Time) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := db.Do(ctx, s.d, `INSERT INTO notification_settings (workspace_id, agent_id, body, digest_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, agent_id) DO UPDATE SET body = excluded.body, digest_at = excluded.digest_at`, workspaceID, agentID, string(body), db.Micros(digestAt)); err != nil {
		return err
	}
	if err := db.Do(ctx, s.d, "DELETE FROM notification_watches WHERE workspace_id = $1 AND agent_id = $2", workspaceID, agentID); err != nil {
		return err
	}
	for _, id := range v.Watched {
		if err := db.Do(ctx, s.d, "INSERT INTO notification_watches (workspace_id, inbox_id, agent_id) VALUES ($1, $2, $3)", workspaceID, id, agentID); err != nil {
			return err
		}
	}
	return nil
}

const columns = `n.workspace_id, n.agent_id, n.id, n.conversation_id, n.event, n.position, n.message_id, n.actor_kind, n.actor_id, n.at, n.seen_at, n.shown, n.push, n.mail`

func (n *Notification) scan(r db.Row, more ...any) error {
	var at, seen int64
	err := r.Scan(append([]any{&n.WorkspaceID, &n.AgentID, &n.ID, &n.ConversationID, &n.Event, &n.Position, &n.MessageID, &n.ActorKind, &n.ActorID, &at, &seen, &n.Shown, &n.Push, &n.Mail}, more...)...)
	n.At, n.SeenAt = db.Time(at), db.Time(seen)
	return err
}

func scan(r db.Row) (n Notification, err error) { return n, n.scan(r) }

func (s store) add(ctx context.Context, n Notification) error {
	return db.Do(ctx, s.d, `INSERT INTO notifications (workspace_id, agent_id, id, conversation_id, event, position, message_id, actor_kind, actor_id, at, seen_at, shown, push, mail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, n.WorkspaceID, n.AgentID, n.ID, n.ConversationID, string(n.Event), n.Position, n.MessageID, n.ActorKind, n.ActorID,
		db.Micros(n.At), db.Micros(n.SeenAt), n.Shown, string(n.Push), string(n.Mail))
}

// inSight is a condition on a conversation c: the agent may see it, and it is no
// spam. next is the number of the next argument.
func inSight(scope account.Scope, next int) (string, []any) {
	if scope.All {
		return "NOT c.spam", nil
	}
	list, args := db.In(next, scope.Inboxes)
	return "NOT c.spam AND c.inbox_id IN " + list, args
}

// ofUnseen begins with the few that are unseen, however many conversations there
// are.
const ofUnseen = "FROM notifications n CROSS JOIN conversations c WHERE n.workspace_id = $1 AND n.agent_id = $2 AND n.seen_at = 0 AND c.workspace_id = n.workspace_id AND c.id = n.conversation_id AND "

func (s store) countUnseen(ctx context.Context, workspaceID, agentID int64, scope account.Scope) (int, error) {
	sight, args := inSight(scope, 3)
	n, err := db.One(ctx, s.d, db.Int64, "SELECT COUNT(DISTINCT n.conversation_id) "+ofUnseen+"n.shown AND "+sight, append([]any{workspaceID, agentID}, args...)...)
	return int(n), err
}

// groups are what an agent was told, by conversation.
func (s store) groups(ctx context.Context, workspaceID, agentID int64, scope account.Scope, limit int) ([]Group, error) {
	sight, args := inSight(scope, 4)
	list, err := db.All(ctx, s.d, func(r db.Row) (g Group, err error) {
		return g, r.Scan(&g.ConversationID, &g.Number, &g.Subject, &g.InboxID, &g.Unseen, &g.Total, &g.Newest.ID)
	}, `SELECT c.id, c.number, c.subject, c.inbox_id, SUM(CASE WHEN n.seen_at = 0 THEN 1 ELSE 0 END), COUNT(*), MAX(n.id)
		FROM notifications n CROSS JOIN conversations c WHERE n.workspace_id = $1 AND n.agent_id = $2 AND c.workspace_id = n.workspace_id AND c.id = n.conversation_id AND n.shown AND `+sight+`
		GROUP BY c.id, c.number, c.subject, c.inbox_id ORDER BY MIN(CASE WHEN n.seen_at = 0 THEN 0 ELSE 1 END), MAX(n.at) DESC, c.id LIMIT $3`, append([]any{workspaceID, agentID, limit}, args...)...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	for i, g := range list {
		if list[i].Newest, err = s.newest(ctx, workspaceID, agentID, g.ConversationID); err != nil {
			return nil, err
		}
		if list[i].Who, list[i].Excerpt, err = s.said(ctx, list[i].Newest); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// newest is what an agent was told last of a conversation.
func (s store) newest(ctx context.Context, workspaceID, agentID, conversationID int64) (Notification, error) {
	return db.One(ctx, s.d, scan, "SELECT "+columns+" FROM notifications n WHERE n.workspace_id = $1 AND n.agent_id = $2 AND n.conversation_id = $3 AND n.shown ORDER BY n.at DESC, n.id DESC LIMIT 1",
		workspaceID, agentID, conversationID)
}

func texts(r db.Row) (v string, err error) { return v, r.Scan(&v) }

// excerptLength is how much of a message is told, in characters.
const excerptLength = 200

// said is who did it and how what it is about begins. What was taken back, or
// hidden because it carries a code, is not here either.
func (s store) said(ctx context.Context, n Notification) (who, excerpt string, err error) {
	var text string
	row := func(r db.Row) (struct{}, error) { return struct{}{}, r.Scan(&who, &text) }
	switch {
	case n.MessageID != 0 && n.Event != Undelivered:
		_, err = db.One(ctx, s.d, row, `SELECT author_name, CASE WHEN cancelled THEN '' WHEN reply_text <> '' THEN reply_text ELSE text END FROM messages WHERE workspace_id = $1 AND id = $2`, n.WorkspaceID, n.MessageID)
	case n.ActorKind == account.KindAgent:
		_, err = db.One(ctx, s.d, row, "SELECT name, '' FROM agents WHERE workspace_id = $1 AND id = $2", n.WorkspaceID, n.ActorID)
	case n.ActorKind == "contact":
		_, err = db.One(ctx, s.d, row, "SELECT name, '' FROM contacts WHERE workspace_id = $1 AND id = $2", n.WorkspaceID, n.ActorID)
	}
	if err = orGone(err); err != nil || text != "" || n.Event == Mention || n.Event == Reply || n.Event == Followed {
		return who, beginning(text), err
	}
	text, err = db.One(ctx, s.d, texts, "SELECT excerpt FROM conversations WHERE workspace_id = $1 AND id = $2", n.WorkspaceID, n.ConversationID)
	return who, beginning(text), orGone(err)
}

func (s store) anyUnseen(ctx context.Context, workspaceID, agentID, conversationID, position int64) (bool, error) {
	n, err := db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM notifications WHERE workspace_id = $1 AND agent_id = $2 AND seen_at = 0 AND (conversation_id = $3 OR $3 = 0) AND position <= $4",
		workspaceID, agentID, conversationID, position)
	return n > 0, err
}

// see marks as seen; what waited to leave does not.
func (s store) see(ctx context.Context, workspaceID, agentID, conversationID, position int64, now time.Time) (int64, error) {
	return db.Exec(ctx, s.d, `UPDATE notifications SET seen_at = $5, push = CASE WHEN push = 'waiting' THEN 'dropped' ELSE push END, mail = CASE WHEN mail = 'waiting' THEN 'dropped' ELSE mail END
		WHERE workspace_id = $1 AND agent_id = $2 AND seen_at = 0 AND (conversation_id = $3 OR $3 = 0) AND position <= $4`, workspaceID, agentID, conversationID, position, db.Micros(now))
}

func (s store) forgetConversation(ctx context.Context, workspaceID, id int64) error {
	return db.Do(ctx, s.d, "DELETE FROM notifications WHERE workspace_id = $1 AND conversation_id = $2", workspaceID, id)
}

func (s store) forgetMessage(ctx context.Context, workspaceID, conversationID, id int64) error {
	return db.Do(ctx, s.d, "DELETE FROM notifications WHERE workspace_id = $1 AND conversation_id = $2 AND message_id = $3", workspaceID, conversationID, id)
}

// forget lets go what is older than before, and what an agent has too much of.
func (s store) forget(ctx context.Context, workspaceID int64, before time.Time) error {
	agents, err := s.ids(ctx, "SELECT id FROM agents WHERE workspace_id = $1", workspaceID)
	for _, id := range agents {
		if err == nil {
			err = db.Do(ctx, s.d, `DELETE FROM notifications WHERE workspace_id = $1 AND agent_id = $2 AND (at < $3 OR at < COALESCE(
				(SELECT at FROM notifications WHERE workspace_id = $1 AND agent_id = $2 ORDER BY at DESC, id DESC LIMIT 1 OFFSET $4), 0))`, workspaceID, id, db.Micros(before), keptAtMost)
		}
	}
	return err
}
