package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "modernc.org/sqlite" // the SQLite driver, under the name sqlite

	"rapport/internal/platform/fault"
)

// Engine names the database a DB talks to.
type Engine string

const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Options say which database to open. With URL empty it is the SQLite file
// File; its folder is made when it is missing.
type Options struct {
	File    string // path of the SQLite file
	URL     string // postgres://… address; wins over File
	Readers int    // connections for reading; 0 means 4 on SQLite, 16 on PostgreSQL
	Bulk    bool   // much will be put in at once: SQLite sorts on the disk, not in memory
}

// DB is an open database. It is safe for use by many goroutines.
type DB struct {
	engine  Engine
	reading asker // outside transactions
	pg      *pgxpool.Pool
	lite    *sql.DB   // SQLite's connections for reading
	stmts   stmtCache // of lite
	writer  *writer   // SQLite only
	ids     ids
	file    string        // SQLite only
	copier  *checkpointer // SQLite only
	growth  walGrowth     // SQLite only
	onEnd   atomic.Pointer[func(context.Context, []any) error]
	watch   atomic.Pointer[func(query string, args []any)]
}

// minSQLite is the first version without the WAL-reset bug (reliability guide
// 3.1), as SQLite prints it.
const minSQLite = "3.51.3"

// Open opens the database and checks that it can be trusted. It changes no
// schema: Migrate does.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.URL != "" {
		return openPostgres(ctx, o)
	}
	return openSQLite(ctx, o)
}

// Engine tells which engine this is, for the few statements that need a text
// of their own.
func (d *DB) Engine() Engine { return d.engine }

// Pick returns the text for the engine in use.
func (d *DB) Pick(sqlite, postgres string) string {
	if d.engine == Postgres {
		return postgres
	}
	return sqlite
}

// Close ends the writer after what it has accepted and closes all connections.
// The writer's is the last one, which empties SQLite's write-ahead log.
func (d *DB) Close() error {
	if d.engine == Postgres {
		d.pg.Close()
		return nil
	}
	d.writer.stop()
	d.stmts.close()
	return errors.Join(d.copier.stop(), d.lite.Close(), d.writer.close())
}

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	if _, err := One(ctx, d, Int64, "SELECT CAST(1 AS BIGINT)"); err != nil {
		return fault.As("db.Ping", fault.Unavailable, "The database does not answer.", err)
	}
	return nil
}

func openSQLite(ctx context.Context, o Options) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(o.File), 0o700); err != nil {
		return nil, fault.As("db.Open", fault.Unavailable, "The data folder cannot be made.", err)
	}
	pragmas := []string{"_pragma=journal_size_limit(67108864)", "_pragma=cell_size_check(1)", fmt.Sprintf("_pragma=wal_autocheckpoint(%d)", walFull)}
	if o.Bulk {
		pragmas = append(pragmas, "_pragma=temp_store(1)")
	}
	write, err := sql.Open("sqlite", sqliteAddress(o.File, pragmas...))
	if err != nil {
		return nil, fault.Wrap("db.Open", err)
	}
	write.SetMaxOpenConns(1)
	conn, err := write.Conn(ctx)
	if err != nil {
		write.Close()
		return nil, fault.As("db.Open", fault.Unavailable, "The database file cannot be opened: "+o.File, err)
	}
	var version string
	if err := conn.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		write.Close()
		return nil, fault.As("db.Open", fault.Unavailable, "The database file cannot be read: "+o.File, err)
	}
	if err := trusted(version); err != nil {
		write.Close()
		return nil, err
	}
	read, err := sql.Open("sqlite", sqliteAddress(o.File, "_pragma=query_only(1)"))
	if err != nil {
		write.Close()
		return nil, fault.Wrap("db.Open", err)
	}
	n := o.Readers
	if n == 0 {
		n = 4
	}
	read.SetMaxOpenConns(n)
	read.SetMaxIdleConns(n)
	d := &DB{engine: SQLite, lite: read, file: o.File}
	d.reading = liteSession{read, &d.stmts}
	d.writer = newWriter(d, write, conn)
	if d.copier, err = startCheckpointer(ctx, d); err != nil {
		d.writer.stop()
		return nil, errors.Join(err, read.Close(), d.writer.close())
	}
	return d, nil
}

func sqliteAddress(file string, more ...string) string {
	pragmas := append([]string{
		"_pragma=busy_timeout(10000)", "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)", "_pragma=foreign_keys(1)",
		"_pragma=trusted_schema(0)", "_pragma=cache_size(-8192)", "_pragma=temp_store(2)",
	}, more...)
	return sqliteFile(file, pragmas...)
}

func sqliteFile(file string, settings ...string) string {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(file)
	return "file:" + escaped + "?" + strings.Join(settings, "&")
}

// trusted refuses a library that can lose data.
func trusted(version string) error {
	if olderVersion(version, minSQLite) {
		return fault.Newf("db.Open", fault.Unavailable, "SQLite %s can lose committed data; this binary must be built with %s or newer.", version, minSQLite)
	}
	return nil
}

// olderVersion compares dotted version numbers.
func olderVersion(have, want string) bool {
	var h, w [3]int
	fmt.Sscanf(have, "%d.%d.%d", &h[0], &h[1], &h[2])
	fmt.Sscanf(want, "%d.%d.%d", &w[0], &w[1], &w[2])
	for i := range h {
		if h[i] != w[i] {
			return h[i] < w[i]
		}
	}
	return false
}

// Micros is t as it is stored: microseconds since 1970, UTC; the zero time is
// stored as 0.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is the stored microseconds as a time in UTC; 0 is the zero time.
func Time(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

var errEnded = errors.New("the transaction of this context has ended")
