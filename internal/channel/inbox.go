package channel

import (
	"strings"
	"time"

	"rapport/internal/platform/rich"
)

// Inbox is one door of the company: an address on a channel, with its servers
// and its rules.
type Inbox struct {
	ID          int64
	WorkspaceID int64
	Key         string // stable name for export and import
	Name        string
	Channel     string
	Address     string // folded; unique over all workspaces
	Email       *EmailSettings
	Chat        *ChatSettings
	Form        *FormSettings
	ReplyStatus string // status after an agent's reply: pending, open or closed
	ReopenDays  int    // a closed conversation reopens for this long
	Signature   rich.Text
	Template    rich.Text // around the words of an answer; empty: nothing
	MailInboxID int64     // of a channel without mail: answers by mail leave through it; 0: the first e-mail inbox
	State       string    // ok, trouble or reconnect: the provider no longer lets us in
	StateText   string    // what is wrong, in words, a line for each way
	LastFetchAt time.Time
	Version     int64

	sealed []byte // the passwords as stored
	// What is wrong with each way. Fetching and sending are two servers: how it
	// stands with one says nothing about the other.
	fetchTrouble, sendTrouble string
	lost                      string // why the provider no longer lets us in; "" while it does
}

// judged is the inbox with the state that its troubles make.
func (i Inbox) judged() Inbox {
	i.State, i.StateText = "ok", strings.Trim(i.fetchTrouble+"\n"+i.sendTrouble, "\n")
	if i.StateText != "" {
		i.State = "trouble"
	}
	if i.lost != "" {
		i.State, i.StateText = "reconnect", i.lost
	}
	return i
}

// EmailSettings are the servers of a mail inbox. Passwords are sealed in the
// database and never leave the server.
type EmailSettings struct {
	SMTP *Server `json:"smtp,omitempty"`
	IMAP *Server `json:"imap,omitempty"`
}

// Server is how to reach a mail server. Without Username there is no AUTH.
type Server struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Security string `json:"security"` // none, starttls, tls
	Username string `json:"username,omitempty"`
	Password string `json:"-"`
	// HasPassword tells that one is stored; it is set when the inbox is.
	HasPassword bool `json:"has_password,omitempty"`
	// AuthorizationID is the OAuth sign-in that is used in place of a password;
	// 0: there is none. Token is what opens the server then, for one try.
	AuthorizationID int64  `json:"authorization_id,omitempty"`
	Token           string `json:"-"`
	Folder          string `json:"folder,omitempty"`  // IMAP: INBOX when empty
	History         string `json:"history,omitempty"` // IMAP: "all" also takes the mails there at the first connect; "now" when empty
}

// ReceiptState is where an accepted message stands.
type ReceiptState string

const (
	Received    ReceiptState = "received"
	Applied     ReceiptState = "applied"
	Rejected    ReceiptState = "rejected"
	Quarantined ReceiptState = "quarantined"
)

// Receipt is the promise that raw bytes were accepted: it exists before the
// sender is told so, and it always ends applied, rejected or quarantined.
type Receipt struct {
	ID             int64
	WorkspaceID    int64
	InboxID        int64
	InboxName      string
	SourceKey      string
	State          ReceiptState
	Reason         string
	From           string
	Subject        string
	Size           int64
	BlobID         int64
	ConversationID int64
	Attempts       int
	ReceivedAt     time.Time
	Envelope       Envelope
}

// Envelope is how a door was handed a mail.
type Envelope struct {
	Client string // IP address; empty of a mail that was fetched
	Helo   string // what the client called itself
	Sender string // "": a report
}
