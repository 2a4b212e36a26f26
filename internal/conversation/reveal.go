package conversation

import (
	"context"
	"slices"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation/masking"
	"rapport/internal/platform/fault"
)

// Reveal tells what a masked message said, and writes into the conversation's
// history who has read it. It is NotFound for a message that is not masked.
func (r *Room) Reveal(ctx context.Context, actor account.Actor, id, messageID int64) (words masking.Words, err error) {
	const op = "conversation.Reveal"
	err = r.locked(ctx, actor, account.Reveal, id, func(ctx context.Context, c *Conversation) (bool, error) {
		m, err := r.store.message(ctx, c.WorkspaceID, messageID)
		if err != nil {
			return false, err
		}
		if m.ConversationID != c.ID {
			return false, fault.New(op, fault.NotFound, "")
		}
		if words, err = r.store.revealed(ctx, m); err != nil {
			return false, err
		}
		return false, r.announce(ctx, *c, actor.Event(), EventRevealed, details{MessageID: m.ID, Position: m.Position})
	})
	if err != nil {
		return masking.Words{}, fault.Wrap(op, err)
	}
	return words, nil
}

// Disclosed reveals what a mail that somebody gets as it came said in a masked
// message: whoever may not reveal that does not get it, and the history tells who
// did. The same mail again, which became no message of its own, says it too.
func (r *Room) Disclosed(ctx context.Context, actor account.Actor, receipt channel.Receipt) error {
	const op = "conversation.Disclosed"
	if receipt.ConversationID == 0 {
		return nil
	}
	ids, err := r.store.maskedFrom(ctx, receipt)
	for _, id := range ids {
		if err == nil {
			_, err = r.Reveal(ctx, actor, receipt.ConversationID, id)
		}
	}
	return fault.Wrap(op, err)
}

// explainMasks tells of masked messages why they are.
func (r *Room) explainMasks(ctx context.Context, workspaceID int64, list []Message) error {
	var ids []int64
	for _, m := range list {
		if m.masked() {
			ids = append(ids, m.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	why, err := r.store.masked(ctx, workspaceID, ids)
	for i, m := range list {
		if w, ok := why[m.ID]; ok {
			list[i].Masked = &w
		}
	}
	return err
}

// masked reports whether the words of m are kept apart.
func (m Message) masked() bool { return slices.Contains(m.Flags, FlagMasked) }
