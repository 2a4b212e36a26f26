// Package text tidies what people and machines outside wrote, so that a
// database and a list can hold it.
package text

import (
	"strings"
	"unicode"
)

// Line makes one line of at most limit characters: white space collapsed,
// control characters and broken bytes gone.
func Line(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return cut(strings.Join(strings.Fields(s), " "), limit)
}

// Lines keeps lines and tabs and is otherwise like Line, without collapsing.
func Lines(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return cut(strings.TrimSpace(s), limit)
}

// Whole is s without what a database refuses: NUL and broken bytes.
func Whole(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

func cut(s string, limit int) string {
	for i := range s {
		if limit--; limit < 0 {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// Containing is the LIKE pattern (ESCAPE '\') for texts that contain part.
func Containing(part string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(part) + "%"
}
