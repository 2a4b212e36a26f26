package event

import "context"

type causeKey struct{}

// WithCause marks ctx as a reaction to e: events appended by verbs that are
// called with it name e as their cause and stand one step deeper.
func WithCause(ctx context.Context, e Event) context.Context {
	return context.WithValue(ctx, causeKey{}, e)
}

// CauseFrom returns the cause and the depth for an event appended under ctx;
// both are 0 when a person or a door started it.
func CauseFrom(ctx context.Context) (cause int64, depth int) {
	e, ok := ctx.Value(causeKey{}).(Event)
	if !ok {
		return 0, 0
	}
	return e.Seq, e.Depth + 1
}
