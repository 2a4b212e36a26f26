// Package rich is text that somebody writes once and that then leaves with many
// mails, such as a signature: with looks, pictures and variables, and the same
// in plain words, which are made from it.
package rich

import (
	"regexp"
	"slices"
	"strings"

	"rapport/internal/platform/safehtml"
	"rapport/internal/platform/text"
	"rapport/internal/platform/variable"
)

// Text is a text in its two forms. They say the same; pictures stand in the HTML
// alone.
type Text struct {
	Plain string
	HTML  string // sanitised; "": it has no looks
}

// Plain is a text without looks.
func Plain(words string) Text { return Text{Plain: text.Whole(words)} }

// New is a text from its HTML, which is sanitised here, or if that shows nothing
// from plain words.
func New(words, html string) Text {
	html = safehtml.Clean(text.Whole(html))
	t := Text{Plain: plain(html), HTML: html}
	if t.Plain == "" && !strings.Contains(html, "<img") {
		return Plain(words)
	}
	return t
}

var anyPicture = regexp.MustCompile(`<img\b[^>]*>`)

// plain are the words of html. A picture that leaves with every mail says
// nothing there: the name of its file is not what anybody wants to read.
func plain(html string) string {
	return safehtml.Text(anyPicture.ReplaceAllLiteralString(html, ""))
}

// Empty reports whether there is nothing to be seen.
func (t Text) Empty() bool { return t.Plain == "" && t.HTML == "" }

// Markup is the text as HTML, whether it has looks or not.
func (t Text) Markup() string {
	if t.HTML == "" {
		return safehtml.FromText(t.Plain)
	}
	return t.HTML
}

// Fill puts values into both forms, and returns the names of variables that have
// neither a value nor words for that.
func (t Text) Fill(values variable.Values) (filled Text, open []string) {
	filled.Plain, open = variable.Fill(t.Plain, values)
	html, more := variable.FillHTML(t.HTML, values)
	filled.HTML = html
	for _, name := range more {
		if !slices.Contains(open, name) {
			open = append(open, name)
		}
	}
	return filled, open
}

// Variables are the names of the variables in it, each once.
func (t Text) Variables() []string {
	names := variable.Names(t.Plain)
	for _, name := range variable.Names(t.HTML) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Torn is a variable that can be read in the text but not be filled, because its
// letters differ in looks; "" when there is none.
func (t Text) Torn() string {
	if t.HTML == "" {
		return ""
	}
	whole := variable.Names(withoutTorn(t.HTML))
	for _, name := range variable.Names(t.Plain) {
		if !slices.Contains(whole, name) {
			return name
		}
	}
	return ""
}

var torn = regexp.MustCompile(`\{\{[^{}]*<[^{}]*\}\}`)

func withoutTorn(html string) string { return torn.ReplaceAllLiteralString(html, "") }

// Around is t divided where mark stands: what comes before it and after it. In
// the HTML mark is a line of a paragraph; found is false when either form does
// not have it exactly once.
func (t Text) Around(mark string) (before, after Text, found bool) {
	if strings.Count(t.Plain, mark) != 1 {
		return before, after, false
	}
	before.Plain, after.Plain, _ = strings.Cut(t.Plain, mark)
	if t.HTML == "" {
		return before, after, true
	}
	head, tail, _ := strings.Cut(t.HTML, mark)
	begins, ends := paragraph.FindAllStringIndex(head, -1), strings.Index(tail, "</p>")
	if len(begins) == 0 || ends < 0 || strings.Contains(tail, mark) {
		return before, after, false
	}
	p := begins[len(begins)-1]
	above, found := lines(lastBreak, head[p[1]:])
	below, last := lines(firstBreak, tail[:ends])
	within := func(lines string) string {
		if lines == "" {
			return ""
		}
		return head[p[0]:p[1]] + lines + "</p>"
	}
	before.HTML, after.HTML = head[:p[0]]+within(above), within(below)+tail[ends+len("</p>"):]
	return before, after, found && last
}

var (
	paragraph  = regexp.MustCompile(`<p(?: [^<>]*)?>`)
	lastBreak  = regexp.MustCompile(`<br/?>\s*$`)
	firstBreak = regexp.MustCompile(`^\s*<br/?>`)
	tag        = regexp.MustCompile(`<(/?)([a-z][a-z0-9]*)`)
)

// lines are the other lines of a paragraph on one side of a mark, without the
// break between; false when more than a break is there, or an element that goes
// on beyond it.
func lines(between *regexp.Regexp, html string) (string, bool) {
	if strings.TrimSpace(html) == "" {
		return "", true
	}
	open := 0
	for _, t := range tag.FindAllStringSubmatch(html, -1) {
		switch {
		case t[2] == "br" || t[2] == "img":
		case t[1] == "/":
			open--
		default:
			open++
		}
	}
	return between.ReplaceAllLiteralString(html, ""), open == 0 && between.MatchString(html)
}
