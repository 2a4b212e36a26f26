package db_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/internal/platform/db"
)

// Rows whose words say which they are: those in the file, and those that stand
// in the write-ahead log alone.
const (
	inFile = 600
	inLog  = 300
)

func words(i int64) string {
	return fmt.Sprintf("%d says %s", i, strings.Repeat(fmt.Sprint(i, " "), 30))
}

// written is a database that was closed, and later with its log as a killed
// process leaves them.
func written(t *testing.T, from int64) (closed, file, log []byte) {
	t.Helper()
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "r.db")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	open := func() *db.DB {
		d, err := db.Open(ctx, db.Options{File: path})
		must(err)
		must(d.Migrate(ctx, things))
		return d
	}
	write := func(d *db.DB, first, last int64) {
		for i := first; i <= last; i++ {
			must(insert(ctx, d, i, words(i)))
		}
	}
	read := func(name string) []byte {
		content, err := os.ReadFile(name)
		must(err)
		return content
	}
	d := open()
	write(d, from, from+inFile-1)
	must(d.Close())
	closed = read(path)
	d = open()
	defer d.Close()
	must(d.Snapshot(ctx, func(context.Context) error { // under which nothing goes from the log into the file
		write(d, from+inFile, from+inFile+inLog-1)
		file, log = read(path), read(path+"-wal")
		return nil
	}))
	if len(log) < 100_000 {
		t.Fatalf("a log of %d bytes", len(log))
	}
	return closed, file, log
}

// look opens a copy and tells what an administrator sees: that it is damaged,
// or these rows.
func look(t *testing.T, file, log []byte) (rows map[int64]string, trouble string) {
	t.Helper()
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "r.db")
	if os.WriteFile(path, file, 0o600) != nil || log != nil && os.WriteFile(path+"-wal", log, 0o600) != nil {
		t.Fatal("the copy cannot be written")
	}
	d, err := db.Open(ctx, db.Options{File: path})
	if err != nil {
		return nil, err.Error()
	}
	defer d.Close()
	if err := d.Migrate(ctx, things); err != nil {
		return nil, err.Error()
	}
	rows = map[int64]string{}
	err = db.Each(ctx, d, func(r db.Row) error {
		var id int64
		var name string
		err := r.Scan(&id, &name)
		rows[id] = name
		return err
	}, "SELECT id, name FROM things")
	if err != nil {
		return nil, err.Error()
	}
	if err := d.Sound(ctx, false, func(what string) { trouble += what + "; " }); err != nil {
		trouble += err.Error()
	}
	return rows, trouble
}

// SQL-09: a log that was cut off or changed ends at its last whole commit: what
// is there is a beginning of what was written, as it was written. A database
// that was cut off, or lost a page, is told. A change inside the words of a row
// is told here by their index; where there is none, nobody can tell.
func TestSQL09DamageIsSeen(t *testing.T) {
	t.Parallel()
	damage(t, 40, 80)
}

func TestProveSQL09DamageIsSeen(t *testing.T) {
	if os.Getenv("PROVE") == "" {
		t.Skip("make prove")
	}
	damage(t, 400, 600)
}

func damage(t *testing.T, logs, files int) {
	closed, file, log := written(t, 1)
	if rows, trouble := look(t, file, log); len(rows) != inFile+inLog || trouble != "" {
		t.Fatalf("undamaged: %d rows, %s", len(rows), trouble)
	}
	random := rand.New(rand.NewPCG(20261122, 9))
	for round := range logs {
		bad := bytes.Clone(log)
		at := random.IntN(len(bad))
		if round%2 == 0 {
			bad = bad[:at]
		} else {
			bad[at] ^= 1 << random.IntN(8)
		}
		rows, trouble := look(t, file, bad)
		if trouble != "" || len(rows) < inFile {
			t.Fatalf("round %d, at %d of the log: %d rows, %s", round, at, len(rows), trouble)
		}
		for i := int64(1); i <= int64(len(rows)); i++ { // dense from the first
			if rows[i] != words(i) {
				t.Fatalf("round %d, at %d of the log: row %d of %d says %.40q", round, at, i, len(rows), rows[i])
			}
		}
	}
	for round := range files {
		bad := bytes.Clone(closed)
		at := random.IntN(len(bad))
		switch round % 3 {
		case 0:
			bad = bad[:at]
		case 1: // a page that was never written
			clear(bad[at&^4095:][:4096])
		case 2:
			bad[at] ^= 1 << random.IntN(8)
		}
		rows, trouble := look(t, bad, nil)
		if trouble != "" {
			continue
		}
		if round%3 < 2 {
			t.Errorf("round %d, at %d of the file: nobody sees it", round, at)
		}
		for i := int64(1); i <= inFile; i++ {
			if rows[i] != words(i) {
				t.Errorf("round %d, at %d of the file: row %d says %.40q and there is no trouble", round, at, i, rows[i])
			}
		}
		if len(rows) != inFile {
			t.Errorf("round %d, at %d of the file: %d rows and no trouble", round, at, len(rows))
		}
	}
}

// SQL-09: the log of another database is told.
func TestSQL09ALogOfAnotherDatabase(t *testing.T) {
	t.Parallel()
	_, file, _ := written(t, 1)
	_, _, foreign := written(t, 100_001)
	rows, trouble := look(t, file, foreign)
	if trouble == "" {
		t.Errorf("%d rows and no trouble", len(rows))
	}
}
