package db

import (
	"context"
	"database/sql"
	"os"
	"strings"

	"rapport/internal/platform/fault"
)

// fileMark begins every SQLite file.
const fileMark = "SQLite format 3\x00"

// IsFile reports whether a file that begins so is a SQLite database.
func IsFile(beginning []byte) bool { return strings.HasPrefix(string(beginning), fileMark) }

// Inspect reads every page and every index of a SQLite file that nobody has
// open, changes nothing, and makes nothing beside it. It returns the version of
// its schema. One that is damaged is an Invalid fault that says what is wrong.
func Inspect(ctx context.Context, file string) (schema int64, err error) {
	const op = "db.Inspect"
	if _, err := os.Stat(file + "-wal"); err == nil {
		return 0, fault.New(op, fault.Conflict, "This database is in use, or was left by a killed process: its write-ahead log is beside it.")
	}
	d, err := sql.Open("sqlite", sqliteFile(file, "mode=ro", "immutable=1", "_pragma=query_only(1)", "_pragma=cell_size_check(1)"))
	if err != nil {
		return 0, fault.Wrap(op, err)
	}
	defer d.Close()
	rows, err := d.QueryContext(ctx, "PRAGMA integrity_check(3)")
	if err != nil {
		return 0, damagedFile(err.Error(), err)
	}
	defer rows.Close()
	var wrong []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return 0, damagedFile(err.Error(), err)
		}
		if line != "ok" {
			wrong = append(wrong, line)
		}
	}
	if err := rows.Err(); err != nil {
		return 0, damagedFile(err.Error(), err)
	}
	if len(wrong) > 0 {
		return 0, damagedFile(strings.Join(wrong, "; "), nil)
	}
	if err := d.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0) FROM schema_migrations").Scan(&schema); err != nil || schema == 0 {
		return 0, fault.As(op, fault.Invalid, "This is not a database of Rapport.", err)
	}
	return schema, nil
}

func damagedFile(what string, cause error) error {
	return fault.As("db.Inspect", fault.Invalid, "This database is damaged: "+what+".", cause)
}
