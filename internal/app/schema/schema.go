// Package schema holds the migrations of every room, numbered in one row. It
// imports nothing, so that tests of any room can build the whole schema.
package schema

import "embed"

// Files are the migrations NNNN_name.sql, in the form db.Migrate reads.
//
//go:embed *.sql
var Files embed.FS
