package conversation

import (
	"context"
	"slices"

	"rapport/internal/account"
	"rapport/internal/contact"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/search"
	"rapport/internal/platform/text"
)

// SetStatus sets whose turn it is, and ends a snooze.
func (r *Room) SetStatus(ctx context.Context, actor account.Actor, id int64, status Status, version int64) (Conversation, error) {
	const op = "conversation.SetStatus"
	if !status.Valid() {
		return Conversation{}, fault.InvalidField(op, "status", "A status is open, pending, on_hold or closed.")
	}
	return r.change(ctx, op, actor, account.ConversationStatus, id, version, func(ctx context.Context, c *Conversation) (bool, error) {
		if c.Status == status && c.SnoozedUntil.IsZero() {
			return false, nil
		}
		if err := r.wake(ctx, c, actor.Event()); err != nil {
			return false, err
		}
		return true, r.moveStatus(ctx, c, actor.Event(), status)
	})
}

// SetPriority sets how urgent a conversation is.
func (r *Room) SetPriority(ctx context.Context, actor account.Actor, id int64, p Priority, version int64) (Conversation, error) {
	const op = "conversation.SetPriority"
	if !p.Valid() {
		return Conversation{}, fault.InvalidField(op, "priority", "A priority is low, normal, high or urgent.")
	}
	return r.change(ctx, op, actor, account.ConversationPriority, id, version, func(ctx context.Context, c *Conversation) (bool, error) {
		from := c.Priority
		if from == p {
			return false, nil
		}
		c.Priority = p
		return true, r.announce(ctx, *c, actor.Event(), EventPriority, details{From: from, To: p})
	})
}

// SetSubject renames a conversation. Its value stands in the field history, not
// in the event.
func (r *Room) SetSubject(ctx context.Context, actor account.Actor, id int64, subject string, version int64) (Conversation, error) {
	const op = "conversation.SetSubject"
	subject = text.Line(subject, maxSubject)
	return r.change(ctx, op, actor, account.ConversationSubject, id, version, func(ctx context.Context, c *Conversation) (bool, error) {
		if c.Subject == subject {
			return false, nil
		}
		c.Subject = subject
		if err := r.contacts.Keep(ctx, c.WorkspaceID, contact.ObjectConversation, c.ID, "subject", subject); err != nil {
			return false, err
		}
		return true, r.announce(ctx, *c, actor.Event(), EventSubject, details{})
	})
}

// SetTags replaces the tags of a conversation. Tags that differ only in case or
// marks are one.
func (r *Room) SetTags(ctx context.Context, actor account.Actor, id int64, tags []string, version int64) (Conversation, error) {
	const op = "conversation.SetTags"
	wanted := distinct(tags)
	if len(wanted) > maxTags {
		return Conversation{}, fault.InvalidField(op, "tags", "A conversation has at most 50 tags.")
	}
	return r.change(ctx, op, actor, account.ConversationTag, id, version, func(ctx context.Context, c *Conversation) (bool, error) {
		have, err := r.store.tags(ctx, c.WorkspaceID, c.ID)
		if err != nil {
			return false, err
		}
		added, removed := without(wanted, have), without(have, wanted)
		if len(added)+len(removed) == 0 {
			return false, nil
		}
		for _, tag := range removed {
			if err := r.store.dropTag(ctx, *c, tag); err != nil {
				return false, err
			}
		}
		for _, tag := range added {
			if err := r.store.addTag(ctx, *c, tag); err != nil {
				return false, err
			}
		}
		return true, r.announce(ctx, *c, actor.Event(), EventTagged, details{Added: added, Removed: removed})
	})
}

// distinct tidies tags and keeps the first of each.
func distinct(tags []string) []string {
	var out []string
	for _, tag := range tags {
		if tag = text.Line(tag, maxTag); tag != "" {
			out = append(out, without([]string{tag}, out)...)
		}
	}
	return out
}

// without lists the tags of a that b does not have.
func without(a, b []string) []string {
	var out []string
	for _, tag := range a {
		if !slices.ContainsFunc(b, func(t string) bool { return search.Fold(t) == search.Fold(tag) }) {
			out = append(out, tag)
		}
	}
	return out
}

// MarkSpam puts a conversation aside as spam, or takes it back.
func (r *Room) MarkSpam(ctx context.Context, actor account.Actor, id int64, spam bool, version int64) (Conversation, error) {
	return r.change(ctx, "conversation.MarkSpam", actor, account.ConversationSpam, id, version, func(ctx context.Context, c *Conversation) (bool, error) {
		if c.Spam == spam {
			return false, nil
		}
		c.Spam = spam
		return true, r.announce(ctx, *c, actor.Event(), EventSpam, details{To: spam})
	})
}

// SetContact says who the customer of a conversation is. Who takes part stays.
func (r *Room) SetContact(ctx context.Context, actor account.Actor, id, contactID, version int64) (Conversation, error) {
	const op = "conversation.SetContact"
	if _, err := r.contacts.Get(ctx, account.System(actor.WorkspaceID), contactID); err != nil {
		return Conversation{}, fault.InvalidField(op, "contact_id", "There is no such customer.")
	}
	return r.change(ctx, op, actor, account.ConversationSubject, id, version, func(ctx context.Context, c *Conversation) (bool, error) {
		from := c.ContactID
		if from == contactID {
			return false, nil
		}
		c.ContactID = contactID
		return true, r.announce(ctx, *c, actor.Event(), EventContacted, details{From: from, To: contactID})
	})
}

// MarkRead sets how far actor has read; a lower position makes a conversation
// unread again. It is no event.
func (r *Room) MarkRead(ctx context.Context, actor account.Actor, id, position int64) (Conversation, error) {
	const op = "conversation.MarkRead"
	c, err := r.sighted(ctx, actor, account.ConversationMark, id)
	if err == nil {
		err = r.store.markRead(ctx, c.WorkspaceID, actor.AgentID, id, min(max(position, 0), c.LastPosition))
	}
	if err != nil {
		return Conversation{}, fault.Wrap(op, err)
	}
	return r.view(ctx, op, actor, id)
}

// Delete removes a conversation for ever, with its messages, files and drafts.
// A mail of it that still lies on a server stays away: its receipt remains.
func (r *Room) Delete(ctx context.Context, actor account.Actor, id int64) error {
	const op = "conversation.Delete"
	return fault.Wrap(op, r.locked(ctx, actor, account.ConversationDelete, id, func(ctx context.Context, c *Conversation) (bool, error) {
		owners, err := r.store.owners(ctx, *c)
		if err != nil {
			return false, err
		}
		for _, m := range owners {
			if m.OutboundID != 0 {
				if _, err := r.outbox.Cancel(ctx, c.WorkspaceID, m.OutboundID); err != nil {
					return false, err
				}
			}
			if err := r.files.Erase(ctx, c.WorkspaceID, BlobOwner, m.ID); err != nil {
				return false, err
			}
		}
		if err := r.contacts.Forget(ctx, c.WorkspaceID, contact.ObjectConversation, c.ID); err != nil {
			return false, err
		}
		if err := r.store.remove(ctx, *c); err != nil {
			return false, err
		}
		return false, r.announce(ctx, *c, actor.Event(), EventDeleted, details{})
	}))
}
