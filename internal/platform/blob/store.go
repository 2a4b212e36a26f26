package blob

import (
	"fmt"
	"sync"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
)

// Store is where rooms keep blobs. It is safe for use by many goroutines.
type Store struct {
	db    *db.DB
	large Backend
	clock clock.Clock
	held  sync.RWMutex // held for reading while a backup runs
}

// New returns a store that keeps large bodies in the given backend.
func New(d *db.DB, large Backend, c clock.Clock) *Store {
	return &Store{db: d, large: large, clock: c}
}

func (s *Store) now() int64 { return db.Micros(s.clock.Now()) }

// body is a row of blob_bodies.
type body struct {
	workspaceID, id, size int64
	sha256                string
	large, stored         bool
}

const bodyColumns = "workspace_id, id, size, sha256, large, stored"

func scanBody(r db.Row) (b body, err error) {
	return b, r.Scan(&b.workspaceID, &b.id, &b.size, &b.sha256, &b.large, &b.stored)
}

// key is a large body's place in the backend.
func (b body) key() string { return fmt.Sprintf("%d/%s.%d", b.workspaceID, b.sha256, b.id) }
