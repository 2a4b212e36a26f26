package account

import (
	"context"
	"errors"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/token"
)

// ErrCodeNeeded is in the chain of SignIn's refusal when the password was
// right and the login has a second step that was not given.
var ErrCodeNeeded = errors.New("a code of the second step is needed")

// SignIn is one try to sign in.
type SignIn struct {
	Email    string
	Password string
	Code     string // of the second step, or a recovery code; empty when not asked for yet
	Client   Client
}

// Client is where a request comes from.
type Client struct {
	IP        string
	UserAgent string
}

// SignedIn is a new session: the token is given once and stored as a hash.
type SignedIn struct {
	Actor Actor
	Token string
}

// SignIn checks the proofs and starts a session. A refusal is Unauthenticated
// and the same, in words and in time, for an unknown address, a wrong password
// and a wrong code; too many are Limited.
func (r *Room) SignIn(ctx context.Context, in SignIn) (SignedIn, error) {
	const op = "account.SignIn"
	key, _ := foldEmail(in.Email)
	address, network := addressGate(key), networkGate(in.Client.IP)
	if err := r.attempt(ctx, op, address, network); err != nil {
		return SignedIn{}, fault.Wrap(op, err)
	}
	login, err := r.store.loginByEmail(ctx, key)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return SignedIn{}, fault.Wrap(op, err)
	}
	ok, err := r.hasher.Verify(ctx, login.password, in.Password)
	if err != nil {
		return SignedIn{}, fault.Wrap(op, err)
	}
	if !ok || login.state != Active {
		r.warn(ctx, "account: a sign-in was refused", "agent_id", login.agentID, "ip", in.Client.IP)
		return SignedIn{}, refused(op)
	}
	if login.hasTOTP() && in.Code == "" {
		err := r.store.within(ctx, func(ctx context.Context) error { return r.forgive(ctx, address, network) })
		return SignedIn{}, errors.Join(err, fault.As(op, fault.Unauthenticated, "Enter the code from your authenticator app.", ErrCodeNeeded))
	}
	secret, err := r.openTOTP(login.id, login.totpSecret)
	if err != nil {
		return SignedIn{}, fault.Wrap(op, err)
	}
	var out SignedIn
	err = r.store.within(ctx, func(ctx context.Context) error {
		err := r.store.confirmPassword(ctx, login.id, login.password)
		if fault.Is(err, fault.NotFound) {
			return refused(op) // it was changed a moment ago
		}
		if err != nil {
			return err
		}
		if secret != "" {
			if err := r.useCode(ctx, login.id, secret, in.Code); err != nil {
				return err
			}
		}
		if err := r.forgive(ctx, address, network); err != nil {
			return err
		}
		out, err = r.startSession(ctx, login, in.Client)
		return err
	})
	return out, fault.Wrap(op, err)
}

func refused(op string) error {
	return fault.New(op, fault.Unauthenticated, "The e-mail address, the password or the code is not right.")
}

// startSession writes a session with a new token, in the transaction of ctx.
func (r *Room) startSession(ctx context.Context, login login, from Client) (SignedIn, error) {
	id, err := r.store.newID(ctx)
	if err != nil {
		return SignedIn{}, err
	}
	plain, hash := token.New(sessionPrefix)
	now := r.clock.Now()
	s := session{
		Session: Session{ID: id, CreatedAt: now, LastSeenAt: now, IP: printable(from.IP, 64), UserAgent: printable(from.UserAgent, 300)},
		hash:    hash, workspaceID: login.workspaceID, agentID: login.agentID, loginID: login.id,
	}
	if err := r.store.insertSession(ctx, s); err != nil {
		return SignedIn{}, err
	}
	if err := r.store.seen(ctx, login.workspaceID, login.agentID, now); err != nil {
		return SignedIn{}, err
	}
	actor := Actor{Kind: KindAgent, WorkspaceID: login.workspaceID, AgentID: login.agentID, Role: login.role, SessionID: id, Language: login.language}
	return SignedIn{actor, plain}, r.announce(ctx, actor, EventSessionStarted, details{AgentID: actor.AgentID, SessionID: id})
}
