package app

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"rapport/internal/account"
	"rapport/internal/platform/backup"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/mailer"
	"rapport/internal/platform/words"
)

// letterBackup tells an administrator that nightly backups fail.
const letterBackup = "backup_failed"

// alarm tells every owner and admin that nightly backups fail: once, until one
// has been made again. Without a mailbox to send from it is tried again later.
func (a *App) alarm(ctx context.Context) {
	if err := a.Book.Tell(ctx, a.tellOfBackup); err != nil && ctx.Err() == nil {
		slog.Error("administrators could not be told of the failed backup", "error", err)
	}
}

// tellOfBackup queues the letters in the transaction of ctx and reports whether
// there are any.
func (a *App) tellOfBackup(ctx context.Context, failed backup.Record, good *backup.Record) (told bool, err error) {
	const op = "app.tellOfBackup"
	all, err := a.Accounts.Workspaces(ctx)
	if err != nil {
		return false, fault.Wrap(op, err)
	}
	text := a.backupNotice(failed, good)
	for _, w := range all {
		agents, err := a.Accounts.Agents(ctx, w.ID)
		if err != nil {
			return false, fault.Wrap(op, err)
		}
		for _, who := range agents {
			if who.State != account.Active || who.Role != account.Owner && who.Role != account.Admin {
				continue
			}
			ok, err := a.letters.Send(ctx, w.ID, who.Email, letterBackup, map[string]string{"name": who.Name, "language": who.Language, "workspace": w.Name, "text": text})
			if err != nil {
				return false, fault.Wrap(op, err)
			}
			told = told || ok
		}
	}
	return told, nil
}

// backupNotice is the letter in English, in sentences that platform/words knows.
func (a *App) backupNotice(failed backup.Record, good *backup.Record) string {
	return strings.Join([]string{
		fmt.Sprintf("The nightly backup could not be made: %s", failed.Reason),
		a.goodBackup(good),
		"Nothing is lost now, but what came since the last good backup would be lost with the disk. Mend the cause and make a backup on the server with rapport backup create; every night it is tried again.",
		"There is no further mail of this kind until a backup has been made.",
	}, "\n\n")
}

// warn writes the letter in its reader's language.
func (l *letters) warn(ctx context.Context, j job.Job, to mailer.Reader, lt letter) error {
	_, err := mailer.New(l).Notify(ctx, j.WorkspaceID, to, mailer.Notice{Workspace: lt.Data["workspace"],
		Title: words.In(to.Locale, "The nightly backup failed."), Text: words.In(to.Locale, lt.Data["text"]), Link: l.url() + "/health"})
	return err
}
