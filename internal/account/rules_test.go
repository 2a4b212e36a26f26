package account

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/text/unicode/norm"
)

func TestFoldEmail(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Hanna@Miska.Example":               "hanna@miska.example",
		"  a.b+c@x.test ":                   "a.b+c@x.test",
		"ŁUKASZ@żółw.pl":                    "łukasz@xn--w-uga1v8h.pl",
		"민지@한국.kr":                          "민지@xn--3e0b707e.kr",
		"root@localhost":                    "root@localhost",
		"":                                  "",
		"@x.test":                           "",
		"a@":                                "",
		"a b@x.test":                        "",
		"a@b@x.test":                        "",
		"a@x test":                          "",
		"a\r\nBcc: b@x.test":                "",
		"a@x.test\x00":                      "",
		"<a@x.test>":                        "",
		".a@x.test":                         "",
		"a..b@x.test":                       "",
		"a@x..test":                         "",
		"a@-x.test":                         "",
		"a\u202eb@x.test":                   "",
		"a\xff@x.test":                      "",
		strings.Repeat("a", 65) + "@x.test": "",
	} {
		got, ok := foldEmail(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("foldEmail(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" Hanna ":                "Hanna",
		"김민지":                    "김민지",
		"👩‍🚀":                    "👩‍🚀",
		strings.Repeat("ż", 100): strings.Repeat("ż", 100),
		strings.Repeat("ż", 101): "",
		"":                       "",
		" \t":                    "",
		"a\nb":                   "",
		"a\x00b":                 "",
		"a\u202eb":               "",
		"a\xffb":                 "",
	} {
		f := form{op: "test"}
		got := f.name("name", in)
		if ok := f.err() == nil; ok != (want != "") || ok && got != want {
			t.Errorf("name(%q) = %q, %v", in, got, f.err())
		}
	}
}

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
		f := form{op: "test"}
		f.password("password", in, "hanna@miska.example", "Hanna")
		if (f.err() == nil) != want {
			t.Errorf("password(%q): %v", in, f.err())
		}
	}
}

func TestTimeZones(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{"UTC": true, "Europe/Warsaw": true, "Asia/Seoul": true, "": false, "Local": false, "Mars/Base": false, "../etc/passwd": false} {
		f := form{op: "test"}
		f.timeZone("time_zone", in)
		if (f.err() == nil) != want {
			t.Errorf("timeZone(%q): %v", in, f.err())
		}
	}
}

func TestDelaysGrowAndAreForgotten(t *testing.T) {
	t.Parallel()
	l := limit{free: 3, first: 10 * time.Second, longest: time.Minute, forget: time.Hour}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var tl tally
	var wait time.Duration
	for i, want := range []time.Duration{0, 0, 10 * time.Second, 20 * time.Second, 40 * time.Second, time.Minute, time.Minute} {
		if tl, wait = l.next(tl, now); wait != 0 {
			t.Fatalf("attempt %d had to wait %v", i, wait)
		}
		if _, wait = l.next(tl, now); wait != want {
			t.Fatalf("after attempt %d the wait is %v, want %v", i, wait, want)
		}
		if want == 0 {
			continue
		}
		if again, _ := l.next(tl, now); again != tl {
			t.Fatal("a blocked attempt was counted")
		}
		now = now.Add(want)
	}
	tl.failures = 1 << 40 // no overflow
	if tl, _ = l.next(tl, now); tl.blockedUntil != now.Add(time.Minute) {
		t.Fatalf("blocked until %v", tl.blockedUntil)
	}
	if tl, wait = l.next(tl, now.Add(2*time.Hour)); wait != 0 || tl.failures != 1 {
		t.Fatalf("after the pause: %+v, wait %v", tl, wait)
	}
}

func TestNetworksOfIPv6CountAsOne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
		{"2001:db8::1", "2001:db8::2", true},
		{"2001:db8::1", "2001:db8:0:1::1", false},
	} {
		if (networkGate(c.a).key == networkGate(c.b).key) != c.same {
			t.Errorf("%s and %s", c.a, c.b)
		}
	}
}

func TestHashes(t *testing.T) {
	t.Parallel()
	ctx, h := context.Background(), newHasher()
	stored, err := h.hash(ctx, "가나다 password one")
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
		if got, err := h.verify(ctx, c.stored, c.password); err != nil || got != c.want {
			t.Errorf("verify(%q, %q) = %v, %v", c.stored, c.password, got, err)
		}
	}
	again, _ := h.hash(ctx, "가나다 password one")
	if again == stored {
		t.Error("two hashes of one password are equal: no salt")
	}
	h.slots <- struct{}{}
	h.slots <- struct{}{}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := h.verify(done, stored, "x"); err == nil {
		t.Error("a third hashing began while two were running")
	}
}

func TestKeysOfTeams(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"Tier 2 / Billing": "tier-2-billing", "환불 팀": "환불-팀", "!!!": "team"} {
		if got := slug(in, "team"); got != want {
			t.Errorf("slug(%q) = %q, want %q", in, got, want)
		}
	}
	if got := freeKey("a", []string{"a", "a-2"}); got != "a-3" {
		t.Errorf("freeKey = %q", got)
	}
}

func TestWaitsInWords(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{time.Millisecond: "a second", 30 * time.Second: "30 seconds", 91 * time.Second: "2 minutes", 15 * time.Minute: "15 minutes"} {
		if got := inWords(d); got != want {
			t.Errorf("inWords(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestACodeMatchesItsStepOnce(t *testing.T) {
	t.Parallel()
	const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	now := time.Unix(1_800_000_015, 0)
	step := now.Unix() / totpStep
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
		got, ok := matchStep(secret, code, c.at, c.last)
		if ok != c.want || ok && got != step {
			t.Errorf("%s: %d, %v", c.name, got, ok)
		}
	}
	if _, ok := matchStep(secret, "", now, 0); ok {
		t.Error("an empty code matches")
	}
	if _, ok := matchStep(secret, code[:3]+" "+code[3:], now, 0); !ok {
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
