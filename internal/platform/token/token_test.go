package token_test

import (
	"strings"
	"testing"

	"rapport/internal/platform/token"
)

func TestNewTokensDifferAndAreFormed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		plain, hash := token.New("rap_")
		if seen[plain] {
			t.Fatalf("%q came twice", plain)
		}
		seen[plain] = true
		if !token.Formed("rap_", plain) || hash != token.Hash(plain) || strings.Contains(hash, plain) {
			t.Fatalf("bad token %q with hash %q", plain, hash)
		}
	}
}

func TestFormed(t *testing.T) {
	t.Parallel()
	good, _ := token.New("rap_")
	for plain, want := range map[string]bool{
		good:                        true,
		"":                          false,
		"rap_":                      false,
		good[4:]:                    false,
		good + "a":                  false,
		good[:len(good)-1]:          false,
		strings.ToUpper(good):       false,
		good[:len(good)-1] + "\x00": false,
		good[:len(good)-1] + "'":    false,
	} {
		if got := token.Formed("rap_", plain); got != want {
			t.Errorf("Formed(%q) = %v, want %v", plain, got, want)
		}
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{{"a", "a", true}, {"", "", true}, {"a", "b", false}, {"a", "", false}, {"ab", "a", false}} {
		if token.Equal(c.a, c.b) != c.want {
			t.Errorf("Equal(%q, %q) = %v", c.a, c.b, !c.want)
		}
	}
}
