package channel

import (
	"regexp"
	"time"

	"rapport/internal/platform/rich"
)

// Party is a person or mailbox at the other end: a display name and an address
// of the channel's own kind (for mail: local@domain, folded to lower case).
type Party struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// Class says what kind of sender wrote a message. Only human messages reopen
// conversations, start clocks or are answered.
type Class string

const (
	Human     Class = "human"
	AutoReply Class = "auto_reply"
	Bounced   Class = "bounce"
	List      Class = "list"
)

// Proof says how far the sender's claimed address has been verified.
type Proof string

const (
	ProofPass      Proof = "pass"
	ProofFail      Proof = "fail"
	ProofNone      Proof = "none" // the domain publishes no policy
	ProofUnchecked Proof = "unchecked"
	ProofTyped     Proof = "typed" // somebody typed the address; nobody has shown that it is theirs
)

// Inbound is one message from outside, the same for every channel. Adapters
// make it from raw bytes outside any transaction; conversation.Receive places
// it.
type Inbound struct {
	WorkspaceID int64
	InboxID     int64
	ReceiptID   int64
	ReceivedAt  time.Time
	SentAt      time.Time // as the sender claims; zero when not said

	// Sender is set by channels that know who writes by something else than an
	// address that mail proves. From.Address is then what the sender typed, or
	// empty: it never finds a contact, and never joins one.
	Sender Sender

	From    Party
	To, Cc  []Party // without the inbox's own addresses
	Subject string
	Text    string // the plain text as sent; empty when there was only HTML
	HTML    string // sanitised; empty when there was none
	Reply   string // the new words only, without quote and signature; made from the HTML if need be
	Class   Class
	Quiet   bool // it asks machines not to answer, or was made by one
	Proof   Proof
	Finding Finding // how Proof was reached

	ExternalID  string   // the sender's own id of this message (mail: Message-ID); never empty
	ContentHash string   // of what a person reads; ExternalID and ContentHash together name a duplicate
	References  []string // ids of messages it answers, newest last, at most 50

	// Refused is a reason in a word for which the message must not be placed
	// at all ("loop"); its receipt is rejected with it.
	Refused string
	// Returned is the outbound that Refused "loop" is about: a mail of ours that
	// came back as it left.
	Returned int64

	// ConversationID is set when the message proves that it belongs there: by
	// a valid reply address or a reference to a Message-ID of ours.
	ConversationID int64

	// Original is who wrote the mail that the sender forwards, as its words claim;
	// nil when it is no forward.
	Original *Party

	// Credential is set when the message carries a sign-in code or the like: its
	// words are masked.
	Credential *Credential

	Attachments []InboundAttachment
	Bounce      *Bounce // set when Class is Bounced, and of a complaint

	// Unsubscribes is the outbound, proven by the address it came to, whose
	// recipient wants no more of its kind.
	Unsubscribes int64
}

// Credential is what somebody could prove to be the company with, and why a
// message is taken to carry it.
type Credential struct {
	Kind     string // code, link, reset or domain
	Provider string // by name; "": none that is known
	Domain   string // of the sender's address
	Phrase   string // of ours, as it stands in the message
}

// Dots stand for what is masked, in every language.
const Dots = "••••••"

// coded are the words of a subject that may be the code: with a digit, or in
// capitals.
var coded = regexp.MustCompile(`[\p{L}\p{N}+/=_-]*\p{N}[\p{L}\p{N}+/=_-]*|\b[A-Z]{2,}(?:-[A-Z]{2,})+\b|\b[A-Z]{5,}\b`)

// OpenSubject is the subject that everybody may read: without what may be the
// code, when the message carries one, so that a list still tells mails apart.
func (in Inbound) OpenSubject() string {
	if in.Credential == nil {
		return in.Subject
	}
	return coded.ReplaceAllString(in.Subject, Dots)
}

// Sender is what a channel knows its sender by. The zero Sender is that of mail:
// From.Address.
type Sender struct {
	Kind   string // of a contact's identity: visitor or external
	System string // of an external id
	ID     string
	// Own says that the channel has let the sender into ConversationID itself,
	// as the customer.
	Own bool
	// Locked says that nobody else comes with this ID before the transaction ends.
	Locked bool
	// What the sender says of themselves: a new contact begins with it. Typed is
	// an e-mail address that From does not name.
	Language, TimeZone, Typed string
}

// InboundAttachment is a file of a message, its bytes staged in the blob store.
type InboundAttachment struct {
	Name        string
	ContentType string
	ContentID   string
	Inline      bool
	Size        int64
	Blob        Staged

	// UploadID is set instead of the rest for a file that Uploader has uploaded
	// before.
	UploadID int64
	Uploader string
}

// Bounce is a report about a message of ours.
type Bounce struct {
	OutboundID int64 // proven by the signed Message-ID; 0 when unknown
	Recipients []BouncedRecipient
	Complaint  bool // the message arrived, and was called spam
}

// BouncedRecipient is what a report says of one address.
type BouncedRecipient struct {
	Address string
	Hard    bool   // will not work later either
	Delayed bool   // the server still tries: nothing is decided
	Reason  string // the remote server's words with its code
}

// Placed is what became of an Inbound.
type Placed struct {
	ConversationID int64
	MessageID      int64
	ContactID      int64     // who wrote; 0 when nobody is known, and of a duplicate
	NewContact     bool      // the contact began with this message
	Begun          bool      // the conversation began with this message
	At             time.Time // the message's
	Duplicate      bool      // the same message was placed before; nothing was changed
	Refused        string    // a reason in a word ("blocked"); nothing was placed
}

// Outbound is one message to the outside, composed by conversation and built
// into bytes by the channel's adapter. A held message can be cancelled but not
// changed, so what was composed is still true when the bytes are stored.
type Outbound struct {
	ID             int64
	WorkspaceID    int64
	InboxID        int64
	ConversationID int64
	MessageID      int64
	System         bool // the product's own letter: no conversation behind it, no reply address
	News           bool // sent to many, each in a mail of their own: it carries the way out of it
	Automatic      bool // nobody wrote it by hand: no machine answers it, and nothing comes back to us

	FromName    string
	To, Cc, Bcc []Party
	Subject     string
	Text, HTML  string
	Signature   rich.Text // set below the text
	Quoted      *Quoted   // the message being answered, quoted below; nil when the answer goes to anybody who may not read it
	Forwarded   []Quoted  // messages passed on, below the words; newest first
	References  []string  // external ids of the conversation so far, oldest first
	Attachments []OutboundAttachment
	Language    string
}

// Quoted is the earlier message shown below an answer.
type Quoted struct {
	From Party
	To   []Party // of a message passed on
	At   time.Time
	Text string
	HTML string
}

// OutboundAttachment is a file to send.
type OutboundAttachment struct {
	Name        string
	ContentType string
	ContentID   string
	Inline      bool
	BlobID      int64
}

// Built is an Outbound as it goes over the wire: fixed bytes and a fixed id,
// never changed afterwards.
type Built struct {
	ExternalID string
	From       string   // envelope sender
	Recipients []string // envelope recipients
	Bytes      []byte
}

// Outcome is what a send attempt brought for one recipient.
type Outcome struct {
	Address string
	Sent    bool
	Final   bool   // no retry will help
	Reason  string // the remote server's words, or ours

	Dead      bool // the server says that there is no such address
	Throttled bool // the server asks for slower sending; it says nothing about this message

	behind bool // it was not tried: an earlier message goes first
}

// DeliveryState is where an Outbound, or one of its recipients, stands.
type DeliveryState string

const (
	Held      DeliveryState = "held" // undo window or scheduled
	Queued    DeliveryState = "queued"
	Sending   DeliveryState = "sending"
	Delayed   DeliveryState = "delayed" // tried for 15 minutes without success
	Sent      DeliveryState = "sent"
	Failed    DeliveryState = "failed"
	BouncedBy DeliveryState = "bounced"
	Cancelled DeliveryState = "cancelled"
)

// Delivery is what a screen shows of an Outbound.
type Delivery struct {
	OutboundID int64
	MessageID  int64
	State      DeliveryState
	Reason     string
	Until      time.Time // end of the hold; zero otherwise
	Recipients []RecipientDelivery
}

// RecipientDelivery is the delivery to one address.
type RecipientDelivery struct {
	Address string        `json:"address"`
	State   DeliveryState `json:"state"`
	Reason  string        `json:"reason"`
}
