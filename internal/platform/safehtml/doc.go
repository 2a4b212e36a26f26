// Package safehtml is the one path of foreign HTML into Rapport: mail, agents'
// replies and articles are cleaned here before they are stored, and turned
// into plain text here before they are searched or quoted.
//
// Everything works on a stream of tokens: no tree is built, so deep nesting
// costs memory and time in proportion to the bytes, never a stack.
package safehtml

import (
	"regexp"
	"strings"
)

// maxInput bounds what is looked at: longer HTML is cut. A mail body beyond
// this is a newsletter gone wrong or an attack.
const maxInput = 2 << 20

var dataPicture = regexp.MustCompile(`(?i)src\s{0,3}=\s{0,3}["']data:[^"'<>]*["']`)

// bounded is html cut to the limit, without NUL bytes and invalid UTF-8.
func bounded(html string) string {
	if len(html) > maxInput {
		// Pictures written into the page are dropped anyway; without them the
		// words may fit.
		if strings.Contains(html, "data:") {
			html = dataPicture.ReplaceAllString(html, `src=""`)
		}
		html = html[:min(len(html), maxInput)]
	}
	html = strings.ToValidUTF8(html, "\uFFFD")
	return strings.ReplaceAll(html, "\x00", "")
}
