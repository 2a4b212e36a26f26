package prove

import (
	"context"
	"testing"
	"time"

	"rapport/internal/app/schema"
	"rapport/internal/platform/db"
)

// HA-10: the new binary starts on the data of the one before. Its schema is
// brought up to date at the start, and work goes on. (That a migration which
// fails leaves nothing behind is proven in platform/db.)
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
