package webui

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func zipped(s string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write([]byte(s))
	if err := errors.Join(err, w.Close()); err != nil {
		panic(err)
	}
	return out.String()
}

func built() pages {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return pages{fstest.MapFS{
		"index.html":                  file("<!doctype html>page"),
		"preview.html":                file("<!doctype html>shop"),
		"theme.js":                    file("theme"),
		"sw.js":                       file("worker"),
		"assets/start-Bx81kQ2z.js.br": file("brotli script"),
		"assets/start-Bx81kQ2z.js.gz": file(zipped("plain script")),
		".secret":                     file("hidden"),
	}, page, &widget{files: fstest.MapFS{
		"widget.js":                      file("loader"),
		"widget.js.br":                   file("brotli loader"),
		"widget/panel.js":                file("current panel"),
		"widget/panel-Bx81kQ2z.js":       file("this panel"),
		"widget/panel-Bx81kQ2z.js.gz":    file("gzip panel"),
		"widget/talk-DDtsuEQG.js":        file("talk"),
		"widget/en-DQqk9rHf.js":          file("words"),
		"widget/notes-for-nobody.md":     file("no script"),
		"widget/panel-Bx81kQ2z.js.extra": file("no script"),
	}}}
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
		{"the service worker", "GET", "/sw.js", "", 200, "worker", "", "no-cache"},
		{"the manifest", "GET", "/manifest.webmanifest", "", 200, `"name":"Rapport"`, "", "no-cache"},
		{"a script, plain", "GET", "/assets/start-Bx81kQ2z.js", "", 200, "plain script", "", "public, max-age=31536000, immutable"},
		{"a script, brotli", "GET", "/assets/start-Bx81kQ2z.js", "gzip, br", 200, "brotli script", "br", "public, max-age=31536000, immutable"},
		{"a script, gzip", "GET", "/assets/start-Bx81kQ2z.js", "gzip;q=0.5, br;q=0", 200, zipped("plain script"), "gzip", "public, max-age=31536000, immutable"},
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

func TestOnlyTheWorkerAnswersForTheWholeSite(t *testing.T) {
	for path, want := range map[string]string{"/sw.js": "/", "/theme.js": "", "/": ""} {
		w := httptest.NewRecorder()
		built().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if got := w.Header().Get("Service-Worker-Allowed"); got != want {
			t.Errorf("%s: Service-Worker-Allowed %q", path, got)
		}
	}
}

func TestTheManifestHasTheNameAndLanguageOfTheReader(t *testing.T) {
	for _, c := range []struct{ query, name, lang, mine, colour string }{
		{"", "Rapport", "en", "Mine", "#f4f4f6"},
		{"?name=Miska&lang=pl&theme=dark", "Miska", "pl", "Moje", "#111113"},
		{"?name=%20%EB%A9%8D%EB%A9%8D%0A%00%20%22%3C%2Fscript%3E&lang=ko", `멍멍 "</script>`, "ko", "내 대화", "#f4f4f6"},
		{"?name=" + strings.Repeat("a", 500) + "&lang=xx", strings.Repeat("a", nameLimit), "en", "Mine", "#f4f4f6"},
		{"?name=%E2%80%AE%FF", "Rapport", "en", "Mine", "#f4f4f6"},
	} {
		w := httptest.NewRecorder()
		built().ServeHTTP(w, httptest.NewRequest("GET", "/manifest.webmanifest"+c.query, nil))
		var got manifest
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if got.Name != c.name || got.ShortName != c.name || got.Lang != c.lang || got.Shortcuts[1].Name != c.mine || got.ThemeColor != c.colour {
			t.Errorf("%q: %+v", c.query, got)
		}
		if got.StartURL != "/" || got.Scope != "/" || got.ID != "/" || got.Display != "standalone" {
			t.Errorf("%q: it is another application: %+v", c.query, got)
		}
		if h := w.Header(); h.Get("Content-Type") != "application/manifest+json" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%q: %v", c.query, h)
		}
	}
}

func TestABinaryWithoutTheApplicationSaysSo(t *testing.T) {
	w := httptest.NewRecorder()
	pages{embedded, fallback, newWidget()}.ServeHTTP(w, httptest.NewRequest("GET", "/inbox", nil))
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

func TestThePagesOfOthersLoadTheWidget(t *testing.T) {
	const day = "public, max-age=31536000, immutable"
	for _, c := range []struct {
		name, path, accept  string
		status              int
		body, coding, cache string
	}{
		{"the loader", "/widget.js", "", 200, "loader", "", "public, max-age=300, stale-while-revalidate=86400"},
		{"the loader, brotli", "/widget.js", "br", 200, "brotli loader", "br", "public, max-age=300, stale-while-revalidate=86400"},
		{"the panel by its hash", "/widget/panel-Bx81kQ2z.js", "gzip", 200, "gzip panel", "gzip", day},
		{"the panel by its plain name", "/widget/panel.js", "", 200, "current panel", "", "no-cache"},
		{"an older panel", "/widget/panel-00000000.js", "", 200, "current panel", "", "no-cache"},
		{"words", "/widget/en-DQqk9rHf.js", "", 200, "words", "", day},
		{"the words of an older panel", "/widget/en-00000000.js", "", 404, "", "", "no-store"},
		{"what is no script", "/widget/notes-for-nobody.md", "", 404, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "http://desk.test"+c.path, nil)
			r.Header.Set("Origin", "https://shop.example")
			r.Header.Set("Accept-Encoding", c.accept)
			w := httptest.NewRecorder()
			pages := built()
			pages.ServeHTTP(w, r)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
				t.Fatalf("answered %d %q", w.Code, w.Body)
			}
			h := w.Header()
			if got := h.Get("Cache-Control"); got != c.cache {
				t.Errorf("caching %q, want %q", got, c.cache)
			}
			if c.status != http.StatusOK {
				return
			}
			if got := h.Get("Content-Encoding"); got != c.coding {
				t.Errorf("coding %q, want %q", got, c.coding)
			}
			if h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Cross-Origin-Resource-Policy") != "cross-origin" || h.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("other sites may not load it: %v", h)
			}
			r.Header.Set("If-None-Match", h.Get("ETag"))
			again := httptest.NewRecorder()
			if pages.ServeHTTP(again, r); h.Get("ETag") == "" || again.Code != http.StatusNotModified || again.Body.Len() > 0 {
				t.Errorf("asked again with %q: %d", h.Get("ETag"), again.Code)
			}
		})
	}
}
