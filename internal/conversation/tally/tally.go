// Package tally counts conversations: how many stand in each view of an agent,
// under each tag, and with each customer. The counts of views are a projection
// of the log.
package tally

import (
	"context"
	"slices"
	"strconv"
	"time"

	"rapport/internal/account"
	"rapport/internal/conversation"
	"rapport/internal/conversation/listing"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// Sight tells which inboxes an actor sees; account fulfils it.
type Sight interface {
	Scope(ctx context.Context, actor account.Actor) (account.Scope, error)
}

// Room answers how many. It is safe for use by many goroutines.
type Room struct {
	store store
	sight Sight
}

// New makes the room.
func New(d Store, s Sight) *Room { return &Room{store{d}, s} }

// View is a standard list and how many conversations stand in it.
type View struct {
	Key    string // as conversation.Filter takes it
	Group  string // standard, inbox or team
	ID     int64  // of the inbox or the team
	Count  int64  // at most 999
	More   bool   // there are more than Count says
	Unread int64  // of mine only, at most 999
}

// mostCounted is where a count ends: a person reads no further.
const mostCounted = 999

var standardViews = []string{"mine", "unassigned", "all_open", "waiting", "snoozed", "closed", "spam"}

// counted is a number of conversations under one key.
type counted struct {
	countKey
	n int64
}

// countKey is what views count by.
type countKey struct {
	inboxID    int64
	shelf      string
	teamID     int64
	assigneeID int64
}

// Views returns the standard views with the counts of what actor sees, then the
// inboxes and the teams that have something open.
func (r *Room) Views(ctx context.Context, actor account.Actor) ([]View, error) {
	const op = "tally.Views"
	if err := account.Can(actor, account.ConversationRead, account.Object{WorkspaceID: actor.WorkspaceID}); err != nil {
		return nil, err
	}
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	counts, err := r.store.counts(ctx, actor.WorkspaceID, actor.AgentID)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	views := tally(counts, scope, actor.AgentID)
	views[0].Unread, err = r.store.unreadOf(ctx, actor.WorkspaceID, actor.AgentID, scope, mostCounted)
	return views, fault.Wrap(op, err)
}

// tally sums counts into views, for an agent with that scope.
func tally(counts []counted, scope account.Scope, agentID int64) []View {
	sums := map[string]int64{}
	var inboxes, teams []int64
	for _, c := range counts {
		if c.n == 0 || !scope.Includes(c.inboxID) {
			continue
		}
		switch c.shelf {
		case string(conversation.Open):
			sums["all_open"] += c.n
			if c.assigneeID == 0 {
				sums["unassigned"] += c.n
			} else if c.assigneeID == agentID {
				sums["mine"] += c.n
			}
			sums["inbox:"+strconv.FormatInt(c.inboxID, 10)] += c.n
			inboxes = append(inboxes, c.inboxID)
			if c.teamID != 0 {
				sums["team:"+strconv.FormatInt(c.teamID, 10)] += c.n
				teams = append(teams, c.teamID)
			}
		case string(conversation.Pending):
			sums["waiting"] += c.n
		case string(conversation.Closed), listing.Snoozed, listing.Spam:
			sums[c.shelf] += c.n
		}
	}
	var views []View
	add := func(key, group string, id int64) {
		n := sums[key]
		views = append(views, View{Key: key, Group: group, ID: id, Count: min(n, mostCounted), More: n > mostCounted})
	}
	for _, key := range standardViews {
		add(key, "standard", 0)
	}
	for group, ids := range map[string][]int64{"inbox": inboxes, "team": teams} {
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			add(group+":"+strconv.FormatInt(id, 10), group, id)
		}
	}
	slices.SortStableFunc(views, func(a, b View) int { return groupOrder[a.Group] - groupOrder[b.Group] })
	return views
}

var groupOrder = map[string]int{"standard": 0, "inbox": 1, "team": 2}

// Tag is a tag in use and on how many conversations it stands.
type Tag struct {
	Name  string
	Count int64
}

// Tags lists the tags in actor's sight, the most used first.
func (r *Room) Tags(ctx context.Context, actor account.Actor) ([]Tag, error) {
	const op = "tally.Tags"
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	list, err := r.store.tagCounts(ctx, actor.WorkspaceID, scope)
	return list, fault.Wrap(op, err)
}

// ContactSummary is what conversations tell of a contact.
type ContactSummary struct {
	Conversations int64
	LastSeenAt    time.Time // zero: never
}

// ContactSummaries tells how many conversations contacts have in actor's sight,
// and when the newest was last active. Who has none is not in the map.
func (r *Room) ContactSummaries(ctx context.Context, actor account.Actor, contactIDs []int64) (map[int64]ContactSummary, error) {
	const op = "tally.ContactSummaries"
	scope, err := r.sight.Scope(ctx, actor)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	sums, err := r.store.contactSummaries(ctx, actor.WorkspaceID, contactIDs, scope)
	return sums, fault.Wrap(op, err)
}

const countsReader = "conversation.counts"

// Counts is the projection behind the counts of Views. It remembers under
// which key it counted each conversation, so an event may come twice and a
// rebuild ends at the same numbers.
func (r *Room) Counts() event.Reader {
	return event.Reader{Name: countsReader, Handle: r.count, Reset: r.store.resetCounts}
}

// count looks once at each conversation of events.
func (r *Room) count(ctx context.Context, events []event.Event) error {
	var ids []int64
	for _, e := range events {
		if e.ConversationID != 0 {
			ids = append(ids, e.ConversationID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	return r.store.recount(ctx, events[0].WorkspaceID, slices.Compact(ids))
}
