package proof

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

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

// Hasher makes and checks password hashes, two at once: each takes a core and
// its memory, and a flood of sign-ins must not take the machine.
type Hasher struct{ slots chan struct{} }

// NewHasher makes the one hasher of a process.
func NewHasher() Hasher { return Hasher{make(chan struct{}, 2)} }

// key waits for a slot and runs argon2id.
func (h Hasher) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, fault.As("proof.Hash", fault.Unavailable, "", ctx.Err())
	}
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, hashTime, hashMemory, hashThreads, hashSize), nil
}

// Hash returns the text to store for a password.
func (h Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	key, err := h.key(ctx, password, salt)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding
	return fmt.Sprintf(hashFormat, hashMemory, hashTime, hashThreads) + enc.EncodeToString(salt) + "$" + enc.EncodeToString(key), nil
}

// Verify reports whether password is the one behind stored. It takes as long
// for an empty stored hash, which no password matches.
func (h Hasher) Verify(ctx context.Context, stored, password string) (bool, error) {
	salt, want, known := parseHash(stored)
	if !known {
		salt, want = make([]byte, saltSize), make([]byte, hashSize)
	}
	if len(password) > 4*MaxPassword {
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
