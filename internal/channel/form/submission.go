package form

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rapport/internal/platform/fault"
	"rapport/internal/platform/words"
)

// submission is what a form brought, as it is kept: everything that is needed
// to read it when the form has long become another one.
type submission struct {
	ID        string    `json:"id"` // of the page's token
	Reference string    `json:"reference"`
	Title     string    `json:"title"`    // of the form
	Language  string    `json:"language"` // of the page
	House     string    `json:"house"`    // of the labels
	SentAt    time.Time `json:"sent_at"`
	Entries   []entry   `json:"entries"`
	Files     []file    `json:"files,omitempty"`
}

// file is a file of a submission.
type file struct {
	Field string `json:"field"`
	Label string `json:"label"`
	Name  string `json:"name"`
	data  []byte
}

// The bytes of a submission are a MIME message, so that whoever looks at its
// source can read it: a part with the words, and one for each file.
const (
	kindHeader = "multipart/form-data"
	wordsPart  = "submission"
	filePart   = "file"
	maxWords   = 1 << 20
	maxBytes   = maxTogether + 4*maxWords
)

// bytes writes the submission down.
func (s submission) bytes() ([]byte, error) {
	const op = "form.bytes"
	said, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	b.WriteString("Content-Type: " + kindHeader + `; boundary="` + w.Boundary() + "\"\r\n\r\n")
	write := func(name, kind string, data []byte) error {
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + name + `"`}, "Content-Type": {kind}})
		if err != nil {
			return err
		}
		_, err = part.Write(data)
		return err
	}
	if err := write(wordsPart, "application/json", said); err != nil {
		return nil, fault.Wrap(op, err)
	}
	for i, f := range s.Files {
		if err := write(filePart+strconv.Itoa(i), "application/octet-stream", f.data); err != nil {
			return nil, fault.Wrap(op, err)
		}
	}
	err = w.Close()
	return b.Bytes(), fault.Wrap(op, err)
}

// readSubmission reads what bytes wrote; anything else is an Invalid fault.
func readSubmission(raw []byte) (submission, error) {
	s, err := parse(raw)
	if err != nil {
		return s, fault.As("form.readSubmission", fault.Invalid, "This is no submission of a form.", err)
	}
	return s, nil
}

func parse(raw []byte) (s submission, err error) {
	if len(raw) > maxBytes {
		return s, fault.New("form.parse", fault.TooLarge, "This submission is too large.")
	}
	head, body, ok := bytes.Cut(raw, []byte("\r\n\r\n"))
	value, named := strings.CutPrefix(string(head), "Content-Type: ")
	kind, params, err := mime.ParseMediaType(value)
	if !ok || !named || err != nil || kind != kindHeader || params["boundary"] == "" {
		return s, errForeign
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for i := -1; ; i++ {
		part, err := parts.NextRawPart()
		if err == io.EOF && i >= 0 && i == len(s.Files) {
			return s, s.whole()
		}
		if err != nil || i >= len(s.Files) {
			return s, errForeign
		}
		data, err := io.ReadAll(part)
		switch {
		case err != nil:
			return s, err
		case i >= 0:
			s.Files[i].data = data
		case part.FormName() != wordsPart || len(data) > maxWords || json.Unmarshal(data, &s) != nil:
			return s, errForeign
		}
	}
}

var errForeign = fault.New("form.parse", fault.Invalid, "")

// whole says whether nothing is missing, and tidies all words once more: these
// may be bytes that somebody has put in the store.
func (s *submission) whole() error {
	s.ID, s.Reference, s.Title = line(s.ID, 100), line(s.Reference, 20), line(s.Title, maxTitle)
	if s.ID == "" || len(s.Entries) == 0 || len(s.Entries) > maxFields || len(s.Files) > maxFiles {
		return errForeign
	}
	for i, e := range s.Entries {
		e.Label = line(e.Label, maxLabel)
		if e.Type == typeTextArea {
			e.Value = lines(e.Value, maxText)
		} else {
			e.Value = line(e.Value, maxLine)
		}
		if e.Type == typeEmail && !isAddress(e.Value) {
			return errForeign
		}
		s.Entries[i] = e
	}
	for i, f := range s.Files {
		s.Files[i].Name, s.Files[i].Label = fileName(f.Name), line(f.Label, maxLabel)
	}
	return nil
}

// hash covers what a person reads: two submissions with one hash say the same.
func (s submission) hash() string {
	h := sha256.New()
	part := func(text []byte) {
		io.WriteString(h, strconv.Itoa(len(text))+":")
		h.Write(text)
	}
	for _, e := range s.Entries {
		part([]byte(e.Key))
		part([]byte(e.Value))
	}
	for _, f := range s.Files {
		part([]byte(f.Field))
		part([]byte(f.Name))
		part(f.data)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// first is the value of the first entry that fits.
func (s submission) first(fits func(entry) bool) string {
	if i := slices.IndexFunc(s.Entries, fits); i >= 0 {
		return s.Entries[i].Value
	}
	return ""
}

func (s submission) address() string {
	return s.first(func(e entry) bool { return e.Type == typeEmail })
}
func (s submission) name() string { return s.first(func(e entry) bool { return e.Key == keyName }) }

// message is what was written at length: the field of that name, or the first
// long text.
func (s submission) message() int {
	if i := slices.IndexFunc(s.Entries, func(e entry) bool { return e.Key == keyMessage && e.Type == typeTextArea }); i >= 0 {
		return i
	}
	return slices.IndexFunc(s.Entries, func(e entry) bool { return e.Type == typeTextArea })
}

// subject names the conversation: as the visitor did, or else by the beginning
// of the message. The reference is part of it, so that a list finds it.
func (s submission) subject() string {
	subject := s.first(func(e entry) bool { return e.Key == keySubject })
	if i := s.message(); subject == "" && i >= 0 {
		subject = beginning(s.Entries[i].Value)
	}
	if subject == "" {
		subject = s.Title
	}
	return strings.TrimSpace(subject + " [" + s.Reference + "]")
}

// beginning is the first words of a text, cut between two of them.
func beginning(text string) string {
	const limit = 60
	short := line(text, limit)
	if whole := line(text, limit+1); short == whole {
		return short
	}
	if i := strings.LastIndexByte(short, ' '); i > limit/2 {
		short = short[:i]
	}
	return short + "…"
}

// text is what an agent reads: the message, then everything else by its label.
func (s submission) text() string {
	var b strings.Builder
	at := s.message()
	if at >= 0 {
		b.WriteString(s.Entries[at].Value + "\n\n")
	}
	for i, e := range s.Entries {
		switch {
		case i == at:
		case strings.Contains(e.Value, "\n"):
			b.WriteString(asked(e.Label) + "\n  " + strings.ReplaceAll(e.Value, "\n", "\n  ") + "\n")
		default:
			b.WriteString(asked(e.Label) + " " + e.Value + "\n")
		}
	}
	b.WriteString(words.In(s.House, reference.Title) + ": " + s.Reference)
	return b.String()
}

// asked is a label before its value: a question needs no colon.
func asked(label string) string {
	if strings.ContainsRune("?!:…？：", lastRune(label)) {
		return label
	}
	return label + ":"
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// reference is what agents and visitors know a submission by.
var reference = struct{ Title string }{Title: "Reference"}
