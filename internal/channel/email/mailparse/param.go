package mailparse

import (
	"net/url"
	"sort"
	"strconv"
	"strings"

	"rapport/internal/channel/email/mailparse/charset"
)

// parseContentType reads a Content-Type or Content-Disposition as it comes:
// unquoted spaces, missing semicolons' values, RFC 2231 pieces, doubled
// parameters (the first wins). The kind is lower case, "" when there is none.
func parseContentType(value string) (kind string, params map[string]string) {
	kind, rest, _ := strings.Cut(value, ";")
	kind = strings.ToLower(strings.TrimSpace(stripComment(kind)))
	if word, more, ok := strings.Cut(kind, " "); ok {
		if strings.Contains(more, "=") { // the semicolon was forgotten
			rest = value[strings.Index(value, " ")+1:]
		}
		kind = word
	}
	if strings.Contains(kind, "=") { // parameters only
		kind, rest = "", value
	}
	if strings.ContainsFunc(kind, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		kind = "" // nothing that a type is called
	}
	params = map[string]string{}
	pieces := map[string][]piece{}
	for count := 0; rest != "" && count < 100; count++ {
		var name, v string
		name, v, rest = cutParam(rest)
		if name == "" {
			continue
		}
		if base, p, ok := splitPiece(name, v); ok {
			pieces[base] = append(pieces[base], p)
		} else if _, seen := params[name]; !seen {
			params[name] = v
		}
	}
	for base, ps := range pieces {
		params[base] = joinPieces(ps)
	}
	return kind, params
}

func stripComment(s string) string {
	if i := strings.IndexByte(s, '('); i >= 0 {
		return s[:i]
	}
	return s
}

// cutParam takes one name=value off the front.
func cutParam(s string) (name, value, rest string) {
	s = strings.TrimLeft(s, " \t;\r\n")
	i := strings.IndexAny(s, "=;")
	if i < 0 || s[i] == ';' {
		if i < 0 {
			return "", "", ""
		}
		return "", "", s[i+1:]
	}
	name = strings.ToLower(strings.TrimSpace(s[:i]))
	s = strings.TrimLeft(s[i+1:], " \t")
	if !strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s, ";")
		return name, strings.TrimSpace(value), rest
	}
	var b strings.Builder
	for i = 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return name, b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return name, b.String(), ""
}

// piece is one part of an RFC 2231 value.
type piece struct {
	order   int
	encoded bool
	value   string
}

// splitPiece reads name*, name*0 and name*0*.
func splitPiece(name, value string) (base string, p piece, ok bool) {
	base, order, ok := strings.Cut(name, "*")
	if !ok {
		return "", piece{}, false
	}
	p = piece{value: value}
	if order == "" {
		p.encoded = true
		return base, p, true
	}
	order, p.encoded = strings.CutSuffix(order, "*")
	n, err := strconv.Atoi(order)
	if err != nil || n < 0 || n > 1000 {
		return "", piece{}, false
	}
	p.order = n
	return base, p, true
}

func joinPieces(ps []piece) string {
	sort.SliceStable(ps, func(i, j int) bool { return ps[i].order < ps[j].order })
	declared := ""
	var raw []byte
	for i, p := range ps {
		value := p.value
		if p.encoded {
			if i == 0 {
				if fields := strings.SplitN(value, "'", 3); len(fields) == 3 {
					declared, value = fields[0], fields[2]
				}
			}
			if decoded, err := url.PathUnescape(value); err == nil {
				value = decoded
			}
		}
		raw = append(raw, value...)
	}
	return charset.Decode(raw, declared)
}
