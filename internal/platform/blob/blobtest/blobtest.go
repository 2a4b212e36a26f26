// Package blobtest is the suite every blob.Backend must pass.
package blobtest

import (
	"bytes"
	"context"
	"io"
	"sync"
	"testing"

	"rapport/internal/platform/blob"
	"rapport/internal/platform/fault"
)

// Run proves the promises of blob.Backend on empty backends made by open.
func Run(t *testing.T, open func(t *testing.T) blob.Backend) {
	for name, test := range map[string]func(*testing.T, blob.Backend){
		"what was put can be read":           putAndRead,
		"reading may start anywhere":         seeks,
		"a missing key is not found":         missing,
		"put replaces":                       replaces,
		"deleting twice is the same as once": deletes,
		"keys are apart":                     keysApart,
		"equal puts at once do no harm":      putsAtOnce,
		"an open body outlives its deletion": openThenDelete,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

var body = bytes.Repeat([]byte("0123456789abcdef"), 10_000)

const key = "7/00ff.12"

func put(t *testing.T, b blob.Backend, key string, body []byte) {
	t.Helper()
	if err := b.Put(context.Background(), key, body); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, b blob.Backend, key string) []byte {
	t.Helper()
	r, err := b.Open(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func isMissing(t *testing.T, b blob.Backend, key string) {
	t.Helper()
	r, err := b.Open(context.Background(), key)
	if err == nil {
		// a store across a network may find out with the first byte
		_, err = r.Read(make([]byte, 1))
		r.Close()
	}
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("a missing key gives %v, want a NotFound fault", err)
	}
}

func putAndRead(t *testing.T, b blob.Backend) {
	for _, content := range [][]byte{body, {}, {0}} {
		put(t, b, key, content)
		if got := read(t, b, key); !bytes.Equal(got, content) {
			t.Errorf("read %d bytes, want %d", len(got), len(content))
		}
	}
}

func seeks(t *testing.T, b blob.Backend) {
	put(t, b, key, body)
	r, err := b.Open(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if size, err := r.Seek(0, io.SeekEnd); err != nil || size != int64(len(body)) {
		t.Fatalf("the end is at %d, %v", size, err)
	}
	if _, err := r.Seek(100_003, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 5)
	if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, body[100_003:100_008]) {
		t.Errorf("read %q, %v", got, err)
	}
}

func missing(t *testing.T, b blob.Backend) { isMissing(t, b, "9/none") }

func replaces(t *testing.T, b blob.Backend) {
	put(t, b, key, body)
	put(t, b, key, []byte("short"))
	if got := read(t, b, key); string(got) != "short" {
		t.Errorf("read %d bytes", len(got))
	}
}

func deletes(t *testing.T, b blob.Backend) {
	put(t, b, key, body)
	for range 2 {
		if err := b.Delete(context.Background(), key); err != nil {
			t.Fatal(err)
		}
	}
	isMissing(t, b, key)
}

func keysApart(t *testing.T, b blob.Backend) {
	put(t, b, "7/a", []byte("seven"))
	put(t, b, "8/a", []byte("eight"))
	if err := b.Delete(context.Background(), "7/a"); err != nil {
		t.Fatal(err)
	}
	if got := read(t, b, "8/a"); string(got) != "eight" {
		t.Errorf("read %q", got)
	}
}

func putsAtOnce(t *testing.T, b blob.Backend) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := b.Put(context.Background(), key, body); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := read(t, b, key); !bytes.Equal(got, body) {
		t.Errorf("read %d bytes, want %d", len(got), len(body))
	}
}

// A download that has begun ends well or with an error, never with other bytes.
func openThenDelete(t *testing.T, b blob.Backend) {
	put(t, b, key, body)
	r, err := b.Open(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := b.Delete(context.Background(), key); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err == nil && !bytes.Equal(got, body) {
		t.Errorf("read %d bytes without an error, want %d", len(got), len(body))
	}
}
