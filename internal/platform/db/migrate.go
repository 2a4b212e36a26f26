package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"
	"time"

	"rapport/internal/platform/fault"
)

// A migration is one file NNNN_name.sql: statements that end with a semicolon
// at the end of a line. Lines between "-- only sqlite" or "-- only postgres"
// and "-- end" are for that engine alone.
type migration struct {
	version  int64
	name     string
	text     string
	checksum string
}

// Migrate brings the schema to the newest of files, one transaction a file,
// forward only. It refuses a database that a newer binary has migrated, and
// one whose applied files differ from these.
func (d *DB) Migrate(ctx context.Context, files fs.FS) error {
	return d.MigrateTo(ctx, files, 0)
}

// MigrateTo is Migrate that ends at a version; 0 is the newest. A restore makes
// the schema of its archive with it before the rows are put in.
func (d *DB) MigrateTo(ctx context.Context, files fs.FS, version int64) error {
	const op = "db.Migrate"
	list, err := readMigrations(files)
	if err != nil {
		return fault.Wrap(op, err)
	}
	if version < 0 || version > int64(len(list)) {
		return fault.Newf(op, fault.Conflict, "This binary does not know schema %d, only up to %d.", version, len(list))
	}
	if version > 0 {
		list = list[:version]
	}
	if err := d.prepareMigrations(ctx); err != nil {
		return fault.Wrap(op, err)
	}
	for _, m := range list {
		if err := d.Within(ctx, func(ctx context.Context) error { return d.apply(ctx, m) }); err != nil {
			return fault.As(op, fault.KindOf(err), "", fmt.Errorf("%04d_%s: %w", m.version, m.name, err))
		}
	}
	if err := d.refuseNewer(ctx, list); err != nil {
		return fault.Wrap(op, err)
	}
	return d.loadIDs(ctx)
}

// Schema is the version of the newest of files, which is that of the data once
// Migrate has run.
func Schema(files fs.FS) (int64, error) {
	list, err := readMigrations(files)
	return int64(len(list)), fault.Wrap("db.Schema", err)
}

// Applied is the version of the schema the data has; 0 when there is none yet.
func (d *DB) Applied(ctx context.Context) (int64, error) {
	const op = "db.Applied"
	n, err := One(ctx, d, Int64, d.Pick(
		"SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'",
		"SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'schema_migrations'"))
	if err != nil || n == 0 {
		return 0, fault.Wrap(op, err)
	}
	n, err = One(ctx, d, Int64, "SELECT COALESCE(MAX(version), 0) FROM schema_migrations")
	return n, fault.Wrap(op, err)
}

func (d *DB) prepareMigrations(ctx context.Context) error {
	counter := d.Pick(
		"CREATE TABLE IF NOT EXISTS id_counter (next BIGINT NOT NULL)",
		"CREATE SEQUENCE IF NOT EXISTS ids START 1000")
	seed := d.Pick("INSERT INTO id_counter (next) SELECT 1000 WHERE NOT EXISTS (SELECT 1 FROM id_counter)", "SELECT 1")
	return d.Within(ctx, func(ctx context.Context) error {
		if d.engine == Postgres { // nodes that start together migrate one after the other
			if _, err := Exec(ctx, d, "SELECT pg_advisory_xact_lock(7257701)"); err != nil {
				return err
			}
		}
		for _, q := range []string{
			"CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)",
			counter, seed,
		} {
			if _, err := Exec(ctx, d, q); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *DB) apply(ctx context.Context, m migration) error {
	if d.engine == Postgres {
		if _, err := Exec(ctx, d, "SELECT pg_advisory_xact_lock(7257701)"); err != nil {
			return err
		}
	}
	have, err := One(ctx, d, String, "SELECT checksum FROM schema_migrations WHERE version = $1", m.version)
	switch {
	case err == nil && have == m.checksum:
		return nil
	case err == nil:
		return fault.New("db.Migrate", fault.Conflict, "This migration was changed after it had been applied; write a new one instead.")
	case !fault.Is(err, fault.NotFound):
		return err
	}
	if t := txOf(ctx, d); d.engine == SQLite {
		t.s = liteSession{q: t.s.(liteSession).q} // these texts run once: they do not belong in the statement cache
	}
	for _, q := range statements(m.text, d.engine) {
		if _, err := Exec(ctx, d, q); err != nil {
			return fmt.Errorf("%w\nin: %s", err, q)
		}
	}
	_, err = Exec(ctx, d, "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
		m.version, m.name, m.checksum, Micros(time.Now()))
	return err
}

func (d *DB) refuseNewer(ctx context.Context, list []migration) error {
	newest, err := One(ctx, d, Int64, "SELECT COALESCE(MAX(version), 0) FROM schema_migrations")
	if err != nil {
		return err
	}
	if known := list[len(list)-1].version; newest > known {
		return fault.Newf("db.Migrate", fault.Conflict, "This data was written by a newer Rapport (schema %d, this binary knows %d). Start the newer binary, or restore a backup made by this one.", newest, known)
	}
	return nil
}

func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var list []migration
	for i, name := range names {
		number, rest, ok := strings.Cut(strings.TrimSuffix(path.Base(name), ".sql"), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if !ok || err != nil || version != int64(i+1) {
			return nil, fault.Newf("db.Migrate", fault.Internal, "migration %s is out of order: number %04d is expected", name, i+1)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(text)
		list = append(list, migration{version, rest, string(text), hex.EncodeToString(sum[:8])})
	}
	if len(list) == 0 {
		return nil, fault.New("db.Migrate", fault.Internal, "there are no migrations")
	}
	return list, nil
}

// statements splits a migration into the statements for one engine.
func statements(text string, engine Engine) []string {
	var out []string
	var b strings.Builder
	only := Engine("")
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, "-- only "):
			only = Engine(strings.TrimPrefix(trimmed, "-- only "))
			continue
		case trimmed == "-- end":
			only = ""
			continue
		case trimmed == "" || strings.HasPrefix(trimmed, "--") || only != "" && only != engine:
			continue
		}
		b.WriteString(line)
		if strings.HasSuffix(trimmed, ";") {
			out = append(out, strings.TrimSpace(b.String()))
			b.Reset()
		}
	}
	if rest := strings.TrimSpace(b.String()); rest != "" {
		out = append(out, rest)
	}
	return out
}
