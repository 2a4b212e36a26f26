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
	case "bounce":
		header("Auto-Submitted", "auto-generated")
		header("X-Failed-Recipients", l.from)
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
