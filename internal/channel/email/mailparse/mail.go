// Package mailparse reads mail: bytes in, a Mail out, nothing else. It opens
// no file, asks no network and keeps no state.
//
// It is made for what really arrives: broken headers, missing boundaries,
// wrong charsets and hostile nesting are read as far as they make sense. It
// promises for any input: no panic, work in proportion to the size, and
// strings a database takes (valid UTF-8 without NUL).
package mailparse

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"rapport/internal/platform/fault"
)

// Mail is one mail as read.
type Mail struct {
	Subject   string
	MessageID string // without <>; "" when absent, see GeneratedID
	From      []Address
	ReplyTo   []Address
	To        []Address
	Cc        []Address
	Date      time.Time // UTC; zero when absent or unreadable
	InReplyTo string    // without <>
	// References are the ids without <>, oldest first, the last maxReferences.
	References []string

	Text      string // never empty when the mail has words: made from the HTML if need be
	HTML      string // cleaned; "" when HasHTML is false
	PlainText string // only what the mail's own plain parts say
	RawHTML   string // as sent; never to be shown
	HasHTML   bool

	Reply  string // the new words: quote and signature taken off
	Quoted string // what Reply left out

	Attachments []Attachment

	Kind   Kind
	IsList bool // sent through a mailing list or as bulk mail
	Quiet  bool // made by a machine, or asks machines not to answer

	Recipients        []Recipient // of a bounce or report
	OriginalMessageID string      // of the mail a bounce or report returns
	OriginalTo        []string    // whom that mail was for

	Header Header
}

// Address is one mailbox.
type Address struct {
	Name    string
	Address string
}

// Attachment is one file of a mail.
type Attachment struct {
	Name        string // "" when the mail gives none; never a path
	ContentType string
	ContentID   string // without <>
	Inline      bool   // shown inside the HTML
	Size        int
	SHA256      string
	Data        []byte
}

// Kind says what sort of mail this is.
type Kind uint8

const (
	KindMessage   Kind = iota // somebody wrote
	KindBounce                // a mail of ours did not arrive
	KindReport                // delivered, complained about, read
	KindAutoReply             // a machine answered
)

func (k Kind) String() string {
	return [...]string{"message", "bounce", "report", "auto_reply"}[k]
}

// Recipient is what a bounce or report says about one address.
type Recipient struct {
	Address    string
	Status     string // enhanced status such as 5.1.1; "" when not known
	ReplyCode  string // SMTP reply such as 550
	Reason     string // our word for the cause, see reason.go
	Diagnostic string // the words of the mail system
	HardBounce bool   // the address will not work later either
	Delayed    bool   // it has not arrived yet, and is still tried
	Delivered  bool   // it has arrived
	Feedback   string // of a complaint: abuse, fraud, opt-out …
}

// maxReferences bounds the ids kept of a long conversation.
const maxReferences = 50

// maxSubject and maxName bound in bytes what is shown in one line.
const (
	maxSubject = 2_000
	maxName    = 500
)

// cutText is the beginning of s, cut between characters.
func cutText(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "")
}

// Parse reads a whole mail. It fails with TooLarge or Invalid, never else.
func Parse(raw []byte) (*Mail, error) {
	const op = "mailparse.Parse"
	if err := Check(raw); err != nil {
		return nil, err
	}
	var m *Mail
	err := guarded(op, func() { m = parse(raw) })
	if err != nil {
		return nil, err
	}
	return m, nil
}

// ParseText reads a plain text body that has no mail around it.
func ParseText(body []byte) (*Mail, error) {
	return parseBody(body, "text/plain")
}

// ParseHTML reads an HTML body that has no mail around it.
func ParseHTML(body []byte) (*Mail, error) {
	return parseBody(body, "text/html")
}

func parseBody(body []byte, contentType string) (*Mail, error) {
	const op = "mailparse.parseBody"
	if len(body) > maxMail {
		return nil, fault.New(op, fault.TooLarge, "The text is larger than a mail may be.")
	}
	m := &Mail{}
	err := guarded(op, func() {
		p := &part{contentType: contentType, body: body}
		m.readBodies(p)
		m.readReply()
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// guarded turns a panic of ours or of a library into an error: a mail that
// finds a bug must not stop the others.
func guarded(op string, f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fault.As(op, fault.Invalid, "This mail cannot be read.", fmt.Errorf("panic: %v", r))
		}
	}()
	f()
	return nil
}

func parse(raw []byte) *Mail {
	root := readMessage(raw)
	m := &Mail{Header: root.header}
	m.readHeader()
	m.readBodies(root)
	m.classify(root)
	if m.Kind == KindMessage || m.Kind == KindAutoReply {
		m.readReply()
	} else {
		m.Reply = m.Text
	}
	return m
}

// GeneratedID is the id a mail without Message-ID goes by: the same bytes
// always give the same id.
func GeneratedID(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16]) + "@generated.invalid"
}

func (m *Mail) readHeader() {
	h := m.Header
	m.Subject = cutText(h.Text("Subject"), maxSubject)
	m.MessageID = firstID(h.Get("Message-ID"))
	m.From = ParseAddresses(h.Get("From"))
	m.ReplyTo = ParseAddresses(h.Get("Reply-To"))
	m.To = ParseAddresses(h.Joined("To"))
	m.Cc = ParseAddresses(h.Joined("Cc"))
	m.Date = parseDate(h.Get("Date"))
	m.InReplyTo = firstID(h.Get("In-Reply-To"))
	m.References = ids(h.Joined("References"))
	if len(m.References) > maxReferences {
		m.References = m.References[len(m.References)-maxReferences:]
	}
}
