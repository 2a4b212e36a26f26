package search

import (
	"testing"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Anna KOWALSKA", "anna kowalska"},
		{"Zażółć gęślą jaźń", "zazolc gesla jazn"},
		{"ŁÓDŹ", "lodz"},
		{"김민수", "김민수"},
		{"가각힣", "가각힣"},
		{"ＡＢＣ１２３", "abc123"},
		{"Straße", "strasse"},
		{"Æsop Œuvre Þór", "aesop oeuvre thor"},
		{"ﬁne", "fine"},
		{"İstanbul", "istanbul"},
		{"ガギグ", "ガギグ"},
		{"Ёлка", "елка"},
		{"\xffbroken", "broken"},
	} {
		if got := Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestFoldingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := Fold(rapid.String().Draw(t, "text"))
		if twice := Fold(once); twice != once {
			t.Fatalf("Fold(%q) = %q", once, twice)
		}
	})
}
