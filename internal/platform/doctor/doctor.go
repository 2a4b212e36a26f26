// Package doctor looks whether what must always hold does. A room lists its own
// Checks; doctor runs them all on one moment of the database, so that it may
// look while everybody works, and tells what is wrong instead of mending it.
package doctor

import (
	"context"
	"time"

	"rapport/internal/platform/fault"
)

// Check is one thing that always holds.
type Check struct {
	Name string // noun and what of it, as in "messages.positions"
	Says string // what holds, in words
	// Find calls wrong once for each thing of which it does not hold. It reads
	// streams, never row by row, and only what the snapshot in ctx shows.
	Find func(ctx context.Context, wrong func(what string)) error
}

// Result is what became of a check.
type Result struct {
	Name     string        `json:"name"`
	Says     string        `json:"says"`
	OK       bool          `json:"ok"`
	Wrong    int           `json:"wrong"`             // of how many things it does not hold
	Examples []string      `json:"examples"`          // some of them
	Problem  string        `json:"problem,omitempty"` // why it could not be looked at
	Took     time.Duration `json:"took_ns"`
}

const examples = 5

// Run makes every check and hands each result to each as it comes.
func Run(ctx context.Context, checks []Check, each func(Result) error) (ok bool, err error) {
	ok = true
	for _, c := range checks {
		r := Result{Name: c.Name, Says: c.Says, Examples: []string{}}
		began := time.Now()
		err := c.Find(ctx, func(what string) {
			if r.Wrong++; len(r.Examples) < examples {
				r.Examples = append(r.Examples, what)
			}
		})
		if ctx.Err() != nil {
			return false, fault.As("doctor.Run", fault.Unavailable, "", ctx.Err())
		}
		if err != nil {
			r.Problem = err.Error()
		}
		r.OK, r.Took = err == nil && r.Wrong == 0, time.Since(began)
		ok = ok && r.OK
		if err := each(r); err != nil {
			return false, err
		}
	}
	return ok, nil
}
