package channel

import (
	"context"
	"errors"
	"log/slog"

	"rapport/internal/channel/brake"
	"rapport/internal/platform/job"
)

// ErrThrottled is in the chain of the error of an adapter whose server asks to
// be sent less at a time.
var ErrThrottled = errors.New("the server asks for slower sending")

const slowed = "The mail server asks for slower sending: "

// brakeFor lets o have its turn at the brake of its inbox, or puts it off.
func (r *Room) brakeFor(ctx context.Context, o outbound) (brake.Brake, error) {
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
	r.showDelay(ctx, o, Delayed, slowed+b.Reason)
	return b, job.Later(b.Wait(now, o.ID), slowed+b.Reason)
}

// slowDown sets the brake of an inbox harder and puts the message off, without
// counting the attempt.
func (r *Room) slowDown(ctx context.Context, o outbound, inbox Inbox, b brake.Brake, reason string) error {
	now := r.clock.Now()
	next, mine, err := r.brakes.Move(ctx, o.WorkspaceID, o.ViaID, b, b.Harder(now, reason))
	if err != nil {
		return err
	}
	if mine {
		slog.Warn("channel: the mail server asks for slower sending", "inbox", o.ViaID, "level", next.Level, "reason", reason)
	}
	r.NoteTrouble(ctx, inbox, slowed+reason)
	r.showDelay(ctx, o, Delayed, slowed+reason)
	return job.Later(next.Wait(now, o.ID), slowed+reason)
}

// speedUp sets the brake of an inbox softer after a message that was taken. One
// that cannot be set now is set after the next.
func (r *Room) speedUp(ctx context.Context, o outbound, inbox Inbox, b brake.Brake) {
	if b.Level > 0 {
		var err error
		if b, _, err = r.brakes.Move(ctx, o.WorkspaceID, o.ViaID, b, b.Softer(r.clock.Now())); err != nil {
			slog.Error("channel: the brake", "inbox", o.ViaID, "error", err)
			return
		}
	}
	if b.Level == 0 && inbox.cannotSend() {
		r.noteState(ctx, inbox, "ok", "")
	}
}
