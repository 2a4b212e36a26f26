package channel

import (
	"context"
	"errors"
	"time"

	"rapport/internal/platform/job"
)

// ErrUnreached is in the chain of the error of an adapter whose server takes no
// connections at all.
var ErrUnreached = errors.New("the server cannot be reached")

// outagePatience is how long messages wait for a server that is away: longer
// than anybody's holidays. Only then do they use up their attempts.
const outagePatience = 35 * 24 * time.Hour

// hold puts a message off whose server could not be talked to. That the server
// is away says nothing about the message, so the attempt does not count.
func (r *Room) hold(ctx context.Context, o outbound, cause error) error {
	waited := r.clock.Now().Sub(o.QueuedAt)
	err := r.delay(ctx, o, cause)
	if !errors.Is(cause, ErrUnreached) || waited >= outagePatience {
		return err
	}
	return job.Later(min(max(waited/8, time.Minute), longPause), words(cause))
}
