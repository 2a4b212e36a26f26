package app

import (
	"context"
	"fmt"
	"log/slog"
	"syscall"

	"rapport/internal/httpapi"
	"rapport/internal/platform/blob"
)

// gauges are the numbers of the rooms for /metrics.
func (a *App) gauges(ctx context.Context) []httpapi.Gauge {
	var out []httpapi.Gauge
	add := func(name, help, label, value string, n int64) {
		out = append(out, httpapi.Gauge{Name: name, Help: help, Labels: map[string]string{label: value}, Value: float64(n)})
	}
	if c, err := a.Channels.Counters(ctx, 0); err == nil {
		for state, n := range map[string]int64{"accepted": c.Accepted, "applied": c.Applied, "rejected": c.Rejected, "quarantined": c.Quarantined, "in_flight": c.InFlight} {
			add("rapport_mails", "Accepted mails by what became of them.", "state", state, n)
		}
	}
	if counts, err := a.Jobs.Counts(ctx); err == nil {
		for state, n := range counts {
			add("rapport_jobs", "Jobs by state.", "state", string(state), n)
		}
	}
	for reader, behind := range a.lag(ctx) {
		add("rapport_reader_behind", "Events a reader of the log has not handled, over all workspaces.", "reader", reader, behind)
	}
	return out
}

// lag is how far each reader is behind, summed over workspaces.
func (a *App) lag(ctx context.Context) map[string]int64 {
	out := map[string]int64{}
	workspaces, err := a.Accounts.Workspaces(ctx)
	if err != nil {
		return out
	}
	for _, w := range workspaces {
		states, err := a.Log.States(ctx, w.ID)
		if err != nil {
			continue
		}
		for _, s := range states {
			out[s.Reader] += s.Behind
		}
	}
	return out
}

// checks are the parts of the health page that no room knows.
func (a *App) checks(ctx context.Context, workspaceID int64) []httpapi.HealthCheck {
	all := []httpapi.HealthCheck{a.diskCheck(), a.outboxCheck(ctx, workspaceID)}
	if a.nats != nil {
		all = append(all, a.bellCheck(ctx))
	}
	if s3, ok := a.files.(blob.S3); ok {
		all = append(all, filesCheck(ctx, s3))
	}
	return all
}

// Space below which the disk is about to be full.
const (
	lowSpace   = 1 << 30
	emptySpace = 128 << 20
)

func (a *App) diskCheck() httpapi.HealthCheck {
	check := httpapi.HealthCheck{Key: "disk", State: "ok", Title: "Disk"}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(a.Config.Data, &fs); err != nil {
		check.State, check.Message = "warning", "The data folder cannot be measured: "+err.Error()
		return check
	}
	free := int64(fs.Bavail) * fs.Bsize
	check.Message = fmt.Sprintf("%d GB are free.", free>>30)
	switch {
	case free < emptySpace:
		check.State, check.Message = "failed", fmt.Sprintf("Only %d MB are free. Mail is refused when nothing is left: make room now.", free>>20)
	case free < lowSpace:
		check.State, check.Message = "warning", fmt.Sprintf("Only %d MB are free. Make room soon.", free>>20)
	}
	return check
}

func (a *App) outboxCheck(ctx context.Context, workspaceID int64) httpapi.HealthCheck {
	check := httpapi.HealthCheck{Key: "outbox", State: "ok", Title: "Outgoing mail", Message: "Nothing waits to leave."}
	waiting, failed, err := a.Channels.Stuck(ctx, workspaceID)
	switch {
	case err != nil:
		check.State, check.Message = "warning", "Outgoing mail cannot be counted just now."
	case waiting > 0:
		check.State, check.Message = "warning", fmt.Sprintf("%d messages wait: the server does not take them. They are tried again; each says why in its conversation.", waiting)
	case failed > 0:
		check.Message = fmt.Sprintf("Nothing waits to leave. %d messages could not be delivered; each says so in its conversation.", failed)
	}
	return check
}

// bellCheck is for installations that have more than one node.
func (a *App) bellCheck(ctx context.Context) httpapi.HealthCheck {
	check := httpapi.HealthCheck{Key: "nodes", State: "ok", Title: "Nodes", Message: "The nodes hear each other."}
	if !a.rings(ctx) {
		check.State, check.Message = "warning", "The NATS server does not answer. Nothing is lost: what happens on other nodes is seen up to a second late, and who is typing there is not seen."
	}
	return check
}

// filesCheck is for installations that keep large files in an S3 server.
func filesCheck(ctx context.Context, s3 blob.S3) httpapi.HealthCheck {
	check := httpapi.HealthCheck{Key: "files", State: "ok", Title: "Large files", Message: "The S3 server keeps and returns files."}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := s3.Check(ctx); err != nil {
		slog.Warn("the S3 server does not answer as it should", "error", err)
		check.State, check.Message = "failed", "The S3 server does not answer as it should. Mail with large attachments waits, and large files cannot be opened. The server's log has the details."
	}
	return check
}
