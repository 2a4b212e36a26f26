package email

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"iter"
	"strconv"
	"strings"

	"rapport/internal/channel"
	"rapport/internal/channel/email/credential"
	"rapport/internal/channel/email/mailparse"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/safehtml"
)

// nobody stands for the sender of a mail that names none.
const nobody = "unknown@invalid"

// Parse turns a mail into an Inbound: what it says, who says it, and which
// conversation it proves to belong to. It fails only for mail that is over a
// limit or makes no sense at all.
func (a *Adapter) Parse(ctx context.Context, inbox channel.Inbox, receipt channel.Receipt, raw []byte) (channel.Inbound, error) {
	const op = "email.Parse"
	if err := withheld(receipt.SourceKey); err != nil {
		return channel.Inbound{}, err // only a part of it could be fetched
	}
	m, err := mailparse.Parse(raw)
	if err != nil {
		return channel.Inbound{}, fault.Wrap(op, err)
	}
	in := channel.Inbound{
		WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, SentAt: m.Date, Subject: m.Subject,
		Text: m.PlainText, HTML: m.HTML, Reply: m.Reply, Class: classOf(m), Quiet: m.Quiet, Proof: channel.ProofUnchecked,
		From: sender(m, receipt), To: parties(m.To, inbox), Cc: parties(m.Cc, inbox),
		ExternalID: m.MessageID, ContentHash: contentHash(m), References: references(m),
	}
	if in.ExternalID == "" {
		in.ExternalID = mailparse.GeneratedID(raw)
	}
	a.trace(&in, m)
	a.refusal(&in, m)
	if in.Class == channel.Bounced || complaint(m) {
		in.Bounce = a.bounce(m)
	} else {
		in.Credential = carries(in, m)
	}
	if from, ok := m.Original(); ok && in.Class == channel.Human {
		in.Original = &channel.Party{Name: from.Name, Address: channel.Fold(from.Address)}
	}
	for i, file := range m.Attachments {
		if file.Name == "" {
			file.Name = fileName(file.ContentType, i+1)
		}
		st, err := a.blobs.Stage(ctx, inbox.WorkspaceID, file.Data)
		if err != nil {
			return in, fault.Wrap(op, err)
		}
		st.Name, st.ContentType = file.Name, file.ContentType
		in.Attachments = append(in.Attachments, channel.InboundAttachment{Name: file.Name, ContentType: file.ContentType,
			ContentID: file.ContentID, Inline: file.Inline, Size: int64(file.Size), Blob: st})
	}
	return in, nil
}

// carries is what somebody could sign in with by this mail. A plain part that
// says little stands beside an HTML one that says it.
func carries(in channel.Inbound, m *mailparse.Mail) *channel.Credential {
	words := m.PlainText
	if len(words) < 100 && m.HTML != "" {
		words = safehtml.Text(m.HTML)
	}
	return credential.Judge(credential.Mail{From: in.From.Address, Machine: in.Quiet, List: in.Class == channel.List, Answers: len(in.References) > 0, Subject: in.Subject,
		Text: words, Link: strings.Contains(words, "://") || strings.Contains(in.HTML, "href=")})
}

// fileName names a file that came without a name.
func fileName(contentType string, n int) string {
	switch contentType {
	case "message/rfc822", "text/rfc822-headers":
		return "message.eml"
	case "message/delivery-status", "message/feedback-report", "message/disposition-notification":
		return "report.txt"
	case "text/calendar":
		return "invitation.ics"
	}
	return "attachment-" + strconv.Itoa(n) + endings[contentType]
}

// endings of the kinds of file that mail programs send without a name.
var endings = map[string]string{"text/plain": ".txt", "text/html": ".html", "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "application/pdf": ".pdf", "application/zip": ".zip"}

func classOf(m *mailparse.Mail) channel.Class {
	switch {
	case m.Kind == mailparse.KindBounce:
		return channel.Bounced
	case m.Kind == mailparse.KindAutoReply, m.Kind == mailparse.KindReport:
		return channel.AutoReply
	case m.IsList:
		return channel.List
	}
	return channel.Human
}

// sender is who the mail says wrote it; failing that, the envelope's sender.
func sender(m *mailparse.Mail, receipt channel.Receipt) channel.Party {
	for _, from := range m.From {
		if from.Address != "" {
			return channel.Party{Name: from.Name, Address: channel.Fold(from.Address)}
		}
	}
	p := channel.Party{Address: channel.Fold(receipt.From)}
	if len(m.From) > 0 {
		p.Name = m.From[0].Name
	}
	if p.Address == "" {
		p.Address = nobody
	}
	return p
}

// parties are the other people addressed, without the inbox itself.
func parties(list []mailparse.Address, inbox channel.Inbox) []channel.Party {
	var out []channel.Party
	for _, p := range list {
		address := channel.Fold(p.Address)
		if plain, _ := splitProof(address); address == "" || plain == inbox.Address {
			continue
		}
		out = append(out, channel.Party{Name: p.Name, Address: address})
	}
	return out
}

func references(m *mailparse.Mail) []string {
	list := m.References
	if m.InReplyTo != "" && (len(list) == 0 || list[len(list)-1] != m.InReplyTo) {
		list = append(list[:len(list):len(list)], m.InReplyTo)
	}
	return list
}

// trace looks for evidence of ours, strongest first: a reply address among the
// recipients, then a Message-ID among the references. The newest one counts.
func (a *Adapter) trace(in *channel.Inbound, m *mailparse.Mail) {
	if _, id, own := a.signer.outboundOf(m.MessageID); own {
		in.Refused, in.Returned = "loop", id // one of our own mails came back as it left
		return
	}
	for address := range destinations(m) {
		if id, ok := a.signer.conversationOf(address); ok {
			in.ConversationID = id
			return
		}
	}
	refs := append(in.References[:len(in.References):len(in.References)], m.OriginalMessageID)
	for i := len(refs) - 1; i >= 0; i-- {
		if id, _, ok := a.signer.outboundOf(refs[i]); ok {
			in.ConversationID = id
			return
		}
	}
}

// destinations are the addresses that a mail was sent to, and those in the fields
// where servers note whom they delivered it to: forwarding loses To.
func destinations(m *mailparse.Mail) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, list := range [][]mailparse.Address{m.To, m.Cc} {
			for _, p := range list {
				if !yield(p.Address) {
					return
				}
			}
		}
		for _, f := range m.Header {
			if deliveryField(f.Name) && !yield(strings.Trim(strings.TrimSpace(f.Value), "<>")) {
				return
			}
		}
	}
}

// deliveryField tells the fields in which servers note whom a mail was
// delivered to.
func deliveryField(name string) bool {
	switch strings.ToLower(name) {
	case "delivered-to", "x-original-to", "envelope-to", "x-delivered-to", "x-envelope-to":
		return true
	}
	return false
}

// complaint reports whether a mail system says that a mail of ours was called
// spam.
func complaint(m *mailparse.Mail) bool {
	return m.Kind == mailparse.KindReport && len(m.Recipients) > 0 && m.Recipients[0].Reason == mailparse.ReasonFeedback
}

func (a *Adapter) bounce(m *mailparse.Mail) *channel.Bounce {
	b := &channel.Bounce{Complaint: complaint(m)}
	if _, id, ok := a.signer.outboundOf(m.OriginalMessageID); ok {
		b.OutboundID = id
	}
	for _, r := range m.Recipients {
		if r.Delivered {
			continue
		}
		reason := r.Diagnostic
		if reason == "" {
			reason = strings.TrimSpace(cmp.Or(r.Feedback, r.Reason) + " " + r.Status)
		}
		b.Recipients = append(b.Recipients, channel.BouncedRecipient{Address: channel.Fold(r.Address), Hard: r.HardBounce, Delayed: r.Delayed, Reason: reason})
	}
	return b
}

// contentHash covers what a person reads and who wrote it, not the headers
// that each delivery adds.
func contentHash(m *mailparse.Mail) string {
	h := sha256.New()
	part := func(s string) { io.WriteString(h, s); h.Write([]byte{0}) }
	for _, from := range m.From {
		part(channel.Fold(from.Address))
	}
	part(m.Subject)
	part(m.Date.String())
	part(m.PlainText)
	part(m.RawHTML)
	for _, file := range m.Attachments {
		part(file.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
