package conversation

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// Snooze puts a conversation away until a time; the zero time wakes it without
// changing its status. A closed conversation that is put away counts as open.
func (r *Room) Snooze(ctx context.Context, actor account.Actor, id int64, until time.Time, version int64) (Conversation, error) {
	const op = "conversation.Snooze"
	if !until.IsZero() && !until.After(r.clock.Now()) {
		return Conversation{}, fault.InvalidField(op, "snoozed_until", "Choose a time that is still to come.")
	}
	until = until.UTC().Truncate(time.Microsecond)
	return r.change(ctx, op, actor, account.ConversationSnooze, id, version, func(ctx context.Context, c *Conversation) (bool, error) {
		if c.SnoozedUntil.Equal(until) || until.IsZero() && c.SnoozedUntil.IsZero() {
			return false, nil
		}
		if until.IsZero() {
			return true, r.wake(ctx, c, actor.Event())
		}
		c.SnoozedUntil = until
		if err := r.announce(ctx, *c, actor.Event(), EventSnoozed, details{To: until}); err != nil {
			return false, err
		}
		if c.Status == Closed {
			return true, r.moveStatus(ctx, c, actor.Event(), Open)
		}
		return true, nil
	})
}

// wake ends the snooze of a locked conversation.
func (r *Room) wake(ctx context.Context, c *Conversation, by event.Actor) error {
	if c.SnoozedUntil.IsZero() {
		return nil
	}
	c.SnoozedUntil = time.Time{}
	return r.announce(ctx, *c, by, EventSnoozed, details{To: ""})
}

const wakeBatch = 100

// Wake opens the conversations whose snooze has ended, in all workspaces, and
// puts them at the head of the lists. app calls it every few seconds.
func (r *Room) Wake(ctx context.Context) (woken int, err error) {
	const op = "conversation.Wake"
	for {
		due, err := r.store.due(ctx, r.clock.Now(), wakeBatch)
		if err != nil {
			return woken, fault.Wrap(op, err)
		}
		for _, c := range due {
			err := r.locked(ctx, account.System(c.WorkspaceID), account.ConversationSnooze, c.ID, r.ring)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return woken, fault.Wrap(op, err)
			}
			woken++
		}
		if len(due) < wakeBatch {
			return woken, nil
		}
	}
}

func (r *Room) ring(ctx context.Context, c *Conversation) (bool, error) {
	now := r.clock.Now()
	if c.SnoozedUntil.IsZero() || c.SnoozedUntil.After(now) {
		return false, nil
	}
	c.LastActivityAt = now
	if err := r.wake(ctx, c, event.System); err != nil {
		return false, err
	}
	return true, r.moveStatus(ctx, c, event.System, c.standing().after(timeIsUp, rules{}, now).Status)
}
