package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"rapport/internal/platform/fault"
)

// translate turns a driver's error into a fault, so that no room ever looks at
// an engine's codes: a broken uniqueness rule is Conflict, any other broken
// constraint is Invalid, a full or busy database is Unavailable.
func translate(err error) error {
	if err == nil {
		return nil
	}
	var already *fault.Error
	if errors.As(err, &already) {
		return err
	}
	if isNoRows(err) {
		return fault.As("db", fault.NotFound, "", err)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fault.As("db", fault.Unavailable, "", err)
	}
	return fault.As("db", kindOf(err), "", err)
}

func kindOf(err error) fault.Kind {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
			return fault.Conflict
		case sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, sqlite3.SQLITE_CONSTRAINT_NOTNULL, sqlite3.SQLITE_CONSTRAINT:
			return fault.Invalid
		}
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
			return fault.Unavailable
		}
		return fault.Internal
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "23505":
			return fault.Conflict
		case "23503", "23502", "23514":
			return fault.Invalid
		}
		switch pg.Code[:2] {
		case "40", "53", "57", "08":
			return fault.Unavailable
		}
		if broken(pg) {
			return fault.Unavailable
		}
		return fault.Internal
	}
	if broken(err) {
		return fault.Unavailable
	}
	return fault.Internal
}

// broken reports whether an error is the end of a connection to PostgreSQL, not
// an answer of it: the server was restarted, or cannot be reached.
func broken(err error) bool {
	var (
		connect *pgconn.ConnectError
		network net.Error
		pg      *pgconn.PgError
	)
	switch {
	case err == nil:
		return false
	case errors.As(err, &pg):
		switch pg.Code {
		case "57P01", "57P02", "57P03": // the server is going down, or not up yet
			return true
		case "25P03": // we have slept inside the transaction
			return true
		}
		return false
	}
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, driver.ErrBadConn)
}

// retryable reports whether the same transaction may succeed when it is run
// again: serialisation failures and deadlocks on PostgreSQL, and connections
// that broke before the commit was asked for.
func retryable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01") {
		return true
	}
	var unknown *uncertain
	return broken(err) && !errors.As(err, &unknown)
}

// uncertain is a commit that got no answer: it may have happened.
type uncertain struct{ error }

func (u *uncertain) Unwrap() error { return u.error }
