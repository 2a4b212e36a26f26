package visitor

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// claims are what a company signs of a visitor: a JWT with HS256, the chat's
// identity secret, and the chat's public name as audience.
type claims struct {
	Subject  string   `json:"sub"`
	Audience audience `json:"aud"`
	Expires  *number  `json:"exp"`
	Before   *number  `json:"nbf"`
	Issued   *number  `json:"iat"`
	Email    string   `json:"email"`
	Name     string   `json:"name"`
	// EmailVerified is taken for granted: whoever signs an address vouches for it.
	EmailVerified *bool `json:"email_verified"`
}

// Limits of an identity.
const (
	maxIdentity = 4 << 10
	maxSubject  = 200
	maxLifetime = 24 * time.Hour
	skew        = time.Minute // between the clocks of two servers
)

var errIdentity = errors.New("the identity is not what the company signs")

// readIdentity checks a JWT and returns what it says. Nothing in it chooses how
// it is checked: any algorithm but HS256 is refused.
func readIdentity(jwt, secret, siteKey string, now time.Time) (claims, error) {
	var c claims
	parts := strings.Split(jwt, ".")
	if secret == "" || len(jwt) > maxIdentity || len(parts) != 3 {
		return c, errIdentity
	}
	var header struct {
		Algorithm string          `json:"alg"`
		Type      string          `json:"typ"`
		Critical  json.RawMessage `json:"crit"`
	}
	if err := readPart(parts[0], &header); err != nil {
		return c, err
	}
	if header.Algorithm != "HS256" || header.Critical != nil || header.Type != "" && !strings.EqualFold(header.Type, "JWT") {
		return c, errIdentity
	}
	mac := hmac.New(sha256.New, []byte(secret))
	io.WriteString(mac, parts[0]+"."+parts[1])
	signed, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil || !hmac.Equal(signed, mac.Sum(nil)) {
		return c, errIdentity
	}
	if err := readPart(parts[1], &c); err != nil {
		return c, err
	}
	return c, c.check(siteKey, now)
}

func (c claims) check(siteKey string, now time.Time) error {
	if c.Subject == "" || !utf8.ValidString(c.Subject) || utf8.RuneCountInString(c.Subject) > maxSubject || strings.TrimSpace(c.Subject) != c.Subject || strings.ContainsFunc(c.Subject, func(r rune) bool { return r < ' ' }) {
		return errIdentity
	}
	if siteKey == "" || !slices.Contains(c.Audience, siteKey) || c.Expires == nil {
		return errIdentity
	}
	ends := c.Expires.time()
	if !now.Before(ends.Add(skew)) || ends.After(now.Add(maxLifetime+skew)) {
		return errIdentity
	}
	for _, t := range []*number{c.Before, c.Issued} {
		if t != nil && t.time().After(now.Add(skew)) {
			return errIdentity
		}
	}
	return nil
}

func readPart(part string, into any) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return errIdentity
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(into); err != nil {
		return errIdentity
	}
	if _, err := d.Token(); err != io.EOF {
		return errIdentity
	}
	return nil
}

// number is a NumericDate: seconds, perhaps with a fraction.
type number float64

func (n *number) UnmarshalJSON(b []byte) error {
	var f float64
	if err := json.Unmarshal(b, &f); err != nil || string(b) == "null" || f < 0 || f > 1<<40 {
		return errIdentity
	}
	*n = number(f)
	return nil
}

func (n number) time() time.Time { return time.UnixMicro(int64(float64(n) * 1e6)) }

// audience is one name or several.
type audience []string

func (a *audience) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*a = audience{one}
		return nil
	}
	var many []string
	if err := json.Unmarshal(b, &many); err != nil {
		return errIdentity
	}
	*a = many
	return nil
}
