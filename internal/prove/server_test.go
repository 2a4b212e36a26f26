package prove

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rapport/internal/app"
	"rapport/internal/testkit"
)

// asRapport has the test binary be the product itself: what is killed is what
// is tested, and the race detector looks on.
const asRapport = "RAPPORT_PROVE_RUN"

func TestMain(m *testing.M) {
	if os.Getenv(asRapport) != "" {
		os.Exit(app.Main(os.Args[1:], nil, "prove", os.Stdin, os.Stdout, os.Stderr))
	}
	testkit.Main(m)
}

// program is what the proofs run: the program of RAPPORT_BINARY, as it is
// shipped, or else the test itself, whose servers the race detector watches.
var program = cmp.Or(os.Getenv("RAPPORT_BINARY"), os.Args[0])

// server is a Rapport that can be killed and started again. Its addresses stay.
type server struct {
	t        *testing.T
	settings []string
	web      string
	door     string
	token    string
	wrapper  []string // a program that runs the server, with its arguments
	cmd      *exec.Cmd
	ended    chan error // of cmd
	log      bytes.Buffer
}

// newServer prepares a server on a fresh folder, or on a PostgreSQL database.
func newServer(t *testing.T, postgres bool) *server {
	s := &server{t: t, web: freePort(t), door: freePort(t)}
	s.settings = []string{"--data", filepath.Join(t.TempDir(), "data"), "--log-level", "warn", "--outbound-allow", "127.0.0.0/8"}
	if postgres {
		s.settings = append(s.settings, "--database-url", testkit.PostgresURL(t))
	}
	t.Cleanup(s.kill)
	return s
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// begin starts the process and does not wait for it.
func (s *server) begin() {
	s.t.Helper()
	words := append(s.wrapper, program, "serve", "--listen", s.web, "--smtp-listen", s.door)
	s.cmd = exec.Command(words[0], append(words[1:], s.settings...)...)
	s.cmd.Env = append(os.Environ(), asRapport+"=1")
	s.cmd.Stderr = &s.log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	cmd, ended := s.cmd, make(chan error, 1)
	s.ended = ended
	go func() { ended <- cmd.Wait() }()
}

// start starts the server and waits until it is ready.
func (s *server) start() {
	s.t.Helper()
	s.begin()
	deadline := time.Now().Add(2 * time.Minute)
	for time.Now().Before(deadline) {
		if r, err := http.Get("http://" + s.web + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case err := <-s.ended:
			s.cmd = nil
			s.t.Fatalf("the server did not get ready: %v\n%s", err, s.log.String())
		case <-time.After(5 * time.Millisecond):
		}
	}
	s.t.Fatalf("the server does not get ready\n%s", s.log.String())
}

// kill ends the server as kill -9 does, with everything it has started.
func (s *server) kill() {
	if s.cmd == nil {
		return
	}
	syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	<-s.ended
	s.cmd = nil
}

// stop ends the server as an administrator would.
func (s *server) stop() {
	s.t.Helper()
	s.cmd.Process.Signal(syscall.SIGTERM)
	if err := <-s.ended; err != nil {
		s.t.Errorf("the server ended with %v\n%s", err, s.log.String())
	}
	s.cmd = nil
}

// command runs a command of the product on the server's data.
func (s *server) command(args ...string) (out []byte, err error) {
	cmd := exec.Command(program, append(args, s.settings...)...)
	cmd.Env = append(os.Environ(), asRapport+"=1")
	var problem bytes.Buffer
	cmd.Stderr = &problem
	if out, err = cmd.Output(); err != nil {
		err = fmt.Errorf("rapport %s: %w\n%s%s", strings.Join(args, " "), err, out, problem.Bytes())
	}
	return out, err
}

// healthy has rapport doctor look whether everything that must hold does.
func (s *server) healthy() {
	s.t.Helper()
	if _, err := s.command("doctor"); err != nil {
		s.t.Error(err)
	}
}

// setup makes the workspace, an owner's token, and an inbox whose mail leaves
// for the sink.
func (s *server) setup(out *sink) (inboxID int64) {
	s.t.Helper()
	return s.company("hello@miska.example", out.port)
}

// company makes the workspace, an owner's token, and an inbox whose mail leaves
// for a port of this machine.
func (s *server) company(address string, port int) (inboxID int64) {
	s.t.Helper()
	text, err := s.command("setup", "--workspace", "Miska", "--email", "hanna@miska.example", "--password", "the-dog-eats-at-nine", "--json")
	var made struct{ Token string }
	if err == nil {
		err = json.Unmarshal(text, &made)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.token = made.Token
	var inbox struct{ ID int64 }
	status, err := s.call("POST", "/inboxes", map[string]any{"name": "Hello", "channel": "email", "email": map[string]any{
		"address": address, "smtp": map[string]any{"host": "127.0.0.1", "port": port, "security": "none"}}}, &inbox)
	if status != http.StatusCreated {
		s.t.Fatalf("the inbox: %d, %v", status, err)
	}
	return inbox.ID
}

var client = &http.Client{Timeout: 20 * time.Second}

// call asks the server for something as the owner. The status is 0 when no
// answer came.
func (s *server) call(method, path string, body, into any) (status int, err error) {
	var content io.Reader
	if body != nil {
		text, _ := json.Marshal(body)
		content = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, "http://"+s.web+"/api/v1"+path, content)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err
	}
	if into != nil && answer.StatusCode < 300 {
		err = json.Unmarshal(text, into)
	} else if answer.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s %s", method, path, answer.Status, text)
	}
	return answer.StatusCode, err
}

// pause and wake are what SIGSTOP and SIGCONT do.
func (s *server) pause() { syscall.Kill(-s.cmd.Process.Pid, syscall.SIGSTOP) }
func (s *server) wake()  { syscall.Kill(-s.cmd.Process.Pid, syscall.SIGCONT) }

// readiness is what whoever asks for it is told; empty when nobody answers.
func (s *server) readiness() string {
	answer, err := client.Get("http://" + s.web + "/readyz")
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return fmt.Sprintf("%d %s", answer.StatusCode, text)
}

type check struct{ Key, State, Message string }

// healthOf is one check of the health page.
func (s *server) healthOf(key string) check {
	s.t.Helper()
	var h struct{ Checks []check }
	if _, err := s.call("GET", "/health", nil, &h); err != nil {
		s.t.Fatal(err)
	}
	for _, c := range h.Checks {
		if c.Key == key {
			return c
		}
	}
	s.t.Fatalf("no check %s in %+v", key, h)
	return check{}
}

// join adds an agent who sees one inbox, and returns a key of theirs.
func (s *server) join(email string, inbox int64) (id int64, token string) {
	s.t.Helper()
	var made struct {
		Agent         struct{ ID int64 }
		InvitationURL string `json:"invitation_url"`
	}
	status, err := s.call("POST", "/agents", map[string]any{"email": email, "name": "Ivo", "role": "agent", "inbox_ids": []int64{inbox}}, &made)
	if status == http.StatusCreated {
		link := made.InvitationURL[strings.LastIndexByte(made.InvitationURL, '/')+1:]
		status, err = s.call("PUT", "/invitations/"+link, map[string]any{"name": "Ivo", "password": "the-cat-eats-at-ten"}, nil)
	}
	var out []byte
	if err == nil {
		out, err = s.command("token", "create", "--email", email)
	}
	if err != nil {
		s.t.Fatal(status, err)
	}
	return made.Agent.ID, strings.TrimSpace(string(out))
}

// upload gives a file to the server and returns its link.
func (s *server) upload(name string, content []byte) string {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	form.Close()
	if err != nil {
		s.t.Fatal(err)
	}
	r, _ := http.NewRequest("POST", "http://"+s.web+"/api/v1/attachments", &body)
	r.Header.Set("Authorization", "Bearer "+s.token)
	r.Header.Set("Content-Type", form.FormDataContentType())
	answer, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	var made struct{ URL string }
	if err := json.NewDecoder(answer.Body).Decode(&made); err != nil || made.URL == "" {
		s.t.Fatal(answer.Status, err)
	}
	return made.URL
}

// download fetches a link from this server, whoever made it.
func (s *server) download(link string) []byte {
	s.t.Helper()
	if at := strings.Index(link, "/api/"); at >= 0 {
		link = link[at:]
	}
	answer, err := client.Get("http://" + s.web + link)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatal(answer.Status, err)
	}
	return content
}
