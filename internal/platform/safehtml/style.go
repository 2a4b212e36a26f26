package safehtml

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// maxStyle bounds one style attribute; longer ones are dropped.
const maxStyle = 4 << 10

var (
	styleCharacters = `[\pL\pN #%.,'()!+/-]`
	styleValue      = regexp.MustCompile(`^` + styleCharacters + `+$`)
	styleCall       = regexp.MustCompile(`[A-Za-z-]*\s*\(`)
	// styleAttribute is the form filterStyles writes; nothing else passes.
	styleAttribute = regexp.MustCompile(`^[a-z-]+: ` + styleCharacters + `+(; [a-z-]+: ` + styleCharacters + `+)*$`)
)

var styleNames = newStyleNames()

func newStyleNames() map[string]bool {
	names := strings.Fields(`color background-color background font font-family font-size font-style font-weight font-variant
		line-height letter-spacing text-align text-decoration text-indent text-transform vertical-align white-space
		word-break word-wrap overflow-wrap direction list-style list-style-type display width max-width min-width
		height max-height min-height border-collapse border-spacing border-radius float clear margin padding border`)
	for _, side := range []string{"-top", "-right", "-bottom", "-left"} {
		names = append(names, "margin"+side, "padding"+side, "border"+side)
	}
	for _, part := range []string{"-color", "-style", "-width"} {
		names = append(names, "border"+part)
	}
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// filterStyles rewrites every style attribute to its harmless declarations
// and leaves all else to the policy.
func filterStyles(s string) string {
	if !strings.Contains(strings.ToLower(s), "style") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.String()
		}
		raw := z.Raw()
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			b.Write(raw)
			continue
		}
		if !strings.Contains(strings.ToLower(string(raw)), "style") {
			b.Write(raw)
			continue
		}
		t := z.Token()
		for i, a := range t.Attr {
			if a.Key == "style" {
				t.Attr[i].Val = harmlessStyle(a.Val)
			}
		}
		b.WriteString(t.String())
	}
}

// harmlessStyle keeps the declarations whose name is listed and whose value
// is words, numbers, colours and quoted names: no address, no expression, no
// escape that could spell one.
func harmlessStyle(style string) string {
	if len(style) > maxStyle || strings.ContainsAny(style, `\<>`) {
		return ""
	}
	var kept []string
	for declaration := range strings.SplitSeq(strings.ReplaceAll(style, `"`, `'`), ";") {
		name, value, ok := strings.Cut(declaration, ":")
		name = strings.ToLower(strings.TrimSpace(name))
		value = strings.Join(strings.Fields(value), " ")
		if ok && styleNames[name] && harmlessValue(value) {
			kept = append(kept, name+": "+value)
		}
	}
	return strings.Join(kept, "; ")
}

func harmlessValue(value string) bool {
	if len(value) > 200 || !styleValue.MatchString(value) {
		return false
	}
	for _, call := range styleCall.FindAllString(value, -1) {
		switch strings.ToLower(strings.TrimRight(call, " (")) {
		case "rgb", "rgba", "hsl", "hsla":
		default:
			return false
		}
	}
	return true
}
