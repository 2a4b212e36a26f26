package widget

import (
	"time"

	"rapport/internal/conversation/visitor"
	"rapport/internal/httpapi/shape"
)

type siteShape struct {
	Name              string            `json:"name"`
	Brand             string            `json:"brand"`
	Position          string            `json:"position"`
	Language          string            `json:"language"`
	FallbackLanguage  string            `json:"fallback_language"`
	Greeting          map[string]string `json:"greeting"`
	Files             bool              `json:"files"`
	AskEmail          bool              `json:"ask_email"`
	Mail              bool              `json:"mail"`
	ShowLauncher      bool              `json:"show_launcher"`
	Open              bool              `json:"open"`
	OpensAt           *time.Time        `json:"opens_at"`
	ClosesAt          *time.Time        `json:"closes_at"`
	TimeZone          string            `json:"time_zone"`
	UsualReplySeconds *int64            `json:"usual_reply_seconds"`
	Team              []face            `json:"team,omitempty"`
}

type face struct {
	Name     string  `json:"name"`
	PhotoURL *string `json:"photo_url"`
}

type visitorShape struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Known bool   `json:"known"`
}

type arrivedShape struct {
	Token   string       `json:"token"`
	Visitor visitorShape `json:"visitor"`
}

type meShape struct {
	Visitor       visitorShape   `json:"visitor"`
	Conversations []conversation `json:"conversations"`
}

type conversation struct {
	ID                 int64      `json:"id"`
	Status             string     `json:"status"` // open or closed
	ClosedAt           *time.Time `json:"closed_at"`
	Subject            string     `json:"subject"`
	Last               *last      `json:"last"`
	LastPosition       int64      `json:"last_position"`
	SeenPosition       int64      `json:"seen_position"`
	AgentsSeenPosition int64      `json:"agents_seen_position"`
	MailedPosition     int64      `json:"mailed_position"`
	Unread             int64      `json:"unread"`
	PromiseAt          *time.Time `json:"promise_at"`
	With               *face      `json:"with"`
}

type last struct {
	Author    author    `json:"author"`
	Text      string    `json:"text"`
	CreatedAt time.Time `json:"created_at"`
}

type author struct {
	Kind     string  `json:"kind"`
	Name     string  `json:"name"`
	PhotoURL *string `json:"photo_url"`
}

type message struct {
	ID             int64     `json:"id"`
	ConversationID int64     `json:"conversation_id"`
	Position       int64     `json:"position"`
	Author         author    `json:"author"`
	Text           string    `json:"text"`
	HTML           *string   `json:"html"`
	Attachments    []file    `json:"attachments"`
	CreatedAt      time.Time `json:"created_at"`
	ClientID       *string   `json:"client_id"`
}

type file struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	URL         string `json:"url,omitempty"`
}

func visitorOf(v visitor.Visitor) visitorShape {
	return visitorShape{v.ID, v.Name, v.Email, v.Known}
}

// teller turns what the room knows into what a page is told; base makes links
// whole, since the page stands elsewhere.
type teller struct {
	files       Files
	base        string
	workspaceID int64
}

func (t teller) photo(id int64) *string {
	if id == 0 {
		return nil
	}
	link := t.base + t.files.Link(t.workspaceID, id)
	return &link
}

func (t teller) face(f visitor.Face) face { return face{f.Name, t.photo(f.PhotoID)} }

func (t teller) message(m visitor.Message) message {
	out := message{ID: m.ID, ConversationID: m.ConversationID, Position: m.Position, Author: t.author(m), Text: m.Text, Attachments: []file{}, CreatedAt: m.CreatedAt}
	if m.HTML != "" {
		out.HTML = &m.HTML
	}
	if m.ClientID != "" {
		out.ClientID = &m.ClientID
	}
	for _, f := range m.Files {
		out.Attachments = append(out.Attachments, file{f.ID, f.Name, f.ContentType, f.Size, t.base + t.files.Link(t.workspaceID, f.ID)})
	}
	return out
}

func (t teller) author(m visitor.Message) author {
	return author{m.Kind, m.Author.Name, t.photo(m.Author.PhotoID)}
}

// excerpt is how much of the newest message a list shows, in characters.
const excerpt = 160

func (t teller) conversation(c visitor.Conversation) conversation {
	out := conversation{ID: c.ID, Status: "open", ClosedAt: shape.TimeOrNull(c.ClosedAt), Subject: c.Subject, LastPosition: c.LastPosition, SeenPosition: c.SeenPosition,
		AgentsSeenPosition: c.AgentsSeenPosition, MailedPosition: c.MailedPosition, Unread: c.Unread, PromiseAt: shape.TimeOrNull(c.PromiseAt)}
	if c.Closed {
		out.Status = "closed"
	}
	if c.With != nil {
		f := t.face(*c.With)
		out.With = &f
	}
	if c.Last != nil {
		words := []rune(c.Last.Text)
		out.Last = &last{t.author(*c.Last), string(words[:min(len(words), excerpt)]), c.Last.CreatedAt}
	}
	return out
}

// The frames of a visitor's stream.
type (
	helloFrame struct {
		Type string `json:"type"`
	}
	messageFrame struct {
		Type    string  `json:"type"`
		Message message `json:"message"`
	}
	conversationFrame struct {
		Type         string       `json:"type"`
		Conversation conversation `json:"conversation"`
	}
	typingFrame struct {
		Type           string `json:"type"`
		ConversationID int64  `json:"conversation_id"`
		Name           string `json:"name"`
		Typing         bool   `json:"typing"`
	}
	marksFrame struct {
		Type               string `json:"type"`
		ConversationID     int64  `json:"conversation_id"`
		AgentsSeenPosition int64  `json:"agents_seen_position"`
	}
)
