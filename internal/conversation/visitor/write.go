package visitor

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/text"
)

// NewMessage is what a visitor writes.
type NewMessage struct {
	ClientID       string // the same id gives the same message
	ConversationID int64  // 0: a new one
	Text           string
	Files          []int64 // the visitor's own uploads
	Page           string
}

// Limits of what a visitor writes.
const (
	maxText  = 10_000
	maxFiles = 5
	maxTitle = 80
	// MaxFile is the largest file of a visitor.
	MaxFile = 10 << 20
)

var clientID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func (n NewMessage) checked(inbox channel.Inbox) (NewMessage, error) {
	const op = "visitor.Write"
	n.Text = text.Lines(n.Text, len(n.Text))
	switch {
	case !clientID.MatchString(n.ClientID):
		return n, fault.InvalidField(op, "client_id", "Name the message with up to 64 letters, digits, - and _.")
	case n.Text == "" && len(n.Files) == 0:
		return n, fault.InvalidField(op, "text", "Write something first.")
	case utf8.RuneCountInString(n.Text) > maxText:
		return n, fault.InvalidField(op, "text", "Write at most 10,000 characters in one message.")
	case len(n.Files) > maxFiles:
		return n, fault.InvalidField(op, "attachment_ids", "Attach at most 5 files.")
	case len(n.Files) > 0 && !inbox.Chat.Files:
		return n, fault.New(op, fault.Forbidden, "This chat takes no files.")
	}
	return n, nil
}

// Write places a visitor's message: in one of their conversations, or in a new
// one. The contact appears with the first message. Forbidden: nothing is taken
// from this person.
func (r *Room) Write(ctx context.Context, v Visitor, inbox channel.Inbox, n NewMessage) (Message, Conversation, error) {
	const op = "visitor.Write"
	n, err := n.checked(inbox)
	if err != nil {
		return Message{}, Conversation{}, err
	}
	var placed channel.Placed
	err = r.store.within(ctx, func(ctx context.Context) error {
		now, err := r.store.lockIn(ctx, v, n.ConversationID)
		if err != nil {
			return err // v stays as it was, for another attempt
		}
		v = now
		placed, err = r.place(ctx, &v, inbox, n)
		return err
	})
	if err != nil {
		return Message{}, Conversation{}, fault.Wrap(op, err)
	}
	if placed.Refused != "" {
		return Message{}, Conversation{}, fault.New(op, fault.Forbidden, "Messages from here are not taken.")
	}
	if placed.Begun && len(n.Files) == 0 {
		return r.begun(ctx, v, inbox, n, placed)
	}
	found, m, err := r.store.answer(ctx, v, placed.ConversationID, askMessage(v.WorkspaceID, placed.ConversationID, placed.MessageID))
	if err != nil {
		return Message{}, Conversation{}, fault.Wrap(op, err)
	}
	c, err := r.conversation(ctx, v, inbox, found)
	return m.show(v), c, fault.Wrap(op, err)
}

// begun is the answer to a message that is all there is in its conversation.
func (r *Room) begun(ctx context.Context, v Visitor, inbox channel.Inbox, n NewMessage, placed channel.Placed) (Message, Conversation, error) {
	m := written{Message: Message{ID: placed.MessageID, ConversationID: placed.ConversationID, Position: 1, CreatedAt: placed.At},
		kind: conversation.KindInbound, text: n.Text, externalID: v.externalID(n)}
	c, err := r.conversation(ctx, v, inbox, row{Conversation: Conversation{ID: placed.ConversationID, Subject: subject(n.Text)}, newest: &m})
	return m.show(v), c, fault.Wrap("visitor.Write", err)
}

// externalID names a message for ever.
func (v Visitor) externalID(n NewMessage) string {
	return "v" + strconv.FormatInt(v.ID, 10) + ":" + n.ClientID
}

// place is the one transaction of a visitor's message.
func (r *Room) place(ctx context.Context, v *Visitor, inbox channel.Inbox, n NewMessage) (channel.Placed, error) {
	if v.Known {
		if err := r.prove(ctx, v, true); err != nil {
			return channel.Placed{}, err
		}
	}
	sender := v.sender()
	sender.Own = n.ConversationID != 0
	sender.Language, sender.TimeZone = v.Language, v.TimeZone
	if !v.EmailProven {
		sender.Typed = v.Email
	}
	in := channel.Inbound{WorkspaceID: v.WorkspaceID, InboxID: v.InboxID, ReceivedAt: r.clock.Now(), Sender: sender, From: channel.Party{Name: v.Name},
		Subject: subject(n.Text), Text: n.Text, Reply: n.Text, Class: channel.Human, Proof: channel.ProofUnchecked, ConversationID: n.ConversationID,
		ExternalID: v.externalID(n), ContentHash: inbox.Channel}
	if v.Known {
		in.Proof = channel.ProofPass
	}
	for _, id := range n.Files {
		in.Attachments = append(in.Attachments, channel.InboundAttachment{UploadID: id, Uploader: v.uploader()})
	}
	placed, err := r.conversations.Receive(ctx, in)
	if err != nil || placed.Duplicate || placed.Refused != "" {
		return placed, err
	}
	if placed.ConversationID != n.ConversationID {
		if err := r.store.beginChat(ctx, *v, placed.ConversationID, 0); err != nil {
			return placed, err
		}
	}
	known := v.ContactID == placed.ContactID || placed.NewContact
	v.ContactID = placed.ContactID
	if page := tidyPage(n.Page); page != "" {
		v.Page = page
	}
	if err := r.store.save(ctx, *v); err != nil || known {
		return placed, err
	}
	return placed, r.introduce(ctx, *v)
}

// introduce tells a contact what its visitor has said; one that began with the
// message knows.
func (r *Room) introduce(ctx context.Context, v Visitor) error {
	if err := r.contacts.NoteTraits(ctx, v.WorkspaceID, v.ContactID, contact.Traits{Name: v.Name, Language: v.Language, TimeZone: v.TimeZone}); err != nil {
		return err
	}
	if v.Email == "" || v.EmailProven {
		return nil
	}
	return r.contacts.NoteTyped(ctx, v.WorkspaceID, v.ContactID, v.Email)
}

// subject is the beginning of a first message.
func subject(words string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(words), "\n")
	line := text.Line(first, maxTitle+1)
	if utf8.RuneCountInString(line) <= maxTitle {
		return line
	}
	line = text.Line(line, maxTitle)
	if i := strings.LastIndexByte(line, ' '); i > maxTitle/2 {
		line = line[:i]
	}
	return line + "…"
}

// Upload keeps a file for a message to come. It belongs to the visitor until a
// message takes it.
func (r *Room) Upload(ctx context.Context, v Visitor, inbox channel.Inbox, name, contentType string, body []byte) (File, error) {
	const op = "visitor.Upload"
	if !inbox.Chat.Files {
		return File{}, fault.New(op, fault.Forbidden, "This chat takes no files.")
	}
	st, err := r.blobs.Stage(ctx, v.WorkspaceID, body)
	if err != nil {
		return File{}, fault.Wrap(op, err)
	}
	st.Name, st.ContentType, st.Uploader = name, contentType, v.uploader()
	id, err := r.blobs.Bind(ctx, st)
	return File{ID: id, Name: st.Name, ContentType: st.ContentType, Size: st.Size}, fault.Wrap(op, err)
}

// Marks say how far a visitor has got and read; 0 says nothing.
type Marks struct{ Delivered, Seen int64 }

// Mark moves marks forward and returns where they stand.
func (r *Room) Mark(ctx context.Context, v Visitor, id int64, m Marks) (Chat, error) {
	const op = "visitor.Mark"
	c, err := r.store.chat(ctx, v, id)
	if err != nil {
		return Chat{}, fault.Wrap(op, err)
	}
	seen := min(max(m.Seen, 0), c.lastPosition)
	delivered := max(min(max(m.Delivered, 0), c.lastPosition), seen)
	if delivered > c.delivered || m.Seen > 0 && seen >= c.SeenPosition { // again, when something was let go below it
		if err := r.store.mark(ctx, c, delivered, seen, r.clock.Now()); err != nil {
			return Chat{}, fault.Wrap(op, err)
		}
	}
	return Chat{InboxID: c.InboxID, ConversationID: id, DeliveredPosition: max(delivered, c.delivered), SeenPosition: max(seen, c.SeenPosition)}, nil
}

// AskPerson notes once that a visitor wants a person, and makes the
// conversation more urgent.
func (r *Room) AskPerson(ctx context.Context, v Visitor, id int64) error {
	const op = "visitor.AskPerson"
	c, err := r.store.chat(ctx, v, id)
	if err != nil || !c.PersonAt.IsZero() {
		return fault.Wrap(op, err)
	}
	system := account.System(v.WorkspaceID)
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		now, _, err := r.conversations.Get(ctx, system, id)
		if err != nil {
			return err
		}
		if now.Priority == conversation.Low || now.Priority == conversation.Normal {
			if _, err := r.conversations.SetPriority(ctx, system, id, conversation.High, 0); err != nil {
				return err
			}
		}
		first, err := r.store.askPerson(ctx, c, r.clock.Now())
		if err != nil || !first {
			return err
		}
		return r.log.Append(ctx, event.Event{WorkspaceID: v.WorkspaceID, Kind: conversation.EventPerson, Actor: event.Actor{Kind: conversation.ByContact, ID: c.ContactID},
			ConversationID: id, ContactID: c.ContactID, Data: event.Data(details{InboxID: c.InboxID})})
	}))
}

// Chat is what teammates see of a conversation's visitor.
type Chat struct {
	InboxID           int64
	ConversationID    int64
	DeliveredPosition int64
	SeenPosition      int64
	MailedPosition    int64 // answers up to here that were not seen have gone by mail
	Page              string
	Email             string
	EmailVerified     bool
	Known             bool
	Language          string
	TimeZone          string
}

// Chat returns what is known of the visitor of a conversation that the caller
// has let somebody see; NotFound when it has none.
func (r *Room) Chat(ctx context.Context, workspaceID, conversationID int64) (Chat, error) {
	const op = "visitor.Chat"
	c, err := r.store.chatOf(ctx, workspaceID, conversationID)
	if err != nil {
		return Chat{}, fault.Wrap(op, err)
	}
	v, err := r.store.get(ctx, workspaceID, c.VisitorID)
	return Chat{InboxID: c.InboxID, ConversationID: c.ID, DeliveredPosition: c.delivered, SeenPosition: c.SeenPosition, MailedPosition: c.MailedPosition, Page: v.Page, Email: v.Email, EmailVerified: v.EmailProven,
		Known: v.Known, Language: v.Language, TimeZone: v.TimeZone}, fault.Wrap(op, err)
}

// Watchers are who may see a conversation of a chat: its visitor and, unless 0,
// everybody who is proven to be that contact.
func (r *Room) Watchers(ctx context.Context, workspaceID, conversationID int64) (visitorID, contactID int64, err error) {
	visitorID, contactID, err = r.store.watchers(ctx, workspaceID, conversationID)
	return visitorID, contactID, fault.Wrap("visitor.Watchers", err)
}

// dayOf numbers days, for limits.
func dayOf(t time.Time) int64 { return t.Unix() / 86400 }
