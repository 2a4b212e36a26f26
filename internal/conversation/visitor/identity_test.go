package visitor

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"time"
)

const (
	testKey  = "4nq2x7sxkq5d2h6m3c7y5w2p6t4r3e2u"
	testSite = "st_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
)

// SEC-36: what is not exactly what the company signs for this chat, now, is
// refused.
func TestSEC36Identities(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	hs := fields{"alg": "HS256", "typ": "JWT"}
	claim := func(change fields) fields {
		c := fields{"sub": "u-17", "aud": testSite, "exp": now.Add(time.Hour).Unix(), "iat": now.Unix(), "email": "ewa@harbour.example"}
		for name, v := range change {
			if c[name] = v; v == nil {
				delete(c, name)
			}
		}
		return c
	}
	good := sign(hs, claim(nil), testKey)
	private, _ := rsa.GenerateKey(rand.Reader, 2048)
	rs := sign(fields{"alg": "RS256"}, claim(nil), testKey)
	body := rs[:strings.LastIndexByte(rs, '.')]
	sum := sha256.Sum256([]byte(body))
	rsSigned, _ := rsa.SignPKCS1v15(nil, private, crypto.SHA256, sum[:])
	unsigned := sign(fields{"alg": "none"}, claim(nil), "")
	parts := strings.Split(good, ".")
	for name, c := range map[string]struct {
		jwt string
		ok  bool
	}{
		"what the company signs":                {good, true},
		"without a type":                        {sign(fields{"alg": "HS256"}, claim(nil), testKey), true},
		"several audiences":                     {sign(hs, claim(fields{"aud": []string{"other", testSite}}), testKey), true},
		"the last second of a day":              {sign(hs, claim(fields{"exp": now.Add(24 * time.Hour).Unix()}), testKey), true},
		"a clock that is half a minute fast":    {sign(hs, claim(fields{"iat": now.Add(30 * time.Second).Unix(), "nbf": now.Add(30 * time.Second).Unix()}), testKey), true},
		"a time with a fraction":                {sign(hs, claim(fields{"exp": float64(now.Unix()) + 60.5}), testKey), true},
		"alg none, nothing signed":              {unsigned[:strings.LastIndexByte(unsigned, '.')+1], false},
		"alg none, signed":                      {sign(fields{"alg": "none"}, claim(nil), testKey), false},
		"alg None":                              {sign(fields{"alg": "None"}, claim(nil), testKey), false},
		"alg missing":                           {sign(fields{"typ": "JWT"}, claim(nil), testKey), false},
		"alg HS512":                             {sign(fields{"alg": "HS512"}, claim(nil), testKey), false},
		"RS256, signed with our secret":         {rs, false},
		"RS256, signed with a private key":      {body + "." + base64.RawURLEncoding.EncodeToString(rsSigned), false},
		"another type":                          {sign(fields{"alg": "HS256", "typ": "secevent+jwt"}, claim(nil), testKey), false},
		"a critical extension":                  {sign(fields{"alg": "HS256", "crit": []string{"b64"}}, claim(nil), testKey), false},
		"another key":                           {sign(hs, claim(nil), "another key"), false},
		"an empty key":                          {sign(hs, claim(nil), ""), false},
		"expired":                               {sign(hs, claim(fields{"exp": now.Add(-2 * time.Minute).Unix()}), testKey), false},
		"no exp":                                {sign(hs, claim(fields{"exp": nil}), testKey), false},
		"exp null":                              {sign(hs, `{"sub":"u-17","aud":"`+testSite+`","exp":null}`, testKey), false},
		"exp as text":                           {sign(hs, claim(fields{"exp": "tomorrow"}), testKey), false},
		"exp negative":                          {sign(hs, claim(fields{"exp": -1}), testKey), false},
		"exp beyond all numbers":                {sign(hs, `{"sub":"u-17","aud":"`+testSite+`","exp":1e300}`, testKey), false},
		"exp too far":                           {sign(hs, claim(fields{"exp": now.Add(24*time.Hour + 2*time.Minute).Unix()}), testKey), false},
		"not valid yet":                         {sign(hs, claim(fields{"nbf": now.Add(time.Hour).Unix()}), testKey), false},
		"issued in the future":                  {sign(hs, claim(fields{"iat": now.Add(time.Hour).Unix()}), testKey), false},
		"another audience":                      {sign(hs, claim(fields{"aud": "st_other"}), testKey), false},
		"no audience":                           {sign(hs, claim(fields{"aud": nil}), testKey), false},
		"an audience that only begins the same": {sign(hs, claim(fields{"aud": testSite + "x"}), testKey), false},
		"no subject":                            {sign(hs, claim(fields{"sub": nil}), testKey), false},
		"an empty subject":                      {sign(hs, claim(fields{"sub": ""}), testKey), false},
		"a subject of spaces":                   {sign(hs, claim(fields{"sub": " u-17"}), testKey), false},
		"a subject with a NUL":                  {sign(hs, claim(fields{"sub": "u\x00"}), testKey), false},
		"a long subject":                        {sign(hs, claim(fields{"sub": strings.Repeat("u", 201)}), testKey), false},
		"a changed payload":                     {parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"u-18"}`)) + "." + parts[2], false},
		"padding":                               {good + "=", false},
		"other bits of the last letter":         {good[:len(good)-1] + string(good[len(good)-1]+1), false},
		"two parts":                             {parts[0] + "." + parts[1], false},
		"four parts":                            {good + ".x", false},
		"five parts, as if encrypted":           {"a.b.c.d.e", false},
		"garbage":                               {"\x00\xff", false},
		"nothing":                               {"", false},
		"dots":                                  {"..", false},
		"too long":                              {sign(hs, claim(fields{"x": strings.Repeat("x", 5000)}), testKey), false},
		"two values in one part":                {sign(hs, `{"sub":"u-17","aud":"`+testSite+`","exp":1800003600}{}`, testKey), false},
		"a list":                                {sign(hs, `[]`, testKey), false},
		"deep":                                  {sign(hs, strings.Repeat("[", 2000), testKey), false},
	} {
		got, err := readIdentity(c.jwt, testKey, testSite, now)
		if (err == nil) != c.ok || c.ok && got.Subject != "u-17" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := readIdentity(sign(hs, claim(nil), ""), "", testSite, now); err == nil {
		t.Error("a chat without a secret takes what is signed with none")
	}
}

// FuzzIdentity: whatever comes, it is refused or was signed with the key.
func FuzzIdentity(f *testing.F) {
	now := time.Unix(1_800_000_000, 0)
	good := sign(fields{"alg": "HS256"}, fields{"sub": "u", "aud": testSite, "exp": now.Unix() + 60}, testKey)
	for _, seed := range []string{good, "..", good[:20], sign(fields{"alg": "none"}, fields{}, testKey), strings.Repeat(".", 50)} {
		f.Add(seed, "{}")
	}
	f.Fuzz(func(t *testing.T, jwt, payload string) {
		if c, err := readIdentity(jwt, testKey, testSite, now); err == nil && jwt != good {
			t.Errorf("taken without the key: %+v", c)
		}
		c, err := readIdentity(sign(`{"alg":"HS256"}`, payload, testKey), testKey, testSite, now) // any payload, properly signed
		if err == nil && (c.Subject == "" || c.Expires == nil || c.Expires.time().Sub(now) > maxLifetime+skew) {
			t.Errorf("taken: %+v", c)
		}
		if _, err := readIdentity(sign(payload, `{"sub":"u"}`, "another key"), testKey, testSite, now); err == nil {
			t.Error("taken with another key")
		}
	})
}
