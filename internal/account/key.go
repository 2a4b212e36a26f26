package account

import (
	"context"
	"time"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/token"
)

// APIKey lets a program speak for an agent, with the agent's rights.
type APIKey struct {
	ID         int64
	Name       string
	Prefix     string // the first characters of the token, to tell keys apart
	AgentID    int64
	CreatedAt  time.Time
	LastUsedAt time.Time // zero: never
	ExpiresAt  time.Time // zero: never
}

func (k APIKey) over(now time.Time) bool { return !k.ExpiresAt.IsZero() && !now.Before(k.ExpiresAt) }

// maxKeys bounds the keys of one agent.
const maxKeys = 50

// Keys lists the agent's own API keys, the newest first.
func (r *Room) Keys(ctx context.Context, actor Actor) ([]APIKey, error) {
	const op = "account.Keys"
	if err := may(actor, KeyManage); err != nil {
		return nil, fault.Wrap(op, err)
	}
	all, err := r.store.keysOf(ctx, actor.AgentID)
	return all, fault.Wrap(op, err)
}

// CreateKey makes an API key of the agent that acts. The token is given once.
// The zero expires is never.
func (r *Room) CreateKey(ctx context.Context, actor Actor, name string, expires time.Time) (APIKey, string, error) {
	const op = "account.CreateKey"
	if err := may(actor, KeyManage); err != nil {
		return APIKey{}, "", fault.Wrap(op, err)
	}
	f := form{op: op}
	name = f.name("name", name)
	if !expires.IsZero() && !expires.After(r.clock.Now()) {
		f.fail("expires_at", "The expiry is in the past. Choose a later time, or none.")
	}
	if err := f.err(); err != nil {
		return APIKey{}, "", err
	}
	var k APIKey
	var plain string
	err := r.store.within(ctx, func(ctx context.Context) error {
		have, err := r.store.keysOf(ctx, actor.AgentID)
		if err != nil {
			return err
		}
		if len(have) >= maxKeys {
			return fault.Newf(op, fault.Conflict, "You have %d API keys. Delete one you no longer need first.", len(have))
		}
		k, plain, err = r.addKey(ctx, actor, name, expires)
		return err
	})
	return k, plain, fault.Wrap(op, err)
}

// CreateToken makes an API key of the agent with this address, for whoever
// runs commands on the machine.
func (r *Room) CreateToken(ctx context.Context, email, name string) (string, error) {
	const op = "account.CreateToken"
	l, err := r.known(ctx, op, email)
	if err != nil {
		return "", err
	}
	actor := Actor{Kind: KindAgent, WorkspaceID: l.workspaceID, AgentID: l.agentID, Role: l.role}
	_, plain, err := r.CreateKey(ctx, actor, name, time.Time{})
	return plain, fault.Wrap(op, err)
}

// addKey writes a key in the transaction of ctx.
func (r *Room) addKey(ctx context.Context, actor Actor, name string, expires time.Time) (APIKey, string, error) {
	id, err := r.store.newID(ctx)
	if err != nil {
		return APIKey{}, "", err
	}
	plain, hash := token.New(keyPrefix)
	k := APIKey{ID: id, Name: name, Prefix: plain[:len(keyPrefix)+4], AgentID: actor.AgentID, CreatedAt: r.clock.Now(), ExpiresAt: expires}
	if err := r.store.insertKey(ctx, k, actor.WorkspaceID, hash); err != nil {
		return APIKey{}, "", err
	}
	return k, plain, r.announce(ctx, actor, EventKeyChanged, details{AgentID: actor.AgentID, KeyID: id, What: "created"})
}

// RevokeKey ends one of the agent's own API keys at once.
func (r *Room) RevokeKey(ctx context.Context, actor Actor, id int64) error {
	const op = "account.RevokeKey"
	return r.change(ctx, op, actor, KeyManage, func(ctx context.Context) error {
		if err := r.store.deleteKey(ctx, actor.AgentID, id); err != nil {
			return err
		}
		r.refresh(ctx)
		return r.announce(ctx, actor, EventKeyChanged, details{AgentID: actor.AgentID, KeyID: id, What: "revoked"})
	})
}
