package app

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// headroom is how far the heap may grow between two collections. Every request
// that meets a collection is one of the slow ones; the runtime's own measure
// would collect a small heap often and give a large one as much again.
const headroom = 40 << 20

// The measure stays within these percents of what lives in the heap.
const (
	leastGC = 50
	mostGC  = 300
)

// giveHeadroom keeps the collector's measure in step with the heap until ctx
// ends. GOGC in the environment sets another measure, and it stays.
func giveHeadroom(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	for now := 0; ; {
		metrics.Read(live)
		if wanted := gcPercent(live[0].Value.Uint64()); wanted < now*9/10 || wanted > now*11/10 {
			debug.SetGCPercent(wanted)
			now = wanted
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func gcPercent(live uint64) int {
	return int(min(max(headroom*100/max(live, 1), leastGC), mostGC))
}
