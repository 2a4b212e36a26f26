package account

import (
	"context"
	"time"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/token"
)

// Kinds of links.
const (
	linkSetup      = "setup"
	linkInvitation = "invitation"
	linkReset      = "reset"
)

// link is a token that works once. Using it deletes it.
type link struct {
	hash        string
	kind        string
	workspaceID int64 // 0 for setup
	agentID     int64
	expiresAt   time.Time
}

// link finds a link that can still be used; NotFound is the answer for one
// that is unknown, used or too old.
func (r *Room) link(ctx context.Context, op, kind, prefix, plain string) (link, error) {
	if !token.Formed(prefix, plain) {
		return link{}, usedUp(op)
	}
	l, err := r.store.linkByHash(ctx, kind, token.Hash(plain))
	if fault.Is(err, fault.NotFound) || err == nil && !r.clock.Now().Before(l.expiresAt) {
		return link{}, usedUp(op)
	}
	return l, err
}

// useLink takes a link out of the world, in the transaction of ctx. Of two at
// the same time one wins.
func (r *Room) useLink(ctx context.Context, op string, l link) error {
	n, err := r.store.deleteLink(ctx, l.hash)
	if err == nil && n == 0 {
		return usedUp(op)
	}
	return err
}

func usedUp(op string) error {
	return fault.New(op, fault.NotFound, "This link has been used, replaced or has expired. Ask for a new one.")
}

// replaceLink writes a new link for an agent in place of those of its kind, in
// the transaction of ctx, and returns its token.
func (r *Room) replaceLink(ctx context.Context, kind, prefix string, a Agent, lasts time.Duration) (string, error) {
	if err := r.store.deleteLinks(ctx, a.ID, kind); err != nil {
		return "", err
	}
	plain, hash := token.New(prefix)
	return plain, r.store.insertLink(ctx, link{hash, kind, a.WorkspaceID, a.ID, r.clock.Now().Add(lasts)})
}
