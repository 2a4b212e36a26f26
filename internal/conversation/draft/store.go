package draft

import (
	"context"
	"encoding/json"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
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
	if err = r.Scan(&d.AgentID, &d.ConversationID, &d.Kind, &body, &at, &d.Version, &d.Shared); err != nil {
		return d, err
	}
	d.UpdatedAt = db.Time(at)
	return d, json.Unmarshal([]byte(body), &d.Content)
}

const columns = "SELECT d.agent_id, d.conversation_id, d.kind, d.body, d.updated_at, d.version, d.shared FROM drafts d "

func (s store) get(ctx context.Context, workspaceID, agentID, conversationID int64, kind string) (Draft, error) {
	return db.One(ctx, s.d, scan, columns+"WHERE d.workspace_id = $1 AND d.agent_id = $2 AND d.conversation_id = $3 AND d.kind = $4",
		workspaceID, agentID, conversationID, kind)
}

func (s store) inboxOf(ctx context.Context, workspaceID, conversationID int64) (int64, error) {
	return db.One(ctx, s.d, db.Int64, "SELECT inbox_id FROM conversations WHERE workspace_id = $1 AND id = $2", workspaceID, conversationID)
}

// Put writes a draft as its next version, in the caller's transaction, and keeps
// what it said before as far as that is worth it.
func Put(ctx context.Context, d *db.DB, workspaceID, agentID int64, v Draft, now time.Time) (Draft, error) {
	body, err := json.Marshal(v.Content)
	if err != nil {
		return v, err
	}
	v.AgentID, v.UpdatedAt = agentID, now
	v.Version, err = db.One(ctx, d, db.Int64, `INSERT INTO drafts (workspace_id, agent_id, conversation_id, kind, body, updated_at, version, shared) VALUES ($1,$2,$3,$4,$5,$6,1,$7)
		ON CONFLICT (workspace_id, agent_id, conversation_id, kind) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at, version = drafts.version + 1, shared = excluded.shared
		RETURNING version`, workspaceID, agentID, v.ConversationID, v.Kind, string(body), db.Micros(now), v.Shared)
	if err != nil {
		return v, err
	}
	return v, store{d}.remember(ctx, workspaceID, agentID, v, string(body), now)
}

// version is what a draft said at some time.
type version struct {
	n, begunAt int64
	body       string
	Draft
}

const versionColumns = "SELECT n, body, begun_at, saved_at FROM draft_versions WHERE workspace_id = $1 AND agent_id = $2 AND conversation_id = $3 AND kind = $4 ORDER BY n DESC"

func scanVersion(r db.Row) (v version, err error) {
	var at int64
	if err = r.Scan(&v.n, &v.body, &v.begunAt, &at); err != nil {
		return v, err
	}
	v.Version, v.UpdatedAt = v.n, db.Time(at)
	return v, json.Unmarshal([]byte(v.body), &v.Content)
}

// remember keeps a draft among its versions: in place of the newest, as long as
// it only goes on from there, else beside it. The oldest beyond Kept go.
func (s store) remember(ctx context.Context, workspaceID, agentID int64, d Draft, body string, now time.Time) error {
	newest, err := db.One(ctx, s.d, scanVersion, versionColumns+" LIMIT 1", workspaceID, agentID, d.ConversationID, d.Kind)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if newest.body == body {
		return nil
	}
	n, begun := newest.n, newest.begunAt
	if newest.n == 0 || !goesOn(newest.Content, db.Time(begun), d.Content, now) {
		n, begun = newest.n+1, db.Micros(now)
	}
	err = db.Do(ctx, s.d, `INSERT INTO draft_versions (workspace_id, agent_id, conversation_id, kind, n, body, begun_at, saved_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)
		ON CONFLICT (workspace_id, agent_id, conversation_id, kind, n) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at`,
		workspaceID, agentID, d.ConversationID, d.Kind, n, body, begun, db.Micros(now))
	if err != nil {
		return err
	}
	return db.Do(ctx, s.d, "DELETE FROM draft_versions WHERE workspace_id = $1 AND agent_id = $2 AND conversation_id = $3 AND kind = $4 AND n <= $5", workspaceID, agentID, d.ConversationID, d.Kind, n-Kept)
}

func (s store) versions(ctx context.Context, workspaceID, agentID, conversationID int64, kind string) ([]Draft, error) {
	found, err := db.All(ctx, s.d, scanVersion, versionColumns, workspaceID, agentID, conversationID, kind)
	out := make([]Draft, len(found))
	for i, v := range found {
		v.AgentID, v.ConversationID, v.Kind = agentID, conversationID, kind
		out[i] = v.Draft
	}
	return out, err
}

func (s store) others(ctx context.Context, workspaceID, agentID, conversationID int64) ([]Draft, error) {
	return db.All(ctx, s.d, scan, columns+"WHERE d.workspace_id = $1 AND d.conversation_id = $2 AND d.agent_id <> $3 ORDER BY d.updated_at DESC, d.agent_id, d.kind LIMIT 20", workspaceID, conversationID, agentID)
}

// Drop forgets a draft and what it said before, in the caller's transaction, as
// it has been sent; there may be none.
func Drop(ctx context.Context, d *db.DB, workspaceID, agentID, conversationID int64, kind string) error {
	if err := (store{d}).throwAway(ctx, workspaceID, agentID, conversationID, kind); err != nil {
		return err
	}
	return db.Do(ctx, d, "DELETE FROM draft_versions WHERE workspace_id = $1 AND agent_id = $2 AND conversation_id = $3 AND kind = $4", workspaceID, agentID, conversationID, kind)
}

// throwAway drops a draft; its versions stay, so that it can be brought back.
func (s store) throwAway(ctx context.Context, workspaceID, agentID, conversationID int64, kind string) error {
	return db.Do(ctx, s.d, "DELETE FROM drafts WHERE workspace_id = $1 AND agent_id = $2 AND conversation_id = $3 AND kind = $4", workspaceID, agentID, conversationID, kind)
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
