package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/contact"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/job"
	"rapport/internal/platform/secret"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// world is a server with everything below it.
type world struct {
	*Server
	t testing.TB
	d *db.DB
}

func newWorld(t testing.TB) *world {
	d := testkit.SQLite(t)
	c := clock.System
	bell := &bus.Local{}
	log := event.New(d, c, bell)
	key := secret.Generate()
	blobs := blob.New(d, blob.NewFolder(t.TempDir()), c)
	deps := Deps{
		Accounts: account.New(d, log, key.Box("account"), c),
		Contacts: contact.New(d, log, c),
		Store:    d, Blobs: blobs, Log: log, Jobs: job.NewQueue(d, c), Bus: bell, Key: key, Clock: c,
		Version: "test", StartedAt: time.Now(),
	}
	w := &world{Server: New(deps), t: t, d: d}
	t.Cleanup(deps.Accounts.Close)
	return w
}

const password = "a long enough password"

// found makes the first workspace and returns its owner's key.
func (w *world) found() (owner caller) {
	w.t.Helper()
	f, err := w.Accounts.SetupDirect(context.Background(), account.Setup{Workspace: "Harbour", Name: "Olga", Email: "olga@harbour.example", Password: password})
	testkit.Require(w.t, err)
	return caller{w: w, token: f.Token, id: f.AgentID}
}

// join adds an agent and returns its key.
func (w *world) join(owner caller, name, role string, inboxes ...int64) caller {
	w.t.Helper()
	email := strings.ToLower(name) + "@harbour.example"
	var v Invited
	owner.do("POST", "/agents", map[string]any{"email": email, "name": name, "role": role, "inbox_ids": inboxes}).want(201).into(&v)
	link := v.InvitationURL[strings.LastIndexByte(v.InvitationURL, '/')+1:]
	nobody := caller{w: w}
	nobody.do("PUT", "/invitations/"+link, map[string]any{"name": name, "password": password}).want(200)
	token, err := w.Accounts.CreateToken(context.Background(), email, "test")
	testkit.Require(w.t, err)
	return caller{w: w, token: token, id: v.Agent.ID}
}

// caller sends requests for somebody.
type caller struct {
	w      *world
	token  string // an API key
	cookie string // or a session
	id     int64
	header http.Header
}

// reply is an answer under examination.
type reply struct {
	*httptest.ResponseRecorder
	t    testing.TB
	what string
}

func (c caller) do(method, path string, body any) reply {
	c.w.t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		testkit.Require(c.w.t, err)
		r = bytes.NewReader(b)
	}
	return c.send(method, path, "application/json", r)
}

// upload sends a file.
func (c caller) upload(method, path, name string, content []byte) reply {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", name)
	testkit.Require(c.w.t, err)
	part.Write(content)
	form.Close()
	return c.send(method, path, form.FormDataContentType(), &b)
}

func (c caller) send(method, path, kind string, body io.Reader) reply {
	if strings.HasPrefix(path, "/") && !strings.HasPrefix(path, root) {
		path = root + path
	}
	r := httptest.NewRequest(method, path, body)
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.cookie != "" {
		r.Header.Set("Cookie", "rapport="+c.cookie)
		r.Header.Set(proofHeader, "1")
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	c.w.ServeHTTP(w, r)
	return reply{w, c.w.t, method + " " + path}
}

// want fails the test unless the answer has this status.
func (r reply) want(status int) reply {
	r.t.Helper()
	if r.Code != status {
		r.t.Fatalf("%s: %d, want %d: %s", r.what, r.Code, status, r.Body)
	}
	return r
}

// problem fails the test unless the answer is a problem with this status, and
// returns it.
func (r reply) problem(status int) Problem {
	r.t.Helper()
	r.want(status)
	var p Problem
	r.into(&p)
	if got := r.Header().Get("Content-Type"); got != "application/problem+json" {
		r.t.Errorf("%s: Content-Type %q", r.what, got)
	}
	if p.Status != status || p.Title == "" || p.Detail == "" || p.Type == "" || p.Instance == "" {
		r.t.Errorf("%s: incomplete problem %+v", r.what, p)
	}
	return p
}

func (r reply) into(v any) reply {
	r.t.Helper()
	if err := json.Unmarshal(r.Body.Bytes(), v); err != nil {
		r.t.Fatalf("%s: %v in %s", r.what, err, r.Body)
	}
	return r
}

// session returns the token of the cookie that was set.
func (r reply) session() string {
	for _, c := range r.Result().Cookies() {
		if c.Name == "rapport" {
			return c.Value
		}
	}
	return ""
}

func id(n int64) string { return strconv.FormatInt(n, 10) }
