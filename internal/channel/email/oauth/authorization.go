package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"rapport/internal/channel"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/outbound"
	"rapport/internal/platform/token"
)

// State is where an authorization stands.
type State string

const (
	Asked State = "asked" // nobody has let us in yet
	Given State = "given"
	Lost  State = "lost" // the provider lets us in no more
)

// Authorization is the leave to read and send the mail of one mailbox.
type Authorization struct {
	ID          int64
	WorkspaceID int64
	App         App
	Address     string
	State       State
	Reason      string // why it was lost, in words
	expiresAt   time.Time
	turn        int64  // counts its changes, so that two at once are one
	sealed      []byte // its tokens
}

// tokens are what opens the mailbox, and what renews that.
type tokens struct {
	Access string `json:"access"`
	Renew  string `json:"renew"`
}

// pending is what an attempt keeps until its answer: the proof that it is ours,
// and the client secret that was typed for it, or "".
type pending struct {
	Verifier string `json:"verifier"`
	Secret   string `json:"secret,omitempty"`
}

// Who asks: a teammate in one session.
type Who struct{ AgentID, SessionID int64 }

// Asking is what a person sets out with.
type Asking struct {
	WorkspaceID     int64
	Who             Who
	AuthorizationID int64 // of a mailbox that is connected again; 0: a new one
	Address         string
	Provider        string    // google, microsoft; "" for another one
	Tenant          string    // of Microsoft: the company's directory; "" is any
	Own             Endpoints // of another provider
	// ClientID and ClientSecret may be left out when they are known.
	ClientID, ClientSecret string
}

// Box seals secrets.
type Box interface {
	Seal(table string, row int64, plain []byte) ([]byte, error)
	Open(table string, row int64, sealed []byte) ([]byte, error)
}

// Deps is what authorizations stand on.
type Deps struct {
	Store Store
	Box   Box
	Guard *outbound.Guard
	Clock clock.Clock
	// Redirect is the address at which a person comes back from the provider.
	Redirect func() string
	// Given and Lost are called in the transaction in which an authorization
	// begins to count and in which it ends; each once.
	Given func(ctx context.Context, v Authorization) error
	Lost  func(ctx context.Context, v Authorization) error
	// Needed reports whether an inbox signs in with an authorization, or has
	// mail that waits to leave by it.
	Needed func(ctx context.Context, workspaceID, id int64) (bool, error)
}

// Authorizations are those of all workspaces.
type Authorizations struct {
	Deps
	store  store
	box    Box
	clock  clock.Clock
	client *http.Client
	jobs   *job.Queue
}

// Tables that sealed values are bound to.
const (
	appTable           = "oauth_apps"
	authorizationTable = "oauth_authorizations"
	attemptTable       = "oauth_attempts"
)

// attemptLife is how long a person may take at the provider.
const attemptLife = 15 * time.Minute

// New opens the authorizations.
func New(d Deps) *Authorizations {
	client := d.Guard.Client(outbound.Limits{Headers: answerTime, Total: answerTime})
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // secrets go nowhere else
	return &Authorizations{Deps: d, store: store{d.Store}, box: d.Box, clock: d.Clock, client: client}
}

// Redirect is the address that an app must be registered with.
func (a *Authorizations) Redirect() string { return a.Deps.Redirect() }

// Of returns one authorization.
func (a *Authorizations) Of(ctx context.Context, workspaceID, id int64) (Authorization, error) {
	v, err := a.store.authorization(ctx, workspaceID, id)
	return v, fault.Wrap("oauth.Of", err)
}

// Begin notes that somebody sets out for a provider, and returns the page to
// open there.
func (a *Authorizations) Begin(ctx context.Context, q Asking) (v Authorization, page string, err error) {
	const op = "oauth.Begin"
	if parsed, err := mail.ParseAddress(q.Address); q.AuthorizationID == 0 && (err != nil || parsed.Address != q.Address) {
		return v, "", fault.InvalidField(op, "address", "Write one e-mail address, such as hello@miska.example.")
	}
	q.ClientID, q.ClientSecret, q.Tenant = strings.TrimSpace(q.ClientID), strings.TrimSpace(q.ClientSecret), strings.TrimSpace(q.Tenant)
	at, err := endpointsOf(q.Provider, q.Tenant, q.Own)
	if err != nil && q.AuthorizationID == 0 {
		return v, "", fault.Wrap(op, err)
	}
	state, hash := token.New("")
	secrets := pending{oauth2.GenerateVerifier(), q.ClientSecret}
	plain, err := json.Marshal(secrets)
	if err != nil {
		return v, "", fault.Wrap(op, err)
	}
	err = a.store.within(ctx, func(ctx context.Context) (err error) {
		if q.AuthorizationID != 0 {
			if v, err = a.store.authorization(ctx, q.WorkspaceID, q.AuthorizationID); err != nil {
				return err
			}
			if q.ClientID == "" {
				q.ClientID = v.App.ClientID
			}
			v.App, err = a.register(ctx, q, v.App.Provider, v.App.Endpoints)
		} else if v.App, err = a.register(ctx, q, q.Provider, at); err == nil {
			v.WorkspaceID, v.Address, v.State = q.WorkspaceID, q.Address, Asked
			v.ID, err = a.store.insert(ctx, v, a.clock.Now())
		}
		if err != nil {
			return err
		}
		sealed, err := a.box.Seal(attemptTable, v.ID, plain)
		if err != nil {
			return err
		}
		return a.store.attempt(ctx, attempt{WorkspaceID: v.WorkspaceID, StateHash: hash, AuthorizationID: v.ID, AppID: v.App.ID, Who: q.Who, sealed: sealed,
			ExpiresAt: a.clock.Now().Add(attemptLife)}, a.clock.Now())
	})
	if err != nil {
		return v, "", fault.Wrap(op, err)
	}
	asked := append(v.App.options(v.Address), oauth2.S256ChallengeOption(secrets.Verifier))
	return v, v.App.config("", a.Redirect()).AuthCodeURL(state, asked...), nil
}

// Answer is what a person brings back from the provider: a code, or why there
// is none.
type Answer struct{ State, Code, Refusal string }

// Complete takes the answer that a person brings back. An attempt that was begun
// in another session, was used, or is too old is a Conflict, and is not spent by
// who did not begin it.
func (a *Authorizations) Complete(ctx context.Context, workspaceID int64, who Who, answer Answer) (Authorization, error) {
	const op = "oauth.Complete"
	at, err := a.store.takeAttempt(ctx, workspaceID, token.Hash(answer.State), who)
	if fault.Is(err, fault.NotFound) || err == nil && !a.clock.Now().Before(at.ExpiresAt) {
		return Authorization{}, fault.New(op, fault.Conflict, "This sign-in is no longer open: it was used already, took too long, or was begun by somebody else. Begin it again.")
	}
	if err != nil {
		return Authorization{}, fault.Wrap(op, err)
	}
	v, err := a.store.authorization(ctx, workspaceID, at.AuthorizationID)
	if err == nil {
		v.App, err = a.store.app(ctx, workspaceID, at.AppID)
	}
	if err != nil {
		return v, fault.Wrap(op, err)
	}
	if answer.Code == "" {
		return v, fault.As(op, fault.Conflict, v.App.Name()+" did not let Rapport in. Begin again and allow it there.", errors.New(plainCode(answer.Refusal)))
	}
	secrets, err := a.secretsOf(v, at)
	if err != nil {
		return v, fault.Wrap(op, err)
	}
	fresh, err := a.exchange(ctx, v, secrets, answer.Code)
	if err != nil {
		return v, fault.Wrap(op, err)
	}
	if v.App.sealed, err = a.box.Seal(appTable, v.App.ID, []byte(secrets.Secret)); err != nil {
		return v, fault.Wrap(op, err)
	}
	err = a.store.within(ctx, func(ctx context.Context) error {
		if err := a.keep(ctx, &v, fresh); err != nil {
			return err
		}
		old, err := a.store.authorization(ctx, workspaceID, v.ID)
		if err != nil {
			return err
		}
		if err := a.store.setSecret(ctx, v.App); err != nil {
			return err
		}
		if err := a.store.give(ctx, v, a.clock.Now()); err != nil {
			return err
		}
		if old.App.ID != v.App.ID { // of the same app it would take the new leave back as well
			if err := a.giveBack(ctx, old); err != nil {
				return err
			}
		}
		return a.Given(ctx, v)
	})
	v.State, v.Reason = Given, ""
	return v, fault.Wrap(op, err)
}

// secretsOf opens what an attempt keeps; without a secret of its own it has the
// app's.
func (a *Authorizations) secretsOf(v Authorization, at attempt) (p pending, err error) {
	plain, err := a.box.Open(attemptTable, v.ID, at.sealed)
	if err == nil {
		err = json.Unmarshal(plain, &p)
	}
	if err == nil && p.Secret == "" {
		plain, err = a.box.Open(appTable, v.App.ID, v.App.sealed)
		p.Secret = string(plain)
	}
	return p, err
}

// exchange buys tokens for a code.
func (a *Authorizations) exchange(ctx context.Context, v Authorization, p pending, code string) (*oauth2.Token, error) {
	fresh, err := v.App.config(p.Secret, a.Redirect()).Exchange(a.through(ctx), code, oauth2.VerifierOption(p.Verifier))
	if err != nil {
		return nil, a.refusal(v, err, p.Secret, code, p.Verifier)
	}
	if fresh.RefreshToken == "" {
		return nil, fault.New("oauth.exchange", fault.Conflict, v.App.Name()+" let Rapport in for an hour only. The app must ask for lasting access: the scope offline_access, or access_type=offline.")
	}
	return fresh, nil
}

// through is a context in which the library calls through the guard.
func (a *Authorizations) through(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, a.client)
}

// keep seals tokens into an authorization.
func (a *Authorizations) keep(_ context.Context, v *Authorization, fresh *oauth2.Token) error {
	plain, err := json.Marshal(tokens{fresh.AccessToken, fresh.RefreshToken})
	if err != nil {
		return err
	}
	life := time.Duration(fresh.ExpiresIn) * time.Second
	if life <= 0 {
		life = time.Hour // it was not said; a server that refuses it sooner is believed
	}
	v.expiresAt = a.clock.Now().Add(life)
	v.sealed, err = a.box.Seal(authorizationTable, v.ID, plain)
	return err
}

// lost is what whoever needs a token of a lost authorization is told.
func (v Authorization) lost() error {
	return fault.As("oauth.Token", fault.Unavailable, v.Reason, errors.Join(channel.ErrReconnect, channel.ErrUnreached))
}
