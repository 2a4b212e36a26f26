package demo

import (
	"context"
	"embed"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
)

// ShopRoot is where the page of the shop is.
const ShopRoot = "/demo/shop"

//go:embed shop/page.html shop/page.css
var shopFiles embed.FS

var shopPage = template.Must(template.ParseFS(shopFiles, "shop/page.html"))

// ShopPage is a page of the shop with the chat on it, as the company would put
// it there: one script tag, under a policy that allows what docs/channels/chat.md
// asks for and nothing else.
type ShopPage struct {
	// URL is the public address, without a slash at the end. The page sends
	// browsers there: a chat stands on the sites it knows.
	URL string
	// SiteKey is the public name of the chat; "" when there is none any more.
	SiteKey func(context.Context) (string, error)
}

func (s ShopPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Only GET and HEAD are answered here.", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("Cache-Control", "no-cache")
	switch r.URL.Path {
	case ShopRoot + "/page.css":
		h.Set("Content-Type", "text/css; charset=utf-8")
		css, _ := shopFiles.ReadFile("shop/page.css")
		w.Write(css)
	case ShopRoot:
		if here, err := url.Parse(s.URL); err == nil && here.Host != "" && !strings.EqualFold(here.Host, r.Host) {
			http.Redirect(w, r, s.URL+r.URL.RequestURI(), http.StatusFound)
			return
		}
		key, err := s.SiteKey(r.Context())
		if err != nil {
			slog.Error("the shop's page", "error", err)
			http.Error(w, "The shop is closed for a moment.", http.StatusInternalServerError)
			return
		}
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", ShopPolicy(s.URL))
		shopPage.Execute(w, map[string]string{"URL": s.URL, "Site": key})
	default:
		http.NotFound(w, r)
	}
}

// ShopPolicy is the page's own policy. Behind the style sheet come the
// directives of the widget, as they are documented.
func ShopPolicy(house string) string {
	return "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src " + house + ShopRoot + "/page.css; " +
		"script-src " + house + "; connect-src " + house + " " + strings.Replace(house, "http", "ws", 1) + "; img-src " + house + "; " +
		"require-trusted-types-for 'script'; trusted-types rapport"
}
