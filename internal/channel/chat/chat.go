// Package chat is the channel of the widget on a company's site. What a visitor
// writes takes the road of mail from the placing on: it comes in by
// conversation/visitor, which knows who writes. An answer has one recipient,
// the visitor, who reads it where it stands: there is nothing to send.
package chat

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rapport/internal/channel"
	"rapport/internal/channel/hours"
	"rapport/internal/channel/site"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/text"
	"rapport/internal/platform/token"
)

// Name is the channel's name in inboxes, API and logs.
const Name = "chat"

// keyPrefix begins the public name of a chat.
const keyPrefix = "st_"

// Adapter is the chat channel.
type Adapter struct{}

var (
	_ channel.Adapter   = Adapter{}
	_ channel.Elsewhere = Adapter{}
	_ channel.Preparer  = Adapter{}
)

// Channel fulfils channel.Adapter.
func (Adapter) Channel() string { return Name }

// Answers fulfils channel.Elsewhere.
func (Adapter) Answers() channel.Answers { return channel.AnswersInPlace }

// Prepare fulfils channel.Preparer: the public name of a new chat, and its
// settings tidied.
func (Adapter) Prepare(inbox channel.Inbox) channel.Inbox {
	if inbox.Address == "" {
		inbox.Address, _ = token.New(keyPrefix)
	}
	chat := channel.ChatDefaults()
	if inbox.Chat != nil {
		chat = *inbox.Chat
	}
	chat.Brand = strings.ToLower(strings.TrimSpace(chat.Brand))
	greeting := map[string]string{}
	for language, words := range chat.Greeting {
		if words = text.Lines(words, 10*maxGreeting); words != "" {
			greeting[strings.ToLower(strings.TrimSpace(language))] = words
		}
	}
	chat.Greeting = greeting
	origins := make([]string, 0, len(chat.AllowedOrigins))
	for _, typed := range chat.AllowedOrigins {
		if tidy, ok := site.Tidy(typed); ok {
			typed = tidy
		}
		if !slices.Contains(origins, typed) {
			origins = append(origins, typed)
		}
	}
	chat.AllowedOrigins = origins
	if chat.Hours.Days == nil {
		chat.Hours.Days = []hours.Day{}
	}
	inbox.Chat = &chat
	return inbox
}

// Limits of the settings.
const (
	maxGreeting  = 300
	maxLanguages = 20
	maxOrigins   = 100
	maxStretches = 28
)

var (
	colour   = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	language = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

// Check validates the settings of a chat; the faults name the field.
func (Adapter) Check(inbox channel.Inbox) error {
	const op = "chat.Check"
	c := inbox.Chat
	if c == nil || !token.Formed(keyPrefix, inbox.Address) {
		return fault.InvalidField(op, "chat", "Fill in the settings of the chat.")
	}
	switch {
	case c.Brand != "" && !colour.MatchString(c.Brand):
		return fault.InvalidField(op, "chat.brand", "Write a colour such as #0b6470.")
	case c.Position != "end" && c.Position != "start":
		return fault.InvalidField(op, "chat.position", "Choose end or start.")
	case c.Language != "auto" && !language.MatchString(c.Language):
		return fault.InvalidField(op, "chat.language", "Choose auto, or write a language such as en, ko or pl.")
	case len(c.Greeting) > maxLanguages:
		return fault.InvalidField(op, "chat.greeting", "Write the greeting in at most 20 languages.")
	case len(c.AllowedOrigins) > maxOrigins:
		return fault.InvalidField(op, "chat.allowed_origins", "Allow at most 100 sites; a star stands for all subdomains.")
	}
	for tag, words := range c.Greeting {
		if !language.MatchString(tag) || utf8.RuneCountInString(words) > maxGreeting {
			return fault.InvalidField(op, "chat.greeting", "Write a greeting of at most 300 characters for a language such as en, ko or pl.")
		}
	}
	for _, origin := range c.AllowedOrigins {
		if tidy, ok := site.Tidy(origin); !ok || tidy != origin {
			return fault.InvalidField(op, "chat.allowed_origins", "Write a site such as https://shop.example, or https://*.shop.example for all its subdomains.")
		}
	}
	return checkHours(c.Hours)
}

func checkHours(h hours.Hours) error {
	const op = "chat.Check"
	if len(h.Days) == 0 && h.TimeZone == "" {
		return nil
	}
	if _, err := time.LoadLocation(h.TimeZone); err != nil || h.TimeZone == "" || h.TimeZone == "Local" {
		return fault.InvalidField(op, "chat.hours.time_zone", "Write a time zone such as Europe/Warsaw.")
	}
	if len(h.Days) > maxStretches {
		return fault.InvalidField(op, "chat.hours.days", "Write at most 28 stretches of time.")
	}
	for _, d := range h.Days {
		if !d.Valid() {
			return fault.InvalidField(op, "chat.hours.days", "Write the day from 1 (Monday) to 7, and times such as 09:00 and 18:00; the end comes after the beginning.")
		}
	}
	return nil
}

// kept is a message of a chat as bytes.
type kept struct {
	Visitor  string `json:"visitor"`
	ClientID string `json:"client_id"`
	Name     string `json:"name,omitempty"`
	Text     string `json:"text"`
}

const maxKept = 64 << 10

// Parse fulfils channel.Adapter, for messages that come as bytes: from another
// product, or from a file. A visitor's own come by conversation/visitor.
func (Adapter) Parse(_ context.Context, inbox channel.Inbox, _ channel.Receipt, raw []byte) (channel.Inbound, error) {
	const op = "chat.Parse"
	if len(raw) > maxKept {
		return channel.Inbound{}, fault.New(op, fault.TooLarge, "This message is too long for a chat.")
	}
	var k kept
	if err := json.Unmarshal(raw, &k); err != nil {
		return channel.Inbound{}, fault.As(op, fault.Invalid, "This is no message of a chat.", err)
	}
	k.Visitor, k.ClientID = text.Line(k.Visitor, 100), text.Line(k.ClientID, 100)
	words := text.Lines(k.Text, maxKept)
	if k.Visitor == "" || k.ClientID == "" || words == "" {
		return channel.Inbound{}, fault.New(op, fault.Invalid, "This is no message of a chat.")
	}
	return channel.Inbound{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, Sender: channel.Sender{Kind: "visitor", ID: "kept:" + k.Visitor},
		From: channel.Party{Name: text.Line(k.Name, 200)}, Text: words, Reply: words, Class: channel.Human, Proof: channel.ProofUnchecked,
		ExternalID: "kept:" + k.Visitor + ":" + k.ClientID, ContentHash: Name}, nil
}

// Build fulfils channel.Adapter: the answer as it stands, for the record.
func (Adapter) Build(_ context.Context, _ channel.Inbox, out channel.Outbound) (channel.Built, error) {
	b, err := json.Marshal(struct {
		Text string `json:"text"`
		HTML string `json:"html,omitempty"`
	}{out.Text, out.HTML})
	return channel.Built{Recipients: []string{channel.FarEnd}, Bytes: b}, fault.Wrap("chat.Build", err)
}

// Send fulfils channel.Adapter: the answer is where its reader comes for it.
func (Adapter) Send(_ context.Context, _ channel.Inbox, built channel.Built) ([]channel.Outcome, error) {
	out := make([]channel.Outcome, len(built.Recipients))
	for i, address := range built.Recipients {
		out[i] = channel.Outcome{Address: address, Sent: true}
	}
	return out, nil
}
