package job

import (
	"context"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store is the database the queue lives in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

const columns = "id, workspace_id, queue, kind, target, args, attempt, max_attempts, generation, last_error, created_at"

func scan(r db.Row) (Job, error) {
	var j Job
	var args string
	var created int64
	err := r.Scan(&j.ID, &j.WorkspaceID, &j.queue, &j.Kind, &j.Target, &args, &j.Attempt, &j.MaxAttempts, &j.generation, &j.LastError, &created)
	j.args, j.CreatedAt, j.finished = []byte(args), db.Time(created), new(bool)
	return j, err
}

// insert adds a job; false means that one with its unique key exists.
func (s store) insert(ctx context.Context, j Job, state State, node string, runAt, lockedUntil time.Time, uniqueKey string) (bool, error) {
	const query = `INSERT INTO jobs (id, workspace_id, queue, kind, target, args, state, run_at, attempt, max_attempts, locked_by, locked_until, generation, unique_key, last_error, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,'',$15) ON CONFLICT (unique_key) WHERE unique_key <> '' DO NOTHING`
	args := []any{j.ID, j.WorkspaceID, j.queue, j.Kind, j.Target, string(j.args), string(state), db.Micros(runAt), j.Attempt, j.MaxAttempts,
		node, db.Micros(lockedUntil), j.generation, uniqueKey, db.Micros(j.CreatedAt)}
	if uniqueKey == "" {
		return true, db.Do(ctx, s.d, query, args...)
	}
	n, err := db.Exec(ctx, s.d, query, args...)
	return n == 1, err
}

// claim leases up to limit due jobs of a queue, none for the busy targets.
func (s store) claim(ctx context.Context, queue, node string, now, until time.Time, busy []string, limit int) ([]Job, error) {
	w := db.Where{Args: []any{node, db.Micros(until)}}
	w.Add("queue = ?", queue)
	w.Add("state = 'waiting'")
	w.Add("run_at <= ?", db.Micros(now))
	if len(busy) > 0 {
		list, args := db.In(len(w.Args)+1, busy)
		w.Args = append(w.Args, args...)
		w.Add("target NOT IN " + list)
	}
	n := w.Next(limit)
	var jobs []Job
	err := s.within(ctx, func(ctx context.Context) (err error) {
		jobs, err = db.All(ctx, s.d, scan, `UPDATE jobs SET state = 'running', locked_by = $1, locked_until = $2, generation = generation + 1, attempt = attempt + 1
			WHERE id IN (SELECT id FROM jobs WHERE `+w.String()+` ORDER BY run_at LIMIT `+n+s.d.Pick("", " FOR UPDATE SKIP LOCKED")+`) RETURNING `+columns, w.Args...)
		return err
	})
	return jobs, err
}

// due reports whether a queue has anything to claim.
func (s store) due(ctx context.Context, queue string, now time.Time) (bool, error) {
	ids, err := db.All(ctx, s.d, db.Int64, "SELECT id FROM jobs WHERE queue = $1 AND state = 'waiting' AND run_at <= $2 LIMIT 1", queue, db.Micros(now))
	return len(ids) > 0, err
}

// renew extends the leases this node holds.
func (s store) renew(ctx context.Context, node string, until time.Time) error {
	return db.Do(ctx, s.d, "UPDATE jobs SET locked_until = $1 WHERE state = 'running' AND locked_by = $2", db.Micros(until), node)
}

// rescue frees jobs whose lease has ended; with all it frees every lease, which
// only the holder of the data folder's lock may do.
func (s store) rescue(ctx context.Context, now time.Time, all bool) (int64, error) {
	if all {
		return db.Exec(ctx, s.d, "UPDATE jobs SET state = 'waiting', locked_by = '', generation = generation + 1 WHERE state = 'running'")
	}
	return db.Exec(ctx, s.d, "UPDATE jobs SET state = 'waiting', locked_by = '', generation = generation + 1 WHERE state = 'running' AND locked_until < $1", db.Micros(now))
}

// leased lists what a node has leased.
func (s store) leased(ctx context.Context, node string) ([]Job, error) {
	return db.All(ctx, s.d, scan, "SELECT "+columns+" FROM jobs WHERE state = 'running' AND locked_by = $1", node)
}

// handOn frees what a node has leased; what it has begun was no attempt.
func (s store) handOn(ctx context.Context, node string) (int64, error) {
	return db.Exec(ctx, s.d, `UPDATE jobs SET state = 'waiting', locked_by = '', locked_until = 0, generation = generation + 1, attempt = CASE WHEN attempt > 0 THEN attempt - 1 ELSE 0 END
		WHERE state = 'running' AND locked_by = $1`, node)
}

// endJob removes a job that is done, unless its lease was lost.
const endJob = "DELETE FROM jobs WHERE id = $1 AND generation = $2 AND state = 'running'"

func (s store) finish(ctx context.Context, j Job) error {
	return db.Do(ctx, s.d, endJob, j.ID, j.generation)
}

// Ending is endJob with an answer; no row means that the lease was lost.
type Ending struct {
	*db.Asked[int64] // for Gather
	job              Job
}

// End makes the question that ends a job, for Ended.
func End(j Job) *Ending {
	return &Ending{db.Ask(db.Int64, endJob+" RETURNING id", j.ID, j.generation), j}
}

func (s store) ask(ctx context.Context, q db.Question) error { return db.Gather(ctx, s.d, q) }

// putBack returns a job to the queue or lays it before a person. One that was
// hurried while it ran is due now.
func (s store) putBack(ctx context.Context, j Job, state State, now, runAt time.Time, attempt int, reason string) (bool, error) {
	n, err := db.Exec(ctx, s.d, `UPDATE jobs SET state = $1, run_at = CASE WHEN run_at = 0 THEN CAST($7 AS BIGINT) ELSE CAST($2 AS BIGINT) END, attempt = $3, last_error = $4, locked_by = '', locked_until = 0
		WHERE id = $5 AND generation = $6 AND state = 'running'`, string(state), db.Micros(runAt), attempt, reason, j.ID, j.generation, db.Micros(now))
	return n == 1, err
}

const infoColumns = "id, workspace_id, kind, target, state, attempt, max_attempts, run_at, last_error, created_at"

func scanInfo(r db.Row) (Info, error) {
	var i Info
	var runAt, created int64
	err := r.Scan(&i.ID, &i.WorkspaceID, &i.Kind, &i.Target, &i.State, &i.Attempt, &i.MaxAttempts, &runAt, &i.LastError, &created)
	i.RunAt, i.CreatedAt = db.Time(runAt), db.Time(created)
	return i, err
}

func (s store) list(ctx context.Context, workspaceID int64, state State, limit int) ([]Info, error) {
	w := db.Where{}
	if workspaceID != 0 {
		w.Add("workspace_id = ?", workspaceID)
	}
	if state != "" {
		w.Add("state = ?", string(state))
	}
	n := w.Next(limit)
	return db.All(ctx, s.d, scanInfo, "SELECT "+infoColumns+" FROM jobs WHERE "+w.String()+" ORDER BY id DESC LIMIT "+n, w.Args...)
}

func (s store) info(ctx context.Context, id int64) (Info, error) {
	return db.One(ctx, s.d, scanInfo, "SELECT "+infoColumns+" FROM jobs WHERE id = $1", id)
}

func (s store) counts(ctx context.Context) (map[State]int64, error) {
	out := map[State]int64{}
	_, err := db.All(ctx, s.d, func(r db.Row) (struct{}, error) {
		var state State
		var n int64
		err := r.Scan(&state, &n)
		out[state] = n
		return struct{}{}, err
	}, "SELECT state, COUNT(*) FROM jobs GROUP BY state")
	return out, err
}

// revive gives a dead or waiting job a fresh start now.
func (s store) revive(ctx context.Context, workspaceID, id int64, now time.Time) error {
	n, err := db.Exec(ctx, s.d, "UPDATE jobs SET state = 'waiting', attempt = 0, run_at = $1 WHERE id = $2 AND workspace_id = $3 AND state <> 'running'", db.Micros(now), id, workspaceID)
	return gone(n, err)
}

func (s store) drop(ctx context.Context, workspaceID, id int64) (Job, error) {
	list, err := db.All(ctx, s.d, scan, "DELETE FROM jobs WHERE id = $1 AND workspace_id = $2 AND state <> 'running' RETURNING "+columns, id, workspaceID)
	if err = gone(int64(len(list)), err); err != nil {
		return Job{}, err
	}
	return list[0], nil
}

func (s store) dropKey(ctx context.Context, uniqueKey string) (int64, error) {
	return db.Exec(ctx, s.d, "DELETE FROM jobs WHERE unique_key = $1 AND unique_key <> '' AND state <> 'running'", uniqueKey)
}

// hurried has what waits run now, and what runs run again if it is put back.
const hurried = "UPDATE jobs SET run_at = CASE WHEN state = 'running' THEN 0 ELSE CAST($1 AS BIGINT) END WHERE (state = 'waiting' AND run_at > $1 OR state = 'running') AND "

func (s store) hurry(ctx context.Context, workspaceID int64, kind, target string, now time.Time) error {
	return db.Do(ctx, s.d, hurried+"workspace_id = $2 AND queue = $3 AND target = $4", db.Micros(now), workspaceID, kind, target)
}

func (s store) hurryKeys(ctx context.Context, uniqueKeys []string, now time.Time) error {
	list, args := db.In(2, uniqueKeys)
	return db.Do(ctx, s.d, hurried+"unique_key <> '' AND unique_key IN "+list, append([]any{db.Micros(now)}, args...)...)
}

func gone(n int64, err error) error {
	if err == nil && n == 0 {
		return fault.New("job", fault.NotFound, "There is no such job, or it is running right now.")
	}
	return err
}

// turn takes the next run of a schedule by compare-and-set.
func (s store) turn(ctx context.Context, name string, now, next time.Time) (bool, error) {
	if err := db.Do(ctx, s.d, "INSERT INTO schedules (name, next_at) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING", name); err != nil {
		return false, err
	}
	n, err := db.Exec(ctx, s.d, "UPDATE schedules SET next_at = $1 WHERE name = $2 AND next_at <= $3", db.Micros(next), name, db.Micros(now))
	return n == 1, err
}

func (s store) nextTurn(ctx context.Context, name string) (time.Time, error) {
	at, err := db.One(ctx, s.d, db.Int64, "SELECT next_at FROM schedules WHERE name = $1", name)
	if fault.Is(err, fault.NotFound) {
		return time.Time{}, nil
	}
	return db.Time(at), err
}

func (s store) pauseOutgoing(ctx context.Context, now time.Time, reason string) error {
	return db.Do(ctx, s.d, "INSERT INTO outgoing_pause (one, since, reason) VALUES (1, $1, $2) ON CONFLICT (one) DO NOTHING", db.Micros(now), reason)
}

func (s store) resumeOutgoing(ctx context.Context) (bool, error) {
	n, err := db.Exec(ctx, s.d, "DELETE FROM outgoing_pause WHERE one = 1")
	return n == 1, err
}

func (s store) outgoingPause(ctx context.Context) (*Pause, error) {
	list, err := db.All(ctx, s.d, func(r db.Row) (*Pause, error) {
		var p Pause
		var since int64
		err := r.Scan(&since, &p.Reason)
		p.Since = db.Time(since)
		return &p, err
	}, "SELECT since, reason FROM outgoing_pause WHERE one = 1")
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// unfinished counts the jobs of the given kinds that wait or run.
func (s store) unfinished(ctx context.Context, kinds []string) (int64, error) {
	list, args := db.In(1, kinds)
	return db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM jobs WHERE state IN ('waiting', 'running') AND queue IN "+list, args...)
}
