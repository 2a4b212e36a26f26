package mailparse

import (
	"encoding/json"
	"regexp"
	"strings"

	"rapport/internal/channel/email/mailparse/charset"
)

// notice is a mail looked at as something a mail system sent.
type notice struct {
	mail     *Mail
	root     *part
	words    string // what the mail system says, without the returned mail
	returned string // the returned mail as far as it stands in the text
}

// maxNotice bounds the text that is searched for recipients and causes.
const maxNotice = 64 << 10

// returnedMark is the line after which the returned mail begins.
var returnedMark = regexp.MustCompile(`(?im)^[ \t>]*(?:-{2,}[ \t]*(?:this is a copy of (?:the|your) message|the header of the original|original message|original mail|below this line is a copy|message header|returned message|beginning of original|start of returned|the body of the message|begin returned|original (?:header|mail info)|(?:weitergeleitete|ursprüngliche) nachricht)[^\n]*|(?:the )?(?:original )?message (?:headers? )?follows?\b[^\n]*|-{3,}[ \t]*(?:unsent|undelivered|returned|original|header)[^\n]*|original message headers?:|below is (?:a copy of )?the (?:original|returned)[^\n]*|included is a copy of the message[^\n]*|received: (?:from|by|\(qmail)[^\n]*|return-path: [^\n]*|the (?:first|original) (?:\d+ (?:lines|characters|bytes)|message)[^\n]{0,60}(?:follows?[^\n]*|:[ \t]*)|-{10,}[ \t]*\n(?:received|return-path|from|date|message-id): [^\n]*)$`)

func newNotice(m *Mail, root *part) *notice {
	n := &notice{mail: m, root: root}
	text := m.PlainText
	if strings.TrimSpace(text) == "" {
		text = m.Text
	}
	text = cutText(text, maxNotice)
	n.words = text
	if at := returnedMark.FindStringIndex(text); at != nil {
		n.words, n.returned = text[:at[0]], text[at[0]:]
	}
	return n
}

// fieldsOf reads the groups of fields of a status or feedback part.
func fieldsOf(body []byte) []Header {
	text := cutText(strings.ReplaceAll(charset.Decode(body, ""), "\r\n", "\n"), maxNotice)
	var groups []Header
	for block := range strings.SplitSeq(text, "\n\n") {
		h, _ := readHeader([]byte(strings.TrimLeft(block, "\n") + "\n\n"))
		if len(h) > 0 {
			groups = append(groups, h)
		}
	}
	return groups
}

// readFeedback reads an abuse report of RFC 5965.
func (n *notice) readFeedback() bool {
	found := false
	n.root.each(func(p *part) {
		if p.contentType != "message/feedback-report" || found {
			return
		}
		found = true
		feedback := ""
		var about []string
		for _, h := range fieldsOf(p.decoded()) {
			if kind := firstWord(h.Get("Feedback-Type")); kind != "" {
				feedback = kind
			}
			for _, value := range append(h.Values("Original-Rcpt-To"), h.Values("Removal-Recipient")...) {
				about = append(about, cleanAddress(value))
			}
		}
		n.complained(feedback, about)
	})
	if !found && n.isPlainComplaint() {
		found = true
		n.complained("abuse", nil)
	}
	return found
}

func (n *notice) complained(feedback string, about []string) {
	if len(about) == 0 {
		if original := n.originalHeader(); original != nil {
			for _, a := range ParseAddresses(original.Joined("To")) {
				about = append(about, a.Address)
			}
		}
	}
	if len(about) == 0 {
		about = []string{""}
	}
	for _, address := range about {
		n.mail.Recipients = append(n.mail.Recipients, Recipient{Address: address, Reason: ReasonFeedback, Feedback: feedback})
	}
}

// isPlainComplaint knows the large provider that reports without the format.
func (n *notice) isPlainComplaint() bool {
	return strings.HasPrefix(strings.ToLower(n.mail.Subject), "complaint about message from") ||
		n.mail.Header.Has("X-HmXmrOriginalRecipient")
}

// isDisposition reports whether this is a read receipt of RFC 8098.
func (n *notice) isDisposition() bool {
	found := false
	n.root.each(func(p *part) { found = found || p.contentType == "message/disposition-notification" })
	return found
}

// cloudNotice is the form in which Amazon SES tells of bounces.
type cloudNotice struct {
	Message          string
	NotificationType string `json:"notificationType"`
	EventType        string `json:"eventType"`
	Mail             struct {
		MessageID   string   `json:"messageId"`
		Destination []string `json:"destination"`
	} `json:"mail"`
	Bounce struct {
		BounceType        string `json:"bounceType"`
		BouncedRecipients []struct {
			EmailAddress   string `json:"emailAddress"`
			Status         string `json:"status"`
			DiagnosticCode string `json:"diagnosticCode"`
		} `json:"bouncedRecipients"`
	} `json:"bounce"`
	Complaint struct {
		ComplaintFeedbackType string `json:"complaintFeedbackType"`
		ComplainedRecipients  []struct {
			EmailAddress string `json:"emailAddress"`
		} `json:"complainedRecipients"`
	} `json:"complaint"`
	Delivery struct {
		Recipients   []string `json:"recipients"`
		SMTPResponse string   `json:"smtpResponse"`
	} `json:"delivery"`
}

// readCloudNotice reads a bounce, complaint or delivery told as JSON.
func (n *notice) readCloudNotice() bool {
	text := strings.TrimSpace(n.mail.PlainText)
	if !strings.HasPrefix(text, "{") || len(text) > 1<<20 {
		return false
	}
	if end := strings.LastIndexByte(text, '}'); end > 0 {
		text = text[:end+1]
	}
	text = strings.ReplaceAll(text, "\n", " ")
	var c cloudNotice
	// A footer may hold braces too, so only the first value is read.
	if json.NewDecoder(strings.NewReader(text)).Decode(&c) != nil {
		return false
	}
	if c.Message != "" {
		inner := c.Message
		c = cloudNotice{}
		if json.Unmarshal([]byte(inner), &c) != nil {
			return false
		}
	}
	return n.takeCloudNotice(&c)
}

func (n *notice) takeCloudNotice(c *cloudNotice) bool {
	m := n.mail
	switch c.NotificationType + c.EventType {
	case "Bounce":
		m.Kind = KindBounce
		for _, r := range c.Bounce.BouncedRecipients {
			m.Recipients = append(m.Recipients, judged(Recipient{Address: cleanAddress(r.EmailAddress), Status: r.Status, Diagnostic: charset.Clean(r.DiagnosticCode)}, c.Bounce.BounceType))
		}
	case "Complaint":
		m.Kind = KindReport
		for _, r := range c.Complaint.ComplainedRecipients {
			m.Recipients = append(m.Recipients, Recipient{Address: cleanAddress(r.EmailAddress), Reason: ReasonFeedback, Feedback: charset.Clean(c.Complaint.ComplaintFeedbackType)})
		}
	case "Delivery":
		m.Kind = KindReport
		for _, address := range c.Delivery.Recipients {
			m.Recipients = append(m.Recipients, judged(Recipient{Address: cleanAddress(address), Status: "2.0.0", Diagnostic: charset.Clean(c.Delivery.SMTPResponse)}, ""))
		}
	default:
		return false
	}
	return true
}

// originalHeader is the header of the mail that came back, nil if it did not.
func (n *notice) originalHeader() Header {
	var found Header
	n.root.each(func(p *part) {
		switch {
		case found != nil:
		case isEnclosedMessage(p.contentType) && len(p.children) > 0:
			found = p.children[0].header
		case p.contentType == "text/rfc822-headers" || p.contentType == "message/rfc822-headers" || p.contentType == "message/global-headers" || p.contentType == "text/rfc822" || p.contentType == "message/partial":
			found, _ = readHeader(p.decoded())
		}
	})
	if found == nil && n.returned != "" {
		_, rest, _ := strings.Cut(n.returned, "\n")
		if strings.HasPrefix(strings.ToLower(n.returned), "re") && startsWithField([]byte(n.returned)) {
			rest = n.returned
		}
		found, _ = readHeader([]byte(strings.TrimLeft(rest, "\n \t-")))
	}
	return found
}

// readOriginal notes which mail came back.
func (n *notice) readOriginal() {
	h := n.originalHeader()
	n.mail.OriginalMessageID = firstID(h.Get("Message-ID"))
	for _, a := range ParseAddresses(h.Joined("To")) {
		n.mail.OriginalTo = append(n.mail.OriginalTo, a.Address)
	}
	if len(n.mail.Recipients) == 1 && n.mail.Recipients[0].Address == "" && len(n.mail.OriginalTo) == 1 {
		n.mail.Recipients[0].Address = n.mail.OriginalTo[0]
	}
	if n.mail.OriginalMessageID == "" {
		n.mail.OriginalMessageID = firstID(n.mail.Header.Get("In-Reply-To"))
	}
}
