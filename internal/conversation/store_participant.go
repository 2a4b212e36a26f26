package conversation

import (
	"context"
	"strconv"

	"rapport/internal/platform/db"
)

func (p Participant) key() string {
	switch {
	case p.Kind == ByAgent:
		return strconv.FormatInt(p.ID, 10)
	case p.Address == "":
		return "#" + strconv.FormatInt(p.ID, 10)
	}
	return p.Address
}

// participants returns who takes part, in the order they joined.
func (s store) participants(ctx context.Context, workspaceID, conversationID int64) ([]Participant, error) {
	all := AskParticipants(workspaceID, conversationID)
	err := db.Gather(ctx, s.d, all)
	return all.Rows, err
}

// AskParticipants asks who takes part in a conversation, in the order they joined.
func AskParticipants(workspaceID, conversationID int64) *db.Asked[Participant] {
	return db.Ask(func(r db.Row) (p Participant, err error) {
		var at int64
		err = r.Scan(&p.Kind, &p.ID, &p.Name, &p.Address, &p.Role, &p.Proof, &at)
		p.JoinedAt = db.Time(at)
		return p, err
	}, `SELECT kind, party_id, name, address, role, proof, joined_at FROM participants WHERE workspace_id = $1 AND conversation_id = $2
		ORDER BY joined_at, kind, address_key`, workspaceID, conversationID)
}

// putParticipant adds somebody or notes their newest name, role and proof.
func (s store) putParticipant(ctx context.Context, c Conversation, p Participant) error {
	return db.Do(ctx, s.d, `INSERT INTO participants (workspace_id, conversation_id, kind, address_key, party_id, name, address, role, proof, joined_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)
		ON CONFLICT (workspace_id, conversation_id, kind, address_key) DO UPDATE SET
			party_id = CASE WHEN excluded.party_id = 0 THEN participants.party_id ELSE excluded.party_id END,
			name = CASE WHEN excluded.name = '' THEN participants.name ELSE excluded.name END, role = excluded.role, proof = excluded.proof`,
		c.WorkspaceID, c.ID, p.Kind, p.key(), p.ID, p.Name, p.Address, string(p.Role), string(p.Proof), db.Micros(p.JoinedAt))
}

// inviteParticipant adds somebody who may take part already.
func (s store) inviteParticipant(ctx context.Context, c Conversation, p Participant) error {
	return db.Do(ctx, s.d, `INSERT INTO participants (workspace_id, conversation_id, kind, address_key, party_id, name, address, role, proof, joined_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) ON CONFLICT DO NOTHING`,
		c.WorkspaceID, c.ID, p.Kind, p.key(), p.ID, p.Name, p.Address, string(p.Role), string(p.Proof), db.Micros(p.JoinedAt))
}
