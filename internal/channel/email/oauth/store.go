package oauth

import (
	"context"
	"time"

	"rapport/internal/platform/db"
)

// Store is the database authorizations are kept in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

func (s store) newID(ctx context.Context) (int64, error) { return s.d.NewID(ctx) }

const appColumns = "p.workspace_id, p.id, p.provider, p.client_id, p.authorize_url, p.token_url, p.revoke_url, p.scope, p.imap_host, p.smtp_host, p.secret"

func (a *App) fields() []any {
	return []any{&a.WorkspaceID, &a.ID, &a.Provider, &a.ClientID, &a.AuthorizeURL, &a.TokenURL, &a.RevokeURL, &a.Scope, &a.IMAPHost, &a.SMTPHost, &a.sealed}
}

func scanApp(row db.Row) (a App, err error) {
	err = row.Scan(a.fields()...)
	return a, err
}

func (s store) apps(ctx context.Context, workspaceID int64) ([]App, error) {
	return db.All(ctx, s.d, scanApp, "SELECT "+appColumns+" FROM oauth_apps p WHERE p.workspace_id = $1 ORDER BY p.made_at DESC, p.id DESC", workspaceID)
}

func (s store) app(ctx context.Context, workspaceID, id int64) (App, error) {
	return db.One(ctx, s.d, scanApp, "SELECT "+appColumns+" FROM oauth_apps p WHERE p.workspace_id = $1 AND p.id = $2", workspaceID, id)
}

func (s store) insertApp(ctx context.Context, a App, now time.Time) error {
	return db.Do(ctx, s.d, `INSERT INTO oauth_apps (workspace_id, id, provider, client_id, authorize_url, token_url, revoke_url, scope, imap_host, smtp_host, secret, made_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`,
		a.WorkspaceID, a.ID, a.Provider, a.ClientID, a.AuthorizeURL, a.TokenURL, a.RevokeURL, a.Scope, a.IMAPHost, a.SMTPHost, a.sealed, db.Micros(now))
}

func (s store) setSecret(ctx context.Context, a App) error {
	return db.Do(ctx, s.d, "UPDATE oauth_apps SET secret = $1 WHERE workspace_id = $2 AND id = $3", a.sealed, a.WorkspaceID, a.ID)
}

const (
	authorizationColumns = "o.workspace_id, o.id, o.address, o.state, o.reason, o.secret, o.expires_at, o.turn, " + appColumns
	authorizationTables  = " FROM oauth_authorizations o JOIN oauth_apps p ON p.workspace_id = o.workspace_id AND p.id = o.app_id"
)

func scanAuthorization(row db.Row) (v Authorization, err error) {
	var expires int64
	err = row.Scan(append([]any{&v.WorkspaceID, &v.ID, &v.Address, &v.State, &v.Reason, &v.sealed, &expires, &v.turn}, v.App.fields()...)...)
	v.expiresAt = db.Time(expires)
	return v, err
}

func (s store) authorization(ctx context.Context, workspaceID, id int64) (Authorization, error) {
	return db.One(ctx, s.d, scanAuthorization, "SELECT "+authorizationColumns+authorizationTables+" WHERE o.workspace_id = $1 AND o.id = $2", workspaceID, id)
}

func (s store) insert(ctx context.Context, v Authorization, now time.Time) (int64, error) {
	id, err := s.newID(ctx)
	if err != nil {
		return 0, err
	}
	return id, db.Do(ctx, s.d, `INSERT INTO oauth_authorizations (workspace_id, id, app_id, address, state, reason, secret, expires_at, renewing_until, turn, changed_at)
		VALUES ($1,$2,$3,$4,$5,'',$6,0,0,0,$7)`, v.WorkspaceID, id, v.App.ID, v.Address, string(v.State), []byte{}, db.Micros(now))
}

// takeTurn lets v alone be renewed until a time; false says that somebody else
// renews it, or has changed it since it was read.
func (s store) takeTurn(ctx context.Context, v *Authorization, now, until time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.d, `UPDATE oauth_authorizations SET renewing_until = $1, turn = turn + 1
		WHERE workspace_id = $2 AND id = $3 AND turn = $4 AND renewing_until <= $5`, db.Micros(until), v.WorkspaceID, v.ID, v.turn, db.Micros(now))
	v.turn++
	return n == 1, err
}

func (s store) endTurn(ctx context.Context, v Authorization) error {
	return db.Do(ctx, s.d, "UPDATE oauth_authorizations SET renewing_until = 0 WHERE workspace_id = $1 AND id = $2 AND turn = $3", v.WorkspaceID, v.ID, v.turn)
}

// setTokens stores what a turn has brought; false says that the turn is over.
func (s store) setTokens(ctx context.Context, v Authorization) (bool, error) {
	n, err := db.Exec(ctx, s.d, `UPDATE oauth_authorizations SET secret = $1, expires_at = $2, renewing_until = 0, turn = turn + 1
		WHERE workspace_id = $3 AND id = $4 AND turn = $5`, v.sealed, db.Micros(v.expiresAt), v.WorkspaceID, v.ID, v.turn)
	return n == 1, err
}

// lose ends an authorization in its turn; false says that the turn is over.
func (s store) lose(ctx context.Context, v Authorization, now time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.d, `UPDATE oauth_authorizations SET state = $1, reason = $2, secret = $3, renewing_until = 0, turn = turn + 1, changed_at = $4
		WHERE workspace_id = $5 AND id = $6 AND turn = $7`, string(Lost), v.Reason, []byte{}, db.Micros(now), v.WorkspaceID, v.ID, v.turn)
	return n == 1, err
}

// give lets an authorization count, with the tokens of v, whatever it was.
func (s store) give(ctx context.Context, v Authorization, now time.Time) error {
	return db.Do(ctx, s.d, `UPDATE oauth_authorizations SET app_id = $1, state = $2, reason = '', secret = $3, expires_at = $4, renewing_until = 0, turn = turn + 1, changed_at = $5
		WHERE workspace_id = $6 AND id = $7`, v.App.ID, string(Given), v.sealed, db.Micros(v.expiresAt), db.Micros(now), v.WorkspaceID, v.ID)
}

// attempt is a person on the way to the provider and back.
type attempt struct {
	WorkspaceID     int64
	StateHash       string
	AuthorizationID int64
	AppID           int64
	Who             Who
	ExpiresAt       time.Time
	sealed          []byte
}

// attempt notes one, and forgets those that are over.
func (s store) attempt(ctx context.Context, at attempt, now time.Time) error {
	if err := s.forgetAttempts(ctx, at.WorkspaceID, now); err != nil {
		return err
	}
	return db.Do(ctx, s.d, `INSERT INTO oauth_attempts (workspace_id, state_hash, authorization_id, app_id, agent_id, session_id, secret, expires_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		at.WorkspaceID, at.StateHash, at.AuthorizationID, at.AppID, at.Who.AgentID, at.Who.SessionID, at.sealed, db.Micros(at.ExpiresAt))
}

// takeAttempt removes and returns an attempt of who; NotFound for anybody else.
func (s store) takeAttempt(ctx context.Context, workspaceID int64, stateHash string, who Who) (at attempt, err error) {
	err = s.within(ctx, func(ctx context.Context) (err error) {
		at, err = db.One(ctx, s.d, func(row db.Row) (at attempt, err error) {
			var expires int64
			err = row.Scan(&at.AuthorizationID, &at.AppID, &at.sealed, &expires)
			at.ExpiresAt = db.Time(expires)
			return at, err
		}, `DELETE FROM oauth_attempts WHERE workspace_id = $1 AND state_hash = $2 AND agent_id = $3 AND session_id = $4
			RETURNING authorization_id, app_id, secret, expires_at`, workspaceID, stateHash, who.AgentID, who.SessionID)
		return err
	})
	return at, err
}

// forgetAttempts forgets those that are over.
func (s store) forgetAttempts(ctx context.Context, workspaceID int64, now time.Time) error {
	return db.Do(ctx, s.d, "DELETE FROM oauth_attempts WHERE workspace_id = $1 AND expires_at <= $2", workspaceID, db.Micros(now))
}

// workspaces are those that have signed in anywhere, or set out to.
func (s store) workspaces(ctx context.Context) ([]int64, error) {
	return db.All(ctx, s.d, db.Int64, "SELECT DISTINCT workspace_id FROM oauth_apps ORDER BY workspace_id")
}

// idle are the authorizations that have not changed since a time, and that nobody
// is on the way to the provider for.
func (s store) idle(ctx context.Context, workspaceID int64, since time.Time) ([]Authorization, error) {
	return db.All(ctx, s.d, scanAuthorization, "SELECT "+authorizationColumns+authorizationTables+` WHERE o.workspace_id = $1 AND o.changed_at <= $2
		AND NOT EXISTS (SELECT 1 FROM oauth_attempts t WHERE t.workspace_id = o.workspace_id AND t.authorization_id = o.id) ORDER BY o.id`, workspaceID, db.Micros(since))
}

// remove deletes an authorization.
func (s store) remove(ctx context.Context, v Authorization) error {
	return db.Do(ctx, s.d, "DELETE FROM oauth_authorizations WHERE workspace_id = $1 AND id = $2", v.WorkspaceID, v.ID)
}

// alike reports whether another authorization opens the same mailbox by the same
// app.
func (s store) alike(ctx context.Context, v Authorization) (bool, error) {
	n, err := db.One(ctx, s.d, db.Int64, "SELECT COUNT(*)"+authorizationTables+` WHERE o.workspace_id = $1 AND o.id <> $2 AND o.state = $3 AND o.address = $4
		AND p.client_id = $5 AND p.token_url = $6`, v.WorkspaceID, v.ID, string(Given), v.Address, v.App.ClientID, v.App.TokenURL)
	return n > 0, err
}

// forgetApps forgets apps that were typed before a time and have never worked.
func (s store) forgetApps(ctx context.Context, workspaceID int64, before time.Time) error {
	return db.Do(ctx, s.d, `DELETE FROM oauth_apps WHERE workspace_id = $1 AND LENGTH(secret) = 0 AND made_at <= $2
		AND NOT EXISTS (SELECT 1 FROM oauth_authorizations o WHERE o.workspace_id = oauth_apps.workspace_id AND o.app_id = oauth_apps.id)
		AND NOT EXISTS (SELECT 1 FROM oauth_attempts t WHERE t.workspace_id = oauth_apps.workspace_id AND t.app_id = oauth_apps.id)`, workspaceID, db.Micros(before))
}
