package channel

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// ReceiptFilter narrows the list of mails.
type ReceiptFilter struct {
	State   ReceiptState // "" is any
	InboxID int64        // 0 is any
	Before  int64        // id of the last one seen; 0 begins with the newest
	Limit   int
}

// Receipts lists accepted mails, newest first. Admins only.
func (r *Room) Receipts(ctx context.Context, actor account.Actor, f ReceiptFilter) ([]Receipt, error) {
	if err := r.may(ctx, actor, account.MailRead, 0); err != nil {
		return nil, err
	}
	list, err := r.store.receipts(ctx, actor.WorkspaceID, f)
	return list, fault.Wrap("channel.Receipts", err)
}

// Receipt returns one accepted mail. Admins only.
func (r *Room) Receipt(ctx context.Context, actor account.Actor, id int64) (Receipt, error) {
	if err := r.may(ctx, actor, account.MailRead, 0); err != nil {
		return Receipt{}, err
	}
	receipt, err := r.store.receipt(ctx, actor.WorkspaceID, id)
	return receipt, fault.Wrap("channel.Receipt", err)
}

// Source returns the raw bytes of an accepted mail. Admins only.
func (r *Room) Source(ctx context.Context, actor account.Actor, id int64) ([]byte, error) {
	receipt, err := r.Receipt(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return r.disclose(ctx, actor, receipt)
}

// SourceOf returns the raw bytes behind a message; the caller has checked that
// the actor sees it.
func (r *Room) SourceOf(ctx context.Context, actor account.Actor, receiptID int64) ([]byte, error) {
	receipt, err := r.store.receipt(ctx, actor.WorkspaceID, receiptID)
	if err != nil {
		return nil, fault.Wrap("channel.SourceOf", err)
	}
	return r.disclose(ctx, actor, receipt)
}

// disclose is the one door through which a person gets a mail as it came.
func (r *Room) disclose(ctx context.Context, actor account.Actor, receipt Receipt) ([]byte, error) {
	raw, err := r.Raw(ctx, receipt.WorkspaceID, receipt.BlobID)
	if err == nil {
		err = r.receiver.Disclosed(ctx, actor, receipt)
	}
	if err != nil {
		return nil, fault.Wrap("channel.disclose", err)
	}
	return raw, nil
}

// Replay handles a quarantined or rejected mail again, after the cause was
// mended. Any other state is a Conflict. Admins only.
func (r *Room) Replay(ctx context.Context, actor account.Actor, id int64) (Receipt, error) {
	const op = "channel.Replay"
	if err := r.may(ctx, actor, account.MailReplay, 0); err != nil {
		return Receipt{}, err
	}
	var receipt Receipt
	err := r.store.within(ctx, func(ctx context.Context) (err error) {
		if receipt, err = r.store.receipt(ctx, actor.WorkspaceID, id); err != nil {
			return err
		}
		ok, err := r.store.reopenReceipt(ctx, actor.WorkspaceID, id)
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(op, fault.Conflict, "Only a mail in quarantine, or a rejected one, can be handled again.")
		}
		receipt.State, receipt.Reason = Received, ""
		return r.enqueueIntake(ctx, actor.WorkspaceID, id)
	})
	return receipt, fault.Wrap(op, err)
}

// Discard ends a quarantined mail without showing it to anybody; its bytes are
// kept. Any other state is a Conflict. Admins only.
func (r *Room) Discard(ctx context.Context, actor account.Actor, id int64) error {
	const op = "channel.Discard"
	if err := r.may(ctx, actor, account.MailDiscard, 0); err != nil {
		return err
	}
	receipt, err := r.store.receipt(ctx, actor.WorkspaceID, id)
	if err != nil {
		return fault.Wrap(op, err)
	}
	ok, err := r.store.discardReceipt(ctx, actor.WorkspaceID, receipt.ID)
	if err == nil && !ok {
		err = fault.New(op, fault.Conflict, "Only a mail in quarantine can be discarded.")
	}
	return fault.Wrap(op, err)
}

// Counters are how many mails were accepted and what became of them; accepted
// = applied + rejected + quarantined + in flight, always.
type Counters struct {
	Accepted    int64 `json:"accepted"`
	Applied     int64 `json:"applied"`
	Rejected    int64 `json:"rejected"`
	Quarantined int64 `json:"quarantined"`
	InFlight    int64 `json:"in_flight"`
}

// Total is what counters of inboxes come to.
func Total(each map[int64]Counters) (sum Counters) {
	for _, c := range each {
		sum = Counters{sum.Accepted + c.Accepted, sum.Applied + c.Applied, sum.Rejected + c.Rejected, sum.Quarantined + c.Quarantined, sum.InFlight + c.InFlight}
	}
	return sum
}

// Counters counts the mails of a workspace, or with 0 of all.
func (r *Room) Counters(ctx context.Context, workspaceID int64) (Counters, error) {
	each, err := r.CountersByInbox(ctx, workspaceID)
	return Total(each), err
}

// CountersByInbox counts the mails of each inbox that has had any, of one
// workspace or with 0 of all.
func (r *Room) CountersByInbox(ctx context.Context, workspaceID int64) (map[int64]Counters, error) {
	all, err := r.store.counters(ctx, workspaceID)
	return all, fault.Wrap("channel.CountersByInbox", err)
}

// Waiting is how many mails of an inbox nobody has judged yet, counted up to
// atMost.
func (r *Room) Waiting(ctx context.Context, workspaceID, inboxID int64, atMost int) (int, error) {
	n, err := r.store.waiting(ctx, workspaceID, inboxID, atMost)
	return int(n), fault.Wrap("channel.Waiting", err)
}
