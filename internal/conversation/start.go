package conversation

import (
	"cmp"
	"context"
	"errors"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation/participant"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/text"
)

// NewConversation is what an agent writes to somebody first.
type NewConversation struct {
	InboxID    int64
	Subject    string
	ContactID  int64 // 0: whoever has the first address of To
	AssigneeID int64
	NewMessage
}

// Start writes to somebody first. The same client id of the same agent gives
// the same conversation.
func (r *Room) Start(ctx context.Context, actor account.Actor, n NewConversation) (Conversation, error) {
	const op = "conversation.Start"
	message, err := n.checked(op, r.clock.Now())
	if err != nil {
		return Conversation{}, err
	}
	n.NewMessage, n.Subject = message, text.Line(n.Subject, maxSubject)
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return Conversation{}, fault.Wrap(op, err)
	}
	if err := authorize(actor, scope, account.ConversationStart, Conversation{WorkspaceID: actor.WorkspaceID, InboxID: n.InboxID}); err != nil {
		return Conversation{}, err
	}
	inbox, err := r.inboxes.InboxOf(ctx, actor.WorkspaceID, n.InboxID)
	if err != nil {
		return Conversation{}, fault.InvalidField(op, "inbox_id", "There is no such inbox.")
	}
	own, err := r.inboxes.OwnAddresses(ctx, actor.WorkspaceID)
	if err != nil {
		return Conversation{}, fault.Wrap(op, err)
	}
	if n.AssigneeID != 0 {
		if err := r.maySee(ctx, op, actor.WorkspaceID, n.AssigneeID, n.InboxID); err != nil {
			return Conversation{}, err
		}
	}
	var id int64
	err = r.store.within(ctx, func(ctx context.Context) (err error) {
		id, err = r.start(ctx, actor, inbox, n, own)
		return err
	})
	if err != nil { // of two at once the other one may have been first
		same, look := r.started(ctx, actor, n, 0)
		if look != nil || same == 0 {
			return Conversation{}, fault.Wrap(op, err)
		}
		id = same
	}
	return r.view(ctx, op, actor, id)
}

// errStarted says that the same start has been committed meanwhile.
var errStarted = errors.New("started at the same time")

func (r *Room) start(ctx context.Context, actor account.Actor, inbox channel.Inbox, n NewConversation, own []string) (int64, error) {
	const op = "conversation.Start"
	if id, err := r.started(ctx, actor, n, 0); err != nil || id != 0 {
		return id, err
	}
	way, err := r.outbox.WayOut(ctx, inbox)
	if err != nil {
		return 0, err
	}
	if way.Answers == channel.AnswersInPlace {
		return 0, fault.InvalidField(op, "inbox_id", "In a chat the visitor begins. Choose an e-mail inbox.")
	}
	customer, err := r.recipient(ctx, actor, &n, own)
	if err != nil {
		return 0, err
	}
	c, err := r.begin(ctx, inbox, n.Subject, customer.ID, 0, actor.Event())
	if err != nil {
		return 0, err
	}
	customer.JoinedAt = c.CreatedAt
	if err := r.store.putParticipant(ctx, c, customer); err != nil {
		return 0, err
	}
	author, err := r.store.author(ctx, actor)
	if err != nil {
		return 0, err
	}
	m := draftMessage(c, author, KindReply, n.NewMessage)
	if err := address(c, &m, n.NewMessage, way, own, nil); err != nil {
		return 0, err
	}
	signature, err := r.store.signature(ctx, actor)
	if err != nil {
		return 0, err
	}
	if err := fill(&m, customer.Name, inbox, 0, signature); err != nil {
		return 0, err
	}
	if err := r.send(ctx, &c, actor, &m, n.NewMessage, inbox, way); err != nil {
		return 0, err
	}
	if n.AssigneeID != 0 {
		if err := r.setAssignee(ctx, &c, actor.Event(), n.AssigneeID); err != nil {
			return 0, err
		}
	}
	if err := r.store.save(ctx, &c); err != nil {
		return 0, err
	}
	// Taking its number has waited for others who start in this workspace.
	if id, err := r.started(ctx, actor, n, c.ID); err != nil || id != 0 {
		return 0, cmp.Or(err, errStarted)
	}
	return c.ID, nil
}

// started is the conversation other than one that actor has started with the
// client id of n; 0 when there is none.
func (r *Room) started(ctx context.Context, actor account.Actor, n NewConversation, one int64) (int64, error) {
	if n.ClientID == "" {
		return 0, nil
	}
	return r.store.startedBy(ctx, actor.WorkspaceID, n.ClientID, Author{Kind: actor.Kind, ID: actor.AgentID}, one)
}

// recipient is the customer a new conversation is with, and makes sure that
// they are addressed.
func (r *Room) recipient(ctx context.Context, actor account.Actor, n *NewConversation, own []string) (Participant, error) {
	const op = "conversation.Start"
	p := Participant{Kind: ByContact, Role: participant.Customer}
	if n.ContactID != 0 {
		c, err := r.contacts.Get(ctx, account.System(actor.WorkspaceID), n.ContactID)
		if err != nil {
			return p, fault.InvalidField(op, "contact_id", "There is no such customer.")
		}
		p.ID, p.Name, p.Address = c.ID, c.Name, channel.Fold(c.Address())
		if len(n.To) == 0 && p.Address != "" {
			n.To = []channel.Party{{Name: p.Name, Address: p.Address}}
		}
	}
	lists := participant.Addressed(own, n.To)
	if len(lists[0]) == 0 {
		return p, fault.InvalidField(op, "to", "Name at least one recipient outside the company's own inboxes.")
	}
	p.Address = lists[0][0].Address
	if p.ID == 0 {
		p.Name = lists[0][0].Name
		found, err := r.contacts.Identify(ctx, actor.WorkspaceID, contact.Email, p.Address, p.Name)
		if err != nil {
			return p, fault.InvalidField(op, "to", "Write an address such as ewa@harbour.example.")
		}
		p.ID = found.ContactID
	}
	return p, nil
}
