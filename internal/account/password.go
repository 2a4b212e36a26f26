package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"rapport/internal/platform/fault"
)

// Costs of argon2id: about 25 ms and 19 MiB for each password.
const (
	hashTime    = 2
	hashMemory  = 19 * 1024 // KiB
	hashThreads = 1
	hashSize    = 32
	saltSize    = 16
	hashFormat  = "$argon2id$v=19$m=%d,t=%d,p=%d$"
)

// hasher makes and checks password hashes, few at once: each takes a core and
// its memory, and a flood of sign-ins must not take the machine.
type hasher struct{ slots chan struct{} }

func newHasher() hasher { return hasher{make(chan struct{}, 2)} }

// key waits for a slot and runs argon2id.
func (h hasher) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, fault.As("account.hash", fault.Unavailable, "", ctx.Err())
	}
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, hashTime, hashMemory, hashThreads, hashSize), nil
}

// hash returns the text to store for a password.
func (h hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	key, err := h.key(ctx, password, salt)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding
	return fmt.Sprintf(hashFormat, hashMemory, hashTime, hashThreads) + enc.EncodeToString(salt) + "$" + enc.EncodeToString(key), nil
}

// verify reports whether password is the one behind stored. It takes as long
// for an empty stored hash, which no password matches.
func (h hasher) verify(ctx context.Context, stored, password string) (bool, error) {
	salt, want, known := parseHash(stored)
	if !known {
		salt, want = make([]byte, saltSize), make([]byte, hashSize)
	}
	if len(password) > 4*maxPassword {
		password = "" // no stored password is as long
	}
	got, err := h.key(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

func parseHash(stored string) (salt, key []byte, ok bool) {
	rest, ok := strings.CutPrefix(stored, fmt.Sprintf(hashFormat, hashMemory, hashTime, hashThreads))
	if !ok {
		return nil, nil, false
	}
	s, k, _ := strings.Cut(rest, "$")
	salt, errSalt := base64.RawStdEncoding.DecodeString(s)
	key, errKey := base64.RawStdEncoding.DecodeString(k)
	return salt, key, errSalt == nil && errKey == nil && len(key) == hashSize
}

const (
	minPassword = 8
	maxPassword = 128
)

// password checks a new password: long enough and not among the first that are
// tried. about holds what is known of the person and therefore too easy.
func (f *form) password(path, v string, about ...string) string {
	switch n := utf8.RuneCountInString(v); {
	case n < minPassword:
		f.fail(path, "The password is too short: use at least 8 characters. A few words in a row are good.")
	case n > maxPassword:
		f.fail(path, "The password is too long: use at most 128 characters.")
	case tooEasy(v, about):
		f.fail(path, "This password is among the first that are tried. Choose another one; a few words in a row are good.")
	}
	return v
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
	v = foldName(v)
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
		if a = foldName(a); a != "" && (v == a || bare == a) {
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
