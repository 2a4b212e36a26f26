package app

import "testing"

func TestTheLargerTheHeapTheSoonerItIsCollected(t *testing.T) {
	for live, want := range map[uint64]int{0: 300, 8 << 20: 300, 16 << 20: 250, 20 << 20: 200, 40 << 20: 100, 64 << 20: 62, 1 << 30: 50} {
		if got := gcPercent(live); got != want {
			t.Errorf("%d MB live: %d %%, want %d", live>>20, got, want)
		}
	}
}
