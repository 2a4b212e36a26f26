package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// screenProgram opens a conversation in Chromium and notes when it paints what.
const screenProgram = "../../e2e/bench/screen.js"

// canPaint reports whether a browser and its harness are here.
func canPaint() bool {
	_, err := os.Stat("../../node_modules/playwright-core")
	_, missing := exec.LookPath("chromium")
	return err == nil && (missing == nil || os.Getenv("CHROMIUM") != "")
}

// painted has a visitor write into a chat and returns how long each message
// took from being sent to being painted in Chromium, where an agent has the
// conversation open. The cpu is the server's for one message, with what the
// screen asks for.
func painted(t *testing.T, s *server, w world, messages int) crowd {
	n := writeSerial.Add(1)
	mark := func(n int) string { return fmt.Sprintf("mark-%d.", n) }
	c := newClient(s, "")
	v, err := arrive(w, c, n, mark(0))
	if err != nil {
		t.Fatal(err)
	}
	screen := exec.CommandContext(t.Context(), "node", screenProgram, s.web, ownerEmail, ownerPassword, fmt.Sprint(v.conversation))
	screen.Stderr = os.Stderr
	stop, err := screen.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := screen.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := screen.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(out)
	if !said.Scan() {
		t.Fatal("the screen did not open")
	}
	spent := s.cpu(t)
	sent := map[string]time.Time{}
	for i := 1; i <= messages; i++ {
		sent[mark(i)] = time.Now()
		if err := v.say(asVisitor(w, c, v.token, n), n, mark(i)+" Where is my kettle?"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(500 * time.Millisecond)
	}
	var p crowd
	p.cpu = (s.cpu(t) - spent) / time.Duration(messages)
	stop.Close()
	at := map[string]float64{} // ms
	if !said.Scan() || json.Unmarshal(said.Bytes(), &at) != nil {
		t.Fatal("the screen did not say what it painted")
	}
	if err := screen.Wait(); err != nil {
		t.Fatal(err)
	}
	var took []time.Duration
	for mark, from := range sent {
		if at[mark] <= 0 {
			t.Fatalf("%s was not painted: %v", mark, at)
		}
		took = append(took, time.UnixMicro(int64(at[mark]*1000)).Sub(from))
	}
	p.p50, p.p99, p.max = percentile(took, 50), percentile(took, 99), slices.Max(took)
	return p
}
