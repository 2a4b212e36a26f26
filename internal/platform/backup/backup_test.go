package backup_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/app/schema"
	"rapport/internal/platform/backup"
	"rapport/internal/platform/backup/archive"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// world is a database with files and events.
type world struct {
	d      *db.DB
	blobs  *blob.Store
	folder string
	log    *event.Log
}

func newWorld(t testing.TB, d *db.DB) world {
	folder := t.TempDir()
	return world{d: d, folder: folder, blobs: blob.New(d, blob.NewFolder(folder), clock.System), log: event.New(d, clock.System, &bus.Local{})}
}

func (w world) source() backup.Source {
	tables := backup.Tables{"backups": ""}
	for table, relation := range w.log.Relations() {
		tables[table] = relation
	}
	newest, _ := db.Schema(schema.Files)
	return backup.Source{DB: w.d, Blobs: w.blobs, Tables: tables,
		Head: archive.Head{Version: "1.2.3", Schema: newest, CreatedAt: time.Now().UTC(), Key: "abcd"}}
}

// act does what must stay together: a contact, its event and its file.
func (w world) act(ctx context.Context, i int) error {
	size := 100 + i%3*50_000
	content := bytes.Repeat([]byte{byte(i), byte(i >> 8)}, size)
	st, err := w.blobs.Stage(ctx, 1, content)
	if err != nil {
		return err
	}
	return w.d.Within(ctx, func(ctx context.Context) error {
		blobID, err := w.blobs.Bind(ctx, st)
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, w.d, `INSERT INTO contacts (workspace_id, id, name, sort_key, search_key, company_id, language, time_zone, city, note, since, blocked, created_at, version)
			VALUES (1, $1, $2, $2, '', $3, '', '', '', '', 0, $4, 0, 1)`, int64(i+1), fmt.Sprintf("한나 %d 'quoted' \n", i), blobID, i%2 == 0)
		if err != nil {
			return err
		}
		if err := w.blobs.Ref(ctx, 1, blobID, "contacts", int64(i+1)); err != nil {
			return err
		}
		return w.log.Append(ctx, event.Event{WorkspaceID: int64(1 + i%2), Kind: "contact.created", Actor: event.System, ContactID: int64(i + 1)})
	})
}

func take(t testing.TB, s backup.Source) ([]byte, archive.Manifest) {
	t.Helper()
	var b bytes.Buffer
	m, err := backup.Create(context.Background(), &b, s)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), m
}

func restore(t testing.TB, from []byte, d *db.DB) (world, error) {
	t.Helper()
	w := newWorld(t, d)
	_, err := backup.Restore(context.Background(), bytes.NewReader(from), backup.Destination{DB: d, Files: blob.NewFolder(w.folder), Migrations: schema.Files,
		Head: func(archive.Head) error { return nil }, Key: func([]byte) error { return nil }, Finish: func(context.Context, archive.Manifest) error { return nil }})
	return w, err
}

// empty databases of both engines, without a schema.
func empties(t *testing.T) map[string]*db.DB {
	t.Helper()
	out := map[string]*db.DB{}
	for name, o := range map[string]db.Options{"sqlite": {File: filepath.Join(t.TempDir(), "r.db"), Bulk: true}, "postgres": {URL: testkit.PostgresURL(t)}} {
		d, err := db.Open(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		out[name] = d
	}
	return out
}

// dump is everything in a database as text, but for what each engine and each
// life of it has of its own.
func dump(t testing.TB, w world) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	s := w.source()
	var b bytes.Buffer
	if _, err := backup.Create(context.Background(), &b, s); err != nil {
		t.Fatal(err)
	}
	c := &collected{rows: out}
	if _, _, err := archive.Read(&b, c); err != nil {
		t.Fatal(err)
	}
	for _, rows := range out {
		slices.Sort(rows)
	}
	return out
}

// difference is the first row that is not the same.
func difference(was, is []string) string {
	for i := range min(len(was), len(is)) {
		if was[i] != is[i] {
			return fmt.Sprintf("was %.300s, is %.300s", was[i], is[i])
		}
	}
	return "some are missing"
}

type collected struct {
	head archive.Head
	rows map[string][]string
}

func (c *collected) Begin(h archive.Head) error { c.head = h; return nil }
func (c *collected) Key([]byte) error           { return nil }
func (c *collected) Row(t int, v []any) error {
	text, err := json.Marshal(v)
	name := c.head.Tables[t].Name
	c.rows[name] = append(c.rows[name], string(text))
	return err
}
func (c *collected) File(key string, _ int64, r io.Reader) error {
	sum := sha256.New()
	_, err := io.Copy(sum, r)
	c.rows["files"] = append(c.rows["files"], fmt.Sprintf("%s %x", key, sum.Sum(nil)))
	return err
}

// SQL-11: what is restored is what was there, row by row and file by file.
func TestSQL11AnArchiveIsRestoredToEitherEngine(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		from := newWorld(t, d)
		for i := range 40 {
			if err := from.act(ctx, i); err != nil {
				t.Fatal(err)
			}
			if i == 20 { // on PostgreSQL half of the events has a number, and half waits for it
				from.log.Sequence(ctx)
			}
		}
		high, err := d.NewID(ctx)
		if err != nil {
			t.Fatal(err)
		}
		bytes, m := take(t, from.source())
		if m.RowsOf("contacts") != 40 || m.RowsOf("events") != 40 || m.Files < 20 || m.LostFiles > 0 {
			t.Errorf("manifest: %+v", m)
		}
		for name, empty := range empties(t) {
			to, err := restore(t, bytes, empty)
			if err != nil {
				t.Fatalf("to %s: %v", name, err)
			}
			was, is := dump(t, from), dump(t, to)
			for table := range was {
				if !slices.Equal(was[table], is[table]) {
					t.Errorf("to %s: %s has %d rows, had %d; %s", name, table, len(is[table]), len(was[table]), difference(was[table], is[table]))
				}
			}
			if len(was) != len(is) || len(was["events"]) != 40 {
				t.Errorf("to %s: tables with rows: %d, then %d", name, len(was), len(is))
			}
			if id, err := empty.NewID(ctx); err != nil || id < high+1_000_000 {
				t.Errorf("to %s: id %d after %d (%v)", name, id, high, err)
			}
			for ws := int64(1); ws <= 2; ws++ { // and the log goes on without a gap
				err := empty.Within(ctx, func(ctx context.Context) error {
					return to.log.Append(ctx, event.Event{WorkspaceID: ws, Kind: "contact.created"})
				})
				if err != nil {
					t.Fatal(err)
				}
				to.log.Sequence(ctx)
				if head, err := to.log.Head(ctx, ws); head != 21 || err != nil {
					t.Errorf("to %s: the head of %d is %d (%v)", name, ws, head, err)
				}
			}
			var indexes [2]int64
			for i, d := range []*db.DB{from.d, to.d} {
				if d.Engine() == db.SQLite {
					indexes[i], _ = db.One(ctx, d, db.Int64, "SELECT COUNT(*) FROM sqlite_master WHERE type = 'index'")
				} else {
					indexes[i], _ = db.One(ctx, d, db.Int64, "SELECT COUNT(*) FROM pg_indexes WHERE schemaname = current_schema()")
				}
			}
			if from.d.Engine() == to.d.Engine() && indexes[0] != indexes[1] {
				t.Errorf("to %s: %d indexes, then %d", name, indexes[0], indexes[1])
			}
		}
	})
}

// SQL-10. How long writers wait at most, make bench says. A backup beside writers holds what was acknowledged before it began, and of
// each action all or nothing.
func TestSQL10ABackupBesideWritersIsOfOneMoment(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		w := newWorld(t, d)
		var mu sync.Mutex
		next, limit, done := 0, 0, map[int]bool{}
		var writers sync.WaitGroup
		for range 4 {
			writers.Go(func() {
				for ctx.Err() == nil {
					mu.Lock()
					i := next
					if i < limit {
						next++
					}
					wait := i == limit
					mu.Unlock()
					if wait {
						time.Sleep(time.Millisecond)
						continue
					}
					if err := w.act(ctx, i); err != nil {
						if ctx.Err() == nil {
							t.Error(err)
						}
						return
					}
					mu.Lock()
					done[i] = true
					mu.Unlock()
				}
			})
		}
		if d.Engine() == db.Postgres {
			writers.Go(func() { w.log.Run(ctx) })
		}
		for round := range 2 {
			mu.Lock()
			limit += 250
			mu.Unlock()
			for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
				mu.Lock()
				n := len(done)
				mu.Unlock()
				if n >= 250*round+20 {
					break
				}
				if time.Now().After(deadline) {
					t.Fatal("the writers never get on")
				}
			}
			mu.Lock()
			before := len(done)
			acknowledged := make(map[int]bool, before)
			for i := range done {
				acknowledged[i] = true
			}
			mu.Unlock()
			bytes, m := take(t, w.source())
			if m.RowsOf("contacts") != m.RowsOf("events") || m.RowsOf("contacts") < int64(before) || m.LostFiles > 0 {
				t.Errorf("%d were acknowledged; %d contacts, %d events, %d lost files", before, m.RowsOf("contacts"), m.RowsOf("events"), m.LostFiles)
			}
			name := []string{"sqlite", "postgres"}[round%2]
			to, err := restore(t, bytes, empties(t)[name])
			if err != nil {
				t.Fatal(err)
			}
			has := map[int]bool{}
			err = db.Each(ctx, to.d, func(r db.Row) error {
				n, err := db.Int64(r)
				has[int(n)-1] = true
				return err
			}, "SELECT c.id FROM contacts c JOIN blobs b ON b.workspace_id = c.workspace_id AND b.id = c.company_id")
			for i := range acknowledged {
				if !has[i] || err != nil {
					t.Fatalf("%d was acknowledged and is not there (%v)", i, err)
				}
			}
			if err := to.blobs.Audit(ctx, func(_ int64, sum string, err error) { t.Errorf("the file %s: %v", sum, err) }); err != nil {
				t.Error(err)
			}
			gaps, err := db.One(ctx, to.d, db.Int64, "SELECT COUNT(*) FROM (SELECT workspace_id FROM events GROUP BY workspace_id HAVING MIN(seq) <> 1 OR MAX(seq) <> COUNT(*)) AS g")
			if gaps > 0 || err != nil {
				t.Errorf("the log has gaps in %d workspaces (%v)", gaps, err)
			}
		}
		stop()
		writers.Wait()
	})
}

func TestALostFileDoesNotCostTheBackup(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	ctx := context.Background()
	for i := range 6 {
		if err := w.act(ctx, i); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(w.folder, "1", "*"))
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	os.Remove(files[0])
	os.WriteFile(files[1], []byte("cut"), 0o600)
	content, _ := os.ReadFile(files[2])
	content[0]++
	os.WriteFile(files[2], content, 0o600)
	from, m := take(t, w.source())
	if m.LostFiles != 3 || m.Files != int64(len(files)-2) {
		t.Errorf("%+v", m)
	}
	if _, m, err := archive.Read(bytes.NewReader(from), archive.Only{}); err != nil || m.LostFiles != 3 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestSQL13AnArchiveOfANewerSchemaIsRefused(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	s := w.source()
	s.Head.Schema++
	from, _ := take(t, s)
	for name, d := range empties(t) {
		if _, err := restore(t, from, d); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "newer Rapport (1.2.3") {
			t.Errorf("to %s: %v", name, err)
		}
	}
}

func TestOnPostgresARestoreThatFailsLeavesNothing(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	if err := w.act(context.Background(), 1); err != nil {
		t.Fatal(err)
	}
	from, _ := take(t, w.source())
	from[len(from)-1500] ^= 1 // in the proof
	d := empties(t)["postgres"]
	if _, err := restore(t, from, d); !fault.Is(err, fault.Invalid) {
		t.Errorf("restored: %v", err)
	}
	if empty, err := backup.Empty(context.Background(), d); !empty || err != nil {
		t.Errorf("something was left (%v)", err)
	}
}

func TestAFileIsWholeOrNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	good, _ := take(t, w.source())
	dir := t.TempDir()
	path := filepath.Join(dir, "a.tar")
	for name, write := range map[string]func(io.Writer) error{
		"broken off":  func(to io.Writer) error { to.Write(good[:5000]); return errors.New("the line broke") },
		"cut short":   func(to io.Writer) error { _, err := to.Write(good[:5000]); return err },
		"not written": func(io.Writer) error { return nil },
	} {
		if _, _, err := backup.Write(path, write); err == nil {
			t.Errorf("%s: no error", name)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%s: %v was left", name, left)
		}
	}
	whole := func(to io.Writer) error { _, err := to.Write(good); return err }
	if size, _, err := backup.Write(path, whole); err != nil || size != int64(len(good)) {
		t.Errorf("%d, %v", size, err)
	}
	if _, _, err := backup.Write(path, whole); !fault.Is(err, fault.Conflict) {
		t.Errorf("written over: %v", err)
	}
}

func TestTheBookKnowsTheNewest(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		ctx, c := context.Background(), clock.NewFake(time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC))
		b := backup.NewBook(d, c)
		if last, good, err := b.Newest(ctx); last != nil || good != nil || err != nil {
			t.Errorf("%+v, %+v, %v", last, good, err)
		}
		for i := range 70 {
			id, err := b.Begin(ctx, backup.Nightly, "nightly.tar")
			if err != nil {
				t.Fatal(err)
			}
			c.Advance(time.Minute)
			var cause error
			if i == 69 {
				cause = fault.New("test", fault.Unavailable, "The disk is full.")
			}
			if err := b.End(ctx, id, int64(i), cause); err != nil {
				t.Fatal(err)
			}
		}
		last, good, err := b.Newest(ctx)
		if err != nil || last.State != backup.Failed || last.Reason != "The disk is full." || good.Size != 68 || !good.EndedAt.Equal(c.Now().Add(-time.Minute)) {
			t.Errorf("%+v, %+v, %v", last, good, err)
		}
		id, err := b.Begin(ctx, backup.Command, "")
		if err == nil {
			err = b.End(ctx, id, 0, errors.New("broken off by its caller"))
		}
		if again, _, _ := b.Newest(ctx); err != nil || again.ID != last.ID {
			t.Errorf("a command that failed: %+v, %v", again, err)
		}
		if n, err := db.One(ctx, d, db.Int64, "SELECT COUNT(*) FROM backups WHERE kind = 'nightly'"); n != 60 || err != nil {
			t.Errorf("%d records, %v", n, err)
		}
	})
}
