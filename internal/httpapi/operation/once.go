package operation

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"time"

	"rapport/internal/httpapi/gate"
	"rapport/internal/platform/fault"
)

// Times of repeated requests.
const (
	rememberFor = 24 * time.Hour
	inHandFor   = 2 * time.Minute     // then whoever had it is believed dead
	doneFor     = 30 * 24 * time.Hour // an offline browser may ask again as late
)

// earlier is a request that came before with the same key.
type earlier struct {
	request   string // its hash
	answer    string // "" while it is in hand
	createdAt time.Time
}

// once runs do for the first request with its key, and gives every later one
// the same answer. A refusal is not remembered: it changed nothing.
func once[I, O any](ctx context.Context, l *List, id string, in *I, do func(context.Context, *I) (*O, error)) (*O, error) {
	const op = "operation.once"
	key, actor := gate.Key(ctx), gate.Actor(ctx)
	if key == "" {
		return do(ctx, in)
	}
	if len(key) > 100 {
		return nil, fault.New(op, fault.Invalid, "An Idempotency-Key has at most 100 characters.")
	}
	k := idempotent{actor.WorkspaceID, actor.AgentID, id, key}
	hash := l.hashOf(in)
	now := l.clock.Now()
	before, err := l.store.begin(ctx, k, hash, now, now.Add(-rememberFor), now.Add(-inHandFor))
	if err != nil {
		return nil, err
	}
	if before != nil {
		return repeat[O](before, hash)
	}
	out, err := do(ctx, in)
	if err != nil {
		l.store.forget(context.WithoutCancel(ctx), k)
		return nil, err
	}
	answer, err := json.Marshal(out)
	if err == nil {
		err = l.store.remember(context.WithoutCancel(ctx), k, string(answer))
	}
	if err != nil {
		gate.ProblemOf(ctx, fault.Wrap(op, err)) // logged; the work is done, so the caller hears of it
	}
	return out, nil
}

func repeat[O any](e *earlier, hash string) (*O, error) {
	const op = "operation.repeat"
	if e.request != hash {
		return nil, fault.New(op, fault.Conflict, "This Idempotency-Key was used for another request. Use a new one.")
	}
	if e.answer == "" {
		return nil, fault.New(op, fault.Conflict, "The first request with this Idempotency-Key is still being handled. Try again in a moment.")
	}
	out := new(O)
	return out, fault.Wrap(op, json.Unmarshal([]byte(e.answer), out))
}

// Once runs do in one transaction with the mark that it was done, so that the
// same key again does nothing: first is false then. Nothing of what was asked
// or answered is kept. Without a key it only runs do.
func (l *List) Once(ctx context.Context, route, key string, do func(context.Context) error) (first bool, err error) {
	if key == "" {
		return true, do(ctx)
	}
	actor := gate.Actor(ctx)
	k, now := idempotent{actor.WorkspaceID, actor.AgentID, route, key}, l.clock.Now()
	err = l.store.within(ctx, func(ctx context.Context) (err error) {
		if first, err = l.store.mark(ctx, k, now, now.Add(-doneFor)); err != nil || !first {
			return err
		}
		return do(ctx)
	})
	return first, err
}

// hashOf tells two requests apart without keeping either: they may hold
// passwords, so nobody without the key can try some.
func (l *List) hashOf(in any) string {
	b, _ := json.Marshal(in)
	return hex.EncodeToString(l.key.MAC("idempotency", b))
}
