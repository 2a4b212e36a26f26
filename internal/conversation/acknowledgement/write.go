package acknowledgement

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/platform/variable"
)

// Allower decides about permission; account fulfils it.
type Allower interface {
	Allow(ctx context.Context, actor account.Actor, action account.Action, inboxID int64) error
}

// Conversations are those that it writes into; conversation fulfils it.
type Conversations interface {
	Get(ctx context.Context, actor account.Actor, id int64) (conversation.Conversation, []conversation.Participant, error)
	WriteAutomatic(ctx context.Context, workspaceID, id int64, a conversation.Automatic) (conversation.Message, error)
}

// Deps is what the room stands on.
type Deps struct {
	Store         Store
	Log           *event.Log
	Jobs          *job.Queue
	Clock         clock.Clock
	Accounts      Allower
	Channels      *channel.Room
	Conversations Conversations
	Caps          Caps // zero: DefaultCaps
	// Tell has administrators hear of a silence, in the transaction of ctx; nil:
	// nobody does.
	Tell func(ctx context.Context, s Silence) error
}

// Room is the room's verbs. It is safe for use by many goroutines.
type Room struct {
	store         store
	log           *event.Log
	clock         clock.Clock
	allow         Allower
	channels      *channel.Room
	conversations Conversations
	caps          Caps
	tell          func(ctx context.Context, s Silence) error
}

// New makes the room.
func New(d Deps) *Room {
	if d.Caps == (Caps{}) {
		d.Caps = DefaultCaps
	}
	r := &Room{store: store{d.Store}, log: d.Log, clock: d.Clock, allow: d.Accounts, channels: d.Channels, conversations: d.Conversations, caps: d.Caps, tell: d.Tell}
	d.Jobs.Every("acknowledgement.forget", time.Hour, func(ctx context.Context) error { return r.store.forget(ctx, r.clock.Now().Add(-2*day)) })
	return r
}

const reader = "acknowledgement"

// Reader acknowledges mails that begin a conversation, and silences where too much
// comes.
func (r *Room) Reader() event.Reader {
	return event.Reader{Name: reader, Reaction: true, Handle: event.Each(r.heard)}
}

func (r *Room) heard(ctx context.Context, e event.Event) error {
	if e.Kind != conversation.EventReceived {
		return nil
	}
	var d struct {
		InboxID  int64         `json:"inbox_id"`
		Position int64         `json:"position"`
		Class    channel.Class `json:"class"`
	}
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return err
	}
	if err := r.watch(ctx, e, d.Position, d.Class); err != nil {
		return err
	}
	if d.Position != 1 || d.Class != channel.Human {
		return nil
	}
	s, err := r.store.settings(ctx, e.WorkspaceID, d.InboxID)
	if err != nil || !s.On {
		return err
	}
	m, err := r.store.first(ctx, e.WorkspaceID, e.ConversationID)
	if fault.Is(err, fault.NotFound) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	if reason := m.refused(r.clock.Now()); reason != "" {
		slog.Debug("not acknowledged", "conversation", e.ConversationID, "reason", reason)
		return nil
	}
	return r.acknowledge(event.WithCause(ctx, e), e, s, m)
}

// acknowledge writes, once, as far as the caps allow.
func (r *Room) acknowledge(ctx context.Context, e event.Event, s Settings, m first) error {
	now, box := r.clock.Now(), mailbox(m.Address)
	silenced, err := r.store.silenced(ctx, e.WorkspaceID, e.ConversationID, box, now)
	if err != nil || silenced {
		return err
	}
	count, err := r.store.sent(ctx, e.WorkspaceID, m.InboxID, box, now, r.caps)
	if err != nil {
		return err
	}
	at, reason, ok := r.caps.slot(now, count)
	if !ok {
		return nil
	}
	fresh, err := r.log.Once(ctx, reader, e, "mail")
	if err != nil || !fresh {
		return err
	}
	language := m.language(s.Language)
	a := conversation.Automatic{To: channel.Party{Name: m.name(), Address: m.Address}, Text: fill(s.words(language), m.values()), Language: language}
	if at.After(now) {
		a.HoldUntil, a.HoldReason = at, reason
	}
	if _, err := r.conversations.WriteAutomatic(ctx, e.WorkspaceID, e.ConversationID, a); err != nil {
		return err
	}
	return r.store.note(ctx, e.WorkspaceID, e.ConversationID, m.InboxID, box, at)
}

func (m first) values() variable.Values {
	return conversation.Variables(conversation.Author{}, m.name(), channel.Inbox{Name: m.InboxName}, m.Number)
}

// Preview is what a customer called name gets in a language, in the given words
// or with "" in ours.
func (r *Room) Preview(ctx context.Context, actor account.Actor, inboxID int64, language, words, name string) (subject, body string, err error) {
	const op = "acknowledgement.Preview"
	if err := r.may(ctx, actor, inboxID); err != nil {
		return "", "", err
	}
	s, err := Settings{InboxID: inboxID, Language: language, Texts: map[string]string{language: words}}.checked(op)
	if err != nil {
		return "", "", err
	}
	inbox, err := r.channels.Inbox(ctx, actor, inboxID)
	if err != nil {
		return "", "", fault.Wrap(op, err)
	}
	m := first{Number: 1024, InboxName: inbox.Name, Name: name, Proof: channel.ProofPass}
	return conversation.AutomaticSubject(language, m.Number), fill(s.words(language), m.values()), nil
}
