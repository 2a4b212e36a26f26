package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"time"

	"rapport/internal/httpapi"
	"rapport/internal/httpapi/upkeep"
	"rapport/internal/platform/backup"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/node"
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
	out = append(out, httpapi.Gauge{Name: "rapport_nodes", Help: "Nodes that serve this database.", Value: float64(1 + a.others(ctx))})
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
func (a *App) checks(ctx context.Context, workspaceID int64) []upkeep.HealthCheck {
	all := []upkeep.HealthCheck{a.diskCheck(), a.outboxCheck(ctx, workspaceID)}
	if !a.Demo {
		all = append(all, a.backupCheck(ctx))
	}
	if a.nats != nil {
		all = append(all, a.nodesCheck(ctx))
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

func (a *App) diskCheck() upkeep.HealthCheck {
	check := upkeep.HealthCheck{Key: "disk", State: "ok", Title: "Disk"}
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

func (a *App) outboxCheck(ctx context.Context, workspaceID int64) upkeep.HealthCheck {
	check := upkeep.HealthCheck{Key: "outbox", State: "ok", Title: "Outgoing mail", Message: "Nothing waits to leave."}
	if p, err := a.Jobs.OutgoingPause(ctx); err == nil && p != nil {
		check.State = "warning"
		check.Message = p.Reason + " Sending is paused, and replies wait. On the server, look at what waits with rapport queue list and drop what has left already; then let it go with rapport queue resume."
		return check
	}
	mute, unsure := a.mute(ctx, workspaceID)
	waiting, failed, err := a.Channels.Stuck(ctx, workspaceID)
	err = errors.Join(err, unsure)
	switch {
	case mute:
		check.State, check.Message = "failed", "No inbox can send: the provider lets Rapport in no more, and there is no other one. So no mail says this to anybody. Connect the inbox again."
	case err != nil:
		check.State, check.Message = "warning", "Outgoing mail cannot be counted just now."
	case waiting > 0:
		check.State, check.Message = "warning", fmt.Sprintf("Messages that wait because the server does not take them: %d. They are tried again; each says why in its conversation.", waiting)
	case failed > 0:
		check.Message = fmt.Sprintf("Nothing waits to leave. Messages that could not be delivered: %d. Each says so in its conversation.", failed)
	}
	return check
}

// Why sending is paused.
const (
	restoredPause = "A backup was restored."
	commandPause  = "Somebody said rapport queue pause."
)

// staleBackup is the age at which the last good backup is too old.
const staleBackup = 36 * time.Hour

func (a *App) backupCheck(ctx context.Context) upkeep.HealthCheck {
	check := upkeep.HealthCheck{Key: "backups", State: "ok", Title: "Backups"}
	last, good, err := a.Book.Newest(ctx)
	since, sinceErr := a.Book.Since(ctx)
	if err != nil || sinceErr != nil {
		check.State, check.Message = "warning", "The list of backups cannot be read just now."
		return check
	}
	made := a.goodBackup(good)
	if good != nil {
		check.Since, since = &good.EndedAt, good.EndedAt
	}
	switch {
	case last != nil && last.State == backup.Failed:
		check.State = "warning"
		check.Message = made + " The newest one failed; the server's log says why. Mend that and make one with rapport backup create."
	case a.Config.Backups == 0:
		check.Message = made + " None are made at night: RAPPORT_BACKUPS is 0."
	case a.clock.Now().Sub(since) > staleBackup:
		check.State = "warning"
		check.Message = made + " The server's log says why none was made at night. Make one with rapport backup create."
	case good == nil:
		check.Message = made + " The first one is made at night, at 3 o'clock."
	default:
		check.Message = made
	}
	return check
}

func (a *App) goodBackup(good *backup.Record) string {
	if good == nil {
		return "No backup has been made yet."
	}
	return fmt.Sprintf("The last good backup is %d hours old and has %s.", int(a.clock.Now().Sub(good.EndedAt).Hours()), inWords(good.Size))
}

// nodesCheck is for installations that may have more than one node.
func (a *App) nodesCheck(ctx context.Context) upkeep.HealthCheck {
	check := upkeep.HealthCheck{Key: "nodes", State: "ok", Title: "Nodes"}
	all, err := a.nodes.All(ctx)
	if err != nil {
		check.State, check.Message = "failed", "The nodes could not be looked at."
		return check
	}
	var alive []string
	for _, n := range all {
		switch {
		case !n.Alive:
			check.State, check.Message = "warning", fmt.Sprintf("The node %s has not been heard of for a while. Its work has been taken over.", n.Name)
		case n.ID != a.nodes.Me().ID && a.isDeafTo(n):
			check.State, check.Message = "warning", fmt.Sprintf("The node %s is not heard over NATS. Do all nodes have the same RAPPORT_NATS_URL?", n.Name)
		}
		if n.Alive {
			alive = append(alive, n.Name)
		}
	}
	if !a.rings(ctx, patience) {
		check.State, check.Message = "warning", "The NATS server does not answer. Nothing is lost: what happens on other nodes is seen up to a second late, and who is typing there is not seen."
	}
	if check.Message == "" {
		check.Message = fmt.Sprintf("Nodes that serve: %s", strings.Join(alive, ", "))
	}
	return check
}

// isDeafTo reports whether a node that is alive in the database has not been
// heard for longer than it is silent between two signs of life.
func (a *App) isDeafTo(n node.Node) bool {
	last := n.StartedAt
	if me := a.nodes.Me().StartedAt; me.After(last) {
		last = me
	}
	if at, ok := a.heard.Load(n.ID); ok {
		last = at.(time.Time)
	}
	return a.clock.Now().Sub(last) > node.LeaseTime
}

// filesCheck is for installations that keep large files in an S3 server.
func filesCheck(ctx context.Context, s3 blob.S3) upkeep.HealthCheck {
	check := upkeep.HealthCheck{Key: "files", State: "ok", Title: "Large files", Message: "The S3 server keeps and returns files."}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := s3.Check(ctx); err != nil {
		slog.Warn("the S3 server does not answer as it should", "error", err)
		check.State, check.Message = "failed", "The S3 server does not answer as it should. Mail with large attachments waits, and large files cannot be opened. The server's log has the details."
	}
	return check
}
