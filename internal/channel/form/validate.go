package form

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rapport/internal/channel"
	"rapport/internal/platform/text"
	"rapport/internal/platform/words"
)

// Limits of what a visitor may send. Lengths are in characters.
const (
	maxLine     = 300
	maxText     = 10_000
	maxFiles    = 5
	maxFile     = 10 << 20
	maxTogether = 20 << 20
	megabyte    = 1 << 20
)

// entry is one answered field.
type entry struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	Type  string `json:"type"`
	Value string `json:"value"`
}

// sheet is a filled form under examination.
type sheet struct {
	form     channel.FormSettings
	house    string   // the language in which it is kept
	own      []string // our addresses: nobody writes to us from there
	entries  []entry
	problems []channel.FormProblem
}

// read checks what was typed, field by field, and keeps what is fit.
func (s *sheet) read(post channel.FormPost) {
	for _, f := range s.form.Fields {
		if f.Type == typeFile {
			s.readFiles(f, post.Files)
			continue
		}
		value, problem := s.value(f, post.Value(f.Key))
		if problem != "" {
			s.complain(f.Key, problem)
			continue
		}
		if value != "" {
			s.entries = append(s.entries, entry{Key: f.Key, Label: labelOf(f, s.house), Type: f.Type, Value: value})
		}
	}
	s.weigh(post.Files)
}

// complainOfAll says what is wrong with the whole, when nothing else is: what
// comes back is looked at anyway.
func (s *sheet) complainOfAll(message string) {
	if len(s.problems) == 0 {
		s.complain("", message)
	}
}

func (s *sheet) complain(field, message string) {
	s.problems = append(s.problems, channel.FormProblem{Field: field, Message: message})
}

// value is what a field says, tidied, or what is wrong with it.
func (s *sheet) value(f channel.FormField, typed string) (value, problem string) {
	limit := maxLine
	if f.Type == typeTextArea {
		limit = maxText
		value = lines(typed, limit+1)
	} else {
		value = line(typed, limit+1)
	}
	switch {
	case f.Type == typeCheckbox:
		if f.Required && value == "" {
			return "", "Tick this box to go on."
		}
		return words.In(s.house, answers[value != ""].Title), ""
	case value == "" && f.Required:
		return "", missing(f)
	case value == "":
		return "", ""
	case utf8.RuneCountInString(value) > limit:
		return "", fmt.Sprintf("This is too long: at most %d characters.", limit)
	}
	return s.typed(f, value)
}

func missing(f channel.FormField) string {
	switch f.Type {
	case typeEmail:
		return "Write the address that we should answer to."
	case typeSelect:
		return "Choose one of the answers."
	case typeFile:
		return "Choose a file."
	case typeTextArea:
		return "Write a few words here."
	}
	return "Fill this in."
}

var (
	phoneForm  = regexp.MustCompile(`^\+?[0-9 ()./-]{5,30}$`)
	numberForm = regexp.MustCompile(`^[+-]?[0-9]{1,15}([.,][0-9]{1,9})?$`)
)

// typed judges a value by the type of its field.
func (s *sheet) typed(f channel.FormField, value string) (string, string) {
	switch f.Type {
	case typeEmail:
		address := channel.Fold(value)
		switch {
		case !isAddress(address):
			return "", "This is no whole e-mail address. Write it like ewa@harbour.example."
		case slices.Contains(s.own, plain(address)):
			return "", "This is our own address. Write yours."
		}
		return address, ""
	case typePhone:
		if digits := len(strings.Map(onlyDigits, value)); !phoneForm.MatchString(value) || digits < 5 || digits > 15 {
			return "", "Write a telephone number in digits, such as +44 20 7946 0018."
		}
	case typeNumber:
		if !numberForm.MatchString(value) {
			return "", "Write a number in digits."
		}
	case typeDate:
		if at, err := time.Parse(time.DateOnly, value); err != nil || at.Year() < 1800 || at.Year() > 2300 {
			return "", "Write a day that exists as year-month-day, such as 2026-03-14."
		}
	case typeSelect:
		if !slices.Contains(f.Options, value) {
			return "", "Choose one of the answers."
		}
	}
	return value, ""
}

func onlyDigits(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// isAddress is stricter than mail programs are: what people have typed is a
// name, an @ and a domain with a dot.
func isAddress(address string) bool {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || parsed.Name != "" || len(address) > 254 {
		return false
	}
	at := strings.LastIndexByte(address, '@')
	local, domain := address[:at], address[at+1:]
	if len(local) > 64 || strings.ContainsFunc(local, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"\(),:;<>[]`, r) }) {
		return false
	}
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		odd := strings.ContainsFunc(label, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '-'
		})
		if label == "" || odd || label[0] == '-' || label[len(label)-1] == '-' || len(label) > 63 {
			return false
		}
	}
	return len(labels) > 1
}

// plain is an address without what stands after a plus sign, by which our own
// are known too.
func plain(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}

func (s *sheet) readFiles(f channel.FormField, files []channel.FormFile) {
	n := 0
	for _, file := range files {
		if file.Field != f.Key {
			continue
		}
		n++
		switch name := fileName(file.Name); {
		case file.Size > maxFile:
			s.complain(f.Key, fmt.Sprintf("%q is too large: at most %d MB a file.", name, maxFile/megabyte))
			return
		case file.Size == 0:
			s.complain(f.Key, fmt.Sprintf("%q is empty. Choose another file.", name))
			return
		}
	}
	if n == 0 && f.Required {
		s.complain(f.Key, missing(f))
	}
}

// weigh looks at all files together.
func (s *sheet) weigh(files []channel.FormFile) {
	at := slices.IndexFunc(s.form.Fields, func(f channel.FormField) bool { return f.Type == typeFile })
	if at < 0 {
		return
	}
	var bytes int64
	n, kept := 0, true
	for _, file := range files {
		if slices.ContainsFunc(s.form.Fields, func(f channel.FormField) bool { return f.Type == typeFile && f.Key == file.Field }) {
			bytes += file.Size
			n++
			kept = kept && file.Open != nil
		}
	}
	switch {
	case n > maxFiles, !kept:
		s.complain(s.form.Fields[at].Key, fmt.Sprintf("Send at most %d files.", maxFiles))
	case bytes > maxTogether:
		s.complain(s.form.Fields[at].Key, fmt.Sprintf("The files are too large together: at most %d MB.", maxTogether/megabyte))
	}
}

// line and lines are typed texts without control characters, and without
// those that turn the direction of what follows them.
func line(s string, limit int) string { return text.Line(strings.Map(unturned, s), limit) }

func lines(s string, limit int) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return text.Lines(strings.Map(unturned, s), limit)
}

func unturned(r rune) rune {
	if r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
		return -1
	}
	return r
}

// fileName is the last part of what a browser calls a file.
func fileName(name string) string {
	name = strings.ReplaceAll(name, "\\", "/")
	if name = line(name[strings.LastIndexByte(name, '/')+1:], 150); name == "" {
		return "file"
	}
	return name
}
