package automation

import (
	"context"
	"fmt"
	"time"

	"rapport/internal/account"
	"rapport/internal/conversation"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
)

// Run is how somebody runs a macro.
type Run struct {
	ClientID string // the same id on the same conversation runs it once; "": always
	TimeZone string // of whoever runs it, in which "tomorrow" is meant; "": as their profile says
}

// Before is what a run found, so that it can be taken back.
type Before struct {
	AssigneeID   int64     `json:"assignee_id"`
	TeamID       int64     `json:"team_id"`
	Tags         []string  `json:"tags"`
	Status       string    `json:"status"`
	Priority     string    `json:"priority"`
	SnoozedUntil time.Time `json:"snoozed_until"`
}

// Ran is what came of a run.
type Ran struct {
	Conversation conversation.Conversation
	Before       Before
	Reply        *rich.Text // for the composer of whoever ran it; nil: the macro has none
}

// Outcome is what came of a run on one of many.
type Outcome struct {
	ConversationID int64
	Ran            Ran
	Err            error
}

const (
	maxMany     = 200
	maxClientID = 100
	rememberFor = 24 * time.Hour
)

// Run does the actions of a macro to a conversation, all or none.
func (r *Room) Run(ctx context.Context, actor account.Actor, conversationID, macroID int64, how Run) (Ran, error) {
	const op = "automation.Run"
	m, how, err := r.ready(ctx, op, actor, macroID, how)
	if err != nil {
		return Ran{}, fault.Wrap(op, err)
	}
	ran, err := r.run(ctx, op, actor, conversationID, m, how)
	return ran, fault.Wrap(op, err)
}

// RunOn does the actions of a macro to many conversations. Each stands for itself:
// what cannot be done to one is its Err and keeps nobody else. A reply is for one
// conversation, and left out.
func (r *Room) RunOn(ctx context.Context, actor account.Actor, conversationIDs []int64, macroID int64, how Run) ([]Outcome, error) {
	const op = "automation.RunOn"
	if len(conversationIDs) == 0 || len(conversationIDs) > maxMany {
		return nil, fault.InvalidField(op, "conversation_ids", "Choose 1 to 200 conversations.")
	}
	m, how, err := r.ready(ctx, op, actor, macroID, how)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	out := make([]Outcome, len(conversationIDs))
	for i, id := range conversationIDs {
		ran, err := r.run(ctx, op, actor, id, m, how)
		if fault.Is(err, fault.Internal) { // the rest would fail the same way
			return nil, fault.Wrap(op, err)
		}
		ran.Reply = nil
		out[i] = Outcome{ConversationID: id, Ran: ran, Err: err}
	}
	return out, nil
}

// ready finds the macro among those that actor sees.
func (r *Room) ready(ctx context.Context, op string, actor account.Actor, macroID int64, how Run) (Macro, Run, error) {
	if err := may(actor, account.AutomationRead); err != nil {
		return Macro{}, how, err
	}
	if len(how.ClientID) > maxClientID {
		return Macro{}, how, fault.InvalidField(op, "client_id", "A client_id has at most 100 characters.")
	}
	m, err := r.store.macro(ctx, actor.WorkspaceID, actor.AgentID, macroID)
	if err != nil {
		return m, how, err
	}
	if how.TimeZone == "" {
		how.TimeZone, err = r.store.timeZone(ctx, actor)
	}
	return m, how, err
}

// local is the clock of whoever runs a macro.
func (r *Room) local(how Run) time.Time {
	zone, err := time.LoadLocation(how.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return r.clock.Now().In(zone)
}

func (r *Room) run(ctx context.Context, op string, actor account.Actor, id int64, m Macro, how Run) (ran Ran, err error) {
	err = r.store.within(ctx, func(ctx context.Context) error {
		ran = Ran{}
		c, err := r.open(ctx, actor, id, m)
		if err != nil {
			return err
		}
		ran.Before = Before{c.AssigneeID, c.TeamID, c.Tags, string(c.Status), string(c.Priority), c.SnoozedUntil}
		if how.ClientID != "" {
			earlier, again, err := r.store.remember(ctx, actor, how.ClientID, id, m.ID, ran.Before, r.clock.Now())
			if err != nil {
				return err
			}
			if again {
				ran.Conversation, ran.Before = c, earlier
				return nil
			}
		}
		if err := r.perform(ctx, op, actor, c, m, how); err != nil {
			return err
		}
		ran.Conversation, _, err = r.desk.Get(ctx, actor, id)
		return err
	})
	if err != nil {
		return Ran{}, err
	}
	for _, a := range m.Actions {
		if a.Do == DoReply {
			ran.Reply = &rich.Text{Plain: a.Text, HTML: a.HTML}
		}
	}
	return ran, nil
}

// open is the conversation under its lock, if something of it is to be changed.
func (r *Room) open(ctx context.Context, actor account.Actor, id int64, m Macro) (conversation.Conversation, error) {
	c, _, err := r.desk.Get(ctx, actor, id)
	if err != nil {
		return c, err
	}
	changes := false
	for _, a := range m.Actions {
		switch a.Do {
		case DoNote:
		case DoReply:
			scope, err := r.sight.Scope(ctx, actor)
			if err == nil {
				err = account.Can(actor, account.DraftReply, account.Object{WorkspaceID: c.WorkspaceID, InboxID: c.InboxID, Scope: scope})
			}
			if err != nil {
				return c, err
			}
		default:
			changes = true
		}
	}
	if changes {
		return r.desk.Assign(ctx, actor, id, conversation.Assignment{})
	}
	return c, nil
}

// perform says that the macro runs, does its actions and counts the use, in the
// transaction of ctx. The number of an event is not known inside its transaction,
// so what is done stands after it in the log instead of naming it.
func (r *Room) perform(ctx context.Context, op string, actor account.Actor, c conversation.Conversation, m Macro, how Run) error {
	cause, depth := event.CauseFrom(ctx)
	err := r.log.Append(ctx, event.Event{WorkspaceID: c.WorkspaceID, Kind: EventMacroRan, Actor: actor.Event(), ConversationID: c.ID, ContactID: c.ContactID,
		Cause: cause, Depth: depth, Data: event.Data(details{InboxID: c.InboxID, MacroID: m.ID})})
	if err != nil {
		return err
	}
	now := r.local(how)
	for i, a := range m.Actions {
		do := deeds[a.Do].do
		if do == nil {
			continue
		}
		s := step{Action: a, actor: actor, conversation: c, now: now}
		if how.ClientID != "" {
			s.clientID = fmt.Sprintf("macro:%s:%d:%d", how.ClientID, c.ID, i)
		}
		if err := do(ctx, r, s); err != nil {
			return err
		}
		if a.Do == DoTags { // another action may go on from them
			if c, _, err = r.desk.Get(ctx, actor, c.ID); err != nil {
				return err
			}
		}
	}
	return r.use(ctx, op, macroTable, actor, m.ID)
}
