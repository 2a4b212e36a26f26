package proof

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/text/unicode/norm"
)

func TestPasswords(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"the-dog-eats-at-seven":    true,
		"zielona łąka o świcie":    true,
		strings.Repeat("ab c", 32): true,
		"kX9$vv2!":                 true,
		"short":                    false,
		strings.Repeat("a", 129):   false,
		"aaaaaaaaaa":               false,
		"12345678":                 false,
		"password":                 false,
		"Password123!":             false,
		"qwerty12345":              false,
		"Hanna2026!":               false,
		"hanna@miska.example":      false,
	} {
		if words := Refuse(in, "hanna@miska.example", "Hanna"); (words == "") != want {
			t.Errorf("Refuse(%q) = %q", in, words)
		}
	}
}

func TestDelaysGrowAndAreForgotten(t *testing.T) {
	t.Parallel()
	l := Limit{Free: 3, First: 10 * time.Second, Longest: time.Minute, Forget: time.Hour}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var tl Tally
	var wait time.Duration
	for i, want := range []time.Duration{0, 0, 10 * time.Second, 20 * time.Second, 40 * time.Second, time.Minute, time.Minute} {
		if tl, wait = l.Next(tl, now); wait != 0 {
			t.Fatalf("attempt %d had to wait %v", i, wait)
		}
		if _, wait = l.Next(tl, now); wait != want {
			t.Fatalf("after attempt %d the wait is %v, want %v", i, wait, want)
		}
		if want == 0 {
			continue
		}
		if again, _ := l.Next(tl, now); again != tl {
			t.Fatal("a blocked attempt was counted")
		}
		now = now.Add(want)
	}
	tl.Failures = 1 << 40 // no overflow
	if tl, _ = l.Next(tl, now); tl.BlockedUntil != now.Add(time.Minute) {
		t.Fatalf("blocked until %v", tl.BlockedUntil)
	}
	if tl, wait = l.Next(tl, now.Add(2*time.Hour)); wait != 0 || tl.Failures != 1 {
		t.Fatalf("after the pause: %+v, wait %v", tl, wait)
	}
}

func TestHashes(t *testing.T) {
	t.Parallel()
	ctx, h := context.Background(), NewHasher()
	stored, err := h.Hash(ctx, "가나다 password one")
	if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatal(stored, err)
	}
	for _, c := range []struct {
		stored, password string
		want             bool
	}{
		{stored, "가나다 password one", true},
		{stored, norm.NFD.String("가나다 password one"), true}, // as macOS types it
		{stored, "가나다 password two", false},
		{stored, "", false},
		{"", "", false},
		{"", "anything", false},
		{"$argon2id$v=19$m=19456,t=2,p=1$$", "", false},
	} {
		if got, err := h.Verify(ctx, c.stored, c.password); err != nil || got != c.want {
			t.Errorf("verify(%q, %q) = %v, %v", c.stored, c.password, got, err)
		}
	}
	again, _ := h.Hash(ctx, "가나다 password one")
	if again == stored {
		t.Error("two hashes of one password are equal: no salt")
	}
	h.slots <- struct{}{}
	h.slots <- struct{}{}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := h.Verify(done, stored, "x"); err == nil {
		t.Error("a third hashing began while two were running")
	}
}

func TestWaitsInWords(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{time.Millisecond: "a second", 30 * time.Second: "30 seconds", 91 * time.Second: "2 minutes", 15 * time.Minute: "15 minutes"} {
		if got := InWords(d); got != want {
			t.Errorf("InWords(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestACodeMatchesItsStepOnce(t *testing.T) {
	t.Parallel()
	const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	now := time.Unix(1_800_000_015, 0)
	step := now.Unix() / stepTime
	code := codeAt(t, secret, now)
	for _, c := range []struct {
		name string
		at   time.Time
		last int64
		want bool
	}{
		{"now", now, 0, true},
		{"a step late", now.Add(30 * time.Second), 0, true},
		{"a step early", now.Add(-30 * time.Second), 0, true},
		{"two steps late", now.Add(time.Minute), 0, false},
		{"used", now, step, false},
		{"older than used", now.Add(30 * time.Second), step + 1, false},
	} {
		got, ok := MatchStep(secret, code, c.at, c.last)
		if ok != c.want || ok && got != step {
			t.Errorf("%s: %d, %v", c.name, got, ok)
		}
	}
	if _, ok := MatchStep(secret, "", now, 0); ok {
		t.Error("an empty code matches")
	}
	if _, ok := MatchStep(secret, code[:3]+" "+code[3:], now, 0); !ok {
		t.Error("a code typed with a space does not match")
	}
}

func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}
