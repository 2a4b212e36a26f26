package compose

import (
	"context"

	"rapport/internal/conversation"
	"rapport/internal/conversation/participant"
	"rapport/internal/platform/db"
)

// Store is the database the conversations are in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) message(ctx context.Context, workspaceID, id int64) (conversation.Message, error) {
	m := conversation.AskMessages(s.d, "m.workspace_id = $1 AND m.id = $2", workspaceID, id)
	if err := db.Gather(ctx, s.d, m); err != nil {
		return conversation.Message{}, err
	}
	return m.One()
}

// maxPassed bounds how much of a long conversation a forward passes on.
const maxPassed = 200

// setting reads what m is composed from. The id of one of our own messages is
// that under which it left.
func (s store) setting(ctx context.Context, m conversation.Message) (v setting, err error) {
	c := conversation.AskConversation(m.WorkspaceID, m.ConversationID)
	inbox, participants := conversation.AskInbox(m.WorkspaceID, m.ConversationID), participant.Ask(m.WorkspaceID, m.ConversationID)
	signature := conversation.AskSignature(m.WorkspaceID, m.Author.ID)
	trail := db.Ask(db.String, `SELECT CASE WHEN m.external_id <> '' THEN m.external_id ELSE COALESCE(o.external_id, '') END
		FROM messages m LEFT JOIN outbound o ON o.workspace_id = m.workspace_id AND o.id = m.outbound_id AND m.outbound_id > 0
		WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND m.position < $3 AND m.kind <> 'note' ORDER BY m.position DESC LIMIT $4`,
		m.WorkspaceID, m.ConversationID, m.Position, maxReferences)
	answered := conversation.AskMessages(s.d, `m.workspace_id = $1 AND m.conversation_id = $2 AND m.position < $3
		AND m.kind = 'inbound' AND m.class = 'human' AND m.flags NOT LIKE '%unverified_sender%' AND m.flags NOT LIKE '%"masked"%' ORDER BY m.position DESC LIMIT 1`, m.WorkspaceID, m.ConversationID, m.Position)
	passed := conversation.AskMessages(s.d, `m.workspace_id = $1 AND m.conversation_id = $2 AND m.position >= $3 AND m.position <= $4
		AND m.kind <> 'note' AND NOT m.cancelled AND m.flags NOT LIKE '%"masked"%' ORDER BY m.position DESC LIMIT $5`, m.WorkspaceID, m.ConversationID, m.Passes.First, m.Passes.Last, maxPassed)
	customer := db.Ask(db.String, "SELECT p.name FROM conversations c JOIN contacts p ON p.workspace_id = c.workspace_id AND p.id = c.contact_id WHERE c.workspace_id = $1 AND c.id = $2", m.WorkspaceID, m.ConversationID)
	if err = db.Gather(ctx, s.d, c, inbox, customer, signature, trail, participants, answered, passed); err != nil {
		return v, err
	}
	if v.conversation, err = c.One(); err != nil {
		return v, err
	}
	if v.inbox, err = inbox.One(); err != nil {
		return v, err
	}
	if m.Author.Kind == conversation.ByAgent && len(signature.Rows) > 0 {
		v.signature = signature.Rows[0]
	}
	if len(customer.Rows) > 0 {
		v.customer = customer.Rows[0]
	}
	v.trail, v.participants, v.answered = trail.Rows, participants.Rows, answered.Rows
	v.passed = passed.Rows
	return v, nil
}

// sums are the hashes of files by their ids, as far as they are there.
func (s store) sums(ctx context.Context, workspaceID int64, ids []int64) (map[int64]string, error) {
	sums := map[int64]string{}
	in, args := db.In(2, ids)
	_, err := db.All(ctx, s.d, func(r db.Row) (struct{}, error) {
		var id int64
		var sum string
		err := r.Scan(&id, &sum)
		sums[id] = sum
		return struct{}{}, err
	}, "SELECT id, sha256 FROM blobs WHERE workspace_id = $1 AND id IN "+in, append([]any{workspaceID}, args...)...)
	return sums, err
}
