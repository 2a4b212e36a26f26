package prove

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rapport/internal/platform/db"
	"rapport/internal/testkit"
)

// several is an installation of several nodes with everything they share.
type several struct {
	t     *testing.T
	pg    *testkit.Postgres
	nats  *testkit.NATS
	s3    *testkit.S3
	key   string
	out   *sink
	inbox int64
	nodes []*server
}

const bucket = "rapport"

// newSeveral starts an installation with so many nodes, a workspace, and an
// inbox whose mail leaves for a sink.
func newSeveral(t *testing.T, nodes int) *several {
	t.Helper()
	v := &several{t: t, pg: testkit.StartPostgres(t), nats: testkit.StartNATS(t), s3: testkit.StartS3(t, bucket), out: newSink(t), key: filepath.Join(t.TempDir(), "key")}
	t.Cleanup(func() {
		for _, s := range v.nodes {
			if t.Failed() {
				t.Logf("%s said\n%s", s.web, s.log.String())
			}
		}
	})
	raw := make([]byte, 32)
	rand.Read(raw)
	if err := os.WriteFile(v.key, []byte(hex.EncodeToString(raw)), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range nodes {
		s := v.add(v.shared()...)
		s.start()
		if i == 0 {
			v.inbox = s.setup(v.out)
		}
		s.token = v.nodes[0].token
	}
	return v
}

// add prepares one more node with these settings besides the database.
func (v *several) add(settings ...string) *server {
	s := newServer(v.t, false)
	s.settings = append(s.settings, append([]string{"--database-url", v.pg.URL, "--secret-file", v.key}, settings...)...)
	v.nodes = append(v.nodes, s)
	return s
}

func (v *several) shared() []string { return append(v.withNATS(), v.withS3()...) }

func (v *several) withNATS() []string { return []string{"--nats-url", v.nats.URL()} }

func (v *several) withS3() []string {
	return []string{"--s3-endpoint", v.s3.Endpoint(), "--s3-bucket", bucket, "--s3-key", v.s3.Key, "--s3-secret", v.s3.Secret, "--s3-region", v.s3.Region}
}

// refused starts a server that must not come up, and returns its last words.
func (s *server) refused() string {
	s.t.Helper()
	s.begin()
	select {
	case <-s.ended:
	case <-time.After(2 * time.Minute):
		s.kill()
		s.t.Fatalf("it runs\n%s", s.log.String())
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 1 {
		s.t.Errorf("exit code %d", code)
	}
	s.cmd = nil
	return s.log.String()
}

// eventually fails on "never", not on "slow".
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// screen is an open live connection to one node.
type screen struct {
	t      *testing.T
	conn   *websocket.Conn
	frames chan frame
	closed chan int
}

type frame struct {
	Type           string
	Cursor         string
	Kind           string
	ConversationID int64 `json:"conversation_id"`
	Data           struct{ Position int64 }
	Agents         []struct {
		ID    int64
		State string
	}
}

func (s *server) watch(token, after string) *screen {
	s.t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial("ws://"+s.web+"/api/v1/live?after="+after, http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		s.t.Fatal(err)
	}
	v := &screen{s.t, conn, make(chan frame, 100_000), make(chan int, 1)}
	s.t.Cleanup(func() { conn.Close() })
	go func() {
		for {
			var f frame
			if err := conn.ReadJSON(&f); err != nil {
				code := 0
				if e, ok := err.(*websocket.CloseError); ok {
					code = e.Code
				}
				v.closed <- code
				return
			}
			v.frames <- f
		}
	}()
	v.until("hello", func(f frame) bool { return f.Type == "hello" })
	return v
}

// until returns the first frame that is so, and drops those before.
func (v *screen) until(what string, is func(frame) bool) frame {
	v.t.Helper()
	limit := time.After(2 * time.Minute)
	for {
		select {
		case f := <-v.frames:
			if is(f) {
				return f
			}
		case <-limit:
			v.t.Fatalf("never: %s", what)
		}
	}
}

// conversation starts one and returns its id.
func (s *server) conversation(inbox int64) int64 {
	s.t.Helper()
	var made struct{ ID int64 }
	status, err := s.call("POST", "/conversations", map[string]any{"inbox_id": inbox, "to": []map[string]string{{"address": "ewa@harbour.example"}}, "subject": "Burek", "text": "He did not eat.", "client_id": fmt.Sprint("start-", time.Now().UnixNano())}, &made)
	if status != http.StatusCreated {
		s.t.Fatalf("a conversation: %d, %v", status, err)
	}
	return made.ID
}

func (s *server) note(conversation int64, text string) (status int, err error) {
	return s.call("POST", fmt.Sprintf("/conversations/%d/messages", conversation), map[string]any{"kind": "note", "text": text}, nil)
}

// query asks the database of all nodes.
func query[T any](v *several, scan func(db.Row) (T, error), text string, args ...any) []T {
	v.t.Helper()
	d, err := db.Open(context.Background(), db.Options{URL: v.pg.URL, Readers: 2})
	if err != nil {
		v.t.Fatal(err)
	}
	defer d.Close()
	all, err := db.All(context.Background(), d, scan, text, args...)
	if err != nil {
		v.t.Fatal(err)
	}
	return all
}

// HA-11: who cannot serve together is told why.
func TestHA11RefusalsExplain(t *testing.T) {
	t.Parallel()
	v := &several{t: t, pg: testkit.StartPostgres(t), nats: testkit.StartNATS(t), s3: testkit.StartS3(t, bucket, "other"), key: filepath.Join(t.TempDir(), "key")}
	if err := os.WriteFile(v.key, []byte(strings.Repeat("ab", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	says := func(s *server, words ...string) {
		t.Helper()
		got := s.refused()
		for _, w := range words {
			if !strings.Contains(got, w) {
				t.Errorf("%q is not said in\n%s", w, got)
			}
		}
	}

	lite := newServer(t, false)
	lite.start()
	second := newServer(t, false)
	second.settings = lite.settings
	says(second, "is in use by process", "Several nodes need a data folder each, and one PostgreSQL database, NATS and an S3 server together")
	lite.stop()

	alone := v.add()
	alone.start()
	says(v.add(), "Another Rapport serves this database already", "RAPPORT_NATS_URL", "RAPPORT_S3_ENDPOINT", "missing on the others")
	says(v.add(v.withNATS()...), "RAPPORT_S3_ENDPOINT")
	says(v.add(v.withS3()...), "RAPPORT_NATS_URL")
	says(v.add(v.shared()...), "serves this database alone", "with both")
	alone.kill() // and its place is free at once
	one := v.add(v.shared()...)
	one.start()
	says(v.add(), "RAPPORT_NATS_URL", "RAPPORT_S3_ENDPOINT")
	elsewhere := v.add(append(v.shared(), "--s3-bucket", "other")...)
	says(elsewhere, "keeps large files in", "/other", "All nodes need the same place")
	stranger := newServer(t, false)
	stranger.settings = append(stranger.settings, append([]string{"--database-url", v.pg.URL}, v.shared()...)...)
	says(stranger, "belongs to the secret key", "every node needs the same key")
	nowhere := v.add(append(v.shared(), "--s3-bucket", "no-such-bucket")...)
	says(nowhere, "has no bucket \"no-such-bucket\"", "RAPPORT_S3_BUCKET")
	locked := v.add(append(v.shared(), "--s3-secret", "wrong")...)
	says(locked, "refuses to put, read and delete", "RAPPORT_S3_SECRET")
	two := v.add(v.shared()...)
	two.start()
	two.stop()
	one.stop()
}

// HA-01: of two nodes under load, now one and now the other is killed.
func TestHA01TwoNodesOneIsKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	nodesKilled(t, 4)
}

func TestProveHA01TwoNodesOneIsKilledAgainAndAgain(t *testing.T) {
	needsProve(t)
	nodesKilled(t, 50)
}

func nodesKilled(t *testing.T, rounds int) {
	v := newSeveral(t, 2)
	l := newLedger()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var all sync.WaitGroup
	keep := func(work func(context.Context, *server), s *server) {
		all.Go(func() {
			for ctx.Err() == nil {
				work(ctx, s) // returns when its node is gone
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
	for _, s := range v.nodes {
		for range 2 {
			keep(l.customers, s)
			keep(l.agents, s)
		}
	}
	asleep := v.snooze()
	for round := range rounds {
		time.Sleep(time.Second)
		s := v.nodes[round%2]
		s.kill()
		time.Sleep(300 * time.Millisecond) // the other is alone
		s.start()
	}
	cancel()
	all.Wait()
	s := v.nodes[0]
	l.askAgain(s)
	s.settle(l)
	if len(l.mails) == 0 || len(l.written) == 0 {
		t.Fatal("nothing was acknowledged: the kills prove nothing")
	}
	s.look().compare(t, l, v.out)
	for _, id := range asleep {
		eventually(t, "a snoozed conversation wakes", func() bool { return v.woken(id) > 0 })
		if n := v.woken(id); n != 1 {
			t.Errorf("conversation %d woke %d times", id, n)
		}
	}
	v.logIsDense()
	t.Logf("%d mails and %d messages acknowledged in %d kills; %d mails left, %d of them twice", len(l.mails), len(l.written), rounds, len(v.out.ids()), len(v.out.mails)-len(v.out.ids()))
}

// snooze puts conversations to sleep until the middle of the test.
func (v *several) snooze() (ids []int64) {
	for range 5 {
		id := v.nodes[0].conversation(v.inbox)
		status, err := v.nodes[1].call("PUT", fmt.Sprintf("/conversations/%d/snooze", id), map[string]any{"snoozed_until": time.Now().Add(4 * time.Second)}, nil)
		if status != http.StatusOK {
			v.t.Fatalf("snooze: %d, %v", status, err)
		}
		ids = append(ids, id)
	}
	return ids
}

// woken is how often the log says that a conversation's snooze ended.
func (v *several) woken(id int64) (n int) {
	for _, data := range query(v, db.String, "SELECT data FROM events WHERE conversation_id = $1 AND kind = 'conversation.snoozed'", id) {
		var d struct{ To string }
		if json.Unmarshal([]byte(data), &d) == nil && d.To == "" {
			n++
		}
	}
	return n
}

// logIsDense proves that the events of every workspace are numbered 1 to n.
func (v *several) logIsDense() {
	v.t.Helper()
	type log struct{ n, last, left int64 }
	for _, l := range query(v, func(r db.Row) (l log, err error) { return l, r.Scan(&l.n, &l.last, &l.left) },
		"SELECT COUNT(*), MAX(seq), (SELECT COUNT(*) FROM event_inbox) FROM events GROUP BY workspace_id") {
		if l.n != l.last {
			v.t.Errorf("the log has %d events up to %d", l.n, l.last)
		}
	}
}

// HA-02: the node that numbers events sleeps. The other takes its place; what
// the first does when it wakes harms nothing.
func TestHA02TheNodeInChargeSleeps(t *testing.T) {
	t.Parallel()
	v := newSeveral(t, 2)
	a, b := v.nodes[0], v.nodes[1]
	conversation := a.conversation(v.inbox)
	screen := b.watch(b.token, "")
	l := newLedger()
	a.pause()
	for i := range 20 {
		if status, err := b.note(conversation, fmt.Sprint("while it sleeps ", i)); status != http.StatusCreated {
			t.Fatal(status, err)
		}
	}
	for range 20 {
		screen.until("events are numbered by the other", func(f frame) bool {
			return f.Kind == "note.added" || f.Kind == "message.noted" || strings.HasPrefix(f.Kind, "message.")
		})
	}
	a.wake()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var all sync.WaitGroup
	for _, s := range v.nodes {
		all.Go(func() { l.customers(ctx, s) })
		all.Go(func() { l.agents(ctx, s) })
	}
	all.Wait()
	l.askAgain(b)
	b.settle(l)
	b.look().compare(t, l, v.out)
	v.logIsDense()
}

// HA-03: the cable between one node and NATS is cut, then NATS ends for all:
// events come late, none is lost, and the health page says what is wrong.
func TestHA03NATSIsCutOff(t *testing.T) {
	t.Parallel()
	v := newSeveral(t, 1)
	wire := testkit.NewWire(t, v.nats.Address())
	a, b := v.nodes[0], v.add(append([]string{"--nats-url", "nats://" + wire.Address()}, v.withS3()...)...)
	b.start()
	b.token = a.token
	conversation := a.conversation(v.inbox)
	screen := b.watch(b.token, "")
	var last int64
	see := func(what string) {
		t.Helper()
		if status, err := a.note(conversation, what); status != http.StatusCreated {
			t.Fatal(status, err)
		}
		f := screen.until(what, func(f frame) bool { return f.Kind == "message.noted" })
		if f.Data.Position <= last {
			t.Errorf("%s: message %d after %d", what, f.Data.Position, last)
		}
		last = f.Data.Position
	}
	see("with the bell")
	present := func() {
		t.Helper()
		say := func(state string) {
			if status, err := a.call("PUT", fmt.Sprintf("/conversations/%d/presence", conversation), map[string]any{"state": state}, nil); status >= 300 || status == 0 {
				t.Fatal(status, err)
			}
		}
		eventually(t, "who writes on one node is seen on the other", func() bool {
			say("idle") // what was said before may have been lost
			say("replying")
			for limit := time.After(time.Second); ; {
				select {
				case f := <-screen.frames:
					if f.Type == "presence" && f.ConversationID == conversation && len(f.Agents) == 1 {
						return true
					}
				case <-limit:
					return false
				}
			}
		})
	}
	present()

	wire.Cut()
	see("without the bell")
	eventually(t, "the node says so", func() bool { return strings.Contains(b.readiness(), "NATS") })
	if h := b.healthOf("nodes"); h.State != "warning" || !strings.Contains(h.Message, "NATS") {
		t.Errorf("health: %+v", h)
	}
	if r := a.readiness(); !strings.HasPrefix(r, "200 ok") || strings.Contains(r, "NATS") {
		t.Errorf("the other node says %q", r)
	}
	wire.Mend()
	eventually(t, "the node is well again", func() bool { return !strings.Contains(b.readiness(), "NATS") })
	see("mended")
	present()

	v.nats.Stop()
	see("without a server")
	v.nats.Start()
	eventually(t, "all nodes find it again", func() bool { return !strings.Contains(a.readiness()+b.readiness(), "NATS") })
	eventually(t, "and each other", func() bool { return a.healthOf("nodes").State == "ok" })
	present()
	v.logIsDense()
}

// HA-04: the database restarts. Requests fail meanwhile; no node has to be
// started again.
func TestHA04PostgreSQLRestarts(t *testing.T) {
	t.Parallel()
	v := newSeveral(t, 2)
	a, b := v.nodes[0], v.nodes[1]
	conversation := a.conversation(v.inbox)
	l := newLedger()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var all sync.WaitGroup
	for _, s := range v.nodes {
		all.Go(func() {
			for ctx.Err() == nil {
				l.customers(ctx, s)
				l.agents(ctx, s)
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	v.pg.Restart(func() {
		for _, s := range v.nodes {
			eventually(t, "not ready without a database", func() bool { return strings.HasPrefix(s.readiness(), "503") })
		}
	})
	for _, s := range v.nodes {
		well := 0 // so often in a row
		eventually(t, "it works again", func() bool {
			if status, _ := s.note(conversation, "after the restart"); status != http.StatusCreated {
				well = 0
			}
			well++
			return well > 20
		})
	}
	cancel()
	all.Wait()
	l.askAgain(a)
	a.settle(l)
	a.look().compare(t, l, v.out)
	v.logIsDense()
	third := v.add()
	if words := third.refused(); !strings.Contains(words, "serves this database already") {
		t.Errorf("their seats are lost: a third that shares nothing is told\n%s", words)
	}
	_ = b
}

// HA-05: a screen's node dies; it goes on at the other, where it was. What one
// node has kept the other hands out.
func TestHA05AScreenGoesOnAtTheOtherNode(t *testing.T) {
	t.Parallel()
	v := newSeveral(t, 2)
	a, b := v.nodes[0], v.nodes[1]
	large := bytes.Repeat([]byte("portrait of Burek "), 20_000)
	url := a.upload("burek.txt", large)
	if got := b.download(url); !bytes.Equal(got, large) {
		t.Errorf("the other node hands out %d bytes of %d", len(got), len(large))
	}
	conversation := a.conversation(v.inbox)
	screen := a.watch(a.token, "")
	var seen []int64
	cursor := ""
	read := func(n int) {
		t.Helper()
		for len(seen) < n {
			f := screen.until("a note", func(f frame) bool { return f.Kind == "message.noted" })
			seen, cursor = append(seen, f.Data.Position), f.Cursor
		}
	}
	for i := range 10 {
		b.note(conversation, fmt.Sprint("told by b ", i))
	}
	read(10)
	a.kill()
	for i := range 10 {
		if status, err := b.note(conversation, fmt.Sprint("while nobody looks ", i)); status != http.StatusCreated {
			t.Fatal(status, err)
		}
	}
	screen = b.watch(b.token, cursor)
	for i := range 10 {
		b.note(conversation, fmt.Sprint("and after ", i))
	}
	read(30)
	for i := range seen[1:] {
		if seen[i+1] != seen[i]+1 {
			t.Fatalf("messages %v: something is missing or there twice", seen)
		}
	}
}

// HA-06: a right is taken away on one node and is gone on the other, for
// requests and for open screens.
func TestHA06ARightEndsOnAllNodes(t *testing.T) {
	t.Parallel()
	for name, bell := range map[string]bool{"with the bell": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newSeveral(t, 2)
			a, b := v.nodes[0], v.nodes[1]
			conversation := a.conversation(v.inbox)
			agent, token := a.join("ivo@miska.example", v.inbox)
			path := fmt.Sprintf("/conversations/%d", conversation)
			sees := func() bool {
				s := &server{t: t, web: b.web, token: token}
				status, _ := s.call("GET", path, nil, nil)
				return status == http.StatusOK
			}
			eventually(t, "the agent sees it", sees)
			screen := b.watch(token, "")
			if !bell {
				v.nats.Stop()
			}
			if status, err := a.call("PUT", fmt.Sprintf("/inboxes/%d/members", v.inbox), map[string]any{"agent_ids": []int64{}, "team_ids": []int64{}}, nil); status != http.StatusOK {
				t.Fatal(status, err)
			}
			began := time.Now()
			eventually(t, "a request is refused", func() bool { return !sees() })
			refused := time.Since(began)
			screen.until("the screen starts over", func(f frame) bool { return f.Type == "reset" })
			t.Logf("%s: refused after %v, screen after %v", name, refused.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
			if status, err := a.call("POST", fmt.Sprintf("/agents/%d/deactivation", agent), map[string]any{}, nil); status >= 300 {
				t.Fatal(status, err)
			}
			select {
			case code := <-screen.closed:
				if code != 4401 {
					t.Errorf("closed with %d", code)
				}
			case <-time.After(2 * time.Minute):
				t.Error("the screen of somebody who left stays open")
			}
		})
	}
}

// HA-12: a node that is asked to stop says so, ends its screens, answers what
// it has begun, and leaves its work to the other.
func TestHA12AStopDrains(t *testing.T) {
	t.Parallel()
	v := newSeveral(t, 2)
	a, b := v.nodes[0], v.nodes[1]
	conversation := a.conversation(v.inbox)
	l := newLedger()
	var screens []*screen
	for range 500 {
		screens = append(screens, a.watch(a.token, ""))
	}
	for i := range 50 { // each leaves as mail
		client := fmt.Sprint("reply-", i)
		if !l.write(a, client, entry{conversation: conversation, kind: "reply"}) {
			t.Fatal("not acknowledged")
		}
	}
	stopped := make(chan struct{})
	began := time.Now()
	go func() { a.stop(); close(stopped) }()
	eventually(t, "it says that it is not ready", func() bool { r := a.readiness(); return strings.HasPrefix(r, "503") || r == "" })
	for _, s := range screens {
		select {
		case code := <-s.closed:
			if code != websocket.CloseGoingAway {
				t.Fatalf("a screen was closed with %d", code)
			}
		case <-time.After(2 * time.Minute):
			t.Fatal("a screen stays open")
		}
	}
	<-stopped
	t.Logf("stopped after %v", time.Since(began).Round(time.Millisecond))
	left := query(v, db.Int64, "SELECT (SELECT COUNT(*) FROM nodes) + (SELECT COUNT(DISTINCT owner) FROM leases WHERE expires_at > $1)", db.Micros(time.Now()))
	if left[0] > 2 { // the other node, and what it holds
		t.Errorf("the node left something behind: %d", left[0])
	}
	l.askAgain(b)
	b.settle(l)
	b.look().compare(t, l, v.out)
	if twice := len(v.out.mails) - len(v.out.ids()); twice != 0 {
		t.Errorf("%d mails left twice", twice)
	}
}

// A mailbox is read by one node at a time. When that node is killed another
// takes over, and every mail is accepted once.
func TestHA01OneNodeReadsAMailbox(t *testing.T) {
	t.Parallel()
	v := newSeveral(t, 3)
	box := testkit.StartDovecot(t)
	const mails = 60
	mail := func(n int) {
		box.Deliver([]byte(strings.ReplaceAll(fmt.Sprintf(letter, n, n, fmt.Sprintf("%d.box@harbour.example", n)), "\r\n", "\n")))
	}
	for n := range mails / 3 {
		mail(n)
	}
	var inbox struct{ ID int64 }
	status, err := v.nodes[0].call("POST", "/inboxes", map[string]any{"name": "Box", "channel": "email", "email": map[string]any{
		"address": "box@miska.example", "smtp": map[string]any{"host": "127.0.0.1", "port": v.out.port, "security": "none"},
		"imap": map[string]any{"host": box.Host, "port": box.Port, "security": "none", "username": box.User, "password": box.Password, "history": "all"}}}, &inbox)
	if status != http.StatusCreated {
		t.Fatal(status, err)
	}
	taken := func() (n int64) {
		return query(v, db.Int64, "SELECT COUNT(*) FROM receipts WHERE inbox_id = $1", inbox.ID)[0]
	}
	owner := func() (name string) {
		for _, n := range query(v, db.String, "SELECT n.name FROM leases l JOIN nodes n ON n.id = l.owner WHERE l.name = $1 AND l.expires_at > $2", fmt.Sprint("mailbox:", inbox.ID), db.Micros(time.Now())) {
			name = n
		}
		return name
	}
	eventually(t, "the mailbox is read", func() bool { return taken() == mails/3 })
	first := owner()
	for _, s := range v.nodes {
		if _, port, _ := strings.Cut(s.web, ":"); strings.HasSuffix(first, ":"+port) {
			s.kill()
		}
	}
	for n := mails / 3; n < 2*mails/3; n++ {
		mail(n)
	}
	eventually(t, "another node goes on", func() bool { return taken() == 2*mails/3 })
	second := owner()
	if first == "" || second == "" || second == first {
		t.Errorf("the mailbox was read by %q, then by %q", first, second)
	}
	for _, s := range v.nodes {
		if _, port, _ := strings.Cut(s.web, ":"); strings.HasSuffix(second, ":"+port) {
			s.stop() // hands it on at once
		}
	}
	if third := owner(); third == second {
		t.Errorf("%q has stopped and keeps the mailbox", third)
	}
	for n := 2 * mails / 3; n < mails; n++ {
		mail(n)
	}
	eventually(t, "the third goes on", func() bool { return taken() == mails })
	eventually(t, "all are placed once", func() bool {
		return query(v, db.Int64, "SELECT COUNT(DISTINCT external_id) FROM messages WHERE external_id LIKE '%.box@harbour.example%'")[0] == mails
	})
	if n := query(v, db.Int64, "SELECT COUNT(*) FROM messages WHERE external_id LIKE '%.box@harbour.example%'")[0]; n != mails {
		t.Errorf("%d messages of %d mails", n, mails)
	}
}

// The S3 server goes away. Mail that needs it is not accepted, or waits; what
// needs no large file goes on; and the health page says so.
func TestWithoutItsS3ServerAnInstallationGoesOn(t *testing.T) {
	t.Parallel()
	v := newSeveral(t, 1)
	s := v.nodes[0]
	conversation := s.conversation(v.inbox)
	send := func(id string, filling int) error {
		c, err := smtp.Dial(s.door)
		if err != nil {
			return err
		}
		defer c.Close()
		if err := errors.Join(c.Mail("ewa@harbour.example"), c.Rcpt("hello@miska.example")); err != nil {
			return err
		}
		w, err := c.Data()
		if err != nil {
			return err
		}
		fmt.Fprintf(w, letter, 1, 1, id)
		for range filling {
			fmt.Fprintln(w, "and another line of sixty-four letters, to make it a large one..")
		}
		return w.Close()
	}
	v.s3.Stop()
	if err := send("small@harbour.example", 0); err != nil {
		t.Errorf("a small mail: %v", err)
	}
	if err := send("large@harbour.example", 3000); err == nil || !strings.HasPrefix(err.Error(), "4") {
		t.Errorf("a large mail was answered %v; its sender must keep it", err)
	}
	if status, err := s.note(conversation, "It goes on."); status != http.StatusCreated {
		t.Error(status, err)
	}
	if h := s.healthOf("files"); h.State != "failed" {
		t.Errorf("health: %+v", h)
	}
	v.s3.Start()
	if err := send("large@harbour.example", 3000); err != nil {
		t.Errorf("a large mail afterwards: %v", err)
	}
	eventually(t, "both are placed", func() bool {
		return query(v, db.Int64, "SELECT COUNT(*) FROM messages WHERE external_id LIKE '%small@harbour%' OR external_id LIKE '%large@harbour%'")[0] == 2
	})
	if h := s.healthOf("files"); h.State != "ok" {
		t.Errorf("health: %+v", h)
	}
}
