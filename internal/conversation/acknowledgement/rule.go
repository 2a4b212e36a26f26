package acknowledgement

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"rapport/internal/channel"
	"rapport/internal/conversation"
)

// first is the message that a conversation began with, and what is known of it.
type first struct {
	Number    int64
	Channel   string
	InboxID   int64
	InboxName string
	Spam      bool
	Blocked   bool   // the contact
	Language  string // of the contact, if it is known

	Kind       string
	Class      channel.Class
	Proof      channel.Proof
	Flags      []string
	Name       string
	Address    string
	Words      string // its subject and text
	ReceiptID  int64
	SentAt     time.Time // as the sender claims; zero: not said
	CreatedAt  time.Time
	Own        bool // it comes from an inbox of ours, in any workspace
	Suppressed bool
}

// tooOld is how late a mail may come in to be acknowledged: the history of a
// mailbox, or what waited through an outage, is not news to its sender.
const tooOld = 24 * time.Hour

// refused is the reason in a word for which a message is not acknowledged; ""
// when it may be.
func (m first) refused(now time.Time) string {
	switch {
	case m.Channel != "email" || m.Kind != conversation.KindInbound || m.ReceiptID == 0:
		return "no mail"
	case m.Class != channel.Human:
		return "machine"
	case m.Proof == channel.ProofFail || m.Proof == channel.ProofTyped:
		return "unproven"
	case slices.Contains(m.Flags, conversation.FlagMasked):
		return "credential"
	case slices.Contains(m.Flags, conversation.FlagQuiet) || unattended(m.Address):
		return "unattended"
	case m.Own:
		return "own"
	case m.Blocked || m.Spam:
		return "unwanted"
	case m.Suppressed:
		return "suppressed"
	case now.Sub(m.CreatedAt) > tooOld || !m.SentAt.IsZero() && now.Sub(m.SentAt) > tooOld:
		return "old"
	}
	return ""
}

// machines are the first parts of addresses that nobody reads.
var machines = regexp.MustCompile(`^(?:no|do[-_.]?not|dont|never)[-_.]?(?:reply|respond|answer)|(?:^|[-_.+])(?:no-?reply|noresponse|do-?not-?reply)(?:$|[-_.+])|^(?:nie-?odpowiadaj|nicht-?antworten|ne-?pas-?repondre|no-?responder|nao-?responda)|` +
	`^(?:mailer-?daemon|postmaster|hostmaster|root|nobody|daemon|mailer|mdaemon|majordomo|listserv|listproc|mailman|sympa|autoreply|auto-?reply|auto-?responder|autoresponder|auto-?confirm|bounces?|return|returns-verp|unsubscribe|alerts?|notifications?|notify|newsletters?|cron|system|abuse|fbl|feedback-?loop)(?:$|[-_.+=])|` +
	`(?:^owner-|-(?:owner|request|bounces?|admin|subscribe|unsubscribe|relay|errors)$)|^(?:prvs|srs[01]|btv1)[=+-]`)

// unattended reports whether an address is one that nobody reads, or none.
func unattended(address string) bool {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address {
		return true
	}
	at := strings.LastIndexByte(address, '@')
	local, domain := strings.ToLower(address[:at]), strings.ToLower(address[at+1:])
	return machines.MatchString(local) || domain == "invalid" || domain == "localhost"
}

// mailbox is an address without what stands behind a plus: however somebody
// varies theirs, it is one.
func mailbox(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	local, _, _ := strings.Cut(address[:at], "+")
	return local + address[at:]
}

// name is how to address the sender. A name that came with an address nobody has
// proven is left out: it may be somebody else's words for our recipient.
func (m first) name() string {
	if m.Proof != channel.ProofPass || strings.ContainsAny(m.Name, "@/<>{}") {
		return ""
	}
	return m.Name
}

// language is what to write in: the contact's, else what the words look like,
// else otherwise.
func (m first) language(otherwise string) string {
	known, _, _ := strings.Cut(strings.ToLower(m.Language), "-")
	if slices.Contains(Languages, known) {
		return known
	}
	hangul, polish, letters := 0, 0, 0
	for _, r := range m.Words {
		switch {
		case unicode.Is(unicode.Hangul, r):
			hangul++
		case strings.ContainsRune("ąćęłńśźżĄĆĘŁŃŚŹŻ", r):
			polish++
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	switch {
	case hangul*5 > letters:
		return "ko"
	case polish*20 > letters:
		return "pl"
	}
	return otherwise
}
