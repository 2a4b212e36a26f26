package webui

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func built() pages {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return pages{fstest.MapFS{
		"index.html":                  file("<!doctype html>page"),
		"preview.html":                file("<!doctype html>shop"),
		"theme.js":                    file("theme"),
		"assets/start-Bx81kQ2z.js":    file("plain script"),
		"assets/start-Bx81kQ2z.js.br": file("brotli script"),
		"assets/start-Bx81kQ2z.js.gz": file("gzip script"),
		".secret":                     file("hidden"),
	}, page}
}

func TestWhatABrowserGets(t *testing.T) {
	for _, c := range []struct {
		name, method, path, accept string
		status                     int
		body, coding, caching      string
	}{
		{"the page", "GET", "/", "", 200, "page", "", "no-cache"},
		{"a screen of the application", "GET", "/conversations/12", "", 200, "page", "", "no-cache"},
		{"a file beside the page", "GET", "/theme.js", "", 200, "theme", "", "no-cache"},
		{"a script, plain", "GET", "/assets/start-Bx81kQ2z.js", "", 200, "plain script", "", "public, max-age=31536000, immutable"},
		{"a script, brotli", "GET", "/assets/start-Bx81kQ2z.js", "gzip, br", 200, "brotli script", "br", "public, max-age=31536000, immutable"},
		{"a script, gzip", "GET", "/assets/start-Bx81kQ2z.js", "gzip;q=0.5, br;q=0", 200, "gzip script", "gzip", "public, max-age=31536000, immutable"},
		{"a compressed form by name", "GET", "/assets/start-Bx81kQ2z.js.br", "", 404, "", "", ""},
		{"a script of an older build", "GET", "/assets/start-00000000.js", "", 404, "", "", ""},
		{"a folder", "GET", "/assets", "", 200, "page", "", "no-cache"},
		{"a hidden file", "GET", "/.secret", "", 404, "", "", ""},
		{"out of the folder", "GET", "/../webui.go", "", 404, "", "", ""},
		{"writing", "POST", "/", "", 405, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(c.method, "http://desk.test/", nil)
			r.URL.Path = c.path
			if c.accept != "" {
				r.Header.Set("Accept-Encoding", c.accept)
			}
			w := httptest.NewRecorder()
			built().ServeHTTP(w, r)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
				t.Errorf("answered %d %q", w.Code, w.Body)
			}
			if c.status != http.StatusOK {
				return
			}
			if got := w.Header().Get("Content-Encoding"); got != c.coding {
				t.Errorf("coding %q, want %q", got, c.coding)
			}
			if got := w.Header().Get("Cache-Control"); got != c.caching {
				t.Errorf("caching %q, want %q", got, c.caching)
			}
			if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self';") || strings.Contains(csp, "unsafe-eval") {
				t.Errorf("policy %q", csp)
			}
		})
	}
}

func TestOnlyThePreviewIsFramedAndOnlyByUs(t *testing.T) {
	for path, want := range map[string]string{"/": "'none'", "/settings": "'none'", "/theme.js": "'none'", "/preview.html": "'self'"} {
		w := httptest.NewRecorder()
		built().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if csp := w.Header().Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors "+want) {
			t.Errorf("%s: policy %q", path, csp)
		}
		if got := w.Header().Get("X-Frame-Options"); (got == "DENY") != (want == "'none'") {
			t.Errorf("%s: X-Frame-Options %q", path, got)
		}
	}
}

func TestABinaryWithoutTheApplicationSaysSo(t *testing.T) {
	w := httptest.NewRecorder()
	pages{embedded, fallback}.ServeHTTP(w, httptest.NewRequest("GET", "/inbox", nil))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "make build") {
		t.Errorf("answered %d %q", w.Code, w.Body)
	}
}

func TestTheEmbeddedPageIsServed(t *testing.T) {
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<title>Rapport</title>") {
		t.Errorf("answered %d %q", w.Code, w.Body)
	}
}
