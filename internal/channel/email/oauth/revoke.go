package oauth

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rapport/internal/channel"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
)

const (
	tidyJob   = "oauth.tidy"
	revokeJob = "oauth.revoke"
	// idleLife is how long an authorization may wait for an inbox that uses it.
	idleLife = 24 * time.Hour
	// revokeTries are spread over some hours; after them the provider is left alone.
	revokeTries = 14
)

// revocation is a token to be given back to its provider, sealed.
type revocation struct {
	AppID           int64
	AuthorizationID int64
	Sealed          []byte
}

// revocationTable is what sealed tokens of revocations are bound to.
const revocationTable = "oauth_revocations"

// Schedule has the authorizations tidied every hour, and lets tokens that nobody
// needs any more be taken back at their provider.
func (a *Authorizations) Schedule(jobs *job.Queue) {
	a.jobs = jobs
	jobs.Handle(tidyJob, func(ctx context.Context, _ job.Job) error { return a.Tidy(ctx) }, job.Options{Workers: 1})
	jobs.Handle(revokeJob, a.revoke, job.Options{Workers: 1, MaxAttempts: revokeTries, Outgoing: true,
		OnDead: func(ctx context.Context, j job.Job) error {
			slog.Warn("oauth: a token that nobody needs could not be taken back", "workspace", j.WorkspaceID, "error", j.LastError)
			return jobs.Drop(ctx, j.WorkspaceID, j.ID)
		}})
	jobs.Every(tidyJob, time.Hour, func(ctx context.Context) error {
		_, err := jobs.Enqueue(ctx, job.New{Kind: tidyJob, UniqueKey: tidyJob})
		return err
	})
}

// Tidy removes sign-ins that were begun and not finished within a day, and
// authorizations that no inbox needs any more: it was deleted and nothing waits
// to leave through it, or it signs in with another one. Their tokens are taken
// back at the provider, if it has a way.
func (a *Authorizations) Tidy(ctx context.Context) error {
	const op = "oauth.Tidy"
	now := a.clock.Now()
	workspaces, err := a.store.workspaces(ctx)
	for _, id := range workspaces {
		if err != nil {
			break
		}
		err = a.store.within(ctx, func(ctx context.Context) error { return a.tidy(ctx, id, now) })
	}
	return fault.Wrap(op, err)
}

func (a *Authorizations) tidy(ctx context.Context, workspaceID int64, now time.Time) error {
	if err := a.store.forgetAttempts(ctx, workspaceID, now); err != nil {
		return err
	}
	idle, err := a.store.idle(ctx, workspaceID, now.Add(-idleLife))
	if err != nil {
		return err
	}
	for _, v := range idle {
		needed, err := a.Needed(ctx, workspaceID, v.ID)
		if err != nil {
			return err
		}
		if needed {
			continue
		}
		if err := a.store.remove(ctx, v); err != nil {
			return err
		}
		if err := a.giveBack(ctx, v); err != nil {
			return err
		}
	}
	return a.store.forgetApps(ctx, workspaceID, now.Add(-idleLife))
}

// giveBack has the tokens of v taken back at its provider, in the transaction in
// which they cease to count. Providers take back all that an app was allowed for
// a mailbox, so it is left alone while another authorization lives by that.
func (a *Authorizations) giveBack(ctx context.Context, v Authorization) error {
	if v.State != Given || v.App.RevokeURL == "" {
		return nil
	}
	shared, err := a.store.alike(ctx, v)
	if err != nil || shared {
		return err
	}
	t, err := a.open(v)
	if err != nil {
		return err
	}
	sealed, err := a.box.Seal(revocationTable, v.ID, []byte(t.Renew))
	if err != nil {
		return err
	}
	_, err = a.jobs.Enqueue(ctx, job.New{WorkspaceID: v.WorkspaceID, Kind: revokeJob, Args: revocation{v.App.ID, v.ID, sealed}})
	return err
}

// revoke takes one token back (RFC 7009). It goes to the host of the provider's
// token server and to no other; only what may pass is tried again.
func (a *Authorizations) revoke(ctx context.Context, j job.Job) error {
	const op = "oauth.revoke"
	var r revocation
	if err := j.Args(&r); err != nil {
		return err
	}
	app, err := a.store.app(ctx, j.WorkspaceID, r.AppID)
	if fault.Is(err, fault.NotFound) || err == nil && !app.revokes() {
		return nil
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	secret, err := a.box.Open(appTable, app.ID, app.sealed)
	if err != nil {
		return fault.Wrap(op, err)
	}
	token, err := a.box.Open(revocationTable, r.AuthorizationID, r.Sealed)
	if err != nil {
		return fault.Wrap(op, err)
	}
	form := url.Values{"token": {string(token)}, "token_type_hint": {"refresh_token"}, "client_id": {app.ClientID}, "client_secret": {string(secret)}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, app.RevokeURL, strings.NewReader(form.Encode()))
	if err != nil {
		return fault.Wrap(op, err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := a.client.Do(request)
	if err != nil {
		return fault.As(op, fault.Unavailable, "", without(err.Error(), []string{string(token), string(secret)}))
	}
	defer answer.Body.Close()
	var said struct {
		Error string `json:"error"`
	}
	_ = json.NewDecoder(io.LimitReader(answer.Body, 4<<10)).Decode(&said) // whatever it is, the status counts
	switch {
	case answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500:
		return fault.As(op, fault.Unavailable, "", fmt.Errorf("%s answers %d: %w", app.Name(), answer.StatusCode, channel.ErrUnreached))
	case answer.StatusCode >= 300: // it is gone there, or is not taken back
		slog.Warn("oauth: the provider did not take a token back", "workspace", j.WorkspaceID, "provider", app.Name(), "status", answer.StatusCode, "code", plainCode(said.Error))
	}
	return nil
}

// revokes reports whether the app's provider takes tokens back, at the host that
// has given them.
func (a App) revokes() bool { return a.RevokeURL != "" && a.Endpoints.ownRevocation() }

// ownRevocation reports whether tokens would be taken back where they came from,
// and unread by anybody on the way.
func (e Endpoints) ownRevocation() bool {
	at, err := url.Parse(e.RevokeURL)
	from, bad := url.Parse(e.TokenURL)
	return err == nil && bad == nil && encrypted(e.RevokeURL) && strings.EqualFold(at.Host, from.Host)
}
