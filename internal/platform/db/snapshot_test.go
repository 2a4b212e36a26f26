package db_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"sync"
	"testing"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func TestASnapshotSeesOneMoment(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		add := func(ctx context.Context, id int) error {
			_, err := db.Exec(ctx, d, "INSERT INTO things (id, name) VALUES ($1, $2)", id, fmt.Sprint("thing ", id))
			return err
		}
		for i := range 100 {
			if err := add(ctx, i+1); err != nil {
				t.Fatal(err)
			}
		}
		err := d.Snapshot(ctx, func(snap context.Context) error {
			for i := 100; i < 200; i++ { // outside of it, writers go on
				if err := add(ctx, i+1); err != nil {
					return err
				}
			}
			n := 0
			if err := db.Each(snap, d, func(r db.Row) error {
				n++
				_, err := db.String(r)
				return err
			}, "SELECT name FROM things"); err != nil {
				return err
			}
			if n != 100 {
				t.Errorf("the snapshot sees %d rows, not 100", n)
			}
			if err := add(snap, 1000); err == nil {
				t.Error("a snapshot wrote")
			}
			return nil
		})
		if err == nil {
			t.Error("a write that failed inside was swallowed")
		}
		if n, err := db.One(ctx, d, db.Int64, "SELECT COUNT(*) FROM things"); n != 200 || err != nil {
			t.Errorf("%d rows, %v", n, err)
		}
		inside := d.Within(ctx, func(ctx context.Context) error { return d.Snapshot(ctx, func(context.Context) error { return nil }) })
		if !fault.Is(inside, fault.Internal) {
			t.Errorf("a snapshot inside a transaction: %v", inside)
		}
	})
}

// bulky is a SQLite database, a function that writes n large rows into it, and
// one that tells how large its WAL is.
func bulky(t *testing.T) (d *db.DB, write func(n int), wal func() int64) {
	t.Helper()
	ctx, file := context.Background(), t.TempDir()+"/rapport.db"
	d, err := db.Open(ctx, db.Options{File: file})
	testkit.Require(t, err)
	t.Cleanup(func() { d.Close() })
	testkit.Require(t, d.Migrate(ctx, things))
	next := int64(0)
	write = func(n int) {
		for range n {
			next++
			if err := insert(ctx, d, next, fmt.Sprintf("%8000d", next)); err != nil {
				t.Error(err)
			}
		}
	}
	return d, write, func() int64 {
		info, err := os.Stat(file + "-wal")
		testkit.Require(t, err)
		return info.Size()
	}
}

// SQL-07, for backups: what has gathered in the WAL while a snapshot was open does not stay there.
func TestSQL07TheWALIsEmptiedAfterASnapshot(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, write, wal := bulky(t)
	if err := d.Snapshot(ctx, func(context.Context) error { write(1000); return nil }); err != nil {
		t.Fatal(err)
	}
	grown := wal()
	if grown < 8<<20 {
		t.Fatalf("the WAL has %d bytes: it was emptied under the snapshot", grown)
	}
	write(1000)
	if now := wal(); now > grown+1<<20 {
		t.Errorf("the WAL goes on growing: %d, then %d bytes", grown, now)
	}
}

// SQL-07: no commit waits until a long WAL is copied; it begins anew all the same, long before it is full.
func TestSQL07TheWALBeginsAnewBesideTheWriter(t *testing.T) {
	t.Parallel()
	d, write, _ := bulky(t)
	begun := func() uint32 { // how often, as the header of the WAL says
		head := make([]byte, 16)
		f, err := os.Open(d.File() + "-wal")
		testkit.Require(t, err)
		defer f.Close()
		_, err = io.ReadFull(f, head)
		testkit.Require(t, err)
		return binary.BigEndian.Uint32(head[12:])
	}
	write(db.WALLong / 2) // three pages each
	first, ended := begun(), make(chan struct{})
	var busy sync.WaitGroup
	defer busy.Wait()
	defer close(ended)
	for range 4 { // so that there is never a moment without a commit
		busy.Go(func() {
			for {
				select {
				case <-ended:
					return
				default:
					_, err := db.Exec(context.Background(), d, "UPDATE things SET name = name WHERE id = 1")
					if err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	for tries := 0; begun() == first; tries++ {
		if info, err := os.Stat(d.File() + "-wal"); err != nil || info.Size() > db.WALFull*4096 {
			t.Fatal("the WAL was full before it began anew", err)
		}
		time.Sleep(time.Millisecond)
	}
}

// SQL-07: who reads and does not end loses the snapshot before the WAL fills the
// disk, also while waiting for something else.
func TestSQL07AReaderThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, write, wal := bulky(t)
	d.LimitWAL(4 << 20)
	write(10)
	reading, proceed, ended := make(chan context.Context), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- d.Snapshot(ctx, func(ctx context.Context) error {
			first := true
			return db.Each(ctx, d, func(db.Row) error {
				if first {
					reading <- ctx
					<-proceed // as on a pipe that nobody empties
				}
				first = false
				return nil
			}, "SELECT id FROM things")
		})
	}()
	snap := <-reading
	for tries := 0; snap.Err() == nil && tries < 200; tries++ {
		write(100)
	}
	for again := 0; ; again++ {
		before := wal()
		if write(300); wal() == before { // what was written is taken out again
			break
		}
		if again == 40 {
			t.Fatalf("the WAL goes on growing: %d bytes", wal())
		}
	}
	close(proceed)
	if err := <-ended; !fault.Is(err, fault.Unavailable) || snap.Err() == nil {
		t.Errorf("the reader ended with %v", err)
	}
}

func TestIDsAreSkipped(t *testing.T) {
	testkit.EachEngineWith(t, things, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		given, err := d.NewID(ctx)
		if err != nil {
			t.Fatal(err)
		}
		high, err := d.HighestID(ctx)
		if err != nil || high < given {
			t.Fatalf("%d was given, %d is the highest (%v)", given, high, err)
		}
		if err := d.SkipIDs(ctx, high+1_000_000); err != nil {
			t.Fatal(err)
		}
		if err := d.SkipIDs(ctx, 5); err != nil { // never back
			t.Fatal(err)
		}
		reopened := d
		for range 70 { // more than one block of PostgreSQL's
			if given, err = reopened.NewID(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if given <= high+1_000_000 {
			t.Errorf("%d was given after skipping to %d", given, high+1_000_000)
		}
	})
}

// Whoever copies or moves a database that nobody has open needs one file.
func TestAClosedDatabaseIsOneFile(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	d, err := db.Open(ctx, db.Options{File: dir + "/rapport.db"})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(ctx, things); err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		if err := insert(ctx, d, int64(i+1), fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
		if _, err := db.All(ctx, d, db.Int64, "SELECT COUNT(*) FROM things"); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left: %v, %v", left, err)
	}
}
