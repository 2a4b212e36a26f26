package control_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"rapport/internal/platform/control"
	"rapport/internal/platform/fault"
)

// holdEnv makes this test binary a process that holds a folder until it is
// killed.
const holdEnv = "RAPPORT_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdEnv); dir != "" {
		hold, err := control.Lock(dir, "serve")
		if err == nil {
			_, err = hold.Listen()
		}
		fmt.Println("held", err)
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var commands = control.Commands{
	"echo": func(_ context.Context, c *control.Call) int {
		fmt.Fprintf(c.Stdout, "%q", c.Args)
		return 0
	},
	"copy": func(_ context.Context, c *control.Call) int {
		n, err := io.Copy(c.Stdout, c.Stdin)
		fmt.Fprintf(c.Stderr, "%d bytes, %v", n, err)
		if err != nil {
			return 1
		}
		return 0
	},
	"upper": func(_ context.Context, c *control.Call) int { // answers each line before it reads the next
		lines := bufio.NewScanner(c.Stdin)
		for lines.Scan() {
			fmt.Fprintln(c.Stdout, strings.ToUpper(lines.Text()))
		}
		return 0
	},
	"fail":  func(_ context.Context, c *control.Call) int { io.WriteString(c.Stderr, "no"); return 3 },
	"panic": func(context.Context, *control.Call) int { panic("boom") },
	"wait": func(ctx context.Context, c *control.Call) int {
		fmt.Fprint(c.Stdout, "waiting")
		<-ctx.Done()
		fmt.Fprint(c.Stdout, ", ended")
		return 4
	},
	"flood": func(ctx context.Context, c *control.Call) int {
		block := bytes.Repeat([]byte("x"), 1<<20)
		for ctx.Err() == nil {
			if _, err := c.Stdout.Write(block); err != nil {
				return 5
			}
		}
		return 6
	},
}

// eachWay runs the test with a folder that nobody holds and with one whose
// server runs.
func eachWay(t *testing.T, test func(t *testing.T, dir string)) {
	t.Parallel()
	t.Run("local", func(t *testing.T) {
		t.Parallel()
		test(t, t.TempDir())
	})
	t.Run("remote", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		serve(t, dir, commands)
		test(t, dir)
	})
	t.Run("remote with a long path", func(t *testing.T) {
		t.Parallel()
		dir := filepath.Join(t.TempDir(), strings.Repeat("long", 30), strings.Repeat("path", 30))
		serve(t, dir, commands)
		test(t, dir)
	})
}

// serve runs a server until stop is called or the test ends.
func serve(t *testing.T, dir string, commands control.Commands) (stop func()) {
	t.Helper()
	hold, err := control.Lock(dir, "serve")
	if err != nil {
		t.Fatal(err)
	}
	server, err := hold.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx, commands) }()
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
		hold.Release()
	}
	t.Cleanup(stop)
	return stop
}

func TestACommandDoesTheSameBothWays(t *testing.T) {
	big := strings.Repeat("0123456789", 300_000)
	eachWay(t, func(t *testing.T, dir string) {
		for _, c := range []struct {
			name     string
			args     []string
			in       io.Reader
			out, err string
			code     int
		}{
			{name: "echo", args: []string{"a b", "", "ż\n한"}, out: `["a b" "" "ż\n한"]`},
			{name: "echo", out: "[]"},
			{name: "copy", in: strings.NewReader(big), out: big, err: "3000000 bytes, <nil>"},
			{name: "copy", in: strings.NewReader(""), err: "0 bytes, <nil>"},
			{name: "copy", err: "0 bytes, <nil>"},
			{name: "copy", in: iotest.OneByteReader(strings.NewReader("abc")), out: "abc", err: "3 bytes, <nil>"},
			{name: "copy", in: io.MultiReader(strings.NewReader("half"), iotest.ErrReader(errors.New("disk gone"))), out: "half", err: "4 bytes, disk gone", code: 1},
			{name: "fail", in: strings.NewReader("nobody reads this"), err: "no", code: 3},
			{name: "panic", err: "The command broke off because of an error in Rapport. The log says more.\n", code: 1},
			{name: "none", err: "There is no command \"none\". Is another version of Rapport running?\n", code: 2},
		} {
			var out, errs bytes.Buffer
			code, err := control.Run(context.Background(), dir, commands, c.name, &control.Call{Args: c.args, Stdin: c.in, Stdout: &out, Stderr: &errs})
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			if code != c.code || out.String() != c.out || errs.String() != c.err {
				t.Errorf("%s %q: code %d, %d bytes out, err %q; want %d, %d bytes, %q", c.name, c.args, code, out.Len(), errs.String(), c.code, len(c.out), c.err)
			}
		}
	})
}

// A conversation: the second line is written only after the first was answered.
func TestStreamsFlowWhileTheCommandRuns(t *testing.T) {
	eachWay(t, func(t *testing.T, dir string) {
		inRead, inWrite := io.Pipe()
		outRead, outWrite := io.Pipe()
		done := make(chan error, 1)
		go func() {
			_, err := control.Run(context.Background(), dir, commands, "upper", &control.Call{Stdin: inRead, Stdout: outWrite})
			outWrite.Close()
			done <- err
		}()
		answers := bufio.NewScanner(outRead)
		for _, line := range []string{"one", "two", "three"} {
			fmt.Fprintln(inWrite, line)
			if !answers.Scan() || answers.Text() != strings.ToUpper(line) {
				t.Fatalf("%s: %q", line, answers.Text())
			}
		}
		inWrite.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// await reads until text has come.
func await(t *testing.T, r io.Reader, text string) {
	t.Helper()
	got := make([]byte, len(text))
	if _, err := io.ReadFull(r, got); err != nil || string(got) != text {
		t.Fatalf("%q, %v", got, err)
	}
}

func TestTheCallersCancellationEndsTheCommand(t *testing.T) {
	eachWay(t, func(t *testing.T, dir string) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		read, write := io.Pipe()
		done := make(chan int, 1)
		go func() {
			code, err := control.Run(ctx, dir, commands, "wait", &control.Call{Stdout: write})
			if err != nil {
				t.Error(err)
			}
			done <- code
		}()
		await(t, read, "waiting")
		cancel()
		await(t, read, ", ended")
		if code := <-done; code != 4 {
			t.Errorf("code %d", code)
		}
	})
}

func TestAVanishedCallerEndsTheCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ended := make(chan error, 1)
	serve(t, dir, control.Commands{"read": func(ctx context.Context, c *control.Call) int {
		_, err := io.ReadAll(c.Stdin) // half a file must not look like a whole one
		<-ctx.Done()
		ended <- err
		return 0
	}})
	conn, err := net.Dial("unix", filepath.Join(dir, "control.sock"))
	if err != nil {
		t.Fatal(err)
	}
	call := `{"name":"read"}`
	fmt.Fprintf(conn, "C\x00\x00\x00%c%s", len(call), call)
	await(t, conn, "W\x00\x00\x00\x00")
	io.WriteString(conn, "I\x00\x00\x00\x04half")
	await(t, conn, "W\x00\x00\x00\x00")
	conn.Close()
	if err := <-ended; err == nil {
		t.Error("the command saw the end of its input, not that the caller is gone")
	}
}

func TestGarbageOnTheSocketHurtsNobody(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	serve(t, dir, commands)
	for _, garbage := range []string{"", "C", "GET / HTTP/1.1\r\n\r\n", "C\xff\xff\xff\xff", "C\x00\x00\x00\x01{", "I\x00\x00\x00\x00"} {
		conn, err := net.Dial("unix", filepath.Join(dir, "control.sock"))
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, garbage)
		conn.(*net.UnixConn).CloseWrite()
		io.Copy(io.Discard, conn)
		conn.Close()
	}
	if code, err := control.Run(context.Background(), dir, commands, "echo", &control.Call{}); code != 0 || err != nil {
		t.Errorf("%d, %v", code, err)
	}
}

func TestAStoppingServerEndsItsCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stop := serve(t, dir, commands)
	read, write := io.Pipe()
	done := make(chan int, 1)
	go func() {
		code, err := control.Run(context.Background(), dir, commands, "wait", &control.Call{Stdout: write})
		if err != nil {
			t.Error(err)
		}
		done <- code
	}()
	await(t, read, "waiting")
	idle, err := net.Dial("unix", filepath.Join(dir, "control.sock")) // asks nothing; the server must not wait for it
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	go io.Copy(io.Discard, read)
	stop()
	if code := <-done; code != 4 {
		t.Errorf("code %d", code)
	}
	if _, err := os.Stat(filepath.Join(dir, "control.sock")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is left: %v", err)
	}
	if control.Running(context.Background(), dir) {
		t.Error("still running")
	}
}

func TestAResultThatCannotBeWrittenEndsTheCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	serve(t, dir, commands)
	read, write := io.Pipe()
	read.Close()
	_, err := control.Run(context.Background(), dir, commands, "flood", &control.Call{Stdout: write})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("err = %v", err)
	}
}

func TestOnlyTheOwnerMayOpenTheSocket(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	serve(t, dir, commands)
	info, err := os.Stat(filepath.Join(dir, "control.sock"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestAFolderHasOneHolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	first, err := control.Lock(dir, "serve")
	if err != nil {
		t.Fatal(err)
	}
	_, err = control.Lock(dir, "serve")
	want := fmt.Sprintf("process %d (rapport serve)", os.Getpid())
	if !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), want) || !strings.Contains(fault.MessageOf(err), "--data") {
		t.Errorf("second lock: %v", err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel() // no patience
	if _, err := control.Run(ended, dir, commands, "echo", &control.Call{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a command beside a holder that does not listen: %v", err)
	}
	first.Release()
	second, err := control.Lock(dir, "serve")
	if err != nil {
		t.Fatal(err)
	}
	second.Release()
}

func TestALocalCommandHoldsTheFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	code, err := control.Run(context.Background(), dir, control.Commands{"backup": func(context.Context, *control.Call) int {
		if _, err := control.Lock(dir, "serve"); !strings.Contains(fault.MessageOf(err), "rapport backup") {
			t.Errorf("the folder is free while a command uses it: %v", err)
		}
		return 0
	}}, "backup", &control.Call{})
	if code != 0 || err != nil {
		t.Errorf("%d, %v", code, err)
	}
}

func TestAKilledHolderLeavesNothingInTheWay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	holder := exec.Command(os.Args[0])
	holder.Env = append(os.Environ(), holdEnv+"="+dir)
	in, _ := holder.StdinPipe()
	defer in.Close()
	out, _ := holder.StdoutPipe()
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "held <nil>\n" {
		t.Fatalf("the holder says %q", line)
	}
	_, err := control.Lock(dir, "serve")
	if want := fmt.Sprintf("process %d ", holder.Process.Pid); !strings.Contains(fault.MessageOf(err), want) {
		t.Errorf("%v, want %q", err, want)
	}
	holder.Process.Kill()
	holder.Wait()
	if _, err := os.Stat(filepath.Join(dir, "control.sock")); err != nil {
		t.Fatalf("the killed holder left no stale socket, so this test shows nothing: %v", err)
	}
	if code, err := control.Run(context.Background(), dir, commands, "echo", &control.Call{}); code != 0 || err != nil {
		t.Errorf("a command with a stale socket: %d, %v", code, err)
	}
	serve(t, dir, commands)
	if !control.Running(context.Background(), dir) {
		t.Error("the new server does not answer")
	}
}
