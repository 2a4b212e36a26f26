package conversation

import (
	"context"
	"fmt"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/words"
)

// Automatic is what the product writes by itself, to one person.
type Automatic struct {
	To         channel.Party
	Text       string
	Language   string
	HoldUntil  time.Time // zero: goes at once
	HoldReason string
}

// AutomaticSubject is the subject of such a mail. It repeats nothing that the
// customer wrote: whose address that was is not certain.
func AutomaticSubject(language string, number int64) string {
	return words.In(language, fmt.Sprintf(automaticSubject, number))
}

const automaticSubject = "We have received your message #%d"

// WriteAutomatic writes into a conversation in nobody's name, in the caller's
// transaction. It is neither an answer nor activity: status, assignee, the place
// in lists and what has been read stay as they are.
func (r *Room) WriteAutomatic(ctx context.Context, workspaceID, id int64, a Automatic) (m Message, err error) {
	system := account.System(workspaceID)
	err = r.store.within(ctx, func(ctx context.Context) error {
		c, err := r.store.lock(ctx, workspaceID, id)
		if err != nil {
			return err
		}
		m = draftMessage(c, Author{Kind: BySystem}, KindReply, NewMessage{Text: a.Text, Language: a.Language})
		m.Class, m.To = channel.AutoReply, []channel.Party{a.To}
		if err := r.enqueue(ctx, c, &m, channel.Dispatch{HoldUntil: a.HoldUntil, HoldReason: a.HoldReason}); err != nil {
			return err
		}
		if err := r.store.addMessage(ctx, &c, &m, r.clock.Now()); err != nil {
			return err
		}
		if err := r.store.stayRead(ctx, c); err != nil {
			return err
		}
		if err := r.announce(ctx, c, system.Event(), EventAutomatic, details{MessageID: m.ID, Position: m.Position}); err != nil {
			return err
		}
		return r.store.save(ctx, &c)
	})
	return m, fault.Wrap("conversation.WriteAutomatic", err)
}
