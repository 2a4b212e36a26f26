package channel

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"rapport/internal/channel/brake"
	"rapport/internal/platform/job"
)

// Errors in the chain of what an adapter's Send returns when nothing is wrong
// with the message: the whole inbox waits then, with growing pauses.
var (
	// ErrThrottled says that the server asks to be sent less at a time.
	ErrThrottled = errors.New("the server asks for slower sending")
	// ErrUnreached says that there is no session with the server: it is away,
	// has no encryption, refuses the sign-in, or the grant for it has ended.
	ErrUnreached = errors.New("there is no session with the server")
)

// outagePatience is how long messages wait for a server that is away: longer
// than anybody's holidays.
const outagePatience = 35 * 24 * time.Hour

// What the inbox says while it cannot send as it would.
const (
	sendTrouble = "Sending does not work: "
	slowed      = "The mail server asks for slower sending: "
)

// waitAtBrake lets o have its turn at the brake of its inbox, or puts it off.
func (r *Room) waitAtBrake(ctx context.Context, o outbound) (brake.Brake, error) {
	b, err := r.brakes.Of(ctx, o.WorkspaceID, o.ViaID)
	now := r.clock.Now()
	if err != nil || b.Level == 0 {
		return b, err
	}
	if !b.Until.After(now) {
		var mine bool
		if b, mine, err = r.brakes.Move(ctx, o.WorkspaceID, o.ViaID, b, b.Taken(now)); err != nil || mine {
			return b, err
		}
	}
	return b, r.putOff(ctx, o, b)
}

func (r *Room) putOff(ctx context.Context, o outbound, b brake.Brake) error {
	r.showDelay(ctx, o, Delayed, b.Reason)
	return job.Later(b.Wait(r.clock.Now(), o.ID), b.Reason)
}

// slowDown sets the brake of an inbox harder and puts the message off. That the
// server asks for patience, or is away, says nothing about the message, so the
// attempt does not count. One place decides that an inbox cannot send: here.
func (r *Room) slowDown(ctx context.Context, o outbound, inbox Inbox, b brake.Brake, away bool, cause string) error {
	now := r.clock.Now()
	next, trouble := b.Harder(now, slowed+cause), slowed+cause
	if away {
		next, trouble = b.Unreached(now, cause), sendTrouble+cause
	}
	next, mine, err := r.brakes.Move(ctx, o.WorkspaceID, o.ViaID, b, next)
	if err != nil {
		return err
	}
	if mine {
		slog.Warn("channel: the inbox cannot send as it would", "inbox", o.ViaID, "level", next.Level, "reason", trouble)
		r.noteState(ctx, inbox, r.store.setSendTrouble, trouble)
	}
	if away && now.Sub(o.QueuedAt) >= outagePatience {
		return job.Permanent(errors.New(cause))
	}
	return r.putOff(ctx, o, next)
}

// speedUp sets the brake of an inbox softer after a message that was taken. One
// that cannot be set now is set after the next.
func (r *Room) speedUp(ctx context.Context, o outbound, inbox Inbox, b brake.Brake) {
	if b.Level > 0 {
		next, _, err := r.brakes.Move(ctx, o.WorkspaceID, o.ViaID, b, b.Softer(r.clock.Now()))
		if err != nil {
			slog.Error("channel: the brake", "inbox", o.ViaID, "error", err)
			return
		}
		if b.Away && next.Level == 0 {
			if err := r.jobs.Hurry(ctx, o.WorkspaceID, sendJob, sendTarget(o.ViaID)); err != nil { // it comes by itself, only later
				slog.Error("channel: what waits is not hurried", "inbox", o.ViaID, "error", err)
			}
		}
		b = next
	}
	if b.Level == 0 && inbox.sendTrouble != "" {
		r.noteState(ctx, inbox, r.store.setSendTrouble, "")
	}
}

// resume has an inbox try at once what waits to leave, since its settings are
// others now.
func (r *Room) resume(ctx context.Context, inbox Inbox) error {
	if err := r.brakes.Release(ctx, inbox.WorkspaceID, inbox.ID); err != nil {
		return err
	}
	return r.jobs.Hurry(ctx, inbox.WorkspaceID, sendJob, sendTarget(inbox.ID))
}
