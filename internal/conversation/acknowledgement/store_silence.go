package acknowledgement

import (
	"context"
	"slices"
	"time"

	"rapport/internal/channel"
	"rapport/internal/platform/db"
)

// arrival is a message that has come in, as far as a silence asks.
type arrival struct {
	WorkspaceID, ConversationID, InboxID, Number, ReceiptID int64
	Position                                                int64
	At                                                      time.Time
	box                                                     string // of its sender; "": forged or not known
}

func (s store) arrival(ctx context.Context, workspaceID, conversationID, position int64) (arrival, error) {
	return db.One(ctx, s.d, func(r db.Row) (m arrival, err error) {
		var at int64
		var address string
		var proof channel.Proof
		err = r.Scan(&m.InboxID, &m.Number, &m.ReceiptID, &at, &address, &proof)
		m.WorkspaceID, m.ConversationID, m.Position, m.At = workspaceID, conversationID, position, db.Time(at)
		if proof != channel.ProofFail { // whose address it truly is has not written
			m.box = mailbox(address)
		}
		return m, err
	}, `SELECT c.inbox_id, c.number, m.receipt_id, m.created_at, m.author_address, m.proof
		FROM messages m JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
		WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND m.position = $3`, workspaceID, conversationID, position)
}

func (s store) noteExchange(ctx context.Context, m arrival) error {
	return db.Do(ctx, s.d, `INSERT INTO automatic_exchanges (workspace_id, conversation_id, position, address_key, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, conversation_id, position) DO NOTHING`, m.WorkspaceID, m.ConversationID, m.Position, m.box, db.Micros(m.At))
}

// traffic counts what came up to m and since the last silence. The history of a
// mailbox, read in one go, is no flood.
func (s store) traffic(ctx context.Context, m arrival) (t traffic, err error) {
	ended := `COALESCE((SELECT MAX(until) FROM (SELECT until FROM silences WHERE workspace_id = $1 AND conversation_id = $2
		UNION ALL SELECT until FROM silences WHERE workspace_id = $1 AND address_key = $4 AND address_key <> '') AS s), 0)`
	flood := db.Ask(db.Int64, `SELECT created_at FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND position <= $3 AND position > $3 - $5
		AND kind = 'inbound' AND receipt_id <> 0 AND (sent_at = 0 OR sent_at > created_at - $6)
		AND created_at >= `+ended+` ORDER BY position DESC LIMIT 1 OFFSET $7`,
		m.WorkspaceID, m.ConversationID, m.Position, m.box, 10*floodMails, tooOld.Microseconds(), floodMails-1)
	exchange := db.Ask(db.Int64, `SELECT COUNT(*) FROM automatic_exchanges WHERE workspace_id = $1 AND address_key = $4 AND at > $3 AND at >= `+ended,
		m.WorkspaceID, m.ConversationID, db.Micros(m.At.Add(-exchangeSpan)), m.box)
	if err := db.Gather(ctx, s.d, flood, exchange); err != nil {
		return t, err
	}
	for _, at := range flood.Rows {
		t.Flood = db.Time(at)
	}
	n, err := exchange.One()
	t.Exchanges = int(n)
	return t, err
}

const silenceColumns = "conversation_id, inbox_id, address_key, cause, at, until"

func scanSilence(workspaceID int64) func(db.Row) (Silence, error) {
	return func(r db.Row) (v Silence, err error) {
		var at, until int64
		err = r.Scan(&v.ConversationID, &v.InboxID, &v.Address, &v.Cause, &at, &until)
		v.WorkspaceID, v.At, v.Until = workspaceID, db.Time(at), db.Time(until)
		return v, err
	}
}

// last is the last silence that began in a conversation, whether it lasts or not.
func (s store) last(ctx context.Context, workspaceID, conversationID int64) (Silence, error) {
	return db.One(ctx, s.d, scanSilence(workspaceID), "SELECT "+silenceColumns+" FROM silences WHERE workspace_id = $1 AND conversation_id = $2", workspaceID, conversationID)
}

// inForce selects the silences that last in a conversation or for mailboxes at a
// time. Each half is answered by an index of its own; with OR neither engine
// would take both.
func inForce(workspaceID, conversationID int64, boxes []string, now time.Time) (query string, args []any) {
	list, keys := db.In(4, boxes)
	half := "SELECT " + silenceColumns + " FROM silences WHERE workspace_id = $1 AND until > $3 AND "
	return half + "conversation_id = $2 UNION ALL " + half + "conversation_id <> $2 AND address_key IN " + list, append([]any{workspaceID, conversationID, db.Micros(now)}, keys...)
}

// lasting are the silences in force, the one that began in the conversation
// itself first.
func (s store) lasting(ctx context.Context, workspaceID, conversationID int64, boxes []string, now time.Time) ([]Silence, error) {
	query, args := inForce(workspaceID, conversationID, boxes, now)
	return db.All(ctx, s.d, scanSilence(workspaceID), "SELECT * FROM ("+query+") AS s ORDER BY CASE WHEN conversation_id = $2 THEN 0 ELSE 1 END, until DESC, conversation_id", args...)
}

// endSilences ends those that are in force, and returns them.
func (s store) endSilences(ctx context.Context, workspaceID, conversationID int64, boxes []string, now time.Time) ([]Silence, error) {
	query, args := inForce(workspaceID, conversationID, boxes, now)
	return db.All(ctx, s.d, scanSilence(workspaceID), "UPDATE silences SET until = $3 WHERE workspace_id = $1 AND conversation_id IN (SELECT conversation_id FROM ("+query+") AS s) RETURNING "+silenceColumns, args...)
}

// silenced reports whether nothing automatic leaves into a conversation, or to an
// address, at a time.
func (s store) silenced(ctx context.Context, workspaceID, conversationID int64, box string, now time.Time) (bool, error) {
	list, err := s.lasting(ctx, workspaceID, conversationID, slices.DeleteFunc([]string{box}, func(box string) bool { return box == "" }), now)
	return len(list) > 0, err
}

func (s store) putSilence(ctx context.Context, v Silence, told bool) error {
	return db.Do(ctx, s.d, `INSERT INTO silences (workspace_id, conversation_id, inbox_id, address_key, cause, at, until, told) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET inbox_id = excluded.inbox_id, address_key = excluded.address_key, cause = excluded.cause,
			at = excluded.at, until = excluded.until, told = excluded.told`,
		v.WorkspaceID, v.ConversationID, v.InboxID, v.Address, v.Cause, db.Micros(v.At), db.Micros(v.Until), told)
}

// toldSince reports whether administrators were told of a silence after a time.
func (s store) toldSince(ctx context.Context, workspaceID int64, after time.Time) (bool, error) {
	n, err := db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM silences WHERE workspace_id = $1 AND told AND at > $2", workspaceID, db.Micros(after))
	return n > 0, err
}
