package conversation

import (
	"context"
	"encoding/json"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/db"
)

func scanDraft(r db.Row) (d Draft, err error) {
	var body string
	var at int64
	if err = r.Scan(&d.ConversationID, &d.Kind, &body, &at, &d.Version); err != nil {
		return d, err
	}
	d.UpdatedAt = db.Time(at)
	return d, json.Unmarshal([]byte(body), &d.Content)
}

const selectDraft = "SELECT d.conversation_id, d.kind, d.body, d.updated_at, d.version FROM drafts d "

func askDraft(workspaceID, agentID, conversationID int64, kind string) *db.Asked[Draft] {
	return db.Ask(scanDraft, selectDraft+"WHERE d.workspace_id = $1 AND d.agent_id = $2 AND d.conversation_id = $3 AND d.kind = $4",
		workspaceID, agentID, conversationID, kind)
}

func (s store) draft(ctx context.Context, workspaceID, agentID, conversationID int64, kind string) (Draft, error) {
	asked := askDraft(workspaceID, agentID, conversationID, kind)
	if err := db.Gather(ctx, s.d, asked); err != nil {
		return Draft{}, err
	}
	return asked.One()
}

// draftIn is a conversation and a draft in it; NotFound without either.
func (s store) draftIn(ctx context.Context, workspaceID, agentID, conversationID int64, kind string) (Conversation, Draft, error) {
	asked := askDraft(workspaceID, agentID, conversationID, kind)
	c, err := s.with(ctx, workspaceID, conversationID, asked)
	if err != nil {
		return c, Draft{}, err
	}
	d, err := asked.One()
	return c, d, err
}

func (s store) putDraft(ctx context.Context, workspaceID, agentID int64, d Draft, now time.Time) (Draft, error) {
	version, err := db.One(ctx, s.d, db.Int64, `INSERT INTO drafts (workspace_id, agent_id, conversation_id, kind, body, updated_at, version) VALUES ($1,$2,$3,$4,$5,$6,1)
		ON CONFLICT (workspace_id, agent_id, conversation_id, kind) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at, version = drafts.version + 1
		RETURNING version`, workspaceID, agentID, d.ConversationID, d.Kind, asJSON(d.Content), db.Micros(now))
	d.UpdatedAt, d.Version = now, version
	return d, err
}

func (s store) dropDraft(ctx context.Context, workspaceID, agentID, conversationID int64, kind string) error {
	return db.Do(ctx, s.d, "DELETE FROM drafts WHERE workspace_id = $1 AND agent_id = $2 AND conversation_id = $3 AND kind = $4", workspaceID, agentID, conversationID, kind)
}

func (s store) drafts(ctx context.Context, workspaceID, agentID int64, scope account.Scope) ([]Draft, error) {
	var w db.Where
	w.Add("d.workspace_id = ?", workspaceID)
	w.Add("d.agent_id = ?", agentID)
	if !scope.All {
		db.AddIn(&w, "c.inbox_id", scope.Inboxes)
	}
	return db.All(ctx, s.d, scanDraft, selectDraft+"JOIN conversations c ON c.workspace_id = d.workspace_id AND c.id = d.conversation_id WHERE "+w.String()+
		" ORDER BY d.updated_at DESC LIMIT 100", w.Args...)
}
