package notification

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/conversation/follow"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
)

const readerName = "notification"

// facts are what an event's data says, as far as the room asks.
type facts struct {
	InboxID   int64           `json:"inbox_id"`
	MessageID int64           `json:"message_id"`
	Class     channel.Class   `json:"class"`
	State     string          `json:"state"`
	Mentions  []int64         `json:"mentions"`
	To        json.RawMessage `json:"to"`
}

// told is one agent whom an event concerns, and why.
type told struct {
	agentID int64
	event   Event
}

// place is a conversation, as far as the room asks.
type place struct {
	InboxID      int64
	AssigneeID   int64
	Urgent       bool
	Spam         bool
	LastPosition int64
}

// Reader tells agents what concerns them.
func (r *Room) Reader() event.Reader {
	return event.Reader{Name: readerName, Reaction: true, Handle: event.Each(r.handle)}
}

func (r *Room) handle(ctx context.Context, e event.Event) error {
	var f facts
	switch e.Kind {
	case conversation.EventDeleted:
		return r.store.forgetConversation(ctx, e.WorkspaceID, e.ConversationID)
	case conversation.EventNoted, conversation.EventReplied, conversation.EventReceived, conversation.EventAssigned, conversation.EventCreated, channel.MessageDelivery:
	default:
		return nil
	}
	if err := json.Unmarshal(e.Data, &f); err != nil {
		return err
	}
	all, err := r.concerned(ctx, e, f)
	if err != nil {
		return err
	}
	if err := r.tell(ctx, e, f, all); err != nil {
		return err
	}
	if e.Actor.Kind == account.KindAgent && (e.Kind == conversation.EventNoted || e.Kind == conversation.EventReplied) {
		return r.wrote(ctx, e) // who writes has seen what stands there
	}
	return nil
}

// concerned are the agents an event is about. Whether they may hear of it is
// asked by tell.
func (r *Room) concerned(ctx context.Context, e event.Event, f facts) ([]told, error) {
	switch e.Kind {
	case conversation.EventNoted:
		var all []told
		for _, id := range f.Mentions {
			all = append(all, told{id, Mention})
		}
		return r.withFollowers(ctx, e, all)
	case conversation.EventReplied:
		return r.withFollowers(ctx, e, nil)
	case conversation.EventAssigned:
		to, _ := strconv.ParseInt(string(f.To), 10, 64)
		return []told{{to, Assigned}}, nil
	case conversation.EventReceived:
		if f.Class != channel.Human {
			return nil, nil
		}
		c, err := r.store.place(ctx, e.WorkspaceID, e.ConversationID)
		if err != nil {
			return nil, orGone(err)
		}
		return r.withFollowers(ctx, e, []told{{c.AssigneeID, Reply}})
	case conversation.EventCreated:
		return r.watchers(ctx, e, f)
	}
	if f.State != string(channel.Failed) && f.State != string(channel.Cancelled) {
		return nil, nil
	}
	if f.State == string(channel.Cancelled) { // taken back before it left: there is nothing to tell of
		return nil, r.store.forgetMessage(ctx, e.WorkspaceID, e.ConversationID, f.MessageID)
	}
	author, err := r.store.authorOf(ctx, e.WorkspaceID, f.MessageID)
	return []told{{author, Undelivered}}, orGone(err)
}

// orGone is err, unless it says that something has been deleted meanwhile.
func orGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

func (r *Room) watchers(ctx context.Context, e event.Event, f facts) ([]told, error) {
	if e.Actor.Kind == account.KindAgent {
		return nil, nil // somebody of us has begun it
	}
	watching, err := r.store.watchers(ctx, e.WorkspaceID, f.InboxID)
	if err != nil || len(watching) == 0 {
		return nil, err
	}
	c, err := r.store.place(ctx, e.WorkspaceID, e.ConversationID)
	if err != nil || c.AssigneeID != 0 || c.Spam {
		return nil, orGone(err)
	}
	all := make([]told, len(watching))
	for i, id := range watching {
		all[i] = told{id, Unassigned}
	}
	return all, nil
}

// withFollowers adds those who follow the conversation, behind those who are
// concerned for another reason. Who has muted it hears of mentions alone.
func (r *Room) withFollowers(ctx context.Context, e event.Event, all []told) ([]told, error) {
	following, err := r.follows.Followers(ctx, e.WorkspaceID, e.ConversationID)
	for _, f := range following {
		if f.Stance == follow.Muted {
			all = slices.DeleteFunc(all, func(t told) bool { return t.agentID == f.AgentID && t.event != Mention })
		} else {
			all = append(all, told{f.AgentID, Followed})
		}
	}
	return all, err
}

// tell writes a notification for each agent whom the event concerns, who may see
// it and has not done it.
func (r *Room) tell(ctx context.Context, e event.Event, f facts, all []told) error {
	slices.SortStableFunc(all, func(a, b told) int { return cmp.Compare(a.agentID, b.agentID) })
	all = slices.CompactFunc(all, func(a, b told) bool { return a.agentID == b.agentID })
	all = slices.DeleteFunc(all, func(t told) bool {
		return t.agentID == 0 || e.Actor.Kind == account.KindAgent && e.Actor.ID == t.agentID
	})
	if len(all) == 0 {
		return nil
	}
	c, err := r.store.place(ctx, e.WorkspaceID, e.ConversationID)
	if err != nil || c.Spam {
		return orGone(err)
	}
	for _, t := range all {
		sees, err := r.sees(ctx, e.WorkspaceID, t.agentID, c.InboxID)
		if err != nil {
			return err
		}
		fresh := false
		if sees {
			fresh, err = r.log.Once(ctx, readerName, e, fmt.Sprint("agent:", t.agentID))
		}
		if err == nil && fresh {
			err = r.note(ctx, e, f, c, t)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sees asks whether an agent may hear of an inbox now.
func (r *Room) sees(ctx context.Context, workspaceID, agentID, inboxID int64) (bool, error) {
	scope, err := r.accounts.Scope(ctx, account.Actor{Kind: account.KindAgent, WorkspaceID: workspaceID, AgentID: agentID})
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return scope.Includes(inboxID), err
}

// note writes one notification, plans what leaves by it, and tells the screens.
func (r *Room) note(ctx context.Context, e event.Event, f facts, c place, t told) error {
	s, err := r.settings(ctx, e.WorkspaceID, t.agentID)
	if err != nil {
		return err
	}
	now := r.clock.Now()
	ways := s.decide(t.event, e.At, c.Urgent)
	n := Notification{WorkspaceID: e.WorkspaceID, AgentID: t.agentID, ConversationID: e.ConversationID, Event: t.event, Position: c.LastPosition,
		MessageID: f.MessageID, ActorKind: e.Actor.Kind, ActorID: e.Actor.ID, At: e.At, Shown: ways.App}
	if t.event == Reply || t.event == Followed {
		read, err := r.store.readMark(ctx, e.WorkspaceID, t.agentID, e.ConversationID)
		if err != nil {
			return err
		}
		if read >= c.LastPosition {
			n.SeenAt, ways = now, Ways{}
		}
	}
	if n.ID, err = r.store.newID(ctx); err != nil {
		return err
	}
	if ways.Push {
		reachable, err := r.store.hasSubscription(ctx, e.WorkspaceID, t.agentID)
		if err != nil {
			return err
		}
		if reachable {
			n.Push = Waiting
		}
	}
	if ways.Mail {
		n.Mail = Waiting
	}
	if err := r.store.add(ctx, n); err != nil {
		return err
	}
	if err := r.plan(ctx, n, now); err != nil {
		return err
	}
	if n.Shown || ways.Sound {
		return r.announce(ctx, n, ways.Sound)
	}
	return nil
}

// How long a notification waits to be seen before it leaves the house.
const (
	pushAfter = 10 * time.Second
	mailAfter = 150 * time.Second
	// mailAtLatest is how long it may go on without a pause before what has
	// gathered goes out.
	mailAtLatest = 10 * time.Minute
)

// plan has somebody look again later.
func (r *Room) plan(ctx context.Context, n Notification, now time.Time) error {
	if n.Push == Waiting {
		_, err := r.jobs.Enqueue(ctx, job.New{WorkspaceID: n.WorkspaceID, Kind: pushJob, RunAt: now.Add(pushAfter), Args: pushArgs{AgentID: n.AgentID, ConversationID: n.ConversationID}})
		if err != nil {
			return err
		}
	}
	if n.Mail == Waiting {
		_, err := r.jobs.Enqueue(ctx, job.New{WorkspaceID: n.WorkspaceID, Kind: mailJob, RunAt: now.Add(mailAfter), Args: mailArgs{AgentID: n.AgentID}})
		return err
	}
	return nil
}

// wrote marks what somebody has answered as seen.
func (r *Room) wrote(ctx context.Context, e event.Event) error {
	n, err := r.store.see(ctx, e.WorkspaceID, e.Actor.ID, e.ConversationID, everything, r.clock.Now())
	if err != nil || n == 0 {
		return err
	}
	return r.announce(ctx, Notification{WorkspaceID: e.WorkspaceID, AgentID: e.Actor.ID}, false)
}
