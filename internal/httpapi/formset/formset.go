// Package formset is how the API shows and takes the settings of a form.
package formset

import (
	"slices"

	"rapport/internal/channel"
)

// Form is what a form asks and where it may stand. Empty words are said by us,
// in the reader's language.
type Form struct {
	FormKey        string      `json:"form_key" doc:"Names the form to the public: it is at /forms/{form_key}."`
	Title          string      `json:"title"`
	Intro          string      `json:"intro"`
	Language       string      `json:"language" enum:"auto,en,ko,pl"`
	Fields         []FormField `json:"fields"`
	Thanks         string      `json:"thanks"`
	AllowedOrigins []string    `json:"allowed_origins"`
	MailInboxID    *int64      `json:"mail_inbox_id"`
	Brand          string      `json:"brand"`
}

// FormField is one thing a form asks.
type FormField struct {
	Key      string   `json:"key" maxLength:"40"`
	Label    string   `json:"label,omitempty" maxLength:"500" doc:"May be empty for the keys name, email, phone, subject, message, order and file."`
	Type     string   `json:"type" enum:"text,email,phone,textarea,select,checkbox,number,date,file"`
	Required bool     `json:"required,omitempty"`
	Options  []string `json:"options,omitempty" maxItems:"200"`
	Hint     string   `json:"hint,omitempty" maxLength:"1000"`
}

// NewForm sets a form as a whole: what is left out is as in a new one.
type NewForm struct {
	FormKey        string      `json:"form_key,omitempty" doc:"Ignored: what was read may be sent back."`
	Title          string      `json:"title,omitempty" maxLength:"500"`
	Intro          string      `json:"intro,omitempty" maxLength:"10000"`
	Language       string      `json:"language,omitempty" enum:"auto,en,ko,pl"`
	Fields         []FormField `json:"fields,omitempty" maxItems:"100"`
	Thanks         string      `json:"thanks,omitempty" maxLength:"10000"`
	AllowedOrigins []string    `json:"allowed_origins,omitempty" maxItems:"200"`
	MailInboxID    *int64      `json:"mail_inbox_id,omitempty" nullable:"true" doc:"The e-mail inbox through which answers leave; the first one when absent or 0."`
	Brand          string      `json:"brand,omitempty" maxLength:"20"`
}

// FormPreview is a form that may not be kept yet.
type FormPreview struct {
	Form     NewForm `json:"form"`
	Language string  `json:"language,omitempty" enum:"en,ko,pl" doc:"What the reader speaks, where the form leaves that open."`
	Theme    string  `json:"theme,omitempty" enum:"light,dark"`
	Embed    bool    `json:"embed,omitempty" doc:"As in a frame on a site."`
}

// FormPreviewPage is a page to look at.
type FormPreviewPage struct {
	HTML string `json:"html"`
}

// Of is the form of an inbox; nil when it has none.
func Of(inbox channel.Inbox) *Form {
	if inbox.Form == nil {
		return nil
	}
	s := *inbox.Form
	f := &Form{FormKey: inbox.Address, Title: s.Title, Intro: s.Intro, Language: s.Language, Thanks: s.Thanks, Brand: s.Brand,
		Fields: make([]FormField, len(s.Fields)), AllowedOrigins: append([]string{}, s.AllowedOrigins...)}
	for i, field := range s.Fields {
		f.Fields[i] = FormField(field)
	}
	if inbox.MailInboxID != 0 {
		f.MailInboxID = &inbox.MailInboxID
	}
	return f
}

// Settings are what a caller asks for; nil says nothing of a form.
func (n *NewForm) Settings() *channel.FormSettings {
	if n == nil {
		return nil
	}
	s := &channel.FormSettings{Title: n.Title, Intro: n.Intro, Language: n.Language, Thanks: n.Thanks, Brand: n.Brand, AllowedOrigins: slices.Clone(n.AllowedOrigins)}
	for _, field := range n.Fields {
		s.Fields = append(s.Fields, channel.FormField(field))
	}
	return s
}

// MailInbox is the inbox through which answers leave; nil says nothing of it.
func (n *NewForm) MailInbox() *int64 {
	switch {
	case n == nil:
		return nil
	case n.MailInboxID == nil:
		return new(int64)
	}
	return n.MailInboxID
}
