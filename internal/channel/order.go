package channel

import (
	"context"
	"slices"
	"time"

	"rapport/internal/platform/job"
)

// behind is what a message says that waits for an earlier one of its
// conversation: each recipient gets them in the order in which they were
// written.
const behind = "It waits for an earlier message of this conversation."

// inTurn splits the recipients that wait for o into those that may have it now
// and an outcome for each that an earlier message has not reached yet.
func (r *Room) inTurn(ctx context.Context, o outbound, waiting []string) (now []string, held []Outcome, err error) {
	if o.ConversationID == 0 {
		return waiting, nil, nil
	}
	earlier, err := r.store.awaitEarlier(ctx, o, r.clock.Now())
	for _, address := range waiting {
		if slices.Contains(earlier, address) {
			held = append(held, Outcome{Address: address, Reason: behind, behind: true})
		} else {
			now = append(now, address)
		}
	}
	return now, held, err
}

// fallBehind puts a message off until the earlier one has come to its end, which
// hurries it; the pause is for when that is missed.
func (r *Room) fallBehind(ctx context.Context, o outbound) error {
	waited := r.clock.Now().Sub(o.QueuedAt)
	state := o.State
	if waited >= delayedAfter {
		state = Delayed
	}
	r.showDelay(ctx, o, state, behind)
	return job.Later(min(max(waited/8, 10*time.Second), delayedAfter), behind)
}

// followOn hurries what waits behind a message that has come to its end.
func (r *Room) followOn(ctx context.Context, o outbound) error {
	if o.ConversationID == 0 {
		return nil
	}
	next, err := r.store.waitingBehind(ctx, o)
	if err != nil || len(next) == 0 {
		return err
	}
	keys := make([]string, len(next))
	for i, id := range next {
		keys[i] = sendKey(id)
	}
	return r.jobs.HurryKeys(ctx, keys...)
}
