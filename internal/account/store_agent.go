package account

import (
	"context"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

const selectAgent = `SELECT a.workspace_id, a.id, a.name, l.email, a.role, a.state, a.photo_id, a.language, a.time_zone,
	a.signature, a.signature_html, a.theme, a.public_name, LENGTH(l.totp_secret) > 0, a.last_seen_at, a.created_at
	FROM agents a JOIN logins l ON l.id = a.login_id WHERE a.workspace_id = $1`

func scanAgent(r db.Row) (a Agent, err error) {
	var seen, created int64
	err = r.Scan(&a.WorkspaceID, &a.ID, &a.Name, &a.Email, &a.Role, &a.State, &a.PhotoID, &a.Language, &a.TimeZone,
		&a.Signature.Plain, &a.Signature.HTML, &a.Theme, &a.PublicName, &a.TOTP, &seen, &created)
	a.LastSeenAt, a.CreatedAt = db.Time(seen), db.Time(created)
	return a, err
}

func (s store) agents(ctx context.Context, workspaceID int64) ([]Agent, []member, error) {
	agents, members := db.Ask(scanAgent, selectAgent+" ORDER BY a.name, a.id", workspaceID), askMembers(workspaceID)
	err := db.Gather(ctx, s.d, agents, members)
	return agents.Rows, members.Rows, err
}

func (s store) agent(ctx context.Context, workspaceID, id int64) (Agent, error) {
	return db.One(ctx, s.d, scanAgent, selectAgent+" AND a.id = $2", workspaceID, id)
}

func (s store) agentByEmail(ctx context.Context, workspaceID int64, emailKey string) (int64, error) {
	return db.One(ctx, s.d, db.Int64, "SELECT a.id FROM agents a JOIN logins l ON l.id = a.login_id WHERE a.workspace_id = $1 AND l.email_key = $2",
		workspaceID, emailKey)
}

func (s store) insertAgent(ctx context.Context, a Agent, loginID int64) error {
	return s.exec(ctx, `INSERT INTO agents (workspace_id, id, login_id, name, role, state, photo_id, language, time_zone, signature, signature_html, theme, public_name, last_seen_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $14, $11, $13, 0, $12)`,
		a.WorkspaceID, a.ID, loginID, a.Name, string(a.Role), string(a.State), a.PhotoID, a.Language, a.TimeZone, a.Signature.Plain, a.Theme, db.Micros(a.CreatedAt), a.PublicName, a.Signature.HTML)
}

func (s store) updateAgent(ctx context.Context, a Agent) error {
	return s.must(ctx, `UPDATE agents SET name = $3, role = $4, state = $5, photo_id = $6, language = $7, time_zone = $8, signature = $9, theme = $10, public_name = $11, signature_html = $12
		WHERE workspace_id = $1 AND id = $2`,
		a.WorkspaceID, a.ID, a.Name, string(a.Role), string(a.State), a.PhotoID, a.Language, a.TimeZone, a.Signature.Plain, a.Theme, a.PublicName, a.Signature.HTML)
}

func (s store) activeOwners(ctx context.Context, workspaceID int64) (int, error) {
	n, err := db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM agents WHERE workspace_id = $1 AND role = $2 AND state = $3",
		workspaceID, string(Owner), string(Active))
	return int(n), err
}

func (s store) countAgents(ctx context.Context, workspaceID int64, ids []int64) (int, error) {
	return s.countOf(ctx, "agents", workspaceID, ids)
}

func (s store) countOf(ctx context.Context, table string, workspaceID int64, ids []int64) (int, error) {
	list, args := db.In(2, ids)
	n, err := db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM "+table+" WHERE workspace_id = $1 AND id IN "+list, append([]any{workspaceID}, args...)...)
	return int(n), err
}

// seen notes that an agent was there.
func (s store) seen(ctx context.Context, workspaceID, agentID int64, at time.Time) error {
	return s.exec(ctx, "UPDATE agents SET last_seen_at = $3 WHERE workspace_id = $1 AND id = $2 AND last_seen_at < $3", workspaceID, agentID, db.Micros(at))
}

// A login is chosen where it is active, if it is anywhere.
const selectLogin = `SELECT l.id, a.workspace_id, a.id, l.email, l.email_key, a.name, a.language, a.role, a.state, l.password, l.totp_secret, l.totp_pending
	FROM logins l JOIN agents a ON a.login_id = l.id `

func scanLogin(r db.Row) (l login, err error) {
	return l, r.Scan(&l.id, &l.workspaceID, &l.agentID, &l.email, &l.emailKey, &l.name, &l.language, &l.role, &l.state, &l.password, &l.totpSecret, &l.totpPending)
}

func (s store) loginByEmail(ctx context.Context, key string) (login, error) {
	return db.One(ctx, s.d, scanLogin, selectLogin+"WHERE l.email_key = $1 ORDER BY CASE WHEN a.state = $2 THEN 0 ELSE 1 END, a.id LIMIT 1", key, string(Active))
}

func (s store) loginOf(ctx context.Context, workspaceID, agentID int64) (login, error) {
	return db.One(ctx, s.d, scanLogin, selectLogin+"WHERE a.workspace_id = $1 AND a.id = $2", workspaceID, agentID)
}

// insertLogin is Conflict when the address is taken.
func (s store) insertLogin(ctx context.Context, l login, at time.Time) error {
	err := s.exec(ctx, "INSERT INTO logins (id, email, email_key, password, totp_secret, totp_pending, totp_step, created_at) VALUES ($1, $2, $3, $4, $5, $5, 0, $6)",
		l.id, l.email, l.emailKey, l.password, []byte{}, db.Micros(at))
	if fault.Is(err, fault.Conflict) {
		return fault.As("account.insertLogin", fault.Conflict, "An agent with this address exists already.", err)
	}
	return err
}

// confirmPassword locks a login whose password is still the one that was
// checked; otherwise it is NotFound.
func (s store) confirmPassword(ctx context.Context, loginID int64, hash string) error {
	return s.must(ctx, "UPDATE logins SET password = password WHERE id = $1 AND password = $2", loginID, hash)
}

func (s store) setPassword(ctx context.Context, loginID int64, hash string) error {
	return s.must(ctx, "UPDATE logins SET password = $2 WHERE id = $1", loginID, hash)
}

func (s store) setPendingTOTP(ctx context.Context, loginID int64, sealed []byte) error {
	return s.must(ctx, "UPDATE logins SET totp_pending = $2 WHERE id = $1", loginID, sealed)
}

// confirmTOTP turns the second step on if pending is still the secret that was
// confirmed.
func (s store) confirmTOTP(ctx context.Context, loginID int64, pending []byte, step int64, recovery []string) error {
	if err := s.must(ctx, "UPDATE logins SET totp_secret = totp_pending, totp_pending = $4, totp_step = $3 WHERE id = $1 AND totp_pending = $2",
		loginID, bytes(pending), step, []byte{}); err != nil {
		return err
	}
	if err := s.exec(ctx, "DELETE FROM recovery_codes WHERE login_id = $1", loginID); err != nil {
		return err
	}
	for _, hash := range recovery {
		if err := s.exec(ctx, "INSERT INTO recovery_codes (login_id, hash) VALUES ($1, $2)", loginID, hash); err != nil {
			return err
		}
	}
	return nil
}

func (s store) clearTOTP(ctx context.Context, loginID int64) error {
	if err := s.must(ctx, "UPDATE logins SET totp_secret = $2, totp_pending = $2 WHERE id = $1", loginID, []byte{}); err != nil {
		return err
	}
	return s.exec(ctx, "DELETE FROM recovery_codes WHERE login_id = $1", loginID)
}

func (s store) lastTOTP(ctx context.Context, loginID int64) (int64, error) {
	return db.One(ctx, s.d, db.Int64, "SELECT totp_step FROM logins WHERE id = $1", loginID)
}

// advanceTOTP takes a time step's code; NotFound when it or a later one has
// been taken.
func (s store) advanceTOTP(ctx context.Context, loginID, step int64) error {
	return s.must(ctx, "UPDATE logins SET totp_step = $2 WHERE id = $1 AND totp_step < $2", loginID, step)
}

func (s store) useRecoveryCode(ctx context.Context, loginID int64, hash string) error {
	return s.must(ctx, "DELETE FROM recovery_codes WHERE login_id = $1 AND hash = $2", loginID, hash)
}
