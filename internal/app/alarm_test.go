package app

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/mail"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/platform/backup"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/job"
	"rapport/internal/platform/words"
)

// broken reads half of every file.
type broken struct{ blob.Backend }

type half struct {
	io.ReadSeekCloser
	left int
}

func (b broken) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	r, err := b.Backend.Open(ctx, key)
	return &half{r, 50_000}, err
}

func (h *half) Read(p []byte) (int, error) {
	if h.left == 0 {
		return 0, errors.New("input/output error")
	}
	n, err := h.ReadSeekCloser.Read(p[:min(len(p), h.left)])
	h.left -= n
	return n, err
}

// company is a workspace with an owner, a Polish admin and an agent, and a
// mailbox whose mail is captured.
func company(t *testing.T, args ...string) (*App, account.Actor) {
	t.Helper()
	a := opened(t, true, args...)
	return a, founded(t, a)
}

// founded sets that company up, without the mailbox.
func founded(t *testing.T, a *App) account.Actor {
	t.Helper()
	ctx := context.Background()
	made, err := a.Accounts.SetupDirect(ctx, account.Setup{Workspace: "Miska", Name: "Hanna", Email: "hanna@miska.example", Password: "the-dog-eats-at-seven"})
	if err != nil {
		t.Fatal(err)
	}
	owner := account.Actor{Kind: account.KindAgent, WorkspaceID: made.WorkspaceID, AgentID: made.AgentID, Role: account.Owner}
	polish := "pl"
	for email, role := range map[string]account.Role{"ola@miska.example": account.Admin, "jan@miska.example": account.Member, "invited@miska.example": account.Admin} {
		i, err := a.Accounts.Invite(ctx, owner, account.Invite{Email: email, Name: email, Role: role})
		if err == nil && !strings.HasPrefix(email, "invited") {
			_, err = a.Accounts.AcceptInvitation(ctx, account.Acceptance{Token: i.Token, Password: "the-dog-eats-at-seven"})
		}
		if err == nil && role == account.Admin && !strings.HasPrefix(email, "invited") {
			_, err = a.Accounts.UpdateProfile(ctx, account.Actor{Kind: account.KindAgent, WorkspaceID: made.WorkspaceID, AgentID: i.Agent.ID, Role: role}, account.ProfileChange{Language: &polish})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return owner
}

// alarms are the subjects of the letters about backups, by their readers.
func alarms(t *testing.T, a *App, owner account.Actor) map[string][]string {
	t.Helper()
	ctx, out := context.Background(), map[string][]string{}
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
		counts, err := a.Jobs.Counts(ctx)
		if err != nil || time.Now().After(deadline) {
			t.Fatal("the jobs never ended", err)
		}
		if counts[job.Running]+counts[job.Waiting] == 0 {
			break
		}
	}
	list, err := a.Channels.Departures(ctx, owner, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		raw, err := a.Channels.DepartureSource(ctx, owner, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.ReadMessage(strings.NewReader(string(raw)))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		out[d.Recipients[0]] = append(out[d.Recipients[0]], subject)
	}
	return out
}

// SQL-14: a backup that breaks off half-way leaves those before it alone and
// nothing of itself, and the administrators hear of it: once, until one is good.
func TestSQL14AFailedBackupHarmsNoOtherAndIsTold(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		folder := t.TempDir()
		a, owner := company(t, append(database(), "--data", folder)...)
		ctx, stop := context.WithCancel(context.Background())
		large(t, a)
		fail := func() {
			t.Helper()
			if err := a.nightly(ctx); err == nil {
				t.Fatal("a backup of a file that cannot be read")
			}
			a.alarm(ctx)
		}
		if err := a.nightly(ctx); err != nil {
			t.Fatal(err)
		}
		a.alarm(ctx)
		good := names(t, filepath.Join(folder, backupsFolder))
		whole := a.files
		a.files = broken{whole}
		a.build()
		fail() // and nobody can be told yet: there is no mailbox
		if _, err := a.Channels.CreateInbox(ctx, owner, channel.NewInbox{Name: "Miska", Channel: "email", Address: "hello@miska.example", Email: &channel.EmailSettings{}}); err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() { a.Jobs.Run(ctx, true); close(done) }()
		defer func() { stop(); <-done }()
		a.alarm(ctx)
		a.alarm(ctx)
		fail()
		if left := names(t, filepath.Join(folder, backupsFolder)); len(left) != 1 || left[0] != good[0] {
			t.Errorf("backups: %v, were %v", left, good)
		}
		if code, _, errOut := rapport(t, "backup", "verify", filepath.Join(folder, backupsFolder, good[0])); code != 0 {
			t.Error(errOut)
		}
		told := alarms(t, a, owner)
		if len(told["hanna@miska.example"]) != 1 || told["hanna@miska.example"][0] != "Miska: The nightly backup failed." ||
			len(told["ola@miska.example"]) != 1 || told["ola@miska.example"][0] != "Miska: Nocna kopia zapasowa się nie udała." || len(told) != 2 {
			t.Errorf("told: %v", told)
		}
		if c := a.backupCheck(ctx); c.State != "warning" {
			t.Errorf("on the health page: %+v", c)
		}
		id, err := a.Book.Begin(ctx, backup.Command, "") // mended
		if err == nil {
			err = a.Book.End(ctx, id, 1, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		a.alarm(ctx)
		fail()
		if told := alarms(t, a, owner); len(told["hanna@miska.example"]) != 2 {
			t.Errorf("after a good one they were told: %v", told)
		}
	})
}

// The letter is in the reader's language to the last sentence.
func TestTheLetterOfAFailedBackupIsTranslated(t *testing.T) {
	t.Parallel()
	a := opened(t, false, "--data", t.TempDir())
	text := a.backupNotice(backup.Record{Reason: "RAUCH"}, &backup.Record{Size: 1 << 20, EndedAt: time.Now()})
	for _, language := range []string{"ko", "pl"} {
		for i, line := range strings.Split(words.In(language, text), "\n\n") {
			if strings.Split(text, "\n\n")[i] == line || line == "" {
				t.Errorf("%s: %q", language, line)
			}
		}
	}
}
