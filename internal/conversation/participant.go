package conversation

import (
	"context"

	"rapport/internal/channel"
	"rapport/internal/conversation/participant"
)

// Participant is somebody who takes part in a conversation.
type Participant = participant.Participant

// Correspond notes, in the caller's transaction, that the customer of a
// conversation without mail is written to by mail: what comes back from that
// address is theirs.
func (r *Room) Correspond(ctx context.Context, workspaceID, id, contactID int64, p channel.Party, proven bool) error {
	known, err := r.store.participants(ctx, workspaceID, id)
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.Kind == ByContact && k.ID == contactID && k.Address == p.Address && k.Role == participant.Customer {
			return nil
		}
	}
	proof := channel.ProofTyped
	if proven {
		proof = channel.ProofUnchecked
	}
	return r.store.putParticipant(ctx, Conversation{WorkspaceID: workspaceID, ID: id},
		Participant{Kind: ByContact, ID: contactID, Name: p.Name, Address: p.Address, Role: participant.Customer, Proof: proof, JoinedAt: r.clock.Now()})
}
