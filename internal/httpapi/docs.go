package httpapi

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"sync"

	"rapport/internal/httpapi/operation"
)

//go:embed docs.html
var docsPage string

// serveOpenAPI gives the description of the operations.
func (s *Server) serveOpenAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Write(descriptions().openapi)
}

// serveDocs gives the list of operations as a page without scripts.
func (s *Server) serveDocs(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'")
	w.Write(descriptions().page)
}

type description struct{ openapi, page []byte }

// descriptions are made at the first question and the same from then on.
var descriptions = sync.OnceValue(func() description {
	var d description
	d.openapi, _ = OpenAPI()
	type group struct {
		Tag    string
		Routes []shown
	}
	var groups []group
	for _, r := range described().operations.Routes {
		if len(groups) == 0 || groups[len(groups)-1].Tag != r.Tag {
			groups = append(groups, group{Tag: r.Tag})
		}
		g := &groups[len(groups)-1]
		g.Routes = append(g.Routes, shown{r.Method, operation.Root + r.Path, r.Summary, r.Open})
	}
	var page bytes.Buffer
	template.Must(template.New("docs").Parse(docsPage)).Execute(&page, groups)
	d.page = page.Bytes()
	return d
})

// shown is a route as the page prints it.
type shown struct {
	Method, Path, Summary string
	Open                  bool
}
