package participant

import (
	"context"
	"strconv"

	"rapport/internal/platform/db"
)

func (p Participant) key() string {
	switch {
	case p.Kind == Agent:
		return strconv.FormatInt(p.ID, 10)
	case p.Address == "":
		return "#" + strconv.FormatInt(p.ID, 10)
	}
	return p.Address
}

// Ask asks who takes part in a conversation, in the order they joined.
func Ask(workspaceID, conversationID int64) *db.Asked[Participant] {
	return db.Ask(func(r db.Row) (p Participant, err error) {
		var at int64
		err = r.Scan(&p.Kind, &p.ID, &p.Name, &p.Address, &p.Role, &p.Proof, &at)
		p.JoinedAt = db.Time(at)
		return p, err
	}, `SELECT kind, party_id, name, address, role, proof, joined_at FROM participants WHERE workspace_id = $1 AND conversation_id = $2
		ORDER BY joined_at, kind, address_key`, workspaceID, conversationID)
}

// Put adds somebody or notes their newest name, role and proof, in the caller's
// transaction.
func Put(ctx context.Context, d *db.DB, workspaceID, conversationID int64, p Participant) error {
	return db.Do(ctx, d, `INSERT INTO participants (workspace_id, conversation_id, kind, address_key, party_id, name, address, role, proof, joined_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)
		ON CONFLICT (workspace_id, conversation_id, kind, address_key) DO UPDATE SET
			party_id = CASE WHEN excluded.party_id = 0 THEN participants.party_id ELSE excluded.party_id END,
			name = CASE WHEN excluded.name = '' THEN participants.name ELSE excluded.name END, role = excluded.role, proof = excluded.proof`,
		workspaceID, conversationID, p.Kind, p.key(), p.ID, p.Name, p.Address, string(p.Role), string(p.Proof), db.Micros(p.JoinedAt))
}

// Invite adds somebody who may take part already, in the caller's transaction.
func Invite(ctx context.Context, d *db.DB, workspaceID, conversationID int64, p Participant) error {
	return db.Do(ctx, d, `INSERT INTO participants (workspace_id, conversation_id, kind, address_key, party_id, name, address, role, proof, joined_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) ON CONFLICT DO NOTHING`,
		workspaceID, conversationID, p.Kind, p.key(), p.ID, p.Name, p.Address, string(p.Role), string(p.Proof), db.Micros(p.JoinedAt))
}

// Leave lets an address outside take part no longer, in the caller's transaction.
func Leave(ctx context.Context, d *db.DB, workspaceID, conversationID int64, address string) error {
	return db.Do(ctx, d, "DELETE FROM participants WHERE workspace_id = $1 AND conversation_id = $2 AND kind = 'contact' AND address_key = $3", workspaceID, conversationID, address)
}
