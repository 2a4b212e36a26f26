package proof

import (
	"fmt"
	"time"
)

// Limit says how many failures are free and how the delays grow after them.
type Limit struct {
	Free    int64
	First   time.Duration // the delay after the free ones; doubles with each further one
	Longest time.Duration
	Forget  time.Duration // failures count until this long after the last one
}

// Tally is what is known of one address or network.
type Tally struct {
	Failures     int64
	Last         time.Time
	BlockedUntil time.Time
}

// Next counts one more attempt at now. While the Tally is blocked it stays as
// it is and wait is how long it will be.
func (l Limit) Next(t Tally, now time.Time) (after Tally, wait time.Duration) {
	if now.Before(t.BlockedUntil) {
		return t, t.BlockedUntil.Sub(now)
	}
	if now.Sub(t.Last) > l.Forget {
		t = Tally{}
	}
	t.Failures, t.Last = t.Failures+1, now
	if over := t.Failures - l.Free; over >= 0 {
		delay := l.Longest
		if over < 16 {
			delay = min(l.First<<over, l.Longest)
		}
		t.BlockedUntil = now.Add(delay)
	}
	return t, 0
}

// InWords says a wait as a person would, never shorter than it is.
func InWords(d time.Duration) string {
	switch s := int64((d + time.Second - 1) / time.Second); {
	case s <= 1:
		return "a second"
	case s <= 90:
		return fmt.Sprintf("%d seconds", s)
	default:
		return fmt.Sprintf("%d minutes", (s+59)/60)
	}
}
