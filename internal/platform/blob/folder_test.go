package blob_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rapport/internal/platform/blob"
	"rapport/internal/platform/blob/blobtest"
)

func TestFolder(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blob.Backend { return blob.NewFolder(filepath.Join(t.TempDir(), "files")) })
}

func TestAFolderRefusesKeysThatLeadOut(t *testing.T) {
	t.Parallel()
	f := blob.NewFolder(filepath.Join(t.TempDir(), "files"))
	for _, key := range []string{"../x", "/etc/x", "7/../../x", "", ".", ".unfinished/x"} {
		if err := f.Put(context.Background(), key, []byte("x")); err == nil {
			t.Errorf("key %q was accepted", key)
		}
	}
}

func TestAFolderForgetsWhatAKilledProcessLeft(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	dir := filepath.Join(root, ".unfinished")
	os.Mkdir(dir, 0o700)
	for name, age := range map[string]time.Duration{"old": 48 * time.Hour, "young": time.Minute} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-age)
		os.Chtimes(file, then, then)
	}
	blob.NewFolder(root)
	left, _ := os.ReadDir(dir)
	if len(left) != 1 || left[0].Name() != "young" {
		t.Errorf("left: %v", left)
	}
}
