package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"rapport/internal/platform/backup"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
)

const (
	nightlyJob   = "backup.nightly"
	nightlyHour  = 3 // of the server's clock
	nightlyTries = 3 // a night
	nightlyPause = time.Hour
)

// scheduleBackups makes a backup every night while the server runs; ctx ends
// with it, and a backup under way with ctx.
func (a *App) scheduleBackups(serving context.Context) {
	if a.Config.Backups == 0 || a.Demo {
		return
	}
	a.Jobs.Handle(nightlyJob, func(ctx context.Context, _ job.Job) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(serving, cancel)()
		if err := a.nightly(ctx); err != nil && serving.Err() == nil {
			slog.Error("the nightly backup failed", "error", err) // the book has it, the health page shows it
			a.alarm(ctx)
		}
		return nil
	}, job.Options{Workers: 1, Timeout: 12 * time.Hour})
	a.Jobs.Every(nightlyJob, 5*time.Minute, func(ctx context.Context) error {
		a.alarm(ctx) // one that was killed, or nobody could be told of yet
		tried, err := a.Book.Tried(ctx, backup.Nightly)
		if err != nil {
			return err
		}
		since, err := a.Book.Since(ctx)
		if err != nil || !nightlyDue(a.clock.Now().Local(), since, tried) {
			return err
		}
		_, err = a.Jobs.Enqueue(ctx, job.New{Kind: nightlyJob, UniqueKey: nightlyJob})
		return err
	})
}

// nightlyDue reports whether a backup is to be made now. It is due when the
// hour has passed since the last one, so a machine that sleeps at night makes
// it in the morning; a failed one is tried again some times. tried are the last
// ones, newest first; before since there was nothing to back up.
func nightlyDue(now, since time.Time, tried []backup.Record) bool {
	hour := time.Date(now.Year(), now.Month(), now.Day(), nightlyHour, 0, 0, 0, now.Location())
	if now.Before(hour) {
		hour = hour.AddDate(0, 0, -1)
	}
	if since.After(hour) {
		return false
	}
	failed := 0
	for _, r := range tried {
		switch {
		case r.StartedAt.Before(hour):
			return true
		case r.State == backup.Good:
			return false
		case now.Sub(r.StartedAt) < nightlyPause:
			return false
		}
		if failed++; failed >= nightlyTries {
			return false
		}
	}
	return true
}

// nightly makes one backup, and removes what is more than are to be kept.
func (a *App) nightly(ctx context.Context) error {
	const op = "app.nightly"
	folder := filepath.Join(a.Config.Data, backupsFolder)
	name := nightlyName + a.clock.Now().Local().Format(stampForm) + archiveName
	err := a.record(ctx, backup.Nightly, name, func() (int64, error) {
		if _, err := a.backups(nightlyName); err != nil {
			return 0, err
		}
		if err := a.roomForBackup(ctx, folder); err != nil {
			return 0, err
		}
		s, err := a.source(false)
		if err != nil {
			return 0, err
		}
		size, _, err := backup.Write(filepath.Join(folder, name), func(w io.Writer) error {
			_, err := backup.Create(ctx, w, s)
			return err
		})
		return size, err
	})
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, a.dropOldBackups(folder))
}

// backups is the folder for backups, without what a killed process has left of
// one whose name begins so: there is one at a time.
func (a *App) backups(name string) (folder string, err error) {
	folder = filepath.Join(a.Config.Data, backupsFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fault.As("app.backups", fault.Unavailable, "The folder cannot be made: "+folder+".", err)
	}
	left, _ := filepath.Glob(filepath.Join(folder, "."+name+"*"))
	for _, file := range left {
		os.Remove(file)
	}
	return folder, nil
}

// roomForBackup keeps a backup from filling the disk: then mail would be
// refused. Archives are packed, so what the last one took and half as much
// again is enough; the first one may take as much as the data.
func (a *App) roomForBackup(ctx context.Context, folder string) error {
	_, good, err := a.Book.Newest(ctx)
	if err != nil {
		return err
	}
	need := int64(0)
	if good != nil && good.Size > 0 {
		need = good.Size + good.Size/2
	} else {
		rows, err := backup.Size(ctx, a.DB)
		if err != nil {
			return err
		}
		files, err := a.Blobs.LargeBytes(ctx)
		if err != nil {
			return err
		}
		need = rows + files
	}
	return roomFor(folder, need, lowSpace)
}

// roomFor refuses a backup of about need bytes that would leave less than rest.
func roomFor(folder string, need, rest int64) error {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(folder, &fs); err != nil {
		return nil // it cannot be known, and the write will tell
	}
	if free := int64(fs.Bavail) * fs.Bsize; free < need+rest {
		return fault.Newf("app.roomFor", fault.Unavailable, "There is no room for a backup: it needs about %s and %s beside it, and %s are free in %s.", inWords(need), inWords(rest), inWords(free), folder)
	}
	return nil
}

// dropOldBackups removes the oldest nightly backups beyond those to be kept.
func (a *App) dropOldBackups(folder string) error {
	files, err := filepath.Glob(filepath.Join(folder, nightlyName+"*"+archiveName))
	if err != nil {
		return err
	}
	slices.Sort(files) // their names are times
	for len(files) > a.Config.Backups {
		if err := os.Remove(files[0]); err != nil {
			return fault.As("app.dropOldBackups", fault.Unavailable, "An old backup cannot be removed: "+err.Error(), err)
		}
		slog.Info("an old backup was removed", "file", files[0])
		files = files[1:]
	}
	return nil
}

// pausedLine is what the console says at the start while nothing is sent.
func (a *App) pausedLine(ctx context.Context) string {
	p, err := a.Jobs.OutgoingPause(ctx)
	if err != nil || p == nil {
		return ""
	}
	waiting, _ := a.Jobs.OutgoingWaiting(ctx)
	return fmt.Sprintf("  PAUSED   nothing is sent since %s: %s %d wait.\n           Look at them with rapport queue list, then let them go with rapport queue resume.\n",
		p.Since.Local().Format(time.DateTime), p.Reason, waiting)
}
