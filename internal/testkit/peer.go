package testkit

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// peer is a program beside the tests. It dies with the test process.
type peer struct {
	t    testing.TB
	name string
	args []string
	env  []string
	up   func() bool // answers

	mu  sync.Mutex
	cmd *exec.Cmd
	log *told
}

// told is what a program has said.
type told struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *told) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *told) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// program finds a peer that scripts/setup has built, or one of the machine.
func program(t testing.TB, name string) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	built := filepath.Join(filepath.Dir(here), "..", "..", ".cache", "bin", name)
	if _, err := os.Stat(built); err == nil {
		return built
	}
	found, err := exec.LookPath(name)
	if err != nil {
		Require(t, fmt.Errorf("no %s: scripts/setup builds it (%w)", name, err))
	}
	return found
}

// Start starts the peer, again after Stop, and returns when it answers.
func (p *peer) Start() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	cmd := exec.Command(program(p.t, p.name), p.args...)
	p.cmd, p.log = cmd, &told{}
	cmd.Env = p.env
	cmd.Stdout, cmd.Stderr = p.log, p.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if _, err := launch(cmd); err != nil {
		p.t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); !p.up(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			cmd.Process.Kill()
			p.t.Fatalf("%s does not answer:\n%s", p.name, p.log.String())
		}
	}
}

// Stop ends the peer at once, as a power cut would.
func (p *peer) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return
	}
	p.cmd.Process.Kill()
	for p.up() {
		time.Sleep(5 * time.Millisecond)
	}
	p.cmd = nil
}

// launch starts a program that is to die with the test process; gone is closed
// when it has ended. Its signal comes when the thread ends that has started
// it, so that thread stays as long as the program.
func launch(cmd *exec.Cmd) (gone <-chan struct{}, err error) {
	started, ended := make(chan error), make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			cmd.Wait()
		}
	}()
	return ended, <-started
}
