package formpage

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"html/template"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport/internal/channel"
	"rapport/internal/platform/words"
	"rapport/internal/webui/brand"
)

//go:embed page.html
var source string

//go:embed page.css
var sheet []byte

var page = template.Must(template.New("").Parse(source))

// sheetAddress changes with what the sheet says, so browsers may keep it.
var sheetAddress = func() string {
	sum := sha256.Sum256(sheet)
	return "/forms/page.css?v=" + hex.EncodeToString(sum[:6])
}()

// view is what the template shows.
type view struct {
	Language, Theme    string
	HeadTitle, Company string
	Initial, Sheet     string
	Colours            template.CSS
	Embed              bool
	Languages          []offer

	Action, Token     string
	Title, Intro      string
	Fields            []field
	Problems          bool
	Summary           string
	General           []string
	ByField           []field
	Sent, Gone        bool
	Leave, Left, Lost bool // the way out of news
	Reference, Thanks string
	Again             string
}

// Say is one of our own texts, in the page's language.
func (v view) Say(key string) string { return say(v.Language, key) }

// offer is a language to read the page in.
type offer struct {
	Tag, Name, Address string
	Now                bool
}

// field is one thing the form asks, with what was typed.
type field struct {
	Key, Name, Label, Type, Hint string
	Input, Mode, Complete        string
	Value, Problem, Described    string
	Optional, Choose             string
	Options                      []string
	Required, Half               bool
}

// frame is how a page is asked for.
type frame struct {
	path  string // of the form
	lang  string // asked for by name; "" when the browser's decides
	embed bool
	theme string
}

func (f frame) address(path, lang string) string {
	q := url.Values{}
	if f.embed {
		q.Set("embed", "1")
	}
	if lang != "" {
		q.Set("lang", lang)
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

// viewOf is the form as it is first seen.
func viewOf(p channel.FormPage, f frame) view {
	v := view{Language: p.Language, Theme: f.theme, Company: p.Company, Initial: initial(p.Company), Sheet: sheetAddress, Colours: colours(p.Form.Brand), Embed: f.embed,
		Action: f.address(f.path, f.lang), Again: f.address(f.path, f.lang), Token: p.Token, Title: p.Form.Title, Intro: p.Form.Intro, Thanks: p.Form.Thanks}
	if v.Title == "" {
		v.Title = v.Say("title")
	}
	v.HeadTitle = strings.TrimSuffix(v.Title+" · "+p.Company, " · ")
	if p.Form.Language == "auto" {
		for _, tag := range tags {
			v.Languages = append(v.Languages, offer{Tag: tag, Name: say(tag, "language"), Address: f.address(f.path, tag), Now: tag == p.Language})
		}
	}
	for i, asked := range p.Form.Fields {
		asked.Label = p.Labels[asked.Key]
		shown := fieldOf(asked, v)
		if i > 0 && short(asked) && short(p.Form.Fields[i-1]) && !v.Fields[i-1].Half {
			shown.Half, v.Fields[i-1].Half = true, true
		}
		v.Fields = append(v.Fields, shown)
	}
	return v
}

// short fields stand two in a row.
func short(f channel.FormField) bool {
	switch f.Type {
	case "email", "phone", "number", "date":
		return true
	}
	return f.Type == "text" && f.Key != "subject"
}

// inputs are how a browser asks for a type: type, keyboard, what it fills in.
var inputs = map[string][3]string{
	"email": {"email", "email", "email"}, "phone": {"tel", "tel", "tel"}, "number": {"text", "decimal", ""}, "date": {"date", "", ""}, "text": {"text", "", ""},
}

// prefix begins the names of fields among what a browser sends.
const prefix = "f."

func fieldOf(f channel.FormField, v view) field {
	in := inputs[f.Type]
	out := field{Key: f.Key, Name: prefix + f.Key, Label: f.Label, Type: f.Type, Hint: f.Hint, Input: in[0], Mode: in[1], Complete: in[2],
		Optional: v.Say("optional"), Choose: v.Say("choose"), Options: f.Options, Required: f.Required}
	if f.Key == "name" && f.Type == "text" {
		out.Complete = "name"
	}
	if f.Type == "file" && f.Hint == "" {
		out.Hint = v.Say("files")
	}
	if out.Hint != "" {
		out.Described = "f-" + f.Key + "-hint"
	}
	return out
}

// fill puts back what was typed, and says what is wrong with it.
func (v *view) fill(post channel.FormPost, problems []channel.FormProblem) {
	v.Problems = len(problems) > 0
	for i, f := range v.Fields {
		f.Value = post.Value(f.Key)
		at := slices.IndexFunc(problems, func(p channel.FormProblem) bool { return p.Field == f.Key })
		if at < 0 && f.Type == "file" && slices.ContainsFunc(post.Files, func(sent channel.FormFile) bool { return sent.Field == f.Key }) {
			f.Hint = v.Say("filesAgain")
		}
		if at >= 0 {
			f.Problem = words.In(v.Language, problems[at].Message)
			f.Described = strings.TrimSpace("f-" + f.Key + "-problem " + f.Described)
			v.ByField = append(v.ByField, f)
		}
		v.Fields[i] = f
	}
	for _, p := range problems {
		if p.Field == "" {
			v.General = append(v.General, words.In(v.Language, p.Message))
		}
	}
	v.Summary = summary(v.Language, len(v.ByField))
	if v.Problems {
		v.HeadTitle = v.Summary + " " + v.HeadTitle
	}
}

func (v view) write(w io.Writer) error { return page.ExecuteTemplate(w, "page", v) }

// initial stands for a company that has no mark.
func initial(company string) string {
	for _, r := range company {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return "·"
}

// colours are the style of one brand. Only colours come out of brand, whatever
// went in.
func colours(colour string) template.CSS {
	rule := func(c brand.Colours) string {
		return "--fill:" + c.Fill + ";--on-fill:" + c.OnFill + ";--fill-hover:" + c.FillHover + ";--brand-text:" + c.Text + ";--brand-soft:" + c.Soft + ";--brand-line:" + c.Line
	}
	light, dark := rule(brand.Light(colour)), rule(brand.Dark(colour))
	return template.CSS(":root{" + light + "}@media (prefers-color-scheme:dark){:root:not([data-theme=light]){" + dark + "}}[data-theme=dark]{" + dark + "}")
}

// styleHash lets a page's own style through its policy.
func styleHash(css template.CSS) string {
	sum := sha256.Sum256([]byte(css))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Preview writes a form that is being made, as its visitors would see it.
func Preview(w io.Writer, p channel.FormPage, theme string, embed bool) error {
	if theme != "light" && theme != "dark" {
		theme = ""
	}
	v := viewOf(p, frame{embed: embed, theme: theme})
	for i := range v.Languages {
		v.Languages[i].Address = "#" // leads nowhere
	}
	return v.write(w)
}

// whole cuts a text that is too long to be shown again.
func whole(s string) string {
	for len(s) > 0 {
		if r, n := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || n > 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return strings.ToValidUTF8(s, "")
}
