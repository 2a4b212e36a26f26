package mailparse

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode"

	"rapport/internal/channel/email/mailparse/charset"
)

// encodedWord is RFC 2047 as it is really sent: spaces inside, a language tag.
var encodedWord = regexp.MustCompile(`=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*(?:\?[^=?][^?]*)*)\?=`)

// maxWords bounds a header value that is decoded; a longer one is no text.
const maxWords = 64 << 10

// decodeWords decodes the encoded words of a header value. Neighbours of one
// charset are joined before decoding: senders cut characters in half.
func decodeWords(s string) string {
	if !strings.Contains(s, "=?") || len(s) > maxWords {
		return s
	}
	var out strings.Builder
	var pending []byte
	name, last := "", 0
	flush := func() {
		out.WriteString(charset.Decode(pending, name))
		pending = nil
	}
	for _, at := range encodedWord.FindAllStringSubmatchIndex(s, -1) {
		between := s[last:at[0]]
		next, _, _ := strings.Cut(strings.ToLower(s[at[2]:at[3]]), "*")
		joined := last > 0 && strings.TrimSpace(between) == ""
		if !joined || next != name {
			flush()
		}
		if !joined {
			out.WriteString(between)
		}
		name = next
		pending = append(pending, decodeWord(s[at[4]] == 'b' || s[at[4]] == 'B', s[at[6]:at[7]])...)
		last = at[1]
	}
	flush()
	out.WriteString(s[last:])
	return out.String()
}

func decodeWord(isBase64 bool, s string) []byte {
	if isBase64 {
		return decodeBase64([]byte(s))
	}
	return decodeQuoted([]byte(strings.ReplaceAll(s, "_", " ")), true)
}

// decodeBase64 takes what looks like base64 and skips the rest.
func decodeBase64(b []byte) []byte {
	clean := make([]byte, 0, len(b))
	var out []byte
	flush := func() {
		decoded := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
		n, _ := base64.RawStdEncoding.Decode(decoded, clean)
		out = append(out, decoded[:n]...)
		clean = clean[:0]
	}
	for _, c := range b {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
			clean = append(clean, c)
		case c == '-':
			clean = append(clean, '+')
		case c == '_':
			clean = append(clean, '/')
		case c == '=':
			flush() // padding: what follows is a new piece
		}
	}
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	flush()
	return out
}

// decodeQuoted is quoted-printable that never fails: a "=" that starts no
// escape stays.
func decodeQuoted(b []byte, inWord bool) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c != '=' {
			out = append(out, c)
			continue
		}
		if i+2 < len(b) {
			if hi, lo := unhex(b[i+1]), unhex(b[i+2]); hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		if end := softBreak(b[i+1:]); !inWord && end >= 0 {
			i += end
			continue
		}
		out = append(out, c)
	}
	return out
}

// softBreak is the length of white space and line end after "=", or -1.
func softBreak(b []byte) int {
	for i, c := range b {
		switch c {
		case '\n':
			return i + 1
		case ' ', '\t', '\r':
		default:
			return -1
		}
	}
	return len(b)
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// oneLine turns control characters into spaces and drops what changes the
// direction or hides in the line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case hidden(r):
			return -1
		}
		return r
	}, charset.Clean(s))
}

// hidden are characters that disguise a name: direction overrides and
// characters without width. The joiners that Persian and emoji need stay.
func hidden(r rune) bool {
	switch {
	case r == '\u200b', r == '\u200e', r == '\u200f', r == '\ufeff', r == '\u00ad', r == '\u2060', r == '\u180e':
		return true
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return true
	}
	return false
}

// displayName is a person's name for the screen.
func displayName(s string) string {
	return cutText(strings.Join(strings.Fields(oneLine(decodeWords(s))), " "), maxName)
}

// maxFileName bounds a file name in bytes, as most file systems do.
const maxFileName = 200

// fileName is a name that can stand beside others in a folder: no path, no
// disguise, its extension kept when it is cut.
func fileName(s string) string {
	s = oneLine(decodeWords(s))
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	s = strings.Trim(strings.Join(strings.Fields(s), " "), " ")
	s = strings.ReplaceAll(s, "\u200d", "")
	if s == "." || s == ".." {
		return ""
	}
	if len(s) > maxFileName {
		extension := ""
		if i := strings.LastIndexByte(s, '.'); i > 0 && len(s)-i <= 12 {
			extension = s[i:]
		}
		s = strings.ToValidUTF8(s[:maxFileName-len(extension)], "") + extension
	}
	return s
}
