package conversation

import (
	"context"
	"regexp"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation/original"
	"rapport/internal/conversation/participant"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// original is whom the mail that begins a conversation names as its true sender,
// when a teammate has forwarded it; nil otherwise.
func (in arriving) original(fresh bool) *channel.Party {
	if !fresh || len(in.forwarder) == 0 {
		return nil
	}
	list := participant.Addressed(append(in.own, in.From.Address), []channel.Party{*in.Original})[0]
	if len(list) == 0 || !participant.Deliverable(list[0].Address) {
		return nil
	}
	return &list[0]
}

// Original is whom the forwarded mail that began a conversation names as its
// sender; NotFound when none does.
func (r *Room) Original(ctx context.Context, actor account.Actor, id int64) (original.Proposal, error) {
	const op = "conversation.Original"
	if _, err := r.sighted(ctx, actor, account.ConversationRead, id); err != nil {
		return original.Proposal{}, fault.Wrap(op, err)
	}
	p, err := r.store.original(ctx, actor.WorkspaceID, id)
	return p, fault.Wrap(op, err)
}

// TakeOriginal makes the original sender of a forwarded mail the customer: from
// then on answers go to them, and the teammate who forwarded it gets none. It is
// a Conflict when somebody has decided already.
func (r *Room) TakeOriginal(ctx context.Context, actor account.Actor, id int64) (Conversation, error) {
	const op = "conversation.TakeOriginal"
	p, err := r.Original(ctx, actor, id)
	if err != nil {
		return Conversation{}, fault.Wrap(op, err)
	}
	err = r.store.within(ctx, func(ctx context.Context) error {
		found, err := r.contacts.Identify(ctx, actor.WorkspaceID, contact.Email, p.Address, p.Name) // a contact is locked before its conversation
		if err != nil {
			return err
		}
		return r.locked(ctx, actor, account.ConversationSubject, id, func(ctx context.Context, c *Conversation) (bool, error) {
			p, err := r.decide(ctx, op, actor, *c, original.Taken)
			if err != nil {
				return false, err
			}
			if err := r.replaceCustomer(ctx, c, p, found.ContactID); err != nil {
				return false, err
			}
			from := c.ContactID
			c.ContactID = found.ContactID
			if err := r.announce(ctx, *c, actor.Event(), EventContacted, details{MessageID: p.MessageID, From: from, To: c.ContactID}); err != nil {
				return false, err
			}
			return true, r.unmarkForward(ctx, c, actor.Event())
		})
	})
	if err != nil {
		return Conversation{}, fault.Wrap(op, err)
	}
	return r.view(ctx, op, actor, id)
}

// DeclineOriginal leaves the teammate who forwarded a mail as the customer. It is
// a Conflict when somebody has decided already.
func (r *Room) DeclineOriginal(ctx context.Context, actor account.Actor, id int64) error {
	const op = "conversation.DeclineOriginal"
	return fault.Wrap(op, r.locked(ctx, actor, account.ConversationSubject, id, func(ctx context.Context, c *Conversation) (bool, error) {
		p, err := r.decide(ctx, op, actor, *c, original.Declined)
		if err != nil {
			return false, err
		}
		return false, r.announce(ctx, *c, actor.Event(), EventDeclined, details{MessageID: p.MessageID})
	}))
}

// decide ends the proposal of a locked conversation.
func (r *Room) decide(ctx context.Context, op string, actor account.Actor, c Conversation, as original.State) (original.Proposal, error) {
	p, err := r.store.original(ctx, c.WorkspaceID, c.ID)
	if err != nil {
		return p, err
	}
	if p.State != original.Proposed {
		return p, fault.New(op, fault.Conflict, "Somebody has decided this already. Look again.")
	}
	p.State, p.DecidedBy, p.DecidedAt = as, actor.AgentID, r.clock.Now()
	return p, r.store.decide(ctx, p)
}

// replaceCustomer lets the original sender take part in the forwarder's place.
// They have not written here, so nothing is quoted to them: the forwarder's words
// were for the team.
func (r *Room) replaceCustomer(ctx context.Context, c *Conversation, p original.Proposal, contactID int64) error {
	forward, err := r.store.message(ctx, c.WorkspaceID, p.MessageID)
	if err != nil {
		return err
	}
	if err := r.store.leave(ctx, *c, forward.Author.Address); err != nil {
		return err
	}
	return r.store.putParticipant(ctx, *c, Participant{Kind: ByContact, ID: contactID, Name: p.Name, Address: p.Address, Role: participant.Customer, JoinedAt: r.clock.Now()})
}

// forwardMark is what mail programs put before the subject of a forward.
var forwardMark = regexp.MustCompile(`(?i)^(?:\s*(?:fwd?|wg|tr|rv|pd|전달)\s*[:：])+\s*`)

// unmarkForward gives a conversation the subject that its customer knows.
func (r *Room) unmarkForward(ctx context.Context, c *Conversation, by event.Actor) error {
	subject := forwardMark.ReplaceAllString(c.Subject, "")
	if subject == c.Subject || subject == "" {
		return nil
	}
	c.Subject = subject
	if err := r.contacts.Keep(ctx, c.WorkspaceID, contact.ObjectConversation, c.ID, "subject", subject); err != nil {
		return err
	}
	return r.announce(ctx, *c, by, EventSubject, details{})
}
