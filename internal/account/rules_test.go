package account

import (
	"strings"
	"testing"
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
