package db_test

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var things = fstest.MapFS{"0001_things.sql": {Data: []byte(`
CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
-- only sqlite
CREATE TABLE only_lite (x BIGINT);
-- end
-- only postgres
CREATE TABLE only_pg (x BIGINT);
-- end
`)}}

func insert(ctx context.Context, d *db.DB, id int64, name string) error {
	_, err := db.Exec(ctx, d, "INSERT INTO things (id, name) VALUES ($1, $2)", id, name)
	return err
}

func count(t *testing.T, d *db.DB) int64 {
	t.Helper()
	n, err := db.One(context.Background(), d, db.Int64, "SELECT COUNT(*) FROM things")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWithinCommitsOrRollsBack(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		boom := errors.New("boom")
		if err := d.Within(ctx, func(ctx context.Context) error { return insert(ctx, d, 1, "a") }); err != nil {
			t.Fatal(err)
		}
		err := d.Within(ctx, func(ctx context.Context) error {
			if err := insert(ctx, d, 2, "b"); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatalf("err = %v, want boom", err)
		}
		if n := count(t, d); n != 1 {
			t.Fatalf("%d rows, want 1", n)
		}
	})
}

func TestASwallowedErrorDoomsTheTransaction(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for name, swallow := range map[string]func(ctx context.Context){
			"statement": func(ctx context.Context) { insert(ctx, d, 10, "same"); insert(ctx, d, 11, "same") },
			"inner":     func(ctx context.Context) { d.Within(ctx, func(context.Context) error { return errors.New("inner") }) },
		} {
			err := d.Within(ctx, func(ctx context.Context) error {
				if err := insert(ctx, d, 1, "first"); err != nil {
					return err
				}
				swallow(ctx)
				return nil
			})
			if err == nil {
				t.Errorf("%s: committed although an error was swallowed", name)
			}
		}
		if n := count(t, d); n != 0 {
			t.Errorf("%d rows, want 0", n)
		}
	})
}

func TestUniquenessIsAConflictAndNoRowIsNotFound(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := insert(ctx, d, 1, "a"); err != nil {
			t.Fatal(err)
		}
		if err := insert(ctx, d, 2, "a"); !fault.Is(err, fault.Conflict) {
			t.Errorf("kind = %v, want conflict", fault.KindOf(err))
		}
		err := d.Within(ctx, func(ctx context.Context) error {
			if _, err := db.One(ctx, d, db.String, "SELECT name FROM things WHERE id = $1", 99); !fault.Is(err, fault.NotFound) {
				t.Errorf("kind = %v, want not found", fault.KindOf(err))
			}
			return insert(ctx, d, 3, "c") // not found has not doomed the transaction
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestACancelledCallerHurtsNobodyElse(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		cancelled, cancel := context.WithCancel(context.Background())
		defer cancel()
		var wg sync.WaitGroup
		for i := range int64(200) {
			wg.Go(func() {
				ctx := context.Background()
				if i%10 == 0 {
					ctx = cancelled
				}
				if i == 50 {
					cancel()
				}
				err := insert(ctx, d, i+1, "n"+strings.Repeat("x", int(i)))
				if err != nil && i%10 != 0 {
					t.Errorf("operation %d failed because another was cancelled: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, d); n < 180 {
			t.Errorf("%d rows, want at least 180", n)
		}
	})
}

// On SQLite a cancellation after the savepoint has opened is too late: the
// statement runs on, and the caller learns the true outcome.
func TestCancellationInsideATransactionDoesNotInterruptTheWriter(t *testing.T) {
	t.Parallel()
	d := testkit.OpenSQLite(t, things)
	ctx, cancel := context.WithCancel(context.Background())
	err := d.Within(ctx, func(ctx context.Context) error {
		cancel()
		return insert(ctx, d, 1, "a")
	})
	if err != nil || count(t, d) != 1 {
		t.Fatalf("err = %v, rows = %d; want nil, 1", err, count(t, d))
	}
}

func TestAPanicFailsItsOwnOperationOnly(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for i := range int64(50) {
			wg.Go(func() {
				err := d.Within(context.Background(), func(ctx context.Context) error {
					if err := insert(ctx, d, i+1, string(rune('a'+i))); err != nil {
						return err
					}
					if i%5 == 0 {
						panic("bad handler")
					}
					return nil
				})
				if (err != nil) != (i%5 == 0) {
					t.Errorf("operation %d: err = %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, d); n != 40 {
			t.Errorf("%d rows, want 40", n)
		}
	})
}

// When ROLLBACK TO fails the transaction is gone: every caller of the group
// must hear it, also the ones whose own work went well.
func TestAFailedRollbackToFailsTheWholeGroup(t *testing.T) {
	t.Parallel()
	d := testkit.OpenSQLite(t, things)
	d.SlowGroups()
	ctx := context.Background()
	blocked, release := make(chan struct{}), make(chan struct{})
	go d.Within(ctx, func(context.Context) error { close(blocked); <-release; return nil })
	<-blocked
	errs := make(chan error, 3)
	go func() { errs <- insert(ctx, d, 1, "good") }()
	// The second operation ends the transaction under the writer's feet.
	waitQueued(d, 1)
	go func() {
		errs <- d.Within(ctx, func(ctx context.Context) error {
			db.Exec(ctx, d, "ROLLBACK")
			return errors.New("lost")
		})
	}()
	waitQueued(d, 2)
	late := make(chan error, 1)
	go func() { late <- insert(ctx, d, 2, "after the loss") }()
	waitQueued(d, 3)
	close(release)
	for range 2 {
		if err := <-errs; err == nil {
			t.Error("a caller was told that its work was kept although the transaction was lost")
		}
	}
	kept := int64(0)
	if <-late == nil { // it ran in the next group
		kept = 1
	}
	if n := count(t, d); n != kept {
		t.Errorf("%d rows, want %d: what callers were told", n, kept)
	}
	if err := insert(ctx, d, 5, "after"); err != nil {
		t.Errorf("the writer did not recover: %v", err)
	}
}

func TestAfterCommitRunsOnlyAfterACommit(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var seen []string
		d.Within(ctx, func(ctx context.Context) error {
			d.AfterCommit(ctx, func() { seen = append(seen, "rolled back") })
			return errors.New("no")
		})
		d.Within(ctx, func(ctx context.Context) error {
			d.AfterCommit(ctx, func() {
				if count(t, d) == 1 {
					seen = append(seen, "committed")
				}
			})
			return insert(ctx, d, 1, "a")
		})
		if len(seen) != 1 || seen[0] != "committed" {
			t.Errorf("ran %v, want [committed]", seen)
		}
	})
}

func TestAContextBeyondItsTransactionIsRefused(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		var kept context.Context
		d.Within(context.Background(), func(ctx context.Context) error { kept = ctx; return nil })
		if err := insert(kept, d, 1, "late"); err == nil {
			t.Error("a write through an ended transaction was accepted")
		}
		if err := d.Within(kept, func(context.Context) error { return nil }); err == nil {
			t.Error("an ended transaction could be joined")
		}
	})
}

func TestASerialisationFailureIsRetried(t *testing.T) {
	t.Parallel()
	d, err := db.Open(context.Background(), db.Options{URL: testkit.PostgresURL(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(context.Background(), things); err != nil {
		t.Fatal(err)
	}
	runs := 0
	err = d.Within(context.Background(), func(ctx context.Context) error {
		runs++
		if err := insert(ctx, d, 1, "a"); err != nil || runs > 2 {
			return err
		}
		_, err := db.Exec(ctx, d, "DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$")
		return err
	})
	if err != nil || runs != 3 {
		t.Errorf("err = %v after %d runs; want nil after 3", err, runs)
	}
}

func TestWhatIsCollectedIsClosedWithItsCommit(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		var closed []any
		d.OnClose(func(_ context.Context, items []any) error { closed = append(closed, items...); return nil })
		d.Within(context.Background(), func(ctx context.Context) error { return d.Collect(ctx, 1) })
		d.Within(context.Background(), func(ctx context.Context) error {
			d.Collect(ctx, 2)
			return errors.New("rolled back")
		})
		if len(closed) != 1 || closed[0] != 1 {
			t.Errorf("closed %v, want [1]", closed)
		}
	})
}

func TestAnIDIsNeverGivenTwice(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ids.db")
	seen := map[int64]bool{}
	for range 3 { // each round is a new process as far as ids go
		d, err := db.Open(context.Background(), db.Options{File: file})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Migrate(context.Background(), things); err != nil {
			t.Fatal(err)
		}
		take := func(ctx context.Context) {
			id, err := d.NewID(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if seen[id] {
				t.Fatalf("id %d was given twice", id)
			}
			seen[id] = true
		}
		for range 1500 {
			take(context.Background())
		}
		d.Within(context.Background(), func(ctx context.Context) error { // more than a block, rolled back
			for range 2500 {
				take(ctx)
			}
			return errors.New("no")
		})
		for range 10 {
			take(context.Background())
		}
		d.Close()
	}
}

func TestIDsAreUniqueOnBothEngines(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		var mu sync.Mutex
		seen := map[int64]bool{}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 400 {
					id, err := d.NewID(context.Background())
					mu.Lock()
					if err != nil || seen[id] || id <= 0 || id >= 1<<53 {
						t.Errorf("id %d, err %v", id, err)
					}
					seen[id] = true
					mu.Unlock()
				}
			})
		}
		wg.Wait()
	})
}

// SQL-05: a library that can lose data is refused, and ours is none.
func TestSQL05AnOldLibraryIsRefused(t *testing.T) {
	t.Parallel()
	d := testkit.SQLite(t)
	ours, err := db.One(context.Background(), d, db.String, "SELECT sqlite_version()")
	if err != nil {
		t.Fatal(err)
	}
	for version, ok := range map[string]bool{
		"3.7.0": false, "3.44.6": false, "3.50.7": false, "3.51": false, "3.51.2": false, "nonsense": false,
		"3.51.3": true, "3.51.10": true, "3.53.0": true, "4.0.0": true, ours: true,
	} {
		if err := db.Trusted(version); (err == nil) != ok || err != nil && !strings.Contains(fault.MessageOf(err), "3.51.3 or newer") {
			t.Errorf("%s: %v", version, err)
		}
	}
}

// HA-10: a migration that fails rolls back, and the binary before still starts.
func TestHA10AFailedMigrationRollsBack(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		more := fstest.MapFS{"0001_things.sql": things["0001_things.sql"], "0002_more.sql": {Data: []byte("ALTER TABLE things ADD COLUMN note TEXT;\n")}}
		broken := fstest.MapFS{"0001_things.sql": things["0001_things.sql"], "0002_more.sql": more["0002_more.sql"], "0003_broken.sql": {Data: []byte("CREATE TABLE half (x BIGINT);\nCREATE TABLE half (x BIGINT);\n")}}
		changed := fstest.MapFS{"0001_things.sql": {Data: []byte("CREATE TABLE things (id BIGINT);\n")}, "0002_more.sql": more["0002_more.sql"]}
		gap := fstest.MapFS{"0001_things.sql": things["0001_things.sql"], "0003_more.sql": more["0002_more.sql"]}
		for _, step := range []struct {
			name  string
			files fstest.MapFS
			ok    bool
		}{
			{"again", things, true}, {"one more", more, true}, {"old binary, newer data", things, false},
			{"changed after it was applied", changed, false}, {"gap", gap, false}, {"broken", broken, false}, {"still fine", more, true},
		} {
			if err := d.Migrate(ctx, step.files); (err == nil) != step.ok {
				t.Errorf("%s: err = %v", step.name, err)
			}
		}
		if _, err := db.All(ctx, d, db.Int64, "SELECT x FROM half"); err == nil {
			t.Error("a broken migration left its first table behind")
		}
	})
}

func TestInPadsToAPowerOfTwo(t *testing.T) {
	text, args := db.In(3, []int64{7, 8, 9})
	if text != "($3,$4,$5,$6)" || len(args) != 4 || args[3] != int64(9) {
		t.Errorf("%s %v", text, args)
	}
	if text, _ := db.In[int64](1, nil); text != "(NULL)" {
		t.Errorf("empty list: %s", text)
	}
}

// waitQueued returns once n operations wait for the writer.
func waitQueued(d *db.DB, n int) {
	for d.Queued() < n {
		runtime.Gosched()
	}
}

func TestSeatsAtADatabase(t *testing.T) {
	t.Parallel()
	url, ctx := testkit.PostgresURL(t), context.Background()
	sit := func(shared bool) (*db.Seat, error) {
		t.Helper()
		d, err := db.Open(ctx, db.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d.Sit(ctx, shared)
	}
	alone, err := sit(false)
	if err != nil || !alone.First {
		t.Fatal(alone, err)
	}
	for _, shared := range []bool{false, true} {
		if _, err := sit(shared); !fault.Is(err, fault.Conflict) {
			t.Errorf("beside one that is alone (shared %v): %v", shared, err)
		}
	}
	if err := alone.Keep(ctx); err != nil {
		t.Error(err)
	}
	alone.Leave(ctx)
	one, err := sit(true)
	if err != nil || !one.First {
		t.Fatal(one, err)
	}
	two, err := sit(true)
	if err != nil || two.First {
		t.Fatal(two, err)
	}
	if _, err := sit(false); !fault.Is(err, fault.Conflict) {
		t.Errorf("alone beside those who share: %v", err)
	}
	one.Leave(ctx)
	two.Leave(ctx)
	if again, err := sit(false); err != nil || !again.First {
		t.Errorf("when all have gone: %v, %v", again, err)
	}
}

// The database ends connections, as a restart does: a seat is taken again, but
// not from somebody who was faster.
func TestASeatOutlivesItsConnection(t *testing.T) {
	t.Parallel()
	url, ctx := testkit.PostgresURL(t), context.Background()
	var nodes []*db.DB
	for range 2 {
		d, err := db.Open(ctx, db.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		nodes = append(nodes, d)
	}
	seat, err := nodes[0].Sit(ctx, false)
	if err != nil {
		t.Fatal(err)
	}
	hangUp := func() {
		t.Helper()
		_, err := db.All(ctx, nodes[1], func(r db.Row) (ok bool, err error) { return ok, r.Scan(&ok) },
			"SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE l.locktype = 'advisory' AND d.datname = current_database()")
		if err != nil {
			t.Fatal(err)
		}
	}
	hangUp()
	if err := seat.Keep(ctx); err != nil {
		t.Errorf("nobody was faster: %v", err)
	}
	hangUp()
	var faster *db.Seat
	for deadline := time.Now().Add(time.Minute); faster == nil && time.Now().Before(deadline); {
		faster, _ = nodes[1].Sit(ctx, false)
	}
	defer faster.Leave(ctx)
	if err := seat.Keep(ctx); !fault.Is(err, fault.Conflict) {
		t.Errorf("somebody was faster: %v", err)
	}
}

// HA-02: a node that is stopped inside a transaction does not hold up the
// others for ever. When it wakes its work runs again.
func TestWhoSleepsInATransactionLosesIt(t *testing.T) {
	t.Parallel()
	url, ctx := testkit.PostgresURL(t), context.Background()
	open := func(more string) *db.DB {
		t.Helper()
		d, err := db.Open(ctx, db.Options{URL: url + more})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	}
	asleep, awake := open("&idle_in_transaction_session_timeout=200"), open("")
	if err := awake.Migrate(ctx, things); err != nil {
		t.Fatal(err)
	}
	add := func(ctx context.Context, d *db.DB, n int64) error {
		_, err := db.Exec(ctx, d, "SELECT pg_advisory_xact_lock(1)")
		if err == nil {
			_, err = db.Exec(ctx, d, "INSERT INTO things (id, name) VALUES ($1, $2)", n, "thing "+string(rune(48+n)))
		}
		return err
	}
	inside, done, runs := make(chan struct{}, 9), make(chan struct{}), 0
	slept := make(chan error, 1)
	go func() {
		slept <- asleep.Within(ctx, func(ctx context.Context) error {
			if err := add(ctx, asleep, 1); err != nil {
				return err
			}
			if runs++; runs == 1 {
				inside <- struct{}{}
				<-done
			}
			return nil
		})
	}()
	<-inside
	if err := awake.Within(ctx, func(ctx context.Context) error { return add(ctx, awake, 2) }); err != nil {
		t.Fatal(err)
	}
	close(done)
	// What it had done is gone; its commit found that out.
	if err := <-slept; err != nil && !fault.Is(err, fault.Unavailable) {
		t.Errorf("the one that slept: %v", err)
	}
}
