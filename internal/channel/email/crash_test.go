package email

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/internal/app/schema"
	"rapport/internal/channel"
	"rapport/internal/platform/db"
	"rapport/internal/testkit"
)

// crashFolder names, for the process that is killed, where its data is.
const crashFolder = "RAPPORT_TEST_CRASH_FOLDER"

// TestMAIL01KilledWhileFetching kills a process of its own, which fetches, around
// its commits, again and again. In the end every mail was accepted once.
func TestMAIL01KilledWhileFetching(t *testing.T) {
	t.Parallel()
	const mails, kills = 500, 9
	d, folder := testkit.StartDovecot(t), t.TempDir()
	for n := range mails {
		d.Deliver(letterNo(n))
	}
	m, end := crashRoom(t, folder)
	m.inbox(serverOf(d, "all"))
	end()
	for kill := range kills {
		killAtCommit(t, folder, 1+kill%3, kill%2 == 0)
	}
	m, _ = crashRoom(t, folder)
	before := m.counters().Accepted
	if before == 0 || before == mails {
		t.Errorf("%d of %d mails were accepted before the last start: the kills prove nothing", before, mails)
	}
	m.background(m.fetcher().Run)
	if c := m.settled(mails); c.Applied != mails {
		t.Errorf("%+v, want %d applied", c, mails)
	}
	if ids := m.messageIDs(); len(ids) != mails {
		t.Errorf("%d different mails were accepted, want %d", len(ids), mails)
	}
}

// killAtCommit starts a process that fetches and kills it when it is about to
// commit for the nth time, or with begun at some moment of that commit. The
// process asks before each, so that a busy machine kills no later.
func killAtCommit(t *testing.T, folder string, n int, begun bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	process := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestFetchUntilKilled$")
	process.Env = append(os.Environ(), crashFolder+"="+folder)
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); n > 0 && lines.Scan(); {
		if lines.Text() == "commit" {
			if n--; n > 0 || begun {
				fmt.Fprintln(in, "go on")
			}
		}
	}
	process.Process.Kill()
	process.Wait()
	if n > 0 {
		t.Fatal("the process had nothing left to commit")
	}
}

// TestFetchUntilKilled is the process that is killed; it tests nothing itself.
func TestFetchUntilKilled(t *testing.T) {
	folder := os.Getenv(crashFolder)
	if folder == "" {
		return // it runs only as a process of TestMAIL01KilledWhileFetching
	}
	m, _ := crashRoom(t, folder)
	f, leave := m.fetcher(), bufio.NewReader(os.Stdin)
	f.channels = &spied{intake: f.channels, before: func() error {
		fmt.Println("commit")
		_, err := leave.ReadString('\n')
		return err
	}}
	f.Run(context.Background())
}

// crashRoom opens the mail room of a folder; end closes it before the test
// does.
func crashRoom(t *testing.T, folder string) (m *mailroom, end func()) {
	t.Helper()
	d, err := db.Open(context.Background(), db.Options{File: filepath.Join(folder, "rapport.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(context.Background(), schema.Files); err != nil {
		t.Fatal(err)
	}
	m = mailroomOn(t, d, filepath.Join(folder, "blobs"))
	return m, func() {
		m.endJobs()
		d.Close()
	}
}

// messageIDs are the ids of the mails in all receipts.
func (m *mailroom) messageIDs() map[string]bool {
	m.t.Helper()
	ids := map[string]bool{}
	for before := int64(0); ; {
		list, err := m.room.Receipts(context.Background(), m.owner, channel.ReceiptFilter{Before: before, Limit: 100})
		if err != nil {
			m.t.Fatal(err)
		}
		if len(list) == 0 {
			return ids
		}
		for _, r := range list {
			before = r.ID
			raw, err := m.room.Source(context.Background(), m.owner, r.ID)
			if err != nil {
				m.t.Fatal(err)
			}
			letter, err := mail.ReadMessage(bytes.NewReader(raw))
			if err != nil {
				m.t.Fatal(err)
			}
			ids[strings.TrimSpace(letter.Header.Get("Message-ID"))] = true
		}
	}
}
