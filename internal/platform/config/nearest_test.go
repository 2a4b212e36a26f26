package config

import "testing"

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"abc", "abc", 0}, {"", "abc", 3}, {"abc", "", 3},
		{"abc", "abd", 1}, {"abc", "ab", 1}, {"abc", "xabc", 1}, {"abc", "acb", 1}, {"abcd", "badc", 2}, {"kitten", "sitting", 3},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	choices := []string{"LISTEN", "URL", "DATA", "DNS", "LOG_LEVEL"}
	for name, want := range map[string]string{
		"LISTNE": "LISTEN", "LOGLEVEL": "LOG_LEVEL", "DATE": "DATA", "LANGUAGE": "", "X": "",
	} {
		if got := nearest(name, choices); got != want {
			t.Errorf("nearest(%q) = %q, want %q", name, got, want)
		}
	}
}
