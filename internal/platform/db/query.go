package db

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"rapport/internal/platform/fault"
)

// Row is what a scan function reads one result from.
type Row interface {
	Scan(dest ...any) error
}

// rows are the answer to a question, read one after another.
type rows interface {
	Row
	Next() bool
	Err() error
	Close() error
}

// asker asks questions, one or several.
type asker interface {
	query(ctx context.Context, query string, args []any) (rows, error)
	gather(ctx context.Context, questions []Question) error
}

// session runs the statements of a transaction, one after another.
type session interface {
	asker
	exec(ctx context.Context, query string, args []any) (changed int64, err error)
	// later runs a statement before the next one that is asked for, or before the
	// commit, and its error may be told there.
	later(ctx context.Context, query string, args []any) error
}

// Exec runs a statement and returns the number of rows it changed. Outside a
// transaction it runs in one of its own.
func Exec(ctx context.Context, d *DB, query string, args ...any) (int64, error) {
	d.show(query, args)
	t := txOf(ctx, d)
	if t == nil {
		var n int64
		err := d.Within(ctx, func(ctx context.Context) (err error) {
			n, err = Exec(ctx, d, query, args...)
			return err
		})
		return n, err
	}
	return t.exec(query, args)
}

// Do is Exec for a statement of which nobody needs to know how many rows it
// changed. On PostgreSQL it goes to the server with what follows it, so that
// several cost one way there and back; an error of it may then be that of a
// later statement or of the commit. Whoever asks for the kind of an error, as a
// Conflict, uses Exec.
func Do(ctx context.Context, d *DB, query string, args ...any) error {
	t := txOf(ctx, d)
	if t == nil {
		return d.Within(ctx, func(ctx context.Context) error { return Do(ctx, d, query, args...) })
	}
	d.show(query, args)
	return t.later(query, args)
}

// All runs a query and scans every row. scan must not use the database. No row
// is an empty list and no error. A statement that writes (UPDATE … RETURNING)
// needs a Within around it: outside, All reads.
func All[T any](ctx context.Context, d *DB, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	var out []T
	err := Each(ctx, d, func(r Row) error {
		v, err := scan(r)
		out = append(out, v)
		return err
	}, query, args...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Each runs a query and hands every row to row, which must not use the
// database. Unlike All it keeps nothing.
func Each(ctx context.Context, d *DB, row func(Row) error, query string, args ...any) error {
	found, err := d.query(ctx, query, args)
	if err != nil {
		return err
	}
	return doom(ctx, d, translate(read(found, row)))
}

func read(found rows, row func(Row) error) error {
	defer found.Close()
	for found.Next() {
		if err := row(found); err != nil {
			return err
		}
	}
	return found.Err()
}

// One runs a query and scans its first row; no row is a NotFound fault, which
// does not doom the transaction.
func One[T any](ctx context.Context, d *DB, scan func(Row) (T, error), query string, args ...any) (T, error) {
	all, err := All(ctx, d, scan, query, args...)
	if err != nil {
		var zero T
		return zero, err
	}
	return first(all)
}

func first[T any](all []T) (v T, err error) {
	if len(all) == 0 {
		return v, fault.New("db.One", fault.NotFound, "")
	}
	return all[0], nil
}

// Int64 and String scan a single column.
func Int64(r Row) (n int64, err error)   { return n, r.Scan(&n) }
func String(r Row) (s string, err error) { return s, r.Scan(&s) }

// query runs on the transaction in ctx, or outside of any. The caller closes
// the rows.
func (d *DB) query(ctx context.Context, query string, args []any) (rows, error) {
	d.show(query, args)
	if t := txOf(ctx, d); t != nil {
		return t.query(query, args)
	}
	found, err := d.reading.query(ctx, query, args)
	return found, translate(err)
}

func doom(ctx context.Context, d *DB, err error) error {
	if t := txOf(ctx, d); t != nil && err != nil {
		t.doom(err)
	}
	return err
}

// In returns a parenthesised parameter list for values, starting at parameter
// number first, and the values as arguments. The list is padded to a power of
// two by repeating the last value, so that few different texts arise. An empty
// list is (NULL), which matches nothing.
func In[T any](first int, values []T) (string, []any) {
	if len(values) == 0 {
		return "(NULL)", nil
	}
	n := 1
	for n < len(values) {
		n *= 2
	}
	var b strings.Builder
	args := make([]any, n)
	for i := range n {
		b.WriteByte("(,"[min(i, 1)])
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(first + i))
		args[i] = values[min(i, len(values)-1)]
	}
	b.WriteByte(')')
	return b.String(), args
}

// Where collects conditions and their arguments for a text built in Go.
type Where struct {
	conds []string
	Args  []any
}

// Add appends a condition; each ? in it becomes the next parameter.
func (w *Where) Add(cond string, args ...any) {
	for _, a := range args {
		w.Args = append(w.Args, a)
		cond = strings.Replace(cond, "?", "$"+strconv.Itoa(len(w.Args)), 1)
	}
	w.conds = append(w.conds, cond)
}

// AddIn appends "column IN (values)".
func AddIn[T any](w *Where, column string, values []T) {
	list, args := In(len(w.Args)+1, values)
	w.Args = append(w.Args, args...)
	w.conds = append(w.conds, column+" IN "+list)
}

// Next appends an argument and returns its parameter, for LIMIT and the like.
func (w *Where) Next(arg any) string {
	w.Args = append(w.Args, arg)
	return "$" + strconv.Itoa(len(w.Args))
}

// String is the conditions joined with AND, or TRUE.
func (w *Where) String() string {
	if len(w.conds) == 0 {
		return "TRUE"
	}
	return strings.Join(w.conds, " AND ")
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// Watch has fn hear of every statement before it runs: tests look at the plans.
func (d *DB) Watch(fn func(query string, args []any)) { d.watch.Store(&fn) }

func (d *DB) show(query string, args []any) {
	if fn := d.watch.Load(); fn != nil {
		(*fn)(query, args)
	}
}
