package blob_test

import (
	"context"
	"encoding/binary"
	"path/filepath"
	"testing"

	"rapport/internal/platform/blob"
	"rapport/internal/platform/clock"
	"rapport/internal/testkit"
)

func BenchmarkPut(b *testing.B) {
	for name, size := range map[string]int{"small": 20_000, "large": 2_000_000} {
		b.Run(name, func(b *testing.B) {
			s := blob.New(testkit.SQLite(b), blob.NewFolder(filepath.Join(b.TempDir(), "files")), clock.System)
			body := make([]byte, size)
			b.SetBytes(int64(size))
			for i := uint64(0); b.Loop(); i++ {
				binary.BigEndian.PutUint64(body, i) // never the same body twice
				if _, err := s.Put(context.Background(), 7, body, "", ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
