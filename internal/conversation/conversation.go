package conversation

import (
	"time"

	"rapport/internal/channel"
	"rapport/internal/conversation/attachment"
	"rapport/internal/conversation/listing"
	"rapport/internal/conversation/participant"
)

// Status is whose turn it is.
type Status string

const (
	Open    Status = "open"
	Pending Status = "pending" // waiting for the customer
	OnHold  Status = "on_hold" // waiting for somebody else
	Closed  Status = "closed"
)

// Valid reports whether s is one of the four.
func (s Status) Valid() bool { return s == Open || s == Pending || s == OnHold || s == Closed }

// Priority orders work by urgency.
type Priority string

const (
	Low    Priority = "low"
	Normal Priority = "normal"
	High   Priority = "high"
	Urgent Priority = "urgent"
)

// Valid reports whether p is one of the four.
func (p Priority) Valid() bool { return p == Low || p == Normal || p == High || p == Urgent }

// Conversation is everything between one customer and the company about one
// thing.
type Conversation struct {
	ID             int64
	WorkspaceID    int64
	Number         int64 // short, per workspace
	InboxID        int64
	Channel        string
	ContactID      int64
	Subject        string
	Status         Status
	Priority       Priority
	AssigneeID     int64 // 0: nobody
	TeamID         int64 // 0: none
	SnoozedUntil   time.Time
	Spam           bool
	CreatedAt      time.Time
	LastActivityAt time.Time
	ClosedAt       time.Time
	LastPosition   int64
	LastAuthorKind string
	Excerpt        string
	LinkedID       int64 // the conversation this one continues
	Version        int64

	// Filled when a conversation is read for somebody.
	Tags         []string
	Contact      Person
	ReadPosition int64
	Draft        bool
}

// Person is the customer as a list shows them.
type Person struct {
	ID      int64
	Name    string
	Address string
}

// Unread reports whether there is something the reader has not seen.
func (c Conversation) Unread() bool { return c.LastPosition > c.ReadPosition }

// shelf is the one list of its inbox in which a conversation stands.
func (c Conversation) shelf() string {
	switch {
	case c.Spam:
		return listing.Spam
	case !c.SnoozedUntil.IsZero():
		return listing.Snoozed
	}
	return string(c.Status)
}

// setStatus keeps what belongs to a status in step with it.
func (c *Conversation) setStatus(s Status, now time.Time) {
	if s == Closed && c.Status != Closed {
		c.ClosedAt = now
	}
	if s != Closed {
		c.ClosedAt = time.Time{}
	}
	c.Status = s
}

// standing is the part of c the table of behaviour decides on.
func (c Conversation) standing() standing {
	return standing{Status: c.Status, Snoozed: !c.SnoozedUntil.IsZero(), Spam: c.Spam, ClosedAt: c.ClosedAt}
}

// Kinds of messages.
const (
	KindInbound = "inbound"
	KindReply   = "reply"
	KindNote    = "note"
)

// Kinds of authors.
const (
	ByContact = participant.Contact
	ByAgent   = participant.Agent
	ByBot     = "bot"
	BySystem  = "system"
)

// Author is who wrote a message.
type Author struct {
	Kind    string
	ID      int64
	Name    string
	Address string
	PhotoID int64 // of an agent, as it is now; 0: none
}

// Flags of messages.
const (
	FlagSameID     = "same_id_other_content" // another message came with this id
	FlagUnverified = "unverified_sender"     // may not be who they say
	FlagQuiet      = "quiet"                 // asks machines not to answer, or was made by one
	FlagMasked     = "masked"                // carries a credential: its words are kept apart
	FlagPassedIn   = "passed_in"             // a teammate forwarded it into the inbox: see Original
	FlagForwarded  = "forwarded"             // the note of a forward: it went to its recipients
)

// Message is one thing somebody wrote.
type Message struct {
	ID             int64
	WorkspaceID    int64
	ConversationID int64
	InboxID        int64
	Position       int64
	Kind           string
	Class          channel.Class
	Author         Author
	To, Cc, Bcc    []channel.Party
	Text           string
	HTML           string // sanitised; "": none
	ReplyText      string // the new words only
	ExternalID     string
	ContentHash    string
	CreatedAt      time.Time
	SentAt         time.Time // as the sender claims; zero: not said
	ClientID       string
	Proof          channel.Proof
	Finding        channel.Finding // how Proof was reached
	Flags          []string
	Mentions       []int64
	Language       string
	ReceiptID      int64
	OutboundID     int64
	Cancelled      bool
	StatusBefore   Status
	Passes         Passage // of a forward
	Version        int64

	// Filled when messages are read.
	Attachments []Attachment
	Delivery    *channel.Delivery
	Masked      *channel.Credential // why its words are kept apart; nil: they are not
}

// Attachment is a file of a message.
type Attachment = attachment.File

// Recipients are all addresses a message goes to.
func (m Message) Recipients() []channel.Party {
	all := make([]channel.Party, 0, len(m.To)+len(m.Cc)+len(m.Bcc))
	return append(append(append(all, m.To...), m.Cc...), m.Bcc...)
}
