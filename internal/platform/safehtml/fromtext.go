package safehtml

import (
	"html"
	"regexp"
	"strings"
)

var address = regexp.MustCompile(`https?://[^\s<>"]+|[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`)

// FromText is text as safe HTML: a blank line starts a paragraph, a line end
// is a line break, web and mail addresses become links.
func FromText(text string) string {
	text = strings.ReplaceAll(bounded(text), "\r\n", "\n")
	var b strings.Builder
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		paragraph = strings.Trim(paragraph, "\n")
		if strings.TrimSpace(paragraph) == "" {
			continue
		}
		b.WriteString("<p>")
		for i, line := range strings.Split(paragraph, "\n") {
			if i > 0 {
				b.WriteString("<br>")
			}
			writeLinked(&b, line)
		}
		b.WriteString("</p>")
	}
	return b.String()
}

// writeLinked writes one line with its addresses as links.
func writeLinked(b *strings.Builder, line string) {
	last := 0
	for _, at := range address.FindAllStringIndex(line, -1) {
		found := trimAddress(line[at[0]:at[1]])
		if found == "" {
			continue
		}
		href := found
		if !strings.HasPrefix(found, "http") || !strings.Contains(found, "://") {
			href = "mailto:" + found
		}
		b.WriteString(html.EscapeString(line[last:at[0]]))
		b.WriteString(`<a href="` + html.EscapeString(href) + `" rel="noreferrer noopener" target="_blank">`)
		b.WriteString(html.EscapeString(found) + "</a>")
		last = at[0] + len(found)
	}
	b.WriteString(html.EscapeString(line[last:]))
}

// trimAddress takes off the punctuation of the sentence around an address.
func trimAddress(found string) string {
	for found != "" {
		switch last := found[len(found)-1]; {
		case strings.IndexByte(".,;:!?'*", last) >= 0:
		case last == ')' && strings.Count(found, "(") < strings.Count(found, ")"):
		case last == ']' && strings.Count(found, "[") < strings.Count(found, "]"):
		default:
			return found
		}
		found = found[:len(found)-1]
	}
	return ""
}
