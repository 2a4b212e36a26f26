package backup

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"rapport/internal/platform/backup/archive"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Empty reports whether a database holds nothing of Rapport, or of anybody.
func Empty(ctx context.Context, d Store) (bool, error) {
	names, err := store{d}.names(ctx)
	return len(names) == 0, fault.Wrap("backup.Empty", err)
}

// whole runs fn in one transaction on PostgreSQL. A SQLite file is put aside
// when something fails, and takes many small ones better.
func (s store) whole(ctx context.Context, fn func(context.Context) error) error {
	if s.d.Engine() == db.SQLite {
		return fn(ctx)
	}
	begun := false
	return s.d.Within(ctx, func(ctx context.Context) error {
		if begun {
			return fault.New("backup.Restore", fault.Unavailable, "The database broke off. Run the restore again.")
		}
		begun = true
		return fn(ctx)
	})
}

// fits refuses tables whose columns are not those of the schema.
func (s store) fits(ctx context.Context, tables []archive.Table) error {
	names, err := s.names(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		known := slices.Contains(names, t.Name)
		var columns []archive.Column
		if known {
			if columns, err = s.columns(ctx, t.Name); err != nil {
				return err
			}
		}
		if !known || !slices.Equal(inOrder(columns), inOrder(t.Columns)) {
			return fault.Newf("backup.Restore", fault.Conflict, "The table %s of this archive is not as this binary knows it. Restore with the version that made it.", t.Name)
		}
	}
	return nil
}

// inOrder sorts columns by name: one that was added later stands last in its
// table.
func inOrder(columns []archive.Column) []archive.Column {
	return slices.SortedFunc(slices.Values(columns), func(a, b archive.Column) int { return strings.Compare(a.Name, b.Name) })
}

// clear takes out of the tables what migrations have put in.
func (s store) clear(ctx context.Context, tables []archive.Table) error {
	for _, t := range tables {
		if err := db.Do(ctx, s.d, "DELETE FROM "+t.Name); err != nil {
			return err
		}
	}
	return nil
}

type index struct{ name, definition string }

// dropIndexes drops the indexes that are no constraints, for they are made
// faster than kept up, and returns them.
func (s store) dropIndexes(ctx context.Context) ([]index, error) {
	list, err := db.All(ctx, s.d, func(r db.Row) (i index, err error) { return i, r.Scan(&i.name, &i.definition) }, s.d.Pick(
		"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
		`SELECT indexname, indexdef FROM pg_indexes i WHERE schemaname = current_schema()
			AND NOT EXISTS (SELECT 1 FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = i.schemaname AND c.conname = i.indexname)
			ORDER BY indexname`))
	for _, i := range list {
		if err == nil {
			err = db.Do(ctx, s.d, "DROP INDEX "+i.name)
		}
	}
	return list, err
}

func (s store) makeIndexes(ctx context.Context, list []index) error {
	for _, i := range list {
		if err := db.Do(ctx, s.d, i.definition); err != nil {
			return err
		}
	}
	return nil
}

// atOnce is how many values one statement puts in.
const atOnce = 600

// insert puts rows into a table.
func (s store) insert(ctx context.Context, t archive.Table, rows [][]any) error {
	return s.d.Within(ctx, func(ctx context.Context) error {
		full := max(1, atOnce/len(t.Columns))
		for part := range slices.Chunk(rows, full) {
			if len(part) < full { // one by one: the statements of all lengths would fill the cache
				for _, row := range part {
					if _, err := db.Exec(ctx, s.d, insertion(t, 1), row...); err != nil {
						return err
					}
				}
				continue
			}
			if _, err := db.Exec(ctx, s.d, insertion(t, full), slices.Concat(part...)...); err != nil { // at once: rows may be large
				return err
			}
		}
		return nil
	})
}

func insertion(t archive.Table, rows int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + t.Name + " (" + list(t) + ") VALUES ")
	n := 0
	for row := range rows {
		if row > 0 {
			b.WriteByte(',')
		}
		for i := range t.Columns {
			n++
			b.WriteString("(,"[min(i, 1):][:1] + "$" + strconv.Itoa(n))
		}
		b.WriteByte(')')
	}
	return b.String()
}

// analyze lets the engine learn what the tables hold.
func (s store) analyze(ctx context.Context) error {
	if s.d.Engine() == db.SQLite {
		return nil // its plans do without: statistics change them from one day to the next
	}
	return db.Do(ctx, s.d, "ANALYZE")
}
