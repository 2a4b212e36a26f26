package channel

import (
	"io"
	"strings"
)

// FormSettings are what a form asks and where it may stand. The form's public
// name is the address of its inbox.
type FormSettings struct {
	Title          string      `json:"title"` // empty: our own words in the reader's language, as for Intro, Thanks and known labels
	Intro          string      `json:"intro"`
	Language       string      `json:"language"` // auto, en, ko, pl
	Fields         []FormField `json:"fields"`
	Thanks         string      `json:"thanks"`
	AllowedOrigins []string    `json:"allowed_origins"` // sites whose pages may show the form in a frame
	Brand          string      `json:"brand"`           // #rrggbb; empty: ours
}

// FormField is one thing a form asks.
type FormField struct {
	Key      string   `json:"key"`
	Label    string   `json:"label"`
	Type     string   `json:"type"` // text, email, phone, textarea, select, checkbox, number, date, file
	Required bool     `json:"required"`
	Options  []string `json:"options,omitempty"`
	Hint     string   `json:"hint,omitempty"`
}

// FormPage is a form as one visitor is shown it.
type FormPage struct {
	WorkspaceID int64
	InboxID     int64
	Company     string
	Form        FormSettings
	Labels      map[string]string // of the fields, by key, in Language
	Language    string            // in which it speaks
	House       string            // the company's language, in which its words are kept
	Token       string            // proves the page, and names what is sent from it
}

// FormPost is what a visitor sent.
type FormPost struct {
	Token    string
	Trap     string // of a field that people do not see
	Values   map[string][]string
	Files    []FormFile
	Language string
	IP       string
}

// FormFile is a file of a FormPost.
type FormFile struct {
	Field, Name string
	Size        int64
	Open        func() (io.ReadCloser, error) // nil: there were too many, and it was not kept
}

// Value is the first value of a field.
func (p FormPost) Value(field string) string {
	return strings.Join(p.Values[field][:min(1, len(p.Values[field]))], "")
}

// FormVerdict is what became of a FormPost: a reference, or what to mend.
type FormVerdict struct {
	Reference string // of what was taken; "" when nothing was
	Problems  []FormProblem
	Limited   bool   // too many: nothing was wrong with it
	Token     string // for the next try
}

// FormProblem says what is wrong with a field, or with Field "" with the whole.
type FormProblem struct{ Field, Message string }
