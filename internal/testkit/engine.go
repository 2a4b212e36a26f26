// Package testkit builds what tests need: both database engines, worlds, a
// clock that stands still, in-memory peers. It never reaches the binary.
package testkit

import (
	"context"
	"io/fs"
	"path/filepath"
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
		test(t, open(t, db.Options{URL: PostgresURL(t), Readers: 8}, files))
	})
}

// SQLite opens a new SQLite database with the whole schema.
func SQLite(t testing.TB) *db.DB { return OpenSQLite(t, schema.Files) }

// OpenSQLite opens a new SQLite database with the given migrations.
func OpenSQLite(t testing.TB, files fs.FS) *db.DB {
	return open(t, db.Options{File: filepath.Join(t.TempDir(), "rapport.db")}, files)
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
