package outreach

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/platform/fault"
)

// Sender is whose news a proof leads out of, and the language they speak. A
// proof that is not ours is NotFound. Nothing changes.
func (r *Room) Sender(ctx context.Context, proof string) (company, language string, err error) {
	const op = "outreach.Sender"
	n, err := r.named(ctx, proof)
	if err != nil {
		return "", "", fault.Wrap(op, err)
	}
	company, language, err = r.Company(ctx, n.WorkspaceID)
	return company, language, fault.Wrap(op, err)
}

// Unsubscribe takes the one whom a proof names out of all news of the company. To
// do so again changes nothing.
func (r *Room) Unsubscribe(ctx context.Context, proof string) error {
	const op = "outreach.Unsubscribe"
	n, err := r.named(ctx, proof)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, r.refuse(ctx, n))
}

// Receive places what comes in, and first takes out whoever has written to their
// way out, in the transaction of intake. A mail that does so and says nothing else
// needs no answer: the conversation it begins is closed.
func (r *Room) Receive(ctx context.Context, in channel.Inbound) (channel.Placed, error) {
	const op = "outreach.Receive"
	left := false
	if in.Unsubscribes != 0 {
		n, err := r.store.news(ctx, in.Unsubscribes)
		if left = err == nil && n.WorkspaceID == in.WorkspaceID; left {
			err = r.refuse(ctx, n)
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return channel.Placed{}, fault.Wrap(op, err)
		}
	}
	placed, err := r.Conversations.Receive(ctx, in)
	if err == nil && left && placed.Begun && in.Class != channel.Human {
		_, err = r.Conversations.SetStatus(ctx, account.System(in.WorkspaceID), placed.ConversationID, conversation.Closed, 0)
	}
	return placed, fault.Wrap(op, err)
}

// Refused passes on that an address is not known to its server.
func (r *Room) Refused(ctx context.Context, workspaceID int64, one channel.BouncedRecipient) error {
	return r.Conversations.Refused(ctx, workspaceID, one)
}

// Disclosed passes on that somebody gets a mail as it came.
func (r *Room) Disclosed(ctx context.Context, actor account.Actor, receipt channel.Receipt) error {
	return r.Conversations.Disclosed(ctx, actor, receipt)
}

func (r *Room) named(ctx context.Context, proof string) (news, error) {
	id, ok := r.Open(proof)
	if !ok {
		return news{}, fault.New("outreach.named", fault.NotFound, "")
	}
	return r.store.news(ctx, id)
}

func (r *Room) refuse(ctx context.Context, n news) error {
	return r.Contacts.Suppress(ctx, n.WorkspaceID, contact.Suppression{Address: n.Address, Cause: contact.CauseNews})
}
