package safehtml

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxQuoteDepth bounds the "> " marks before a line.
const maxQuoteDepth = 8

// Text is what a person reads in html, as plain text: paragraphs and line
// breaks, "- " before list items, cells of a row divided by " | ", quotes
// behind "> ", and a link's address in <> where the words do not show it.
func Text(s string) string {
	w := &textWriter{}
	z := html.NewTokenizer(strings.NewReader(bounded(s)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return w.finish()
		case html.TextToken:
			if w.hidden == 0 {
				w.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			w.open(&t)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.close(atom.Lookup(name))
		}
	}
}

// textWriter lays out text as the tags come.
type textWriter struct {
	out       strings.Builder
	line      strings.Builder // the line being written
	blank     int             // empty lines wanted before the next words
	space     bool            // white space seen since the last word
	cell      bool            // a cell ended: divide before the next words of the row
	pre       int
	hidden    int // depth inside elements that show nothing
	hiddenTag atom.Atom
	quote     int
	lastQuote int   // depth of the line written last
	lists     []int // per open list: the next number, or -1 for bullets
	href      string
	linkStart int
}

// hides lists the elements whose content nobody reads.
func hides(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Title, atom.Template, atom.Noscript, atom.Svg, atom.Math, atom.Object,
		atom.Iframe, atom.Select, atom.Textarea, atom.Noembed, atom.Noframes:
		return true
	}
	return false
}

func (w *textWriter) open(t *html.Token) {
	if w.hidden > 0 {
		if t.DataAtom == w.hiddenTag && t.Type == html.StartTagToken {
			w.hidden++
		}
		return
	}
	if hides(t.DataAtom) {
		if t.Type == html.StartTagToken {
			w.hidden, w.hiddenTag = 1, t.DataAtom
		}
		return
	}
	switch t.DataAtom {
	case atom.Br:
		w.newline()
	case atom.Hr:
		w.paragraph()
		w.word("---")
		w.paragraph()
	case atom.Img:
		if alt := strings.TrimSpace(attribute(t, "alt")); alt != "" {
			w.word("[" + strings.Join(strings.Fields(alt), " ") + "]")
		}
	case atom.Pre:
		w.paragraph()
		w.pre++
	case atom.Blockquote:
		w.paragraph()
		w.quote++
	case atom.Ul, atom.Ol:
		w.openList(t)
	case atom.Li:
		w.item()
	case atom.A:
		w.href, w.linkStart = attribute(t, "href"), w.line.Len()
	case atom.Td, atom.Th:
		w.cell = w.line.Len() > 0
	default:
		w.boundary(t.DataAtom)
	}
}

func (w *textWriter) close(a atom.Atom) {
	if w.hidden > 0 {
		if a == w.hiddenTag {
			w.hidden--
		}
		return
	}
	switch a {
	case atom.Pre:
		w.pre = max(0, w.pre-1)
		w.paragraph()
	case atom.Blockquote:
		w.paragraph()
		w.quote = max(0, w.quote-1)
	case atom.Ul, atom.Ol:
		w.endLine()
		if n := len(w.lists); n > 0 {
			w.lists = w.lists[:n-1]
		}
		if len(w.lists) == 0 {
			w.paragraph()
		}
	case atom.A:
		w.closeLink()
	default:
		w.boundary(a)
	}
}

// boundary ends the line or the paragraph where a block begins or ends.
func (w *textWriter) boundary(a atom.Atom) {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Table, atom.Dl, atom.Figure:
		w.paragraph()
	case atom.Div, atom.Tr, atom.Li, atom.Dt, atom.Dd, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Aside, atom.Main, atom.Nav,
		atom.Address, atom.Center, atom.Caption, atom.Tbody, atom.Thead, atom.Tfoot, atom.Form, atom.Fieldset, atom.Figcaption, atom.Body, atom.Html:
		w.endLine()
	}
}

func (w *textWriter) openList(t *html.Token) {
	if len(w.lists) == 0 {
		w.paragraph()
	} else {
		w.endLine()
	}
	next := -1
	if t.DataAtom == atom.Ol {
		next = 1
		if n, err := strconv.Atoi(attribute(t, "start")); err == nil {
			next = n
		}
	}
	if len(w.lists) < 64 {
		w.lists = append(w.lists, next)
	}
}

func (w *textWriter) item() {
	w.endLine()
	mark := "-"
	if n := len(w.lists); n > 0 {
		mark = strings.Repeat("  ", min(n-1, maxQuoteDepth)) + mark
		if number := &w.lists[n-1]; *number >= 0 {
			mark = strings.Repeat("  ", min(n-1, maxQuoteDepth)) + strconv.Itoa(*number) + "."
			*number++
		}
	}
	w.word(mark)
	w.space = true
}

// closeLink writes the address where the words were something else.
func (w *textWriter) closeLink() {
	href := strings.TrimSpace(w.href)
	w.href = ""
	target := strings.TrimPrefix(href, "mailto:")
	if href == target && !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "https://") {
		return
	}
	words := ""
	if w.linkStart <= w.line.Len() {
		words = strings.TrimSpace(w.line.String()[w.linkStart:])
	}
	if words == "" || sameTarget(words, target) {
		return
	}
	w.space = true
	w.word("<" + strings.Join(strings.Fields(target), "%20") + ">")
	w.space = true
}

// sameTarget reports whether the words of a link already say where it leads.
func sameTarget(words, target string) bool {
	bare := func(s string) string {
		s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
		return strings.TrimSuffix(strings.TrimPrefix(s, "www."), "/")
	}
	return strings.EqualFold(bare(words), bare(target))
}

func attribute(t *html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text adds the words of a text node.
func (w *textWriter) text(s string) {
	if w.pre > 0 {
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				w.newline()
			}
			w.verbatim(strings.TrimSuffix(line, "\r"))
		}
		return
	}
	start := -1
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if isSpace(r) {
			if start >= 0 {
				w.word(s[start:i])
				start = -1
			}
			w.space = true
		} else if start < 0 {
			start = i
		}
		i += size
	}
	if start >= 0 {
		w.word(s[start:])
	}
}

// isSpace is white space that collapses; a no-break space does too here,
// because mail programs use it to indent and to fill empty lines.
func isSpace(r rune) bool {
	return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' || r == '\u00a0'
}

// word appends one word to the line, with the space or divider due before it.
func (w *textWriter) word(s string) {
	switch {
	case w.line.Len() == 0:
	case w.cell:
		w.line.WriteString(" | ")
	case w.space:
		w.line.WriteByte(' ')
	}
	w.cell, w.space = false, false
	w.line.WriteString(s)
}

func (w *textWriter) verbatim(s string) {
	if s != "" {
		w.line.WriteString(s)
		w.space = false
	}
}

// newline ends the line even when it is empty.
func (w *textWriter) newline() {
	if w.line.Len() == 0 {
		w.blank = min(w.blank+1, 2)
		w.space, w.cell = false, false
		return
	}
	w.endLine()
}

// endLine ends the line if there is anything on it.
func (w *textWriter) endLine() {
	w.space, w.cell = false, false
	if w.line.Len() == 0 {
		return
	}
	line := strings.TrimRight(w.line.String(), " \t")
	w.line.Reset()
	w.linkStart = 0
	// An empty line between two depths belongs to the outer one.
	mark := strings.Repeat("> ", min(w.quote, maxQuoteDepth))
	between := strings.Repeat("> ", min(w.quote, w.lastQuote, maxQuoteDepth))
	if w.out.Len() > 0 {
		for range w.blank {
			w.out.WriteString(strings.TrimRight(between, " ") + "\n")
		}
	}
	w.blank, w.lastQuote = 0, w.quote
	w.out.WriteString(mark + line + "\n")
}

// paragraph ends the line and asks for an empty one before the next words.
func (w *textWriter) paragraph() {
	w.endLine()
	w.blank = max(w.blank, 1)
}

func (w *textWriter) finish() string {
	w.endLine()
	return strings.Trim(w.out.String(), "\n")
}
