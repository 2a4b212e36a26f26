package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/platform/blob"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// world is a store on one engine, with a folder and a clock of its own.
type world struct {
	*blob.Store
	t     *testing.T
	ctx   context.Context
	db    *db.DB
	root  string
	clock *clock.Fake
}

func each(t *testing.T, test func(w world)) {
	t.Parallel()
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		w := world{t: t, ctx: context.Background(), db: d, root: filepath.Join(t.TempDir(), "files"),
			clock: clock.NewFake(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))}
		w.Store = blob.New(d, blob.NewFolder(w.root), w.clock)
		test(w)
	})
}

var (
	small = bytes.Repeat([]byte("s"), blob.Inline)
	large = bytes.Repeat([]byte("L"), blob.Inline+1)
)

func (w world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w world) put(workspace int64, body []byte) blob.Info {
	w.t.Helper()
	i, err := w.Put(w.ctx, workspace, body, "image/png", "logo.png")
	w.must(err)
	return i
}

func (w world) read(workspace, id int64) ([]byte, error) {
	r, _, err := w.Open(w.ctx, workspace, id)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// there says whether the blob can be read whole.
func (w world) there(i blob.Info, body []byte) bool {
	got, err := w.read(i.WorkspaceID, i.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		w.t.Error(err)
	}
	return err == nil && bytes.Equal(got, body)
}

// files are the names below the root, without those in the making.
func (w world) files() (names []string) {
	filepath.WalkDir(w.root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			name, _ := filepath.Rel(w.root, path)
			names = append(names, name)
		}
		return nil
	})
	return names
}

func (w world) rows(table string) int64 {
	w.t.Helper()
	n, err := db.One(w.ctx, w.db, db.Int64, "SELECT COUNT(*) FROM "+table)
	w.must(err)
	return n
}

func TestWhatIsPutCanBeRead(t *testing.T) {
	each(t, func(w world) {
		for name, body := range map[string][]byte{"empty": {}, "nil": nil, "largest in the table": small, "smallest outside": large} {
			i := w.put(7, body)
			if i.Size != int64(len(body)) || i.Name != "logo.png" || i.ContentType != "image/png" || !i.CreatedAt.Equal(w.clock.Now()) {
				w.t.Errorf("%s: %+v", name, i)
			}
			if !w.there(i, body) {
				w.t.Errorf("%s: not there", name)
			}
		}
		if f := w.files(); len(f) != 1 || !strings.HasPrefix(f[0], "7/") {
			w.t.Errorf("files: %v, want one of workspace 7", f)
		}
	})
}

func TestEqualBodiesAreKeptOnceAndNeverShared(t *testing.T) {
	each(t, func(w world) {
		for range 3 {
			w.put(7, small)
			w.put(7, large)
		}
		other := w.put(8, large)
		if n := w.rows("blob_bodies"); n != 3 || len(w.files()) != 2 {
			w.t.Errorf("%d bodies and files %v, want 3 and 2", n, w.files())
		}
		if _, err := w.read(7, other.ID); !fault.Is(err, fault.NotFound) {
			w.t.Errorf("workspace 7 reads a blob of workspace 8: %v", err)
		}
	})
}

func TestABlobCommitsWithItsOwner(t *testing.T) {
	each(t, func(w world) {
		boom := errors.New("boom")
		for _, body := range [][]byte{small, large} {
			st, err := w.Stage(w.ctx, 7, body)
			w.must(err)
			var id int64
			err = w.db.Within(w.ctx, func(ctx context.Context) (err error) {
				if id, err = w.Bind(ctx, st); err != nil {
					return err
				}
				if err := w.Ref(ctx, 7, id, "messages", 1); err != nil {
					return err
				}
				return boom
			})
			if !errors.Is(err, boom) {
				w.t.Fatal(err)
			}
			if _, err := w.read(7, id); !fault.Is(err, fault.NotFound) {
				w.t.Errorf("a rolled back blob is there: %v", err)
			}
		}
		if w.rows("blobs") != 0 || w.rows("blob_refs") != 0 {
			w.t.Error("rows are left")
		}
		if len(w.files()) != 1 {
			w.t.Errorf("files %v: the large one is staged", w.files())
		}
		w.clock.Advance(blob.Grace)
		w.must(w.Collect(w.ctx))
		if len(w.files()) != 0 || w.rows("blob_bodies") != 0 {
			w.t.Errorf("what was never bound is left: %v", w.files())
		}
	})
}

func TestWhatIsBoundToItsOwnerStaysUntilItIsReleased(t *testing.T) {
	each(t, func(w world) {
		for i, body := range [][]byte{small, large} {
			st, err := w.Stage(w.ctx, 7, body)
			w.must(err)
			id, err := w.BindTo(w.ctx, st, "receipts", int64(i))
			w.must(err)
			w.clock.Advance(2 * blob.Grace)
			w.must(w.Collect(w.ctx))
			if got, err := w.read(7, id); err != nil || string(got) != string(body) {
				w.t.Errorf("%d bytes, %v", len(got), err)
			}
			w.must(w.Release(w.ctx, 7, "receipts", int64(i)))
			w.clock.Advance(2 * blob.Grace)
			w.must(w.Collect(w.ctx))
			if _, err := w.read(7, id); !fault.Is(err, fault.NotFound) {
				w.t.Errorf("released: %v", err)
			}
		}
	})
}

func TestStagingInsideATransactionIsRefused(t *testing.T) {
	each(t, func(w world) {
		err := w.db.Within(w.ctx, func(ctx context.Context) error {
			_, err := w.Stage(ctx, 7, large)
			return err
		})
		if !fault.Is(err, fault.Internal) {
			w.t.Errorf("err = %v", err)
		}
	})
}

func TestCollectKeepsWhatIsUsedAndADayMore(t *testing.T) {
	each(t, func(w world) {
		for _, body := range [][]byte{small, large} {
			used, idle, shared := w.put(7, body), w.put(7, append([]byte("other"), body...)), w.put(7, body)
			w.must(w.Ref(w.ctx, 7, used.ID, "messages", 1))
			w.must(w.Ref(w.ctx, 7, used.ID, "messages", 1))
			w.must(w.Ref(w.ctx, 7, used.ID, "articles", 1))
			w.clock.Advance(blob.Grace - time.Microsecond)
			w.must(w.Collect(w.ctx))
			if !w.there(idle, append([]byte("other"), body...)) {
				w.t.Error("collected before a day was over")
			}
			w.clock.Advance(time.Microsecond)
			w.must(w.Collect(w.ctx))
			if _, err := w.read(7, idle.ID); !fault.Is(err, fault.NotFound) {
				w.t.Errorf("an idle blob is still there: %v", err)
			}
			if _, err := w.Describe(w.ctx, 7, shared.ID); !fault.Is(err, fault.NotFound) {
				w.t.Errorf("an idle blob with a used body is still there: %v", err)
			}
			if !w.there(used, body) {
				w.t.Fatal("a used blob was collected")
			}
			w.must(w.Release(w.ctx, 7, "messages", 1))
			w.clock.Advance(2 * blob.Grace)
			w.must(w.Collect(w.ctx))
			if !w.there(used, body) {
				w.t.Fatal("a blob with a second owner was collected")
			}
			w.must(w.Release(w.ctx, 7, "articles", 1))
			w.must(w.Collect(w.ctx))
			if !w.there(used, body) {
				w.t.Error("a released blob has no day of grace")
			}
			w.clock.Advance(blob.Grace)
			w.must(w.Collect(w.ctx))
		}
		if n := w.rows("blobs") + w.rows("blob_bodies") + w.rows("blob_refs"); n != 0 || len(w.files()) != 0 {
			w.t.Errorf("%d rows and files %v are left", n, w.files())
		}
	})
}

func TestErasedContentGoesAtOnce(t *testing.T) {
	each(t, func(w world) {
		mine, copied, theirs := w.put(7, large), w.put(7, small), w.put(7, small)
		w.must(w.Ref(w.ctx, 7, mine.ID, "messages", 1))
		w.must(w.Ref(w.ctx, 7, copied.ID, "messages", 1))
		w.must(w.Ref(w.ctx, 7, theirs.ID, "messages", 2))
		w.must(w.Erase(w.ctx, 7, "messages", 1))
		w.must(w.Collect(w.ctx))
		if len(w.files()) != 0 || w.there(copied, small) {
			w.t.Error("erased content is left")
		}
		if !w.there(theirs, small) {
			w.t.Error("another person's equal file went along")
		}
	})
}

func TestStagedContentSurvivesItsErasure(t *testing.T) {
	each(t, func(w world) {
		first := w.put(7, large)
		w.must(w.Ref(w.ctx, 7, first.ID, "messages", 1))
		st, err := w.Stage(w.ctx, 7, large) // finds the body of first
		w.must(err)
		w.must(w.Erase(w.ctx, 7, "messages", 1))
		w.must(w.Collect(w.ctx))
		if _, err := w.Bind(w.ctx, st); !fault.Is(err, fault.Conflict) {
			w.t.Fatalf("bound to a body that is gone: %v", err)
		}
		if again := w.put(7, large); !w.there(again, large) {
			w.t.Error("staged again and still not there")
		}
	})
}

func TestAnUploadBelongsToItsUploaderUntilClaimed(t *testing.T) {
	each(t, func(w world) {
		st, err := w.Stage(w.ctx, 7, small)
		w.must(err)
		st.Uploader = "agent:5"
		id, err := w.Bind(w.ctx, st)
		w.must(err)
		for _, c := range []struct {
			name, uploader string
			workspace      int64
			ok             bool
		}{
			{"another agent", "agent:6", 7, false},
			{"nobody", "", 7, false},
			{"another workspace", "agent:5", 8, false},
			{"its uploader", "agent:5", 7, true},
			{"its uploader again", "agent:5", 7, false},
		} {
			err := w.Claim(w.ctx, c.workspace, id, c.uploader, "messages", 1)
			if c.ok != (err == nil) || err != nil && !fault.Is(err, fault.NotFound) {
				w.t.Errorf("%s: %v", c.name, err)
			}
		}
	})
}

// SQL-15. What doctor says of it is in app, what a reader gets in httpapi.
func TestSQL15ALostFileIsSaidClearly(t *testing.T) {
	each(t, func(w world) {
		i := w.put(7, large)
		file := filepath.Join(w.root, w.files()[0])
		for _, c := range []struct {
			does func() error
			says string
		}{
			{func() error { return os.Truncate(file, 10) }, "damaged"},
			{func() error { return os.Remove(file) }, "missing"},
		} {
			w.must(c.does())
			_, err := w.read(7, i.ID)
			if !fault.Is(err, fault.Internal) || !strings.Contains(fault.MessageOf(err), c.says) {
				w.t.Errorf("read: %v, want %q", err, c.says)
			}
			var lost []string
			w.must(w.Audit(w.ctx, func(workspace int64, sha256 string, err error) { lost = append(lost, sha256) }))
			if len(lost) != 1 || lost[0] != i.SHA256 {
				w.t.Errorf("audit found %v", lost)
			}
		}
	})
}

func TestABackupHoldsCollect(t *testing.T) {
	each(t, func(w world) {
		i := w.put(7, large)
		w.clock.Advance(blob.Grace)
		release := w.Hold()
		w.must(w.Collect(w.ctx))
		if !w.there(i, large) {
			w.t.Error("collected during a backup")
		}
		release()
		release()
		w.must(w.Collect(w.ctx))
		if w.there(i, large) {
			w.t.Error("not collected after the backup")
		}
	})
}

// On PostgreSQL a backup is made beside the server, in another process.
func TestABackupElsewhereHoldsCollect(t *testing.T) {
	each(t, func(w world) {
		i := w.put(7, large)
		w.clock.Advance(blob.Grace)
		elsewhere := blob.New(w.db, blob.NewFolder(t.TempDir()), w.clock)
		release, err := elsewhere.HoldEverywhere(w.ctx)
		w.must(err)
		w.must(w.Collect(w.ctx))
		if !w.there(i, large) {
			w.t.Error("collected during a backup of another process")
		}
		release()
		release()
		_, err = elsewhere.HoldEverywhere(w.ctx) // killed
		w.must(err)
		w.clock.Advance(time.Hour)
		w.must(w.Collect(w.ctx))
		if w.there(i, large) {
			w.t.Error("not collected after the backup")
		}
	})
}

// Many put and use the same body while Collect runs all the time and the clock
// flies: whatever was put to use must stay.
func TestCollectNeverTakesWhatIsPutToUse(t *testing.T) {
	each(t, func(w world) {
		done := make(chan struct{})
		var collector, workers sync.WaitGroup
		collector.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					w.clock.Advance(blob.Grace / 2)
					if err := w.Collect(w.ctx); err != nil {
						w.t.Error(err)
						return
					}
				}
			}
		})
		for n := range int64(4) {
			workers.Go(func() {
				for i := range int64(15) {
					w.useAndDrop(n*100+i, large)
				}
			})
		}
		workers.Wait()
		close(done)
		collector.Wait()
	})
}

func (w world) useAndDrop(owner int64, body []byte) {
	st, err := w.Stage(w.ctx, 7, body)
	if err != nil {
		w.t.Error(err)
		return
	}
	var id int64
	err = w.db.Within(w.ctx, func(ctx context.Context) (err error) {
		if id, err = w.Bind(ctx, st); err != nil {
			return err
		}
		return w.Ref(ctx, 7, id, "messages", owner)
	})
	if fault.Is(err, fault.Conflict) {
		return // collected since it was staged: said, not lost
	}
	if err != nil {
		w.t.Error(err)
		return
	}
	if got, err := w.read(7, id); err != nil || !bytes.Equal(got, body) {
		w.t.Errorf("blob %d in use: %d bytes, %v", id, len(got), err)
	}
	if err := w.Erase(w.ctx, 7, "messages", owner); err != nil {
		w.t.Error(err)
	}
}
