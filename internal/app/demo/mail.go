package demo

import (
	"bytes"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"time"
)

// letter is a customer's mail before it is bytes.
type letter struct {
	from, fromName string
	to             string
	subject        string
	id             string
	inReplyTo      string
	at             time.Time
	text           string
	html           bool
	class          string
}

// bytes writes the mail as a customer's program would.
func (l letter) bytes() []byte {
	var b bytes.Buffer
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	from := "<" + l.from + ">"
	if l.fromName != "" {
		from = mime.QEncoding.Encode("utf-8", l.fromName) + " " + from
	}
	header("From", from)
	header("To", "<"+l.to+">")
	header("Subject", mime.QEncoding.Encode("utf-8", l.subject))
	header("Date", l.at.Format(time.RFC1123Z))
	header("Message-ID", "<"+l.id+">")
	if l.inReplyTo != "" {
		header("In-Reply-To", "<"+l.inReplyTo+">")
		header("References", "<"+l.inReplyTo+">")
	}
	switch l.class {
	case "auto_reply":
		header("Auto-Submitted", "auto-replied")
	}
	header("MIME-Version", "1.0")
	kind := "text/plain"
	if l.html {
		kind = "text/html"
	}
	header("Content-Type", kind+"; charset=utf-8")
	header("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	w.Write([]byte(l.text))
	w.Close()
	return b.Bytes()
}

// bounce is the report of a mail server that could not deliver a mail of ours
// (RFC 3464).
type bounce struct {
	to         string // our inbox
	failed     string // the address that did not work
	original   string // Message-ID of the mail
	at         time.Time
	text       string
	status     string
	diagnostic string
}

func (m bounce) bytes() []byte {
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	host := domain(m.failed)
	line("From: Mail Delivery System <mailer-daemon@%s>", host)
	line("To: <%s>", m.to)
	line("Subject: Undelivered Mail Returned to Sender")
	line("Date: %s", m.at.Format(time.RFC1123Z))
	line("Message-ID: <%d.bounce@%s>", m.at.UnixNano(), host)
	line("Auto-Submitted: auto-replied")
	line("MIME-Version: 1.0")
	line(`Content-Type: multipart/report; report-type=delivery-status; boundary="report"`)
	line("\r\n--report\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s", m.text)
	line("\r\n--report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.%s\r\n", host)
	line("Final-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: %s\r\nDiagnostic-Code: smtp; %s", m.failed, m.status, m.diagnostic)
	line("\r\n--report\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <%s>\r\nTo: <%s>\r\n", m.original, m.failed)
	line("--report--")
	return b.Bytes()
}
