package mailparse

import (
	"bytes"
	"strings"
)

// part is one node of a mail: a leaf with a body, or a multipart or enclosed
// message with children.
type part struct {
	header      Header
	contentType string
	params      map[string]string
	disposition string
	dispParams  map[string]string
	body        []byte // as sent, not decoded
	children    []*part
}

// isEnclosedMessage reports whether the type holds a whole mail.
func isEnclosedMessage(contentType string) bool {
	return contentType == "message/rfc822" || contentType == "message/global" || contentType == "message/news"
}

// reader builds the tree within the limits of check.go.
type reader struct{ parts int }

func readMessage(raw []byte) *part {
	r := &reader{}
	return r.read(raw, "text/plain", 0)
}

func (r *reader) read(raw []byte, fallback string, depth int) *part {
	r.parts++
	p := &part{}
	p.header, p.body = readHeader(raw)
	p.contentType, p.params = parseContentType(p.header.Get("Content-Type"))
	p.disposition, p.dispParams = parseContentType(p.header.Get("Content-Disposition"))
	if !strings.Contains(p.contentType, "/") {
		p.contentType = typeWithoutSubtype(p.contentType, fallback)
	}
	if depth >= maxDepth {
		return p
	}
	switch {
	case strings.HasPrefix(p.contentType, "multipart/"):
		r.readChildren(p, depth)
	case isEnclosedMessage(p.contentType):
		p.children = []*part{r.read(p.decoded(), "text/plain", depth+1)}
	}
	return p
}

// typeWithoutSubtype settles a Content-Type that is missing or only half there.
func typeWithoutSubtype(kind, fallback string) string {
	switch kind {
	case "", "text", "plain":
		return fallback
	case "html":
		return "text/html"
	case "multipart":
		return "multipart/mixed"
	}
	return "application/octet-stream"
}

// readChildren splits a multipart. Without any dividing line it is read as
// the text it then is.
func (r *reader) readChildren(p *part, depth int) {
	boundary := p.params["boundary"]
	if boundary == "" {
		boundary = guessBoundary(p.body)
	}
	fallback := "text/plain"
	if p.contentType == "multipart/digest" {
		fallback = "message/rfc822"
	}
	pieces, found := splitParts(p.body, boundary)
	if !found {
		p.contentType = "text/plain"
		return
	}
	for _, piece := range pieces {
		if r.parts > 2*maxParts {
			return
		}
		p.children = append(p.children, r.read(piece, fallback, depth+1))
	}
}

// guessBoundary takes the first line that looks like a dividing one and is
// followed by a field, for mail that lost its boundary parameter.
func guessBoundary(body []byte) string {
	for range 200 {
		line, rest := cutLine(body)
		if len(line) > 2 && line[0] == '-' && line[1] == '-' && len(line) < 200 && startsWithField(rest) {
			return string(bytes.TrimRight(line[2:], " \t\r"))
		}
		if len(rest) == 0 {
			break
		}
		body = rest
	}
	return ""
}

// splitParts cuts body at the lines of the boundary.
func splitParts(body []byte, boundary string) (pieces [][]byte, found bool) {
	if boundary == "" {
		return nil, false
	}
	mark := []byte("--" + boundary)
	start := -1 // of the current piece
	for at := 0; at < len(body); {
		i := bytes.Index(body[at:], mark)
		if i < 0 {
			break
		}
		i += at
		at = i + len(mark)
		if i > 0 && body[i-1] != '\n' {
			continue
		}
		line, rest := cutLine(body[i:])
		division := divides(line, boundary)
		if division == noDivision {
			continue
		}
		if start >= 0 {
			pieces = append(pieces, trimLineEnd(body[start:max(i, start)]))
		}
		found = true
		start = len(body) - len(rest)
		at = start
		if division == lastPart {
			start = -1
			break
		}
		if len(pieces) > maxParts {
			return pieces, true
		}
	}
	if start >= 0 && start < len(body) {
		pieces = append(pieces, body[start:])
	}
	return pieces, found
}

// trimLineEnd drops the line end that belongs to the boundary.
func trimLineEnd(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

// decoded is the body without its transfer encoding.
func (p *part) decoded() []byte {
	encoding := firstWord(stripComment(p.header.Get("Content-Transfer-Encoding")))
	switch strings.Trim(encoding, `"'`) {
	case "base64":
		return decodeBase64(p.body)
	case "quoted-printable", "quotedprintable", "quoted/printable", "qp":
		return decodeQuoted(p.body, false)
	case "x-uuencode", "uuencode", "x-uue", "uue":
		if files, _ := cutUU(string(p.body)); len(files) > 0 {
			return files[0].data
		}
	}
	return p.body
}

// name is the file name the part asks for, "" if none.
func (p *part) name() string {
	for _, name := range []string{p.dispParams["filename"], p.params["name"], p.dispParams["name"], p.params["filename"]} {
		if name = fileName(name); name != "" {
			return name
		}
	}
	return ""
}

func (p *part) contentID() string { return firstID(p.header.Get("Content-ID")) }

// each calls f for the part and all below it that belong to this mail, not to
// one enclosed in it.
func (p *part) each(f func(*part)) {
	f(p)
	if isEnclosedMessage(p.contentType) {
		return
	}
	for _, child := range p.children {
		child.each(f)
	}
}
