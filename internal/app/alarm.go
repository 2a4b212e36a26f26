package app

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"rapport/internal/account"
	"rapport/internal/conversation/acknowledgement"
	"rapport/internal/platform/backup"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/mailer"
	"rapport/internal/platform/words"
)

// letterNotice tells an administrator of something that needs a person.
const letterNotice = "notice"

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
	n := notice{Title: "The nightly backup failed.", Text: a.backupNotice(failed, good), Path: "/health"}
	for _, w := range all {
		ok, err := a.tell(ctx, w, n)
		if err != nil {
			return false, fault.Wrap(op, err)
		}
		told = told || ok
	}
	return told, nil
}

// notice is a letter to administrators, in English sentences that platform/words
// knows, with the screen it leads to.
type notice struct{ Title, Text, Path string }

// tell queues a notice for every owner and admin of a workspace in the
// transaction of ctx; false means that there is no inbox to send it from.
func (a *App) tell(ctx context.Context, w account.Workspace, n notice) (told bool, err error) {
	agents, err := a.Accounts.Agents(ctx, w.ID)
	if err != nil {
		return false, err
	}
	for _, who := range agents {
		if who.State != account.Active || who.Role != account.Owner && who.Role != account.Admin {
			continue
		}
		ok, err := a.letters.Send(ctx, w.ID, who.Email, letterNotice, map[string]string{"name": who.Name, "language": who.Language, "workspace": w.Name,
			"title": n.Title, "text": n.Text, "path": n.Path})
		if err != nil {
			return false, err
		}
		told = told || ok
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

// warn writes a notice in its reader's language.
func (l *letters) warn(ctx context.Context, j job.Job, to mailer.Reader, lt letter) error {
	_, err := mailer.New(l).Notify(ctx, j.WorkspaceID, to, mailer.Notice{Workspace: lt.Data["workspace"],
		Title: words.In(to.Locale, lt.Data["title"]), Text: words.In(to.Locale, lt.Data["text"]), Link: l.url() + lt.Data["path"]})
	return err
}

// tellOfSilence tells administrators, in the transaction of ctx, that nothing
// automatic leaves into a conversation for a while.
func (a *App) tellOfSilence(ctx context.Context, s acknowledgement.Silence) error {
	w, err := a.Accounts.Workspace(ctx, s.WorkspaceID)
	if err == nil {
		text := strings.Join([]string{
			s.Words(),
			"For 24 hours nothing leaves by itself, neither into this conversation nor to its sender. Every message is kept, and answers of teammates leave as always. Whoever is sure that it is over switches it on again in the conversation.",
		}, "\n\n")
		_, err = a.tell(ctx, w, notice{Title: "Automatic mail was switched off for a conversation.", Text: text, Path: fmt.Sprintf("/c/%d", s.ConversationID)})
	}
	return fault.Wrap("app.tellOfSilence", err)
}
