package brake

import (
	"testing"
	"time"
)

func TestABrakePausesLongerAndComesBackStepByStep(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	var b Brake
	for i, want := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 30 * time.Minute, 30 * time.Minute} {
		if b = b.Harder(now, "slower"); b.Until.Sub(now) != want {
			t.Errorf("refusal %d: a pause of %s, want %s", i+1, b.Until.Sub(now), want)
		}
	}
	for i, want := range []time.Duration{96 * time.Second, 48 * time.Second, 24 * time.Second, 12 * time.Second, 6 * time.Second, 0} {
		if b = b.Softer(now); b.Until.Sub(now) != want {
			t.Errorf("success %d: %s to the next, want %s", i+1, b.Until.Sub(now), want)
		}
	}
	if b.Level != 0 || b.Softer(now).Level != 0 {
		t.Errorf("level %d after all went well", b.Level)
	}
	b = Brake{}.Harder(now, "slower")
	if first, last := b.Wait(now, spread), b.Wait(now, spread-1); first != time.Minute || last <= first || last > 3*time.Minute {
		t.Errorf("waits from %s to %s", first, last)
	}
}

func TestABrakeForAServerThatIsAwayEndsWhenItIsBack(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	b := Brake{}
	for i, want := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 4 * time.Minute} {
		if b = b.Unreached(now, "away"); b.Until.Sub(now) != want {
			t.Errorf("try %d: a pause of %s, want %s", i+1, b.Until.Sub(now), want)
		}
	}
	if back := b.Softer(now); back.Level != 0 {
		t.Errorf("level %d after the server was back", back.Level)
	}
	if slower := b.Harder(now, "slower"); slower.Softer(now).Level == 0 {
		t.Error("a server that is back and asks for slower sending is not slowed down for")
	}
}
