package webpush

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"rapport/internal/platform/clock"
)

// The example of RFC 8291, appendix A, byte for byte.
func TestTheExampleOfTheRFC(t *testing.T) {
	read := func(s string) []byte {
		b, err := Text(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	own, err := ecdh.P256().NewPrivateKey(read("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
	if err != nil {
		t.Fatal(err)
	}
	s := Subscription{P256DH: read("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"), Auth: read("BTBZMqHH6r4Tts7J_aSIgg==")}
	if err := s.Checked(); err != nil {
		t.Fatal(err)
	}
	got, err := s.seal([]byte("When I grow up, I want to be a watermelon"), own, read("DGv6ra1nlYgDCS1FRnbzlw"))
	want := "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
	if err != nil || base64.RawURLEncoding.EncodeToString(got) != want {
		t.Errorf("%s, %v", base64.RawURLEncoding.EncodeToString(got), err)
	}
	a, _ := s.encrypt([]byte("twice"))
	b, _ := s.encrypt([]byte("twice"))
	if bytes.Equal(a, b) || len(a) == 0 {
		t.Error("two messages are encrypted alike")
	}
	full, err := s.encrypt(make([]byte, MaxPayload))
	if err != nil || len(full) > recordSize {
		t.Errorf("the longest message takes %d bytes, %v", len(full), err)
	}
	if _, err := s.encrypt(make([]byte, MaxPayload+1)); err == nil {
		t.Error("a longer one is let through")
	}
}

func TestBrokenKeysAreRefused(t *testing.T) {
	good := Subscription{P256DH: elliptic.Marshal(elliptic.P256(), elliptic.P256().Params().Gx, elliptic.P256().Params().Gy), Auth: make([]byte, 16)}
	if err := good.Checked(); err != nil {
		t.Fatal(err)
	}
	outside := bytes.Clone(good.P256DH)
	outside[40] ^= 1 // not on the curve
	for name, s := range map[string]Subscription{"nothing": {}, "short": {P256DH: good.P256DH[:64], Auth: good.Auth}, "no point": {P256DH: outside, Auth: good.Auth}, "short secret": {P256DH: good.P256DH, Auth: make([]byte, 15)}} {
		if s.Checked() == nil {
			t.Errorf("%s is taken", name)
		}
	}
	for address, ok := range map[string]bool{"https://push.example/a": true, "http://push.example/a": false, "http://127.0.0.1:5/a": true, "ftp://push.example": false, "": false, "https://": false,
		"https://me:secret@push.example/": false, "javascript:alert(1)": false, "https://push.example/" + strings.Repeat("a", 1000): false} {
		if (Endpoint(address) == nil) != ok {
			t.Errorf("%q: %v", address, Endpoint(address))
		}
	}
}

// RFC 8292: the token names the service, ends within a day, and is signed by the
// key that is shown.
func TestTheSenderShowsWhoItIs(t *testing.T) {
	made, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := made.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	k, err := ParseKey(kept)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	header, err := k.header("https://push.example:8443/abc?d=e", "https://rapport.example", now)
	if err != nil {
		t.Fatal(err)
	}
	token, public, ok := strings.Cut(strings.TrimPrefix(header, "vapid t="), ", k=")
	parts := strings.Split(token, ".")
	if !ok || len(parts) != 3 {
		t.Fatalf("%q", header)
	}
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	body, _ := Text(parts[1])
	if err := json.Unmarshal(body, &claims); err != nil || claims.Aud != "https://push.example:8443" || claims.Sub != "https://rapport.example" || claims.Exp <= now.Unix() || claims.Exp > now.Add(24*time.Hour).Unix() {
		t.Errorf("%s, %v", body, err)
	}
	point, _ := Text(public)
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		t.Fatal(err)
	}
	signature, _ := Text(parts[2])
	hash := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if len(signature) != 64 || !ecdsa.Verify(key, hash[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Error("the signature is not good")
	}
}

func TestWhatPushServicesAnswer(t *testing.T) {
	s := &Sender{clock: clock.NewFake(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC))}
	for _, c := range []struct {
		code   int
		header string
		want   Answer
	}{
		{201, "", Answer{}}, {202, "", Answer{}}, {404, "", Answer{Outcome: Gone}}, {410, "", Answer{Outcome: Gone}}, {403, "", Answer{Outcome: Gone}},
		{400, "", Answer{Outcome: Refused}}, {413, "", Answer{Outcome: Refused}}, {429, "30", Answer{Wait, 30 * time.Second}}, {503, "", Answer{Wait, 0}},
		{429, "Sat, 21 Nov 2026 09:02:00 GMT", Answer{Wait, 2 * time.Minute}}, {429, "Sat, 21 Nov 2026 08:00:00 GMT", Answer{Wait, 0}}, {500, "999999999", Answer{Wait, time.Hour}}, {500, "-5", Answer{Wait, 0}},
	} {
		got, err := s.judge(&http.Response{StatusCode: c.code, Header: http.Header{"Retry-After": {c.header}}})
		if got != c.want || (err == nil) != (got.Outcome == Taken) {
			t.Errorf("%d %q: %+v, %v", c.code, c.header, got, err)
		}
	}
}
