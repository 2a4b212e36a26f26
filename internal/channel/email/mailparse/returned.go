package mailparse

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var (
	daemonName  = regexp.MustCompile(`(?i)mailer[- ]?daemon|mail delivery (?:sub)?system`)
	officeName  = regexp.MustCompile(`(?i)mail[_ -]?daemon|^post_?master\b|post_?master@|mail administrator|system administrator|delivery (?:system|status|notif)|returned mail|mail system|virus|bounce`)
	refusalLine = regexp.MustCompile(`(?m)^\W*[45][0-5]\d[ -]+\D{3}`)
	machineName = regexp.MustCompile(`(?i)^(?:no-?_?reply|do-?not-?reply|.*-(?:admin|owner|request|bounces?)@|owner-|majordomo|listserv|mailman|daemon|postfix)`)
	// returnedSubject are the subjects of mail that came back.
	returnedSubject = regexp.MustCompile(`(?i)delivery (?:status|failure|failed|notification|report|has failed|problem|error|delayed|reports?)|mail delivery|undeliver|returned (?:mail|e-?mail|message)|failure notice|mail failure|delivery[- ]fail|could not be delivered|not delivered|non ?remis|unzustellbar|returning message|return(?:ed)? to sender|mail (?:system )?error|warning: could not send|message (?:delivery|status|undeliverable|you sent|could not)|nondeliverable|non-?delivery|delayed mail|mail status|failed mail|rejected|bounced?|impossible|nie dostarczono|niedostarczon|niedor[eę]czon|zwrot|반송|배달|전송 ?실패|전달.{0,3}실패|발송 ?실패|수신.{0,4}(?:실패|불가)|配信|送信できません|エラー|退信|投递|не доставлен|не может быть|недостав|mancata consegna|non recapit|no se (?:ha podido|pudo) entregar|não (?:foi )?entregue|onbestelbaar|kan ikke|kunde inte|доставить|undelivered|user unknown|mail not sent|not (?:a )?member`)
	// returnedWords are sentences only a mail system writes.
	returnedWords = regexp.MustCompile(`(?i)could not be delivered to|fehler bei der nachrichtenzustellung|zustellung[^\n]{0,60}fehlgeschlagen|could not be delivered because|was not delivered to|did not reach (?:some or all|the following)|delivery to the following recipients?|had delivery problems|had permanent fatal errors|had transient|had fatal errors|unable to deliver|was unable to deliver|wasn't able to deliver|couldn't be delivered|error (?:was |while )?(?:occurred while )?(?:try|deliver)|there was an error delivering|message was created automatically by mail|the following (?:recipients?|address(?:es)?|users?|destinations?|mail) (?:\(?s?\)?)?\s?(?:failed|could not|were|was|did not|cannot|had|affected)|each of the following recipients|this is the qmail-send|this is a permanent error|i'm afraid i wasn't able|mail system at host|could not deliver|cannot be delivered|could not be sent|delivery (?:has )?failed|not be delivered|has been delayed|mail transaction failed|undeliverable|did not receive this message|sorry, we were unable|your mail sent on|message could not be|were not able to deliver|returned (?:mail|to sender)|失敗しました|送信できませんでした|配信できません|お届けできません|届けることができません|배달되지|전달되지|전송되지|반송되었|발송에 실패|nie (?:mogła|może|mogl[ao]) (?:zostać|być) dostarcz|nie został[ao]? dostarczon|konnte nicht zugestellt|nicht zugestellt werden|n'a pas pu être|no se pudo entregar|не может быть доставлено|не удалось доставить|non è stato possibile|não pôde ser entregue|kon niet worden|not (?:a )?member of this mailing|may not have permission to post|rejected by (?:the )?(?:recipient|remote|a remote|server)|transcript of session|delivery problem|unknown user|user unknown|retry timeout|trouble delivering|returned permanent errors|refused to accept your message|requested action not taken|invalid user address`)
)

// looksReturned reports whether the mail is a bounce though it has no part
// that says so: a mail system wrote it, in a mail system's words.
func (n *notice) looksReturned() bool {
	m := n.mail
	if m.Header.Has("X-Failed-Recipients") {
		return true
	}
	words := n.words
	if strings.TrimSpace(words) == "" {
		words = n.returned
	}
	subject := returnedSubject.MatchString(m.Subject)
	said := func() bool { return returnedWords.MatchString(words) }
	switch {
	case n.from(daemonName):
		return true
	case n.from(officeName):
		return subject || statusWord.MatchString(words) || refusalLine.MatchString(words) || n.originalHeader() != nil || said()
	case len(m.From) == 0 || n.emptyReturnPath():
		return !m.isAutoReply() && (said() || subject && !strings.HasPrefix(strings.ToLower(m.Subject), "re:")) || subject && said()
	}
	// Customers write of parcels that were not delivered, too. Other senders
	// must speak like a mail system at once and show that they are one.
	opening := words[:min(len(words), 400)]
	return subject && returnedWords.MatchString(opening) && n.isMachine(words)
}

// isMachine looks for what no person's mail has.
func (n *notice) isMachine(words string) bool {
	m := n.mail
	switch subject := strings.ToLower(m.Subject); {
	case strings.HasPrefix(subject, "re:"), strings.HasPrefix(subject, "fw"):
		return false
	case m.Header.Has("Auto-Submitted"), machineName.MatchString(firstAddress(m.From)), statusWord.MatchString(words):
		return true
	}
	h := n.originalHeader()
	return h.Has("Received") && h.Has("From")
}

func (n *notice) from(name *regexp.Regexp) bool {
	h := n.mail.Header
	return name.MatchString(h.Text("From")) || name.MatchString(h.ReturnPath()) || name.MatchString(h.Get("Sender"))
}

func (n *notice) emptyReturnPath() bool {
	h := n.mail.Header
	return h.Has("Return-Path") && h.ReturnPath() == ""
}

var (
	anyAddress = regexp.MustCompile(`[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*`)
	// recipientLine is a line that names a recipient: alone, in brackets, or
	// after the words that introduce one.
	recipientLine = regexp.MustCompile(`(?i)^\s*(?:[*•-]\s+)?(?:(?:original |final |failed )?recipients?(?: address)?\s*:?\s*|delivery (?:to|failed)\W*|(?:unable|failed|could not|error)[^<\n]{0,60}(?:to|for):?\s+|[^<\n]{0,60}(?:delivered|delivering|deliver|sent|send|message|mail) (?:your mail |message )?to:?\s*)?["'<(]*([^\s<>"'(),;:]+@[^\s<>"'(),;:]+?)["'>)]*\s*(?:\.(?:\s|$)|:|;|\(|,|$|\.\.\.| on \d|\s-|\s{2}|\s<|\s\()`)
	talkLine      = regexp.MustCompile(`(?i)^\s*(?:>>>|<<<|mail from|rcpt to|original sender|sender|from|reply-to|return-path|subject|date|message-id|\d{3}[ -])`)

	leadingAddress = regexp.MustCompile(`^\s*["'<]?([^\s<>"'(),;:]+@[^\s<>"'(),;:]+?)["'>]?[:,]?\s+\S`)
	// refusedLine is a line of an old transcript: code, recipient, dots.
	refusedLine = regexp.MustCompile(`^\s*[45]\d\d (?:[45]\.\d+\.\d+ )?<?([^\s<>"'(),;:]+@[^\s<>"'(),;:]+?)>?\.\.\.`)
)

// recipientOf finds the recipient a line names; nil if it names none.
func recipientOf(line string) []string {
	if len(line) > 1000 {
		return nil
	}
	if match := refusedLine.FindStringSubmatch(line); match != nil {
		return match
	}
	if talkLine.MatchString(line) {
		return nil
	}
	if match := leadingAddress.FindStringSubmatch(line); match != nil {
		return match
	}
	return recipientLine.FindStringSubmatch(line)
}

// readText finds the failed recipients in a notice made for people.
func (n *notice) readText() []Recipient {
	failed := n.failedAddresses()
	var list []Recipient
	for _, address := range failed {
		about := n.aboutRecipient(address)
		said := mostTelling(about)
		if len(failed) == 1 && reasonOf(said, "") == "" {
			about = n.words
			said = mostTelling(about)
		}
		r := Recipient{Address: address, Diagnostic: said}
		if reasonOf(said, "") == "" {
			about = n.words
		}
		r = judged(r, about)
		if r.Reason == ReasonOther && r.ReplyCode == "" {
			// Some put the cause under the line that announces the old mail.
			r = judged(Recipient{Address: address, Diagnostic: cutText(n.returned, 500)}, "")
		}
		list = append(list, n.softened(r))
	}
	return list
}

var delayWords = regexp.MustCompile(`(?i)warning message only|has been delayed|will (?:be retried|continue|keep trying)|still being (?:retried|attempted)|delivery status notification \(delay\)|will try again|do not need to resend|not yet been delivered|delay reason|\bdelayed\b`)

// softened gives a notice of delay the class of one.
func (n *notice) softened(r Recipient) Recipient {
	if !delayWords.MatchString(n.mail.Subject + "\n" + n.words) {
		return r
	}
	if strings.HasSuffix(r.Status, ".0.0") {
		r.Status = "4" + r.Status[1:]
		r.HardBounce = false
	}
	r.Delayed = strings.HasPrefix(r.Status, "4")
	return r
}

// failedAddresses names the recipients, at least one even if it is "".
func (n *notice) failedAddresses() []string {
	if value := n.mail.Header.Joined("X-Failed-Recipients"); value != "" {
		var list []string
		for _, a := range ParseAddresses(value) {
			list = append(list, a.Address)
		}
		if len(list) > 0 {
			return list
		}
	}
	ours := map[string]bool{}
	for _, a := range slices.Concat(n.mail.To, n.mail.Cc, n.mail.From) {
		ours[strings.ToLower(a.Address)] = true
	}
	if found := n.namedOnLines(ours); len(found) > 0 {
		return found
	}
	for _, address := range anyAddress.FindAllString(n.words, 50) {
		address = strings.TrimRight(address, ".")
		if !ours[strings.ToLower(address)] && !strings.Contains(strings.ToLower(address), "postmaster") {
			return []string{address}
		}
	}
	if h := n.originalHeader(); h != nil {
		if to := ParseAddresses(h.Joined("To")); len(to) > 0 {
			return []string{to[0].Address}
		}
	}
	return []string{""}
}

func (n *notice) namedOnLines(ours map[string]bool) []string {
	var found []string
	for line := range strings.SplitSeq(n.words, "\n") {
		match := recipientOf(line)
		if match == nil || len(found) >= 200 {
			continue
		}
		address := strings.Trim(match[1], ".")
		if ours[strings.ToLower(address)] || !anyAddress.MatchString(address) || strings.Contains(strings.ToLower(address), "postmaster@") {
			continue
		}
		if !slices.ContainsFunc(found, func(s string) bool { return strings.EqualFold(s, address) }) {
			found = append(found, address)
		}
	}
	return found
}

// aboutRecipient is what the notice says from the line naming the address to
// the line naming another.
func (n *notice) aboutRecipient(address string) string {
	if address == "" {
		return n.words
	}
	var about []string
	inside := false
	lower := strings.ToLower(address)
	local, _, _ := strings.Cut(lower, "@")
	for line := range strings.SplitSeq(n.words, "\n") {
		low := strings.ToLower(line)
		switch {
		case strings.Contains(low, lower):
			inside = true
		case strings.TrimSpace(low) == local:
			inside = true
		case inside:
			if match := recipientOf(line); match != nil && !strings.Contains(low, lower) && len(n.mail.Header.Get("X-Failed-Recipients")) > len(address)+3 {
				inside = false
			} else if match != nil && strings.HasPrefix(strings.TrimSpace(line), "<") && !strings.EqualFold(match[1], address) {
				inside = false
			}
		}
		if inside {
			about = append(about, line)
		}
	}
	if len(about) == 0 {
		return n.words
	}
	return strings.Join(about, "\n")
}

// mostTelling is the stretch of words around a reply code or status, or the
// whole if there is none.
func mostTelling(about string) string {
	at := statusWord.FindStringIndex(about)
	if code := refusal.FindStringIndex(about); code != nil && (at == nil || code[0] < at[0]) {
		at = code
	}
	if at == nil {
		return about
	}
	if strings.IndexFunc(about[at[0]:], unicode.IsLetter) < 0 { // the words stand before the code
		return strings.TrimSpace(about[strings.LastIndexByte(about[:at[0]], '\n')+1:])
	}
	return about[at[0]:]
}
