package db

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// What is committed stands in SQLite's write-ahead log (WAL) until it is copied
// into the database file. SQLite would have the commit that finds the WAL long
// do that, and everybody wait for it: one commit in a hundred was measured to
// take fifteen times as long as the others. So it is copied beside the writer,
// and the writer copies only what came meanwhile, after which the WAL begins
// anew.
const (
	checkpointRest = time.Second // between two passes, and from a commit to the first
	walLong        = 8000        // pages from which on the WAL shall begin anew
	walFull        = 40000       // pages at which the writer copies all by itself, if nobody did
)

var ordinaryCheckpoint = fmt.Sprintf("PRAGMA wal_autocheckpoint(%d)", walFull)

// checkpointer copies the WAL into the database file beside the writer.
type checkpointer struct {
	d     *DB
	pool  *sql.DB
	conn  *sql.Conn
	bell  chan struct{} // something was committed
	quit  chan struct{}
	once  sync.Once
	ended chan struct{}
}

func startCheckpointer(ctx context.Context, d *DB) (*checkpointer, error) {
	pool, conn, err := d.aside(ctx)
	if err != nil {
		return nil, err
	}
	c := &checkpointer{d: d, pool: pool, conn: conn, bell: make(chan struct{}, 1), quit: make(chan struct{}), ended: make(chan struct{})}
	go c.loop()
	return c, nil
}

func (c *checkpointer) ring() {
	select {
	case c.bell <- struct{}{}:
	default:
	}
}

func (c *checkpointer) stop() error {
	c.once.Do(func() { close(c.quit) })
	<-c.ended
	c.conn.Close() // once more is no error worth telling
	return c.pool.Close()
}

func (c *checkpointer) loop() {
	defer close(c.ended)
	for {
		select {
		case <-c.bell:
		case <-c.quit:
			return
		}
		select {
		case <-time.After(checkpointRest):
		case <-c.quit:
			return
		}
		c.pass()
	}
}

// pass copies what is in the WAL, and when that is long, makes it begin anew:
// copies again what came meanwhile, which is little and therefore brings all
// that was copied to the disk, so that the writer has nearly nothing to do.
// While a reader or a snapshot holds the WAL, that would be in vain.
func (c *checkpointer) pass() {
	pages, all := c.copy()
	if pages <= walLong || !all {
		return
	}
	c.copy()
	if _, all = c.copy(); all {
		c.d.writer.copyRest()
	}
}

// copy copies the WAL as it is now and tells how long it is, and whether all of it was copied.
func (c *checkpointer) copy() (pages int, all bool) {
	var busy, copied int
	err := c.conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &copied)
	if err != nil {
		slog.Warn("the write-ahead log was not emptied beside the writer", "error", err)
		return 0, false
	}
	return pages, busy == 0 && copied == pages
}
