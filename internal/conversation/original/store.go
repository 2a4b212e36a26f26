package original

import (
	"context"

	"rapport/internal/platform/db"
	"rapport/internal/platform/doctor"
)

// Propose keeps a proposal, in the caller's transaction.
func Propose(ctx context.Context, d *db.DB, p Proposal) error {
	return db.Do(ctx, d, `INSERT INTO forwarded_originals (workspace_id, conversation_id, message_id, forwarder_id, name, address, state, decided_by, decided_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,0,0)`, p.WorkspaceID, p.ConversationID, p.MessageID, p.ForwarderID, p.Name, p.Address, string(Proposed))
}

// Of is the proposal of a conversation; NotFound without one.
func Of(ctx context.Context, d *db.DB, workspaceID, conversationID int64) (Proposal, error) {
	return db.One(ctx, d, func(r db.Row) (p Proposal, err error) {
		var at int64
		err = r.Scan(&p.WorkspaceID, &p.ConversationID, &p.MessageID, &p.ForwarderID, &p.Forwarder, &p.Name, &p.Address, &p.State, &p.DecidedBy, &at)
		p.DecidedAt = db.Time(at)
		return p, err
	}, `SELECT o.workspace_id, o.conversation_id, o.message_id, o.forwarder_id, COALESCE(a.name, ''), o.name, o.address, o.state, o.decided_by, o.decided_at
		FROM forwarded_originals o LEFT JOIN agents a ON a.workspace_id = o.workspace_id AND a.id = o.forwarder_id
		WHERE o.workspace_id = $1 AND o.conversation_id = $2`, workspaceID, conversationID)
}

// Decide writes down what became of a proposal, in the caller's transaction.
func Decide(ctx context.Context, d *db.DB, p Proposal) error {
	return db.Do(ctx, d, "UPDATE forwarded_originals SET state = $3, decided_by = $4, decided_at = $5 WHERE workspace_id = $1 AND conversation_id = $2",
		p.WorkspaceID, p.ConversationID, string(p.State), p.DecidedBy, db.Micros(p.DecidedAt))
}

// AskForwarder asks for the active teammate whose address a mail comes from.
func AskForwarder(workspaceID int64, address string) *db.Asked[int64] {
	return db.Ask(db.Int64, `SELECT a.id FROM logins l JOIN agents a ON a.login_id = l.id WHERE l.email_key = $2 AND a.workspace_id = $1 AND a.state = 'active'`, workspaceID, address)
}

// Checks are what always holds of proposals.
func Checks(d *db.DB) []doctor.Check {
	return []doctor.Check{{Name: "forwarded.original", Says: "whom a forwarded mail names is proposed in a conversation that exists", Find: db.Finds(d,
		`SELECT 'a forwarded mail of conversation ' || o.conversation_id FROM forwarded_originals o
		WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = o.workspace_id AND m.id = o.message_id AND m.conversation_id = o.conversation_id)`)}}
}
