package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/testkit"
)

// A node that was killed and starts again, beside others, finds its mailboxes
// free: nobody waits for the leases of its earlier life.
func TestWhoStartsAgainSucceedsItself(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	database := []string{"--database-url", testkit.PostgresURL(t), "--nats-url", "nats://127.0.0.1:1", "--s3-endpoint", "http://127.0.0.1:1", "--s3-bucket", "files",
		"--s3-key", "key", "--s3-secret", "secret", "--secret-file", filepath.Join(t.TempDir(), "key")}
	if err := os.WriteFile(database[len(database)-1], []byte(strings.Repeat("ab", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	serve := func(folder string) *App {
		a := opened(t, false, append([]string{"--data", folder}, database...)...)
		if err := a.sit(ctx, "test"); err != nil {
			t.Fatal(err)
		}
		return a
	}
	other := serve(t.TempDir())
	defer other.leave()
	folder := t.TempDir()
	before := serve(folder)
	began := make(chan struct{})
	ended, end := context.WithCancel(ctx)
	defer end()
	go before.nodes.Hold(ended, "mailbox:1", func(ctx context.Context) {
		close(began)
		<-ctx.Done()
	})
	<-began
	before.seat.Leave(ctx) // as when it is killed

	free := func() bool {
		n, err := db.One(ctx, other.DB, db.Int64, "SELECT COUNT(*) FROM leases WHERE name = 'mailbox:1' AND expires_at > $1", db.Micros(time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		return n == 0
	}
	third := serve(t.TempDir())
	defer third.leave()
	if free() {
		t.Error("a node of another folder has freed what a living one holds")
	}
	after := serve(folder)
	defer after.leave()
	if !free() {
		t.Error("its earlier life holds the mailbox still")
	}
}
