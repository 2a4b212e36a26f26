package draft

import (
	"context"
	"encoding/json"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/db"
)

// Store is the database the drafts are in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

func scan(r db.Row) (d Draft, err error) {
	var body string
	var at int64
	if err = r.Scan(&d.ConversationID, &d.Kind, &body, &at, &d.Version); err != nil {
		return d, err
	}
	d.UpdatedAt = db.Time(at)
	return d, json.Unmarshal([]byte(body), &d.Content)
}

const columns = "SELECT d.conversation_id, d.kind, d.body, d.updated_at, d.version FROM drafts d "

func (s store) get(ctx context.Context, workspaceID, agentID, conversationID int64, kind string) (Draft, error) {
	return db.One(ctx, s.d, scan, columns+"WHERE d.workspace_id = $1 AND d.agent_id = $2 AND d.conversation_id = $3 AND d.kind = $4",
		workspaceID, agentID, conversationID, kind)
}

func (s store) inboxOf(ctx context.Context, workspaceID, conversationID int64) (int64, error) {
	return db.One(ctx, s.d, db.Int64, "SELECT inbox_id FROM conversations WHERE workspace_id = $1 AND id = $2", workspaceID, conversationID)
}

// Put writes a draft as its next version, in the caller's transaction.
func Put(ctx context.Context, d *db.DB, workspaceID, agentID int64, v Draft, now time.Time) (Draft, error) {
	body, err := json.Marshal(v.Content)
	if err != nil {
		return v, err
	}
	v.UpdatedAt = now
	v.Version, err = db.One(ctx, d, db.Int64, `INSERT INTO drafts (workspace_id, agent_id, conversation_id, kind, body, updated_at, version) VALUES ($1,$2,$3,$4,$5,$6,1)
		ON CONFLICT (workspace_id, agent_id, conversation_id, kind) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at, version = drafts.version + 1
		RETURNING version`, workspaceID, agentID, v.ConversationID, v.Kind, string(body), db.Micros(now))
	return v, err
}

// Drop throws a draft away, in the caller's transaction; there may be none.
func Drop(ctx context.Context, d *db.DB, workspaceID, agentID, conversationID int64, kind string) error {
	return db.Do(ctx, d, "DELETE FROM drafts WHERE workspace_id = $1 AND agent_id = $2 AND conversation_id = $3 AND kind = $4", workspaceID, agentID, conversationID, kind)
}

func (s store) list(ctx context.Context, workspaceID, agentID int64, scope account.Scope) ([]Draft, error) {
	var w db.Where
	w.Add("d.workspace_id = ?", workspaceID)
	w.Add("d.agent_id = ?", agentID)
	if !scope.All {
		db.AddIn(&w, "c.inbox_id", scope.Inboxes)
	}
	return db.All(ctx, s.d, scan, columns+"JOIN conversations c ON c.workspace_id = d.workspace_id AND c.id = d.conversation_id WHERE "+w.String()+
		" ORDER BY d.updated_at DESC LIMIT 100", w.Args...)
}
