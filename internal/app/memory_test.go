package app

import "testing"

func TestTheLargerTheHeapTheSoonerItIsCollected(t *testing.T) {
	for live, want := range map[uint64]int{0: 300, 8 << 20: 300, 16 << 20: 300, 24 << 20: 200, 48 << 20: 100, 80 << 20: 60, 1 << 30: 50} {
		if got := gcPercent(live); got != want {
			t.Errorf("%d MB live: %d %%, want %d", live>>20, got, want)
		}
	}
}
