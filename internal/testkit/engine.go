// Package testkit builds what tests need: both database engines, worlds, a
// clock that stands still, in-memory peers. It never reaches the binary.
package testkit

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"rapport/internal/app/schema"
	"rapport/internal/platform/db"
)

// EachEngine runs test once on SQLite and once on PostgreSQL, each on a
// database of its own with the whole schema.
func EachEngine(t *testing.T, test func(t *testing.T, d *db.DB)) {
	EachEngineWith(t, schema.Files, test)
}

// EachEngineWith is EachEngine with other migrations.
func EachEngineWith(t *testing.T, files fs.FS, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, OpenSQLite(t, files))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := PostgresURL
		if files == fs.FS(schema.Files) {
			url = migratedPostgresURL
		}
		test(t, open(t, db.Options{URL: url(t), Readers: 8}, files))
	})
}

// SQLite opens a new SQLite database with the whole schema.
func SQLite(t testing.TB) *db.DB { return OpenSQLite(t, schema.Files) }

// OpenSQLite opens a new SQLite database with the given migrations.
func OpenSQLite(t testing.TB, files fs.FS) *db.DB {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rapport.db")
	if files == fs.FS(schema.Files) {
		content, err := migratedSQLite()
		if err == nil {
			err = os.WriteFile(file, content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return open(t, db.Options{File: file}, files)
}

// migratedSQLite is a database with the whole schema, made once: to make it for
// each test would take longer than most tests.
var migratedSQLite = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "rapport-schema-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "rapport.db")
	if err := migrate(db.Options{File: file}); err != nil {
		return nil, err
	}
	return os.ReadFile(file) // closed, it is one file
})

// migrate makes the whole schema in an empty database.
func migrate(o db.Options) error {
	d, err := db.Open(context.Background(), o)
	if err != nil {
		return err
	}
	return errors.Join(d.Migrate(context.Background(), schema.Files), d.Close())
}

func open(t testing.TB, o db.Options, files fs.FS) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(context.Background(), files); err != nil {
		t.Fatal(err)
	}
	watchPlans(t, d)
	t.Cleanup(func() { Accounted(t, d) })
	return d
}
