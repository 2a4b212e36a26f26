package proof

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"rapport/internal/platform/token"
)

const (
	stepTime      = 30 // seconds
	recoveryCodes = 10
)

// NewSecret makes the secret of a second step and the address that an
// authenticator app reads as a QR code.
func NewSecret(email string) (secret, uri string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Rapport", AccountName: email, SecretSize: 20, Rand: rand.Reader})
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.URL(), nil
}

// MatchStep finds the time step, after last and at most one away from now,
// whose code this is.
func MatchStep(secret, code string, now time.Time, last int64) (step int64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	current := now.Unix() / stepTime
	for candidate := current - 1; candidate <= current+1; candidate++ {
		want, err := totp.GenerateCode(secret, time.Unix(candidate*stepTime, 0))
		if err == nil && token.Equal(code, want) && candidate > last {
			step, ok = candidate, true
		}
	}
	return step, ok
}

// NewRecoveryCodes makes ten codes of 80 bits, written in groups of four, and
// the hashes to store.
func NewRecoveryCodes() (plain, hashes []string) {
	for range recoveryCodes {
		b := make([]byte, 10)
		rand.Read(b)
		c := strings.ToLower(base32.StdEncoding.EncodeToString(b))
		plain = append(plain, c[:4]+"-"+c[4:8]+"-"+c[8:12]+"-"+c[12:])
		hashes = append(hashes, token.Hash(c))
	}
	return plain, hashes
}

// HashRecoveryCode is the stored hash of a recovery code, however it was typed.
func HashRecoveryCode(code string) string {
	code = strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(strings.TrimSpace(code)))
	return token.Hash(code)
}
