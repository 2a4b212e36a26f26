package archive

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"rapport/internal/platform/fault"
)

// What a value begins with.
const (
	isNull = iota
	isInt
	isText
	isBytes
	isFalse
	isTrue
)

// appendValue appends a value of a column: nil, int64, bool, string or []byte.
func appendValue(to []byte, c Column, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(to, isNull), nil
	case int64:
		if c.Kind == Int {
			return binary.AppendVarint(append(to, isInt), v), nil
		}
	case bool:
		if c.Kind == Bool {
			return append(to, map[bool]byte{false: isFalse, true: isTrue}[v]), nil
		}
	case string:
		if c.Kind == Text && len(v) <= maxRow {
			return append(binary.AppendUvarint(append(to, isText), uint64(len(v))), v...), nil
		}
	case []byte:
		if len(v) <= maxRow {
			switch c.Kind {
			case Text:
				return append(binary.AppendUvarint(append(to, isText), uint64(len(v))), v...), nil
			case Bytes:
				return append(binary.AppendUvarint(append(to, isBytes), uint64(len(v))), v...), nil
			}
		}
	}
	return nil, fault.Newf("archive.Row", fault.Internal, "a value of the column %s cannot be kept (%T)", c.Name, value)
}

// rows reads the rows of one unpacked piece.
type rows struct {
	r     *bufio.Reader
	at    int64 // bytes read so far
	begin int64 // where the row began
}

// next reads one row into values; io.EOF is the end of the piece.
func (r *rows) next(columns []Column, values []any) error {
	for i, c := range columns {
		tag, err := r.r.ReadByte()
		if err == io.EOF && i == 0 {
			return io.EOF
		}
		if err != nil {
			return unpacked(err)
		}
		if i == 0 && r.at >= chunkSize {
			return damaged("a piece unpacks to more than was packed")
		}
		if i == 0 {
			r.begin = r.at
		}
		r.at++
		if values[i], err = r.value(tag, c.Kind); err != nil {
			return err
		}
	}
	return nil
}

func (r *rows) value(tag byte, kind Kind) (any, error) {
	switch {
	case tag == isNull:
		return nil, nil
	case tag == isInt && kind == Int:
		n, err := binary.ReadVarint(r)
		if err != nil {
			return nil, unpacked(err)
		}
		return n, nil
	case tag == isFalse && kind == Bool, tag == isTrue && kind == Bool:
		return tag == isTrue, nil
	case tag == isText && kind == Text:
		b, err := r.bytes()
		return string(b), err
	case tag == isBytes && kind == Bytes:
		return r.bytes()
	}
	return nil, damaged("a value is not of its column's kind")
}

// ReadByte counts, for ReadVarint.
func (r *rows) ReadByte() (byte, error) {
	b, err := r.r.ReadByte()
	if err == nil {
		r.at++
	}
	return b, err
}

func (r *rows) bytes() ([]byte, error) {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, unpacked(err)
	}
	if n > maxRow || r.at-r.begin+int64(n) > maxRow {
		return nil, damaged("a row is too long")
	}
	r.at += int64(n)
	const atOnce = 64 << 10
	if n <= atOnce {
		b := make([]byte, n)
		_, err := io.ReadFull(r.r, b)
		return b, unpacked(err)
	}
	var b bytes.Buffer // grows with what really comes
	b.Grow(int(min(n, 1<<20)))
	_, err = io.CopyN(&b, r.r, int64(n))
	return b.Bytes(), unpacked(err)
}

// unpacked says what went wrong while a piece was unpacked.
func unpacked(err error) error {
	var already *fault.Error
	switch {
	case err == nil || errors.As(err, &already):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return damaged("a piece ends in the middle of a row")
	}
	return damaged("a piece cannot be unpacked")
}
