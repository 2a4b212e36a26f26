package job

import (
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Checks are what always holds of jobs.
func (q *Queue) Checks() []doctor.Check {
	return []doctor.Check{
		{Name: "jobs.state", Says: "a job waits, runs under a lease, or is dead", Find: db.Finds(q.store.d,
			`SELECT 'job ' || id || ' (' || kind || ') is ' || state FROM jobs
			WHERE state NOT IN ('waiting', 'running', 'dead') OR (state = 'running' AND (locked_by = '' OR generation < 1)) OR (state <> 'running' AND locked_by <> '') OR attempt < 0`)},
	}
}
