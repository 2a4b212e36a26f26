// Package follow keeps who follows a conversation: by hand, to hear of what
// happens in it, or to hear nothing of it although it is theirs.
//
// Verbs: Set, Of (for a screen), Followers (for what tells people).
//
// Events: conversation.followed, with the stance alone.
package follow

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// EventFollowed says that its actor follows a conversation, mutes it, or
// neither any more: stance.
const EventFollowed = "conversation.followed"

// Kinds are all events of the package.
var Kinds = []string{EventFollowed}

// Stance is how somebody stands to a conversation beside what is theirs.
type Stance string

const (
	Neither  Stance = "neither"
	Watching Stance = "watching" // hears of everything
	Muted    Stance = "muted"    // hears of nothing, mentions excepted
)

// Follower is an agent with a stance.
type Follower struct {
	AgentID int64
	Stance  Stance
}

// Sight tells which inboxes an actor sees; account fulfils it.
type Sight interface {
	Scope(ctx context.Context, actor account.Actor) (account.Scope, error)
}

// Room is the package's verbs. It is safe for use by many goroutines.
type Room struct {
	store store
	log   *event.Log
	sight Sight
	clock clock.Clock
}

// New makes the room.
func New(s Store, log *event.Log, sight Sight, c clock.Clock) *Room {
	return &Room{store{s}, log, sight, c}
}

// Set makes actor follow a conversation in their sight, mute it, or neither.
func (r *Room) Set(ctx context.Context, actor account.Actor, id int64, to Stance) error {
	const op = "follow.Set"
	if to != Neither && to != Watching && to != Muted {
		return fault.InvalidField(op, "stance", "A stance is watching, muted or neither.")
	}
	inboxID, contactID, err := r.sighted(ctx, actor, account.ConversationMark, id)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, r.store.within(ctx, func(ctx context.Context) error {
		changed, err := r.store.set(ctx, actor, id, to, r.clock.Now())
		if err != nil || !changed {
			return err
		}
		return r.log.Append(ctx, event.Event{WorkspaceID: actor.WorkspaceID, Kind: EventFollowed, Actor: actor.Event(), ConversationID: id, ContactID: contactID,
			Data: event.Data(map[string]any{"inbox_id": inboxID, "stance": to})})
	}))
}

// Of lists who watches a conversation in actor's sight, and how actor stands to
// it.
func (r *Room) Of(ctx context.Context, actor account.Actor, id int64) (watching []int64, mine Stance, err error) {
	const op = "follow.Of"
	if _, _, err := r.sighted(ctx, actor, account.ConversationRead, id); err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	list, err := r.store.followers(ctx, actor.WorkspaceID, id)
	mine = Neither
	for _, f := range list {
		if f.Stance == Watching {
			watching = append(watching, f.AgentID)
		}
		if f.AgentID == actor.AgentID {
			mine = f.Stance
		}
	}
	return watching, mine, fault.Wrap(op, err)
}

// Followers lists the active agents who watch or mute a conversation and still
// see it, for what tells people of things; in the transaction of ctx, if any.
func (r *Room) Followers(ctx context.Context, workspaceID, id int64) ([]Follower, error) {
	const op = "follow.Followers"
	inboxID, _, err := r.store.inboxOf(ctx, workspaceID, id)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	list, also := r.store.followers(ctx, workspaceID, id)
	if err == nil {
		err = also
	}
	var out []Follower
	for _, f := range list {
		if err != nil {
			break
		}
		var scope account.Scope
		scope, err = r.sight.Scope(ctx, account.Actor{Kind: account.KindAgent, WorkspaceID: workspaceID, AgentID: f.AgentID})
		if fault.Is(err, fault.NotFound) { // no longer active
			err = nil
			continue
		}
		if err == nil && scope.Includes(inboxID) {
			out = append(out, f)
		}
	}
	return out, fault.Wrap(op, err)
}

// sighted is the inbox and the customer of a conversation in which actor may do
// action. What is out of sight is NotFound.
func (r *Room) sighted(ctx context.Context, actor account.Actor, action account.Action, id int64) (inboxID, contactID int64, err error) {
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return 0, 0, err
	}
	if inboxID, contactID, err = r.store.inboxOf(ctx, actor.WorkspaceID, id); err != nil {
		return 0, 0, err
	}
	return inboxID, contactID, account.Can(actor, action, account.Object{WorkspaceID: actor.WorkspaceID, InboxID: inboxID, Scope: scope})
}
