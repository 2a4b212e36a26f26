package channel

import (
	"context"
	"errors"
	"slices"

	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// ErrReconnect is in the chain of the error of an adapter whose provider no
// longer lets us into the mailbox, until a person signs in again.
var ErrReconnect = errors.New("somebody has to sign in again")

// authorizations are the OAuth sign-ins that an inbox uses.
func (i Inbox) authorizations() (ids []int64) {
	if i.Email != nil {
		for _, s := range []*Server{i.Email.IMAP, i.Email.SMTP} {
			if s != nil && s.AuthorizationID != 0 {
				ids = append(ids, s.AuthorizationID)
			}
		}
	}
	return ids
}

// CanSend reports whether mail of the product's own can leave through an inbox.
func (i Inbox) CanSend() bool { return i.Email != nil && i.Email.SMTP != nil && i.lost == "" }

// NoteLost shows on an inbox why its provider no longer lets us in, in words.
// Only Reconnected takes that away, and other settings of its servers; where one
// of them came since the inbox was read, nothing is shown.
func (r *Room) NoteLost(ctx context.Context, inbox Inbox, why string) {
	r.noteState(ctx, inbox, r.store.noteLost, why)
}

// NeedsAuthorization reports whether an inbox signs in with an OAuth sign-in, or
// had it when it was deleted and has mail that waits to leave.
func (r *Room) NeedsAuthorization(ctx context.Context, workspaceID, authorizationID int64) (bool, error) {
	all, err := r.store.atWork(ctx, workspaceID)
	needs := slices.ContainsFunc(all, func(i Inbox) bool { return slices.Contains(i.authorizations(), authorizationID) })
	return needs, fault.Wrap("channel.NeedsAuthorization", err)
}

// Authorized lists the inboxes of a workspace that use an OAuth sign-in.
func (r *Room) Authorized(ctx context.Context, workspaceID, authorizationID int64) ([]Inbox, error) {
	all, err := r.store.inboxes(ctx, workspaceID)
	if err != nil {
		return nil, fault.Wrap("channel.Authorized", err)
	}
	return slices.DeleteFunc(all, func(i Inbox) bool { return !slices.Contains(i.authorizations(), authorizationID) }), nil
}

// reconnectedSince reports whether somebody has signed in, or changed the inbox
// otherwise, since it was read: what it said then about its provider is over.
func (r *Room) reconnectedSince(ctx context.Context, inbox Inbox) bool {
	now, err := r.store.anyInbox(ctx, inbox.WorkspaceID, inbox.ID)
	return err == nil && now.Version != inbox.Version
}

// Lost is NoteLost for all inboxes of an OAuth sign-in, in the transaction in
// which it is lost.
func (r *Room) Lost(ctx context.Context, workspaceID, authorizationID int64, why string) error {
	list, err := r.Authorized(ctx, workspaceID, authorizationID)
	for _, inbox := range list {
		if err == nil {
			_, err = r.store.setLost(ctx, inbox, why)
		}
		if err == nil {
			err = r.appendInboxChanged(ctx, workspaceID, inbox.ID, event.System)
		}
	}
	return fault.Wrap("channel.Lost", err)
}

// Reconnected takes the loss away from all inboxes of an OAuth sign-in, in the
// transaction in which it counts again: their mail is fetched and sent at once.
func (r *Room) Reconnected(ctx context.Context, workspaceID, authorizationID int64) error {
	list, err := r.Authorized(ctx, workspaceID, authorizationID)
	for _, inbox := range list {
		if err == nil {
			err = r.store.reconnect(ctx, inbox)
		}
		if err == nil {
			err = r.brakes.Release(ctx, workspaceID, inbox.ID)
		}
		if err == nil {
			err = r.jobs.Hurry(ctx, workspaceID, sendJob, sendTarget(inbox.ID))
		}
		if err == nil {
			err = r.appendInboxChanged(ctx, workspaceID, inbox.ID, event.System)
		}
	}
	return fault.Wrap("channel.Reconnected", err)
}
