package channel

import (
	"context"
	"slices"
	"strings"
	"time"

	"rapport/internal/platform/db"
)

// outbound is a row of the outbox.
type outbound struct {
	Dispatch
	ID           int64
	State        DeliveryState
	Reason       string
	ExternalID   string
	EnvelopeFrom string
	BlobID       int64
	CreatedAt    time.Time
	QueuedAt     time.Time
	SentAt       time.Time
}

const outboundColumns = "workspace_id, id, inbox_id, via_id, conversation_id, message_id, state, reason, hold_until, external_id, envelope_from, blob_id, created_at, queued_at, sent_at"

func scanOutbound(row db.Row) (outbound, error) {
	var o outbound
	var hold, created, queued, sent int64
	err := row.Scan(&o.WorkspaceID, &o.ID, &o.InboxID, &o.ViaID, &o.ConversationID, &o.MessageID, &o.State, &o.Reason, &hold, &o.ExternalID, &o.EnvelopeFrom, &o.BlobID, &created, &queued, &sent)
	o.HoldUntil, o.CreatedAt, o.QueuedAt, o.SentAt = db.Time(hold), db.Time(created), db.Time(queued), db.Time(sent)
	return o, err
}

func (s store) insertOutbound(ctx context.Context, o outbound) error {
	err := db.Do(ctx, s.d, `INSERT INTO outbound (workspace_id, id, inbox_id, via_id, conversation_id, message_id, state, reason, hold_until, external_id, envelope_from, blob_id, created_at, queued_at, sent_at)
		VALUES ($1,$2,$3,$9,$4,$5,$6,$10,$7,'','',0,$8,0,0)`,
		o.WorkspaceID, o.ID, o.InboxID, o.ConversationID, o.MessageID, string(o.State), db.Micros(o.HoldUntil), db.Micros(o.CreatedAt), o.ViaID, o.HoldReason)
	if err != nil {
		return err
	}
	for _, address := range o.Recipients {
		err := db.Do(ctx, s.d, `INSERT INTO outbound_recipients (workspace_id, outbound_id, address, state, reason) VALUES ($1,$2,$3,$4,'')
			ON CONFLICT (workspace_id, outbound_id, address) DO NOTHING`, o.WorkspaceID, o.ID, address, string(o.State))
		if err != nil {
			return err
		}
	}
	return nil
}

func (s store) outbound(ctx context.Context, workspaceID, id int64) (outbound, error) {
	return db.One(ctx, s.d, scanOutbound, "SELECT "+outboundColumns+" FROM outbound WHERE workspace_id = $1 AND id = $2", workspaceID, id)
}

// moveOutbound changes the state only from the one expected.
func (s store) moveOutbound(ctx context.Context, workspaceID, id int64, from, to DeliveryState, reason string) (bool, error) {
	n, err := db.Exec(ctx, s.d, "UPDATE outbound SET state = $1, reason = $2 WHERE workspace_id = $3 AND id = $4 AND state = $5", string(to), reason, workspaceID, id, string(from))
	return n == 1, err
}

// holdUntil changes the time of a message that is still held.
func (s store) holdUntil(ctx context.Context, workspaceID, id int64, at time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.d, "UPDATE outbound SET hold_until = $1 WHERE workspace_id = $2 AND id = $3 AND state = 'held'", db.Micros(at), workspaceID, id)
	return n == 1, err
}

// fixOutbound stores the bytes of a held message, once and for all.
func (s store) fixOutbound(ctx context.Context, o outbound, b Built, blobID int64, now time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.d, `UPDATE outbound SET state = 'queued', reason = '', external_id = $1, envelope_from = $2, blob_id = $3, queued_at = $4
		WHERE workspace_id = $5 AND id = $6 AND state = 'held'`, b.ExternalID, b.From, blobID, db.Micros(now), o.WorkspaceID, o.ID)
	return n == 1, err
}

func (s store) concludeOutbound(ctx context.Context, o outbound, state DeliveryState, reason string, sent time.Time) error {
	return db.Do(ctx, s.d, "UPDATE outbound SET state = $1, reason = $2, sent_at = $3 WHERE workspace_id = $4 AND id = $5", string(state), reason, db.Micros(sent), o.WorkspaceID, o.ID)
}

func (s store) moveRecipients(ctx context.Context, workspaceID, id int64, to DeliveryState) error {
	return db.Do(ctx, s.d, "UPDATE outbound_recipients SET state = $1, reason = '' WHERE workspace_id = $2 AND outbound_id = $3 AND state IN ('held', 'queued')", string(to), workspaceID, id)
}

func (s store) requeueRecipients(ctx context.Context, workspaceID, id int64) error {
	return db.Do(ctx, s.d, "UPDATE outbound_recipients SET state = 'queued', reason = '' WHERE workspace_id = $1 AND outbound_id = $2 AND state IN ('failed', 'bounced')", workspaceID, id)
}

func (s store) failRecipients(ctx context.Context, workspaceID, id int64, reason string) error {
	return db.Do(ctx, s.d, "UPDATE outbound_recipients SET state = 'failed', reason = $1 WHERE workspace_id = $2 AND outbound_id = $3 AND state IN ('held', 'queued')", reason, workspaceID, id)
}

func (s store) setRecipient(ctx context.Context, workspaceID, id int64, oc Outcome) error {
	state := Sent
	if !oc.Sent {
		state = Failed
	}
	return db.Do(ctx, s.d, "UPDATE outbound_recipients SET state = $1, reason = $2 WHERE workspace_id = $3 AND outbound_id = $4 AND address = $5", string(state), oc.Reason, workspaceID, id, oc.Address)
}

func (s store) bounceRecipient(ctx context.Context, workspaceID, id int64, b BouncedRecipient) error {
	return db.Do(ctx, s.d, "UPDATE outbound_recipients SET state = 'bounced', reason = $1 WHERE workspace_id = $2 AND outbound_id = $3 AND address = $4", b.Reason, workspaceID, id, b.Address)
}

func (s store) waitingRecipients(ctx context.Context, workspaceID, id int64) ([]string, error) {
	return db.All(ctx, s.d, db.String, "SELECT address FROM outbound_recipients WHERE workspace_id = $1 AND outbound_id = $2 AND state = 'queued' ORDER BY address", workspaceID, id)
}

// awaitEarlier are the recipients that an earlier message of the conversation
// has not reached yet through the same inbox. One that is held back on purpose
// is not waited for, nor is one by another inbox, whose server may be away.
func (s store) awaitEarlier(ctx context.Context, o outbound, now time.Time) ([]string, error) {
	return db.All(ctx, s.d, db.String, `SELECT DISTINCT r.address FROM outbound e JOIN outbound_recipients r ON r.workspace_id = e.workspace_id AND r.outbound_id = e.id AND r.state IN ('held', 'queued')
		WHERE e.workspace_id = $1 AND e.conversation_id = $2 AND e.via_id = $3 AND (e.created_at < $4 OR e.created_at = $4 AND e.id < $5)
		AND (e.state IN ('queued', 'delayed') OR e.state = 'held' AND e.hold_until <= $6)`,
		o.WorkspaceID, o.ConversationID, o.ViaID, db.Micros(o.CreatedAt), o.ID, db.Micros(now))
}

// waitingBehind are the messages of the conversation that say that they wait for
// an earlier one.
func (s store) waitingBehind(ctx context.Context, o outbound) ([]int64, error) {
	return db.All(ctx, s.d, db.Int64, "SELECT id FROM outbound WHERE workspace_id = $1 AND conversation_id = $2 AND id <> $3 AND state IN ('queued', 'delayed') AND reason = $4",
		o.WorkspaceID, o.ConversationID, o.ID, behind)
}

func (s store) recipients(ctx context.Context, workspaceID int64, ids []int64) (map[int64][]RecipientDelivery, error) {
	list, args := db.In(2, ids)
	out := map[int64][]RecipientDelivery{}
	_, err := db.All(ctx, s.d, func(row db.Row) (struct{}, error) {
		var id int64
		var rd RecipientDelivery
		err := row.Scan(&id, &rd.Address, &rd.State, &rd.Reason)
		out[id] = append(out[id], rd)
		return struct{}{}, err
	}, "SELECT outbound_id, address, state, reason FROM outbound_recipients WHERE workspace_id = $1 AND outbound_id IN "+list+" ORDER BY outbound_id, address", append([]any{workspaceID}, args...)...)
	return out, err
}

// deliveries tells where the messages stand and each of their recipients. The
// CROSS JOIN has SQLite begin with the few messages, which it would not guess.
func (s store) deliveries(ctx context.Context, workspaceID int64, messageIDs []int64) (map[int64]Delivery, error) {
	list, args := db.In(2, messageIDs)
	out := make(map[int64]Delivery, len(messageIDs))
	_, err := db.All(ctx, s.d, func(row db.Row) (struct{}, error) {
		var d Delivery
		var rd RecipientDelivery
		var hold int64
		err := row.Scan(&d.OutboundID, &d.MessageID, &d.State, &d.Reason, &hold, &rd.Address, &rd.State, &rd.Reason)
		if d.State == Held {
			d.Until = db.Time(hold)
		}
		d.Recipients = append(out[d.MessageID].Recipients, rd)
		out[d.MessageID] = d
		return struct{}{}, err
	}, `SELECT o.id, o.message_id, o.state, o.reason, o.hold_until, r.address, r.state, r.reason FROM outbound o CROSS JOIN outbound_recipients r
		WHERE o.workspace_id = $1 AND o.message_id IN `+list+" AND r.workspace_id = o.workspace_id AND r.outbound_id = o.id", append([]any{workspaceID}, args...)...)
	for _, d := range out { // in the order of Begun, which no collation of a database changes
		slices.SortFunc(d.Recipients, func(a, b RecipientDelivery) int { return strings.Compare(a.Address, b.Address) })
	}
	return out, err
}

func (s store) externalIDs(ctx context.Context, workspaceID, conversationID int64) (map[int64]string, error) {
	out := map[int64]string{}
	_, err := db.All(ctx, s.d, func(row db.Row) (struct{}, error) {
		var messageID int64
		var externalID string
		err := row.Scan(&messageID, &externalID)
		out[messageID] = externalID
		return struct{}{}, err
	}, "SELECT message_id, external_id FROM outbound WHERE workspace_id = $1 AND conversation_id = $2 AND external_id <> ''", workspaceID, conversationID)
	return out, err
}

func (s store) departures(ctx context.Context, workspaceID int64, limit int) ([]Departed, error) {
	rows, err := db.All(ctx, s.d, scanOutbound, "SELECT "+outboundColumns+" FROM outbound WHERE workspace_id = $1 AND blob_id <> 0 AND external_id LIKE '%@%' ORDER BY id DESC LIMIT $2", workspaceID, limit)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]int64, len(rows))
	for i, o := range rows {
		ids[i] = o.ID
	}
	recipients, err := s.recipients(ctx, workspaceID, ids)
	out := make([]Departed, len(rows))
	for i, o := range rows {
		out[i] = Departed{ID: o.ID, At: o.QueuedAt, From: o.EnvelopeFrom, State: o.State, BlobID: o.BlobID}
		for _, rd := range recipients[o.ID] {
			out[i].Recipients = append(out[i].Recipients, rd.Address)
		}
	}
	return out, err
}

// stuck counts by state the messages that failed, and those that were ready
// before the given time and have not left.
func (s store) stuck(ctx context.Context, workspaceID int64, before time.Time) (map[DeliveryState]int64, error) {
	out := map[DeliveryState]int64{}
	_, err := db.All(ctx, s.d, func(row db.Row) (struct{}, error) {
		var state DeliveryState
		var n int64
		err := row.Scan(&state, &n)
		out[state] = n
		return struct{}{}, err
	}, "SELECT state, COUNT(*) FROM outbound WHERE workspace_id = $1 AND (state IN ('delayed', 'failed') OR state = 'queued' AND queued_at < $2) GROUP BY state", workspaceID, db.Micros(before))
	return out, err
}
