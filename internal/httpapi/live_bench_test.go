package httpapi

import (
	"slices"
	"testing"
	"time"
)

// BenchmarkMessageToEveryScreen measures from the commit of an event until the
// last of 1,000 sockets has it; server and clients share the machine.
func BenchmarkMessageToEveryScreen(b *testing.B) {
	w := newWorld(b)
	owner := w.found()
	srv := w.serve()
	ws := w.workspaceID()
	screens := make([]*screen, 1000)
	for i := range screens {
		screens[i] = owner.watch(srv, "")
		screens[i].next("hello")
	}
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		w.conversationEvent(ws, 500, 11)
		for _, s := range screens {
			s.next("event")
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(0, "ns/op")
}
