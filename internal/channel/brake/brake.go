// Package brake keeps back all that leaves through an inbox, because its server
// has asked for slower sending, or cannot be talked to.
package brake

import "time"

// Brake is how an inbox sends that cannot send as it would. At level 0 there is
// none. Until is the next turn: one message at a time is tried, and what waits
// meanwhile uses up no attempts.
type Brake struct {
	Level  int
	Until  time.Time
	Reason string // why, in words
	Away   bool   // the server cannot be talked to; else it has asked for slower sending
	turn   int64  // counts its changes, so that two at once are one
}

// Pauses of a brake: after each refusal twice as long, up to half an hour, or to
// some minutes while the server is away. Between messages that go well it is a
// tenth of that, and each of them is a level less.
const (
	firstPause = time.Minute
	maxLevel   = 6
	awayLevel  = 3
	spread     = 20 // what waits comes back in so many portions
)

func (b Brake) pause() time.Duration {
	if b.Level == 0 {
		return 0
	}
	return min(firstPause<<(b.Level-1), 30*time.Minute)
}

func (b Brake) gap() time.Duration { return b.pause() / 10 }

// Harder is the brake after the server has asked once more for slower sending.
func (b Brake) Harder(now time.Time, reason string) Brake {
	b.Level, b.Away = min(b.Level+1, maxLevel), false
	b.Until, b.Reason = now.Add(b.pause()), reason
	return b
}

// Unreached is the brake after one more message found no server to talk to.
func (b Brake) Unreached(now time.Time, reason string) Brake {
	b.Level, b.Away = min(b.Level+1, awayLevel), true
	b.Until, b.Reason = now.Add(b.pause()), reason
	return b
}

// Softer is the brake after a message that went well: a server that was away is
// back.
func (b Brake) Softer(now time.Time) Brake {
	b.Level = max(b.Level-1, 0)
	if b.Away {
		b.Level = 0
	}
	b.Until = now.Add(b.gap())
	return b
}

// Taken is the brake while one message is tried: the others wait for how it
// goes, and if nobody tells them, for a pause.
func (b Brake) Taken(now time.Time) Brake {
	b.Until = now.Add(b.pause())
	return b
}

// Wait is how long a message waits at the brake, so that not all of them come
// back at once.
func (b Brake) Wait(now time.Time, outboundID int64) time.Duration {
	return max(b.Until.Sub(now), time.Second) + b.gap()*time.Duration(outboundID%spread)
}
