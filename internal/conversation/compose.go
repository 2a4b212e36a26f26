package conversation

import (
	"context"
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
	c, err := r.store.get(ctx, workspaceID, m.ConversationID)
	if err != nil {
		return channel.Outbound{}, fault.Wrap(op, err)
	}
	out := channel.Outbound{ID: m.OutboundID, WorkspaceID: workspaceID, InboxID: c.InboxID, ConversationID: c.ID, MessageID: m.ID,
		FromName: m.Author.Name, To: m.To, Cc: m.Cc, Bcc: m.Bcc, Subject: c.Subject, Text: m.Text, HTML: m.HTML, Language: m.Language}
	if m.Position > 1 {
		out.Subject = replySubject(c.Subject)
	}
	if err := r.sign(ctx, m, c, &out); err != nil {
		return out, fault.Wrap(op, err)
	}
	for _, a := range m.Attachments {
		out.Attachments = append(out.Attachments, channel.OutboundAttachment{Name: a.Name, ContentType: a.ContentType, ContentID: a.ContentID, Inline: a.Inline, BlobID: a.ID})
	}
	if out.References, err = r.references(ctx, m); err != nil {
		return out, fault.Wrap(op, err)
	}
	out.Quoted, err = r.quote(ctx, m)
	return out, fault.Wrap(op, err)
}

// sign puts the agent's signature below a message, or the inbox's when the
// agent has none.
func (r *Room) sign(ctx context.Context, m Message, c Conversation, out *channel.Outbound) error {
	inbox, err := r.inboxes.InboxOf(ctx, c.WorkspaceID, c.InboxID)
	if err != nil {
		return err
	}
	if out.FromName == "" {
		out.FromName = inbox.Name
	}
	if m.Author.Kind == ByAgent {
		out.Signature, err = r.store.agentSignature(ctx, c.WorkspaceID, m.Author.ID)
	}
	if out.Signature == "" {
		out.Signature = inbox.Signature
	}
	return err
}

const maxReferences = 50

// references are the ids of the newest messages before m, oldest first: the
// senders' own and ours.
func (r *Room) references(ctx context.Context, m Message) ([]string, error) {
	trail, err := r.store.trail(ctx, m, maxReferences)
	if err != nil || len(trail) == 0 {
		return nil, err
	}
	ours, err := r.outbox.ExternalIDs(ctx, m.WorkspaceID, m.ConversationID)
	var ids []string
	for _, t := range trail {
		id := t.ExternalID
		if id == "" {
			id = ours[t.ID]
		}
		if strings.Contains(id, "@") { // the id of a mail; other channels have other ids
			ids = append(ids, id)
		}
	}
	return ids, err
}

// quote is the customer's message that m answers, when everybody who gets m
// may read it.
func (r *Room) quote(ctx context.Context, m Message) (*channel.Quoted, error) {
	participants, err := r.store.participants(ctx, m.WorkspaceID, m.ConversationID)
	if err != nil || !mayQuote(m.recipients(), participants) {
		return nil, err
	}
	q, err := r.store.answered(ctx, m)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	words := q.Text
	if words == "" {
		words = safehtml.Text(q.HTML)
	}
	return &channel.Quoted{From: channel.Party{Name: q.Author.Name, Address: q.Author.Address}, At: q.CreatedAt, Text: words, HTML: q.HTML}, nil
}
