package prove

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/platform/db"
)

// SQL-02. What a power cut leaves of a file is what was synced, and of what
// was written since, any part. The writes of a running server are recorded by
// strace; from each of many moments files are made that a cut might have left,
// and every mail that had its 250 by then must be in them.
func TestProvePowerCut(t *testing.T) {
	needsProve(t)
	powerCut(t, 1000, 8*time.Second)
}

func needsStrace(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		t.Fatal("there is no strace: apt-get install -y strace")
	}
}

func powerCut(t *testing.T, cuts int, lasting time.Duration) {
	needsStrace(t)
	s, out, l := newServer(t, false), newSink(t), newLedger()
	s.start()
	s.setup(out)
	s.stop()
	folder := s.settings[1]
	before := map[string][]byte{}
	for _, name := range cutFiles {
		before[name], _ = os.ReadFile(filepath.Join(folder, name))
	}
	record := filepath.Join(t.TempDir(), "record")
	s.wrapper = []string{"strace", "-f", "-y", "-xx", "-s", "1000000", "-o", record, "-e", "trace=pwrite64,write,ftruncate,fsync,fdatasync"}
	s.start()
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { l.customers(ctx, s) }) // one: the nth 250 is for the nth mail
	all.Go(func() { l.agents(ctx, s) })
	time.Sleep(lasting)
	s.kill()
	cancel()
	all.Wait()

	r := read(t, record, folder)
	if len(r.acks) < len(l.mails) || len(r.acks) > len(l.mails)+1 || len(r.ops) == 0 || len(l.mails) == 0 {
		t.Fatalf("%d mails, %d acknowledgements and %d writes were recorded", len(l.mails), len(r.acks), len(r.ops))
	}
	for range cuts {
		at := rand.IntN(r.length)
		taken := 0
		for taken < len(l.mails) && r.acks[taken] <= at {
			taken++
		}
		target := t.TempDir()
		r.leave(t, before, target, at)
		for _, id := range missing(t, target, l.mails[:taken]) {
			t.Errorf("cut at %d of %d: mail %s had its 250 and is gone", at, r.length, id)
		}
		os.RemoveAll(target)
	}
	t.Logf("%d cuts of %d writes and %d syncs, %d mails", cuts, len(r.ops), len(r.syncs), len(l.mails))
}

// cutFiles are the files in which what was acknowledged stands.
var cutFiles = []string{"rapport.db", "rapport.db-wal"}

// recording is what a server did, in order.
type recording struct {
	ops    []op
	syncs  []syncing
	acks   []int
	length int
}

type op struct {
	at   int
	file string
	off  int64
	data []byte // nil: cut the file at off
}

// syncing makes durable what was written to the file before it began.
type syncing struct {
	began, done int
	file        string
}

var (
	callLine    = regexp.MustCompile(`^(\d+) +(\w+)\(\d+<([^>]*)>(?:, )?(.*)$`)
	resumedLine = regexp.MustCompile(`^(\d+) +<\.\.\. (fsync|fdatasync) resumed>.*= 0`)
	writeArgs   = regexp.MustCompile(`^"((?:\\x[0-9a-f]{2})*)"(?:, (\d+))?(?:, (\d+))?`)
)

// read understands what strace wrote about the files of a folder, and about
// the mail door's answers to data.
func read(t *testing.T, record, folder string) (r recording) {
	f, err := os.Open(record)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	waiting := map[string]syncing{} // by thread
	lines := bufio.NewReaderSize(f, 1<<20)
	accepted := hexed("250 2.0.0 OK")
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return r
		}
		if err != nil {
			t.Fatal(err)
		}
		line = strings.TrimSuffix(line, "\n")
		r.length++
		if m := resumedLine.FindStringSubmatch(line); m != nil {
			if s, ok := waiting[m[1]]; ok {
				s.done = r.length
				r.syncs = append(r.syncs, s)
				delete(waiting, m[1])
			}
			continue
		}
		m := callLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		thread, call, path, rest := m[1], m[2], unhexed(m[3]), m[4]
		if call == "write" && strings.HasPrefix(rest, `"`+accepted) {
			r.acks = append(r.acks, r.length)
			continue
		}
		name, ours := strings.CutPrefix(path, folder+"/")
		if !ours || !slices.Contains(cutFiles, name) {
			continue
		}
		switch call {
		case "pwrite64":
			a := writeArgs.FindStringSubmatch(rest)
			off, _ := strconv.ParseInt(a[3], 10, 64)
			r.ops = append(r.ops, op{r.length, name, off, []byte(unhexed(a[1]))})
		case "ftruncate":
			size, _, _ := strings.Cut(rest, ")")
			size, _, _ = strings.Cut(size, " ")
			off, _ := strconv.ParseInt(size, 10, 64)
			r.ops = append(r.ops, op{r.length, name, off, nil})
		case "fsync", "fdatasync":
			s := syncing{began: r.length, done: r.length, file: name}
			if strings.Contains(line, "<unfinished") {
				waiting[thread] = s
			} else if strings.HasSuffix(line, "= 0") {
				r.syncs = append(r.syncs, s)
			}
		}
	}
}

func hexed(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, `\x%02x`, c)
	}
	return b.String()
}

func unhexed(text string) string {
	if !strings.HasPrefix(text, `\x`) {
		return text
	}
	out := make([]byte, 0, len(text)/4)
	for at := 0; at+4 <= len(text); at += 4 {
		n, _ := strconv.ParseUint(text[at+2:at+4], 16, 8)
		out = append(out, byte(n))
	}
	return string(out)
}

// leave writes what a cut might have left: everything that was synced, and of
// later writes, in this cut with the same chance for each, all, none or some
// of their sectors.
func (r recording) leave(t *testing.T, before map[string][]byte, target string, at int) {
	t.Helper()
	const sector = 512
	chance := []float64{0, 0.2, 0.5, 0.8, 1}[rand.IntN(5)]
	for _, name := range cutFiles {
		synced := 0
		for _, s := range r.syncs {
			if s.file == name && s.done <= at {
				synced = max(synced, s.began)
			}
		}
		content := slices.Clone(before[name])
		for _, o := range r.ops {
			if o.file != name || o.at > at {
				continue
			}
			if o.data == nil {
				if o.at <= synced || rand.Float64() < chance {
					content = grown(content, o.off)[:o.off]
				}
				continue
			}
			for from := 0; from < len(o.data); from += sector {
				part := o.data[from:min(from+sector, len(o.data))]
				if o.at <= synced || rand.Float64() < chance {
					end := o.off + int64(from+len(part))
					content = grown(content, end)
					copy(content[o.off+int64(from):end], part)
				}
			}
		}
		if content == nil {
			continue
		}
		if err := os.WriteFile(filepath.Join(target, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func grown(content []byte, size int64) []byte {
	if n := size - int64(len(content)); n > 0 {
		content = append(content, make([]byte, n)...)
	}
	return content
}

// missing tells which mails are not in the database of a folder.
func missing(t *testing.T, folder string, ids []string) (gone []string) {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, db.Options{File: filepath.Join(folder, "rapport.db")})
	if err != nil {
		t.Error(err)
		return ids
	}
	defer d.Close()
	if ok, err := db.One(ctx, d, db.String, "PRAGMA integrity_check"); err != nil || ok != "ok" {
		t.Errorf("the database is damaged: %s, %v", ok, err)
	}
	var kept strings.Builder
	_, err = db.All(ctx, d, func(row db.Row) (struct{}, error) {
		var b []byte
		err := row.Scan(&b)
		kept.Write(b)
		return struct{}{}, err
	}, "SELECT content FROM blob_bodies")
	if err != nil {
		t.Error(err)
	}
	for _, id := range ids {
		if !strings.Contains(kept.String(), "<"+id+">") {
			gone = append(gone, id)
		}
	}
	return gone
}

// SQL-03, SQL-04: the disk refuses the nth write or sync, once, or is full
// from then on. What was acknowledged before and afterwards is there.
func TestProveDiskRefuses(t *testing.T) {
	needsProve(t)
	for range 40 {
		for _, fault := range diskFaults {
			diskRefuses(t, fault, 1+rand.IntN(200))
		}
	}
}

// when= follows: %d is the number of the call, + means each one from then on.
var diskFaults = []string{"fdatasync,fsync:error=EIO:when=%d", "pwrite64:error=EIO:when=%d", "pwrite64:error=ENOSPC:when=%d", "pwrite64:error=ENOSPC:when=%d+"}

func diskRefuses(t *testing.T, fault string, nth int) {
	fault = fmt.Sprintf(fault, nth)
	t.Run(fault, func(t *testing.T) {
		needsStrace(t)
		s, out, l := newServer(t, false), newSink(t), newLedger()
		s.start()
		s.setup(out)
		s.stop()
		s.wrapper = []string{"strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=none", "-e", "inject=" + fault}
		s.begin()
		for range 100 { // it may not get ready: then there is nothing to keep
			if c, err := smtp.Dial(s.door); err == nil {
				c.Close()
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				for ctx.Err() == nil {
					l.customers(ctx, s)
					time.Sleep(20 * time.Millisecond)
				}
			})
		}
		all.Go(func() { l.agents(ctx, s) })
		all.Wait()
		s.kill()
		s.wrapper = nil
		s.start()
		s.settle(l)
		s.stop()
		s.healthy()
		if len(l.mails) > 0 {
			s.look().compare(t, l, out)
		}
		t.Logf("%d mails and %d messages of agents acknowledged", len(l.mails), len(l.written))
	})
}
