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

const appColumns = "p.workspace_id, p.id, p.provider, p.client_id, p.authorize_url, p.token_url, p.scope, p.imap_host, p.smtp_host, p.secret"

func (a *App) fields() []any {
	return []any{&a.WorkspaceID, &a.ID, &a.Provider, &a.ClientID, &a.AuthorizeURL, &a.TokenURL, &a.Scope, &a.IMAPHost, &a.SMTPHost, &a.sealed}
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
	return db.Do(ctx, s.d, `INSERT INTO oauth_apps (workspace_id, id, provider, client_id, authorize_url, token_url, scope, imap_host, smtp_host, secret, made_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
		a.WorkspaceID, a.ID, a.Provider, a.ClientID, a.AuthorizeURL, a.TokenURL, a.Scope, a.IMAPHost, a.SMTPHost, a.sealed, db.Micros(now))
}

func (s store) setSecret(ctx context.Context, a App) error {
	return db.Do(ctx, s.d, "UPDATE oauth_apps SET secret = $1 WHERE workspace_id = $2 AND id = $3", a.sealed, a.WorkspaceID, a.ID)
}

func (s store) authorization(ctx context.Context, workspaceID, id int64) (Authorization, error) {
	return db.One(ctx, s.d, func(row db.Row) (v Authorization, err error) {
		var expires int64
		err = row.Scan(append([]any{&v.WorkspaceID, &v.ID, &v.Address, &v.State, &v.Reason, &v.sealed, &expires, &v.turn}, v.App.fields()...)...)
		v.expiresAt = db.Time(expires)
		return v, err
	}, `SELECT o.workspace_id, o.id, o.address, o.state, o.reason, o.secret, o.expires_at, o.turn, `+appColumns+`
		FROM oauth_authorizations o JOIN oauth_apps p ON p.workspace_id = o.workspace_id AND p.id = o.app_id WHERE o.workspace_id = $1 AND o.id = $2`, workspaceID, id)
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
	if err := db.Do(ctx, s.d, "DELETE FROM oauth_attempts WHERE workspace_id = $1 AND expires_at <= $2", at.WorkspaceID, db.Micros(now)); err != nil {
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
