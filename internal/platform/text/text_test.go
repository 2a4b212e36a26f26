package text

import "testing"

func TestLine(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{"  Ewa \t\r\n Nowak\x00 ", 100, "Ewa Nowak"},
		{"a\xffb", 100, "ab"},
		{"김민수입니다", 3, "김민수"},
		{"ab cd", 3, "ab"},
		{"", 3, ""},
	} {
		if got := Line(c.in, c.limit); got != c.want {
			t.Errorf("Line(%q, %d) = %q, want %q", c.in, c.limit, got, c.want)
		}
	}
}

func TestLinesWholeAndContaining(t *testing.T) {
	if got := Lines(" a\r\n\tb\x07 \n", 100); got != "a\n\tb" {
		t.Errorf("Lines: %q", got)
	}
	if got := Whole("a\x00b\xff\n"); got != "ab\uFFFD\n" {
		t.Errorf("Whole: %q", got)
	}
	if got := Containing(`50%_\`); got != `%50\%\_\\%` {
		t.Errorf("Containing: %q", got)
	}
}
