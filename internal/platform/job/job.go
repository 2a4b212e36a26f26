// Package job is durable work: a row written in the transaction of its cause,
// done at least once, retried with growing pauses, and laid before a person
// when nothing helps.
//
// Work is leased. A lease has an owner, a generation and an end; finishing a
// job carries the generation, so a worker that slept through its lease cannot
// overwrite its successor's result. A job is born leased to the node that
// accepted it when that node has room, which saves a claim; anything else is
// claimed by whichever node is free. Why this is our own: ADR 3.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"rapport/internal/platform/fault"
)

// New is a job to be done.
type New struct {
	WorkspaceID int64
	Kind        string
	Args        any
	Target      string    // what it works on, e.g. "inbox:5": a busy target never starves the others
	RunAt       time.Time // zero means now
	UniqueKey   string    // while a job with this key exists, another is not added
}

// Job is one piece of work in a handler's hands.
type Job struct {
	ID          int64
	WorkspaceID int64
	Kind        string
	Target      string
	Attempt     int // 1 at the first try
	MaxAttempts int
	LastError   string
	CreatedAt   time.Time
	args        []byte
	queue       string
	generation  int64
	finished    *bool // set when the handler finished it in its own transaction
}

// Args decodes what the job was made with.
func (j Job) Args(into any) error {
	if err := json.Unmarshal(j.args, into); err != nil {
		return Permanent(fault.As("job.Args", fault.Internal, "", err))
	}
	return nil
}

// State is where a job stands.
type State string

const (
	Waiting State = "waiting"
	Running State = "running"
	Dead    State = "dead" // waits for a person
)

// Info is a job as the health page shows it.
type Info struct {
	ID          int64
	WorkspaceID int64
	Kind        string
	Target      string
	State       State
	Attempt     int
	MaxAttempts int
	RunAt       time.Time
	LastError   string
	CreatedAt   time.Time
}

// Handler does one job. An error is a failed attempt; see Permanent and Later.
type Handler func(ctx context.Context, j Job) error

// Options say how jobs of a kind are treated.
type Options struct {
	Workers     int // how many at once on this node; 0 means 2
	PerTarget   int // how many at once for one target on this node; 0 means Workers
	MaxAttempts int // 0 means 12
	Backoff     func(attempt int) time.Duration
	Timeout     time.Duration // for one attempt; 0 means 2 minutes
	Outgoing    bool          // it reaches the world outside, so it waits while sending is paused
	OnDead      Handler       // runs once when a job is given up, with the last error in Job.LastError
	OnDrop      Handler       // runs in the transaction in which a person removes a job
}

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent marks an error that no retry will mend: the job is dead at once.
func Permanent(err error) error { return permanent{err} }

type later struct {
	after  time.Duration
	reason string
}

func (l later) Error() string { return l.reason }

// Later puts the job off without counting the attempt.
func Later(after time.Duration, reason string) error { return later{after, reason} }

// backoff is the default: 1 s, 2 s, 4 s … up to an hour.
func backoff(attempt int) time.Duration {
	return min(time.Second<<min(attempt-1, 12), time.Hour)
}

func isPermanent(err error) bool {
	var p permanent
	return errors.As(err, &p)
}
