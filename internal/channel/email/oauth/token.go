package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"rapport/internal/channel"
	"rapport/internal/platform/fault"
)

// A renewal takes its turn for longer than the provider may take to answer, so
// that what comes back can be stored in peace.
const (
	answerTime = 20 * time.Second
	turnTime   = time.Minute
	early      = time.Minute // a token is renewed so long before its end
	lookEvery  = 100 * time.Millisecond
)

// Token returns what opens the mailbox at one of the provider's mail servers.
// refused is a token that the server did not take, or "". A provider that no
// longer lets us in is channel.ErrReconnect in the chain of an Unavailable
// fault; one that does not answer is channel.ErrUnreached.
func (a *Authorizations) Token(ctx context.Context, workspaceID, id int64, host, refused string) (string, error) {
	const op = "oauth.Token"
	for began := time.Now(); ; {
		v, err := a.store.authorization(ctx, workspaceID, id)
		if err != nil {
			return "", fault.As(op, fault.KindOf(err), "The sign-in of this inbox is not there. Sign in again.", err)
		}
		switch {
		case !v.App.serves(host):
			return "", fault.New(op, fault.Forbidden, "This sign-in is for another mail server. Sign in again for this one.")
		case v.State == Lost:
			return "", v.lost()
		case v.State == Asked:
			return "", fault.As(op, fault.Unavailable, "Nobody has signed in to this mailbox yet.", errors.Join(channel.ErrReconnect, channel.ErrUnreached))
		}
		t, err := a.open(v)
		if err != nil {
			return "", fault.Wrap(op, err)
		}
		now := a.clock.Now()
		if t.Access != refused && now.Add(early).Before(v.expiresAt) {
			return t.Access, nil
		}
		mine, err := a.store.takeTurn(ctx, &v, now, now.Add(turnTime))
		if err != nil {
			return "", fault.Wrap(op, err)
		}
		if mine {
			// Nobody may interrupt it: the provider may have changed the renewal token.
			access, err := a.renew(context.WithoutCancel(ctx), v, t)
			if !errors.Is(err, errOvertaken) {
				return access, fault.Wrap(op, err)
			}
		}
		if time.Since(began) > turnTime {
			return "", fault.As(op, fault.Unavailable, fmt.Sprintf("%s does not answer.", v.App.Name()), channel.ErrUnreached)
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(lookEvery):
		}
	}
}

func (a *Authorizations) open(v Authorization) (t tokens, err error) {
	plain, err := a.box.Open(authorizationTable, v.ID, v.sealed)
	if err == nil {
		err = json.Unmarshal(plain, &t)
	}
	return t, err
}

// errOvertaken: somebody has signed in anew while a token was being renewed.
var errOvertaken = errors.New("the authorization has changed meanwhile")

// renew asks for new tokens in the turn that v holds, and stores them.
func (a *Authorizations) renew(ctx context.Context, v Authorization, old tokens) (string, error) {
	secret, err := a.box.Open(appTable, v.App.ID, v.App.sealed)
	if err != nil {
		return "", err
	}
	fresh, err := v.App.config(string(secret), "").TokenSource(a.through(ctx), &oauth2.Token{RefreshToken: old.Renew}).Token()
	if err != nil {
		if reason := loss(v, err); reason != "" {
			return "", a.lose(ctx, v, reason)
		}
		if ended := a.store.endTurn(ctx, v); ended != nil {
			slog.Warn("oauth: a turn could not be given back", "authorization", v.ID, "error", ended)
		}
		return "", a.refusal(v, err, string(secret), old.Renew, old.Access)
	}
	if err := a.keep(ctx, &v, fresh); err != nil {
		return "", err
	}
	var kept bool
	for tries := 0; ; tries++ { // what the provider has given is not asked for again
		if kept, err = a.store.setTokens(ctx, v); err == nil || tries == 20 {
			break
		}
		time.Sleep(lookEvery)
	}
	if err == nil && !kept {
		err = errOvertaken
	}
	return fresh.AccessToken, err
}

// lose ends an authorization, unless somebody has signed in anew meanwhile.
func (a *Authorizations) lose(ctx context.Context, v Authorization, reason string) error {
	v.State, v.Reason = Lost, reason
	err := a.store.within(ctx, func(ctx context.Context) error {
		lost, err := a.store.lose(ctx, v, a.clock.Now())
		if err != nil {
			return err
		}
		if !lost {
			return errOvertaken
		}
		return a.Deps.Lost(ctx, v)
	})
	if err != nil {
		return err
	}
	slog.Warn("oauth: the provider no longer lets us into a mailbox", "authorization", v.ID, "reason", reason)
	return v.lost()
}

// Codes with which a token server says that the leave has ended, and that it
// does not take the app.
var (
	endings = []string{"invalid_grant", "interaction_required", "login_required", "consent_required"}
	strange = []string{"invalid_client", "unauthorized_client"}
)

// loss says in words that an authorization has ended, or nothing when the
// failure says nothing about it.
func loss(v Authorization, err error) string {
	code := codeOf(err)
	switch {
	case slices.Contains(endings, code):
		return v.App.Name() + " no longer lets Rapport into this mailbox: the permission was withdrawn or has expired."
	case slices.Contains(strange, code):
		return v.App.Name() + " no longer accepts the client secret: it has expired or was changed."
	}
	return ""
}

func codeOf(err error) string {
	var said *oauth2.RetrieveError
	if errors.As(err, &said) && said.Response != nil && said.Response.StatusCode < 500 {
		return said.ErrorCode
	}
	return ""
}

// refusal puts a failure of a token server into words, without the secrets that
// it may repeat.
func (a *Authorizations) refusal(v Authorization, err error, secrets ...string) error {
	const op = "oauth.refusal"
	var said *oauth2.RetrieveError
	if !errors.As(err, &said) {
		return fault.As(op, fault.Unavailable, fmt.Sprintf("%s does not answer.", v.App.Name()), errors.Join(channel.ErrUnreached, without(err.Error(), secrets)))
	}
	cause := without(fmt.Sprintf("status %d %s %s", said.Response.StatusCode, said.ErrorCode, said.ErrorDescription), secrets)
	switch code := codeOf(err); {
	case code == "":
		return fault.As(op, fault.Unavailable, fmt.Sprintf("%s does not answer as it should.", v.App.Name()), errors.Join(channel.ErrUnreached, cause))
	case slices.Contains(strange, code):
		return fault.As(op, fault.Conflict, fmt.Sprintf("%s does not know this client ID, or the client secret is wrong.", v.App.Name()), cause)
	default:
		return fault.As(op, fault.Conflict, fmt.Sprintf("%s refuses the sign-in (%s).", v.App.Name(), plainCode(code)), errors.Join(channel.ErrUnreached, cause))
	}
}

// without is a text for the log in which secrets are blacked out.
func without(text string, secrets []string) error {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, "…")
		}
	}
	if len(text) > 300 {
		text = text[:300]
	}
	return errors.New(strings.ToValidUTF8(text, ""))
}

// plainCode is the code of a refusal, if it looks like one.
func plainCode(code string) string {
	if len(code) > 60 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return "?"
	}
	return code
}
