// Package chatset is how the API shows and takes the settings of a chat, and
// what it tells teammates of its visitors.
package chatset

import (
	"encoding/json"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rapport/internal/channel"
	"rapport/internal/channel/hours"
	"rapport/internal/conversation/visitor"
	"rapport/internal/httpapi/live"
	"rapport/internal/httpapi/shape"
)

// Chat is how a chat looks, where it may stand and when somebody answers.
type Chat struct {
	SiteKey           string            `json:"site_key" doc:"Names the chat to the widget; public."`
	Brand             string            `json:"brand"`
	Position          string            `json:"position" enum:"end,start"`
	Greeting          map[string]string `json:"greeting" doc:"By language. A missing one is said in our own words."`
	Language          string            `json:"language" doc:"auto, or a language such as en, ko or pl."`
	AllowedOrigins    []string          `json:"allowed_origins"`
	Hours             ChatHours         `json:"hours"`
	AskEmail          bool              `json:"ask_email"`
	ShowTeam          bool              `json:"show_team"`
	ShowLauncher      bool              `json:"show_launcher"`
	Files             bool              `json:"files"`
	MailInboxID       *int64            `json:"mail_inbox_id" doc:"The e-mail inbox through which unseen answers leave; null is the first one."`
	HasIdentitySecret bool              `json:"has_identity_secret"`
}

// ChatHours are when somebody answers. Without days it is always.
type ChatHours struct {
	TimeZone string        `json:"time_zone" maxLength:"100"`
	Days     []ChatHourDay `json:"days" maxItems:"100"`
}

// ChatHourDay is one stretch of one day, Monday being 1.
type ChatHourDay struct {
	Day  int    `json:"day" minimum:"1" maximum:"7"`
	From string `json:"from" maxLength:"5"`
	To   string `json:"to" maxLength:"5" doc:"24:00 is the end of the day."`
}

// NewChat changes what it names; the rest stays, or is as in a new chat.
type NewChat struct {
	SiteKey           string             `json:"site_key,omitempty" doc:"Ignored: what was read may be sent back."`
	Brand             *string            `json:"brand,omitempty" maxLength:"20"`
	Position          *string            `json:"position,omitempty" enum:"end,start"`
	Greeting          *map[string]string `json:"greeting,omitempty"`
	Language          *string            `json:"language,omitempty" maxLength:"35"`
	AllowedOrigins    *[]string          `json:"allowed_origins,omitempty" maxItems:"200"`
	Hours             *ChatHours         `json:"hours,omitempty"`
	AskEmail          *bool              `json:"ask_email,omitempty"`
	ShowTeam          *bool              `json:"show_team,omitempty"`
	ShowLauncher      *bool              `json:"show_launcher,omitempty"`
	Files             *bool              `json:"files,omitempty"`
	MailInboxID       MailInbox          `json:"mail_inbox_id,omitempty"`
	HasIdentitySecret bool               `json:"has_identity_secret,omitempty" doc:"Ignored: what was read may be sent back."`
}

// MailInbox is an id, null for the first e-mail inbox, or absent.
type MailInbox struct{ id *int64 }

// UnmarshalJSON reads a field that is there.
func (m *MailInbox) UnmarshalJSON(b []byte) error {
	m.id = new(int64)
	return json.Unmarshal(b, m.id)
}

// Schema is that of an id or null.
func (MailInbox) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Nullable: true}
}

// Of is the chat of an inbox; nil when it has none.
func Of(inbox channel.Inbox) *Chat {
	c := inbox.Chat
	if c == nil {
		return nil
	}
	out := &Chat{SiteKey: inbox.Address, Brand: c.Brand, Position: c.Position, Greeting: c.Greeting, Language: c.Language, AllowedOrigins: c.AllowedOrigins,
		Hours: ChatHours{TimeZone: c.Hours.TimeZone, Days: []ChatHourDay{}}, AskEmail: c.AskEmail, ShowTeam: c.ShowTeam, ShowLauncher: c.ShowLauncher, Files: c.Files,
		HasIdentitySecret: c.HasIdentitySecret}
	for _, d := range c.Hours.Days {
		out.Hours.Days = append(out.Hours.Days, ChatHourDay(d))
	}
	if inbox.MailInboxID != 0 {
		out.MailInboxID = &inbox.MailInboxID
	}
	return out
}

// Change is what a caller asks for; nil says nothing of a chat.
func (n *NewChat) Change() *channel.ChatChange {
	if n == nil {
		return nil
	}
	c := &channel.ChatChange{Brand: n.Brand, Position: n.Position, Greeting: n.Greeting, Language: n.Language, AllowedOrigins: n.AllowedOrigins,
		AskEmail: n.AskEmail, ShowTeam: n.ShowTeam, ShowLauncher: n.ShowLauncher, Files: n.Files}
	if h := n.Hours; h != nil {
		c.Hours = &hours.Hours{TimeZone: h.TimeZone}
		for _, d := range h.Days {
			c.Hours.Days = append(c.Hours.Days, hours.Day(d))
		}
	}
	return c
}

// MailInbox is the inbox a caller asks for, 0 for the first; nil says nothing.
func (n *NewChat) MailInbox() *int64 {
	if n == nil {
		return nil
	}
	return n.MailInboxID.id
}

// IdentitySecret is told once.
type IdentitySecret struct {
	Secret string `json:"secret" doc:"Signs identities with HS256; the one before has ended."`
}

// Installation is where the widget of a chat was seen.
type Installation struct {
	SeenAt        *time.Time `json:"seen_at"`
	Origin        string     `json:"origin"`
	RefusedOrigin string     `json:"refused_origin" doc:"The last site that was refused: allow it if it is yours."`
	RefusedAt     *time.Time `json:"refused_at"`
}

// InstallationOf is an installation as it is told outside.
func InstallationOf(v visitor.Installation) Installation {
	return Installation{shape.TimeOrNull(v.SeenAt), v.Origin, v.RefusedOrigin, shape.TimeOrNull(v.RefusedAt)}
}

// Visitor is what a conversation tells of its visitor.
type Visitor struct {
	Online            bool   `json:"online"`
	Typing            bool   `json:"typing"`
	DeliveredPosition int64  `json:"delivered_position"`
	SeenPosition      int64  `json:"seen_position"`
	MailedPosition    int64  `json:"mailed_position" doc:"Answers up to here have gone by mail, those excepted that had been seen."`
	Page              string `json:"page"`
	Email             string `json:"email" doc:"Typed, or proven."`
	EmailVerified     bool   `json:"email_verified"`
	Known             bool   `json:"known" doc:"The company has signed who it is."`
	Language          string `json:"language"`
	TimeZone          string `json:"time_zone"`
}

// VisitorOf puts together what is kept of a visitor and what they do now.
func VisitorOf(c visitor.Chat, now live.Guest) *Visitor {
	return &Visitor{Online: now.Online, Typing: now.Typing, DeliveredPosition: max(c.DeliveredPosition, now.DeliveredPosition), SeenPosition: max(c.SeenPosition, now.SeenPosition),
		MailedPosition: c.MailedPosition, Page: c.Page, Email: c.Email, EmailVerified: c.EmailVerified, Known: c.Known, Language: c.Language, TimeZone: c.TimeZone}
}
