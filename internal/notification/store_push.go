package notification

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/db"
)

// A subscription ends with the session it was made in: a browser in which nobody
// is signed in any more must not show what customers write.
const subscriptionColumns = "p.workspace_id, p.agent_id, p.id, p.endpoint_hash, p.sealed, p.device, p.session_id, p.created_at, p.reached_at"
const alive = " AND (p.session_id = 0 OR EXISTS (SELECT 1 FROM sessions s WHERE s.id = p.session_id AND s.agent_id = p.agent_id))"

func scanBrowser(r db.Row) (b browser, err error) {
	var created, reached int64
	err = r.Scan(&b.WorkspaceID, &b.AgentID, &b.ID, &b.endpointHash, &b.sealed, &b.Device, &b.sessionID, &created, &reached)
	b.CreatedAt, b.ReachedAt = db.Time(created), db.Time(reached)
	return b, err
}

func (s store) subscribe(ctx context.Context, b browser, atMost int) error {
	if err := db.Do(ctx, s.d, "DELETE FROM push_subscriptions WHERE workspace_id = $1 AND endpoint_hash = $2", b.WorkspaceID, b.endpointHash); err != nil {
		return err
	}
	if err := db.Do(ctx, s.d, `DELETE FROM push_subscriptions WHERE workspace_id = $1 AND agent_id = $2 AND id IN
		(SELECT id FROM push_subscriptions WHERE workspace_id = $1 AND agent_id = $2 ORDER BY created_at DESC, id DESC LIMIT 100 OFFSET $3)`, b.WorkspaceID, b.AgentID, atMost-1); err != nil {
		return err
	}
	return db.Do(ctx, s.d, `INSERT INTO push_subscriptions (workspace_id, agent_id, id, endpoint_hash, sealed, device, session_id, created_at, reached_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)`, b.WorkspaceID, b.AgentID, b.ID, b.endpointHash, b.sealed, b.Device, b.sessionID, db.Micros(b.CreatedAt))
}

func (s store) subscriptions(ctx context.Context, workspaceID, agentID int64) ([]browser, error) {
	return db.All(ctx, s.d, scanBrowser, "SELECT "+subscriptionColumns+" FROM push_subscriptions p WHERE p.workspace_id = $1 AND p.agent_id = $2"+alive+" ORDER BY p.created_at, p.id", workspaceID, agentID)
}

func (s store) subscription(ctx context.Context, workspaceID, agentID, id int64) (browser, error) {
	return db.One(ctx, s.d, scanBrowser, "SELECT "+subscriptionColumns+" FROM push_subscriptions p WHERE p.workspace_id = $1 AND p.agent_id = $2 AND p.id = $3"+alive, workspaceID, agentID, id)
}

func (s store) hasSubscription(ctx context.Context, workspaceID, agentID int64) (bool, error) {
	n, err := db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM push_subscriptions p WHERE p.workspace_id = $1 AND p.agent_id = $2"+alive, workspaceID, agentID)
	return n > 0, err
}

func (s store) forgetSubscription(ctx context.Context, workspaceID, agentID, id int64) error {
	_, err := db.Exec(ctx, s.d, "DELETE FROM push_subscriptions WHERE workspace_id = $1 AND agent_id = $2 AND id = $3", workspaceID, agentID, id)
	return err
}

// forgetEnded lets go browsers whose session has ended.
func (s store) forgetEnded(ctx context.Context, workspaceID int64) error {
	return db.Do(ctx, s.d, "DELETE FROM push_subscriptions WHERE workspace_id = $1 AND session_id <> 0 AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = session_id AND s.agent_id = push_subscriptions.agent_id)", workspaceID)
}

func (s store) reached(ctx context.Context, b browser, at time.Time) error {
	_, err := db.Exec(ctx, s.d, "UPDATE push_subscriptions SET reached_at = $4 WHERE workspace_id = $1 AND agent_id = $2 AND id = $3", b.WorkspaceID, b.AgentID, b.ID, db.Micros(at))
	return err
}

func (s store) pushKey(ctx context.Context) ([]byte, error) {
	return db.One(ctx, s.d, func(r db.Row) (b []byte, err error) { return b, r.Scan(&b) }, "SELECT sealed FROM push_keys WHERE one = 1")
}

func (s store) putPushKey(ctx context.Context, sealed []byte) error {
	return db.Do(ctx, s.d, "INSERT INTO push_keys (one, sealed) VALUES (1, $1) ON CONFLICT (one) DO NOTHING", sealed)
}

// waits reports whether something of a conversation waits to be pushed.
func (s store) waits(ctx context.Context, workspaceID, agentID, conversationID int64) (bool, error) {
	n, err := db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM notifications WHERE workspace_id = $1 AND conversation_id = $3 AND agent_id = $2 AND push = 'waiting' AND seen_at = 0", workspaceID, agentID, conversationID)
	return n > 0, err
}

// takePushes ends the waiting of all of a conversation; false when there was none
// any more.
func (s store) takePushes(ctx context.Context, workspaceID, agentID, conversationID int64, to State) (bool, error) {
	n, err := db.Exec(ctx, s.d, "UPDATE notifications SET push = $4 WHERE workspace_id = $1 AND conversation_id = $3 AND agent_id = $2 AND push = 'waiting' AND seen_at = 0", workspaceID, agentID, conversationID, string(to))
	return n > 0, err
}

// unseenOf is what of a conversation is unseen, in sight and meant to be pushed,
// with the words of the newest.
func (s store) unseenOf(ctx context.Context, workspaceID, agentID, conversationID int64, scope account.Scope) (g Group, urgent bool, err error) {
	sight, args := inSight(scope, 4)
	g.Newest, err = db.One(ctx, s.d, func(r db.Row) (n Notification, err error) {
		return n, n.scan(r, &g.Number, &g.Subject, &g.InboxID, &urgent)
	}, "SELECT "+columns+", c.number, c.subject, c.inbox_id, c.priority = 'urgent' "+ofUnseen+"n.conversation_id = $3 AND n.push IN ('waiting', 'sent') AND "+sight+
		" AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = n.workspace_id AND m.id = n.message_id AND m.cancelled) ORDER BY n.at DESC, n.id DESC LIMIT 1",
		append([]any{workspaceID, agentID, conversationID}, args...)...)
	if err != nil {
		return g, false, err
	}
	g.ConversationID = conversationID
	g.Who, g.Excerpt, err = s.said(ctx, g.Newest)
	return g, urgent, err
}
