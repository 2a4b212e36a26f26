package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
)

// BenchmarkWritersBesideABackup accepts 200 mails a second, at first alone, then
// beside a backup of the folder BENCH_BACKUP (a copy: it
// is written to), and reports how long an acceptance takes.
//
//	BENCH_BACKUP=/tmp/copy go test -run '^$' -bench WritersBesideABackup -benchtime 1x ./internal/app
func BenchmarkWritersBesideABackup(b *testing.B) {
	folder := os.Getenv("BENCH_BACKUP")
	if folder == "" {
		b.Skip("BENCH_BACKUP names no folder")
	}
	ctx := context.Background()
	a := opened(b, false, "--data", folder)
	here := "as in a server"
	a.address.Store(&here)
	workspaces, err := a.Accounts.Workspaces(ctx)
	if err != nil || len(workspaces) == 0 {
		b.Fatal(err)
	}
	inboxes, err := a.Channels.Inboxes(ctx, account.System(workspaces[0].ID))
	if err != nil || len(inboxes) == 0 {
		b.Fatal(err)
	}
	accept := func(key string) time.Duration {
		began := time.Now()
		err := a.Channels.Accept(ctx, []channel.Arrival{{WorkspaceID: inboxes[0].WorkspaceID, InboxID: inboxes[0].ID, SourceKey: key, From: "ewa@harbour.example",
			Raw: fmt.Appendf(nil, "From: ewa@harbour.example\r\nSubject: %s\r\n\r\n%4000d\r\n", key, 1)}}, nil)
		if err != nil {
			b.Error(err)
		}
		return time.Since(began)
	}
	// during measures what is accepted until work is done and some seconds beyond.
	during := func(name string, work func()) {
		done := make(chan struct{})
		began := time.Now()
		go func() { work(); close(done) }()
		var mu sync.Mutex
		var took []time.Duration
		var worst, worstAt time.Duration
		var writers sync.WaitGroup
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		var worked time.Duration
		for i, ended := 0, false; !ended || time.Since(began) < worked+3*time.Second; i++ {
			<-tick.C
			writers.Go(func() {
				d := accept(fmt.Sprintf("bench:%s:%d:%d", name, began.UnixNano(), i))
				mu.Lock()
				if took = append(took, d); d > worst {
					worst, worstAt = d, time.Since(began)
				}
				mu.Unlock()
			})
			select {
			case <-done:
				if !ended {
					ended, worked = true, time.Since(began)
				}
			default:
			}
		}
		writers.Wait()
		slices.Sort(took)
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		b.ReportMetric(ms(took[len(took)/2]), name+"-p50-ms")
		b.ReportMetric(ms(took[len(took)*99/100]), name+"-p99-ms")
		b.ReportMetric(ms(took[len(took)-1]), name+"-max-ms")
		b.ReportMetric(worked.Seconds(), name+"-s")
		b.ReportMetric(worstAt.Seconds(), name+"-max-at-s")
	}
	for b.Loop() {
		during("alone", func() { time.Sleep(10 * time.Second) })
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		during("backup", func() {
			if err := backupCreateCommand.run(ctx, a, &createFlags{}, nil, io.Discard); err != nil {
				b.Error(err)
			}
		})
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapSys-before.HeapSys)/(1<<20), "heap-growth-MB")
	}
}
