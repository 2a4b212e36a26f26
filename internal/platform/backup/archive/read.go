package archive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"reflect"
	"strconv"
	"strings"

	"rapport/internal/platform/fault"
)

// Target takes what is in an archive, in the order it stands there. Nothing of
// it can be relied on before Read has returned without an error.
type Target interface {
	// Begin may refuse an archive by its head.
	Begin(Head) error
	// Key takes the master key.
	Key(text []byte) error
	// Row takes a row of a table, by its number in the head. It may keep values.
	Row(table int, values []any) error
	// File takes a file; it need not read all of it.
	File(key string, size int64, r io.Reader) error
}

// Read reads an archive to its end and checks all of it. A damaged one is an
// Invalid fault that says what is wrong; an error of the target comes back as
// it is. The memory it takes does not grow with the archive.
func Read(r io.Reader, t Target) (Head, Manifest, error) {
	a := &reader{in: bufio.NewReaderSize(r, 64<<10), sum: sha256.New(), target: t, tableSum: sha256.New(), table: -1}
	err := a.read()
	return a.head, a.manifest, err
}

// Only checks an archive and keeps nothing.
type Only struct{}

var _ Target = Only{}

func (Only) Begin(Head) error                    { return nil }
func (Only) Key([]byte) error                    { return nil }
func (Only) Row(int, []any) error                { return nil }
func (Only) File(string, int64, io.Reader) error { return nil }

type reader struct {
	in       *bufio.Reader
	sum      hash.Hash
	target   Target
	head     Head
	manifest Manifest

	// What was found, to be compared with the manifest.
	hasKey    bool
	found     []Contents
	files     int64
	fileBytes int64
	wrong     []string // files that are not what their names say
	table     int
	tableSum  hash.Hash
	inFiles   bool // no more rows
	ended     bool // nothing but the proof
}

// Read hashes what passes.
func (a *reader) Read(p []byte) (int, error) {
	n, err := a.in.Read(p)
	a.sum.Write(p[:n])
	return n, err
}

func (a *reader) read() error {
	name, size, _, err := a.next()
	if err != nil {
		return err
	}
	if name != headName {
		return fault.New("archive.Read", fault.Invalid, "This is not a backup of Rapport.")
	}
	if err := a.readHead(size); err != nil {
		return err
	}
	for {
		name, size, before, err := a.next()
		if err != nil {
			return err
		}
		switch {
		case name == keyName && !a.hasKey && a.table < 0 && !a.inFiles:
			err = a.readKey(size)
		case strings.HasPrefix(name, tablesName) && !a.inFiles:
			err = a.readPiece(name, size)
		case strings.HasPrefix(name, filesName) && !a.ended:
			err = a.readFile(strings.TrimPrefix(name, filesName), size)
		case name == manifestName && !a.ended:
			if err = a.json(size, &a.manifest); err == nil {
				err = a.compare()
			}
			a.ended, a.inFiles = true, true
		case name == sumName && a.ended:
			return a.prove(size, before)
		default:
			err = damaged("an entry is in the wrong place")
		}
		if err != nil {
			return err
		}
	}
}

// next reads a header. before is the hash of everything in front of it.
func (a *reader) next() (name string, size int64, before []byte, err error) {
	before = a.sum.Sum(nil)
	var block [blockSize]byte
	if _, err := io.ReadFull(a, block[:]); err != nil {
		if a.head.Format == 0 && fault.Is(broken(err), fault.Invalid) {
			return "", 0, nil, fault.New("archive.Read", fault.Invalid, "This is not a backup of Rapport: it is too short to be one.")
		}
		return "", 0, nil, broken(err)
	}
	field := func(from, to int) string {
		text, _, _ := bytes.Cut(block[from:to], []byte{0})
		return string(text)
	}
	name = field(0, 100)
	if prefix := field(345, 500); prefix != "" {
		name = prefix + "/" + name
	}
	size, err = strconv.ParseInt(strings.TrimRight(field(124, 136), " "), 8, 64)
	if err == nil {
		var want []byte
		if want, err = header(name, size); err == nil && !bytes.Equal(want, block[:]) {
			err = errors.New("another header")
		}
	}
	if err != nil {
		if a.head.Format == 0 {
			return "", 0, nil, fault.New("archive.Read", fault.Invalid, "This is not a backup of Rapport, or its beginning is damaged.")
		}
		return "", 0, nil, damaged("the header of an entry is not as it was written")
	}
	return name, size, before, nil
}

// body reads the content of an entry with read, and what read has left.
func (a *reader) body(size int64, read func(r *io.LimitedReader) error) error {
	limited := &io.LimitedReader{R: a, N: size}
	if err := read(limited); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, limited); err != nil {
		return broken(err)
	}
	if limited.N > 0 {
		return cutShort()
	}
	var zeros [blockSize]byte
	rest := zeros[:padding(size)]
	if _, err := io.ReadFull(a, rest); err != nil {
		return broken(err)
	}
	if len(bytes.Trim(rest, "\x00")) > 0 {
		return damaged("there is something between two entries")
	}
	return nil
}

func (a *reader) text(size, limit int64) (text []byte, err error) {
	if size > limit {
		return nil, damaged("an entry is too long")
	}
	err = a.body(size, func(r *io.LimitedReader) (err error) {
		text, err = io.ReadAll(r)
		return broken(err)
	})
	return text, err
}

func (a *reader) json(size int64, into any) error {
	text, err := a.text(size, maxText)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(into); err != nil {
		return damaged("its description cannot be read")
	}
	return nil
}

func (a *reader) readHead(size int64) error {
	if err := a.json(size, &a.head); err != nil {
		return err
	}
	if a.head.Format > Format {
		return fault.Newf("archive.Read", fault.Invalid, "This archive was written by a newer Rapport (%s). Use that one, or a newer one, to read it.", a.head.Version)
	}
	if err := a.head.check(); err != nil {
		return err
	}
	for _, t := range a.head.Tables {
		a.found = append(a.found, Contents{Name: t.Name})
	}
	return a.target.Begin(a.head)
}

func (a *reader) readKey(size int64) error {
	text, err := a.text(size, maxKey)
	if err != nil {
		return err
	}
	a.hasKey = true
	return a.target.Key(text)
}

// readPiece reads some rows: of the table at hand, or of a later one.
func (a *reader) readPiece(name string, size int64) error {
	if size > maxPiece {
		return damaged("a piece is too long")
	}
	next := a.table
	if next < 0 || name != pieceName(a.found[next].Name, a.found[next].Pieces+1) {
		for next++; next < len(a.found) && name != pieceName(a.found[next].Name, 1); next++ {
		}
	}
	if next >= len(a.found) {
		return damaged("a piece of a table is in the wrong place")
	}
	a.endTable(next)
	found := &a.found[next]
	found.Pieces++
	return a.body(size, func(r *io.LimitedReader) error {
		packed := bufio.NewReader(io.TeeReader(r, a.tableSum))
		zip, err := gzip.NewReader(packed)
		if err != nil {
			return a.whole(r, damaged("a piece cannot be unpacked"))
		}
		zip.Multistream(false)
		unpacked := rows{r: bufio.NewReaderSize(zip, 16<<10)}
		for columns := a.head.Tables[next].Columns; ; found.Rows++ {
			values := make([]any, len(columns))
			switch err := unpacked.next(columns, values); {
			case err == io.EOF:
				if packed.Buffered() > 0 || r.N > 0 {
					return damaged("something follows a piece")
				}
				return nil
			case err != nil:
				return a.whole(r, err)
			}
			if err := a.target.Row(next, values); err != nil {
				return err
			}
		}
	})
}

// whole is err, unless the archive ends before the rest of r.
func (a *reader) whole(r *io.LimitedReader, err error) error {
	if _, failed := io.Copy(io.Discard, r); failed != nil {
		return broken(failed)
	}
	if r.N > 0 {
		return cutShort()
	}
	return err
}

func (a *reader) endTable(next int) {
	for ; a.table < next; a.table++ {
		if a.table >= 0 {
			a.found[a.table].SHA256 = hex.EncodeToString(a.tableSum.Sum(nil))
			a.tableSum.Reset()
		}
	}
}

func (a *reader) readFile(key string, size int64) error {
	if !fileName.MatchString(key) || size > maxFile {
		return damaged("a file is in the wrong place")
	}
	a.inFiles = true
	a.files++
	a.fileBytes += size
	sum := sha256.New()
	err := a.body(size, func(r *io.LimitedReader) error {
		content := io.TeeReader(r, sum)
		if err := a.target.File(key, size, content); err != nil {
			return a.whole(r, err)
		}
		_, err := io.Copy(io.Discard, content)
		return broken(err)
	})
	if err == nil && hex.EncodeToString(sum.Sum(nil)) != hashOf(key) {
		if len(a.wrong) >= maxLost {
			return nil // counted with LostFiles; the proof at the end covers every byte
		}
		a.wrong = append(a.wrong, key)
	}
	return err
}

// compare holds what was found against the manifest.
func (a *reader) compare() error {
	a.endTable(len(a.found))
	m, h := a.manifest, a.head
	if m.Version != h.Version || m.Schema != h.Schema || !m.CreatedAt.Equal(h.CreatedAt) || m.Key != h.Key || m.WithKey != h.WithKey || m.NoFiles != h.NoFiles || m.NoFiles && a.files > 0 || m.WithKey != a.hasKey {
		return damaged("its beginning and its end are not of the same archive")
	}
	if len(m.Tables) != len(a.found) {
		return damaged("tables are missing")
	}
	for i, t := range a.found {
		switch want := m.Tables[i]; {
		case t.Name != want.Name || t.Rows != want.Rows || t.Pieces != want.Pieces:
			return damaged("the table %s has %d rows, not %d", t.Name, t.Rows, want.Rows)
		case !reflect.DeepEqual(t, want):
			return damaged("the table %s has another checksum than when it was written", t.Name)
		}
	}
	if a.files != m.Files || a.fileBytes != m.FileBytes {
		return damaged("it holds %d files with %d bytes, not %d with %d", a.files, a.fileBytes, m.Files, m.FileBytes)
	}
	lost := map[string]bool{}
	for _, key := range m.Lost {
		lost[key] = true
	}
	for _, key := range a.wrong {
		if !lost[key] && m.LostFiles <= maxLost {
			return damaged("the file %s is not what it was", key)
		}
	}
	return nil
}

// prove reads the last entry and the end.
func (a *reader) prove(size int64, before []byte) error {
	text, err := a.text(size, 2*sha256.Size+1)
	if err != nil {
		return err
	}
	if string(text) != hex.EncodeToString(before)+"\n" {
		return damaged("its checksum is not the one it was written with")
	}
	rest, err := io.ReadAll(io.LimitReader(a.in, 2*blockSize+1))
	switch {
	case err != nil:
		return broken(err)
	case len(rest) < 2*blockSize:
		return cutShort()
	case len(rest) > 2*blockSize || len(bytes.Trim(rest, "\x00")) > 0:
		return damaged("something follows its end")
	}
	return nil
}

// broken says what went wrong while the archive itself was read.
func broken(err error) error {
	var already *fault.Error
	switch {
	case err == nil || errors.As(err, &already):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return cutShort()
	}
	return fault.As("archive.Read", fault.Unavailable, "The archive cannot be read: "+err.Error(), err)
}
