package bulk

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"rapport/internal/account"
	"rapport/internal/conversation"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/search"
)

// What a change may do.
const (
	DoStatus   = "status"
	DoAssignee = "assignee"
	DoTeam     = "team"
	DoPriority = "priority"
	DoTags     = "tags"
	DoSnooze   = "snooze"
	DoSpam     = "spam"
)

// Change is the one thing that is done to each conversation: Do says which of
// the fields is meant.
type Change struct {
	Do       string                `json:"do"`
	Status   conversation.Status   `json:"status,omitempty"`
	AgentID  int64                 `json:"agent_id,omitempty"` // 0: nobody
	TeamID   int64                 `json:"team_id,omitempty"`  // 0: none
	Priority conversation.Priority `json:"priority,omitempty"`
	Add      []string              `json:"add,omitempty"`
	Remove   []string              `json:"remove,omitempty"`
	Until    time.Time             `json:"until,omitzero"` // zero: awake
	Spam     bool                  `json:"spam,omitempty"`
}

// Before is what a conversation was before a change: enough to bring it back.
type Before struct {
	Status   conversation.Status   `json:"status"`
	AgentID  int64                 `json:"agent_id,omitempty"`
	TeamID   int64                 `json:"team_id,omitempty"`
	Priority conversation.Priority `json:"priority"`
	Tags     []string              `json:"tags,omitempty"`
	Until    time.Time             `json:"until,omitzero"`
	Spam     bool                  `json:"spam,omitempty"`
}

func beforeOf(c conversation.Conversation) Before {
	return Before{c.Status, c.AssigneeID, c.TeamID, c.Priority, c.Tags, c.SnoozedUntil, c.Spam}
}

// action is the right that a change needs; "" for none that there is.
func (c Change) action() account.Action {
	return map[string]account.Action{DoStatus: account.ConversationStatus, DoAssignee: account.ConversationAssign, DoTeam: account.ConversationAssign,
		DoPriority: account.ConversationPriority, DoTags: account.ConversationTag, DoSnooze: account.ConversationSnooze, DoSpam: account.ConversationSpam}[c.Do]
}

func (c Change) json() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// make does the change to a conversation as it is now, by the verb that does it
// to one.
func (r *Room) make(ctx context.Context, actor account.Actor, c Change, now conversation.Conversation) (conversation.Conversation, error) {
	to := r.conversations
	switch c.Do {
	case DoStatus:
		return to.SetStatus(ctx, actor, now.ID, c.Status, now.Version)
	case DoAssignee:
		return to.Assign(ctx, actor, now.ID, conversation.Assignment{AgentID: &c.AgentID, Version: now.Version})
	case DoTeam:
		return to.Assign(ctx, actor, now.ID, conversation.Assignment{TeamID: &c.TeamID, Version: now.Version})
	case DoPriority:
		return to.SetPriority(ctx, actor, now.ID, c.Priority, now.Version)
	case DoTags:
		return to.SetTags(ctx, actor, now.ID, slices.Concat(without(now.Tags, c.Remove), without(c.Add, now.Tags)), now.Version)
	case DoSnooze:
		return to.Snooze(ctx, actor, now.ID, c.Until, now.Version)
	case DoSpam:
		return to.MarkSpam(ctx, actor, now.ID, c.Spam, now.Version)
	}
	return now, fault.InvalidField("bulk.make", "do", "There is no such change.")
}

// stands reports whether a conversation is still as the change has left it, so
// that taking it back overwrites nobody's work.
func (c Change) stands(now conversation.Conversation) bool {
	switch c.Do {
	case DoStatus:
		return now.Status == c.Status && now.SnoozedUntil.IsZero()
	case DoAssignee:
		return now.AssigneeID == c.AgentID
	case DoTeam:
		return now.TeamID == c.TeamID
	case DoPriority:
		return now.Priority == c.Priority
	case DoSnooze:
		return now.SnoozedUntil.Equal(c.Until)
	case DoSpam:
		return now.Spam == c.Spam
	}
	return true // tags go and come one by one
}

// takeBack brings a conversation that stands as the change has left it back to
// what it was.
func (r *Room) takeBack(ctx context.Context, actor account.Actor, c Change, was Before, now conversation.Conversation) (conversation.Conversation, error) {
	back := Change{Do: c.Do, Status: was.Status, AgentID: was.AgentID, TeamID: was.TeamID, Priority: was.Priority, Spam: was.Spam}
	switch c.Do {
	case DoTags:
		back.Remove, back.Add = without(c.Add, was.Tags), without(was.Tags, without(was.Tags, c.Remove))
		return r.make(ctx, actor, back, now)
	case DoStatus, DoSnooze:
		back.Do = DoStatus // ends a snooze too
		then, err := r.make(ctx, actor, back, now)
		if err != nil || !was.Until.After(r.clock.Now()) {
			return then, err
		}
		return r.conversations.Snooze(ctx, actor, now.ID, was.Until, then.Version)
	}
	return r.make(ctx, actor, back, now)
}

// without lists the tags of a that b does not have.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(tag string) bool {
		return slices.ContainsFunc(b, func(other string) bool { return search.Fold(other) == search.Fold(tag) })
	})
}
