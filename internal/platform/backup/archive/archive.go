package archive

import (
	"archive/tar"
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"

	"rapport/internal/platform/fault"
)

// Format is the version of the form; a reader refuses a higher one.
const Format = 1

// Kind is what a column holds.
type Kind string

const (
	Int   Kind = "int"
	Text  Kind = "text"
	Bytes Kind = "bytes"
	Bool  Kind = "bool"
)

// Column of a table.
type Column struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
}

// Table is the name and the columns of a table, in the order of its values.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
}

// Head says what an archive is, before anything else is read.
type Head struct {
	Format    int       `json:"format"`
	Version   string    `json:"version"` // of the Rapport that made it
	Engine    string    `json:"engine"`  // it was read from; it can be restored to either
	Schema    int64     `json:"schema"`
	CreatedAt time.Time `json:"created_at"`
	Key       string    `json:"key"`      // fingerprint of the master key
	WithKey   bool      `json:"with_key"` // the key itself is included
	NoFiles   bool      `json:"no_files"` // the large files stay where they are
	Tables    []Table   `json:"tables"`
}

// Contents is what was written of one table.
type Contents struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	Pieces int64  `json:"pieces"`
	SHA256 string `json:"sha256"` // of its pieces, one after the other
}

// Manifest says what an archive must hold.
type Manifest struct {
	Version   string     `json:"version"`
	Schema    int64      `json:"schema"`
	CreatedAt time.Time  `json:"created_at"`
	Key       string     `json:"key"`
	WithKey   bool       `json:"with_key"`
	NoFiles   bool       `json:"no_files"`
	HighestID int64      `json:"highest_id"` // every id ever given is at most this
	Tables    []Contents `json:"tables"`
	Files     int64      `json:"files"`
	FileBytes int64      `json:"file_bytes"`
	// Lost are files that the store had lost or damaged already when the
	// archive was made: the first hundred of LostFiles.
	LostFiles int64    `json:"lost_files"`
	Lost      []string `json:"lost"`
}

// Rows is the number of rows of all tables.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// Rows of one table; 0 when there is no such table.
func (m Manifest) RowsOf(table string) int64 {
	for _, t := range m.Tables {
		if t.Name == table {
			return t.Rows
		}
	}
	return 0
}

// Limits. A piece ends with the row that reaches chunkSize, so a reader takes
// none that begins a row behind it.
const (
	chunkSize = 4 << 20
	maxRow    = 64 << 20
	maxPiece  = maxRow + 2*chunkSize
	maxFile   = 2 << 30
	maxText   = 16 << 20 // of Head and Manifest
	maxKey    = 1 << 10
	maxLost   = 100
)

// Names of entries.
const (
	headName     = "rapport-backup.json"
	keyName      = "secret.key"
	manifestName = "manifest.json"
	sumName      = "SHA256"
	tablesName   = "tables/"
	filesName    = "files/"
)

const blockSize = 512

var (
	tableName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	fileName  = regexp.MustCompile(`^[0-9]{1,19}/[0-9a-f]{64}\.[0-9]{1,19}$`)
)

func pieceName(table string, n int64) string {
	return fmt.Sprintf("%s%s/%06d.gz", tablesName, table, n)
}

// hashOf is the hash in the name of a file.
func hashOf(key string) string {
	_, rest, _ := strings.Cut(key, "/")
	sum, _, _ := strings.Cut(rest, ".")
	return sum
}

// header is the one header an entry of that name and size can have.
func header(name string, size int64) ([]byte, error) {
	var b bytes.Buffer
	err := tar.NewWriter(&b).WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR})
	if err != nil || b.Len() != blockSize {
		return nil, fault.As("archive.header", fault.Internal, "", fmt.Errorf("an entry %q of %d bytes: %w", name, size, err))
	}
	return b.Bytes(), nil
}

// padding is how many zeros follow an entry of that size.
func padding(size int64) int64 { return (blockSize - size%blockSize) % blockSize }

func (h Head) check() error {
	if h.Format < 1 || h.Schema < 1 || h.CreatedAt.IsZero() || len(h.Tables) == 0 {
		return damaged("its head says nothing")
	}
	seen := map[string]bool{}
	for _, t := range h.Tables {
		if !tableName.MatchString(t.Name) || seen[t.Name] || len(t.Columns) == 0 {
			return damaged("its list of tables is not one")
		}
		seen[t.Name] = true
		columns := map[string]bool{}
		for _, c := range t.Columns {
			known := c.Kind == Int || c.Kind == Text || c.Kind == Bytes || c.Kind == Bool
			if !tableName.MatchString(c.Name) || columns[c.Name] || !known {
				return damaged("its list of columns is not one")
			}
			columns[c.Name] = true
		}
	}
	return nil
}

// damaged is the refusal of an archive that is not as it was written.
func damaged(format string, args ...any) error {
	return fault.Newf("archive.Read", fault.Invalid, "This archive is damaged: %s.", fmt.Sprintf(format, args...))
}

func cutShort() error {
	return fault.New("archive.Read", fault.Invalid, "This archive is cut short: it ends before its end.")
}
