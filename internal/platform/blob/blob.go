package blob

import (
	"context"
	"io"
	"time"
)

const (
	// Inline is the largest body that lives in the database.
	Inline = 64 << 10

	// Grace is how long a blob that nothing references is kept.
	Grace = 24 * time.Hour
)

// Backend keeps the large bodies. Every implementation passes blobtest.Run.
// Keys are paths of letters, digits, dots and slashes.
type Backend interface {
	// Put stores body under key and returns when it would survive a power cut.
	// It may replace what is there; a reader sees all of a body or nothing.
	Put(ctx context.Context, key string, body []byte) error

	// Open reads a body. A missing one is a NotFound fault.
	Open(ctx context.Context, key string) (io.ReadSeekCloser, error)

	// Delete removes a body; removing a missing one is no error.
	Delete(ctx context.Context, key string) error
}

// Info describes a blob.
type Info struct {
	WorkspaceID int64
	ID          int64
	SHA256      string // hex
	Size        int64
	Name        string // as the sender called it: not safe as a file name
	ContentType string // as the sender called it: to be sniffed before serving
	Uploader    string // who may Claim it; empty: nobody
	CreatedAt   time.Time
}

// Staged is a body that is ready to be bound. Name, ContentType and Uploader
// may be filled in before Bind.
type Staged struct {
	WorkspaceID int64
	SHA256      string
	Size        int64
	Name        string
	ContentType string
	Uploader    string

	inline []byte // a small body, to be written by Bind
	bodyID int64  // a large body, already in the backend
}
