package visitor

import (
	"context"
	"slices"
	"sync"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/channel/hours"
	"rapport/internal/channel/site"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// Site is a chat as the page it stands on shows it.
type Site struct {
	Inbox    channel.Inbox
	Opening  hours.Opening
	TimeZone string
	// UsualReply is the median time to the first answer of the last 30 days; 0
	// while there are too few to tell.
	UsualReply time.Duration
	Team       []Face // empty unless the settings show them
	// Mail tells whether there is an inbox from which an answer or a transcript
	// could go by mail.
	Mail     bool
	Language string // the workspace's, for who speaks none of ours
}

// At finds the chat with a public name, and where it has been seen. NotFound:
// there is none.
func (r *Room) At(ctx context.Context, siteKey string) (channel.Inbox, Installation, error) {
	const op = "visitor.At"
	d, err := r.store.door(ctx, channel.Fold(siteKey))
	if err == nil && d.inbox.Chat == nil {
		err = fault.New(op, fault.NotFound, "")
	}
	return d.inbox, d.Installation, fault.Wrap(op, err)
}

const teamSize = 3

// Site tells how a chat stands now.
func (r *Room) Site(ctx context.Context, inbox channel.Inbox) (Site, error) {
	const op = "visitor.Site"
	s := Site{Inbox: inbox, Opening: inbox.Chat.Hours.At(r.clock.Now()), TimeZone: inbox.Chat.Hours.TimeZone}
	var err error
	if s.UsualReply, err = r.usualReply(ctx, inbox); err != nil {
		return s, fault.Wrap(op, err)
	}
	err = r.store.site(ctx, inbox, &s)
	return s, fault.Wrap(op, err)
}

// promise is by when a message that comes now is answered, when nobody is there
// to do it at once; zero when somebody is.
func (r *Room) promise(ctx context.Context, inbox channel.Inbox) (time.Time, error) {
	if inbox.Chat == nil {
		return time.Time{}, nil
	}
	opening := inbox.Chat.Hours.At(r.clock.Now())
	if opening.Open || opening.OpensAt.IsZero() {
		return time.Time{}, nil
	}
	usual, err := r.usualReply(ctx, inbox)
	return opening.OpensAt.Add(usual), err
}

// What the usual time to an answer is told from.
const (
	usualDays    = 30 * 24 * time.Hour
	usualAtLeast = 5
	usualAtMost  = 500
	usualKept    = 5 * time.Minute
)

// usual keeps the figures of each chat for a while.
type usual struct {
	mu  sync.Mutex
	all map[int64]usualReply
}

type usualReply struct {
	takes time.Duration
	until time.Time
}

// usualReply is the median time from a first message to its first answer.
func (r *Room) usualReply(ctx context.Context, inbox channel.Inbox) (time.Duration, error) {
	now := r.clock.Now()
	r.usual.mu.Lock()
	known := r.usual.all[inbox.ID]
	r.usual.mu.Unlock()
	if now.Before(known.until) {
		return known.takes, nil
	}
	took, err := r.store.firstAnswers(ctx, inbox, now.Add(-usualDays), usualAtMost)
	if err != nil {
		return 0, err
	}
	known = usualReply{median(took), now.Add(usualKept)}
	r.usual.mu.Lock()
	defer r.usual.mu.Unlock()
	if r.usual.all == nil {
		r.usual.all = map[int64]usualReply{}
	}
	r.usual.all[inbox.ID] = known
	return known.takes, nil
}

// median is 0 for too few.
func median(took []time.Duration) time.Duration {
	if len(took) < usualAtLeast {
		return 0
	}
	slices.Sort(took)
	return max(took[(len(took)-1)/2], time.Second)
}

// Installation is where a chat's widget was seen, and the last site that was
// refused it.
type Installation struct {
	SeenAt        time.Time
	Origin        string
	RefusedAt     time.Time
	RefusedOrigin string
}

// hitEvery bounds how often a hit is written down.
const hitEvery = time.Minute

// Hit notes that the widget was asked for from a site, allowed or not; at is
// where it has been seen before. The first from an allowed site changes the
// inbox, so that settings show it at once.
func (r *Room) Hit(ctx context.Context, inbox channel.Inbox, at Installation, origin string, allowed bool) error {
	now := r.clock.Now()
	same, last := at.Origin == origin, at.SeenAt
	if !allowed {
		same, last = at.RefusedOrigin == origin, at.RefusedAt
	}
	// Our own pages give way at once: whoever tried the chat there now looks for
	// their site. Two sites of the company do not take turns.
	if now.Sub(last) < hitEvery && (same || !allowed || site.Allowed(inbox.Chat.AllowedOrigins, at.Origin)) {
		return nil
	}
	return fault.Wrap("visitor.Hit", r.store.within(ctx, func(ctx context.Context) error {
		if err := r.store.hit(ctx, inbox, origin, allowed, now); err != nil {
			return err
		}
		if !last.IsZero() && same {
			return nil
		}
		return r.log.Append(ctx, event.Event{WorkspaceID: inbox.WorkspaceID, Kind: channel.InboxChanged, Data: event.Data(details{InboxID: inbox.ID})})
	}))
}

// Installation tells where a chat has been seen. Who manages inboxes may ask.
func (r *Room) Installation(ctx context.Context, actor account.Actor, inboxID int64) (Installation, error) {
	const op = "visitor.Installation"
	inbox, err := r.channels.Inbox(ctx, actor, inboxID)
	if err == nil && inbox.Chat == nil {
		err = fault.New(op, fault.NotFound, "")
	}
	if err != nil {
		return Installation{}, fault.Wrap(op, err)
	}
	at, err := r.store.installation(ctx, actor.WorkspaceID, inboxID)
	return at, fault.Wrap(op, err)
}
