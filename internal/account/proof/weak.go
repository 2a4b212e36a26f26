package proof

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Lengths of a password, in characters.
const (
	MinPassword = 8
	MaxPassword = 128
)

// Refuse says what is wrong with a new password, or "" when it will do: it is
// long enough and not among the first that are tried. about holds what is
// known of the person and therefore too easy.
func Refuse(password string, about ...string) string {
	if words := RefuseLength(password); words != "" {
		return words
	}
	if tooEasy(password, about) {
		return "This password is among the first that are tried. Choose another one; a few words in a row are good."
	}
	return ""
}

// RefuseLength is the part of Refuse about the length alone.
func RefuseLength(password string) string {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return "The password is too short: use at least 8 characters. A few words in a row are good."
	case n > MaxPassword:
		return "The password is too long: use at most 128 characters."
	}
	return ""
}

// roots are the beginnings of the passwords found most often in the open; with
// digits and signs around them they are no better.
var roots = []string{
	"password", "passwort", "passw0rd", "p@ssw0rd", "p@ssword", "haslo", "hasło", "qwerty", "qwertyuiop", "qwertz", "asdfgh", "asdfghjk", "asdfghjkl",
	"zxcvbn", "zxcvbnm", "iloveyou", "welcome", "letmein", "football", "baseball", "sunshine", "princess", "superman", "starwars",
	"trustno", "whatever", "computer", "internet", "changeme", "default", "dragon", "monkey", "master", "shadow", "michael", "admin",
	"administrator", "root", "test", "guest", "secret", "abc", "abcdef", "abcdefgh", "qazwsx", "qazwsxedc", "polska", "korea", "dkssud", "dkssudgktpdy", "비밀번호", "rapport",
}

func tooEasy(v string, about []string) bool {
	v = fold(v)
	if digitsOrOneSign(v) {
		return true
	}
	bare := strings.Trim(v, "0123456789!@#$%^&*?.,-_+= ")
	for _, r := range roots {
		if bare == r || bare == r+r {
			return true
		}
	}
	for _, a := range about {
		if a = fold(a); a != "" && (v == a || bare == a) {
			return true
		}
	}
	return false
}

// digitsOrOneSign reports short runs of digits and repetitions of one or two
// signs.
func digitsOrOneSign(v string) bool {
	seen := map[rune]bool{}
	digits := true
	for _, c := range v {
		seen[c] = true
		digits = digits && c >= '0' && c <= '9'
	}
	return digits && len(v) < 15 || len(seen) <= 2
}

func fold(v string) string { return strings.ToLower(norm.NFKC.String(v)) }
