package prove

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"rapport/internal/app/schema"
	"rapport/internal/platform/db"
)

// HA-10: the new binary starts on the data of the one before. It is copied, its
// schema is brought up to date at the start, and work goes on. (That the copy
// brings the old state back is proven in app; that a migration which fails
// leaves nothing behind, in platform/db too.)
func TestHA10TheNewBinaryStartsOnTheOldData(t *testing.T) {
	t.Parallel()
	newest, err := db.Schema(schema.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, engine.postgres)
			d, err := db.Open(context.Background(), s.database())
			if err != nil {
				t.Fatal(err)
			}
			err = d.MigrateTo(context.Background(), schema.Files, newest-1)
			d.Close()
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			s.start()
			t.Logf("ready after %v", time.Since(began).Round(time.Millisecond))
			if copies, _ := filepath.Glob(filepath.Join(s.settings[1], "backups", "before-upgrade-*")); len(copies) != 1 {
				t.Errorf("copies of the old data: %v", copies)
			}
			conversation := s.conversation(s.setup(newSink(t)))
			s.stop()
			s.start()
			if status, err := s.note(conversation, "after the upgrade"); status != 201 {
				t.Error(status, err)
			}
			s.stop()
		})
	}
}
