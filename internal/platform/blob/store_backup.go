package blob

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"sync"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Large is a body in the backend.
type Large struct {
	Key  string
	Size int64
}

// EachLarge calls fn for every large body that is kept, as the snapshot in ctx
// sees it. fn must not use the database.
func (s *Store) EachLarge(ctx context.Context, fn func(Large) error) error {
	err := db.Each(ctx, s.db, func(r db.Row) error {
		b, err := scanBody(r)
		if err != nil {
			return err
		}
		return fn(Large{b.key(), b.size})
	}, "SELECT "+bodyColumns+" FROM blob_bodies WHERE large AND stored AND NOT doomed ORDER BY workspace_id, id")
	return fault.Wrap("blob.EachLarge", err)
}

// OpenLarge reads a body that EachLarge has named. One that is missing or has
// another size is an Internal fault.
func (s *Store) OpenLarge(ctx context.Context, l Large) (io.ReadCloser, error) {
	const op = "blob.OpenLarge"
	r, err := s.large.Open(ctx, l.Key)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.As(op, fault.Internal, "", err)
	}
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	size, err := r.Seek(0, io.SeekEnd)
	if err == nil && size != l.Size {
		err = fault.Newf(op, fault.Internal, "the file %s has %d bytes of %d", l.Key, size, l.Size)
	}
	if err == nil {
		_, err = r.Seek(0, io.SeekStart)
	}
	if err != nil {
		r.Close()
		return nil, fault.Wrap(op, err)
	}
	return r, nil
}

// LargeBytes is how much the large bodies take, for an estimate.
func (s *Store) LargeBytes(ctx context.Context) (int64, error) {
	n, err := db.One(ctx, s.db, db.Int64, "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM blob_bodies WHERE large AND stored AND NOT doomed")
	return n, fault.Wrap("blob.LargeBytes", err)
}

// A hold of all processes is a lease, so that one whose holder was killed ends.
const (
	holdName  = "blobs.hold:"
	holdTime  = 10 * time.Minute
	holdRenew = 2 * time.Minute
)

// HoldEverywhere is Hold for all processes of the database.
func (s *Store) HoldEverywhere(ctx context.Context) (release func(), err error) {
	name := holdName + rand.Text()[:12]
	if err := s.lease(ctx, name); err != nil {
		return nil, fault.Wrap("blob.HoldEverywhere", err)
	}
	here := s.Hold()
	stop := make(chan struct{})
	var renewing sync.WaitGroup
	renewing.Go(func() {
		for tick := time.NewTicker(holdRenew); ; {
			select {
			case <-stop:
				tick.Stop()
				return
			case <-tick.C:
			}
			if err := s.lease(ctx, name); err != nil && ctx.Err() == nil {
				slog.Warn("the hold on files was not renewed", "error", err)
			}
		}
	})
	return sync.OnceFunc(func() {
		close(stop)
		renewing.Wait()
		here()
		if err := db.Do(context.WithoutCancel(ctx), s.db, "DELETE FROM leases WHERE name = $1", name); err != nil {
			slog.Warn("the hold on files ends by itself", "error", err)
		}
	}), nil
}

func (s *Store) lease(ctx context.Context, name string) error {
	return db.Do(ctx, s.db, `INSERT INTO leases (name, owner, generation, expires_at) VALUES ($1, '', 1, $2)
		ON CONFLICT (name) DO UPDATE SET expires_at = excluded.expires_at`, name, s.now()+holdTime.Microseconds())
}

// heldElsewhere reports whether any process holds the bodies.
func (s *Store) heldElsewhere(ctx context.Context) (bool, error) {
	n, err := db.One(ctx, s.db, db.Int64, "SELECT COUNT(*) FROM leases WHERE name LIKE $1 AND expires_at > $2", holdName+"%", s.now())
	return n > 0, err
}
