// Package charset turns bytes of mail into text: by the charset the mail
// declares where that fits, by a guess where it does not or is missing.
package charset

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// encodingOf finds a charset by any name mail uses for it.
func encodingOf(charset string) encoding.Encoding {
	charset = strings.ToLower(strings.Trim(strings.TrimSpace(charset), `"'`))
	switch charset {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "utf-7", "unicode-1-1-utf-7":
		return nil
	case "cp949", "ms949", "uhc", "ksc5601", "ks_c_5601", "ksc_5601", "korean", "euckr", "windows-949", "x-windows-949":
		return korean.EUCKR
	case "cp932", "ms932", "sjis", "shift-jis", "windows-932", "x-sjis":
		return japanese.ShiftJIS
	case "cp936", "gb_2312-80", "gb2312-80", "ms936":
		return simplifiedchinese.GB18030
	case "cp950", "big-5":
		return traditionalchinese.Big5
	case "latin1", "latin-1", "iso8859-1", "iso-8859-1-windows-1252", "8859_1", "iso-8859":
		return charmap.Windows1252
	}
	if e, err := htmlindex.Get(charset); err == nil {
		return e
	}
	if number, ok := strings.CutPrefix(charset, "cp"); ok {
		if e, err := htmlindex.Get("windows-" + strings.TrimPrefix(number, "-")); err == nil {
			return e
		}
	}
	if e, err := ianaindex.MIME.Encoding(charset); err == nil {
		return e
	}
	return nil
}

// Decode is b as text, by the declared charset if that fits and by a guess if
// not. The result is storable as Clean makes it.
func Decode(b []byte, declared string) string {
	if isUTF7(declared) {
		return decodeUTF7(b)
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	charset := Of(b, declared)
	e := encodingOf(charset)
	if charset == "utf-16" {
		e = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	if e == nil {
		return Clean(string(b))
	}
	decoded, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return Clean(string(b))
	}
	return Clean(string(decoded))
}

// Clean makes s storable: valid UTF-8, no NUL.
func Clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// Of settles which charset b is in: the declared one unless it is
// unknown or the bytes contradict it.
func Of(b []byte, declared string) string {
	declared = strings.ToLower(strings.Trim(strings.TrimSpace(declared), `"'`))
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
		return "utf-16"
	}
	e := encodingOf(declared)
	switch {
	case strings.HasPrefix(declared, "utf-16") && !bytes.Contains(b, []byte{0}) && utf8.Valid(b):
		return "utf-8" // whoever declared it did not do it
	case e != nil && (stateful(declared) || !contradicts(b, e, declared)):
		return declared
	case bytes.Contains(b, []byte("\x1b$")) || bytes.Contains(b, []byte("\x1b(J")):
		return "iso-2022-jp"
	case utf8.Valid(b):
		return "utf-8"
	case mostlyUTF8(b):
		return "utf-8" // a few broken characters, such as a cut at the end
	}
	return guess(b)
}

// stateful charsets are ASCII on the wire, so the bytes tell nothing.
func stateful(charset string) bool {
	return strings.HasPrefix(charset, "iso-2022") || strings.HasPrefix(charset, "utf-16") || strings.HasPrefix(charset, "utf-32") || charset == "hz-gb-2312"
}

// contradicts reports whether b cannot be in the declared charset: it is
// UTF-8 under a one-byte name, or decoding leaves holes.
func contradicts(b []byte, e encoding.Encoding, declared string) bool {
	if isASCII(b) {
		return false
	}
	if _, oneByte := e.(*charmap.Charmap); oneByte {
		return utf8.Valid(b) && plausibleUTF8(b)
	}
	decoded, err := e.NewDecoder().Bytes(b[:min(len(b), 4*guessSample)])
	if err != nil {
		return true
	}
	holes := bytes.Count(decoded, []byte("\uFFFD"))
	return holes*20 > utf8.RuneCount(decoded) && (utf8.Valid(b) || holes > 3)
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// plausibleUTF8 asks for more than one character or a long one: two bytes
// alone may be two Latin letters.
func plausibleUTF8(b []byte) bool {
	found := 0
	for i := 0; i < len(b) && found < 2; {
		_, size := utf8.DecodeRune(b[i:])
		found += size - 1
		i += size
	}
	return found >= 2
}

func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		i += size
	}
	return good > 10*bad
}

func isUTF7(charset string) bool {
	return strings.EqualFold(charset, "utf-7") || strings.EqualFold(charset, "unicode-1-1-utf-7")
}

// decodeUTF7 reads RFC 2152: "+" opens base64 of UTF-16, "-" closes it.
func decodeUTF7(b []byte) string {
	var out strings.Builder
	s := string(b)
	for {
		before, rest, found := strings.Cut(s, "+")
		out.WriteString(before)
		if !found {
			return Clean(out.String())
		}
		end := 0
		for end < len(rest) && (rest[end] >= 'A' && rest[end] <= 'Z' || rest[end] >= 'a' && rest[end] <= 'z' ||
			rest[end] >= '0' && rest[end] <= '9' || rest[end] == '+' || rest[end] == '/') {
			end++
		}
		if end == 0 {
			out.WriteByte('+')
		}
		raw, _ := base64.RawStdEncoding.DecodeString(rest[:end])
		units := make([]uint16, 0, len(raw)/2)
		for i := 0; i+1 < len(raw); i += 2 {
			units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
		}
		out.WriteString(string(utf16.Decode(units)))
		s = strings.TrimPrefix(rest[end:], "-")
	}
}
