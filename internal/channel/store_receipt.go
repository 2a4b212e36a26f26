package channel

import (
	"context"

	"rapport/internal/platform/db"
)

const receiptColumns = `r.id, r.workspace_id, r.inbox_id, COALESCE(i.name, ''), r.source_key, r.state, r.reason, r.sender, r.subject, r.size, r.blob_id, r.conversation_id, r.attempts, r.received_at, r.client, r.helo, r.envelope_sender`
const receiptTables = ` FROM receipts r LEFT JOIN inboxes i ON i.workspace_id = r.workspace_id AND i.id = r.inbox_id`

func scanReceipt(row db.Row) (Receipt, error) {
	var v Receipt
	var at int64
	err := row.Scan(&v.ID, &v.WorkspaceID, &v.InboxID, &v.InboxName, &v.SourceKey, &v.State, &v.Reason, &v.From, &v.Subject, &v.Size, &v.BlobID, &v.ConversationID, &v.Attempts, &at, &v.Envelope.Client, &v.Envelope.Helo, &v.Envelope.Sender)
	v.ReceivedAt = db.Time(at)
	return v, err
}

// insertReceipt reports false when this delivery is known already.
func (s store) insertReceipt(ctx context.Context, v Receipt) (bool, error) {
	n, err := db.Exec(ctx, s.d, `INSERT INTO receipts (id, workspace_id, inbox_id, source_key, state, reason, sender, subject, size, blob_id, conversation_id, attempts, received_at, client, helo, envelope_sender)
		VALUES ($1,$2,$3,$4,$5,'',$6,'',$7,0,0,0,$8,$9,$10,$11) ON CONFLICT (inbox_id, source_key) DO NOTHING`,
		v.ID, v.WorkspaceID, v.InboxID, v.SourceKey, string(v.State), v.From, v.Size, db.Micros(v.ReceivedAt), v.Envelope.Client, v.Envelope.Helo, v.Envelope.Sender)
	return n == 1, err
}

func (s store) setReceiptBlob(ctx context.Context, workspaceID, id, blobID int64) error {
	return db.Do(ctx, s.d, "UPDATE receipts SET blob_id = $1 WHERE workspace_id = $2 AND id = $3", blobID, workspaceID, id)
}

func (s store) receipt(ctx context.Context, workspaceID, id int64) (Receipt, error) {
	return db.One(ctx, s.d, scanReceipt, "SELECT "+receiptColumns+receiptTables+" WHERE r.workspace_id = $1 AND r.id = $2", workspaceID, id)
}

func (s store) receipts(ctx context.Context, workspaceID int64, f ReceiptFilter) ([]Receipt, error) {
	var w db.Where
	w.Add("r.workspace_id = ?", workspaceID)
	if f.State != "" {
		w.Add("r.state = ?", string(f.State))
	}
	if f.InboxID != 0 {
		w.Add("r.inbox_id = ?", f.InboxID)
	}
	if f.Before != 0 {
		w.Add("r.id < ?", f.Before)
	}
	limit := w.Next(f.Limit)
	return db.All(ctx, s.d, scanReceipt, "SELECT "+receiptColumns+receiptTables+" WHERE "+w.String()+" ORDER BY r.id DESC LIMIT "+limit, w.Args...)
}

// receiptAndInbox is a receipt and its inbox, which may be deleted; known tells
// that the same bytes have become a message in that inbox before.
func (s store) receiptAndInbox(ctx context.Context, workspaceID, id int64) (v Receipt, in Inbox, known bool, err error) {
	receipt := db.Ask(scanReceipt, "SELECT "+receiptColumns+receiptTables+" WHERE r.workspace_id = $1 AND r.id = $2", workspaceID, id)
	inbox := db.Ask(scanInbox, "SELECT "+InboxColumns+" FROM receipts r JOIN inboxes i ON i.workspace_id = r.workspace_id AND i.id = r.inbox_id WHERE r.workspace_id = $1 AND r.id = $2", workspaceID, id)
	same := applied(workspaceID, id)
	if err := db.Gather(ctx, s.d, receipt, inbox, same); err != nil {
		return v, in, false, err
	}
	if v, err = receipt.One(); err != nil {
		return v, in, false, err
	}
	for _, conversationID := range same.Rows {
		known, v.ConversationID = true, conversationID
	}
	in, err = inbox.One()
	return v, in, known, err
}

// takeReceipt locks a receipt that nobody has judged yet, and asks also with it;
// false: somebody has.
func (s store) takeReceipt(ctx context.Context, v Receipt, also db.Question) (bool, error) {
	taken := db.Ask(db.Int64, "SELECT id FROM receipts WHERE workspace_id = $1 AND id = $2 AND state = 'received'"+s.d.Pick("", " FOR UPDATE"), v.WorkspaceID, v.ID)
	err := db.Gather(ctx, s.d, taken, also)
	return len(taken.Rows) > 0, err
}

// endReceipt judges a receipt that nobody has judged yet.
func (s store) endReceipt(ctx context.Context, v Receipt) error {
	return db.Do(ctx, s.d, `UPDATE receipts SET state = $1, reason = $2, sender = $3, subject = $4, conversation_id = $5, attempts = $6
		WHERE workspace_id = $7 AND id = $8 AND state = 'received'`,
		string(v.State), v.Reason, v.From, v.Subject, v.ConversationID, v.Attempts, v.WorkspaceID, v.ID)
}

func (s store) reopenReceipt(ctx context.Context, workspaceID, id int64) (bool, error) {
	n, err := db.Exec(ctx, s.d, "UPDATE receipts SET state = 'received', reason = '' WHERE workspace_id = $1 AND id = $2 AND state IN ('quarantined', 'rejected')", workspaceID, id)
	return n == 1, err
}

func (s store) discardReceipt(ctx context.Context, workspaceID, id int64) (bool, error) {
	n, err := db.Exec(ctx, s.d, "UPDATE receipts SET state = 'rejected', reason = 'discarded' WHERE workspace_id = $1 AND id = $2 AND state = 'quarantined'", workspaceID, id)
	return n == 1, err
}

// counters are by inbox: of one workspace or, with 0, of all.
func (s store) counters(ctx context.Context, workspaceID int64) (map[int64]Counters, error) {
	var w db.Where
	if workspaceID != 0 {
		w.Add("workspace_id = ?", workspaceID)
	}
	all := map[int64]Counters{}
	_, err := db.All(ctx, s.d, func(row db.Row) (struct{}, error) {
		var inbox, n int64
		var state ReceiptState
		err := row.Scan(&inbox, &state, &n)
		c := all[inbox]
		c.Accepted += n
		switch state {
		case Applied:
			c.Applied = n
		case Rejected:
			c.Rejected = n
		case Quarantined:
			c.Quarantined = n
		default:
			c.InFlight += n
		}
		all[inbox] = c
		return struct{}{}, err
	}, "SELECT inbox_id, state, COUNT(*) FROM receipts WHERE "+w.String()+" GROUP BY inbox_id, state", w.Args...)
	return all, err
}

// applied asks for the conversation of an earlier mail of the inbox with the same
// bytes that became a message, whether or not that message is still there. It goes
// from the bytes to the mails in steps that leave no choice: as a join, SQLite
// began with the files of all mails, and PostgreSQL with all mails of the inbox.
func applied(workspaceID, id int64) *db.Asked[int64] {
	return db.Ask(db.Int64, `SELECT conversation_id FROM (SELECT
			(SELECT CASE WHEN x.state = 'applied' AND x.inbox_id = (SELECT inbox_id FROM receipts WHERE workspace_id = $1 AND id = $2) THEN x.conversation_id END
			FROM receipts x WHERE x.workspace_id = $1 AND x.id =
				(SELECT MIN(CASE WHEN f.owner = 'receipts' THEN f.owner_id END) FROM blob_refs f WHERE f.workspace_id = $1 AND f.blob_id = same.id)) AS conversation_id
		FROM blobs same WHERE same.workspace_id = $1 AND same.body_id =
			(SELECT b.body_id FROM blobs b WHERE b.workspace_id = $1 AND b.id = (SELECT blob_id FROM receipts WHERE workspace_id = $1 AND id = $2))) AS t
		WHERE conversation_id IS NOT NULL LIMIT 1`, workspaceID, id)
}

func (s store) waiting(ctx context.Context, workspaceID, inboxID int64, atMost int) (int64, error) {
	return db.One(ctx, s.d, db.Int64, `SELECT COUNT(*) FROM (SELECT id FROM receipts WHERE workspace_id = $1 AND inbox_id = $2 AND state = 'received' LIMIT $3) AS w`, workspaceID, inboxID, atMost)
}
