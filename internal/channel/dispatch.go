package channel

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"rapport/internal/platform/blob"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
)

// Dispatch is a message on its way out, as conversation hands it over.
type Dispatch struct {
	WorkspaceID    int64
	InboxID        int64 // whose conversation it is
	ViaID          int64 // the inbox it leaves through; 0: InboxID
	ConversationID int64
	MessageID      int64
	Recipients     []string  // every address of To, Cc and Bcc
	HoldUntil      time.Time // zero goes at once
	HoldReason     string    // why it is held, when not to be taken back
}

// Begun is what Deliveries tells of d right after Enqueue.
func (d Dispatch) Begun(outboundID int64) Delivery {
	out := Delivery{OutboundID: outboundID, MessageID: d.MessageID, State: Held, Reason: d.HoldReason, Until: d.HoldUntil}
	for _, address := range slices.Compact(slices.Sorted(slices.Values(d.Recipients))) {
		out.Recipients = append(out.Recipients, RecipientDelivery{Address: address, State: Held})
	}
	return out
}

// Sending keeps trying for two days (reliability guide 2.5).
var sendPauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour}

const (
	longPause    = 4 * time.Hour
	giveUpAfter  = 48 * time.Hour
	sendAttempts = 18 // the pauses above reach 48 h with it
	delayedAfter = 15 * time.Minute
)

func sendBackoff(attempt int) time.Duration {
	if attempt <= len(sendPauses) {
		return sendPauses[attempt-1]
	}
	return longPause
}

// outRef is what the jobs of the way out carry.
type outRef struct {
	OutboundID int64 `json:"outbound_id"`
}

// Enqueue puts a message on its way out, in the transaction that writes the
// message, and returns the outbound's id.
func (r *Room) Enqueue(ctx context.Context, d Dispatch) (int64, error) {
	const op = "channel.Enqueue"
	if len(d.Recipients) == 0 {
		return 0, fault.InvalidField(op, "to", "Name at least one recipient.")
	}
	id, err := r.store.newID(ctx)
	if err != nil {
		return 0, fault.Wrap(op, err)
	}
	if d.ViaID == 0 {
		d.ViaID = d.InboxID
	}
	o := outbound{Dispatch: d, ID: id, State: Held, CreatedAt: r.clock.Now()}
	if err := r.store.insertOutbound(ctx, o); err != nil {
		return 0, fault.Wrap(op, err)
	}
	_, err = r.jobs.Enqueue(ctx, job.New{WorkspaceID: d.WorkspaceID, Kind: releaseJob, Args: outRef{id}, RunAt: d.HoldUntil, UniqueKey: releaseKey(id)})
	return id, fault.Wrap(op, err)
}

func releaseKey(id int64) string { return "release:" + strconv.FormatInt(id, 10) }

func sendKey(id int64) string { return "send:" + strconv.FormatInt(id, 10) }

// Cancel stops a message that is still held, or that waits for the mail server
// and has reached nobody; false means it is too late.
func (r *Room) Cancel(ctx context.Context, workspaceID, outboundID int64) (ok bool, err error) {
	err = r.store.within(ctx, func(ctx context.Context) error {
		o, err := r.store.outbound(ctx, workspaceID, outboundID)
		if err != nil {
			return err
		}
		ok, err = r.store.moveOutbound(ctx, workspaceID, outboundID, Held, Cancelled, "")
		if err == nil && !ok {
			ok, err = r.cancelWaiting(ctx, o)
		}
		if err != nil || !ok {
			return err
		}
		if err := r.store.moveRecipients(ctx, workspaceID, outboundID, Cancelled); err != nil {
			return err
		}
		if err := r.jobs.Cancel(ctx, releaseKey(outboundID)); err != nil {
			return err
		}
		return r.appendDelivery(ctx, o, Cancelled)
	})
	return ok, fault.Wrap("channel.Cancel", err)
}

// release builds the bytes of a message whose hold has ended, outside any
// transaction, and stores them in the one that leaves "held".
func (r *Room) release(ctx context.Context, j job.Job) error {
	const op = "channel.release"
	var ref outRef
	if err := j.Args(&ref); err != nil {
		return err
	}
	o, err := r.store.outbound(ctx, j.WorkspaceID, ref.OutboundID)
	if fault.Is(err, fault.NotFound) || err == nil && o.State != Held {
		return nil
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	out, err := r.composer.Compose(ctx, o.WorkspaceID, o.MessageID)
	if err != nil {
		return fault.Wrap(op, err)
	}
	out.ID = o.ID
	built, st, err := r.build(ctx, o, out)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		if err := r.jobs.Done(ctx, j); err != nil {
			return err
		}
		return r.queue(ctx, o, built, st)
	}))
}

func (r *Room) build(ctx context.Context, o outbound, out Outbound) (Built, blob.Staged, error) {
	inbox, err := r.store.anyInbox(ctx, o.WorkspaceID, o.ViaID)
	if err != nil {
		return Built{}, blob.Staged{}, err
	}
	a, err := r.adapter(inbox.Channel)
	if err != nil {
		return Built{}, blob.Staged{}, err
	}
	built, err := a.Build(ctx, inbox, out)
	if err != nil {
		return Built{}, blob.Staged{}, err
	}
	st, err := r.blobs.Stage(ctx, o.WorkspaceID, built.Bytes)
	st.ContentType = "message/rfc822"
	return built, st, err
}

// queue fixes the bytes of a held message and enqueues its sending. A message
// cancelled meanwhile stays cancelled.
func (r *Room) queue(ctx context.Context, o outbound, built Built, st blob.Staged) error {
	blobID, err := r.blobs.BindTo(ctx, st, "outbound", o.ID)
	if err != nil {
		return err
	}
	ok, err := r.store.fixOutbound(ctx, o, built, blobID, r.clock.Now())
	if err != nil || !ok {
		return err
	}
	if err := r.store.moveRecipients(ctx, o.WorkspaceID, o.ID, Queued); err != nil {
		return err
	}
	if err := r.enqueueSend(ctx, o); err != nil {
		return err
	}
	return r.appendDelivery(ctx, o, Queued)
}

func (r *Room) enqueueSend(ctx context.Context, o outbound) error {
	_, err := r.jobs.Enqueue(ctx, job.New{WorkspaceID: o.WorkspaceID, Kind: sendJob, Args: outRef{o.ID}, Target: sendTarget(o.ViaID), UniqueKey: sendKey(o.ID)})
	return err
}

func sendTarget(inboxID int64) string { return "inbox:" + strconv.FormatInt(inboxID, 10) }

// giveUpRelease shows a message that could not even be built as failed.
func (r *Room) giveUpRelease(ctx context.Context, j job.Job) error {
	return r.failAll(ctx, j)
}

// send tries the stored bytes on every recipient that does not have them yet.
func (r *Room) send(ctx context.Context, j job.Job) error {
	const op = "channel.send"
	var ref outRef
	if err := j.Args(&ref); err != nil {
		return err
	}
	o, err := r.store.outbound(ctx, j.WorkspaceID, ref.OutboundID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	waiting, err := r.store.waitingRecipients(ctx, o.WorkspaceID, o.ID)
	if err != nil || len(waiting) == 0 {
		return fault.Wrap(op, err)
	}
	now, held, err := r.inTurn(ctx, o, waiting)
	if err != nil {
		return fault.Wrap(op, err)
	}
	if len(now) == 0 {
		return r.fallBehind(ctx, o)
	}
	built, err := r.stored(ctx, o, now)
	if err != nil {
		return fault.Wrap(op, err)
	}
	inbox, err := r.store.anyInbox(ctx, o.WorkspaceID, o.ViaID)
	if err != nil {
		return fault.Wrap(op, err)
	}
	if inbox, err = r.unseal(inbox); err != nil {
		return fault.Wrap(op, err)
	}
	a, err := r.adapter(inbox.Channel)
	if err != nil {
		return job.Permanent(fault.Wrap(op, err))
	}
	b, err := r.waitAtBrake(ctx, o)
	if err != nil {
		return err
	}
	outcomes, sendErr := a.Send(ctx, inbox, built)
	if errors.Is(sendErr, ErrReconnect) && r.reconnectedSince(ctx, inbox) {
		return job.Later(time.Second, words(sendErr))
	}
	if throttled := errors.Is(sendErr, ErrThrottled); throttled || errors.Is(sendErr, ErrUnreached) || errors.Is(sendErr, ErrReconnect) {
		return r.slowDown(ctx, o, inbox, b, !throttled, words(sendErr))
	}
	if sendErr != nil {
		return r.delay(ctx, o, sendErr)
	}
	outcomes = append(held, outcomes...)
	if at := slices.IndexFunc(outcomes, func(oc Outcome) bool { return oc.Throttled }); at >= 0 {
		if _, err := r.note(ctx, j, o, outcomes); err != nil {
			return fault.Wrap(op, err)
		}
		return r.slowDown(ctx, o, inbox, b, false, outcomes[at].Reason)
	}
	err = r.settle(ctx, j, o, outcomes) // first of all: what was taken must not go twice
	r.speedUp(ctx, o, inbox, b)
	return err
}

// stored is the fixed message for those of its recipients.
func (r *Room) stored(ctx context.Context, o outbound, recipients []string) (Built, error) {
	raw, err := r.Raw(ctx, o.WorkspaceID, o.BlobID)
	return Built{ExternalID: o.ExternalID, From: o.EnvelopeFrom, Recipients: recipients, Bytes: raw}, err
}

// delay tells at the message why it waits, and that it is delayed when it has
// waited too long, and hands the error on for the next attempt.
func (r *Room) delay(ctx context.Context, o outbound, cause error) error {
	state := o.State
	if r.clock.Now().Sub(o.QueuedAt) >= delayedAfter {
		state = Delayed
	}
	r.showDelay(ctx, o, state, words(cause))
	return cause
}

// showDelay tells at a message why it waits.
func (r *Room) showDelay(ctx context.Context, o outbound, state DeliveryState, reason string) {
	if state == o.State && o.Reason == reason {
		return
	}
	err := r.store.within(ctx, func(ctx context.Context) error {
		if _, err := r.store.moveOutbound(ctx, o.WorkspaceID, o.ID, o.State, state, reason); err != nil {
			return err
		}
		return r.appendDelivery(ctx, o, state)
	})
	if err != nil {
		slog.Error("outbound: delay", "outbound", o.ID, "error", err)
	}
}

// settle notes what became of each recipient. Somebody who must be tried again
// keeps the job alive.
func (r *Room) settle(ctx context.Context, j job.Job, o outbound, outcomes []Outcome) error {
	again, err := r.note(ctx, j, o, outcomes)
	if err != nil || again == nil {
		return fault.Wrap("channel.settle", err)
	}
	if again.behind {
		return r.fallBehind(ctx, o)
	}
	return r.delay(ctx, o, fault.New("channel.send", fault.Unavailable, again.Address+": "+again.Reason))
}

// note keeps the outcomes that are final, and with none left ends the message
// and its job. It returns one that must be tried again.
func (r *Room) note(ctx context.Context, j job.Job, o outbound, outcomes []Outcome) (again *Outcome, err error) {
	for i, oc := range outcomes {
		if !oc.Sent && !oc.Final {
			again = &outcomes[i]
		}
	}
	err = r.store.within(ctx, func(ctx context.Context) error {
		for _, oc := range outcomes {
			if !oc.Sent && !oc.Final {
				continue
			}
			if err := r.store.setRecipient(ctx, o.WorkspaceID, o.ID, oc); err != nil {
				return err
			}
			if oc.Dead {
				if err := r.receiver.Refused(ctx, o.WorkspaceID, BouncedRecipient{Address: oc.Address, Hard: true, Reason: oc.Reason}); err != nil {
					return err
				}
			}
		}
		if again != nil {
			return nil
		}
		if err := r.conclude(ctx, o); err != nil {
			return err
		}
		return r.jobs.Done(ctx, j)
	})
	return again, err
}

// conclude sets the state of a message all of whose recipients are settled:
// failed if it did not leave for one of them, else sent.
func (r *Room) conclude(ctx context.Context, o outbound) error {
	recipients, err := r.store.recipients(ctx, o.WorkspaceID, []int64{o.ID})
	if err != nil {
		return err
	}
	state, reason := Sent, ""
	for _, rd := range recipients[o.ID] {
		if rd.State == Failed || rd.State == BouncedBy {
			state, reason = rd.State, rd.Address+": "+rd.Reason
		}
	}
	if err := r.store.concludeOutbound(ctx, o, state, reason, r.clock.Now()); err != nil {
		return err
	}
	return r.appendDelivery(ctx, o, state)
}

// giveUpSend ends a message that nobody would take for two days, or that no
// retry will mend.
func (r *Room) giveUpSend(ctx context.Context, j job.Job) error { return r.failAll(ctx, j) }

func (r *Room) failAll(ctx context.Context, j job.Job) error {
	var ref outRef
	if err := j.Args(&ref); err != nil {
		return err
	}
	o, err := r.store.outbound(ctx, j.WorkspaceID, ref.OutboundID)
	if err != nil {
		return err
	}
	if err := r.store.failRecipients(ctx, o.WorkspaceID, o.ID, j.LastError); err != nil {
		return err
	}
	if err := r.store.concludeOutbound(ctx, o, Failed, j.LastError, r.clock.Now()); err != nil {
		return err
	}
	if err := r.jobs.Drop(ctx, j.WorkspaceID, j.ID); err != nil { // it waits at its message, with a button
		return err
	}
	return r.appendDelivery(ctx, o, Failed)
}

// dropSend ends a message whose job somebody has removed: it failed, and can be
// sent again.
func (r *Room) dropSend(ctx context.Context, j job.Job) error {
	var ref outRef
	if err := j.Args(&ref); err != nil {
		return err
	}
	o, err := r.store.outbound(ctx, j.WorkspaceID, ref.OutboundID)
	if err != nil {
		return err
	}
	if o.State != Held && o.State != Queued && o.State != Delayed {
		return nil // it has come to its end already
	}
	const reason = "It was taken out of the queue."
	if err := r.store.failRecipients(ctx, o.WorkspaceID, o.ID, reason); err != nil {
		return err
	}
	if err := r.store.concludeOutbound(ctx, o, Failed, reason, time.Time{}); err != nil {
		return err
	}
	return r.appendDelivery(ctx, o, Failed)
}

// Retry sends a failed message once more to those who do not have it. A
// message that has not failed is a Conflict.
func (r *Room) Retry(ctx context.Context, workspaceID, outboundID int64) error {
	const op = "channel.Retry"
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		o, err := r.store.outbound(ctx, workspaceID, outboundID)
		if err != nil {
			return err
		}
		if o.State != Failed && o.State != BouncedBy {
			return fault.New(op, fault.Conflict, "Only a message that failed can be sent again.")
		}
		if o.BlobID == 0 { // it failed before it was built
			if _, err := r.store.moveOutbound(ctx, workspaceID, outboundID, o.State, Held, ""); err != nil {
				return err
			}
			_, err := r.jobs.Enqueue(ctx, job.New{WorkspaceID: workspaceID, Kind: releaseJob, Args: outRef{o.ID}, UniqueKey: releaseKey(o.ID)})
			return err
		}
		if _, err := r.store.moveOutbound(ctx, workspaceID, outboundID, o.State, Queued, ""); err != nil {
			return err
		}
		if err := r.store.requeueRecipients(ctx, workspaceID, outboundID); err != nil {
			return err
		}
		if err := r.enqueueSend(ctx, o); err != nil {
			return err
		}
		return r.appendDelivery(ctx, o, Queued)
	}))
}

// MarkBounced notes a report about a message of ours, in the transaction that
// places the report, and returns what it says of those we have written to.
// What has one recipient is reported about that one, whatever address the report
// names: mail is forwarded. What was complained about has arrived, and what is
// delayed may yet: both stay sent.
func (r *Room) MarkBounced(ctx context.Context, workspaceID int64, b Bounce) ([]BouncedRecipient, error) {
	const op = "channel.MarkBounced"
	o, err := r.store.outbound(ctx, workspaceID, b.OutboundID)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	all, err := r.store.recipients(ctx, workspaceID, []int64{o.ID})
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	about := slices.DeleteFunc(b.about(all[o.ID]), func(one BouncedRecipient) bool { return one.Delayed })
	if b.Complaint || len(about) == 0 {
		return about, nil
	}
	for _, one := range about {
		if err := r.store.bounceRecipient(ctx, workspaceID, o.ID, one); err != nil {
			return nil, fault.Wrap(op, err)
		}
	}
	last := about[len(about)-1]
	if err := r.store.concludeOutbound(ctx, o, BouncedBy, last.Address+": "+last.Reason, o.SentAt); err != nil {
		return nil, fault.Wrap(op, err)
	}
	return about, fault.Wrap(op, r.appendDelivery(ctx, o, BouncedBy))
}

// about is what a report says of the recipients of what it reports about.
func (b Bounce) about(known []RecipientDelivery) (about []BouncedRecipient) {
	for _, one := range b.Recipients {
		if len(known) == 1 {
			one.Address = known[0].Address
		}
		if slices.ContainsFunc(known, func(k RecipientDelivery) bool { return k.Address == one.Address }) {
			about = append(about, one)
		}
	}
	return about
}

// Deliveries returns where the outbound messages behind messageIDs stand.
func (r *Room) Deliveries(ctx context.Context, workspaceID int64, messageIDs []int64) (map[int64]Delivery, error) {
	out, err := r.store.deliveries(ctx, workspaceID, messageIDs)
	return out, fault.Wrap("channel.Deliveries", err)
}

// ExternalIDs returns the ids under which a conversation's messages left,
// oldest first, for the references of the next one.
func (r *Room) ExternalIDs(ctx context.Context, workspaceID, conversationID int64) (map[int64]string, error) {
	ids, err := r.store.externalIDs(ctx, workspaceID, conversationID)
	return ids, fault.Wrap("channel.ExternalIDs", err)
}

// Stuck counts the outgoing messages that wait for another try and those that
// failed.
func (r *Room) Stuck(ctx context.Context, workspaceID int64) (waiting, failed int64, err error) {
	n, err := r.store.stuck(ctx, workspaceID, r.clock.Now().Add(-sendPauses[0]))
	return n[Delayed] + n[Queued], n[Failed], fault.Wrap("channel.Stuck", err)
}

// words is what a person reads about err.
func words(err error) string {
	if m := fault.MessageOf(err); m != "" {
		return m
	}
	return err.Error()
}
