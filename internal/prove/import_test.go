package prove

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/internal/testkit/hostile"
)

// A mailbox with a long history is connected: all of it comes in, and what
// customers write meanwhile comes before it.
func TestMAIL29AnImportOfOldMails(t *testing.T) {
	t.Parallel()
	importOldMails(t, newServer(t, false), 500, 0)
}

func TestProveMAIL29AnImportOfOldMails(t *testing.T) {
	needsProve(t)
	importOldMails(t, newServer(t, false), 200_000, 512<<10)
}

func TestProveMAIL29AnImportOfOldMailsOnPostgres(t *testing.T) {
	needsProve(t)
	importOldMails(t, newServer(t, true), 20_000, 512<<10)
}

// importOldMails lets a server read so many old mails. With a limit, in KB, the
// server's memory is held to it.
func importOldMails(t *testing.T, s *server, old int, limit int64) {
	box, out := hostile.StartIMAP(t), newSink(t)
	mail := func(n int) []byte {
		return []byte(fmt.Sprintf("From: Customer %d <c%d@harbour.example>\r\nTo: box@miska.example\r\nSubject: Order %d\r\nMessage-ID: <%d.import@harbour.example>\r\n\r\n%s\r\n",
			n, n%5000, n, n, strings.Repeat(fmt.Sprintf("Line of the mail number %d.\r\n", n), 20)))
	}
	for n := range old {
		box.Deliver(mail(n))
	}
	s.start()
	s.setup(out)
	var inbox struct{ ID int64 }
	status, err := s.call("POST", "/inboxes", map[string]any{"name": "Box", "channel": "email", "email": map[string]any{
		"address": "box@miska.example", "smtp": map[string]any{"host": "127.0.0.1", "port": out.port, "security": "none"},
		"imap": map[string]any{"host": box.Host(), "port": box.Port(), "security": "none", "username": "box", "password": "secret", "history": "all"}}}, &inbox)
	if status != http.StatusCreated {
		t.Fatal(status, err)
	}
	began := time.Now()
	var took time.Duration // by a look: counting reads all that came in
	pause := func() { time.Sleep(max(200*time.Millisecond, min(5*took, 2*time.Second))) }
	counters := func() (accepted, applied int) {
		defer func(began time.Time) { took = time.Since(began) }(time.Now())
		var h struct {
			Inboxes []struct {
				InboxID           int64 `json:"inbox_id"`
				Accepted, Applied int
			}
		}
		s.call("GET", "/health", nil, &h)
		for _, v := range h.Inboxes {
			if v.InboxID == inbox.ID {
				return v.Accepted, v.Applied
			}
		}
		return 0, 0
	}
	var before []int      // by live mail: how many mails had been accepted when it was delivered,
	var at []time.Time    // and when that was
	for len(before) < 5 { // customers write while the history is read
		if accepted, _ := counters(); accepted < old*(len(before)+1)/10 {
			pause()
			continue
		}
		at = append(at, time.Now())
		box.Deliver(mail(old + len(before)))
		accepted, _ := counters()
		before = append(before, accepted)
	}
	live := len(before)
	for accepted, applied := counters(); applied < old+live; accepted, applied = counters() {
		if accepted > old+live {
			t.Fatalf("%d mails were accepted of %d", accepted, old+live)
		}
		if time.Since(began) > 3*time.Hour {
			t.Fatalf("%d of %d mails are there", applied, old+live)
		}
		pause()
	}
	peak := peakMemory(t, s.cmd.Process.Pid)
	t.Logf("%d old mails and %d live ones in %s, at most %d MB", old, live, time.Since(began).Round(time.Second), peak>>10)
	if limit > 0 && peak > limit {
		t.Errorf("the server has used %d MB, want at most %d", peak>>10, limit>>10)
	}
	s.stop()
	s.healthy()
	all := s.places()
	if len(all) != old+live {
		t.Errorf("%d different mails are there, want %d", len(all), old+live)
	}
	for n, accepted := range before {
		p := all[fmt.Sprintf("Order %d", old+n)]
		t.Logf("live mail %d came in as number %d after %s; %d were there when it was delivered", n, p.number, p.at.Sub(at[n]).Round(time.Millisecond), accepted)
		// A batch was on its way, and another may have been begun.
		if p.number > accepted+150 {
			t.Errorf("live mail %d came in as number %d, and %d were there when it was delivered", n, p.number, accepted)
		}
	}
}

// place is as which one, and when, a mail came.
type place struct {
	number int
	at     time.Time
}

// places tells the place of each mail of the server, by its subject.
func (s *server) places() map[string]place {
	s.t.Helper()
	out, err := s.command("mail", "list", "--json")
	if err != nil {
		s.t.Fatal(err)
	}
	type mail struct {
		ID         int64
		Subject    string
		ReceivedAt time.Time `json:"received_at"`
	}
	var list []mail
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var m mail
		if d.Decode(&m) != nil {
			break
		}
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b mail) int { return cmp.Compare(a.ID, b.ID) })
	places := map[string]place{}
	for i, m := range list {
		places[m.Subject] = place{i, m.ReceivedAt}
	}
	return places
}

// peakMemory is the most a process has had in memory, in KB.
func peakMemory(t *testing.T, pid int) int64 {
	t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb
		}
	}
	return 0
}
