package backup

import (
	"context"
	"time"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Kinds of backups, by who asked for them.
const (
	Nightly = "nightly"
	Command = "command"
)

// States of backups.
const (
	Running = "running"
	Good    = "good" // complete; a nightly one was read again and found whole
	Failed  = "failed"
)

// Record is a backup that was tried.
type Record struct {
	ID        int64
	Kind      string
	File      string // empty: where only the caller knows
	State     string
	Reason    string // why it failed
	Size      int64
	StartedAt time.Time
	EndedAt   time.Time
}

// Book remembers which backups were made. It is not part of them.
type Book struct {
	store store
	clock clock.Clock
}

// NewBook opens the book of a database.
func NewBook(d Store, c clock.Clock) *Book { return &Book{store{d}, c} }

// Relations leaves the book out of backups.
func (b *Book) Relations() map[string]string { return map[string]string{"backups": ""} }

// pages is how many records of each kind are kept.
const pages = 60

// Begin notes that a backup is being made.
func (b *Book) Begin(ctx context.Context, kind, file string) (id int64, err error) {
	err = b.store.d.Within(ctx, func(ctx context.Context) error {
		if id, err = b.store.d.NewID(ctx); err != nil {
			return err
		}
		err := db.Do(ctx, b.store.d, "UPDATE backups SET state = 'failed', reason = 'It was broken off.', ended_at = $1 WHERE kind = $2 AND state = 'running'",
			db.Micros(b.clock.Now()), kind)
		if err != nil {
			return err
		}
		err = db.Do(ctx, b.store.d, "INSERT INTO backups (id, kind, file, state, reason, size, started_at, ended_at) VALUES ($1, $2, $3, 'running', '', 0, $4, 0)",
			id, kind, file, db.Micros(b.clock.Now()))
		if err != nil {
			return err
		}
		return db.Do(ctx, b.store.d, `DELETE FROM backups WHERE kind = $1 AND id NOT IN
			(SELECT id FROM backups WHERE kind = $1 ORDER BY started_at DESC, id DESC LIMIT $2)`, kind, pages)
	})
	return id, fault.Wrap("backup.Book.Begin", err)
}

// End notes what became of it: without a cause it is good.
func (b *Book) End(ctx context.Context, id, size int64, cause error) error {
	state, reason := Good, ""
	if cause != nil {
		if state, reason = Failed, fault.MessageOf(cause); reason == "" {
			reason = cause.Error()
		}
	}
	err := db.Do(ctx, b.store.d, "UPDATE backups SET state = $1, reason = $2, size = $3, ended_at = $4 WHERE id = $5",
		state, reason, size, db.Micros(b.clock.Now()), id)
	return fault.Wrap("backup.Book.End", err)
}

const recordColumns = "id, kind, file, state, reason, size, started_at, ended_at"

func scanRecord(r db.Row) (v Record, err error) {
	var started, ended int64
	err = r.Scan(&v.ID, &v.Kind, &v.File, &v.State, &v.Reason, &v.Size, &started, &ended)
	v.StartedAt, v.EndedAt = db.Time(started), db.Time(ended)
	return v, err
}

// Newest returns the newest backup that has ended, and the newest good one; nil
// when there is none. A command that failed has told its caller, who may just
// have broken it off: it does not count.
func (b *Book) Newest(ctx context.Context) (last, good *Record, err error) {
	list, err := db.All(ctx, b.store.d, scanRecord, "SELECT "+recordColumns+" FROM backups WHERE state = 'good' OR (state = 'failed' AND kind = 'nightly') ORDER BY started_at DESC, id DESC LIMIT $1", 2*pages)
	for _, v := range list {
		if last == nil {
			last = &v
		}
		if v.State == Good {
			return last, &v, nil
		}
	}
	return last, nil, fault.Wrap("backup.Book.Newest", err)
}

// Tell lets tell say that nightly backups fail, when the newest has: once, until
// one is good again. tell says whether it has reached anybody; good is the last
// good one, nil without any. What it writes is one transaction with the note.
func (b *Book) Tell(ctx context.Context, tell func(ctx context.Context, failed Record, good *Record) (bool, error)) error {
	return fault.Wrap("backup.Book.Tell", b.store.d.Within(ctx, func(ctx context.Context) error {
		last, good, err := b.Newest(ctx)
		if err != nil || last == nil || last.State != Failed {
			return err
		}
		since := int64(0)
		if good != nil {
			since = db.Micros(good.StartedAt)
		}
		n, err := db.One(ctx, b.store.d, db.Int64, "SELECT COUNT(*) FROM backups WHERE told AND started_at > $1", since)
		if err != nil || n > 0 {
			return err
		}
		if told, err := tell(ctx, *last, good); err != nil || !told {
			return err
		}
		return db.Do(ctx, b.store.d, "UPDATE backups SET told = TRUE WHERE id = $1", last.ID)
	}))
}

// Tried returns the last backups of a kind, newest first.
func (b *Book) Tried(ctx context.Context, kind string) ([]Record, error) {
	list, err := db.All(ctx, b.store.d, scanRecord, "SELECT "+recordColumns+" FROM backups WHERE kind = $1 ORDER BY started_at DESC, id DESC LIMIT 10", kind)
	return list, fault.Wrap("backup.Book.Tried", err)
}

// Since is when the database was made, or restored: before, there was nothing
// to back up.
func (b *Book) Since(ctx context.Context) (time.Time, error) {
	at, err := db.One(ctx, b.store.d, db.Int64, "SELECT COALESCE(MIN(applied_at), 0) FROM schema_migrations")
	return db.Time(at), fault.Wrap("backup.Book.Since", err)
}
