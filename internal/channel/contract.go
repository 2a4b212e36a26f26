package channel

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/platform/blob"
)

// Staged is a file in the blob store that no row refers to yet.
type Staged = blob.Staged

// Receiver places inbound messages; conversation fulfils it.
type Receiver interface {
	// Receive is called inside intake's transaction.
	Receive(ctx context.Context, in Inbound) (Placed, error)
	// Refused is told of an address that a server does not know, in the
	// transaction in which that is noted.
	Refused(ctx context.Context, workspaceID int64, r BouncedRecipient) error
	// Disclosed is told that actor is about to get a mail as it came; an error
	// keeps it from them.
	Disclosed(ctx context.Context, actor account.Actor, receipt Receipt) error
}

// Composer gives an outbound message its content, read at one version;
// conversation fulfils it. It is called outside any transaction.
type Composer interface {
	Compose(ctx context.Context, workspaceID, messageID int64) (Outbound, error)
}

// Adapter is what a channel must do. More powers are optional interfaces that
// are asked for when they are present.
type Adapter interface {
	// Channel is the name in inboxes, API and logs: "email".
	Channel() string
	// Parse turns raw bytes into an Inbound. It is pure but for staging
	// attachments. A fault of kind Invalid or TooLarge quarantines the
	// receipt with its message.
	Parse(ctx context.Context, inbox Inbox, receipt Receipt, raw []byte) (Inbound, error)
	// Build makes the bytes that go over the wire, once.
	Build(ctx context.Context, inbox Inbox, out Outbound) (Built, error)
	// Send tries once. It returns an outcome per recipient; the error is set
	// when the remote side could not be talked to at all.
	Send(ctx context.Context, inbox Inbox, built Built) ([]Outcome, error)
	// Check validates an inbox's settings without the network.
	Check(inbox Inbox) error
}

// Elsewhere is an Adapter whose answers do not leave through its own inbox to
// addresses, as mail does.
type Elsewhere interface {
	// Answers says how they leave.
	Answers() Answers
}

// Answers is how the answers of a channel leave.
type Answers string

const (
	// AnswersToAddresses leave through the inbox itself.
	AnswersToAddresses Answers = ""
	// AnswersInPlace have one recipient, whoever is at the far end of the
	// conversation, and no address.
	AnswersInPlace Answers = "in place"
	// AnswersByMail leave through the e-mail inbox that the inbox names, or the
	// first one, with a reply address that leads back into the conversation.
	AnswersByMail Answers = "by mail"
)

// Preparer is an Adapter that fills in what the settings of an inbox leave open,
// before they are checked: a name of its own, what was not chosen.
type Preparer interface {
	Prepare(inbox Inbox) Inbox
}

// Tester is an Adapter that can try an inbox's servers and say in words what
// is wrong.
type Tester interface {
	Test(ctx context.Context, inbox Inbox) []Check
}

// Check is one finding of a connection test.
type Check struct {
	Name    string `json:"name"`  // smtp, imap, address
	State   string `json:"state"` // ok, warning, failed
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}
