package httpapi

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/operation"
)

func TestRefusalsAreProblemsThatEchoNothing(t *testing.T) {
	t.Parallel()
	const canary = "canary-7b1f"
	w := newWorld(t)
	owner := w.found()
	for _, c := range []struct {
		name, method, path, kind, body string
		status                         int
		location                       string
	}{
		{"no such address", "GET", "/nothing-" + canary, "", "", 404, ""},
		{"another method", "PUT", "/me", "", "", 405, ""},
		{"an unknown field", "POST", "/teams", "application/json", `{"name":"A","` + "extra" + `":"` + canary + `"}`, 422, "extra"},
		{"a value of the wrong type", "POST", "/teams", "application/json", `{"name":{"x":"` + canary + `"}}`, 422, "name"},
		{"a missing field", "POST", "/teams", "application/json", `{}`, 422, ""},
		{"a value outside its list", "POST", "/agents", "application/json", `{"email":"a@b.example","name":"A","role":"` + canary + `"}`, 422, "role"},
		{"broken JSON", "POST", "/teams", "application/json", `{"name":"` + canary, 400, ""},
		{"another media type", "POST", "/teams", "text/plain", `{"name":"A"}`, 415, ""},
		{"an unknown query field", "GET", "/agents?" + canary + "=1", "", "", 422, ""},
		{"an id that is none", "GET", "/contacts/" + canary, "", "", 422, "path.id"},
		{"an id that is not there", "GET", "/contacts/999999", "", "", 404, ""},
		{"an endless body", "POST", "/teams", "application/json", `{"name":"` + strings.Repeat("x", operation.MaxJSON) + `"}`, 413, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := owner.send(c.method, c.path, c.kind, strings.NewReader(c.body))
			p := r.problem(c.status)
			if strings.Contains(r.Body.String(), canary) && c.name != "an unknown query field" {
				t.Errorf("echoes what was sent: %s", r.Body)
			}
			if c.location != "" && (len(p.Errors) == 0 || p.Errors[0].Location != c.location) {
				t.Errorf("errors %+v, want %s", p.Errors, c.location)
			}
			if r.Header().Get("X-Request-Id") != p.Instance {
				t.Errorf("instance %q", p.Instance)
			}
		})
	}
	if got := owner.do("DELETE", "/me", nil).Header().Get("Allow"); got != "GET, PATCH" {
		t.Errorf("Allow %q", got)
	}
}

func TestAPanicIsAProblemAndOneLogLine(t *testing.T) {
	var lines bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&lines, nil)))
	defer slog.SetDefault(before)
	w := newWorld(t)
	w.mux.HandleFunc("GET /boom", func(http.ResponseWriter, *http.Request) { panic("a secret reason") })
	r := httptest.NewRecorder()
	q := httptest.NewRequest("GET", "/boom?token=rap_secret", nil)
	w.ServeHTTP(r, q)
	p := reply{r, t, "GET /boom"}.problem(500)
	if strings.Contains(r.Body.String(), "secret") {
		t.Errorf("tells the reason: %s", r.Body)
	}
	if got := strings.Count(lines.String(), "a secret reason"); got != 1 || !strings.Contains(lines.String(), p.Instance) {
		t.Errorf("logged %d times: %s", got, lines.String())
	}
	if strings.Contains(lines.String(), "rap_secret") {
		t.Errorf("a token in the log: %s", lines.String())
	}
}

func TestARepeatedRequestGetsTheSameAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	repeated := owner
	repeated.header = http.Header{gate.IdempotencyKey: {"k1"}}
	first := repeated.do("POST", "/teams", map[string]any{"name": "Fish"}).want(201)
	again := repeated.do("POST", "/teams", map[string]any{"name": "Fish"}).want(201)
	if first.Body.String() != again.Body.String() {
		t.Errorf("%s, then %s", first.Body, again.Body)
	}
	repeated.do("POST", "/teams", map[string]any{"name": "Boats"}).problem(409)
	repeated.do("POST", "/companies", map[string]any{"name": "Boats"}).want(201) // another operation
	owner.do("POST", "/teams", map[string]any{"name": "Fish"}).problem(409)

	repeated.header = http.Header{gate.IdempotencyKey: {"k2"}}
	repeated.do("POST", "/teams", map[string]any{"name": "Fish"}).problem(409) // refused, so not remembered
	repeated.do("POST", "/teams", map[string]any{"name": "Ropes"}).want(201)
}

func TestLongListsAreCompressed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := caller{w: w, header: http.Header{"Accept-Encoding": {"gzip"}}}.send("GET", "http://desk.test/openapi.json", "", nil)
	if r.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("headers %v", r.Header())
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(z)
	if !json.Valid(body) {
		t.Error("not the description")
	}
}

func TestNumbersAreNotForWhoeverAProxyBrings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	brought := http.Header{"X-Forwarded-For": {"203.0.113.5"}}
	ask := func(c caller, remote string) int {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.RemoteAddr, r.Header = remote, brought.Clone()
		if c.token != "" {
			r.Header.Set("Authorization", "Bearer "+c.token)
		}
		a := httptest.NewRecorder()
		w.ServeHTTP(a, r)
		return a.Code
	}
	if got := ask(caller{}, "127.0.0.1:5"); got != 403 {
		t.Errorf("through a proxy: %d", got)
	}
	if got := ask(owner, "127.0.0.1:5"); got != 200 {
		t.Errorf("with an owner's key: %d", got)
	}
}

func TestPlainAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		path, remote string
		status       int
		contains     string
	}{
		{"/healthz", "203.0.113.5:1", 200, "ok"},
		{"/readyz", "203.0.113.5:1", 200, "ok"},
		{"/docs", "203.0.113.5:1", 200, "/api/v1/conversations/{id}/messages"},
		{"/openapi.json", "203.0.113.5:1", 200, `"openapi": "3.1`},
		{"/metrics", "127.0.0.1:1", 200, "rapport_http_seconds"},
		{"/metrics", "127.0.0.1:1", 200, `rapport_live_sockets 0`},
		{"/metrics", "203.0.113.5:1", 403, "problem"},
		{"/elsewhere", "203.0.113.5:1", 404, "about:blank"},
	} {
		r := httptest.NewRequest("GET", c.path, nil)
		r.RemoteAddr = c.remote
		a := httptest.NewRecorder()
		w.ServeHTTP(a, r)
		if a.Code != c.status || !strings.Contains(a.Body.String()+a.Header().Get("Content-Type"), c.contains) {
			t.Errorf("%s: %d %.200s", c.path, a.Code, a.Body)
		}
	}
}
