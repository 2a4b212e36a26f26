package safehtml

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

var policy = newPolicy()

// Clean keeps what makes a letter look right (structure, tables, inline
// images, a list of harmless styles) and drops everything that can act:
// script, style sheets, forms, frames, vector drawings, event handlers and
// every address that is not http, https, mailto, tel or, for a picture, cid.
// Links open in a new window without handing over their origin.
// Cleaning twice changes nothing more.
func Clean(html string) string {
	return policy.Sanitize(filterStyles(bounded(html)))
}

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "div", "span", "h1", "h2", "h3", "h4", "h5", "h6",
		"b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup", "small", "big", "mark", "tt",
		"code", "pre", "kbd", "samp", "var", "blockquote", "q", "cite", "abbr", "acronym", "address", "bdi", "bdo",
		"ul", "ol", "li", "dl", "dt", "dd", "center", "font", "figure", "figcaption", "details", "summary",
		"article", "aside", "section", "header", "footer", "main", "nav", "hgroup", "wbr", "time", "dfn",
		"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "col", "colgroup",
		"ruby", "rt", "rp", "rb")
	p.SkipElementsContent("title", "svg", "math", "template", "textarea", "select", "applet", "embed", "xml", "xmp", "plaintext", "noembed", "audio", "video", "canvas")
	allowAttributes(p)
	allowLinks(p)
	p.AllowAttrs("style").Matching(styleAttribute).Globally()
	return p
}

var (
	word     = regexp.MustCompile(`^[\pL\pN_ -]{1,100}$`)
	length   = regexp.MustCompile(`^\d{1,5}(\.\d{1,3})?(%|px|pt|em)?$`)
	number   = regexp.MustCompile(`^[+-]?\d{1,5}$`)
	colour   = regexp.MustCompile(`(?i)^(#[0-9a-f]{3,8}|[a-z]{3,30}|rgba?\([0-9., %/]{1,40}\))$`)
	plain    = regexp.MustCompile(`^[^<>"'&\\]{0,300}$`)
	language = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,3}$`)
	// A quote's own classes are kept: the screen folds quotes away by them.
	quoteClass = regexp.MustCompile(`^(gmail_[a-z_]+|yahoo_quoted|moz-cite-prefix|OutlookMessageHeader)( gmail_[a-z_]+){0,3}$`)
)

func allowAttributes(p *bluemonday.Policy) {
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`(?i)^(rtl|ltr|auto)$`)).Globally()
	p.AllowAttrs("lang").Matching(language).Globally()
	p.AllowAttrs("title").Matching(plain).Globally()
	p.AllowAttrs("align", "valign").Matching(word).Globally()
	p.AllowAttrs("width", "height").Matching(length).OnElements("table", "td", "th", "tr", "col", "colgroup", "img", "hr")
	p.AllowAttrs("bgcolor").Matching(colour).OnElements("table", "tbody", "thead", "tfoot", "tr", "td", "th", "div")
	p.AllowAttrs("border", "cellpadding", "cellspacing", "colspan", "rowspan", "span").Matching(length).
		OnElements("table", "td", "th", "col", "colgroup", "img")
	p.AllowAttrs("scope", "headers", "summary", "nowrap").Matching(plain).OnElements("table", "td", "th")
	p.AllowAttrs("color").Matching(colour).OnElements("font")
	p.AllowAttrs("face").Matching(regexp.MustCompile(`^[\pL\pN ,'"_-]{1,100}$`)).OnElements("font")
	p.AllowAttrs("size").Matching(number).OnElements("font", "hr")
	p.AllowAttrs("start", "value").Matching(number).OnElements("ol", "li")
	p.AllowAttrs("type").Matching(word).OnElements("ol", "ul", "li", "blockquote")
	p.AllowAttrs("open").Matching(regexp.MustCompile(`(?i)^(|open)$`)).OnElements("details")
	p.AllowAttrs("datetime").Matching(plain).OnElements("time", "del", "ins")
	p.AllowAttrs("class").Matching(quoteClass).OnElements("div", "blockquote")
}

func allowLinks(p *bluemonday.Policy) {
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("name").Matching(word).OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowURLSchemes("http", "https", "mailto", "tel", "cid")
	p.RequireParseableURLs(true)
	// A relative address would point into Rapport itself.
	p.AllowRelativeURLs(false)
	p.RequireNoReferrerOnLinks(true)
	p.RequireNoFollowOnLinks(false)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	p.AllowNoAttrs().OnElements("a", "span", "font")
}
