// Package original keeps who wrote the mails that teammates forward into an inbox.
//
// A teammate who forwards a customer's mail is, for the mail, its sender. Whom
// the forwarded words name as the true sender is proposed, and becomes the
// customer only when an agent says so: words prove nothing.
package original

import "time"

// State is what became of a proposal.
type State string

const (
	Proposed State = "proposed"
	Taken    State = "taken" // is the customer now
	Declined State = "declined"
)

// Proposal is whom a forwarded mail names as its sender.
type Proposal struct {
	WorkspaceID, ConversationID int64
	MessageID                   int64 // the forward
	ForwarderID                 int64 // the teammate whose address it came from
	Forwarder                   string
	Name, Address               string
	State                       State
	DecidedBy                   int64
	DecidedAt                   time.Time
}
