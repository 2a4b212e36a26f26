package masking

import (
	"context"
	"encoding/json"

	"rapport/internal/channel"
	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Keep keeps what a message said, in the caller's transaction.
func Keep(ctx context.Context, d *db.DB, workspaceID, conversationID, messageID int64, why channel.Credential, w Words) error {
	words, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return db.Do(ctx, d, `INSERT INTO masked_messages (workspace_id, message_id, conversation_id, kind, provider, domain, phrase, words)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, workspaceID, messageID, conversationID, why.Kind, why.Provider, why.Domain, why.Phrase, string(words))
}

// Revealed is what a masked message said; NotFound for one that is not masked.
func Revealed(ctx context.Context, d *db.DB, workspaceID, conversationID, messageID int64) (w Words, err error) {
	words, err := db.One(ctx, d, db.String, "SELECT words FROM masked_messages WHERE workspace_id = $1 AND conversation_id = $2 AND message_id = $3",
		workspaceID, conversationID, messageID)
	if err == nil {
		err = json.Unmarshal([]byte(words), &w)
	}
	return w, err
}

// From are the masked messages that say what a mail says: the one it became; of
// one that was refused as known, those it may repeat.
func From(ctx context.Context, d *db.DB, v channel.Receipt) ([]int64, error) {
	return db.All(ctx, d, db.Int64, `SELECT x.message_id FROM masked_messages x JOIN messages m ON m.workspace_id = x.workspace_id AND m.id = x.message_id
		WHERE x.workspace_id = $1 AND x.conversation_id = $2 AND (m.receipt_id = $3 OR $4 = $5) ORDER BY x.message_id`,
		v.WorkspaceID, v.ConversationID, v.ID, string(v.State), string(channel.Rejected))
}

// Reasons tells why messages are masked, by their ids.
func Reasons(ctx context.Context, d *db.DB, workspaceID int64, messageIDs []int64) (map[int64]channel.Credential, error) {
	list, args := db.In(2, messageIDs)
	why := map[int64]channel.Credential{}
	_, err := db.All(ctx, d, func(r db.Row) (id int64, err error) {
		var c channel.Credential
		err = r.Scan(&id, &c.Kind, &c.Provider, &c.Domain, &c.Phrase)
		why[id] = c
		return id, err
	}, "SELECT message_id, kind, provider, domain, phrase FROM masked_messages WHERE workspace_id = $1 AND message_id IN "+list, append([]any{workspaceID}, args...)...)
	return why, err
}

// Checks are what always holds of masked messages.
func Checks(d *db.DB) []doctor.Check {
	return []doctor.Check{{Name: "messages.masked", Says: "what a masked message said is kept, and stands nowhere else", Find: db.Finds(d,
		`SELECT 'message ' || m.id FROM messages m WHERE m.flags LIKE '%"masked"%' AND (m.text <> $1 OR m.reply_text <> $1 OR m.html <> ''
			OR NOT EXISTS (SELECT 1 FROM masked_messages x WHERE x.workspace_id = m.workspace_id AND x.message_id = m.id)
			OR EXISTS (SELECT 1 FROM message_attachments f WHERE f.workspace_id = m.workspace_id AND f.message_id = m.id))
		UNION ALL SELECT 'words of message ' || x.message_id FROM masked_messages x
			WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = x.workspace_id AND m.id = x.message_id AND m.flags LIKE '%"masked"%')`, Dots)}}
}
