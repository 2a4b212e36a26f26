// Package archive is the form of a backup: one stream that holds every table
// row by row, every large file, perhaps the master key, and the proof that all
// of it is there. It knows neither a database nor a folder.
//
// An archive is a tar file of plain ustar entries, in this order:
//
//	rapport-backup.json       Head: version, schema, tables and their columns
//	secret.key                the master key, only when it was asked for
//	tables/NAME/000001.gz …   rows of a table, some megabytes a piece
//	files/WORKSPACE/SHA256.ID a large file
//	manifest.json             Manifest: counts and the SHA-256 of each table
//	SHA256                    the SHA-256 of every byte before this entry
//
// The last entry comes last of all, so an archive that was cut short has none,
// and one in which any byte was changed has a wrong one. Headers are compared
// with what the writer would have written, so there is one way only to write an
// archive and none of the many features of tar to be fooled with. A file's
// name holds its hash.
//
// Rows are the same for both database engines: a value is a byte that says what
// it is, then an integer as a varint, or length and bytes. Pieces are cut after
// chunkSize bytes, so what unpacks to more is not ours.
package archive
