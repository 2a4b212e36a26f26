package mailer

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"path"
	"strings"
	texttemplate "text/template"
	"time"
	"unicode"

	"rapport/internal/platform/fault"
)

// form is a letter with blanks, in one language, as the catalogue holds it.
type form struct {
	Subject    string   `json:"subject"`
	Paragraphs []string `json:"paragraphs"`
	Button     string   `json:"button"` // stands after the first paragraph, when there is a link
	Closing    string   `json:"closing"`
}

// blanks are what forms may ask for; each form asks for some.
type blanks struct {
	Name, Workspace, Inviter, Link, Title, Text string

	Until time.Time
}

// fallback is the language of readers whose own we do not have.
const fallback = "en"

//go:embed letters/*.json
var files embed.FS

// catalogue is the forms by language and kind.
var catalogue = readCatalogue()

func readCatalogue() map[string]map[string]form {
	list, err := files.ReadDir("letters")
	all := map[string]map[string]form{}
	for _, f := range list {
		var forms map[string]form
		text, _ := files.ReadFile("letters/" + f.Name())
		if err = json.Unmarshal(text, &forms); err != nil {
			panic(fmt.Sprintf("mailer: %s: %v", f.Name(), err)) // embedded: the tests read them all
		}
		all[strings.TrimSuffix(f.Name(), path.Ext(f.Name()))] = forms
	}
	return all
}

// language is the catalogue's nearest to a locale.
func language(locale string) string {
	short, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(locale, "_", "-")), "-")
	if _, ok := catalogue[short]; ok {
		return short
	}
	return fallback
}

// write fills in a form.
func write(kind string, to Reader, b blanks) (Letter, error) {
	l := Letter{Kind: kind, To: to.Address, Name: oneLine(to.Name), Locale: language(to.Locale)}
	f, ok := catalogue[l.Locale][kind]
	if !ok {
		return l, fault.Newf("mailer.write", fault.Internal, "there is no letter %q in %q", kind, l.Locale)
	}
	b.Name, b.Workspace, b.Inviter, b.Title = l.Name, oneLine(b.Workspace), oneLine(b.Inviter), oneLine(b.Title)
	filled, err := f.fill(b)
	if err != nil {
		return l, fault.As("mailer.write", fault.Internal, "", err)
	}
	l.Subject = filled.Subject
	l.Text = filled.text(b.Link)
	l.HTML, err = filled.html(l.Locale, b.Link)
	return l, err
}

// fill returns the form without blanks. A paragraph of several becomes several.
func (f form) fill(b blanks) (form, error) {
	var out form
	for _, p := range []struct {
		from string
		to   *string
	}{{f.Subject, &out.Subject}, {f.Button, &out.Button}, {f.Closing, &out.Closing}} {
		text, err := fill(p.from, b)
		if err != nil {
			return out, err
		}
		*p.to = text
	}
	for _, p := range f.Paragraphs {
		text, err := fill(p, b)
		if err != nil {
			return out, err
		}
		for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
			if part = strings.TrimSpace(part); part != "" {
				out.Paragraphs = append(out.Paragraphs, part)
			}
		}
	}
	return out, nil
}

func fill(text string, b blanks) (string, error) {
	t, err := texttemplate.New("").Funcs(texttemplate.FuncMap{"time": until}).Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = t.Execute(&out, b)
	return out.String(), err
}

// until is written the same way in every language, so that no plural is needed.
func until(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }

func (f form) text(link string) string {
	parts := append([]string{}, f.Paragraphs...)
	if link != "" {
		parts = append(parts, f.Button+":\n"+link)
	}
	return strings.Join(append(parts, f.Closing), "\n\n") + "\n"
}

var page = template.Must(template.New("").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><title>{{.Subject}}</title></head>
<body style="margin:0;padding:24px;background:#f6f5f3;color:#1f1e1c;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:520px;margin:0 auto;padding:24px;background:#fff;border-radius:8px">
{{range .Paragraphs}}<p style="margin:0 0 16px;white-space:pre-line">{{.}}</p>
{{end}}{{with .Link}}<p style="margin:24px 0"><a href="{{.}}" style="display:inline-block;padding:10px 18px;background:#1f1e1c;color:#fff;border-radius:6px;text-decoration:none">{{$.Button}}</a></p>
<p style="margin:0 0 16px;font-size:13px;color:#5f5c57;word-break:break-all">{{.}}</p>
{{end}}<p style="margin:24px 0 0;font-size:13px;color:#5f5c57">{{.Closing}}</p>
</div></body></html>
`))

func (f form) html(lang, link string) (string, error) {
	var out strings.Builder
	err := page.Execute(&out, struct {
		form
		Lang, Link string
	}{f, lang, link})
	return out.String(), fault.Wrap("mailer.html", err)
}

// oneLine makes a name fit for a subject: no line ends or controls, and not so
// long that it could carry a message of its own.
func oneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if r := []rune(s); len(r) > 80 {
		s = string(r[:79]) + "…"
	}
	return s
}
