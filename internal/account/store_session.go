package account

import (
	"context"
	"time"

	"rapport/internal/account/proof"
	"rapport/internal/platform/db"
)

const sessionColumns = "id, created_at, last_seen_at, ip, user_agent"

func scanSession(r db.Row) (v Session, err error) {
	var created, seen int64
	err = r.Scan(&v.ID, &created, &seen, &v.IP, &v.UserAgent)
	v.CreatedAt, v.LastSeenAt = db.Time(created), db.Time(seen)
	return v, err
}

func (s store) insertSession(ctx context.Context, v session) error {
	return s.exec(ctx, "INSERT INTO sessions ("+sessionColumns+", hash, workspace_id, agent_id, login_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		v.ID, db.Micros(v.CreatedAt), db.Micros(v.LastSeenAt), v.IP, v.UserAgent, v.hash, v.workspaceID, v.agentID, v.loginID)
}

// sessionByHash finds a session of an active agent, that agent, and what it
// sees.
func (s store) sessionByHash(ctx context.Context, hash string) (session, Actor, Scope, error) {
	actor := Actor{Kind: KindAgent}
	var version int64
	found := db.Ask(func(r db.Row) (v session, err error) {
		var created, seen int64
		err = r.Scan(&v.ID, &created, &seen, &v.workspaceID, &v.agentID, &v.loginID, &actor.Role, &actor.Language, &version)
		actor.WorkspaceID, actor.AgentID, actor.SessionID = v.workspaceID, v.agentID, v.ID
		v.CreatedAt, v.LastSeenAt = db.Time(created), db.Time(seen)
		return v, err
	}, `SELECT s.id, s.created_at, s.last_seen_at, s.workspace_id, s.agent_id, s.login_id, a.role, a.language, w.access_version
		FROM sessions s JOIN agents a ON a.workspace_id = s.workspace_id AND a.id = s.agent_id JOIN workspaces w ON w.id = s.workspace_id
		WHERE s.hash = $1 AND a.state = $2`, hash, string(Active))
	granted := askGranted("SELECT workspace_id, agent_id FROM sessions WHERE hash = $1", hash)
	if err := db.Gather(ctx, s.d, found, granted); err != nil {
		return session{}, actor, Scope{}, err
	}
	v, err := found.One()
	return v, actor, scopeOf(actor.Role, version, granted.Rows), err
}

func (s store) sessionSeen(ctx context.Context, v session, at time.Time) error {
	if err := s.exec(ctx, "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2", v.ID, db.Micros(at)); err != nil {
		return err
	}
	return s.seen(ctx, v.workspaceID, v.agentID, at)
}

func (s store) sessionsOf(ctx context.Context, agentID int64) ([]Session, error) {
	return db.All(ctx, s.d, scanSession, "SELECT "+sessionColumns+" FROM sessions WHERE agent_id = $1 ORDER BY last_seen_at DESC, id DESC", agentID)
}

func (s store) deleteSession(ctx context.Context, agentID, id int64) error {
	return s.must(ctx, "DELETE FROM sessions WHERE id = $1 AND agent_id = $2", id, agentID)
}

// deleteSessions deletes the sessions of a login but keep and returns how many.
func (s store) deleteSessions(ctx context.Context, loginID, keep int64) (int64, error) {
	return db.Exec(ctx, s.d, "DELETE FROM sessions WHERE login_id = $1 AND id <> $2", loginID, keep)
}

const keyColumns = "id, name, prefix, agent_id, created_at, last_used_at, expires_at"

func scanKey(r db.Row) (k APIKey, err error) {
	var created, used, expires int64
	err = r.Scan(&k.ID, &k.Name, &k.Prefix, &k.AgentID, &created, &used, &expires)
	k.CreatedAt, k.LastUsedAt, k.ExpiresAt = db.Time(created), db.Time(used), db.Time(expires)
	return k, err
}

func (s store) insertKey(ctx context.Context, k APIKey, workspaceID int64, hash string) error {
	return s.exec(ctx, "INSERT INTO api_keys ("+keyColumns+", hash, workspace_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		k.ID, k.Name, k.Prefix, k.AgentID, db.Micros(k.CreatedAt), 0, db.Micros(k.ExpiresAt), hash, workspaceID)
}

func (s store) keysOf(ctx context.Context, agentID int64) ([]APIKey, error) {
	return db.All(ctx, s.d, scanKey, "SELECT "+keyColumns+" FROM api_keys WHERE agent_id = $1 ORDER BY created_at DESC, id DESC", agentID)
}

// keyByHash finds a key of an active agent, that agent, and what it sees.
func (s store) keyByHash(ctx context.Context, hash string) (APIKey, Actor, Scope, error) {
	actor := Actor{Kind: KindAgent}
	var version int64
	found := db.Ask(func(r db.Row) (k APIKey, err error) {
		var used, expires int64
		err = r.Scan(&k.ID, &used, &expires, &actor.WorkspaceID, &actor.AgentID, &actor.Role, &version)
		k.LastUsedAt, k.ExpiresAt = db.Time(used), db.Time(expires)
		return k, err
	}, `SELECT k.id, k.last_used_at, k.expires_at, k.workspace_id, k.agent_id, a.role, w.access_version
		FROM api_keys k JOIN agents a ON a.workspace_id = k.workspace_id AND a.id = k.agent_id JOIN workspaces w ON w.id = k.workspace_id
		WHERE k.hash = $1 AND a.state = $2`, hash, string(Active))
	granted := askGranted("SELECT workspace_id, agent_id FROM api_keys WHERE hash = $1", hash)
	if err := db.Gather(ctx, s.d, found, granted); err != nil {
		return APIKey{}, actor, Scope{}, err
	}
	k, err := found.One()
	return k, actor, scopeOf(actor.Role, version, granted.Rows), err
}

func (s store) keyUsed(ctx context.Context, id int64, at time.Time) error {
	return s.exec(ctx, "UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2", id, db.Micros(at))
}

func (s store) deleteKey(ctx context.Context, agentID, id int64) error {
	return s.must(ctx, "DELETE FROM api_keys WHERE id = $1 AND agent_id = $2", id, agentID)
}

func (s store) deleteKeys(ctx context.Context, agentID int64) error {
	return s.exec(ctx, "DELETE FROM api_keys WHERE agent_id = $1", agentID)
}

func (s store) insertLink(ctx context.Context, l link) error {
	return s.exec(ctx, "INSERT INTO account_links (hash, kind, workspace_id, agent_id, expires_at) VALUES ($1, $2, $3, $4, $5)",
		l.hash, l.kind, l.workspaceID, l.agentID, db.Micros(l.expiresAt))
}

func (s store) linkByHash(ctx context.Context, kind, hash string) (link, error) {
	return db.One(ctx, s.d, func(r db.Row) (l link, err error) {
		var expires int64
		err = r.Scan(&l.hash, &l.kind, &l.workspaceID, &l.agentID, &expires)
		l.expiresAt = db.Time(expires)
		return l, err
	}, "SELECT hash, kind, workspace_id, agent_id, expires_at FROM account_links WHERE hash = $1 AND kind = $2", hash, kind)
}

func (s store) deleteLink(ctx context.Context, hash string) (int64, error) {
	return db.Exec(ctx, s.d, "DELETE FROM account_links WHERE hash = $1", hash)
}

func (s store) deleteLinks(ctx context.Context, agentID int64, kind string) error {
	return s.exec(ctx, "DELETE FROM account_links WHERE agent_id = $1 AND kind = $2", agentID, kind)
}

// tally reads and locks what is known under a key.
func (s store) tally(ctx context.Context, key string) (proof.Tally, error) {
	return db.One(ctx, s.d, func(r db.Row) (t proof.Tally, err error) {
		var last, blocked int64
		err = r.Scan(&t.Failures, &last, &blocked)
		t.Last, t.BlockedUntil = db.Time(last), db.Time(blocked)
		return t, err
	}, `INSERT INTO attempts (key, failures, last_at, blocked_until) VALUES ($1, 0, 0, 0)
		ON CONFLICT (key) DO UPDATE SET failures = attempts.failures RETURNING failures, last_at, blocked_until`, key)
}

func (s store) setTally(ctx context.Context, key string, t proof.Tally) error {
	return s.must(ctx, "UPDATE attempts SET failures = $2, last_at = $3, blocked_until = $4 WHERE key = $1",
		key, t.Failures, db.Micros(t.Last), db.Micros(t.BlockedUntil))
}

func (s store) clearTally(ctx context.Context, key string) error {
	return s.exec(ctx, "DELETE FROM attempts WHERE key = $1", key)
}

func (s store) lessenTally(ctx context.Context, key string) error {
	return s.exec(ctx, "UPDATE attempts SET failures = failures - 1, blocked_until = 0 WHERE key = $1 AND failures > 0", key)
}
