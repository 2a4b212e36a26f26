package email

import (
	"html"
	"strings"

	"rapport/internal/channel"
	"rapport/internal/platform/safehtml"
)

// forwardWords stand above a message that is passed on, in forms that mail
// programs know: the line, from, date, to.
var forwardWords = map[string][4]string{
	"":   {"---------- Forwarded message ---------", "From", "Date", "To"},
	"ko": {"---------- 전달된 메시지 ---------", "보낸 사람", "날짜", "받는 사람"},
	"pl": {"---------- Wiadomość przekazana ---------", "Od", "Data", "Do"},
}

// passedOn is a message passed on, as plain text and as HTML.
func passedOn(language string, q channel.Quoted) (text, htmlText string) {
	words, ok := forwardWords[language]
	if !ok {
		words = forwardWords[""]
	}
	lines := []string{words[0], words[1] + ": " + shown(q.From), words[2] + ": " + q.At.UTC().Format("2006-01-02 15:04 MST")}
	if len(q.To) > 0 {
		var to []string
		for _, p := range q.To {
			to = append(to, shown(p))
		}
		lines = append(lines, words[3]+": "+strings.Join(to, ", "))
	}
	head := strings.Join(lines, "\n")
	htmlText = q.HTML
	if htmlText == "" {
		htmlText = safehtml.FromText(q.Text)
	}
	return "\n\n" + head + "\n\n" + q.Text, `<div class="rapport_forward"><p>` + strings.ReplaceAll(html.EscapeString(head), "\n", "<br>") + "</p>" + htmlText + "</div>"
}

func shown(p channel.Party) string {
	switch {
	case p.Name == "":
		return p.Address
	case p.Address == "":
		return p.Name
	}
	return p.Name + " <" + p.Address + ">"
}
