package visitor

import (
	"context"
	"strings"
	"time"

	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/words"
)

// Conversation is a conversation as its visitor sees it.
type Conversation struct {
	ID                 int64
	Closed             bool
	ClosedAt           time.Time
	Subject            string
	Last               *Message // without its files; nil: nothing to be seen
	LastPosition       int64    // of what is to be seen
	SeenPosition       int64
	AgentsSeenPosition int64
	MailedPosition     int64 // answers up to here have gone by mail, those excepted that had been seen
	Unread             int64
	PromiseAt          time.Time // by when somebody answers; zero: now, or already
	With               *Face     // who takes care of it
}

// Face is what visitors see of a teammate.
type Face struct {
	Name    string
	PhotoID int64 // 0: none
}

// Message is a message as its visitor sees it.
type Message struct {
	ID             int64
	ConversationID int64
	Position       int64
	Kind           string // of its author: visitor, agent, bot, system
	Author         Face
	Text           string
	HTML           string // sanitised; only of answers
	Files          []File
	CreatedAt      time.Time
	ClientID       string // of the visitor's own
}

// File is a file of a message.
type File struct {
	ID          int64
	Name        string
	ContentType string
	Size        int64
}

// written is a message that visible has let through, as the database has it.
type written struct {
	Message
	kind, authorKind          string
	authorID                  int64
	authorName, authorAddress string
	text, html, replyText     string
	externalID                string
	proof                     channel.Proof
	byMail                    bool // it came in through an inbox for mail
	shownAt                   time.Time
	photoID                   int64
	hasFiles                  bool
	files                     []File
}

// answeredByMail stands for what came by mail from an address that nobody has
// proven to be the visitor's: whoever typed somebody else's address must not
// read what its owner answers.
const answeredByMail = "This was answered by e-mail."

// show is a message as v sees it.
func (m written) show(v Visitor) Message {
	out := m.Message
	out.Author, out.Text, out.Files = Face{Name: m.authorName}, m.text, m.files
	if m.kind == conversation.KindReply {
		out.Kind, out.Author.PhotoID, out.HTML = m.authorKind, m.photoID, m.html
		if m.authorKind == conversation.ByContact {
			out.Kind = conversation.BySystem
		}
		return out
	}
	out.Kind, out.Author.Name = "visitor", v.Name
	if !m.byMail {
		_, out.ClientID, _ = strings.Cut(m.externalID, ":")
		return out
	}
	out.Text = m.replyText
	if out.Text == "" {
		out.Text = m.text
	}
	if proven := v.EmailProven && m.authorAddress == v.Email && m.proof != channel.ProofFail; !proven {
		out.Text, out.Files = words.In(v.language(), answeredByMail), nil
	}
	return out
}

// language is the one we speak that is nearest to the visitor's.
func (v Visitor) language() string { return words.Accepted(v.Language) }

// Page asks for messages: the oldest after a position, or the newest before
// one. The zero Page is the newest.
type Page struct {
	After, Before int64
	FromStart     bool // After is 0 on purpose
	Limit         int  // 1 to 100; 0 means 50
}

const (
	maxPageSize = 100
	maxChats    = 50
)

// Messages returns messages of one of the visitor's conversations, by position
// ascending; more tells that there are more in the direction asked for.
func (r *Room) Messages(ctx context.Context, v Visitor, id int64, p Page) (list []Message, more bool, err error) {
	const op = "visitor.Messages"
	limit := p.Limit
	if limit == 0 {
		limit = 50
	}
	limit = min(max(limit, 1), maxPageSize)
	p.Limit = limit + 1
	found, err := r.store.messages(ctx, v, id, p)
	if err != nil {
		return nil, false, fault.Wrap(op, err)
	}
	if more = len(found) > limit; more && (p.After > 0 || p.FromStart) {
		found = found[:limit]
	} else if more {
		found = found[1:]
	}
	list = make([]Message, len(found))
	for i, m := range found {
		list[i] = m.show(v)
	}
	return list, more, nil
}

// Message returns one message of one of the visitor's conversations; what they
// may not see is NotFound.
func (r *Room) Message(ctx context.Context, v Visitor, conversationID, id int64) (Message, error) {
	m, err := r.store.message(ctx, v, conversationID, id)
	if err != nil {
		return Message{}, fault.Wrap("visitor.Message", err)
	}
	return m.show(v), nil
}

// Conversations lists what the visitor may see, newest activity first.
func (r *Room) Conversations(ctx context.Context, v Visitor, inbox channel.Inbox) ([]Conversation, error) {
	const op = "visitor.Conversations"
	rows, err := r.store.chats(ctx, v, maxChats)
	if err == nil {
		err = r.store.beside(ctx, v.WorkspaceID, rows)
	}
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	out := make([]Conversation, len(rows))
	for i, c := range rows {
		if out[i], err = r.conversation(ctx, v, inbox, c); err != nil {
			return nil, fault.Wrap(op, err)
		}
	}
	return out, nil
}

// Conversation returns one conversation of the visitor's.
func (r *Room) Conversation(ctx context.Context, v Visitor, inbox channel.Inbox, id int64) (Conversation, error) {
	const op = "visitor.Conversation"
	c, err := r.store.shown(ctx, v, id)
	if err != nil {
		return Conversation{}, fault.Wrap(op, err)
	}
	out, err := r.conversation(ctx, v, inbox, c)
	return out, fault.Wrap(op, err)
}

// conversation is a row, with what is beside it, as v sees it.
func (r *Room) conversation(ctx context.Context, v Visitor, inbox channel.Inbox, c row) (out Conversation, err error) {
	out = c.Conversation
	if c.AssigneeID != 0 && c.assigneeName != "" {
		out.With = &Face{c.assigneeName, c.assigneePhoto}
	}
	if c.newest == nil {
		return out, nil
	}
	last := c.newest.show(v)
	out.Last, out.LastPosition = &last, last.Position
	if last.Kind == "visitor" && !c.Closed {
		out.PromiseAt, err = r.promise(ctx, inbox)
	}
	return out, err
}

// May says whether a conversation is one of the visitor's; NotFound when not.
func (r *Room) May(ctx context.Context, v Visitor, id int64) error {
	_, err := r.store.chat(ctx, v, id)
	return fault.Wrap("visitor.May", err)
}

// recentChats is how many conversations a visitor is shown online in.
const recentChats = 5

// Recent are the newest of the visitor's conversations, as teammates see them.
func (r *Room) Recent(ctx context.Context, v Visitor) ([]Chat, error) {
	rows, err := r.store.chats(ctx, v, recentChats)
	out := make([]Chat, len(rows))
	for i, c := range rows {
		out[i] = Chat{InboxID: c.InboxID, ConversationID: c.ID, DeliveredPosition: c.delivered, SeenPosition: c.SeenPosition}
	}
	return out, fault.Wrap("visitor.Recent", err)
}

// AgentsSeen is how far teammates have read in a conversation.
func (r *Room) AgentsSeen(ctx context.Context, workspaceID, conversationID int64) (int64, error) {
	c, err := r.store.chatOf(ctx, workspaceID, conversationID)
	return c.AgentsSeenPosition, fault.Wrap("visitor.AgentsSeen", err)
}

// FaceOf is what visitors see of a teammate.
func (r *Room) FaceOf(ctx context.Context, workspaceID, agentID int64) (Face, error) {
	f, err := r.store.face(ctx, workspaceID, agentID)
	return f, fault.Wrap("visitor.FaceOf", err)
}
