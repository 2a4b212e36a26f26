package db

import "context"

// Question is one of several that Gather asks at once.
type Question interface {
	text() (query string, args []any)
	take(rows) error
}

// Asked is a question and, after Gather, its answer.
type Asked[T any] struct {
	Rows  []T // empty when there is none
	query string
	args  []any
	scan  func(Row) (T, error)
}

// Ask makes a question for Gather; scan is as in All.
func Ask[T any](scan func(Row) (T, error), query string, args ...any) *Asked[T] {
	return &Asked[T]{query: query, args: args, scan: scan}
}

// One is the first row; no row is a NotFound fault, as that of One.
func (a *Asked[T]) One() (T, error) { return first(a.Rows) }

func (a *Asked[T]) text() (string, []any) { return a.query, a.args }

func (a *Asked[T]) take(found rows) error {
	a.Rows = nil // of an earlier attempt
	return read(found, func(r Row) error {
		v, err := a.scan(r)
		a.Rows = append(a.Rows, v)
		return err
	})
}

// Gather asks questions that do not depend on one another, in order. On
// PostgreSQL they take one way to the server and back together.
func Gather(ctx context.Context, d *DB, questions ...Question) error {
	for _, q := range questions {
		d.show(q.text())
	}
	t := txOf(ctx, d)
	if t == nil {
		return translate(d.reading.gather(ctx, questions))
	}
	if err := t.usable(); err != nil {
		return err
	}
	err := translate(t.s.gather(t.ctx, questions))
	if err != nil {
		t.doom(err)
	}
	return err
}
