package backup

import (
	"bytes"
	"context"
	"io"
	"io/fs"

	"rapport/internal/platform/backup/archive"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Destination is where an archive is restored to. The database is empty. What
// has been put into it, and into Files, when an error is returned must not be
// used; PostgreSQL takes it back.
type Destination struct {
	DB         Store
	Files      blob.Backend
	Migrations fs.FS
	Head       func(archive.Head) error // may refuse
	Key        func(text []byte) error  // takes the master key
	// Finish runs when everything is in and proven, in the transaction of
	// PostgreSQL.
	Finish func(context.Context, archive.Manifest) error
}

// idGap is how far ids are skipped: as many as nobody has given between the
// backup and the loss of what came after it.
const idGap = 1 << 30

// Restore reads an archive into a destination and proves all of it.
func Restore(ctx context.Context, r io.Reader, to Destination) (archive.Manifest, error) {
	var m archive.Manifest
	s := store{to.DB}
	err := s.whole(ctx, func(ctx context.Context) (err error) {
		l := &loader{ctx: ctx, to: to, store: s}
		if l.head, m, err = archive.Read(r, l); err != nil {
			return err
		}
		if err := l.flush(); err != nil {
			return err
		}
		if err := s.makeIndexes(ctx, l.indexes); err != nil {
			return err
		}
		if err := to.DB.Migrate(ctx, to.Migrations); err != nil {
			return err
		}
		if err := to.DB.SkipIDs(ctx, m.HighestID+idGap); err != nil {
			return err
		}
		if err := s.analyze(ctx); err != nil {
			return err
		}
		return to.Finish(ctx, m)
	})
	return m, fault.Wrap("backup.Restore", err)
}

// loader puts what is read into the destination.
type loader struct {
	ctx     context.Context
	to      Destination
	store   store
	head    archive.Head
	indexes []index
	table   int
	rows    [][]any
	size    int
}

var _ archive.Target = (*loader)(nil)

func (l *loader) Begin(h archive.Head) error {
	l.head = h
	newest, err := db.Schema(l.to.Migrations)
	if err != nil {
		return err
	}
	if h.Schema > newest {
		return fault.Newf("backup.Restore", fault.Conflict,
			"This archive was made by a newer Rapport (%s, schema %d); this binary knows schema %d. Restore it with that version or a newer one.", h.Version, h.Schema, newest)
	}
	if err := l.to.Head(h); err != nil {
		return err
	}
	if err := l.to.DB.MigrateTo(l.ctx, l.to.Migrations, h.Schema); err != nil {
		return err
	}
	if err := l.store.fits(l.ctx, h.Tables); err != nil {
		return err
	}
	if err := l.store.clear(l.ctx, h.Tables); err != nil {
		return err
	}
	l.indexes, err = l.store.dropIndexes(l.ctx)
	return err
}

func (l *loader) Key(text []byte) error { return l.to.Key(text) }

// batchSize is about how many bytes are put in with one transaction.
const batchSize = 4 << 20

func (l *loader) Row(table int, values []any) error {
	if table != l.table {
		if err := l.flush(); err != nil {
			return err
		}
		l.table = table
	}
	l.rows = append(l.rows, values)
	l.size += 16 * len(values)
	for _, v := range values {
		switch v := v.(type) {
		case string:
			l.size += len(v)
		case []byte:
			l.size += len(v)
		}
	}
	if l.size >= batchSize {
		return l.flush()
	}
	return nil
}

func (l *loader) flush() error {
	if len(l.rows) == 0 {
		return nil
	}
	t := l.head.Tables[l.table]
	err := l.store.insert(l.ctx, t, l.rows)
	l.rows, l.size = l.rows[:0], 0
	if kind := fault.KindOf(err); kind == fault.Conflict || kind == fault.Invalid {
		err = fault.As("backup.Restore", fault.Invalid, "A row of the table "+t.Name+" in this archive cannot be: it breaks a rule of the database.", err)
	}
	return err
}

func (l *loader) File(key string, size int64, r io.Reader) error {
	if err := l.flush(); err != nil {
		return err
	}
	var content bytes.Buffer // grows with what really comes
	content.Grow(int(min(size, 1<<20)))
	if n, err := io.Copy(&content, r); err != nil || n != size {
		return err // cut short: the reader finds that too
	}
	return l.to.Files.Put(l.ctx, key, content.Bytes())
}
