package contact

import (
	"context"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/text"
)

// Causes of a suppression.
const (
	CauseBounce    = "bounce"    // mail to the address came back for good
	CauseComplaint = "complaint" // its owner has called our mail spam
	CauseNews      = "news"      // its owner does not want news: answers to what they ask leave as ever
)

// Suppression keeps automatic mail from an address, or with CauseNews only what
// is sent to many. People may still write to it, and are told.
type Suppression struct {
	Address string
	Cause   string
	Reason  string // the remote server's words
	At      time.Time
}

// Kinds of suppressions; an address has at most one of each.
const (
	ofAutomatic = "automatic"
	ofNews      = "news"
)

func kindOf(cause string) string {
	if cause == CauseNews {
		return ofNews
	}
	return ofAutomatic
}

const maxReason = 500

// Suppress keeps automatic mail from an address, in the caller's transaction.
// What was known of it before is replaced, but for CauseNews: who has said once
// that they want none is noted once.
func (r *Room) Suppress(ctx context.Context, workspaceID int64, s Suppression) error {
	s.Address, s.Reason, s.At = suppressionKey(s.Address), text.Line(s.Reason, maxReason), r.clock.Now()
	err := r.store.within(ctx, func(ctx context.Context) error {
		fresh, err := r.store.putSuppression(ctx, workspaceID, s)
		if err != nil || !fresh {
			return err
		}
		return r.announceSuppression(ctx, workspaceID, event.System, EventSuppressed, s.Address)
	})
	return fault.Wrap("contact.Suppress", err)
}

// Suppressions tells which of the addresses get no automatic mail or no news, and
// why.
func (r *Room) Suppressions(ctx context.Context, workspaceID int64, addresses []string) ([]Suppression, error) {
	keys := make([]string, len(addresses))
	for i, a := range addresses {
		keys[i] = suppressionKey(a)
	}
	list, err := r.store.suppressions(ctx, workspaceID, keys)
	return list, fault.Wrap("contact.Suppressions", err)
}

// LiftSuppression lets automatic mail to an address again because a person says
// so; with CauseNews news. An address that is not suppressed is left as it is.
func (r *Room) LiftSuppression(ctx context.Context, actor account.Actor, address, cause string) error {
	if err := may(actor, account.ContactEdit); err != nil {
		return err
	}
	return fault.Wrap("contact.LiftSuppression", r.lift(ctx, actor.WorkspaceID, actor.Event(), address, kindOf(cause)))
}

// HeardFrom lifts the suppression of an address that a mail has come from, in
// the caller's transaction: somebody reads it. That they do not want news stays.
func (r *Room) HeardFrom(ctx context.Context, workspaceID int64, address string) error {
	return fault.Wrap("contact.HeardFrom", r.lift(ctx, workspaceID, event.System, address, ofAutomatic))
}

func (r *Room) lift(ctx context.Context, workspaceID int64, by event.Actor, address, kind string) error {
	key := suppressionKey(address)
	return r.store.within(ctx, func(ctx context.Context) error {
		gone, err := r.store.dropSuppression(ctx, workspaceID, key, kind)
		if err != nil || !gone {
			return err
		}
		return r.announceSuppression(ctx, workspaceID, by, EventUnsuppressed, key)
	})
}

// announceSuppression names the contact of the address, if there is one.
func (r *Room) announceSuppression(ctx context.Context, workspaceID int64, by event.Actor, kind, address string) error {
	id, err := r.store.owner(ctx, workspaceID, Identity{Kind: Email, Address: address})
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return r.announce(ctx, workspaceID, by, kind, id, details{})
}

func suppressionKey(address string) string {
	return strings.ToLower(text.Line(address, maxAddress))
}
