package mailparse

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"rapport/internal/platform/fault"
)

// FileReport is one line of `rapport mail parse --json`.
type FileReport struct {
	File        string             `json:"file"`
	Subject     string             `json:"subject"`
	MessageID   string             `json:"message_id"`
	From        []string           `json:"from_addresses"`
	FromNames   []string           `json:"from_names"`
	To          []string           `json:"to_addresses"`
	Cc          []string           `json:"cc_addresses"`
	Date        *int64             `json:"date_unix"`
	Text        string             `json:"text"` // the mail's own plain text; "" when it has only HTML
	HasHTML     bool               `json:"has_html"`
	HTML        string             `json:"html"`
	HTMLSum     string             `json:"html_sha256_without_whitespace,omitempty"` // of the HTML as sent
	Attachments []AttachmentReport `json:"attachments"`
	Reply       string             `json:"reply"`
	Kind        string             `json:"kind"`
	Recipients  []RecipientReport  `json:"recipients"`
	Error       string             `json:"error,omitempty"`
}

// AttachmentReport is one attachment of a FileReport.
type AttachmentReport struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int    `json:"size"`
	SHA256      string `json:"sha256"`
}

// RecipientReport is one recipient of a bounce in a FileReport.
type RecipientReport struct {
	Address    string `json:"address"`
	Status     string `json:"status"`
	HardBounce bool   `json:"hard_bounce"`
}

// Report reads one file: a whole mail, or a body alone if the name ends in
// .txt or .html. It never fails; what cannot be read has Error set.
func Report(file string, content []byte) FileReport {
	parse := Parse
	switch strings.ToLower(filepath.Ext(file)) {
	case ".txt":
		parse = ParseText
	case ".html", ".htm":
		parse = ParseHTML
	}
	r := FileReport{File: file, From: []string{}, FromNames: []string{}, To: []string{}, Cc: []string{},
		Attachments: []AttachmentReport{}, Kind: KindMessage.String(), Recipients: []RecipientReport{}}
	m, err := parse(content)
	if err != nil {
		r.Error = fault.MessageOf(err)
		return r
	}
	r.fill(m)
	return r
}

func (r *FileReport) fill(m *Mail) {
	r.Subject, r.MessageID, r.Kind = m.Subject, m.MessageID, m.Kind.String()
	r.Text, r.HasHTML, r.HTML, r.Reply = m.PlainText, m.HasHTML, m.HTML, m.Reply
	for _, a := range m.From {
		r.From = append(r.From, strings.ToLower(a.Address))
		r.FromNames = append(r.FromNames, a.Name)
	}
	r.To, r.Cc = lowerAddresses(m.To), lowerAddresses(m.Cc)
	if !m.Date.IsZero() {
		unix := m.Date.Unix()
		r.Date = &unix
	}
	if m.HasHTML {
		r.HTMLSum = sumWithoutSpace(m.RawHTML)
	}
	for _, a := range m.Attachments {
		r.Attachments = append(r.Attachments, AttachmentReport{a.Name, a.ContentType, a.Size, a.SHA256})
	}
	for _, p := range m.Recipients {
		r.Recipients = append(r.Recipients, RecipientReport{p.Address, p.Status, p.HardBounce})
	}
}

func lowerAddresses(list []Address) []string {
	lower := []string{}
	for _, a := range list {
		lower = append(lower, strings.ToLower(a.Address))
	}
	return lower
}

func sumWithoutSpace(s string) string {
	sum := sha256.Sum256([]byte(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)))
	return hex.EncodeToString(sum[:])
}

// WriteJSON writes one report a line, as it reads the files. A file that cannot
// be read has its line too; after the last one it makes the whole a NotFound
// fault.
func WriteJSON(w io.Writer, files []string) error {
	const op = "mailparse.WriteJSON"
	out := bufio.NewWriter(w)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	unread := 0
	for _, file := range files {
		report, ok := reportFile(file)
		if err := encoder.Encode(report); err != nil {
			return fault.Wrap(op, err)
		}
		if !ok {
			unread++
		}
	}
	if err := out.Flush(); err != nil {
		return fault.Wrap(op, err)
	}
	if unread > 0 {
		return fault.Newf(op, fault.NotFound, "%d of %d files could not be read; their lines say why.", unread, len(files))
	}
	return nil
}

// reportFile reads no more of a file than a mail may have.
func reportFile(file string) (r FileReport, ok bool) {
	content, err := readFile(file)
	if err != nil {
		r = Report(file, nil)
		r.Error = err.Error()
		return r, false
	}
	return Report(file, content), true
}

func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxMail+1))
}
