// Package db is the one door to the database: SQLite by default, PostgreSQL by
// address, the same SQL text on both.
//
// Within runs a function in a transaction that travels in the context. Exec,
// Do, All and One use that transaction when the context carries one; without
// one, reads go to a pool of connections, and Exec and Do run in a transaction
// of their own. SQL is portable: $1 parameters, BIGINT microseconds for time,
// TEXT for JSON, ON CONFLICT, RETURNING, keyset comparison; the traps are
// listed in the technology guide, section 2. Text that must differ between the
// engines is chosen with Engine and stands side by side.
//
// On SQLite a single writer commits in groups: it takes what queued while the
// previous commit was flushed, gives each operation a savepoint and
// acknowledges after the commit. On PostgreSQL each Within is a transaction of
// its own at READ COMMITTED, and a statement without an answer (Do) travels with
// the next that has one, and questions that do not depend on one another
// (Gather) travel together.
//
// Only store*.go files of a room import this package.
package db
