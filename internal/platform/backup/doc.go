// Package backup copies everything Rapport keeps into an archive, and an
// archive into an empty database.
//
// Create reads one snapshot of the database while everybody goes on writing,
// then the large files; the collector of files rests meanwhile. Restore makes
// the schema the archive was made with, puts in the rows, and brings the schema
// up to date. Both do so row by row, so an archive made on SQLite can be
// restored to PostgreSQL and the other way round (ADR 11).
//
// It knows no table by name: the caller says which tables are not copied, and
// which are read otherwise than they stand.
//
// Write puts an archive into a file that has its name only once all of it is on
// the disk and has been read again. Book remembers which backups were made.
package backup
