package gate

import (
	"testing"
	"time"

	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/limit"
)

func TestOneNetworkIsOneStranger(t *testing.T) {
	t.Parallel()
	limits, end := limit.New(&bus.Local{}, clock.NewFake(time.Unix(1_000_000, 0)))
	defer end()
	g := &Gate{Config: Config{Limits: limits}}
	for range nobodyRate.Burst {
		if !g.allows(&request{ip: "2001:db8:1:2::9"}) {
			t.Fatal("refused too early")
		}
	}
	for ip, want := range map[string]bool{"2001:db8:1:2:ffff::1": false, "2001:db8:1:3::9": true, "203.0.113.5": true} {
		if got := g.allows(&request{ip: ip}); got != want {
			t.Errorf("%s: %v", ip, got)
		}
	}
}
