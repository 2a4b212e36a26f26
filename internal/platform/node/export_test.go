package node

import "context"

func (r *Registry) Renew(ctx context.Context) { r.renew(ctx) }
func (r *Registry) Look(ctx context.Context)  { r.look(ctx) }

// Waits reports whether somebody here waits for a lease.
func (r *Registry) Waits(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.waiting[name] != nil
}
