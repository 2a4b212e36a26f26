package account

import (
	"context"
	"strings"
	"time"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/token"
)

const (
	sessionPrefix = "ras_"
	keyPrefix     = "rap_"

	sessionIdle  = 14 * 24 * time.Hour // a session ends when it is not used for so long
	sessionLimit = 90 * 24 * time.Hour // and after so long in any case
	seenEvery    = time.Minute
)

// Session is a browser that is signed in.
type Session struct {
	ID         int64
	CreatedAt  time.Time
	LastSeenAt time.Time
	IP         string
	UserAgent  string
}

// session is a Session as it is stored.
type session struct {
	Session
	hash                          string
	workspaceID, agentID, loginID int64
}

func (s Session) over(now time.Time) bool {
	return now.Sub(s.LastSeenAt) > sessionIdle || now.Sub(s.CreatedAt) > sessionLimit
}

// Authenticate tells who speaks with a session's token. A token that is
// unknown, too old or of an agent that is not active is Unauthenticated. What
// the agent can see is asked for with it: most requests need both.
func (r *Room) Authenticate(ctx context.Context, plain string) (Actor, error) {
	const op = "account.Authenticate"
	if !token.Formed(sessionPrefix, plain) {
		return Actor{}, signInFirst(op)
	}
	hash := token.Hash(plain)
	actor, err := r.actors.get(hash, func() (Actor, error) {
		asked := r.scopes.ask()
		s, actor, scope, err := r.store.sessionByHash(ctx, hash)
		if err != nil {
			return Actor{}, err
		}
		now := r.clock.Now()
		if s.over(now) {
			return Actor{}, signInFirst(op)
		}
		r.scopes.keep(asked, scopeKey{actor.WorkspaceID, actor.AgentID}, scope)
		if now.Sub(s.LastSeenAt) >= seenEvery {
			r.touch(ctx, func(ctx context.Context) error { return r.store.sessionSeen(ctx, s, now) })
		}
		return actor, nil
	})
	return actor, unauthenticated(op, err)
}

// AuthenticateKey tells who speaks with an API key, as Authenticate does for
// sessions.
func (r *Room) AuthenticateKey(ctx context.Context, plain string) (Actor, error) {
	const op = "account.AuthenticateKey"
	if !token.Formed(keyPrefix, plain) {
		return Actor{}, signInFirst(op)
	}
	hash := token.Hash(plain)
	actor, err := r.actors.get(hash, func() (Actor, error) {
		asked := r.scopes.ask()
		k, actor, scope, err := r.store.keyByHash(ctx, hash)
		if err != nil {
			return Actor{}, err
		}
		now := r.clock.Now()
		if k.over(now) {
			return Actor{}, signInFirst(op)
		}
		r.scopes.keep(asked, scopeKey{actor.WorkspaceID, actor.AgentID}, scope)
		if now.Sub(k.LastUsedAt) >= seenEvery {
			r.touch(ctx, func(ctx context.Context) error { return r.store.keyUsed(ctx, k.ID, now) })
		}
		return actor, nil
	})
	return actor, unauthenticated(op, err)
}

func signInFirst(op string) error {
	return fault.New(op, fault.Unauthenticated, "Sign in first.")
}

func unauthenticated(op string, err error) error {
	if fault.Is(err, fault.NotFound) {
		return signInFirst(op)
	}
	return fault.Wrap(op, err)
}

// touch writes down that somebody was seen, beside the request and behind the
// work of people. It may be lost.
func (r *Room) touch(ctx context.Context, write func(context.Context) error) {
	r.touches.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if err := r.store.inBackground(ctx, write); err != nil {
			r.warn(ctx, "account: when somebody was last seen could not be written", "error", err)
		}
	})
}

// SignOut ends the session that speaks.
func (r *Room) SignOut(ctx context.Context, actor Actor) error {
	if actor.SessionID == 0 {
		return nil
	}
	return r.RevokeSession(ctx, actor, actor.SessionID)
}

// Sessions lists the agent's own sessions that still count, the last seen
// first.
func (r *Room) Sessions(ctx context.Context, actor Actor) ([]Session, error) {
	const op = "account.Sessions"
	if err := may(actor, SessionManage); err != nil {
		return nil, fault.Wrap(op, err)
	}
	all, err := r.store.sessionsOf(ctx, actor.AgentID)
	now := r.clock.Now()
	var out []Session
	for _, s := range all {
		if !s.over(now) {
			out = append(out, s)
		}
	}
	return out, fault.Wrap(op, err)
}

// RevokeSession ends one of the agent's own sessions.
func (r *Room) RevokeSession(ctx context.Context, actor Actor, id int64) error {
	const op = "account.RevokeSession"
	return r.change(ctx, op, actor, SessionManage, func(ctx context.Context) error {
		if err := r.store.deleteSession(ctx, actor.AgentID, id); err != nil {
			return err
		}
		r.refresh(ctx)
		return r.announce(ctx, actor, EventSessionRevoked, details{AgentID: actor.AgentID, SessionID: id})
	})
}

// endSessions ends the sessions of a login, but not keep, in the transaction
// of ctx.
func (r *Room) endSessions(ctx context.Context, actor Actor, loginID, agentID, keep int64) error {
	n, err := r.store.deleteSessions(ctx, loginID, keep)
	if err != nil || n == 0 {
		return err
	}
	return r.announce(ctx, actor, EventSessionRevoked, details{AgentID: agentID})
}

// Sweep deletes what has expired: sessions, links, counted attempts. It is run
// about once an hour.
func (r *Room) Sweep(ctx context.Context) error {
	now := r.clock.Now()
	return fault.Wrap("account.Sweep", r.store.inBackground(ctx, func(ctx context.Context) error {
		return r.store.sweep(ctx, now, now.Add(-sessionIdle), now.Add(-sessionLimit), now.Add(-addressLimit.Forget))
	}))
}

// printable is v without characters that cannot be shown, cut to max bytes.
func printable(v string, max int) string {
	v = strings.Map(func(c rune) rune {
		if unprintable(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(v, ""))
	if len(v) > max {
		v = strings.ToValidUTF8(v[:max], "")
	}
	return v
}
