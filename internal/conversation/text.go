package conversation

import (
	"regexp"
	"strings"
	"unicode"

	"rapport/internal/platform/search"
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

// plain is text the database can hold.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// line makes one line of at most limit characters.
func line(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	for i := range s {
		if limit--; limit < 0 {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// excerpt is the beginning of a message for lists.
func excerpt(text string) string {
	if len(text) > 8*maxExcerpt {
		text = text[:8*maxExcerpt]
	}
	return line(text, maxExcerpt)
}

// searchKey is what a list is searched by.
func (c Conversation) searchKey() string {
	return search.Fold(c.Subject + "\n" + c.Excerpt)
}
