package conversation

import (
	"context"

	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation/original"
	"rapport/internal/platform/db"
)

// lookup is what an arriving message is placed by, as far as it can be asked at
// once: before anything is locked, and before it is known where it belongs.
type lookup struct {
	same     Message        // the same message, placed before; zero: none
	sameID   bool           // another one came with its id
	bounced  int64          // the conversation of what it reports about
	referred int64          // the conversation of what it answers, if the sender takes part there
	proven   []Conversation // the one that a mail proves to belong to
	inbox    channel.Inbox
	own      []string // addresses, if it names recipients
	blocked  []int64  // the contact whose address a sender only claims
	twins    []int64  // the conversation in another inbox that the same mail has begun

	forwarder  []int64               // the teammate who forwards what somebody else wrote
	suppressed []contact.Suppression // of a sender known by what mail proves
}

// lookUp asks it, and who the sender is.
func (s store) lookUp(ctx context.Context, in channel.Inbound, sender *contact.Search) (l lookup, err error) {
	same, inbox := askSame(in), channel.AskInbox(in.WorkspaceID, in.InboxID)
	questions := []question{same, inbox}
	if sender != nil {
		questions = append(questions, sender)
	}
	suppressed := contact.AskSuppressed(in.WorkspaceID, in.From.Address)
	if in.Sender.Kind == "" {
		questions = append(questions, suppressed)
	}
	blocked := contact.AskBlocked(in.WorkspaceID, in.From.Address)
	if forged(in) {
		questions = append(questions, blocked)
	}
	bounced, referred := askConversationOfOutbound(in), askReferred(in)
	own, proven := channel.AskOwnAddresses(in.WorkspaceID), db.Ask(scan, selectOne, in.WorkspaceID, in.ConversationID)
	if in.Bounce != nil && in.Bounce.OutboundID != 0 {
		questions = append(questions, bounced)
	}
	if in.ConversationID == 0 && len(in.References) > 0 && in.Proof == channel.ProofPass {
		questions = append(questions, referred)
	}
	twins := askTwins(in)
	if len(in.To)+len(in.Cc) > 0 || in.Original != nil {
		questions = append(questions, own, twins)
	}
	forwarder := original.AskForwarder(in.WorkspaceID, in.From.Address)
	if in.Original != nil && in.Proof != channel.ProofFail {
		questions = append(questions, forwarder)
	}
	if in.ConversationID != 0 && in.Sender.Kind == "" {
		questions = append(questions, proven)
	}
	if err := db.Gather(ctx, s.d, questions...); err != nil {
		return l, err
	}
	for _, m := range same.Rows {
		if l.sameID = true; m.ContentHash == in.ContentHash {
			l.same = m
		}
	}
	for _, id := range bounced.Rows {
		l.bounced = id
	}
	for _, id := range referred.Rows {
		l.referred = id
	}
	l.blocked, l.twins, l.own, l.proven, l.suppressed, l.forwarder = blocked.Rows, twins.Rows, own.Rows, proven.Rows, suppressed.Rows, forwarder.Rows
	l.inbox, err = inbox.One()
	return l, err
}

// askSame asks for the messages of the inbox with the id of in.
func askSame(in channel.Inbound) *db.Asked[Message] {
	return db.Ask(func(r db.Row) (m Message, err error) { return m, r.Scan(&m.ID, &m.ConversationID, &m.ContentHash) },
		"SELECT id, conversation_id, content_hash FROM messages WHERE workspace_id = $1 AND inbox_id = $2 AND external_id = $3 AND external_id <> ''",
		in.WorkspaceID, in.InboxID, in.ExternalID)
}

// askTwins asks for the first conversation in another inbox that begins with the
// same mail: it was sent to both.
func askTwins(in channel.Inbound) *db.Asked[int64] {
	return db.Ask(db.Int64, `SELECT m.conversation_id FROM inboxes i CROSS JOIN messages m -- inboxes first, on both engines
		WHERE i.workspace_id = $1 AND i.id <> $2 AND m.workspace_id = i.workspace_id AND m.inbox_id = i.id
		AND m.external_id = $3 AND m.external_id <> '' AND m.content_hash = $4 AND m.position = 1 ORDER BY m.created_at LIMIT 1`, in.WorkspaceID, in.InboxID, in.ExternalID, in.ContentHash)
}

// askReferred asks for the conversation of the newest message in the inbox that
// in answers and in whose conversation its sender takes part.
func askReferred(in channel.Inbound) *db.Asked[int64] {
	list, args := db.In(4, in.References)
	return db.Ask(db.Int64, `SELECT m.conversation_id FROM messages m
		JOIN participants p ON p.workspace_id = m.workspace_id AND p.conversation_id = m.conversation_id AND p.kind = 'contact' AND p.address_key = $3
		WHERE m.workspace_id = $1 AND m.inbox_id = $2 AND m.external_id <> '' AND m.external_id IN `+list+` ORDER BY m.created_at DESC, m.id DESC LIMIT 1`,
		append([]any{in.WorkspaceID, in.InboxID, in.From.Address}, args...)...)
}

// askConversationOfOutbound asks where our message stands that in reports about.
func askConversationOfOutbound(in channel.Inbound) *db.Asked[int64] {
	var id int64
	if in.Bounce != nil {
		id = in.Bounce.OutboundID
	}
	return db.Ask(db.Int64, "SELECT conversation_id FROM outbound WHERE workspace_id = $1 AND id = $2", in.WorkspaceID, id)
}
