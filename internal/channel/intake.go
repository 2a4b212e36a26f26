package channel

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strconv"
	"time"

	"rapport/internal/platform/blob"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
)

// Arrival is a message at a door, before anything is known of it.
type Arrival struct {
	WorkspaceID int64
	InboxID     int64
	SourceKey   string // names this delivery for ever: a queue id, or folder, UIDVALIDITY and UID
	From        string // envelope sender
	Client      string // IP address of who handed it over; empty when we fetched it
	Helo        string // what the client called itself
	Raw         []byte
}

// Accept keeps arrivals for good: bytes, receipts and jobs in one transaction,
// together with what also does (a cursor). When Accept returns nil the sender
// may be told so. An arrival whose source key is known already is left alone.
// also may be nil.
func (r *Room) Accept(ctx context.Context, arrivals []Arrival, also func(ctx context.Context) error) error {
	const op = "channel.Accept"
	staged := make([]blob.Staged, len(arrivals))
	for i, a := range arrivals {
		st, err := r.blobs.Stage(ctx, a.WorkspaceID, a.Raw)
		if err != nil {
			return fault.Wrap(op, err)
		}
		st.ContentType = "message/rfc822"
		staged[i] = st
	}
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		for i, a := range arrivals {
			if err := r.accept(ctx, a, staged[i]); err != nil {
				return err
			}
		}
		if also == nil {
			return nil
		}
		return also(ctx)
	}))
}

func (r *Room) accept(ctx context.Context, a Arrival, st blob.Staged) error {
	id, err := r.store.newID(ctx)
	if err != nil {
		return err
	}
	added, err := r.store.insertReceipt(ctx, Receipt{ID: id, WorkspaceID: a.WorkspaceID, InboxID: a.InboxID, SourceKey: a.SourceKey,
		State: Received, From: a.From, Envelope: Envelope{Client: a.Client, Helo: a.Helo, Sender: a.From}, Size: int64(len(a.Raw)), ReceivedAt: r.clock.Now()})
	if err != nil || !added {
		return err
	}
	blobID, err := r.blobs.BindTo(ctx, st, "receipts", id)
	if err != nil {
		return err
	}
	if err := r.store.setReceiptBlob(ctx, a.WorkspaceID, id, blobID); err != nil {
		return err
	}
	return r.enqueueIntake(ctx, a.WorkspaceID, id)
}

func (r *Room) enqueueIntake(ctx context.Context, workspaceID, receiptID int64) error {
	_, err := r.jobs.Enqueue(ctx, job.New{WorkspaceID: workspaceID, Kind: intakeJob, Args: receiptID, UniqueKey: "intake:" + strconv.FormatInt(receiptID, 10)})
	return err
}

// intake takes one receipt to its end.
func (r *Room) intake(ctx context.Context, j job.Job) error {
	const op = "channel.intake"
	var receiptID int64
	if err := j.Args(&receiptID); err != nil {
		return err
	}
	receipt, inbox, known, err := r.store.receiptAndInbox(ctx, j.WorkspaceID, receiptID)
	if fault.Is(err, fault.NotFound) || err == nil && receipt.State != Received {
		return nil // discarded, or judged by somebody else
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	if known { // under another number, and also when its conversation was deleted
		return r.end(ctx, j, receipt, func(context.Context) (Receipt, error) { return receipt.judged(Rejected, duplicate), nil })
	}
	in, err := r.parse(ctx, inbox, receipt)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge) {
		return r.end(ctx, j, receipt, func(context.Context) (Receipt, error) { return receipt.judged(Quarantined, fault.MessageOf(err)), nil })
	}
	if err != nil {
		return fault.Wrap(op, r.bear(j, err))
	}
	receipt.Subject = in.OpenSubject()
	if in.From.Address != "" {
		receipt.From = in.From.Address
	}
	err = r.end(ctx, j, receipt, func(ctx context.Context) (Receipt, error) { return r.place(ctx, receipt, in) })
	return fault.Wrap(op, r.bear(j, err))
}

// How long a mail waits, and how often it is tried, while what we stand on is
// away: the database, or the store for large files.
const (
	intakePatience = time.Hour
	intakePause    = 10 * time.Second
)

// bear keeps a failure that is not the mail's from costing it one of its few
// tries.
func (r *Room) bear(j job.Job, err error) error {
	if fault.Is(err, fault.Unavailable) && r.clock.Now().Sub(j.CreatedAt) < intakePatience {
		return job.Later(intakePause, fault.MessageOf(err))
	}
	return err
}

// parse reads the raw bytes outside any transaction.
func (r *Room) parse(ctx context.Context, inbox Inbox, receipt Receipt) (Inbound, error) {
	a, err := r.adapter(inbox.Channel)
	if err != nil {
		return Inbound{}, err
	}
	if receipt.Size > heavyBytes {
		select {
		case r.heavy <- struct{}{}:
			defer func() { <-r.heavy }()
		case <-ctx.Done():
			return Inbound{}, ctx.Err()
		}
	}
	raw, err := r.Raw(ctx, receipt.WorkspaceID, receipt.BlobID)
	if err != nil {
		return Inbound{}, err
	}
	in, err := a.Parse(ctx, inbox, receipt, raw)
	in.WorkspaceID, in.InboxID, in.ReceiptID, in.ReceivedAt = receipt.WorkspaceID, receipt.InboxID, receipt.ID, receipt.ReceivedAt
	if err == nil {
		r.prove(ctx, a, receipt, raw, &in)
	}
	return in, err
}

// end is the one transaction of the way in: the receipt and the job end with what
// judge does.
func (r *Room) end(ctx context.Context, j job.Job, receipt Receipt, judge func(ctx context.Context) (Receipt, error)) error {
	return r.store.within(ctx, func(ctx context.Context) error {
		ending := job.End(j)
		ok, err := r.store.takeReceipt(ctx, receipt, ending)
		if err == nil && !ok {
			err = fault.New("channel.intake", fault.Conflict, "the receipt was judged by somebody else")
		}
		if err == nil {
			err = r.jobs.Ended(ctx, ending)
		}
		if err != nil {
			return err
		}
		judged, err := judge(ctx)
		if err != nil {
			return err
		}
		judged.Attempts = j.Attempt
		if judged.State == Quarantined {
			slog.Warn("mail quarantined", "receipt", judged.ID, "inbox", judged.InboxID, "reason", judged.Reason)
			if err := r.appendQuarantined(ctx, judged); err != nil {
				return err
			}
		}
		return r.store.endReceipt(ctx, judged)
	})
}

// duplicate is the reason of a mail that came before.
const duplicate = "duplicate"

// place has the message placed, and judges its receipt.
func (r *Room) place(ctx context.Context, receipt Receipt, in Inbound) (Receipt, error) {
	if in.Returned != 0 {
		awaited, err := r.trips.End(ctx, receipt.WorkspaceID, receipt.InboxID, in.Returned, r.clock.Now())
		if err != nil || awaited {
			return receipt.judged(Rejected, "test"), err // a round trip has ended
		}
	}
	if in.Refused != "" {
		return receipt.judged(Rejected, in.Refused), nil
	}
	placed, err := r.receiver.Receive(ctx, in)
	receipt.ConversationID = placed.ConversationID
	switch {
	case placed.Duplicate:
		return receipt.judged(Rejected, duplicate), err
	case placed.Refused != "":
		return receipt.judged(Rejected, placed.Refused), err
	}
	return receipt.judged(Applied, ""), err
}

func (v Receipt) judged(state ReceiptState, reason string) Receipt {
	v.State, v.Reason = state, reason
	return v
}

func (r *Room) appendQuarantined(ctx context.Context, receipt Receipt) error {
	return r.log.Append(ctx, event.Event{WorkspaceID: receipt.WorkspaceID, Kind: ReceiptQuarantined, Data: event.Data(receiptData{receipt.InboxID, receipt.ID})})
}

// giveUpIntake quarantines a mail that failed too often, and lets the job end
// with it: the mail waits on its own list.
func (r *Room) giveUpIntake(ctx context.Context, j job.Job) error {
	var receiptID int64
	if err := j.Args(&receiptID); err != nil {
		return err
	}
	receipt, err := r.store.receipt(ctx, j.WorkspaceID, receiptID)
	if err != nil || receipt.State != Received {
		return err
	}
	receipt.State, receipt.Reason, receipt.Attempts = Quarantined, j.LastError, j.Attempt
	if err := r.store.endReceipt(ctx, receipt); err != nil {
		return err
	}
	if err := r.appendQuarantined(ctx, receipt); err != nil {
		return err
	}
	return r.jobs.Drop(ctx, j.WorkspaceID, j.ID)
}

// Raw returns the bytes of a blob, for adapters and for the page that shows a
// mail as it came.
func (r *Room) Raw(ctx context.Context, workspaceID, blobID int64) ([]byte, error) {
	f, info, err := r.blobs.Open(ctx, workspaceID, blobID)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := bytes.NewBuffer(make([]byte, 0, info.Size+bytes.MinRead))
	if _, err := io.Copy(b, f); err != nil {
		return nil, fault.As("channel.Raw", fault.Unavailable, "The stored file cannot be read.", err)
	}
	return b.Bytes(), nil
}
