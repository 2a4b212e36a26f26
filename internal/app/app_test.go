package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/platform/config"
	"rapport/internal/platform/fault"
)

// printed is where a command line writes. Its log is that of the process from
// then on, so that tests beside it write there too.
type printed struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// rapport runs one command line and returns what it printed.
func rapport(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e printed
	code = Main(args, nil, "test", strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// serving runs a server on a folder until the test ends.
func serving(t *testing.T, folder string, more ...string) (stop func()) {
	t.Helper()
	c, err := config.Load(append([]string{"--data", folder, "--listen", "127.0.0.1:0"}, more...), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, c, false, "test", &bytes.Buffer{}) }()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(folder, "control.sock")); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the server never opened its socket")
		}
	}
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(stop)
	return stop
}

var ownWork = regexp.MustCompile(`(?m)^.*  blobs\.collect  .*\n`)

// numbersAndTokens are what differs between two runs of the same command.
var numbersAndTokens = regexp.MustCompile(`rap_[a-z0-9]+|"(workspace_id|agent_id|took_ns)":\d+|.*\.tar|  made .*|  holds .*|  key .*`)

// Each command does the same beside a running server as on a stopped one's data.
func TestCommandsRunBothWays(t *testing.T) {
	mail := filepath.Join(t.TempDir(), "one.eml")
	if err := os.WriteFile(mail, []byte("From: ewa@harbour.example\r\nSubject: Burek\r\n\r\nHe did not eat.\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	table := []struct {
		name string
		args []string
		code int
		out  string // a part of what is printed
		err  string
	}{
		{"setup refuses a weak password", []string{"setup", "--workspace", "Miska", "--email", "hanna@miska.example", "--password", "short"}, 1, "", "password"},
		{"setup", []string{"setup", "--workspace", "Miska", "--email", "hanna@miska.example", "--password", "correct horse battery", "--json"}, 0, `"token":"rap_`, ""},
		{"setup again", []string{"setup", "--workspace", "Miska", "--email", "hanna@miska.example", "--password", "correct horse battery"}, 1, "", "already"},
		{"token", []string{"token", "create", "--email", "hanna@miska.example"}, 0, "rap_", ""},
		{"token of a stranger", []string{"token", "create", "--email", "nobody@miska.example"}, 1, "", "nobody@miska.example"},
		{"reset password", []string{"user", "reset-password", "--email", "hanna@miska.example", "--password", "another long password"}, 0, "new password", ""},
		{"mail list", []string{"mail", "list", "--json"}, 0, "", ""},
		{"mail list, wrong state", []string{"mail", "list", "--state", "lost"}, 2, "", "received, applied"},
		{"mail replay nothing", []string{"mail", "replay"}, 2, "", "--quarantined"},
		{"mail replay unknown", []string{"mail", "replay", "99"}, 1, "", "no mail 99"},
		{"queue list", []string{"queue", "list"}, 0, "", ""},
		{"queue retry unknown", []string{"queue", "retry", "99"}, 1, "", "no job 99"},
		{"queue drop nothing", []string{"queue", "drop"}, 2, "", "numbers"},
		{"queue pause", []string{"queue", "pause"}, 0, "Sending is paused", ""},
		{"queue resume", []string{"queue", "resume"}, 0, "Sending goes on", ""},
		{"queue resume again", []string{"queue", "resume"}, 0, "was not paused", ""},
		{"backup create", []string{"backup", "create", "--to", "FOLDER/made.tar"}, 0, "is not included", ""},
		{"backup create to a file that is there", []string{"backup", "create", "--to", "FOLDER/made.tar"}, 1, "", "there already"},
		{"backup create to the usual place", []string{"backup", "create", "--with-key"}, 0, "INCLUDED", ""},
		{"backup create to nowhere", []string{"backup", "create", "--to", "FOLDER/no/such/folder.tar"}, 1, "", "cannot be made"},
		{"backup create with a name", []string{"backup", "create", "FOLDER/made.tar"}, 2, "", "--to"},
		{"backup verify", []string{"backup", "verify", "FOLDER/made.tar"}, 0, "is whole", ""},
		{"backup verify what is none", []string{"backup", "verify", mail}, 1, "", "not a backup"},
		{"backup restore over data", []string{"backup", "restore", "FOLDER/made.tar"}, 1, "", "with --data"},
		{"doctor", []string{"doctor"}, 0, "checks hold", ""},
		{"doctor in JSON", []string{"doctor", "--json", "--quick"}, 0, `"name":"messages.positions"`, ""},
		{"doctor of something", []string{"doctor", "mail"}, 2, "", "no arguments"},
		{"mail parse", []string{"mail", "parse", "--json", mail}, 0, `"subject":"Burek"`, ""},
		{"openapi", []string{"openapi"}, 0, `"openapi"`, ""},
		{"version", []string{"version"}, 0, "test", ""},
		{"no such command", []string{"dance"}, 2, "", "dance"},
		{"no such setting", []string{"mail", "list", "--colour", "red"}, 2, "", "colour"},
	}
	run := func(t *testing.T, folder string) []string {
		var outs []string
		for _, row := range table {
			args := append(slices.Clone(row.args), "--data", folder)
			for i := range args {
				args[i] = strings.Replace(args[i], "FOLDER", folder, 1)
			}
			code, out, errOut := rapport(t, args...)
			if code != row.code || !strings.Contains(out, row.out) || !strings.Contains(errOut, row.err) {
				t.Errorf("%s: code %d, printed %.300q and %.300q; want code %d with %q and %q", row.name, code, out, errOut, row.code, row.out, row.err)
			}
			out = ownWork.ReplaceAllString(out, "") // of the server, which has just begun
			outs = append(outs, numbersAndTokens.ReplaceAllString(out, "-"))
		}
		return outs
	}
	var alone, beside []string
	t.Run("alone", func(t *testing.T) { alone = run(t, t.TempDir()) })
	t.Run("beside a server", func(t *testing.T) {
		folder := t.TempDir()
		serving(t, folder)
		beside = run(t, folder)
	})
	for i := range table {
		if len(alone) == len(beside) && alone[i] != beside[i] {
			t.Errorf("%s printed %.200q alone and %.200q beside a server", table[i].name, alone[i], beside[i])
		}
	}
}

// SQL-06: the second process on a folder is refused, with the number of the
// first and what several need.
func TestSQL06ASecondServerIsRefused(t *testing.T) {
	folder := t.TempDir()
	stop := serving(t, folder)
	c, _ := config.Load([]string{"--data", folder, "--listen", "127.0.0.1:0"}, nil)
	err := Serve(context.Background(), c, false, "test", &bytes.Buffer{})
	if words := fault.MessageOf(err); !fault.Is(err, fault.Conflict) || !strings.Contains(words, "serve") || !strings.Contains(words, fmt.Sprint("process ", os.Getpid())) || !strings.Contains(words, "data folder each") {
		t.Errorf("the second server: %v", err)
	}
	stop()
	serving(t, folder) // and the folder is free again
}

func TestCommandsThatNeedNoDataMakeNone(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "never")
	for _, args := range [][]string{{"version"}, {"openapi"}, {"help"}, {"mail", "parse", "--json", "missing.eml"}} {
		rapport(t, append(args, "--data", folder)...)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("a data folder appeared: %v", err)
	}
}

func TestTheDemoAndACompanysDataAreKeptApart(t *testing.T) {
	company, shop := t.TempDir(), t.TempDir()
	os.WriteFile(filepath.Join(company, databaseFile), nil, 0o600)
	for _, row := range []struct {
		name   string
		folder string
		demo   bool
		ok     bool
	}{
		{"an empty folder becomes the demo", shop, true, true},
		{"the demo again", shop, true, true},
		{"a company on the demo", shop, false, false},
		{"the demo on a company", company, true, false},
		{"a company again", company, false, true},
	} {
		if err := checkFolder(config.Config{Data: row.folder}, row.demo); (err == nil) != row.ok {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

func TestTheDemoIsAWholeShop(t *testing.T) {
	c, err := config.Load([]string{"--data", t.TempDir()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	a, err := Open(ctx, c, true)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := a.loadDemo(ctx); err != nil {
		t.Fatal(err)
	}
	counters, err := a.Channels.Counters(ctx, 0)
	if err != nil || counters.Accepted < 300 || counters.Applied != counters.Accepted {
		t.Errorf("mails: %+v, %v", counters, err)
	}
	var out bytes.Buffer
	if err := mailListCommand.run(ctx, a, &mailListFlags{json: true, limit: 3}, nil, &out); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil || m["state"] != "applied" || m["id"] == nil || m["received_at"] == nil || m["inbox"] == nil {
			t.Errorf("mail list printed %s (%v)", line, err)
		}
	}
	if n := strings.Count(out.String(), "\n"); n != 3 {
		t.Errorf("--limit 3 printed %d lines", n)
	}
}
