package node

import "context"

func (r *Registry) Renew(ctx context.Context) { r.renew(ctx) }

// RenewAround is Renew with something that happens before what was found is
// acted on.
func (r *Registry) RenewAround(ctx context.Context, between func()) {
	now, working := r.clock.Now(), r.working()
	mine, err := r.extend(ctx, now, working)
	between()
	r.judge(now, working, mine, err)
}

func (r *Registry) Look(ctx context.Context) { r.look(ctx) }

// Waits reports whether somebody here waits for a lease.
func (r *Registry) Waits(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.waiting[name] != nil
}
