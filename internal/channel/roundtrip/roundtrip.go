// Package roundtrip judges a mail that an inbox sends to itself, to see whether
// what leaves it also arrives. It never becomes a conversation.
package roundtrip

import (
	"strings"
	"time"
)

// Trip is where a round trip stands.
type Trip struct {
	State   State
	Message string // what is wrong, in words
	Hint    string // and what to do

	StartedAt, SentAt, ArrivedAt time.Time
}

// State is how far it got.
type State string

const (
	NotTried State = "none"
	Leaving  State = "sending"
	Awaited  State = "waiting" // sent, and not back yet
	Arrived  State = "arrived"
	Broken   State = "failed"
)

// Mail is what is known of the mail and of its inbox.
type Mail struct {
	Sent, Failed bool
	Reason       string // why it waits, or has failed
	FetchTrouble string // of the inbox
	Fetched      bool   // the inbox fetches its mail; else others deliver it
	Folder       string // that is fetched

	StartedAt, SentAt, ArrivedAt time.Time
}

// lateAfter is when a mail that has not come back is worth words.
const lateAfter = 2 * time.Minute

// Judge says what all that means.
func Judge(m Mail, now time.Time) Trip {
	t := Trip{State: Leaving, StartedAt: m.StartedAt, SentAt: m.SentAt, ArrivedAt: m.ArrivedAt}
	switch {
	case !m.ArrivedAt.IsZero():
		t.State = Arrived
	case m.Failed:
		t.State, t.Message = Broken, m.Reason
	case m.Sent:
		t.State, t.Message = Awaited, m.FetchTrouble
	default:
		t.Message = m.Reason
	}
	if t.State == Awaited && t.Message == "" && now.Sub(m.SentAt) >= lateAfter {
		t.Message = "The mail was sent but has not arrived yet."
		t.Hint = m.lateHint()
	}
	return t
}

func (m Mail) lateHint() string {
	if !m.Fetched {
		return "Mail for this address must be delivered to Rapport's own door. Check the MX record of the domain, or the forwarding at your provider."
	}
	if m.Folder != "" && !strings.EqualFold(m.Folder, "INBOX") {
		return "Look where it lies in the mailbox. Only the folder that is set here is read."
	}
	return "Look into the spam folder of the mailbox, and at rules that move or forward mail. Does this mailbox get the mail of the address at all?"
}
