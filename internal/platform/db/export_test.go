package db

// Queued is the number of operations waiting for the writer.
func (d *DB) Queued() int { return len(d.writer.front) + len(d.writer.back) }
