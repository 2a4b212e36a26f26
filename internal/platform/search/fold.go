// Package search is the one text analyser of the product.
package search

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold maps texts that a person takes for the same to one text: it drops case,
// width, compatibility forms and the marks of Latin, Greek and Cyrillic
// letters. It keeps marks that make another letter, as in kana and Hangul.
// Folding twice changes nothing.
func Fold(s string) string {
	if plain(s) {
		return strings.ToLower(s)
	}
	s = strings.ToLower(norm.NFKC.String(strings.ToValidUTF8(s, "")))
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		if r >= firstMark && r <= lastMark {
			continue
		}
		if plain, ok := letters[r]; ok {
			b.WriteString(plain)
			continue
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// The block of combining diacritical marks.
const firstMark, lastMark = '\u0300', '\u036f'

// letters are those that Unicode does not take apart.
var letters = map[rune]string{
	'ł': "l", 'ø': "o", 'đ': "d", 'ħ': "h", 'ŧ': "t", 'ı': "i", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ð': "d", 'ς': "σ",
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
