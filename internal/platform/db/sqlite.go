package db

import (
	"context"
	"database/sql"
	"sync"
)

// queryer is what database/sql's DB, Conn and Tx have in common.
type queryer interface {
	preparer
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// liteSession asks SQLite, where a question is a call and waiting saves nothing.
type liteSession struct {
	q     queryer
	stmts *stmtCache // nil: each statement is compiled
}

func (s liteSession) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if s.stmts == nil {
		return nil, nil
	}
	return s.stmts.get(ctx, s.q, query)
}

func (s liteSession) exec(ctx context.Context, query string, args []any) (int64, error) {
	st, err := s.statement(ctx, query)
	var res sql.Result
	switch {
	case err != nil:
	case st != nil:
		res, err = st.ExecContext(ctx, args...)
	default:
		res, err = s.q.ExecContext(ctx, query, args...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (s liteSession) later(ctx context.Context, query string, args []any) error {
	_, err := s.exec(ctx, query, args)
	return err
}

func (s liteSession) query(ctx context.Context, query string, args []any) (rows, error) {
	st, err := s.statement(ctx, query)
	var found *sql.Rows
	switch {
	case err != nil:
	case st != nil:
		found, err = st.QueryContext(ctx, args...)
	default:
		found, err = s.q.QueryContext(ctx, query, args...)
	}
	if err != nil {
		return nil, err
	}
	return found, nil
}

func (s liteSession) gather(ctx context.Context, questions []Question) error {
	for _, q := range questions {
		query, args := q.text()
		found, err := s.query(ctx, query, args)
		if err != nil {
			return err
		}
		if err := q.take(found); err != nil {
			return err
		}
	}
	return nil
}

// maxStmts bounds the statement cache: texts with lists are padded, so a
// running product has a few hundred of them.
const maxStmts = 512

type stmtCache struct {
	mu sync.RWMutex
	m  map[string]*sql.Stmt
}

type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// get returns the prepared statement for query, or nil when the cache is full.
func (c *stmtCache) get(ctx context.Context, p preparer, query string) (*sql.Stmt, error) {
	c.mu.RLock()
	st, n := c.m[query], len(c.m)
	c.mu.RUnlock()
	if st != nil || n >= maxStmts {
		return st, nil
	}
	st, err := p.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if have := c.m[query]; have != nil {
		st.Close()
		return have, nil
	}
	if c.m == nil {
		c.m = map[string]*sql.Stmt{}
	}
	c.m[query] = st
	return st, nil
}

// close ends the statements: a connection that has some stays open behind the
// scenes.
func (c *stmtCache) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, st := range c.m {
		st.Close()
	}
	c.m = nil
}
