package webpush

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"time"

	"rapport/internal/platform/fault"
)

// tokenLife is how long what shows who we are is good for; a day is allowed.
const tokenLife = 12 * time.Hour

// Key is what an installation signs with, so that push services know that two
// messages come from one sender.
type Key struct{ private *ecdsa.PrivateKey }

// NewKey makes a key.
func NewKey() (Key, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return Key{private}, fault.Wrap("webpush.NewKey", err)
}

// ParseKey reads what Bytes has written.
func ParseKey(b []byte) (Key, error) {
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), b)
	return Key{private}, fault.Wrap("webpush.ParseKey", err)
}

// Bytes is the key itself; it belongs under seal.
func (k Key) Bytes() ([]byte, error) { return k.private.Bytes() }

// Public is the half that browsers are given, as they take it.
func (k Key) Public() (string, error) {
	b, err := k.private.PublicKey.Bytes()
	return base64.RawURLEncoding.EncodeToString(b), fault.Wrap("webpush.Public", err)
}

// header shows a push service who sends, and whom to write to about it.
func (k Key) header(endpoint, contact string, now time.Time) (string, error) {
	const op = "webpush.header"
	to, err := url.Parse(endpoint)
	if err != nil {
		return "", fault.Wrap(op, err)
	}
	claims, err := json.Marshal(map[string]any{"aud": to.Scheme + "://" + to.Host, "exp": now.Add(tokenLife).Unix(), "sub": contact})
	if err != nil {
		return "", fault.Wrap(op, err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + encode(claims)
	hash := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, k.private, hash[:])
	if err != nil {
		return "", fault.Wrap(op, err)
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	public, err := k.Public()
	return "vapid t=" + signed + "." + encode(signature) + ", k=" + public, err
}
