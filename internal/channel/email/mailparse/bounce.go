package mailparse

import (
	"fmt"
	"regexp"
	"strings"
)

// readStatusParts reads the delivery status of RFC 3464, where one is.
func (n *notice) readStatusParts() bool {
	var groups []Header
	n.root.each(func(p *part) {
		switch p.contentType {
		case "message/delivery-status", "message/global-delivery-status", "message/delivery-state":
			groups = append(groups, fieldsOf(p.decoded())...)
		}
	})
	if groups == nil && strings.Contains(strings.ToLower(cutText(n.mail.PlainText, maxNotice)), "final-recipient:") && n.looksReturned() {
		groups = fieldsOf([]byte(n.mail.PlainText))
	}
	actions := map[string]int{}
	for _, h := range groups {
		r, action, ok := n.statusOf(h)
		if !ok {
			continue
		}
		n.mail.Recipients = append(n.mail.Recipients, r)
		actions[action]++
	}
	if len(n.mail.Recipients) == 0 {
		return false
	}
	n.mail.Kind = KindBounce
	if actions["failed"]+actions["delayed"]+actions[""] == 0 {
		n.mail.Kind = KindReport
	}
	return true
}

// statusOf reads the fields about one recipient.
func (n *notice) statusOf(h Header) (r Recipient, action string, ok bool) {
	r.Address = addressOfField(h.Get("Final-Recipient"))
	if original := addressOfField(h.Get("Original-Recipient")); !strings.Contains(r.Address, "@") && original != "" {
		r.Address = original
	}
	if actual := addressOfField(h.Get("X-Actual-Recipient")); strings.Contains(actual, "@") && !strings.Contains(actual, "|") {
		r.Address = actual
	}
	if r.Address == "" {
		return r, "", false
	}
	action = firstWord(stripComment(h.Get("Action")))
	if action == "deliverable" || action == "relayed" || action == "expanded" {
		action = "delivered"
	}
	r.Status = enhanced.FindString(h.Get("Status"))
	r.Diagnostic = afterType(h.Get("Diagnostic-Code"))
	about := n.aboutRecipient(r.Address)
	if r.Diagnostic == "" {
		r.Diagnostic = about
	}
	switch {
	case action == "delivered":
		if !strings.HasPrefix(r.Status, "2") {
			r.Status = "2.0.0"
		}
	case action == "delayed" && !strings.HasPrefix(r.Status, "4"):
		r.Status = "4.0.0"
	}
	r = judged(r, about)
	r.Delayed, r.Delivered = action == "delayed", action == "delivered"
	return r, action, true
}

// afterType drops the "rfc822;" or "smtp;" in front of a value.
func afterType(value string) string {
	kind, rest, ok := strings.Cut(value, ";")
	if ok && !strings.ContainsAny(strings.TrimSpace(kind), " @") {
		return strings.TrimSpace(rest)
	}
	return strings.TrimSpace(value)
}

func addressOfField(value string) string {
	value = afterType(value)
	if found := ParseAddresses(value); len(found) > 0 {
		return found[0].Address
	}
	return cleanAddress(value)
}

var (
	// enhanced is a status of RFC 3463 that is no part of an address.
	enhanced   = regexp.MustCompile(`\b[245]\.\d{1,2}\.\d{1,3}\b`)
	statusWord = regexp.MustCompile(`(?:^|[^0-9.\[])([245]\.\d{1,2}\.\d{1,3})(?:$|[^0-9.]|\.(?:$|[^0-9]))`)
	refusal    = regexp.MustCompile(`(?m)(?:^|[\s:;'"<(\[])([45][0-5]\d)(?:[ \-]|$|:)`)
	replyCode  = regexp.MustCompile(`(?:^|[\s:;'"<(\[])([245][0-5]\d)(?:[ \-]|$|\n|:)`)
	// What step of the SMTP talk the refusal came in.
	phaseSender    = regexp.MustCompile(`(?i)after mail from|in reply to mail from|>>> mail from|our mail from|after initial connection|response to mail`)
	phaseRecipient = regexp.MustCompile(`(?i)after rcpt to|in reply to rcpt|>>> rcpt to|our rcpt to|response to rcpt`)
	phaseData      = regexp.MustCompile(`(?i)after end of data|end of data|in reply to end of data|in reply to data|>>> data|smtp command\s+data|final data|after data|data command|dot command|response to data`)
)

// judged fills in what the words of the mail system tell: the status, the
// reply code, the cause, and whether the address is dead. more is what else
// the notice says about this recipient.
func judged(r Recipient, more string) Recipient {
	said := refused(r.Diagnostic)
	if r.ReplyCode = codeIn(said); r.ReplyCode == "" {
		r.ReplyCode = codeIn(more)
	}
	r.Status = betterStatus(r.Status, said, more, r.ReplyCode)
	if strings.HasPrefix(r.ReplyCode, "2") && !strings.HasPrefix(r.Status, "2") {
		r.ReplyCode = "" // from an earlier, successful step
	}
	r.Reason = reasonOf(said, r.Status)
	if r.Reason == "" {
		r.Reason = reasonOf(more, r.Status)
	}
	if r.Reason == "" {
		r.Reason = ReasonOther
	}
	r.Reason = reasonInPhase(r, said+"\n"+more)
	if r.Status == "" {
		r.Status = statusFor(r)
	}
	r.HardBounce = isHard(r.Reason, r.Status)
	r.Diagnostic = shortened(said)
	return r
}

// aboutMessage begins what some reports tell of the mail itself after the
// refusal, with headings that would read as words about its sender.
var aboutMessage = regexp.MustCompile(`(?i)\b(message details|original message( headers)?|message headers?):`)

// refused is the refusal without that.
func refused(said string) string {
	if at := aboutMessage.FindStringIndex(said); at != nil && codeIn(said[:at[0]]) != "" {
		return said[:at[0]]
	}
	return said
}

// DeadAddress reports whether a server that refused a recipient in the dialogue
// has said that the address does not exist, and not only that it takes no mail
// now, from us, or of this kind. status is that of RFC 3463, if it named one.
func DeadAddress(code int, status, words string) bool {
	return judged(Recipient{Status: status, Diagnostic: fmt.Sprintf("%d %s %s (in reply to RCPT TO command)", code, status, words)}, "").HardBounce
}

// reasonInPhase weighs the cause by the step of the delivery it came in.
func reasonInPhase(r Recipient, words string) string {
	unknown := r.Reason == ReasonUserUnknown || r.Reason == ReasonHostUnknown
	switch {
	case unknown && phaseSender.MatchString(words) && !phaseRecipient.MatchString(words):
		return ReasonRejected // it was the sender they did not know
	case r.Reason == ReasonUserUnknown && phaseData.MatchString(words) && !strings.HasSuffix(r.Status, ".1.1"):
		return ReasonFiltered // whoever refused the content had taken the recipient
	case r.Reason == ReasonHostUnknown && (strings.HasPrefix(r.Status, "4") || strings.Contains(words, "try again")):
		return ReasonNetwork
	}
	return r.Reason
}

// codeIn is the SMTP reply in the words, a refusal if there is one.
func codeIn(words string) string {
	code := ""
	for _, found := range replyCode.FindAllStringSubmatch(words, 50) {
		if found[1][0] != '2' {
			return found[1]
		}
		code = found[1]
	}
	return code
}

// betterStatus prefers what the remote system said to what the reporting one
// made of it.
func betterStatus(status, said, more, code string) string {
	for i, words := range []string{said, more} {
		if i == 1 && statusWord.MatchString(said) {
			break // the remote system did say one, if a vague one
		}
		for _, found := range statusWord.FindAllStringSubmatch(words, 20) {
			better := found[1]
			if vague(better) || better[0] == '2' && code != "" && code[0] != '2' {
				continue
			}
			if vague(status) || i == 0 && code != "" && better[0] == code[0] && status[0] != code[0] && status[0] != '2' {
				return better
			}
			break
		}
	}
	return status
}

// vague statuses say only that something failed.
func vague(status string) bool {
	return status == "" || strings.HasSuffix(status, ".0.0")
}

// statusFor makes the general status of the class the notice speaks of.
func statusFor(r Recipient) string {
	switch {
	case r.ReplyCode != "":
		return r.ReplyCode[:1] + ".0.0"
	case r.Reason == ReasonDelivered:
		return "2.0.0"
	}
	return "5.0.0"
}

// maxDiagnostic bounds the words kept about one recipient.
const maxDiagnostic = 1000

func shortened(s string) string {
	return cutText(spaces.ReplaceAllString(strings.TrimSpace(oneLine(cutText(s, 10*maxDiagnostic))), " "), maxDiagnostic)
}
