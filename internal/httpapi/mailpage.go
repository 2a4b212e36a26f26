package httpapi

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"golang.org/x/net/html"

	"rapport/internal/conversation"
	"rapport/internal/httpapi/files"
	"rapport/internal/platform/safehtml"
)

// A mail's own HTML is shown in a frame that runs nothing, submits nothing and
// loads nothing but the mail's own pictures and our letters. The frame keeps our origin, so
// that the screen can measure it; without scripts nobody inside can use that.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; " +
	"sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; img-src 'self'"

const mailStyle = `<style>
html{overflow-x:auto}body{margin:0;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere;color:#1b1b1f;background:#fff}
img{max-width:100%;height:auto}pre{white-space:pre-wrap}table{max-width:100%}
blockquote[data-quote]{margin:.5em 0 0;padding-inline-start:.75em;border-inline-start:2px solid #c8c8d0;color:#5b5b66}
</style>`

// serveMail answers with a message as a page for the frame. images lets
// pictures of other sites load, which tells them that the mail was opened.
func (s *Server) serveMail(m conversation.Message, images bool) *files.Answer {
	return &files.Answer{Body: func(ctx huma.Context) {
		_, w := humago.Unwrap(ctx)
		policy := mailPolicy
		if images {
			policy += " https: http:"
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Frame-Options", "SAMEORIGIN")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		w.WriteHeader(http.StatusOK)
		w.Write([]byte(`<!doctype html><html><head><meta charset="utf-8">` + mailStyle + `</head><body>` + s.mailBody(m) + `</body></html>`))
	}}
}

// mailBody is a message's HTML with its pictures' addresses filled in and its
// quotes marked. It was cleaned on the way in and is cleaned once more here,
// by the rules of today.
func (s *Server) mailBody(m conversation.Message) string {
	if m.HTML == "" {
		return safehtml.FromText(m.Text)
	}
	pictures := map[string]string{}
	for _, a := range m.Attachments {
		if a.ContentID != "" {
			pictures[strings.ToLower(strings.Trim(a.ContentID, "<>"))] = s.files.Link(m.WorkspaceID, a.ID)
		}
	}
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(safehtml.Clean(m.HTML)))
	for depth := 0; z.Next() != html.ErrorToken; {
		t := z.Token()
		if t.Data == "blockquote" {
			depth = markQuote(&t, depth)
		}
		if t.Data == "img" {
			fillPicture(&t, pictures)
		}
		out.WriteString(t.String())
	}
	return out.String()
}

// markQuote marks the outermost quotes, for the style above and for whoever
// folds them, and returns how deep the text is quoted from here on.
func markQuote(t *html.Token, depth int) int {
	if t.Type == html.EndTagToken {
		return max(depth-1, 0)
	}
	if depth == 0 {
		t.Attr = append(t.Attr, html.Attribute{Key: "data-quote", Val: "1"})
	}
	return depth + 1
}

// fillPicture turns the name of a picture inside the mail into its address.
func fillPicture(t *html.Token, pictures map[string]string) {
	for i, a := range t.Attr {
		name, inside := strings.CutPrefix(a.Val, "cid:")
		if a.Key != "src" || !inside {
			continue
		}
		if plain, err := url.PathUnescape(name); err == nil {
			name = plain
		}
		t.Attr[i].Val = pictures[strings.ToLower(strings.Trim(name, "<>"))]
	}
}
