package conversation

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"rapport/internal/channel"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/safehtml"
)

// Compose gives an outgoing message its content; channel calls it when the
// message's hold has ended. What a recipient may not read is not quoted.
func (r *Room) Compose(ctx context.Context, workspaceID, messageID int64) (channel.Outbound, error) {
	const op = "conversation.Compose"
	m, err := r.store.message(ctx, workspaceID, messageID)
	if err != nil {
		return channel.Outbound{}, fault.Wrap(op, err)
	}
	s, err := r.store.setting(ctx, m)
	if err != nil {
		return channel.Outbound{}, fault.Wrap(op, err)
	}
	c, inbox := s.conversation, s.inbox
	out := channel.Outbound{ID: m.OutboundID, WorkspaceID: workspaceID, InboxID: c.InboxID, ConversationID: c.ID, MessageID: m.ID,
		FromName: m.Author.Name, To: m.To, Cc: m.Cc, Bcc: m.Bcc, Subject: c.Subject, Text: m.Text, HTML: m.HTML, Language: m.Language,
		Signature: cmp.Or(s.signature, inbox.Signature), References: s.references()}
	if out.FromName == "" {
		out.FromName = inbox.Name
	}
	if m.Position > 1 {
		out.Subject = replySubject(c.Subject)
	}
	for _, a := range m.Attachments {
		out.Attachments = append(out.Attachments, channel.OutboundAttachment{Name: a.Name, ContentType: a.ContentType, ContentID: a.ContentID, Inline: a.Inline, BlobID: a.ID})
	}
	if len(s.answered) > 0 && mayQuote(m.recipients(), s.participants) {
		out.Quoted = quote(s.answered[0])
	}
	return out, nil
}

// setting is what a message is composed from beside itself.
type setting struct {
	conversation Conversation
	inbox        channel.Inbox
	signature    string   // of the agent who wrote
	trail        []string // ids of the messages before, the newest first
	participants []Participant
	answered     []Message // the customer's message before, or none
}

const maxReferences = 50

// references are the ids of the newest messages before, oldest first: the
// senders' own and ours.
func (s setting) references() []string {
	var ids []string
	for _, id := range slices.Backward(s.trail) {
		if strings.Contains(id, "@") { // the id of a mail; other channels have other ids
			ids = append(ids, id)
		}
	}
	return ids
}

func quote(m Message) *channel.Quoted {
	words := m.Text
	if words == "" {
		words = safehtml.Text(m.HTML)
	}
	return &channel.Quoted{From: channel.Party{Name: m.Author.Name, Address: m.Author.Address}, At: m.CreatedAt, Text: words, HTML: m.HTML}
}
