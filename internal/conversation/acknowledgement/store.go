package acknowledgement

import (
	"context"
	"encoding/json"
	"time"

	"rapport/internal/contact"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store is the database the room lives in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

// settings are those of an inbox; one that has none acknowledges nothing.
func (s store) settings(ctx context.Context, workspaceID, inboxID int64) (Settings, error) {
	v, err := db.One(ctx, s.d, func(r db.Row) (v Settings, err error) {
		var texts string
		if err := r.Scan(&v.On, &v.Language, &texts); err != nil {
			return v, err
		}
		return v, json.Unmarshal([]byte(texts), &v.Texts)
	}, "SELECT active, language, texts FROM acknowledgement_settings WHERE workspace_id = $1 AND inbox_id = $2", workspaceID, inboxID)
	if fault.Is(err, fault.NotFound) {
		v, err = Settings{Language: Languages[0]}, nil
	}
	v.InboxID = inboxID
	return v, err
}

func (s store) putSettings(ctx context.Context, workspaceID int64, v Settings) error {
	texts, err := json.Marshal(v.Texts)
	if err != nil {
		return err
	}
	return db.Do(ctx, s.d, `INSERT INTO acknowledgement_settings (workspace_id, inbox_id, active, language, texts) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, inbox_id) DO UPDATE SET active = excluded.active, language = excluded.language, texts = excluded.texts`,
		workspaceID, v.InboxID, v.On, v.Language, string(texts))
}

// first is the message a conversation began with.
func (s store) first(ctx context.Context, workspaceID, conversationID int64) (first, error) {
	m, err := db.One(ctx, s.d, func(r db.Row) (m first, err error) {
		var flags, subject, text string
		var sent, created int64
		err = r.Scan(&m.Number, &m.Channel, &m.InboxID, &m.InboxName, &m.Spam, &m.Blocked, &m.Language, &subject, &m.Kind, &m.Class, &m.Proof, &flags,
			&m.Name, &m.Address, &text, &m.ReceiptID, &sent, &created)
		m.Words, m.SentAt, m.CreatedAt = subject+"\n"+text, db.Time(sent), db.Time(created)
		if err == nil && flags != "" {
			err = json.Unmarshal([]byte(flags), &m.Flags)
		}
		return m, err
	}, `SELECT c.number, c.channel, c.inbox_id, i.name, c.spam, COALESCE(p.blocked, FALSE), COALESCE(p.language, ''), c.subject, m.kind, m.class, m.proof, m.flags,
			m.author_name, m.author_address, m.reply_text, m.receipt_id, m.sent_at, m.created_at
		FROM conversations c JOIN messages m ON m.workspace_id = c.workspace_id AND m.conversation_id = c.id AND m.position = 1
		JOIN inboxes i ON i.workspace_id = c.workspace_id AND i.id = c.inbox_id
		LEFT JOIN contacts p ON p.workspace_id = c.workspace_id AND p.id = c.contact_id
		WHERE c.workspace_id = $1 AND c.id = $2 AND i.deleted_at = 0`, workspaceID, conversationID)
	if err != nil {
		return m, err
	}
	own := db.Ask(db.Int64, "SELECT inbox_id FROM inbound_addresses WHERE address IN ($1, $2) LIMIT 1", m.Address, mailbox(m.Address))
	suppressed := contact.AskSuppressed(workspaceID, m.Address)
	err = db.Gather(ctx, s.d, own, suppressed)
	m.Own, m.Suppressed = len(own.Rows) > 0, len(suppressed.Rows) > 0
	return m, err
}

// sent counts what has left for an address and from an inbox, as the caps ask.
func (s store) sent(ctx context.Context, workspaceID, inboxID int64, box string, now time.Time, caps Caps) (v sent, err error) {
	since := db.Micros(now.Add(-day))
	address := db.Ask(func(r db.Row) (v sent, err error) { return v, r.Scan(&v.InDay, &v.FromInbox) },
		`SELECT COUNT(*), COALESCE(SUM(CASE WHEN inbox_id = $3 THEN 1 ELSE 0 END), 0) FROM acknowledgements
		WHERE workspace_id = $1 AND address_key = $2 AND at > $4`, workspaceID, box, inboxID, since)
	inbox := db.Ask(db.Int64, "SELECT at FROM acknowledgements WHERE workspace_id = $1 AND inbox_id = $2 ORDER BY at DESC LIMIT 1 OFFSET $3", workspaceID, inboxID, caps.InboxHour-1)
	all := db.Ask(db.Int64, "SELECT at FROM acknowledgements WHERE workspace_id = $1 ORDER BY at DESC LIMIT 1 OFFSET $2", workspaceID, caps.WorkspaceHour-1)
	if err := db.Gather(ctx, s.d, address, inbox, all); err != nil {
		return v, err
	}
	if v, err = address.One(); err != nil {
		return v, err
	}
	for _, at := range inbox.Rows {
		v.Inbox = db.Time(at)
	}
	for _, at := range all.Rows {
		v.Workspace = db.Time(at)
	}
	return v, nil
}

func (s store) note(ctx context.Context, workspaceID, conversationID, inboxID int64, box string, at time.Time) error {
	return db.Do(ctx, s.d, "INSERT INTO acknowledgements (workspace_id, conversation_id, inbox_id, address_key, at) VALUES ($1, $2, $3, $4, $5)",
		workspaceID, conversationID, inboxID, box, db.Micros(at))
}

// forget drops what no cap asks for any more.
func (s store) forget(ctx context.Context, before time.Time) error {
	for _, text := range []string{"DELETE FROM acknowledgements WHERE at < $1", "DELETE FROM automatic_exchanges WHERE at < $1", "DELETE FROM silences WHERE until < $1"} {
		if err := db.Do(ctx, s.d, text, db.Micros(before)); err != nil {
			return err
		}
	}
	return nil
}
