package job

import "context"

// FreeStrays is what happens at each renewal of leases.
func (q *Queue) FreeStrays(ctx context.Context, before map[int64]bool) map[int64]bool {
	return q.freeStrays(ctx, before)
}

// Node is the name of this queue in leases.
func (q *Queue) Node() string { return q.node }
