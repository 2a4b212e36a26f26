package secret_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/secret"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestASealedValueOpensOnlyInItsPlace(t *testing.T) {
	t.Parallel()
	key := secret.Generate()
	plain := []byte("p4ss")
	sealed, err := key.Box("smtp").Seal("inboxes", 7, plain)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, plain) {
		t.Fatal("the plain text is visible")
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for _, c := range []struct {
		name   string
		box    *secret.Box
		table  string
		row    int64
		sealed []byte
		opens  bool
	}{
		{"its own place", key.Box("smtp"), "inboxes", 7, sealed, true},
		{"another row", key.Box("smtp"), "inboxes", 8, sealed, false},
		{"another table", key.Box("smtp"), "inboxe", 7, sealed, false},
		{"another purpose", key.Box("imap"), "inboxes", 7, sealed, false},
		{"another key", secret.Generate().Box("smtp"), "inboxes", 7, sealed, false},
		{"one bit changed", key.Box("smtp"), "inboxes", 7, changed, false},
		{"cut short", key.Box("smtp"), "inboxes", 7, sealed[:20], false},
		{"empty", key.Box("smtp"), "inboxes", 7, nil, false},
	} {
		got, err := c.box.Open(c.table, c.row, c.sealed)
		if c.opens != (err == nil) || c.opens && !bytes.Equal(got, plain) {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}

func TestSealingTwiceGivesDifferentBytes(t *testing.T) {
	t.Parallel()
	box := secret.Generate().Box("x")
	a, _ := box.Seal("t", 1, []byte("same"))
	b, _ := box.Seal("t", 1, []byte("same"))
	if bytes.Equal(a, b) {
		t.Error("the nonce repeats")
	}
}

func TestMACDependsOnPurposeAndOnTheBordersOfParts(t *testing.T) {
	t.Parallel()
	key := secret.Generate()
	mac := key.MAC("link", []byte("ab"), []byte("c"))
	if !key.Verify(mac, "link", []byte("ab"), []byte("c")) {
		t.Error("the MAC does not verify itself")
	}
	if key.Verify(mac, "cursor", []byte("ab"), []byte("c")) || key.Verify(mac, "link", []byte("a"), []byte("bc")) ||
		key.Verify(mac, "link", []byte("ab"), []byte("c"), nil) || key.Verify(nil, "link", []byte("ab"), []byte("c")) {
		t.Error("a foreign MAC verifies")
	}
}

func TestLoadMakesAKeyOnceAndKeepsIt(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	prints := make([]string, 8)
	var wg sync.WaitGroup
	for i := range prints {
		wg.Go(func() {
			if k, err := secret.Load("", dir); err != nil {
				t.Error(err)
			} else {
				prints[i] = k.Fingerprint()
			}
		})
	}
	wg.Wait()
	for _, p := range prints {
		if p != prints[0] {
			t.Fatalf("processes that started together have different keys: %v", prints)
		}
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 1 || files[0].Name() != secret.FileName {
		t.Errorf("the data folder holds %v", files)
	}
	if info, _ := files[0].Info(); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
}

func TestLoadReadsANamedFile(t *testing.T) {
	t.Parallel()
	hexKey := strings.Repeat("0f", 32)
	base := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0x0f}, 32))
	for _, c := range []struct{ name, content, says string }{
		{"hex with newline", hexKey + "\n", ""},
		{"base64", base, ""},
		{"too short", hexKey[:62], "64 hex digits"},
		{"not a key", "correct horse", "64 hex digits"},
		{"empty", "", "64 hex digits"},
	} {
		file := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(file, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := secret.Load(file, "")
		if c.says == "" && err != nil || c.says != "" && !strings.Contains(fault.MessageOf(err), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.content != "" && err != nil && strings.Contains(err.Error(), c.content) {
			t.Errorf("%s: the fault quotes the key", c.name)
		}
	}
	if _, err := secret.Load(filepath.Join(t.TempDir(), "none"), ""); !strings.Contains(fault.MessageOf(err), "not there") {
		t.Errorf("a missing named file: %v", err)
	}
}

func TestADatabaseKnowsItsKey(t *testing.T) {
	t.Parallel()
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		mine, other := secret.Generate(), secret.Generate()
		for range 2 {
			if err := mine.Check(ctx, d); err != nil {
				t.Fatal(err)
			}
		}
		err := other.Check(ctx, d)
		if !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), mine.Fingerprint()) ||
			!strings.Contains(fault.MessageOf(err), "RAPPORT_SECRET_FILE") {
			t.Errorf("another key: %v", err)
		}
	})
}
