// Package token makes and checks secrets that are handed out once and stored
// only as hashes: sessions, API keys, invitations, reset and setup links.
package token

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"strings"
)

// size is 160 bits: out of reach of guessing, so a plain SHA-256 is enough to
// store it.
const size = 20

var encoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// New makes a secret that begins with prefix ("" for none), and the hash to
// store in its place. The secret is safe in addresses, headers and file names.
func New(prefix string) (plain, hash string) {
	var b [size]byte
	rand.Read(b[:]) // never fails: the runtime ends the process first
	plain = prefix + strings.ToLower(encoding.EncodeToString(b[:]))
	return plain, Hash(plain)
}

// Hash is what is stored and looked up for plain.
func Hash(plain string) string {
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:])
}

// Formed reports whether plain has the shape New gives it with this prefix. It
// spares the database a look-up of what can be no token; it proves nothing.
func Formed(prefix, plain string) bool {
	rest, ok := strings.CutPrefix(plain, prefix)
	if !ok || len(rest) != encoding.EncodedLen(size) {
		return false
	}
	for _, c := range []byte(rest) {
		if (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

// Equal compares two secrets in a time that says nothing about either.
func Equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
