package mailparse

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport/internal/channel/email/mailparse/charset"
)

// Field is one header field, its value unfolded but not decoded.
type Field struct {
	Name  string
	Value string
}

// Header is the fields of a mail or part in their order.
type Header []Field

// Get is the raw value of the first field of that name, "" when absent.
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Has reports whether the field is there at all.
func (h Header) Has(name string) bool {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

// Values are the raw values of all fields of that name.
func (h Header) Values(name string) []string {
	var values []string
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			values = append(values, f.Value)
		}
	}
	return values
}

// Joined is all values of that name as one list: some senders repeat To.
func (h Header) Joined(name string) string { return strings.Join(h.Values(name), ", ") }

// Text is the first value of that name, decoded for a person.
func (h Header) Text(name string) string {
	return strings.Join(strings.Fields(oneLine(decodeWords(h.Get(name)))), " ")
}

// ReturnPath is the envelope sender, "" for the empty one that bounces use.
func (h Header) ReturnPath() string {
	return strings.Trim(strings.TrimSpace(h.Get("Return-Path")), "<>")
}

// AutoSubmitted is the first word of the field of RFC 3834, in lower case.
func (h Header) AutoSubmitted() string { return firstWord(h.Get("Auto-Submitted")) }

// Precedence is bulk, list, junk, auto_reply or "".
func (h Header) Precedence() string { return firstWord(h.Get("Precedence")) }

// ListID is the mailing list's id, without <>.
func (h Header) ListID() string {
	value := h.Get("List-Id")
	if i := strings.LastIndexByte(value, '<'); i >= 0 {
		value = value[i+1:]
	}
	return charset.Clean(strings.Trim(strings.TrimSpace(value), "<>"))
}

// DeliveredTo are the addresses the mail was delivered to on its way.
func (h Header) DeliveredTo() []string {
	var found []string
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"} {
		for _, a := range ParseAddresses(h.Joined(name)) {
			found = append(found, a.Address)
		}
	}
	return found
}

// Language is the sender's language as far as the header tells, "" if not.
func (h Header) Language() string {
	for _, name := range []string{"Content-Language", "Accept-Language"} {
		if tag, _, _ := strings.Cut(h.Get(name), ","); tag != "" {
			tag, _, _ = strings.Cut(tag, ";")
			return charset.Clean(strings.TrimSpace(tag))
		}
	}
	return ""
}

func firstWord(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), ";")
	if words := strings.Fields(s); len(words) > 0 {
		return strings.ToLower(words[0])
	}
	return ""
}

// readHeader splits raw into the header's fields and the body. A line that is
// no field is skipped if fields follow, else the body begins there.
func readHeader(raw []byte) (Header, []byte) {
	var h Header
	rest := raw
	rest = skipLeading(rest)
	if bytes.HasPrefix(rest, []byte("From ")) || bytes.HasPrefix(rest, []byte(">From ")) {
		_, rest = cutLine(rest)
	}
	values := []*strings.Builder{}
	for len(rest) > 0 {
		line, next := cutLine(rest)
		switch name, value, ok := cutField(line); {
		case endsHeader(line, next):
			return finishHeader(h, values), next
		case (line[0] == ' ' || line[0] == '\t') && len(h) > 0:
			last := values[len(values)-1]
			last.WriteByte(' ')
			last.Write(bytes.TrimSpace(line))
		case ok:
			h = append(h, Field{Name: name})
			b := &strings.Builder{}
			b.Write(bytes.TrimSpace(value))
			values = append(values, b)
		case !fieldsFollow(next):
			return finishHeader(h, values), rest
		}
		rest = next
	}
	return finishHeader(h, values), nil
}

// endsHeader reports whether line closes the header. A line of white space
// does not if the header plainly goes on.
func endsHeader(line, next []byte) bool {
	if len(bytes.TrimRight(line, " \t\r")) > 0 {
		return false
	}
	return len(line) == 0 || len(next) == 0 || next[0] != ' ' && next[0] != '\t' && !startsWithField(next)
}

// skipLeading drops a line of white space before the first field.
func skipLeading(raw []byte) []byte {
	line, next := cutLine(raw)
	if len(line) > 0 && len(bytes.TrimSpace(line)) == 0 && startsWithField(next) {
		return next
	}
	return raw
}

func finishHeader(h Header, values []*strings.Builder) Header {
	var foreign strings.Builder // what is neither ASCII nor UTF-8, for the guess
	for i := range h {
		h[i].Value = values[i].String()
		if !utf8.ValidString(h[i].Value) {
			foreign.WriteString(h[i].Value + "\n")
		}
	}
	declared := ""
	if foreign.Len() > 0 {
		_, params := parseContentType(h.Get("Content-Type"))
		declared = charset.Of([]byte(foreign.String()), params["charset"])
	}
	for i := range h {
		h[i].Value = charset.Clean(charset.Decode([]byte(h[i].Value), declared))
	}
	return h
}

// cutField splits a line into a field's name and value.
func cutField(line []byte) (string, []byte, bool) {
	i := bytes.IndexByte(line, ':')
	if i < 1 || i > 200 {
		return "", nil, false
	}
	name := bytes.TrimRight(line[:i], " \t")
	for _, c := range name {
		if c <= ' ' || c >= 0x7f {
			return "", nil, false
		}
	}
	return string(name), line[i+1:], len(name) > 0
}

func startsWithField(b []byte) bool {
	line, _ := cutLine(b)
	_, _, ok := cutField(line)
	return ok
}

// fieldsFollow reports whether the next lines up to an empty one hold a field.
func fieldsFollow(b []byte) bool {
	for range 8 {
		line, next := cutLine(b)
		if len(bytes.TrimSpace(line)) == 0 {
			return false
		}
		if line[0] != ' ' && startsWithField(line) {
			return true
		}
		b = next
	}
	return false
}

// ids are the message ids in a field, without <>.
func ids(value string) []string {
	var found []string
	for rest := value; ; {
		start := strings.IndexByte(rest, '<')
		if start < 0 {
			break
		}
		end := strings.IndexByte(rest[start:], '>')
		if end < 0 {
			break
		}
		if id := cleanID(rest[start+1 : start+end]); id != "" {
			found = append(found, id)
		}
		rest = rest[start+end+1:]
	}
	if found == nil {
		for _, word := range strings.Fields(value) {
			if id := cleanID(strings.Trim(word, "<>,;")); strings.Contains(id, "@") {
				found = append(found, id)
			}
		}
	}
	return found
}

func firstID(value string) string {
	if found := ids(value); len(found) > 0 {
		return found[0]
	}
	return cleanID(strings.Trim(strings.TrimSpace(value), "<>"))
}

// cleanID drops the white space that folding leaves inside an id.
func cleanID(id string) string {
	if len(id) > 998 {
		return ""
	}
	return strings.Join(strings.FieldsFunc(charset.Clean(id), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), "")
}
