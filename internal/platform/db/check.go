package db

import (
	"context"
	"fmt"
)

// Finds makes the Find of a doctor.Check from a query of one text column, a row
// for each thing that is wrong.
func Finds(d *DB, query string, args ...any) func(ctx context.Context, wrong func(string)) error {
	return func(ctx context.Context, wrong func(string)) error {
		return Each(ctx, d, func(r Row) error {
			what, err := String(r)
			if err == nil {
				wrong(what)
			}
			return err
		}, query, args...)
	}
}

// Sound lets the engine look at its own file: quickly, or at every index too.
// PostgreSQL has no such look that every user may take.
func (d *DB) Sound(ctx context.Context, quick bool, wrong func(string)) error {
	if d.engine == Postgres {
		return nil
	}
	pragma := "PRAGMA integrity_check(20)"
	if quick {
		pragma = "PRAGMA quick_check(20)"
	}
	return Finds(d, pragma)(ctx, func(line string) {
		if line != "ok" {
			wrong(line)
		}
	})
}

// IDs finds tables with ids that have not been given yet: they would be given
// twice.
func (d *DB) IDs(ctx context.Context, wrong func(string)) error {
	highest, err := d.HighestID(ctx)
	if err != nil {
		return err
	}
	tables, err := All(ctx, d, String, d.Pick(
		"SELECT t.name FROM pragma_table_list t WHERE t.schema = 'main' AND t.type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) c WHERE c.name = 'id' AND upper(c.type) = 'BIGINT') ORDER BY t.name",
		"SELECT table_name FROM information_schema.columns WHERE table_schema = current_schema() AND column_name = 'id' AND data_type = 'bigint' AND is_identity = 'NO' ORDER BY table_name"))
	if err != nil {
		return err
	}
	for _, t := range tables {
		most, err := One(ctx, d, Int64, "SELECT COALESCE(MAX(id), 0) FROM "+t)
		if err != nil {
			return err
		}
		if most > highest {
			wrong(fmt.Sprintf("%s has the id %d, the counter stands at %d", t, most, highest))
		}
	}
	return nil
}
