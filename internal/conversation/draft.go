package conversation

import (
	"context"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/safehtml"
	"rapport/internal/platform/text"
)

// Content is what a draft holds.
type Content struct {
	Text        string          `json:"text,omitempty"`
	HTML        string          `json:"html,omitempty"`
	To          []channel.Party `json:"to,omitempty"`
	Cc          []channel.Party `json:"cc,omitempty"`
	Bcc         []channel.Party `json:"bcc,omitempty"`
	Attachments []int64         `json:"attachments,omitempty"`
}

// Draft is what an agent has begun to write; only they see it.
type Draft struct {
	ConversationID int64
	Kind           string // KindReply or KindNote
	Content
	UpdatedAt time.Time
	Version   int64
}

// SaveDraft keeps what actor has written so far. A version other than 0 is the
// one that was read; when it has moved nothing is saved.
func (r *Room) SaveDraft(ctx context.Context, actor account.Actor, d Draft) (Draft, error) {
	const op = "conversation.SaveDraft"
	action, err := draftAction(op, d.Kind)
	if err != nil {
		return d, err
	}
	if _, err := r.sighted(ctx, actor, action, d.ConversationID); err != nil {
		return d, fault.Wrap(op, err)
	}
	d.Text, d.HTML = text.Whole(d.Text), safehtml.Clean(text.Whole(d.HTML))
	if len(d.Text) > maxText || len(d.HTML) > 4*maxText || len(d.Attachments) > maxFiles || len(d.To)+len(d.Cc)+len(d.Bcc) > maxRecipients {
		return d, fault.New(op, fault.TooLarge, "This draft is too long to be kept.")
	}
	err = r.store.within(ctx, func(ctx context.Context) error {
		if d.Version != 0 {
			have, err := r.store.draft(ctx, actor.WorkspaceID, actor.AgentID, d.ConversationID, d.Kind)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			if have.Version != d.Version {
				return fault.New(op, fault.Conflict, "This draft was changed in another window.")
			}
		}
		saved, err := r.store.putDraft(ctx, actor.WorkspaceID, actor.AgentID, d, r.clock.Now())
		d = saved
		return err
	})
	return d, fault.Wrap(op, err)
}

func draftAction(op, kind string) (account.Action, error) {
	switch kind {
	case KindReply:
		return account.DraftReply, nil
	case KindNote:
		return account.DraftNote, nil
	}
	return "", fault.InvalidField(op, "kind", "A draft is of a reply or a note.")
}

// GetDraft returns actor's draft; none is NotFound.
func (r *Room) GetDraft(ctx context.Context, actor account.Actor, id int64, kind string) (Draft, error) {
	const op = "conversation.GetDraft"
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return Draft{}, fault.Wrap(op, err)
	}
	c, d, err := r.store.draftIn(ctx, actor.WorkspaceID, actor.AgentID, id, kind)
	if err == nil {
		err = authorize(actor, scope, account.ConversationRead, c)
	}
	if err != nil {
		return Draft{}, fault.Wrap(op, err)
	}
	return d, nil
}

// DeleteDraft throws actor's draft away; there may be none.
func (r *Room) DeleteDraft(ctx context.Context, actor account.Actor, id int64, kind string) error {
	return fault.Wrap("conversation.DeleteDraft", r.store.dropDraft(ctx, actor.WorkspaceID, actor.AgentID, id, kind))
}

// ListDrafts returns actor's drafts in conversations they still see, newest
// first, at most 100.
func (r *Room) ListDrafts(ctx context.Context, actor account.Actor) ([]Draft, error) {
	const op = "conversation.ListDrafts"
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	list, err := r.store.drafts(ctx, actor.WorkspaceID, actor.AgentID, scope)
	return list, fault.Wrap(op, err)
}
