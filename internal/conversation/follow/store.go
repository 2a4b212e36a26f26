package follow

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store is the database the followers are in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

func (s store) inboxOf(ctx context.Context, workspaceID, conversationID int64) (inboxID, contactID int64, err error) {
	both, err := db.One(ctx, s.d, func(r db.Row) (v [2]int64, err error) { return v, r.Scan(&v[0], &v[1]) },
		"SELECT inbox_id, contact_id FROM conversations WHERE workspace_id = $1 AND id = $2", workspaceID, conversationID)
	return both[0], both[1], err
}

func (s store) followers(ctx context.Context, workspaceID, conversationID int64) ([]Follower, error) {
	return db.All(ctx, s.d, func(r db.Row) (f Follower, err error) { return f, r.Scan(&f.AgentID, &f.Stance) },
		"SELECT agent_id, stance FROM followers WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY since, agent_id", workspaceID, conversationID)
}

// set writes how an agent stands, and reports whether that is another way than
// before. The conversation must still be there.
func (s store) set(ctx context.Context, actor account.Actor, conversationID int64, to Stance, now time.Time) (changed bool, err error) {
	if _, err := db.One(ctx, s.d, db.Int64, "SELECT id FROM conversations WHERE workspace_id = $1 AND id = $2"+s.d.Pick("", " FOR UPDATE"), actor.WorkspaceID, conversationID); err != nil {
		return false, err
	}
	before, err := db.One(ctx, s.d, db.String, "SELECT stance FROM followers WHERE workspace_id = $1 AND conversation_id = $2 AND agent_id = $3", actor.WorkspaceID, conversationID, actor.AgentID)
	if fault.Is(err, fault.NotFound) {
		before, err = string(Neither), nil
	}
	switch {
	case err != nil || Stance(before) == to:
		return false, err
	case to == Neither:
		return true, db.Do(ctx, s.d, "DELETE FROM followers WHERE workspace_id = $1 AND conversation_id = $2 AND agent_id = $3", actor.WorkspaceID, conversationID, actor.AgentID)
	}
	return true, db.Do(ctx, s.d, `INSERT INTO followers (workspace_id, conversation_id, agent_id, stance, since) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (workspace_id, conversation_id, agent_id) DO UPDATE SET stance = excluded.stance, since = excluded.since`,
		actor.WorkspaceID, conversationID, actor.AgentID, string(to), db.Micros(now))
}
