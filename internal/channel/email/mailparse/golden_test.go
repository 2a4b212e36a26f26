package mailparse

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden holds the whole reading of the mails in testdata.
func TestGolden(t *testing.T) {
	t.Parallel()
	mails, err := filepath.Glob(filepath.Join("testdata", "*.eml"))
	if err != nil || len(mails) == 0 {
		t.Fatalf("no mails in testdata: %v", err)
	}
	for _, path := range mails {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			encoder := json.NewEncoder(&got)
			encoder.SetEscapeHTML(false)
			encoder.SetIndent("", "  ")
			if err := encoder.Encode(Report(filepath.Base(path), raw)); err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(path, ".eml") + ".golden.json"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("reading differs from %s:\n%s", golden, got.String())
			}
		})
	}
}
