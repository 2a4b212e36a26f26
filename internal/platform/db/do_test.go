package db_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func put(ctx context.Context, d *db.DB, id int64, name string) error {
	return db.Do(ctx, d, "INSERT INTO things (id, name) VALUES ($1, $2)", id, name)
}

// What is done without an answer is done in its place: before the next
// question, and before the commit.
func TestDoIsSeenByWhatFollowsIt(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		const many = 200 // more than wait for one another
		ctx := context.Background()
		if err := put(ctx, d, 1, "alone"); err != nil {
			t.Fatal(err)
		}
		err := d.Within(ctx, func(ctx context.Context) error {
			for i := range int64(many) {
				if err := put(ctx, d, 100+i, fmt.Sprint("thing ", i)); err != nil {
					return err
				}
			}
			n, err := db.One(ctx, d, db.Int64, "SELECT COUNT(*) FROM things")
			if err != nil || n != many+1 {
				t.Errorf("a question sees %d, %v", n, err)
			}
			if err := put(ctx, d, 2, "late"); err != nil {
				return err
			}
			if n, err = db.Exec(ctx, d, "UPDATE things SET name = name || '!' WHERE id < 100"); err != nil || n != 2 {
				t.Errorf("a statement with an answer changed %d, %v", n, err)
			}
			return put(ctx, d, 3, "last")
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, d); n != many+3 {
			t.Errorf("%d rows", n)
		}
	})
}

// Wherever the error of such a statement shows, nothing of its transaction
// stays, the kind is the right one, and the next transaction is not touched.
func TestAnErrorOfDoUndoesTheTransaction(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		follow := map[string]func(ctx context.Context) error{
			"the commit": func(context.Context) error { return nil },
			"a question": func(ctx context.Context) error {
				_, err := db.All(ctx, d, db.Int64, "SELECT id FROM things")
				return err
			},
			"a statement": func(ctx context.Context) error { return insert(ctx, d, 12, "other") },
			"swallowed": func(ctx context.Context) error {
				_, _ = db.All(ctx, d, db.Int64, "SELECT id FROM things")
				return nil
			},
		}
		for name, next := range follow {
			err := d.Within(ctx, func(ctx context.Context) error {
				d.AfterCommit(ctx, func() { t.Errorf("%s: it was committed", name) })
				if err := put(ctx, d, 10, "same"); err != nil {
					return err
				}
				if err := put(ctx, d, 11, "same"); err != nil {
					return err
				}
				return next(ctx)
			})
			if !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", name, err)
			}
			if n := count(t, d); n != 0 {
				t.Fatalf("%s: %d rows", name, n)
			}
		}
		gaveUp := errors.New("gave up")
		err := d.Within(ctx, func(ctx context.Context) error {
			if err := put(ctx, d, 20, "never"); err != nil {
				return err
			}
			return gaveUp
		})
		if !errors.Is(err, gaveUp) || count(t, d) != 0 {
			t.Errorf("after giving up: %v, %d rows", err, count(t, d))
		}
		if err := put(ctx, d, 30, "after all"); err != nil || count(t, d) != 1 {
			t.Errorf("afterwards: %v", err)
		}
	})
}

// A server that was restarted has ended every connection of the pool; whoever
// asks or writes next does not notice.
func TestConnectionsEndedByTheServerAreReplaced(t *testing.T) {
	t.Parallel()
	server := testkit.StartPostgres(t)
	ctx := context.Background()
	d, err := db.Open(ctx, db.Options{URL: server.URL})
	testkit.Require(t, err)
	t.Cleanup(func() { d.Close() })
	testkit.Require(t, d.Migrate(ctx, things))
	all := func() {
		t.Helper()
		done := make(chan error)
		for i := range 16 {
			go func() {
				_, err := db.One(ctx, d, db.Int64, "SELECT COUNT(*) FROM things, (SELECT pg_sleep(0.05)) nap")
				if i%2 == 0 && err == nil {
					id, idErr := d.NewID(ctx)
					err = errors.Join(idErr, put(ctx, d, id, fmt.Sprint(id)))
				}
				done <- err
			}()
		}
		for range 16 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	}
	all()
	server.Restart(func() {})
	all()
	if n := count(t, d); n != 16 {
		t.Errorf("%d rows", n)
	}
}

func TestGatherAsksAllAtOnce(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		ask := func(ctx context.Context) (names []string, missing error, err error) {
			all := db.Ask(db.String, "SELECT name FROM things WHERE id > $1 ORDER BY id", 0)
			none := db.Ask(db.Int64, "SELECT id FROM things WHERE id = $1", 77)
			second := db.Ask(db.String, "SELECT name FROM things WHERE id = $1", 2)
			if err := db.Gather(ctx, d, all, none, second); err != nil {
				return nil, nil, err
			}
			_, missing = none.One()
			if two, err := second.One(); err != nil || two != "b" {
				t.Errorf("the third answer: %q, %v", two, err)
			}
			return all.Rows, missing, nil
		}
		look := func(ctx context.Context) error {
			names, missing, err := ask(ctx)
			if len(names) != 2 || names[0] != "a" || names[1] != "b" || !fault.Is(missing, fault.NotFound) {
				t.Errorf("%v, %v, %v", names, missing, err)
			}
			return err
		}
		err := d.Within(ctx, func(ctx context.Context) error {
			if err := errors.Join(put(ctx, d, 1, "a"), put(ctx, d, 2, "b")); err != nil {
				return err
			}
			return look(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := look(ctx); err != nil {
			t.Error(err)
		}
		bad := db.Ask(db.Int64, "SELECT name FROM things ORDER BY id")
		if err := db.Gather(ctx, d, db.Ask(db.Int64, "SELECT id FROM things"), bad); err == nil {
			t.Error("a name is no number")
		}
		err = d.Within(ctx, func(ctx context.Context) error {
			_ = put(ctx, d, 3, "c")
			_ = db.Gather(ctx, d, bad) // swallowed
			return nil
		})
		if err == nil || count(t, d) != 2 {
			t.Errorf("after a bad question: %v, %d rows", err, count(t, d))
		}
	})
}
