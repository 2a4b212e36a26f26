package email

import (
	"strings"

	"github.com/wneessen/go-mail"

	"rapport/internal/channel"
	"rapport/internal/channel/email/mailparse"
)

// The way out of news (RFC 2369, RFC 8058): a page of ours, where a mail program
// may ask in its reader's name with one request, and an address. Both are proven
// by the outbound they name, which has one recipient, so nobody can take another
// person out.

const refusalPurpose = "email unsubscribe"

// UnsubscribeRoot is the path below which the pages are.
const UnsubscribeRoot = "/unsubscribe/"

// offerWayOut puts the fields into a mail.
func (a *Adapter) offerWayOut(m *mail.Msg, inbox channel.Inbox, out channel.Outbound) {
	proof := a.signer.sign(refusalPurpose, out.ID)
	var ways []string
	if a.url != nil {
		if page, https := strings.CutPrefix(a.url(), "https://"); https {
			ways = append(ways, "<https://"+page+UnsubscribeRoot+proof+">")
			m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
		}
	}
	local, domain, ok := cutAddress(inbox.Address)
	if local += "+r" + proof; ok && len(local) <= maxLocal {
		ways = append(ways, "<mailto:"+local+"@"+domain+"?subject=unsubscribe>")
	}
	if len(ways) > 0 {
		m.SetGenHeader("List-Unsubscribe", strings.Join(ways, ", "))
	}
	m.SetGenHeader("Precedence", "bulk")
}

// Unsubscribes reads the proof at the end of a page's address; false when it is
// none of ours.
func (a *Adapter) Unsubscribes(proof string) (outboundID int64, ok bool) {
	ids, ok := a.signer.verify(refusalPurpose, proof, 1)
	if !ok {
		return 0, false
	}
	return ids[0], true
}

// aFewWords are so few that a mail to the way out says nothing else.
const aFewWords = 3

// refusal recognises a mail to the way out. A mail program writes it, so it is a
// machine's, unless a person has put words of their own into it.
func (a *Adapter) refusal(in *channel.Inbound, m *mailparse.Mail) {
	for address := range destinations(m) {
		_, proof := splitProof(address)
		id, ok := a.Unsubscribes(proof)
		if !ok {
			continue
		}
		in.Unsubscribes = id
		if in.Class == channel.Human && len(strings.Fields(in.Reply)) <= aFewWords && len(m.Attachments) == 0 {
			in.Class = channel.AutoReply
		}
		return
	}
}
