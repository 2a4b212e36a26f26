package webui

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"
)

// The pattern matches the folders dist and dist-widget when they have been
// built, and in any case the page that stands in for the first.
//
//go:embed all:dist*
var embedded embed.FS

const (
	page     = "index.html"
	fallback = "dist-missing.html"
	worker   = "sw.js"        // what keeps the application for when there is no network
	preview  = "preview.html" // a page with the chat on it, shown inside the settings
)

// policy is what the application may load: itself. Styles may be inline, since
// the editor and overlays write some.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; " +
	"connect-src 'self'; media-src 'self' blob:; frame-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// hashed names come from the bundler: assets/start-Bx81kQ2z.js.
var hashed = regexp.MustCompile(`^assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$`)

// codings are the compressed forms that may lie beside a file or in place of
// it, the best first.
var codings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", packed}}

// packed is the form that is there when the plain one is not.
const packed = ".gz"

// Handler serves the application and the widget that were built into the
// binary.
func Handler() http.Handler {
	built, err := fs.Sub(embedded, "dist")
	if err == nil {
		if _, err = fs.Stat(built, page); err == nil {
			return pages{built, page, newWidget()}
		}
	}
	return pages{embedded, fallback, newWidget()}
}

// pages serves files, and its page for every address that is none.
type pages struct {
	files  fs.FS
	page   string
	widget *widget
}

func (p pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Only GET and HEAD are answered here.", http.StatusMethodNotAllowed)
		return
	}
	if name, ok := p.widget.file(r.URL.Path); ok {
		p.widget.serve(w, r, name)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == manifestName {
		setHeaders(w.Header(), name)
		serveManifest(w, r)
		return
	}
	if !p.servable(name) {
		if strings.HasPrefix(name, "assets/") || path.Ext(name) != "" {
			http.NotFound(w, r) // a page in place of a script would only confuse
			return
		}
		name = p.page
	}
	p.serve(w, r, name)
}

// servable reports whether name is a file for the browser to ask for. The
// compressed forms are not: they are answers to the plain name.
func (p pages) servable(name string) bool {
	if strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz") || strings.HasPrefix(name, ".") || p.page == fallback {
		return false
	}
	for _, form := range []string{name, name + packed} {
		if info, err := fs.Stat(p.files, form); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

func (p pages) serve(w http.ResponseWriter, r *http.Request, name string) {
	setHeaders(w.Header(), name)
	serveFile(w, r, p.files, name, encoded(p.files, w, r, name))
}

func setHeaders(h http.Header, name string) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	if name == preview {
		h.Set("Content-Security-Policy", strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors 'self'", 1))
		h.Set("X-Frame-Options", "SAMEORIGIN")
	}
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", caching(name))
	if name == worker {
		h.Set("Service-Worker-Allowed", "/")
	}
}

// encoded chooses the form of a file that the browser takes, and says so.
func encoded(files fs.FS, w http.ResponseWriter, r *http.Request, name string) string {
	file := name
	for _, c := range codings {
		if _, err := fs.Stat(files, name+c.suffix); err == nil {
			w.Header().Set("Vary", "Accept-Encoding")
			if file == name && accepts(r, c.name) {
				file = name + c.suffix
				w.Header().Set("Content-Encoding", c.name)
			}
		}
	}
	return file
}

// serveFile answers with a file under the name that it has for the browser.
func serveFile(w http.ResponseWriter, r *http.Request, files fs.FS, name, file string) {
	w.Header().Set("Content-Type", typeOf(name))
	var content io.ReadSeeker
	if f, err := files.Open(file); err == nil {
		defer f.Close()
		content = f.(io.ReadSeeker)
	} else if plain, err := unpack(files, file); err == nil { // for the few who take no compressed form
		content = bytes.NewReader(plain)
	} else {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, name, time.Time{}, content)
}

func unpack(files fs.FS, name string) ([]byte, error) {
	f, err := files.Open(name + packed)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(plain)
}

func caching(name string) string {
	if hashed.MatchString(name) {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

// typeOf does not ask the machine's own tables for what matters: a wrong one
// would keep scripts from running.
func typeOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// accepts reports whether the browser takes a coding; one with q=0 is refused.
func accepts(r *http.Request, coding string) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if strings.EqualFold(name, coding) {
			return !strings.HasPrefix(q, "q=0") || strings.Trim(q, "q=0.") != ""
		}
	}
	return false
}
