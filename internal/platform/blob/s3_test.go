package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport/internal/platform/blob"
	"rapport/internal/platform/blob/blobtest"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/outbound"
	"rapport/internal/testkit"
)

var bucketNumber atomic.Int64

// bucket is a new bucket on a server.
func bucket(t *testing.T, server *testkit.S3, endpoint string) (blob.S3, string) {
	t.Helper()
	folder := filepath.Join(server.Folder, fmt.Sprint("files", bucketNumber.Add(1)))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	s, err := blob.NewS3(blob.Bucket{Endpoint: endpoint, Name: filepath.Base(folder), Key: server.Key, Secret: server.Secret, Region: server.Region}, over())
	if err != nil {
		t.Fatal(err)
	}
	return s, folder
}

func over() http.RoundTripper {
	return outbound.New(outbound.Anywhere, nil).Client(outbound.Limits{Connect: 2 * time.Second}).Transport
}

func TestS3(t *testing.T) {
	t.Parallel()
	server := testkit.StartS3(t)
	blobtest.Run(t, func(t *testing.T) blob.Backend {
		s, _ := bucket(t, server, server.Endpoint())
		return s
	})
}

func TestTheCheckSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	server := testkit.StartS3(t, "files")
	right := blob.Bucket{Endpoint: server.Endpoint(), Name: "files", Key: server.Key, Secret: server.Secret, Region: server.Region}
	with := func(change func(*blob.Bucket)) blob.Bucket {
		b := right
		change(&b)
		return b
	}
	for name, c := range map[string]struct {
		bucket blob.Bucket
		kind   fault.Kind
		ok     bool
	}{
		"all is well":           {right, 0, true},
		"the region is asked":   {with(func(b *blob.Bucket) { b.Region = "" }), 0, true},
		"no such bucket":        {with(func(b *blob.Bucket) { b.Name = "other" }), fault.NotFound, false},
		"a wrong secret":        {with(func(b *blob.Bucket) { b.Secret = "guessed-by-nobody" }), fault.Forbidden, false},
		"a wrong key":           {with(func(b *blob.Bucket) { b.Key = "nobody" }), fault.Forbidden, false},
		"nobody answers":        {with(func(b *blob.Bucket) { b.Endpoint = "http://127.0.0.1:1" }), fault.Unavailable, false},
		"nobody of that name":   {with(func(b *blob.Bucket) { b.Endpoint = "http://nowhere.invalid" }), fault.Unavailable, false},
		"an endpoint with path": {with(func(b *blob.Bucket) { b.Endpoint += "/files" }), fault.Invalid, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := blob.NewS3(c.bucket, over())
			if err == nil {
				err = s.Check(context.Background())
			}
			if c.ok != (err == nil) || err != nil && fault.KindOf(err) != c.kind {
				t.Errorf("%v (%v), want %v", err, fault.KindOf(err), c.kind)
			}
		})
	}
	t.Cleanup(func() {
		if left, _ := filepath.Glob(filepath.Join(server.Folder, "files", "check", "*")); len(left) > 0 {
			t.Errorf("the check left %v behind", left)
		}
	})
}

// A store on S3 keeps the promises of one on a disk: what is lost or cut short
// is told, what nothing uses is gone from the bucket too.
func TestAStoreOnS3(t *testing.T) {
	t.Parallel()
	server := testkit.StartS3(t)
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		backend, folder := bucket(t, server, server.Endpoint())
		w := world{t: t, ctx: context.Background(), db: d, root: folder, clock: clock.NewFake(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))}
		w.Store = blob.New(d, backend, w.clock)
		idle, used, lost, short := w.put(7, large), w.put(7, append([]byte("u"), large...)), w.put(7, append([]byte("l"), large...)), w.put(8, append([]byte("s"), large...))
		for i, b := range []blob.Info{used, lost, short} {
			w.must(w.Ref(w.ctx, b.WorkspaceID, b.ID, "messages", int64(i+1)))
		}
		if len(w.files()) != 4 || !w.there(idle, large) {
			t.Fatalf("in the bucket: %v", w.files())
		}
		w.clock.Advance(blob.Grace)
		w.must(w.Collect(w.ctx))
		if len(w.files()) != 3 {
			t.Errorf("after collection: %v", w.files())
		}
		for _, name := range w.files() {
			path := filepath.Join(folder, name)
			switch {
			case strings.Contains(name, lost.SHA256):
				w.must(os.Remove(path))
			case strings.Contains(name, short.SHA256):
				w.must(os.Truncate(path, 100))
			}
		}
		missing := map[string]bool{}
		w.must(w.Audit(w.ctx, func(_ int64, sum string, err error) { missing[sum] = err != nil }))
		if len(missing) != 2 || !missing[lost.SHA256] || !missing[short.SHA256] {
			t.Errorf("the audit found %v", missing)
		}
	})
}

func TestADamagedBodyIsNotHandedOut(t *testing.T) {
	t.Parallel()
	server := testkit.StartS3(t)
	s, folder := bucket(t, server, server.Endpoint())
	put(t, s, "7/a", large)
	path := filepath.Join(folder, "7", "a")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err == nil {
		_, err = file.WriteAt(content, 0) // in place: what the server knows about it stays
	}
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	r, err := s.Open(context.Background(), "7/a")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); !fault.Is(err, fault.Internal) || len(got) >= len(large) {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
	if _, err := r.Seek(-10, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, large[len(large)-10:]) {
		t.Errorf("a part: %q, %v", got, err)
	}
}

func put(t *testing.T, s blob.Backend, key string, body []byte) {
	t.Helper()
	if err := s.Put(context.Background(), key, body); err != nil {
		t.Fatal(err)
	}
}

// The server goes away while a body is read, and comes back: the reader goes
// on where it was.
func TestADownloadOutlivesTheServer(t *testing.T) {
	t.Parallel()
	server := testkit.StartS3(t)
	s, _ := bucket(t, server, server.Endpoint())
	body := bytes.Repeat([]byte("0123456789abcdef"), 2<<20) // more than buffers hold
	put(t, s, "7/a", body)
	r, err := s.Open(context.Background(), "7/a")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got := make([]byte, 1<<20)
	if _, err := io.ReadFull(r, got); err != nil {
		t.Fatal(err)
	}
	server.Stop()
	server.Start()
	rest, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(append(got, rest...), body) {
		t.Errorf("read %d bytes of %d, %v", len(got)+len(rest), len(body), err)
	}
}

func TestAServerThatIsAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	server := testkit.StartS3(t)
	s, _ := bucket(t, server, server.Endpoint())
	put(t, s, "7/a", large)
	server.Stop()
	_, err := s.Open(context.Background(), "7/a")
	for name, err := range map[string]error{"put": s.Put(context.Background(), "7/b", large), "open": err, "delete": s.Delete(context.Background(), "7/a")} {
		if !fault.Is(err, fault.Unavailable) || fault.MessageOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	server.Start()
	put(t, s, "7/b", large)
}

// A server of our own making, which answers as real ones do on bad days.
func TestABadDayOfTheServer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, r *http.Request, asked int64)
		asked  int64
		kind   fault.Kind
	}{
		"busy, then well again": {func(w http.ResponseWriter, _ *http.Request, asked int64) {
			if asked < 3 {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		}, 3, 0},
		"busy for long": {func(w http.ResponseWriter, _ *http.Request, _ int64) { w.WriteHeader(http.StatusTooManyRequests) }, 4, fault.Unavailable},
		"no, and why": {func(w http.ResponseWriter, _ *http.Request, _ int64) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, "<Error><Code>AccessDenied</Code><Message>Not you.</Message></Error>")
		}, 1, fault.Forbidden},
		"elsewhere, where the signature would not hold": {func(w http.ResponseWriter, r *http.Request, _ int64) {
			http.Redirect(w, r, "http://elsewhere.invalid/", http.StatusTemporaryRedirect)
		}, 1, fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.answer(w, r, asked.Add(1)) }))
			defer server.Close()
			s, err := blob.NewS3(blob.Bucket{Endpoint: server.URL, Name: "files", Key: "key", Secret: "secret", Region: "here"}, over())
			if err != nil {
				t.Fatal(err)
			}
			err = s.Put(context.Background(), "7/a", []byte("body"))
			if (err == nil) != (c.kind == 0) || err != nil && fault.KindOf(err) != c.kind {
				t.Errorf("%v, want %v", err, c.kind)
			}
			if asked.Load() != c.asked {
				t.Errorf("asked %d times, want %d", asked.Load(), c.asked)
			}
		})
	}
}

// A server that does not know ranges must not have its first bytes taken for
// later ones.
func TestAServerWithoutRanges(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", `"1"`)
		w.Header().Set("Content-Length", "10")
		if r.Method == http.MethodGet {
			fmt.Fprint(w, "0123456789")
		}
	}))
	defer server.Close()
	s, err := blob.NewS3(blob.Bucket{Endpoint: server.URL, Name: "files", Key: "key", Secret: "secret", Region: "here"}, over())
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Open(context.Background(), "7/a")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Seek(5, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err == nil || len(got) > 0 {
		t.Errorf("read %q, %v", got, err)
	}
}
