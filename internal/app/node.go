package app

import (
	"context"
	"encoding/hex"
	"time"

	"rapport/internal/platform/secret"
)

// installation names what all nodes of one database have in common to those
// who share a NATS server with it. Only who has the key can tell it.
func installation(key *secret.Key) string { return hex.EncodeToString(key.MAC("installation")[:10]) }

// patience is how long the health page waits for another machine.
const patience = 3 * time.Second

// remarks are what whoever asks for readiness should know besides: the node
// works, though not at its best.
func (a *App) remarks(ctx context.Context) (all []string) {
	if a.nats != nil && !a.rings(ctx) {
		all = append(all, "NATS does not answer: news of other nodes comes up to a second late")
	}
	return all
}

func (a *App) rings(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return a.nats.Check(ctx) == nil
}
