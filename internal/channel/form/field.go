package form

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rapport/internal/channel"
	"rapport/internal/channel/site"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/words"
)

// Types of fields.
const (
	typeText     = "text"
	typeEmail    = "email"
	typePhone    = "phone"
	typeTextArea = "textarea"
	typeSelect   = "select"
	typeCheckbox = "checkbox"
	typeNumber   = "number"
	typeDate     = "date"
	typeFile     = "file"
)

var types = []string{typeText, typeEmail, typePhone, typeTextArea, typeSelect, typeCheckbox, typeNumber, typeDate, typeFile}

// Limits of settings, in characters.
const (
	maxFields  = 30
	maxOptions = 50
	maxLabel   = 120
	maxHint    = 300
	maxTitle   = 120
	maxProse   = 2000
	maxOrigins = 50
)

// Keys of fields that mean something to us.
const (
	keyName    = "name"
	keySubject = "subject"
	keyMessage = "message"
)

// known are the labels that need no writing: the company's visitors read them
// in their own language.
var known = []struct{ Key, Title string }{
	{Key: keyName, Title: "Name"},
	{Key: "email", Title: "E-mail"},
	{Key: "phone", Title: "Telephone"},
	{Key: keySubject, Title: "Subject"},
	{Key: keyMessage, Title: "How can we help?"},
	{Key: "order", Title: "Order number"},
	{Key: "file", Title: "Photos or files"},
}

// answers are what a ticked and an empty box say in the conversation.
var answers = map[bool]struct{ Title string }{true: {Title: "Yes"}, false: {Title: "No"}}

// labelOf is what a reader of a language sees above a field.
func labelOf(f channel.FormField, language string) string {
	if f.Label != "" {
		return f.Label
	}
	for _, k := range known {
		if k.Key == f.Key {
			return words.In(language, k.Title)
		}
	}
	return f.Key
}

// Defaults are the fields of a form that nobody has changed yet.
func Defaults() []channel.FormField {
	return []channel.FormField{
		{Key: keyName, Type: typeText},
		{Key: "email", Type: typeEmail, Required: true},
		{Key: keySubject, Type: typeText},
		{Key: keyMessage, Type: typeTextArea, Required: true},
		{Key: "file", Type: typeFile},
	}
}

var (
	keyForm   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	brandForm = regexp.MustCompile(`^(#[0-9a-fA-F]{6})?$`)
)

// check says what is wrong with the settings of a form, and at which.
func check(s channel.FormSettings) error {
	const op = "form.Check"
	long := func(text string, limit int) bool { return utf8.RuneCountInString(text) > limit }
	switch {
	case long(s.Title, maxTitle):
		return fault.InvalidField(op, "form.title", "Write a title of at most 120 characters.")
	case long(s.Intro, maxProse):
		return fault.InvalidField(op, "form.intro", "Write at most 2000 characters.")
	case long(s.Thanks, maxProse):
		return fault.InvalidField(op, "form.thanks", "Write at most 2000 characters.")
	case !slices.Contains([]string{"auto", "en", "ko", "pl"}, s.Language):
		return fault.InvalidField(op, "form.language", "Choose auto, en, ko or pl.")
	case !brandForm.MatchString(s.Brand):
		return fault.InvalidField(op, "form.brand", "Write a colour such as #0b6470.")
	case len(s.Fields) > maxFields:
		return fault.InvalidField(op, "form.fields", "A form has at most 30 fields.")
	}
	if len(s.AllowedOrigins) > maxOrigins {
		return fault.InvalidField(op, "form.allowed_origins", "Allow at most 50 sites.")
	}
	for i, origin := range s.AllowedOrigins {
		if tidied, ok := site.Tidy(origin); !ok || tidied != origin {
			return fault.InvalidField(op, "form.allowed_origins["+strconv.Itoa(i)+"]", "Write a site such as https://shop.example, or https://*.shop.example for all below it.")
		}
	}
	return checkFields(s.Fields)
}

func checkFields(fields []channel.FormField) error {
	const op = "form.Check"
	seen, addressed := map[string]bool{}, false
	for i, f := range fields {
		if err := checkField(f, "form.fields["+strconv.Itoa(i)+"]"); err != nil {
			return err
		}
		if seen[f.Key] {
			return fault.InvalidField(op, "form.fields["+strconv.Itoa(i)+"].key", "Two fields have this name. Give one of them another.")
		}
		seen[f.Key] = true
		addressed = addressed || f.Type == typeEmail && f.Required
	}
	if !addressed {
		return fault.InvalidField(op, "form.fields", "A form needs a required field for an e-mail address, or nobody can be answered.")
	}
	return nil
}

func checkField(f channel.FormField, path string) error {
	const op = "form.Check"
	switch {
	case !keyForm.MatchString(f.Key):
		return fault.InvalidField(op, path+".key", "Name a field with small letters, digits and _, beginning with a letter.")
	case !slices.Contains(types, f.Type):
		return fault.InvalidField(op, path+".type", "Choose one of the types of fields.")
	case labelOf(f, "en") == f.Key && f.Label == "", utf8.RuneCountInString(f.Label) > maxLabel:
		return fault.InvalidField(op, path+".label", "Write above the field what it asks for, in at most 120 characters.")
	case utf8.RuneCountInString(f.Hint) > maxHint:
		return fault.InvalidField(op, path+".hint", "Write a hint of at most 300 characters.")
	}
	if f.Type != typeSelect {
		return nil
	}
	if len(f.Options) == 0 || len(f.Options) > maxOptions {
		return fault.InvalidField(op, path+".options", "Offer 1 to 50 answers to choose from.")
	}
	for i, option := range f.Options {
		if option == "" || utf8.RuneCountInString(option) > maxLabel || slices.Contains(f.Options[:i], option) {
			return fault.InvalidField(op, path+".options", "Write each answer once, in at most 120 characters.")
		}
	}
	return nil
}

// tidy is s without stray white space and with what was left out.
func tidy(s channel.FormSettings) channel.FormSettings {
	s.Title, s.Intro, s.Thanks = line(s.Title, maxTitle+1), lines(s.Intro, maxProse+1), lines(s.Thanks, maxProse+1)
	if s.Language == "" {
		s.Language = "auto"
	}
	if s.Fields == nil {
		s.Fields = Defaults()
	}
	s.Brand = strings.ToLower(strings.TrimSpace(s.Brand))
	origins := s.AllowedOrigins
	s.AllowedOrigins = []string{}
	for _, origin := range origins {
		if tidied, ok := site.Tidy(origin); ok {
			origin = tidied
		}
		if !slices.Contains(s.AllowedOrigins, origin) && strings.TrimSpace(origin) != "" {
			s.AllowedOrigins = append(s.AllowedOrigins, origin)
		}
	}
	s.Fields = slices.Clone(s.Fields)
	for i, f := range s.Fields {
		f.Label, f.Hint = line(f.Label, maxLabel+1), line(f.Hint, maxHint+1)
		options := f.Options
		f.Options = nil
		for _, option := range options {
			if option = line(option, maxLabel+1); option != "" {
				f.Options = append(f.Options, option)
			}
		}
		if f.Type != typeSelect {
			f.Options = nil
		}
		s.Fields[i] = f
	}
	return s
}
