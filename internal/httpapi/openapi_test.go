package httpapi

import (
	"bytes"
	"os"
	"testing"
)

func TestTheCommittedDescriptionIsCurrent(t *testing.T) {
	want, err := OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	const path = "../../api/openapi.json"
	if os.Getenv("WRITE_OPENAPI") != "" {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("api/openapi.json is stale: run make generate")
	}
}
