package conversation

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation/attachment"
	"rapport/internal/conversation/draft"
	"rapport/internal/conversation/participant"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/safehtml"
	"rapport/internal/platform/text"
)

// NewMessage is what somebody writes.
type NewMessage struct {
	Text        string // derived from HTML when empty
	HTML        string // sanitised here
	Attachments []int64
	To, Cc, Bcc []channel.Party // a reply: all empty means the contact and the participants

	HoldSeconds  int       // for so long the reply can be taken back
	SendAt       time.Time // zero: now
	ClientID     string    // the same id in the same conversation gives the same message
	Close        bool      // also close the conversation
	SeenPosition *int64    // refuse with ErrUnseen when somebody else wrote after it
	Mentions     []int64   // a note: agents, beside those its text names with @
	Language     string

	passes Passage // what Forward passes on
}

// ErrUnseen is in the chain of the Conflict fault of a reply whose writer has
// not seen the newest message.
var ErrUnseen = errors.New("somebody wrote after what the writer has seen")

const (
	maxHold       = 10 * time.Minute
	maxSchedule   = 366 * 24 * time.Hour
	maxFiles      = draft.MaxFiles
	maxRecipients = draft.MaxRecipients
	maxClientID   = 100
)

// Reply answers a conversation: message, way out and event are one transaction.
// It returns the message that already has the client id, if one has.
func (r *Room) Reply(ctx context.Context, actor account.Actor, id int64, n NewMessage) (Message, error) {
	const op = "conversation.Reply"
	n, err := n.checked(op, r.clock.Now())
	if err != nil {
		return Message{}, err
	}
	var m Message
	desk, door := r.store.askDesk(actor, id, n), r.store.askDoor(actor, id, n)
	err = r.locked(ctx, actor, account.Reply, id, func(ctx context.Context, c *Conversation) (bool, error) {
		var known bool
		if m, known = desk.known(); known {
			return false, nil
		}
		if door.unseen() {
			return false, fault.As(op, fault.Conflict, "Somebody wrote while you were writing. Look at it, then send.", ErrUnseen)
		}
		inbox, err := door.inbox.One()
		if err != nil {
			return false, err
		}
		way, err := r.outbox.WayOut(ctx, inbox)
		if err != nil {
			return false, err
		}
		m = draftMessage(*c, authorOf(actor, desk.author), KindReply, n)
		if err := address(*c, &m, n, way, door.own.Rows, door.participants.Rows); err != nil {
			return false, err
		}
		if err := fill(&m, first(door.customer), inbox, c.Number, first(door.signature)); err != nil {
			return false, err
		}
		return true, r.send(ctx, c, actor, &m, n, inbox, way)
	}, append(desk.questions(), door.questions()...)...)
	if err == nil && m.Delivery == nil { // it has been written before
		m, err = r.delivered(ctx, m)
	}
	if err != nil {
		return Message{}, fault.Wrap(op, err)
	}
	return m, nil
}

// checked returns n tidied and its HTML sanitised, or what is wrong with it.
func (n NewMessage) checked(op string, now time.Time) (NewMessage, error) {
	n.Text, n.HTML, n.ClientID = text.Whole(n.Text), text.Whole(n.HTML), text.Line(n.ClientID, maxClientID)
	if n.HTML != "" {
		n.HTML = safehtml.Clean(n.HTML)
	}
	if n.Text == "" {
		n.Text = safehtml.Text(n.HTML)
	}
	switch {
	case excerpt(n.Text) == "" && len(n.Attachments) == 0 && n.passes.none():
		return n, fault.InvalidField(op, "text", "Write something first.")
	case len(n.Text) > maxText || len(n.HTML) > 4*maxText:
		return n, fault.New(op, fault.TooLarge, "This text is too long to be sent.")
	case len(n.Attachments) > maxFiles:
		return n, fault.InvalidField(op, "attachment_ids", "Attach at most 100 files.")
	case n.HoldSeconds < 0 || time.Duration(n.HoldSeconds)*time.Second > maxHold:
		return n, fault.InvalidField(op, "hold_seconds", "A reply can be held for up to 10 minutes; schedule it for later instead.")
	case n.SendAt.After(now.Add(maxSchedule)):
		return n, fault.InvalidField(op, "send_at", "Choose a time within a year.")
	}
	return n, nil
}

// draftMessage begins a message in a locked conversation.
func draftMessage(c Conversation, author Author, kind string, n NewMessage) Message {
	return Message{WorkspaceID: c.WorkspaceID, ConversationID: c.ID, InboxID: c.InboxID, Kind: kind, Class: channel.Human, Author: author,
		Text: n.Text, HTML: n.HTML, ReplyText: n.Text, ClientID: n.ClientID, Language: n.Language, StatusBefore: c.Status, Passes: n.passes}
}

// address fills in who a reply goes to.
func address(c Conversation, m *Message, n NewMessage, way channel.Way, own []string, participants []Participant) error {
	const op = "conversation.Reply"
	named := len(n.To)+len(n.Cc)+len(n.Bcc) > 0
	if way.Answers == channel.AnswersInPlace {
		if named {
			return fault.InvalidField(op, "to", "An answer in a chat goes to the visitor alone. Leave the recipients empty.")
		}
		return nil
	}
	if !named {
		m.To, m.Cc = participant.AnswerTo(c.ContactID, participants, own)
	} else {
		lists := participant.Addressed(own, n.To, n.Cc, n.Bcc)
		m.To, m.Cc, m.Bcc = lists[0], lists[1], lists[2]
	}
	all := m.Recipients()
	if len(all) == 0 {
		return fault.InvalidField(op, "to", "Name at least one recipient outside the company's own inboxes.")
	}
	if len(all) > maxRecipients {
		return fault.InvalidField(op, "to", "A message goes to at most 100 recipients.")
	}
	for _, p := range all {
		if !participant.Deliverable(p.Address) {
			return fault.InvalidField(op, "to", strconv.Quote(p.Address)+" is not an address. Write one such as ewa@harbour.example.")
		}
	}
	return nil
}

// send puts a reply on its way and writes it into a locked conversation.
func (r *Room) send(ctx context.Context, c *Conversation, actor account.Actor, m *Message, n NewMessage, inbox channel.Inbox, way channel.Way) error {
	d := channel.Dispatch{ViaID: way.ViaID, HoldUntil: n.holdUntil(r.clock.Now())}
	if way.Answers == channel.AnswersInPlace {
		d.Recipients = []string{channel.FarEnd}
	}
	if err := r.enqueue(ctx, *c, m, d); err != nil {
		return err
	}
	if err := r.write(ctx, c, actor, m, n, EventReplied, nil); err != nil {
		return err
	}
	for _, p := range slices.Concat(m.To, m.Cc) { // who gets a copy blindly does not take part
		if err := r.invite(ctx, *c, p); err != nil {
			return err
		}
	}
	status := c.Status
	if actor.Kind == account.KindAgent {
		status = c.standing().after(agentReplies, rulesOf(inbox), m.CreatedAt).Status
	}
	if n.Close {
		status = Closed
	}
	if status == Closed {
		if err := r.wake(ctx, c, actor.Event()); err != nil {
			return err
		}
	}
	return r.moveStatus(ctx, c, actor.Event(), status)
}

// enqueue gives m its id and puts it on its way as d says: to the recipients of d,
// or when it names none to those of m.
func (r *Room) enqueue(ctx context.Context, c Conversation, m *Message, d channel.Dispatch) (err error) {
	if m.ID, err = r.store.newID(ctx); err != nil {
		return err
	}
	d.WorkspaceID, d.InboxID, d.ConversationID, d.MessageID = c.WorkspaceID, c.InboxID, c.ID, m.ID
	if len(d.Recipients) == 0 {
		for _, p := range m.Recipients() {
			d.Recipients = append(d.Recipients, p.Address)
		}
	}
	if m.OutboundID, err = r.outbox.Enqueue(ctx, d); err != nil {
		return err
	}
	delivery := d.Begun(m.OutboundID)
	m.Delivery = &delivery
	return nil
}

func (n NewMessage) holdUntil(now time.Time) time.Time {
	hold := now.Add(time.Duration(n.HoldSeconds) * time.Second)
	switch {
	case n.SendAt.After(hold):
		return n.SendAt.UTC().Truncate(time.Microsecond)
	case n.HoldSeconds > 0:
		return hold
	}
	return time.Time{}
}

// invite adds somebody an agent writes to, unless they take part already.
func (r *Room) invite(ctx context.Context, c Conversation, p channel.Party) error {
	return r.store.invite(ctx, c, Participant{Kind: ByContact, Name: p.Name, Address: p.Address, Role: participant.CopiedIn, JoinedAt: r.clock.Now()})
}

// write adds a message of actor with its files to a locked conversation, makes
// the author a participant who has read it, and drops their draft.
func (r *Room) write(ctx context.Context, c *Conversation, actor account.Actor, m *Message, n NewMessage, kind string, mentions []int64) error {
	m.Mentions = mentions
	if err := r.store.addMessage(ctx, c, m, r.clock.Now()); err != nil {
		return err
	}
	for i, id := range n.Attachments {
		a, err := r.attach(ctx, *c, *m, actor, i, id)
		if err != nil {
			return err
		}
		m.Attachments = append(m.Attachments, a)
	}
	if attachment.TooLarge(m.Attachments) {
		return fault.InvalidField("conversation.write", "attachment_ids", "The pictures in the text are more than 10 MB together. Attach the large ones as files instead.")
	}
	c.noteLast(*m)
	if actor.Kind == account.KindAgent {
		p := Participant{Kind: ByAgent, ID: actor.AgentID, Name: m.Author.Name, JoinedAt: m.CreatedAt}
		if err := r.store.putParticipant(ctx, *c, p); err != nil {
			return err
		}
		if err := r.store.markRead(ctx, c.WorkspaceID, actor.AgentID, c.ID, m.Position); err != nil {
			return err
		}
		if m.Passes.none() { // a forward is written beside the drafts
			if err := r.store.dropDraft(ctx, *c, actor.AgentID, m.Kind); err != nil {
				return err
			}
		}
	}
	return r.announce(ctx, *c, actor.Event(), kind, details{MessageID: m.ID, Position: m.Position, Mentions: mentions})
}

// attach binds an upload of actor to a message, or a file of a message that
// actor has taken back or passes on.
func (r *Room) attach(ctx context.Context, c Conversation, m Message, actor account.Actor, position int, id int64) (Attachment, error) {
	again, err := r.store.atHand(ctx, c, m, id)
	if err != nil {
		return Attachment{}, err
	}
	if again {
		return r.bound(ctx, m, position, id, r.files.Ref(ctx, c.WorkspaceID, id, BlobOwner, m.ID))
	}
	return r.bound(ctx, m, position, id, r.files.Claim(ctx, c.WorkspaceID, id, actor.Uploader(), BlobOwner, m.ID))
}

// claim binds an upload to a message.
func (r *Room) claim(ctx context.Context, m Message, position int, id int64, uploader string) error {
	_, err := r.bound(ctx, m, position, id, r.files.Claim(ctx, m.WorkspaceID, id, uploader, BlobOwner, m.ID))
	return err
}

// bound adds a file to a message, unless err says that it could not be had.
func (r *Room) bound(ctx context.Context, m Message, position int, id int64, err error) (Attachment, error) {
	if fault.Is(err, fault.NotFound) {
		return Attachment{}, fault.InvalidField("conversation.attach", "attachment_ids", "Upload the file again: file "+strconv.FormatInt(id, 10)+" is gone or belongs to somebody else.")
	}
	if err != nil {
		return Attachment{}, err
	}
	info, err := r.files.Describe(ctx, m.WorkspaceID, id)
	if err != nil {
		return Attachment{}, err
	}
	a := Attachment{ID: id, Name: info.Name, ContentType: info.ContentType, Size: info.Size}
	if name, ok := attachment.Picture(m.HTML, a); ok {
		a.ContentID, a.Inline = name, true
	}
	return a, r.store.addAttachment(ctx, m, position, a)
}
