package backup

import (
	"context"
	"database/sql"
	"strings"

	"rapport/internal/platform/backup/archive"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store is the database that is copied.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) snapshot(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Snapshot(ctx, fn)
}

func (s store) engine() string { return string(s.d.Engine()) }

// kept are the tables of platform/db itself, which Migrate makes.
var kept = Tables{"schema_migrations": "", "id_counter": ""}

// names lists the tables. Full-text tables of SQLite, and what is behind them,
// are not among them: they are made from the others.
func (s store) names(ctx context.Context) ([]string, error) {
	return db.All(ctx, s.d, db.String, s.d.Pick(
		"SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
		"SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name"))
}

// tables lists what is copied, with its columns.
func (s store) tables(ctx context.Context, read Tables) ([]archive.Table, error) {
	names, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	var out []archive.Table
	for _, name := range names {
		if relation, otherwise := read[name]; otherwise && relation == "" {
			continue
		}
		if _, ours := kept[name]; ours {
			continue
		}
		columns, err := s.columns(ctx, name)
		if err != nil {
			return nil, err
		}
		out = append(out, archive.Table{Name: name, Columns: columns})
	}
	return out, nil
}

// columns lists those of a table that hold something of their own.
func (s store) columns(ctx context.Context, table string) ([]archive.Column, error) {
	type column struct{ name, kind string }
	list, err := db.All(ctx, s.d, func(r db.Row) (c column, err error) { return c, r.Scan(&c.name, &c.kind) }, s.d.Pick(
		"SELECT name, lower(type) FROM pragma_table_info($1) ORDER BY cid",
		`SELECT column_name, data_type FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position`), table)
	if err != nil {
		return nil, err
	}
	var out []archive.Column
	for _, c := range list {
		kind, known := kinds[c.kind]
		if !known {
			return nil, fault.Newf("backup.columns", fault.Internal, "the column %s.%s is %s, which no archive holds", table, c.name, c.kind)
		}
		out = append(out, archive.Column{Name: c.name, Kind: kind})
	}
	return out, nil
}

// kinds are the types our schema uses, as the engines call them.
var kinds = map[string]archive.Kind{"bigint": archive.Int, "text": archive.Text, "bytea": archive.Bytes, "boolean": archive.Bool}

func list(t archive.Table) string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

// each reads a table, or the relation in its place. values are good until fn
// returns.
func (s store) each(ctx context.Context, t archive.Table, relation string, fn func(values []any) error) error {
	if relation == "" {
		relation = t.Name
	}
	into, values := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i, c := range t.Columns {
		switch c.Kind {
		case archive.Int:
			into[i] = new(sql.NullInt64)
		case archive.Bool:
			into[i] = new(sql.NullBool)
		default:
			into[i] = new(any) // which tells NULL from no bytes
		}
	}
	return db.Each(ctx, s.d, func(r db.Row) error {
		if err := r.Scan(into...); err != nil {
			return err
		}
		for i, v := range into {
			values[i] = nil
			switch v := v.(type) {
			case *sql.NullInt64:
				if v.Valid {
					values[i] = v.Int64
				}
			case *sql.NullBool:
				if v.Valid {
					values[i] = v.Bool
				}
			case *any:
				values[i] = *v
			}
		}
		return fn(values)
	}, "SELECT "+list(t)+" FROM "+relation)
}

// Size is about how much the database takes, for an estimate.
func Size(ctx context.Context, d Store) (int64, error) {
	n, err := db.One(ctx, d, db.Int64, d.Pick(
		"SELECT c.page_count * s.page_size FROM pragma_page_count c, pragma_page_size s", "SELECT pg_database_size(current_database())"))
	return n, fault.Wrap("backup.Size", err)
}
