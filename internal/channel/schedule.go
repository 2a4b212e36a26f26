package channel

import (
	"context"
	"time"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
)

// Reschedule gives a held message another time to leave, or with the zero time
// lets it go now. False means that it is too late.
func (r *Room) Reschedule(ctx context.Context, workspaceID, outboundID int64, at time.Time) (ok bool, err error) {
	err = r.store.within(ctx, func(ctx context.Context) error {
		o, err := r.store.outbound(ctx, workspaceID, outboundID)
		if err != nil {
			return err
		}
		if ok, err = r.store.holdUntil(ctx, workspaceID, outboundID, at); err != nil || !ok {
			return err
		}
		if err := r.jobs.Cancel(ctx, releaseKey(outboundID)); err != nil {
			return err
		}
		id, err := r.jobs.Enqueue(ctx, job.New{WorkspaceID: workspaceID, Kind: releaseJob, Args: outRef{o.ID}, RunAt: at, UniqueKey: releaseKey(o.ID)})
		if err != nil {
			return err
		}
		if id == 0 { // it is being built this moment
			return fault.New("channel.Reschedule", fault.Conflict, "It is too late: the message is on its way.")
		}
		return r.appendDelivery(ctx, o, Held)
	})
	return ok, fault.Wrap("channel.Reschedule", err)
}

// cancelWaiting cancels a message that waits for the mail server and has reached
// nobody; false means that it is too late for that.
func (r *Room) cancelWaiting(ctx context.Context, o outbound) (bool, error) {
	if o.State != Queued && o.State != Delayed {
		return false, nil
	}
	recipients, err := r.store.recipients(ctx, o.WorkspaceID, []int64{o.ID})
	if err != nil {
		return false, err
	}
	for _, rd := range recipients[o.ID] {
		if rd.State != Queued {
			return false, nil
		}
	}
	if dropped, err := r.jobs.Withdraw(ctx, sendKey(o.ID)); err != nil || !dropped {
		return false, err
	}
	return r.store.moveOutbound(ctx, o.WorkspaceID, o.ID, o.State, Cancelled, "")
}
