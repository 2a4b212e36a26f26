package webui

import (
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
)

// The widget's files are read by the pages of other sites: anybody may load
// them, none of them says anything about a visitor.
const (
	loader    = "widget.js"
	panel     = "widget/panel.js" // the current panel, whatever its name with a hash
	widgetDir = "widget/"
)

// widgetHashed are the bundler's names: widget/panel-Bx81kQ2z.js.
var widgetHashed = regexp.MustCompile(`^widget/[a-z]+-[A-Za-z0-9_-]{8}\.js$`)

// widget serves the loader, the panel and what the panel loads.
type widget struct {
	files fs.FS
	tags  sync.Map // file name -> its ETag
}

func newWidget() *widget {
	built, err := fs.Sub(embedded, "dist-widget")
	if err != nil {
		return &widget{files: embedded}
	}
	return &widget{files: built}
}

// file tells whether an address is one of the widget's, and which file it
// means. A page that has been open since an older version asks for an older
// panel: it gets the current one.
func (wi *widget) file(address string) (string, bool) {
	name := strings.TrimPrefix(path.Clean(address), "/")
	if name != loader && (!strings.HasPrefix(name, widgetDir) || path.Ext(name) != ".js") {
		return "", false
	}
	if _, err := fs.Stat(wi.files, name); err != nil && strings.HasPrefix(name, widgetDir+"panel-") {
		name = panel
	}
	return name, true
}

func (wi *widget) serve(w http.ResponseWriter, r *http.Request, name string) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Timing-Allow-Origin", "*")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'")
	if _, err := fs.Stat(wi.files, name); err != nil {
		h.Set("Cache-Control", "no-store")
		http.NotFound(w, r)
		return
	}
	h.Set("Cache-Control", widgetCaching(name))
	file := encoded(wi.files, w, r, name)
	h.Set("ETag", wi.tag(file))
	serveFile(w, r, wi.files, name, file)
}

// widgetCaching lets every visitor of a busy shop have the loader at hand, and
// still brings a new version to all of them within minutes.
func widgetCaching(name string) string {
	switch {
	case widgetHashed.MatchString(name):
		return "public, max-age=31536000, immutable"
	case name == loader:
		return "public, max-age=300, stale-while-revalidate=86400"
	default:
		return "no-cache"
	}
}

// tag names the bytes of a file: what has not changed is not sent again.
func (wi *widget) tag(file string) string {
	if tag, ok := wi.tags.Load(file); ok {
		return tag.(string)
	}
	text, err := fs.ReadFile(wi.files, file)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	wi.tags.Store(file, tag)
	return tag
}
