package mailparse

import (
	"strings"

	"golang.org/x/net/html"

	"rapport/internal/platform/safehtml"
)

// readReply divides the words into what is new and what is quoted. In doubt
// words stay in the reply: a quote too much is a nuisance, a sentence too
// few is a lost question.
func (m *Mail) readReply() {
	text := m.PlainText
	if strings.TrimSpace(text) == "" && m.HasHTML {
		text = safehtml.Text(markQuotes(cutText(m.RawHTML, maxReplyHTML)))
	}
	m.Reply, m.Quoted = splitReply(text)
	m.Reply = strings.TrimSpace(strings.ReplaceAll(m.Reply, quoteMark, ""))
	m.Quoted = strings.TrimSpace(strings.ReplaceAll(m.Quoted, quoteMark, ""))
	if m.Reply == "" {
		m.Reply, m.Quoted = m.Text, ""
	}
}

// maxReplyHTML bounds the HTML that is looked at for new words.
const maxReplyHTML = 1 << 20

// maxReplyLines bounds the lines that are looked at for quotes; what comes
// after them belongs to whatever the last of them is.
const maxReplyLines = 1_000

// splitReply divides text into the new words and the rest.
func splitReply(text string) (reply, quoted string) {
	lines := strings.Split(normalSpaces(text), "\n")
	if len(lines) > maxReplyLines {
		lines = append(lines[:maxReplyLines:maxReplyLines], strings.Join(lines[maxReplyLines:], "\n"))
	}
	kept, rest := cutQuote(lines)
	n := cutSignature(kept)
	rest = append(append([]string{}, kept[endOf(kept[:n]):]...), rest...)
	kept = trimEnd(kept[:n])
	return strings.Join(kept, "\n"), strings.Join(rest, "\n")
}

// normalSpaces makes the spaces of mail programs plain ones.
func normalSpaces(text string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u00a0", " ", "\u202f", " ", "\u200b", "", "\ufeff", "").Replace(text)
}

// cutQuote finds where a quoted mail is introduced and leaves it out, unless
// the writer answered below or between it.
func cutQuote(lines []string) (kept, rest []string) {
	for i := range lines {
		end, found := breakAt(lines, i)
		if !found {
			continue
		}
		before, after := lines[:i], lines[end:]
		answer := answerBelow(after, hasWords(before))
		switch {
		case answer < 0 && hasWords(before):
			return before, lines[i:]
		case answer < 0:
			return lines, nil // nothing but a quote: somebody meant to send it
		case !hasWords(before) && !isInterleaved(after[answer:]):
			return after[answer:], lines[:end+answer]
		}
		return append(append([]string{}, before...), after...), lines[i:end]
	}
	return lines, nil
}

// answerBelow is where somebody's own words begin under a marked quote, -1 if
// there are none. Without marks nobody can tell, so everything is the quote.
// answered says that there are words above the quote already: then a name or
// a footer below it is no answer.
func answerBelow(after []string, answered bool) int {
	i := 0
	for i < len(after) && strings.TrimSpace(after[i]) == "" {
		i++
	}
	if i == len(after) || !isQuoted(after[i]) {
		return -1
	}
	end := quoteEnd(after, i)
	below := after[end:]
	if answered && holdsWords(below) || !answered && hasWords(below[:cutSignatureAnywhere(below)]) {
		return end
	}
	return -1
}

// quoteEnd is where the block of quoted lines from i ends. A stray line
// between two quoted ones is a quoted line that was wrapped.
func quoteEnd(lines []string, i int) int {
	end := i
	for j := i; j < len(lines); j++ {
		switch {
		case isQuoted(lines[j]):
			end = j + 1
		case strings.TrimSpace(lines[j]) == "":
		case j+1 < len(lines) && j == end && isQuoted(lines[j+1]):
		default:
			return end
		}
	}
	return end
}

// isInterleaved reports whether quotes go on between the answers.
func isInterleaved(lines []string) bool {
	for _, line := range trimEnd(lines) {
		if isQuoted(line) {
			return true
		}
	}
	return false
}

func hasWords(lines []string) bool {
	for _, line := range lines {
		if hasLetters(line) {
			return true
		}
	}
	return false
}

// endOf is where a reply ends without what no reply ends with: empty lines,
// rulers, quotes, the lines of devices. A reply that is nothing else stays.
func endOf(lines []string) int {
	for end := len(lines); end > 0; end-- {
		line := lines[end-1]
		trimmed := strings.TrimSpace(line)
		leaves := trimmed == "" || isQuoted(line) || ruler.MatchString(line) || isDeviceLine(line)
		if !leaves || strings.HasPrefix(trimmed, "```") {
			return end
		}
	}
	return len(lines)
}

// trimEnd is lines up to there, without empty ones at the beginning.
func trimEnd(lines []string) []string {
	end := endOf(lines)
	start := 0
	for start < end && strings.TrimSpace(lines[start]) == "" {
		start++
	}
	return lines[start:end]
}

// quoteClasses mark the elements in which mail programs put the quoted mail.
var quoteClasses = []string{"gmail_quote", "gmail_attr", "moz-cite-prefix", "yahoo_quoted", "outlookmessageheader", "appendonsend", "divrplyfwdmsg",
	"protonmail_quote", "tutanota_quote", "zmail_extra", "mail_quote", "reply-intro", "ymail_quoted", "hwmail-quote", "x_divrplyfwdmsg", "olk_src_body_section", "mailruattr"}

// signatureClasses mark the elements that hold a signature.
var signatureClasses = []string{"gmail_signature", "moz-signature", "protonmail_signature_block", "signature-container"}

// markQuotes puts a quote mark before every element that holds a quoted mail
// and a signature mark before every signature.
func markQuotes(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(strings.ReplaceAll(s, quoteMark, "")))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.String()
		}
		raw := string(z.Raw())
		if kind == html.StartTagToken && (strings.Contains(raw, "class") || strings.Contains(raw, "id") || strings.Contains(raw, "CLASS") || strings.Contains(raw, "ID")) {
			b.WriteString(markFor(z.Token()))
		}
		b.WriteString(raw)
	}
}

func markFor(t html.Token) string {
	for _, a := range t.Attr {
		if a.Key != "class" && a.Key != "id" && a.Key != "name" {
			continue
		}
		value := " " + strings.ToLower(a.Val) + " "
		for _, class := range quoteClasses {
			if strings.Contains(value, " "+class) {
				return "<div>" + quoteMark + "</div>"
			}
		}
		for _, class := range signatureClasses {
			if strings.Contains(value, " "+class) {
				return "<div>--</div>"
			}
		}
	}
	return ""
}
