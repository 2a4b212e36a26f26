package app

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/platform/backup"
	"rapport/internal/platform/config"
	"rapport/internal/platform/control"
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// engines are the arguments that choose each engine, with a database of its own.
func engines(t *testing.T, test func(t *testing.T, database func() []string)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, func() []string { return nil })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, func() []string { return []string{"--database-url", testkit.PostgresURL(t)} })
	})
}

func opened(t testing.TB, demo bool, args ...string) *App {
	t.Helper()
	c, err := config.Load(args, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(context.Background(), c, demo)
	if err != nil {
		t.Fatal(err)
	}
	a.Version = "test"
	t.Cleanup(a.Close)
	return a
}

// healthy runs the doctor and tells what is wrong.
func healthy(t *testing.T, a *App) {
	t.Helper()
	ok, err := a.examine(context.Background(), false, func(r doctor.Result) error {
		if !r.OK {
			t.Errorf("doctor: %s: %d wrong, as %v %s", r.Name, r.Wrong, r.Examples, r.Problem)
		}
		return nil
	})
	if err != nil || !ok {
		t.Errorf("doctor: %v, %v", ok, err)
	}
}

// SQL-11, SQL-12. The drill: a backup is made while mail comes in, and restored somewhere else.
// What was acknowledged before it began is there, everything holds, nothing
// leaves, and screens begin anew.
func TestSQL11SQL12TheRestoreDrill(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		live := append(database(), "--data", t.TempDir())
		shopIn(t, live...)
		a := opened(t, true, live...)
		if _, err := a.Jobs.ResumeOutgoing(ctx); err != nil { // mail is captured
			t.Fatal(err)
		}
		var parts sync.WaitGroup
		for _, run := range []func(){func() { a.Log.Run(ctx) }, func() { a.Readers.Run(ctx) }, func() { a.Jobs.Run(ctx, true) }} {
			parts.Go(run)
		}
		defer parts.Wait()
		defer stop()
		acknowledged := load(t, ctx, a, &parts)
		var before []string
		for deadline := time.Now().Add(2 * time.Minute); len(before) < 50; time.Sleep(5 * time.Millisecond) {
			if before = acknowledged(); time.Now().After(deadline) {
				t.Fatal("the load never gets on")
			}
		}
		var archive bytes.Buffer
		if err := backupCreateCommand.run(ctx, a, &createFlags{withKey: true}, nil, &archive); err != nil {
			t.Fatal(err)
		}
		epoch, err := a.Log.Epoch(ctx)
		if err != nil {
			t.Fatal(err)
		}
		highest, err := a.DB.NewID(ctx)
		if err != nil {
			t.Fatal(err)
		}
		stop()
		parts.Wait()

		file, folder := filepath.Join(t.TempDir(), "drill.tar"), filepath.Join(t.TempDir(), "restored")
		if err := os.WriteFile(file, archive.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		args := append([]string{"--data", folder}, database()...)
		if code, out, errOut := rapport(t, append(args, "backup", "restore", file)...); code != 0 || !strings.Contains(out, "queue resume") {
			t.Fatalf("restore: %d, %s%s", code, out, errOut)
		}
		ctx = context.Background()
		b := opened(t, false, args...)
		healthy(t, b)
		if now, err := b.Log.Epoch(ctx); now == epoch || now == "" || err != nil {
			t.Errorf("epoch %q, then %q (%v)", epoch, now, err)
		}
		if id, err := b.DB.NewID(ctx); id <= highest+1_000_000 || err != nil {
			t.Errorf("id %d after %d (%v)", id, highest, err)
		}
		if p, err := b.Jobs.OutgoingPause(ctx); p == nil || err != nil || p.Reason != restoredPause || !strings.Contains(b.pausedLine(ctx), "queue resume") {
			t.Errorf("pause: %+v, %v", p, err)
		}
		kept := map[string]bool{}
		if err := b.eachMail(ctx, "", func(r channel.Receipt) (bool, error) { kept[r.SourceKey] = true; return true, nil }); err != nil {
			t.Fatal(err)
		}
		for _, key := range before {
			if !kept[key] {
				t.Errorf("%s was acknowledged before the backup and is not in it", key)
			}
		}
		if code, out, errOut := rapport(t, append(args, "token", "create", "--email", demoEmail)...); code != 0 || !strings.HasPrefix(out, "rap_") {
			t.Errorf("nobody can sign in: %s", errOut)
		}
		if code, out, _ := rapport(t, append(args, "queue", "resume")...); code != 0 || !strings.Contains(out, "goes on") {
			t.Errorf("resume: %d %s", code, out)
		}
	})
}

// load lets mail come in until ctx ends; the result tells which was acknowledged.
func load(t *testing.T, ctx context.Context, a *App, parts *sync.WaitGroup) func() []string {
	t.Helper()
	workspaces, err := a.Accounts.Workspaces(ctx)
	if err != nil || len(workspaces) == 0 {
		t.Fatal(err)
	}
	inboxes, err := a.Channels.Inboxes(ctx, account.System(workspaces[0].ID))
	if err != nil || len(inboxes) == 0 {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var done []string
	for worker := range 4 {
		parts.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				key := fmt.Sprintf("drill:%d:%d", worker, i)
				raw := fmt.Sprintf("From: Ewa <ewa%d@harbour.example>\r\nTo: hello@miska.example\r\nSubject: Drill %d\r\nMessage-ID: <%s@harbour.example>\r\n\r\n%s\r\n",
					i%20, i, strings.ReplaceAll(key, ":", "."), strings.Repeat("It is about the bowl. ", 1+i%10*500))
				err := a.Channels.Accept(ctx, []channel.Arrival{{WorkspaceID: inboxes[0].WorkspaceID, InboxID: inboxes[0].ID, SourceKey: key, From: "ewa@harbour.example", Raw: []byte(raw)}}, nil)
				if err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
				if err == nil {
					mu.Lock()
					done = append(done, key)
					mu.Unlock()
				}
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string{}, done...)
	}
}

// shop is a backup of the sample shop with its key: filling it takes long, so
// that is done once.
var shop = sync.OnceValues(func() (archive []byte, err error) {
	folder, err := os.MkdirTemp("", "rapport-shop-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	c, err := config.Load([]string{"--data", folder}, nil)
	if err != nil {
		return nil, err
	}
	a, err := Open(context.Background(), c, true)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	if err := a.loadDemo(context.Background()); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = backupCreateCommand.run(context.Background(), a, &createFlags{withKey: true}, nil, &b)
	return b.Bytes(), err
})

func shopFile(t *testing.T) string {
	t.Helper()
	archive, err := shop()
	file := filepath.Join(t.TempDir(), "shop.tar")
	if err == nil {
		err = os.WriteFile(file, archive, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// shopIn puts the sample shop into a folder and a database.
func shopIn(t *testing.T, args ...string) {
	t.Helper()
	if code, out, errOut := rapport(t, append([]string{"backup", "restore", shopFile(t)}, args...)...); code != 0 {
		t.Fatal(out, errOut)
	}
}

// what is in a folder, but for the lock.
func names(t *testing.T, folder string) (out []string) {
	t.Helper()
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		if e.Name() != "lock" {
			out = append(out, e.Name())
		}
	}
	return out
}

func TestSQL13AMutatedBackupIsRefused(t *testing.T) {
	t.Parallel()
	good, err := shop()
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(20261122, 7))
	bad := filepath.Join(t.TempDir(), "bad.tar")
	for round := range 12 {
		b := bytes.Clone(good)
		switch at := random.IntN(len(b)); round % 4 {
		case 0:
			b = b[:at]
		case 1: // a hole
			clear(b[at:min(len(b), at+4096)])
			b[at] = ^good[at]
		default:
			b[at] ^= 1 << random.IntN(8)
		}
		if err := os.WriteFile(bad, b, 0o600); err != nil {
			t.Fatal(err)
		}
		code, out, errOut := rapport(t, "backup", "verify", bad)
		if code != 1 || out != "" || !strings.Contains(errOut, "This ") {
			t.Errorf("round %d: verify said %d, %q, %q", round, code, out, errOut)
		}
		if round%3 != 0 {
			continue
		}
		folder := filepath.Join(t.TempDir(), "target")
		code, out, errOut = rapport(t, "backup", "restore", bad, "--data", folder)
		if left := names(t, folder); code != 1 || out != "" || errOut == "" || len(left) > 0 {
			t.Errorf("round %d: restore said %d, %q, %q and left %v", round, code, out, errOut, left)
		}
	}
}

func TestARestoreIsRefusedWhereItWouldDoHarm(t *testing.T) {
	t.Parallel()
	file, target := shopFile(t), t.TempDir()
	// bare is an archive without its key, and the folder it was made of.
	bare := func() (file, folder string) {
		folder = t.TempDir()
		file = filepath.Join(t.TempDir(), "bare.tar")
		if code, out, errOut := rapport(t, "backup", "create", "--data", folder, "--to", file); code != 0 {
			t.Fatal(out, errOut)
		}
		return file, folder
	}
	one, from := bare()
	other, _ := bare()
	expect := func(what string, code int, words string, args ...string) {
		t.Helper()
		got, out, errOut := rapport(t, append([]string{"backup", "restore"}, args...)...)
		if got != code || !strings.Contains(out+errOut, words) {
			t.Errorf("%s: %d %s%s; want %d and %q", what, got, out, errOut, code, words)
		}
	}
	expect("no file", 2, "name one file")
	expect("a missing file", 1, "no such file", filepath.Join(target, "missing.tar"), "--data", target)
	expect("without the key", 1, "does not hold the master key", one, "--data", target)
	os.WriteFile(filepath.Join(target, "secret.key"), []byte(strings.Repeat("ab", 32)), 0o600)
	expect("another key", 1, "belongs to the master key", one, "--data", target)
	expect("another key beside the archive's", 1, "belongs to the master key", file, "--data", target)
	os.Remove(filepath.Join(target, "secret.key"))
	expect("the demo", 1, "holds the demo", file, "--data", demoFolder(t))
	expect("into an empty folder", 0, "is restored", file, "--data", target)
	expect("over data", 1, "holds data already", file, "--data", target)
	expect("with leave to put it aside", 0, "what was there is in", file, "--data", target, "--replace")
	if aside, _ := filepath.Glob(filepath.Join(target, asideName+"*", databaseFile)); len(aside) != 1 {
		t.Errorf("what was there: %v", aside)
	}
	hold, err := control.Lock(target, "serve")
	if err != nil {
		t.Fatal(err)
	}
	expect("beside a server", 1, "is in use by process", file, "--data", target, "--replace")
	hold.Release()
	key, err := os.ReadFile(filepath.Join(from, "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "kept.key")
	os.WriteFile(elsewhere, key, 0o600)
	expect("a key of another installation", 1, "belongs to the master key", other, "--data", t.TempDir(), "--secret-file", elsewhere)
	expect("its own key, kept elsewhere", 0, "is restored", one, "--data", t.TempDir(), "--secret-file", elsewhere)
	a := opened(t, false, "--data", target)
	healthy(t, a)
}

func demoFolder(t *testing.T) string {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, demoMark), nil, 0o600)
	return dir
}

func TestNightlyIsDue(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("Warsaw", 3600)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, zone) }
	tried := func(state string, times ...time.Time) (out []backup.Record) {
		for _, t := range times {
			out = append(out, backup.Record{State: state, StartedAt: t})
		}
		return out
	}
	long := at(1, 12, 0)
	for _, row := range []struct {
		name  string
		now   time.Time
		since time.Time
		tried []backup.Record
		due   bool
	}{
		{"the first night", at(22, 3, 1), at(21, 20, 0), nil, true},
		{"the first evening", at(21, 23, 0), at(21, 20, 0), nil, false},
		{"an old installation without one", at(21, 14, 0), long, nil, true},
		{"made tonight", at(22, 4, 0), long, tried(backup.Good, at(22, 3, 1)), false},
		{"made by day yesterday", at(22, 3, 1), long, tried(backup.Good, at(21, 14, 0)), true},
		{"before the hour", at(22, 2, 59), long, tried(backup.Good, at(21, 3, 1)), false},
		{"asleep at night, awake in the morning", at(22, 9, 0), long, tried(backup.Good, at(21, 9, 0)), true},
		{"failed a while ago", at(22, 4, 5), long, tried(backup.Failed, at(22, 3, 1)), true},
		{"failed just now", at(22, 3, 30), long, tried(backup.Failed, at(22, 3, 1)), false},
		{"failed three times", at(22, 9, 0), long, tried(backup.Failed, at(22, 5, 3), at(22, 4, 2), at(22, 3, 1)), false},
		{"failed three times last night", at(23, 3, 5), long, tried(backup.Failed, at(22, 5, 3), at(22, 4, 2), at(22, 3, 1)), true},
	} {
		if due := nightlyDue(row.now, row.since, row.tried); due != row.due {
			t.Errorf("%s: due %v", row.name, due)
		}
	}
}

func TestNightlyBackupsAreKeptAndShown(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		ctx := context.Background()
		folder := t.TempDir()
		a := opened(t, false, append(database(), "--data", folder, "--backups", "3")...)
		made := func() []string {
			files, _ := filepath.Glob(filepath.Join(folder, backupsFolder, "*"))
			return files
		}
		if c := a.backupCheck(ctx); c.State != "ok" || !strings.Contains(c.Message, "at 3 o'clock") {
			t.Errorf("on the first day: %+v", c)
		}
		os.MkdirAll(filepath.Join(folder, backupsFolder), 0o700)
		os.WriteFile(filepath.Join(folder, backupsFolder, ".nightly-20260101-030000.tar.123.part"), nil, 0o600)
		os.WriteFile(filepath.Join(folder, backupsFolder, "rapport-20200101-030000.tar"), nil, 0o600) // of a person: it stays
		for i := range 5 {
			os.WriteFile(filepath.Join(folder, backupsFolder, fmt.Sprintf("nightly-2026010%d-030000.tar", i+1)), nil, 0o600)
		}
		if err := a.nightly(ctx); err != nil {
			t.Fatal(err)
		}
		files := made()
		if len(files) != 4 || !strings.HasSuffix(files[3], "rapport-20200101-030000.tar") || !strings.HasSuffix(files[0], "20260104-030000.tar") {
			t.Errorf("kept: %v", files)
		}
		if code, out, errOut := rapport(t, "backup", "verify", files[2]); code != 0 {
			t.Errorf("verify: %s%s", out, errOut)
		}
		if c := a.backupCheck(ctx); c.State != "ok" || !strings.Contains(c.Message, "is 0 hours old and has ") || c.Since == nil {
			t.Errorf("after a good one: %+v", c)
		}
		os.RemoveAll(filepath.Join(folder, backupsFolder))
		os.WriteFile(filepath.Join(folder, backupsFolder), nil, 0o600)
		if err := a.nightly(ctx); err == nil {
			t.Error("a backup into a file that is no folder")
		}
		if c := a.backupCheck(ctx); c.State != "warning" || !strings.Contains(c.Message, "failed") {
			t.Errorf("without a folder: %+v", c)
		}
		os.Remove(filepath.Join(folder, backupsFolder))
		if err := a.nightly(ctx); err != nil {
			t.Fatal(err)
		}
		id, err := a.Book.Begin(ctx, backup.Nightly, "x")
		if err != nil {
			t.Fatal(err)
		}
		if c := a.backupCheck(ctx); c.State != "ok" {
			t.Errorf("while one is made: %+v", c)
		}
		a.Book.End(ctx, id, 0, os.ErrPermission)
		if c := a.backupCheck(ctx); c.State != "warning" || !strings.Contains(c.Message, "failed") {
			t.Errorf("after a failed one: %+v", c)
		}
	})
}

// An installation whose last night went by without a backup makes one when it
// is started.
func TestAServerMakesItsNightlyBackup(t *testing.T) {
	t.Parallel()
	ctx, folder := context.Background(), t.TempDir()
	a := opened(t, false, "--data", folder)
	if _, err := db.Exec(ctx, a.DB, "UPDATE schema_migrations SET applied_at = 1"); err != nil {
		t.Fatal(err)
	}
	a.Close()
	serving(t, folder)
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if files, _ := filepath.Glob(filepath.Join(folder, backupsFolder, nightlyName+"*")); len(files) == 1 {
			if code, _, errOut := rapport(t, "backup", "verify", files[0]); code != 0 {
				t.Error(errOut)
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("no backup was made")
		}
	}
}
