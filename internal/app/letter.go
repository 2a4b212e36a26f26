package app

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/notification"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/mailer"
	"rapport/internal/platform/secret"
)

// letters carries the product's own mails: account asks for one inside its
// transaction, a job writes it, channel sends it through an inbox. A letter
// waits sealed, because it holds a link that signs somebody in.
type letters struct {
	accounts *account.Room
	channels *channel.Room
	jobs     *job.Queue
	box      *secret.Box
	url      func() string // the public address, without a slash at the end
}

const letterJob = "app.letter"

// How long the links live; account decides, the letter only says so.
const (
	invitationLife = 7 * 24 * time.Hour
	resetLife      = time.Hour
)

type letter struct {
	To   string            `json:"to"`
	Kind string            `json:"kind"`
	Data map[string]string `json:"data"`
}

// Send fulfils account.Mailer.
func (l *letters) Send(ctx context.Context, workspaceID int64, to, kind string, data map[string]string) (bool, error) {
	const op = "app.letters.Send"
	ok, err := l.channels.CanSendLetters(ctx, workspaceID)
	if err != nil || !ok {
		return false, fault.Wrap(op, err)
	}
	plain, err := json.Marshal(letter{to, kind, data})
	if err != nil {
		return false, fault.Wrap(op, err)
	}
	sealed, err := l.box.Seal(letterJob, workspaceID, plain)
	if err != nil {
		return false, fault.Wrap(op, err)
	}
	_, err = l.jobs.Enqueue(ctx, job.New{WorkspaceID: workspaceID, Kind: letterJob, Args: sealed})
	return err == nil, fault.Wrap(op, err)
}

// write does the job.
func (l *letters) write(ctx context.Context, j job.Job) error {
	const op = "app.letters.write"
	var sealed []byte
	if err := j.Args(&sealed); err != nil {
		return err
	}
	plain, err := l.box.Open(letterJob, j.WorkspaceID, sealed)
	if err != nil {
		return job.Permanent(fault.Wrap(op, err))
	}
	var lt letter
	if err := json.Unmarshal(plain, &lt); err != nil {
		return job.Permanent(fault.Wrap(op, err))
	}
	m := mailer.New(l)
	reader := mailer.Reader{Address: lt.To, Name: lt.Data["name"], Locale: lt.Data["language"]}
	switch lt.Kind {
	case account.LetterInvitation:
		_, err = m.Invite(ctx, j.WorkspaceID, reader, mailer.Invitation{Workspace: lt.Data["workspace"], Inviter: lt.Data["inviter"],
			Link: l.InvitationURL(lt.Data["token"]), Until: j.CreatedAt.Add(invitationLife)})
	case account.LetterReset:
		_, err = m.ResetPassword(ctx, j.WorkspaceID, reader, mailer.Reset{Workspace: lt.Data["workspace"],
			Link: l.url() + "/reset/" + url.PathEscape(lt.Data["token"]), Until: j.CreatedAt.Add(resetLife)})
	case notification.Letter:
		_, err = m.Tell(ctx, j.WorkspaceID, reader, mailer.Notice{Workspace: lt.Data["workspace"], Title: lt.Data["title"], Text: lt.Data["text"], Link: l.url() + lt.Data["path"]})
	case letterNotice:
		err = l.warn(ctx, j, reader, lt)
	default:
		return job.Permanent(fault.Newf(op, fault.Internal, "there is no letter called %q", lt.Kind))
	}
	return fault.Wrap(op, err)
}

// InvitationURL is the link of an invitation, to mail or to copy.
func (l *letters) InvitationURL(token string) string {
	return l.url() + "/invitation/" + url.PathEscape(token)
}

// SendSystem fulfils mailer.Sender with the workspace's chosen inbox.
func (l *letters) SendSystem(ctx context.Context, workspaceID int64, lt mailer.Letter) (bool, error) {
	w, err := l.accounts.Workspace(ctx, workspaceID)
	if err != nil {
		return false, fault.Wrap("app.letters.SendSystem", err)
	}
	return l.channels.SendLetter(ctx, workspaceID, channel.Letter{InboxID: w.SystemInboxID, To: channel.Party{Name: lt.Name, Address: lt.To},
		Subject: lt.Subject, Text: lt.Text, HTML: lt.HTML, Language: lt.Locale})
}
