package automation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rapport/internal/account"
	"rapport/internal/conversation"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
	"rapport/internal/platform/text"
	"rapport/internal/platform/variable"
)

// Action is one thing that is done to a conversation. Do names it; of the rest it
// uses what belongs to it.
type Action struct {
	Do       string   `json:"do"`
	Text     string   `json:"text,omitempty"`     // of a reply or a note
	HTML     string   `json:"html,omitempty"`     // of a reply; "": it has no looks
	Me       bool     `json:"me,omitempty"`       // assign: to whoever runs it
	AgentID  int64    `json:"agent_id,omitempty"` // assign; 0: to nobody
	TeamID   int64    `json:"team_id,omitempty"`  // team; 0: to none
	Add      []string `json:"add,omitempty"`      // tags
	Remove   []string `json:"remove,omitempty"`
	Status   string   `json:"status,omitempty"`
	Priority string   `json:"priority,omitempty"`
	Until    string   `json:"until,omitempty"` // snooze: one of Moments
}

// Names of actions.
const (
	DoReply    = "reply" // its text is handed back, never sent
	DoNote     = "note"
	DoAssign   = "assign"
	DoTeam     = "team"
	DoTags     = "tags"
	DoStatus   = "status"
	DoPriority = "priority"
	DoSnooze   = "snooze"
)

// Moments to which a conversation can be put away.
var Moments = []string{"later_today", "tomorrow", "monday", "next_week"}

const (
	maxActions = 20
	maxTags    = 50
	maxTag     = 60
)

// step is an action at work on a conversation, as it is under its lock.
type step struct {
	Action
	actor        account.Actor
	conversation conversation.Conversation
	now          time.Time // where whoever runs it is
	clientID     string    // of what it writes
}

// deed is what actions of one name do.
type deed struct {
	// tidy makes the action hold what belongs to it and nothing else, and refuses
	// what cannot be done; field is where it stands.
	tidy func(op, field string, a Action) (Action, error)
	// do does it; nil: it does nothing by itself.
	do func(ctx context.Context, r *Room, s step) error
}

// deeds are the actions by name.
var deeds = map[string]deed{
	DoReply: {tidy: func(op, field string, a Action) (Action, error) {
		words := rich.New(a.Text, a.HTML)
		return Action{Text: words.Plain, HTML: words.HTML}, writable(op, field+".text", words)
	}},
	DoNote: {tidy: func(op, field string, a Action) (Action, error) {
		words := rich.Plain(text.Lines(a.Text, maxText+1))
		return Action{Text: words.Plain}, writable(op, field+".text", words)
	}, do: note},
	DoAssign: {tidy: func(_, _ string, a Action) (Action, error) {
		if a.Me {
			return Action{Me: true}, nil
		}
		return Action{AgentID: a.AgentID}, nil
	}, do: func(ctx context.Context, r *Room, s step) error {
		to := s.AgentID
		if s.Me {
			to = s.actor.AgentID
		}
		_, err := r.desk.Assign(ctx, s.actor, s.conversation.ID, conversation.Assignment{AgentID: &to})
		return err
	}},
	DoTeam: {tidy: func(_, _ string, a Action) (Action, error) { return Action{TeamID: a.TeamID}, nil },
		do: func(ctx context.Context, r *Room, s step) error {
			_, err := r.desk.Assign(ctx, s.actor, s.conversation.ID, conversation.Assignment{TeamID: &s.TeamID})
			return err
		}},
	DoTags: {tidy: tidyTags, do: func(ctx context.Context, r *Room, s step) error {
		_, err := r.desk.SetTags(ctx, s.actor, s.conversation.ID, retagged(s.conversation.Tags, s.Add, s.Remove), 0)
		return err
	}},
	DoStatus: {tidy: func(op, field string, a Action) (Action, error) {
		if !conversation.Status(a.Status).Valid() {
			return a, fault.InvalidField(op, field+".status", "A status is open, pending, on_hold or closed.")
		}
		return Action{Status: a.Status}, nil
	}, do: func(ctx context.Context, r *Room, s step) error {
		_, err := r.desk.SetStatus(ctx, s.actor, s.conversation.ID, conversation.Status(s.Status), 0)
		return err
	}},
	DoPriority: {tidy: func(op, field string, a Action) (Action, error) {
		if !conversation.Priority(a.Priority).Valid() {
			return a, fault.InvalidField(op, field+".priority", "A priority is low, normal, high or urgent.")
		}
		return Action{Priority: a.Priority}, nil
	}, do: func(ctx context.Context, r *Room, s step) error {
		_, err := r.desk.SetPriority(ctx, s.actor, s.conversation.ID, conversation.Priority(s.Priority), 0)
		return err
	}},
	DoSnooze: {tidy: func(op, field string, a Action) (Action, error) {
		if !slices.Contains(Moments, a.Until) {
			return a, fault.InvalidField(op, field+".until", "Choose later_today, tomorrow, monday or next_week.")
		}
		return Action{Until: a.Until}, nil
	}, do: func(ctx context.Context, r *Room, s step) error {
		_, err := r.desk.Snooze(ctx, s.actor, s.conversation.ID, moment(s.Until, s.now), 0)
		return err
	}},
}

// tidied are actions as they are kept, in their order.
func tidied(op string, actions []Action) ([]Action, error) {
	if len(actions) == 0 {
		return nil, fault.InvalidField(op, "actions", "Say what the macro shall do.")
	}
	if len(actions) > maxActions {
		return nil, fault.InvalidField(op, "actions", "A macro does at most 20 things.")
	}
	out, replies := make([]Action, len(actions)), 0
	for i, a := range actions {
		field := fmt.Sprintf("actions[%d]", i)
		d, known := deeds[a.Do]
		if !known {
			return nil, fault.InvalidField(op, field+".do", "There is no such action.")
		}
		if a.Do == DoReply {
			if replies++; replies > 1 {
				return nil, fault.InvalidField(op, field+".do", "A macro has one reply. Put its words together.")
			}
		}
		kept, err := d.tidy(op, field, a)
		if err != nil {
			return nil, err
		}
		kept.Do = a.Do
		out[i] = kept
	}
	return out, nil
}

// known refuses actions that name an agent or a team that is not there.
func (r *Room) known(ctx context.Context, op string, workspaceID int64, actions []Action) error {
	for i, a := range actions {
		if a.AgentID != 0 {
			there, err := r.store.hasAgent(ctx, workspaceID, a.AgentID)
			if err != nil {
				return err
			}
			if !there {
				return fault.InvalidField(op, fmt.Sprintf("actions[%d].agent_id", i), "This teammate is not here any more. Choose somebody else.")
			}
		}
		if a.TeamID != 0 {
			there, err := r.store.hasTeam(ctx, workspaceID, a.TeamID)
			if err != nil {
				return err
			}
			if !there {
				return fault.InvalidField(op, fmt.Sprintf("actions[%d].team_id", i), "There is no such team.")
			}
		}
	}
	return nil
}

func tidyTags(op, field string, a Action) (Action, error) {
	out := Action{Add: distinct(a.Add), Remove: distinct(a.Remove)}
	switch {
	case len(out.Add)+len(out.Remove) == 0:
		return out, fault.InvalidField(op, field+".add", "Name a tag to add or to take away.")
	case len(out.Add)+len(out.Remove) > maxTags:
		return out, fault.InvalidField(op, field+".add", "A conversation has at most 50 tags.")
	}
	for _, tag := range out.Add {
		if slices.ContainsFunc(out.Remove, same(tag)) {
			return out, fault.InvalidField(op, field+".remove", "The same tag cannot be added and taken away.")
		}
	}
	return out, nil
}

// note leaves the words of an action with its variables filled.
func note(ctx context.Context, r *Room, s step) error {
	const op = "automation.note"
	words := s.Text
	if len(variable.Names(words)) > 0 {
		inbox, err := r.inboxes.InboxOf(ctx, s.actor.WorkspaceID, s.conversation.InboxID)
		if err != nil {
			return err
		}
		name, err := r.store.agentName(ctx, s.actor)
		if err != nil {
			return err
		}
		values := conversation.Variables(conversation.Author{Name: name}, s.conversation.Contact.Name, inbox, s.conversation.Number)
		var open []string
		if words, open = variable.Fill(words, values); len(open) > 0 {
			return fault.InvalidField(op, "text", "{{"+open[0]+"}} in the note of this macro has no value here. Nothing was changed.")
		}
	}
	_, err := r.desk.Note(ctx, s.actor, s.conversation.ID, conversation.NewMessage{Text: words, ClientID: s.clientID})
	return err
}
