package conversation

import (
	"regexp"
	"strings"

	"rapport/internal/platform/search"
	"rapport/internal/platform/text"
)

// Longest texts, in characters.
const (
	maxSubject = 500
	maxExcerpt = 200
	maxText    = 1_000_000
	maxTag     = 100
	maxTags    = 50
)

// replyMark is what mail programs put before the subject of an answer.
var replyMark = regexp.MustCompile(`(?i)^\s*(re|aw|sv|odp|antw|회신|답장|답변)\s*(\[\d+\])?\s*[:：]\s*`)

// replySubject is a subject with "Re: " once.
func replySubject(subject string) string {
	for {
		rest := replyMark.ReplaceAllString(subject, "")
		if rest == subject {
			break
		}
		subject = rest
	}
	return strings.TrimSpace("Re: " + strings.TrimSpace(subject))
}

// excerpt is the beginning of a message for lists.
func excerpt(body string) string {
	return text.Line(body[:min(len(body), 8*maxExcerpt)], maxExcerpt)
}

// searchKey is what a list is searched by.
func (c Conversation) searchKey() string {
	return search.Fold(c.Subject + "\n" + c.Excerpt)
}
