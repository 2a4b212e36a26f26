package db

import "time"

// Trusted is what Open asks of the version of the library.
var Trusted = trusted

// WALLong and WALFull are the pages from which on the WAL begins anew, and at which the writer copies it.
const (
	WALLong = walLong
	WALFull = walFull
)

// File is where SQLite keeps the database.
func (d *DB) File() string { return d.file }

// LimitWAL lets the WAL grow so far under a snapshot.
func (d *DB) LimitWAL(bytes int64) { d.growth.limit = bytes }

// Queued is the number of operations waiting for the writer.
func (d *DB) Queued() int { return len(d.writer.front) + len(d.writer.back) }

// SlowGroups lets a group go on as long as operations are queued, so that a
// test knows what is in it. It is called before the first write.
func (d *DB) SlowGroups() { d.writer.work = time.Hour }
