package mailparse

import (
	"bytes"

	"rapport/internal/platform/fault"
)

// The limits of a mail. They hold on the bytes, before anything is decoded.
const (
	maxMail        = 35 << 20
	maxHeaderBlock = 1 << 20
	maxHeaderLines = 10_000
	maxDepth       = 50
	maxParts       = 1_000
)

// Check refuses mail that is built to exhaust a reader: TooLarge beyond a
// limit, Invalid when there is nothing. It is one pass over the lines and
// stops at the first limit it meets.
func Check(raw []byte) error {
	const op = "mailparse.Check"
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		return fault.New(op, fault.Invalid, "The mail is empty.")
	case len(raw) > maxMail:
		return fault.New(op, fault.TooLarge, "The mail is larger than 35 MiB.")
	}
	s := scanner{inHeader: true}
	raw = skipLeading(raw)
	for len(raw) > 0 {
		var line []byte
		line, raw = cutLine(raw)
		if message := s.line(line, raw); message != "" {
			return fault.New(op, fault.TooLarge, message)
		}
	}
	return nil
}

// scanner follows the nesting of parts line by line, as the reader in part.go
// does for all but the oddest headers (two Content-Type fields, say). There the
// reader's own bounds hold: it stops at the same depth and number of parts.
type scanner struct {
	open        []string // boundaries of the multiparts we are in, outermost first; "" for an enclosed message
	parts       int
	inHeader    bool
	headerBytes int
	headerLines int
	field       []byte // the Content-Type field being read, unfolded
	contentType []byte
}

func (s *scanner) line(line, next []byte) string {
	if bytes.HasPrefix(line, []byte("--")) && s.boundary(line) {
		if s.parts > maxParts {
			return "The mail has more than 1,000 parts."
		}
		return ""
	}
	if !s.inHeader {
		return ""
	}
	s.headerLines++
	s.headerBytes += len(line) + 1
	switch {
	case s.headerLines > maxHeaderLines:
		return "The mail has more than 10,000 header lines."
	case s.headerBytes > maxHeaderBlock:
		return "The mail's header is larger than 1 MiB."
	case endsHeader(line, next):
		return s.endHeader()
	case len(line) == 0 || line[0] == ' ' || line[0] == '\t':
		if s.field != nil && len(s.field) < 4<<10 {
			s.field = append(append(s.field, ' '), bytes.TrimSpace(line)...)
		}
	default:
		s.endField()
		if len(line) > 13 && bytes.EqualFold(line[:12], []byte("content-type")) {
			if _, value, ok := bytes.Cut(line[12:min(len(line), 4<<10)], []byte(":")); ok {
				s.field = append([]byte{}, value...)
			}
		}
	}
	return ""
}

func (s *scanner) endField() {
	if s.field != nil {
		s.contentType, s.field = s.field, nil
	}
}

// endHeader decides what the part whose header just ended opens.
func (s *scanner) endHeader() string {
	s.endField()
	kind, params := parseContentType(string(s.contentType))
	*s = scanner{open: s.open, parts: s.parts}
	switch {
	case isEnclosedMessage(kind):
		s.open = append(s.open, "")
		s.inHeader = true
	case params["boundary"] != "":
		s.open = append(s.open, params["boundary"])
	default:
		return ""
	}
	if len(s.open) > maxDepth {
		return "The mail's parts are nested more than 50 deep."
	}
	return ""
}

// boundary reports whether the line divides one of the open multiparts, and
// if so moves to the next part of it or past its end.
func (s *scanner) boundary(line []byte) bool {
	for i := len(s.open) - 1; i >= 0; i-- {
		switch divides(line, s.open[i]) {
		case nextPart:
			s.open = s.open[:i+1]
			*s = scanner{open: s.open, parts: s.parts + 1, inHeader: true}
			return true
		case lastPart:
			s.open = s.open[:i]
			*s = scanner{open: s.open, parts: s.parts}
			return true
		}
	}
	return false
}

type division uint8

const (
	noDivision division = iota
	nextPart
	lastPart
)

// divides says what a line is to the multipart with that boundary.
func divides(line []byte, boundary string) division {
	if boundary == "" || len(line) < 2+len(boundary) || line[0] != '-' || line[1] != '-' || string(line[2:2+len(boundary)]) != boundary {
		return noDivision
	}
	rest := bytes.TrimRight(line[2+len(boundary):], " \t\r")
	switch {
	case len(rest) == 0:
		return nextPart
	case bytes.HasPrefix(rest, []byte("--")):
		return lastPart
	}
	return noDivision
}

// cutLine splits off the first line, without its end.
func cutLine(b []byte) (line, rest []byte) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return b, nil
	}
	return bytes.TrimSuffix(b[:i], []byte("\r")), b[i+1:]
}
