package httpapi

import (
	"context"
	"slices"
	"time"

	"rapport/internal/account"
	"rapport/internal/conversation"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/meanwhile"
	"rapport/internal/httpapi/shape"
)

// What is set about a conversation. Was is what it was for whoever set it: when
// somebody else has set it since, the answer is 409 and says what it is now.

type SetAssignee struct {
	AssigneeID *int64              `json:"assignee_id"`
	Was        shape.Change[int64] `json:"was,omitempty"`
	meanwhile.Wish
}

type SetTeam struct {
	TeamID *int64              `json:"team_id"`
	Was    shape.Change[int64] `json:"was,omitempty"`
	meanwhile.Wish
}

type SetStatus struct {
	Status string `json:"status" enum:"open,pending,on_hold,closed"`
	Was    string `json:"was,omitempty" enum:"open,pending,on_hold,closed"`
	meanwhile.Wish
}

type SetPriority struct {
	Priority string `json:"priority" enum:"low,normal,high,urgent"`
	Was      string `json:"was,omitempty" enum:"low,normal,high,urgent"`
	meanwhile.Wish
}

type SetSnooze struct {
	SnoozedUntil *time.Time              `json:"snoozed_until"`
	Was          shape.Change[time.Time] `json:"was,omitempty"`
	meanwhile.Wish
}

type SetTags struct {
	Tags []string  `json:"tags" maxItems:"100"`
	Was  *[]string `json:"was,omitempty" maxItems:"100" doc:"What the sender added to these and took from them is done; what others did stays."`
	meanwhile.Wish
}

type SetSubject struct {
	Subject string  `json:"subject"`
	Was     *string `json:"was,omitempty"`
	meanwhile.Wish
}

type SetSpam struct {
	Spam bool  `json:"spam"`
	Was  *bool `json:"was,omitempty"`
	meanwhile.Wish
}

// was is what somebody believes a field to be, or nil.
func was[T any](given bool, v T) any {
	if !given {
		return nil
	}
	return v
}

func (s *Server) changed(ctx context.Context, id int64, w meanwhile.Wish, f meanwhile.Field, set func(context.Context, conversation.Conversation) (conversation.Conversation, error)) (*shape.Body[Conversation], error) {
	desk := meanwhile.Desk{Accounts: s.Accounts, Conversations: s.Conversations, Operations: s.operations}
	return conversationAnswer(desk.Change(ctx, id, w, f, set))
}

func (s *Server) setAssignee(ctx context.Context, in *shape.On[SetAssignee]) (*shape.Body[Conversation], error) {
	b, to := in.Body, shape.Value(in.Body.AssigneeID)
	f := meanwhile.Field{Action: account.ConversationAssign, Event: conversation.EventAssigned, Was: was(b.Was.Given, b.Was.Value), To: to,
		Of: func(c conversation.Conversation) any { return c.AssigneeID }}
	return s.changed(ctx, in.ID, b.Wish, f, func(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
		return s.Conversations.Assign(ctx, gate.Actor(ctx), in.ID, conversation.Assignment{AgentID: &to, Version: c.Version})
	})
}

func (s *Server) setTeam(ctx context.Context, in *shape.On[SetTeam]) (*shape.Body[Conversation], error) {
	b, to := in.Body, shape.Value(in.Body.TeamID)
	f := meanwhile.Field{Action: account.ConversationAssign, Event: conversation.EventTeamed, Was: was(b.Was.Given, b.Was.Value), To: to,
		Of: func(c conversation.Conversation) any { return c.TeamID }}
	return s.changed(ctx, in.ID, b.Wish, f, func(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
		return s.Conversations.Assign(ctx, gate.Actor(ctx), in.ID, conversation.Assignment{TeamID: &to, Version: c.Version})
	})
}

func (s *Server) setStatus(ctx context.Context, in *shape.On[SetStatus]) (*shape.Body[Conversation], error) {
	b := in.Body
	f := meanwhile.Field{Action: account.ConversationStatus, Event: conversation.EventStatus, Was: was(b.Was != "", b.Was), To: b.Status,
		Of: func(c conversation.Conversation) any { return string(c.Status) }}
	return s.changed(ctx, in.ID, b.Wish, f, func(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
		return s.Conversations.SetStatus(ctx, gate.Actor(ctx), in.ID, conversation.Status(b.Status), c.Version)
	})
}

func (s *Server) setPriority(ctx context.Context, in *shape.On[SetPriority]) (*shape.Body[Conversation], error) {
	b := in.Body
	f := meanwhile.Field{Action: account.ConversationPriority, Event: conversation.EventPriority, Was: was(b.Was != "", b.Was), To: b.Priority,
		Of: func(c conversation.Conversation) any { return string(c.Priority) }}
	return s.changed(ctx, in.ID, b.Wish, f, func(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
		return s.Conversations.SetPriority(ctx, gate.Actor(ctx), in.ID, conversation.Priority(b.Priority), c.Version)
	})
}

func (s *Server) setSnooze(ctx context.Context, in *shape.On[SetSnooze]) (*shape.Body[Conversation], error) {
	b, to := in.Body, shape.Value(in.Body.SnoozedUntil)
	f := meanwhile.Field{Action: account.ConversationSnooze, Event: conversation.EventSnoozed, Was: was(b.Was.Given, moment(b.Was.Value)), To: moment(to),
		Of: func(c conversation.Conversation) any { return moment(c.SnoozedUntil) }}
	return s.changed(ctx, in.ID, b.Wish, f, func(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
		return s.Conversations.Snooze(ctx, gate.Actor(ctx), in.ID, to, c.Version)
	})
}

// moment is a time as JSON carries it, nil for none.
func moment(t time.Time) any {
	if t.IsZero() {
		return (*string)(nil)
	}
	return t.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)
}

func (s *Server) setTags(ctx context.Context, in *shape.On[SetTags]) (*shape.Body[Conversation], error) {
	b := in.Body
	f := meanwhile.Field{Action: account.ConversationTag, Event: conversation.EventTagged, Was: was(b.Was != nil, true), To: true,
		Of: func(conversation.Conversation) any { return true }} // tags of several people stand beside one another
	return s.changed(ctx, in.ID, b.Wish, f, func(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
		tags := b.Tags
		if b.Was != nil {
			tags = merged(*b.Was, b.Tags, c.Tags)
		}
		return s.Conversations.SetTags(ctx, gate.Actor(ctx), in.ID, tags, c.Version)
	})
}

// merged does to now what somebody did who made to out of was.
func merged(was, to, now []string) []string {
	kept := slices.DeleteFunc(slices.Clone(now), func(tag string) bool { return slices.Contains(was, tag) && !slices.Contains(to, tag) })
	for _, tag := range to {
		if !slices.Contains(was, tag) && !slices.Contains(kept, tag) {
			kept = append(kept, tag)
		}
	}
	return kept
}

func (s *Server) setSubject(ctx context.Context, in *shape.On[SetSubject]) (*shape.Body[Conversation], error) {
	b := in.Body
	f := meanwhile.Field{Action: account.ConversationSubject, Event: conversation.EventSubject, Was: was(b.Was != nil, shape.Value(b.Was)), To: b.Subject,
		Of: func(c conversation.Conversation) any { return c.Subject }}
	return s.changed(ctx, in.ID, b.Wish, f, func(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
		return s.Conversations.SetSubject(ctx, gate.Actor(ctx), in.ID, b.Subject, c.Version)
	})
}

func (s *Server) setSpam(ctx context.Context, in *shape.On[SetSpam]) (*shape.Body[Conversation], error) {
	b := in.Body
	f := meanwhile.Field{Action: account.ConversationSpam, Event: conversation.EventSpam, Was: was(b.Was != nil, shape.Value(b.Was)), To: b.Spam,
		Of: func(c conversation.Conversation) any { return c.Spam }}
	return s.changed(ctx, in.ID, b.Wish, f, func(ctx context.Context, c conversation.Conversation) (conversation.Conversation, error) {
		return s.Conversations.MarkSpam(ctx, gate.Actor(ctx), in.ID, b.Spam, c.Version)
	})
}
