package bench

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/app"
	"rapport/internal/platform/config"
	"rapport/internal/testkit"
)

// server is a running Rapport: bin/rapport, or for a profile of both sides
// (BENCH_INSIDE=1 and go test -cpuprofile) a server in this process.
type server struct {
	web, door string
	ready     time.Duration // from the start to the first 200 of /readyz
	pid       int
	stop      func()
}

// program is what make build leaves.
const program = "../../bin/rapport"

func start(t *testing.T, w world) *server {
	t.Helper()
	web, door := freePort(t), freePort(t)
	s := &server{web: "http://" + web, door: door, pid: os.Getpid()}
	args := []string{"--data", w.folder, "--listen", web, "--smtp-listen", door, "--log-level", "warn", "--backups", "0", "--trusted-proxies", "127.0.0.0/8",
		"--dns", testkit.StartDNS(t).Addr} // else the checks of who wrote would wait for name servers that may not be there
	if w.url != "" {
		args = append(args, "--database-url", w.url)
	}
	began := time.Now()
	if os.Getenv("BENCH_INSIDE") != "" {
		s.inside(t, args)
	} else {
		s.outside(t, args)
	}
	var once sync.Once
	stop := s.stop
	s.stop = func() { once.Do(stop) }
	t.Cleanup(s.stop)
	for {
		if r, err := http.Get(s.web + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				s.ready = time.Since(began)
				return s
			}
		}
		if time.Since(began) > time.Minute {
			t.Fatal("the server does not get ready")
		}
		time.Sleep(time.Millisecond)
	}
}

func (s *server) outside(t *testing.T, args []string) {
	cmd := exec.Command(program, append([]string{"serve"}, args...)...)
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: make build makes it", err)
	}
	s.pid = cmd.Process.Pid
	s.stop = func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server ended with %v\n%s", err, log.Bytes())
		}
	}
}

func (s *server) inside(t *testing.T, args []string) {
	c, err := config.Load(args, nil, func(*flag.FlagSet) {})
	if err != nil {
		t.Fatal(err)
	}
	slog.SetDefault(slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- app.Serve(ctx, c, false, "bench", io.Discard) }()
	s.stop = func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// memory is the resident memory of the server in MB.
func (s *server) memory(t *testing.T) float64 {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", s.pid))
	if err != nil {
		t.Log(err)
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024
		}
	}
	return 0
}

// cpu is the processor time the server has used: on a busy machine it says more
// than the clock. It counts in hundredths of a second.
func (s *server) cpu(t *testing.T) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.pid))
	if err != nil {
		t.Log(err)
		return 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}

var mailGauge = regexp.MustCompile(`rapport_mails\{state="(\w+)"\} (\d+)`)

// mails are the server's own counters of mail by state.
func (s *server) mails(t *testing.T) map[string]int {
	r, err := http.Get(s.web + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, m := range mailGauge.FindAllStringSubmatch(string(text), -1) {
		counts[m[1]], _ = strconv.Atoi(m[2])
	}
	return counts
}
