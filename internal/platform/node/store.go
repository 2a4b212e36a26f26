package node

import (
	"context"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store is the database the nodes serve.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

// put adds a node or renews it.
func (s store) put(ctx context.Context, n Node, now, until time.Time) error {
	return db.Do(ctx, s.d, `INSERT INTO nodes (id, name, version, files, started_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, expires_at = excluded.expires_at`,
		n.ID, n.Name, n.Version, n.Files, db.Micros(n.StartedAt), db.Micros(now), db.Micros(until))
}

func (s store) nodes(ctx context.Context, now time.Time) ([]Node, error) {
	return db.All(ctx, s.d, func(r db.Row) (n Node, err error) {
		var started, seen, expires int64
		err = r.Scan(&n.ID, &n.Name, &n.Version, &n.Files, &started, &seen, &expires)
		n.StartedAt, n.SeenAt, n.Alive = db.Time(started), db.Time(seen), expires > db.Micros(now)
		return n, err
	}, "SELECT id, name, version, files, started_at, seen_at, expires_at FROM nodes ORDER BY expires_at > $1 DESC, name, started_at", db.Micros(now))
}

// forget removes nodes whose time was over before.
func (s store) forget(ctx context.Context, before time.Time) error {
	return db.Do(ctx, s.d, "DELETE FROM nodes WHERE expires_at < $1", db.Micros(before))
}

// clear removes what nobody alive has left. What has no owner is no node's: a
// backup beside them holds the files.
func (s store) clear(ctx context.Context) error {
	if err := db.Do(ctx, s.d, "DELETE FROM nodes"); err != nil {
		return err
	}
	return db.Do(ctx, s.d, "UPDATE leases SET expires_at = 0 WHERE owner <> ''")
}

func (s store) remove(ctx context.Context, id string) error {
	if err := db.Do(ctx, s.d, "DELETE FROM nodes WHERE id = $1", id); err != nil {
		return err
	}
	return db.Do(ctx, s.d, "UPDATE leases SET expires_at = 0 WHERE owner = $1", id)
}

// take takes a lease that is free, over or the owner's own.
func (s store) take(ctx context.Context, name, owner string, now, until time.Time) (generation int64, ok bool, err error) {
	err = s.within(ctx, func(ctx context.Context) error {
		generation, err = db.One(ctx, s.d, db.Int64, `INSERT INTO leases (name, owner, generation, expires_at) VALUES ($1, $2, 1, $3)
			ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at, generation = leases.generation + 1
			WHERE leases.owner = excluded.owner OR leases.expires_at <= $4 RETURNING generation`, name, owner, db.Micros(until), db.Micros(now))
		if ok = err == nil; fault.Is(err, fault.NotFound) {
			return nil
		}
		return err
	})
	return generation, ok && err == nil, err
}

// renew extends those leases that are the owner's and not over, and tells their
// generations: what is over may be taken by anybody, also by the owner again.
func (s store) renew(ctx context.Context, owner string, names []string, now, until time.Time) (map[string]int64, error) {
	mine := map[string]int64{}
	if len(names) == 0 {
		return mine, nil
	}
	in, args := db.In(4, names)
	_, err := db.All(ctx, s.d, func(r db.Row) (struct{}, error) {
		var name string
		var generation int64
		err := r.Scan(&name, &generation)
		mine[name] = generation
		return struct{}{}, err
	}, "UPDATE leases SET expires_at = $1 WHERE owner = $2 AND expires_at > $3 AND name IN "+in+" RETURNING name, generation",
		append([]any{db.Micros(until), owner, db.Micros(now)}, args...)...)
	return mine, err
}

// taken are the leases that others have. One of the owner's own, for which it
// waits, is one it does not know of: the answer was lost when it was taken, or
// given back.
func (s store) taken(ctx context.Context, owner string, now time.Time) (map[string]bool, error) {
	names, err := db.All(ctx, s.d, db.String, "SELECT name FROM leases WHERE expires_at > $1 AND owner <> $2", db.Micros(now), owner)
	out := map[string]bool{}
	for _, n := range names {
		out[n] = true
	}
	return out, err
}

func (s store) release(ctx context.Context, name, owner string, generation int64) error {
	return db.Do(ctx, s.d, "UPDATE leases SET expires_at = 0 WHERE name = $1 AND owner = $2 AND generation = $3", name, owner, generation)
}
