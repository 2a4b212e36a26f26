package words

import (
	"slices"
	"strconv"
	"strings"
)

// languages are those we speak; the first is that of the source.
var languages = []string{"en", "ko", "pl"}

// Accepted is the language to speak to whoever sends this Accept-Language
// header: the one they like best of ours, else English.
func Accepted(header string) string {
	best, liked := languages[0], 0.0
	for item := range strings.SplitSeq(header, ",") {
		tag, weight, weighed := strings.Cut(item, ";")
		short, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		q := 1.0
		if weighed {
			q, _ = strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
		}
		if q > liked && slices.Contains(languages, short) {
			best, liked = short, q
		}
	}
	return best
}
