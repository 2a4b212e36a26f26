package conversation

import (
	"rapport/internal/conversation/draft"
	"rapport/internal/platform/search"
	"rapport/internal/platform/text"
)

// Longest texts, in characters.
const (
	maxSubject = 500
	maxExcerpt = 200
	maxText    = draft.MaxText
	maxTag     = 100
	maxTags    = 50
)

// excerpt is the beginning of a message for lists.
func excerpt(body string) string {
	return text.Line(body[:min(len(body), 8*maxExcerpt)], maxExcerpt)
}

// searchKey is what a list is searched by.
func (c Conversation) searchKey() string {
	return search.Fold(c.Subject + "\n" + c.Excerpt)
}
