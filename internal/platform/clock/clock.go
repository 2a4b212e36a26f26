// Package clock is the one source of the time of day. Rooms take a Clock and
// never call time.Now, so that tests can stand still and jump.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time, in UTC and to the microsecond, as the database keeps it.
type Clock interface {
	Now() time.Time
}

type system struct{}

func (system) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// System is the machine's clock.
var System Clock = system{}

// Fake is a clock for tests: it moves only when it is told to.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake stands at the given time.
func NewFake(at time.Time) *Fake { return &Fake{now: at.UTC().Truncate(time.Microsecond)} }

func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Advance moves the clock, backwards with a negative step.
func (f *Fake) Advance(step time.Duration) {
	f.mu.Lock()
	f.now = f.now.Add(step)
	f.mu.Unlock()
}
