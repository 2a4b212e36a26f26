package channel

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"rapport/internal/platform/job"
)

// ErrThrottled is in the chain of the error of an adapter whose server asks to
// be sent less at a time.
var ErrThrottled = errors.New("the server asks for slower sending")

// brake slows down all that leaves through an inbox, because its server has
// asked for it. At level 0 there is none. Until is the next turn: one message
// at a time is tried, and what waits meanwhile uses up no attempts.
type brake struct {
	Level  int
	Until  time.Time
	Reason string
	turn   int64 // counts its changes, so that two at once are one
}

// Pauses of a brake: after each refusal twice as long, up to half an hour. Between
// messages that go well it is a tenth of that, and each of them is a level less.
const (
	firstPause = time.Minute
	maxBrake   = 6
	spread     = 20 // what waits comes back in so many portions
)

func (b brake) pause() time.Duration {
	if b.Level == 0 {
		return 0
	}
	return min(firstPause<<(b.Level-1), 30*time.Minute)
}

func (b brake) gap() time.Duration { return b.pause() / 10 }

// harder is the brake after one more refusal.
func (b brake) harder(now time.Time, reason string) brake {
	b.Level = min(b.Level+1, maxBrake)
	b.Until, b.Reason = now.Add(b.pause()), reason
	return b
}

// softer is the brake after a message that went well.
func (b brake) softer(now time.Time) brake {
	b.Level = max(b.Level-1, 0)
	b.Until = now.Add(b.gap())
	return b
}

// taken is the brake while one message is tried: the others wait for how it
// goes, and if nobody tells them, for a pause.
func (b brake) taken(now time.Time) brake {
	b.Until = now.Add(b.pause())
	return b
}

// wait is how long a message waits at the brake, so that not all of them come
// back at once.
func (b brake) wait(now time.Time, outboundID int64) time.Duration {
	return max(b.Until.Sub(now), time.Second) + b.gap()*time.Duration(outboundID%spread)
}

const slowed = "The mail server asks for slower sending: "

// brakeFor lets o have its turn at the brake of its inbox, or puts it off.
func (r *Room) brakeFor(ctx context.Context, o outbound) (brake, error) {
	b, err := r.store.brake(ctx, o.WorkspaceID, o.ViaID)
	now := r.clock.Now()
	if err != nil || b.Level == 0 {
		return b, err
	}
	if !b.Until.After(now) {
		if mine, err := r.store.moveBrake(ctx, o, b, b.taken(now)); err != nil || mine {
			b.turn++
			return b, err
		}
		if b, err = r.store.brake(ctx, o.WorkspaceID, o.ViaID); err != nil {
			return b, err
		}
	}
	r.showDelay(ctx, o, Delayed, slowed+b.Reason)
	return b, job.Later(b.wait(now, o.ID), slowed+b.Reason)
}

// slowDown sets the brake of an inbox harder and puts the message off, without
// counting the attempt.
func (r *Room) slowDown(ctx context.Context, o outbound, inbox Inbox, b brake, reason string) error {
	now := r.clock.Now()
	next := b.harder(now, reason)
	mine, err := r.store.moveBrake(ctx, o, b, next)
	if err != nil {
		return err
	}
	if mine {
		slog.Warn("channel: the mail server asks for slower sending", "inbox", o.ViaID, "level", next.Level, "reason", reason)
	} else if next, err = r.store.brake(ctx, o.WorkspaceID, o.ViaID); err != nil { // somebody else has set it
		return err
	}
	r.NoteTrouble(ctx, inbox, slowed+reason)
	r.showDelay(ctx, o, Delayed, slowed+reason)
	return job.Later(next.wait(now, o.ID), slowed+reason)
}

// speedUp sets the brake of an inbox softer after a message that was taken. One
// that cannot be set now is set after the next.
func (r *Room) speedUp(ctx context.Context, o outbound, inbox Inbox, b brake) {
	if b.Level > 0 {
		next := b.softer(r.clock.Now())
		if _, err := r.store.moveBrake(ctx, o, b, next); err != nil {
			slog.Error("channel: the brake", "inbox", o.ViaID, "error", err)
			return
		}
		b = next
	}
	if b.Level == 0 && inbox.cannotSend() {
		r.noteState(ctx, inbox, "ok", "")
	}
}
