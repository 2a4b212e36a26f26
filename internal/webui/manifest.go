package webui

import (
	"encoding/json"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// manifestName is the address of what a browser reads before it installs the
// application. The page asks for it with the name of its workspace and the
// language of its reader.
const manifestName = "manifest.webmanifest"

// nameLimit is far above what fits below an icon.
const nameLimit = 60

type manifest struct {
	ID              string     `json:"id"`
	Name            string     `json:"name"`
	ShortName       string     `json:"short_name"`
	Description     string     `json:"description"`
	Lang            string     `json:"lang"`
	Dir             string     `json:"dir"`
	StartURL        string     `json:"start_url"`
	Scope           string     `json:"scope"`
	Display         string     `json:"display"`
	ThemeColor      string     `json:"theme_color"`
	BackgroundColor string     `json:"background_color"`
	Categories      []string   `json:"categories"`
	Icons           []icon     `json:"icons"`
	Shortcuts       []shortcut `json:"shortcuts"`
}

type icon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose,omitempty"`
}

type shortcut struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// manifestWords are said by the telephone's own screens, so they come from here and
// not from the application's catalogues.
var manifestWords = map[string]struct{ description, write, mine string }{
	"en": {"One inbox for every customer", "New conversation", "Mine"},
	"ko": {"모든 고객을 위한 하나의 받은함", "새 대화", "내 대화"},
	"pl": {"Jedna skrzynka dla wszystkich klientów", "Nowa rozmowa", "Moje"},
}

// themeColours are --sidebar of ui/tokens.css: what stands around the sheet.
var themeColours = map[bool]string{false: "#f4f4f6", true: "#111113"}

func serveManifest(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	lang := asked.Get("lang")
	words, ok := manifestWords[lang]
	if !ok {
		lang, words = "en", manifestWords["en"]
	}
	name := shown(asked.Get("name"))
	colour := themeColours[asked.Get("theme") == "dark"]
	text, err := json.Marshal(manifest{
		ID: "/", Name: name, ShortName: name, Description: words.description, Lang: lang, Dir: "ltr",
		StartURL: "/", Scope: "/", Display: "standalone", ThemeColor: colour, BackgroundColor: colour,
		Categories: []string{"business", "productivity"},
		Icons: []icon{
			{Src: "/icon-192.png", Sizes: "192x192", Type: "image/png"},
			{Src: "/icon-512.png", Sizes: "512x512", Type: "image/png"},
			{Src: "/icon-maskable.png", Sizes: "512x512", Type: "image/png", Purpose: "maskable"},
			{Src: "/icon.svg", Sizes: "any", Type: "image/svg+xml"},
		},
		Shortcuts: []shortcut{{words.write, "/?do=new"}, {words.mine, "/?view=mine"}},
	})
	if err != nil {
		http.Error(w, "The manifest could not be written.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/manifest+json")
	_, _ = w.Write(text)
}

// shown makes a name out of what stands in an address: printable, one line, short.
func shown(name string) string {
	clean := strings.Join(strings.FieldsFunc(name, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) || c == utf8.RuneError }), " ")
	if letters := []rune(clean); len(letters) > nameLimit {
		clean = strings.TrimSpace(string(letters[:nameLimit]))
	}
	if clean == "" {
		return "Rapport"
	}
	return clean
}
