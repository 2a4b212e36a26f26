package archive

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"rapport/internal/platform/fault"
)

// Writer writes an archive: the key if any, rows table by table in the order of
// the head, files, and Close. It keeps one piece in memory. After an error what
// was written is no archive.
type Writer struct {
	out      io.Writer
	sum      hash.Hash // of everything
	head     Head
	manifest Manifest
	table    int // the one that is being written
	tableSum hash.Hash
	raw      []byte // rows that are not packed yet
	unpacked int    // how many bytes the piece has so far, raw among them
	packed   bytes.Buffer
	zip      *gzip.Writer
}

// packAtOnce is how much is packed in one go: packing holds a processor.
const packAtOnce = 64 << 10

// NewWriter begins an archive on w.
func NewWriter(w io.Writer, h Head) (*Writer, error) {
	h.Format = Format
	sum := sha256.New()
	zip, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	a := &Writer{out: io.MultiWriter(w, sum), sum: sum, head: h, table: -1, tableSum: sha256.New(), zip: zip,
		manifest: Manifest{Version: h.Version, Schema: h.Schema, CreatedAt: h.CreatedAt, Key: h.Key, WithKey: h.WithKey, NoFiles: h.NoFiles, Lost: []string{}}}
	for _, t := range h.Tables {
		a.manifest.Tables = append(a.manifest.Tables, Contents{Name: t.Name})
	}
	if err := h.check(); err != nil {
		return nil, err
	}
	zip.Reset(&a.packed)
	return a, a.json(headName, h)
}

// Key writes the master key, in a head that says so, before the first row.
func (a *Writer) Key(text []byte) error {
	if !a.head.WithKey || len(text) > maxKey || a.table >= 0 {
		return fault.New("archive.Key", fault.Internal, "the key has no place here")
	}
	return a.entry(keyName, int64(len(text)), bytes.NewReader(text))
}

// Row writes a row of a table of the head, by its number there; its values are
// nil, int64, bool, string or []byte and are not kept.
func (a *Writer) Row(table int, values []any) error {
	if table < a.table || table >= len(a.head.Tables) || len(values) != len(a.head.Tables[table].Columns) {
		return fault.New("archive.Row", fault.Internal, "a row in the wrong place")
	}
	if table != a.table {
		if err := a.endTable(table); err != nil {
			return err
		}
	}
	before := len(a.raw)
	for i, c := range a.head.Tables[table].Columns {
		var err error
		if a.raw, err = appendValue(a.raw, c, values[i]); err != nil {
			return err
		}
	}
	if len(a.raw)-before > maxRow {
		return fault.Newf("archive.Row", fault.Internal, "a row of %s is too long to be kept", a.head.Tables[table].Name)
	}
	a.manifest.Tables[table].Rows++
	a.unpacked += len(a.raw) - before
	if a.unpacked >= chunkSize {
		return a.piece()
	}
	if len(a.raw) >= packAtOnce {
		return a.pack()
	}
	return nil
}

// pack packs the rows gathered so far into the piece.
func (a *Writer) pack() error {
	_, err := a.zip.Write(a.raw)
	a.raw = a.raw[:0]
	if cap(a.raw) > chunkSize {
		a.raw = nil
	}
	return err
}

// endTable ends the tables before next.
func (a *Writer) endTable(next int) error {
	if err := a.piece(); err != nil {
		return err
	}
	for ; a.table < next; a.table++ {
		if a.table >= 0 {
			a.manifest.Tables[a.table].SHA256 = hex.EncodeToString(a.tableSum.Sum(nil))
			a.tableSum.Reset()
		}
	}
	return nil
}

// piece writes the piece at hand.
func (a *Writer) piece() error {
	if a.unpacked == 0 {
		return nil
	}
	if err := errors.Join(a.pack(), a.zip.Close()); err != nil {
		return err
	}
	a.unpacked = 0
	t := &a.manifest.Tables[a.table]
	t.Pieces++
	a.tableSum.Write(a.packed.Bytes())
	err := a.entry(pieceName(t.Name, t.Pieces), int64(a.packed.Len()), &a.packed)
	a.packed.Reset()
	a.zip.Reset(&a.packed)
	return err
}

// File writes a file under its key, after the last row. Contents whose hash is
// not the one in the key are written and noted as lost.
func (a *Writer) File(key string, size int64, r io.Reader) error {
	if !fileName.MatchString(key) || size > maxFile {
		return fault.Newf("archive.File", fault.Internal, "a file %q of %d bytes cannot be kept", key, size)
	}
	if err := a.endTable(len(a.head.Tables)); err != nil {
		return err
	}
	sum := sha256.New()
	if err := a.entry(filesName+key, size, io.TeeReader(r, sum)); err != nil {
		return err
	}
	a.manifest.Files++
	a.manifest.FileBytes += size
	if hex.EncodeToString(sum.Sum(nil)) != hashOf(key) {
		a.Lose(key)
	}
	return nil
}

// Lose notes a file that the store has lost.
func (a *Writer) Lose(key string) {
	a.manifest.LostFiles++
	if len(a.manifest.Lost) < maxLost {
		a.manifest.Lost = append(a.manifest.Lost, key)
	}
}

// Close writes manifest and end. highestID is at least as high as every id that
// was given before the rows were read.
func (a *Writer) Close(highestID int64) (Manifest, error) {
	if err := a.endTable(len(a.head.Tables)); err != nil {
		return Manifest{}, err
	}
	a.manifest.HighestID = highestID
	if err := a.json(manifestName, a.manifest); err != nil {
		return Manifest{}, err
	}
	proof := []byte(hex.EncodeToString(a.sum.Sum(nil)) + "\n")
	if err := a.entry(sumName, int64(len(proof)), bytes.NewReader(proof)); err != nil {
		return Manifest{}, err
	}
	_, err := a.out.Write(make([]byte, 2*blockSize))
	return a.manifest, err
}

func (a *Writer) json(name string, v any) error {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	if len(text) > maxText {
		return fault.Newf("archive.Writer", fault.Internal, "%s has %d bytes", name, len(text))
	}
	return a.entry(name, int64(len(text)), bytes.NewReader(text))
}

func (a *Writer) entry(name string, size int64, r io.Reader) error {
	h, err := header(name, size)
	if err != nil {
		return err
	}
	if _, err := a.out.Write(h); err != nil {
		return err
	}
	switch n, err := io.CopyN(a.out, r, size); {
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%s has %d bytes, not %d", name, n, size)
	case err != nil:
		return err
	}
	_, err = a.out.Write(make([]byte, padding(size)))
	return err
}
