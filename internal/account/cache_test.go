package account

import (
	"errors"
	"testing"
	"time"

	"rapport/internal/platform/clock"
)

func TestCache(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(time.Unix(0, 0))
	c := newCache[string, int](now)
	loads := 0
	load := func() (int, error) { loads++; return loads, nil }
	want := func(what string, value int) {
		t.Helper()
		if got, err := c.get("a", load); err != nil || got != value {
			t.Fatalf("%s: %d, %v; want %d", what, got, err, value)
		}
	}
	want("the first time", 1)
	want("kept", 1)
	now.Advance(cacheTime)
	want("too old", 2)
	c.forget()
	want("forgotten", 3)

	c.forget()
	got, _ := c.get("a", func() (int, error) { c.forget(); return 99, nil })
	if got != 99 {
		t.Fatalf("got %d", got)
	}
	want("an answer older than the change is not kept", 4)
	if _, err := c.get("b", func() (int, error) { return 0, errors.New("no") }); err == nil {
		t.Fatal("no error")
	}
	if v, err := c.get("b", load); err != nil || v != 5 {
		t.Fatalf("an error was kept: %d, %v", v, err)
	}
	for i := range cacheSize {
		c.get(string(rune('0'+i)), load)
	}
	if len(c.entries) > cacheSize {
		t.Fatalf("%d entries", len(c.entries))
	}
}

func TestScopesCompare(t *testing.T) {
	t.Parallel()
	a := Scope{Inboxes: []int64{1, 2}, Version: 1}
	if !a.Equal(Scope{Inboxes: []int64{1, 2}, Version: 2}) || a.Equal(Scope{Inboxes: []int64{1}}) || a.Equal(Scope{All: true}) {
		t.Error("Equal is wrong")
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"Firefox/1": "Firefox/1", "a\x00b\r\nc\xff": "abc", "가나다라": "가나다", "ab가나다": "ab가나"} {
		if got := printable(in, 9); got != want {
			t.Errorf("printable(%q) = %q", in, got)
		}
	}
}
