package live

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"rapport/internal/account"
	"rapport/internal/httpapi/shape"
	"rapport/internal/httpapi/stream"
	"rapport/internal/notification"
	"rapport/internal/platform/bus"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/secret"
)

// Figures of the live stream.
const (
	liveMissed  = 5000 // more missed events are not sent one by one
	liveSettled = 2 * time.Second
	liveDoubt   = 12 * time.Second // so long after a change of rights, listeners are asked again: other nodes answer from a cache
)

// Deps is what the hub stands on.
type Deps struct {
	Accounts *account.Room
	Log      *event.Log
	Bus      bus.Bus
	Key      *secret.Key
	Clock    clock.Clock
}

// Hub brings the log to everybody who listens on this node, one hall per
// workspace. The bus only rings: what is sent is read from the log.
type Hub struct {
	Deps
	cursors *secret.Box
	open    atomic.Int64
	ctx     context.Context
	cancel  context.CancelFunc
	follow  sync.WaitGroup // the halls
	ends    []func()

	mu    sync.Mutex
	halls map[int64]*hall

	guests guests
}

// New makes a hub that listens to the bus until Close.
func New(d Deps) *Hub {
	h := &Hub{Deps: d, cursors: d.Key.Box("live-cursor"), halls: map[int64]*hall{}}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	h.ends = []func(){
		stream.OnNews(h.Bus, h.ring),
		h.Bus.Subscribe(presenceSubject, h.hearPresence),
		h.Bus.Subscribe(ownSubject, h.hearOwn),
		h.Bus.Subscribe(guestSubject, h.hearGuest),
		notification.Hear(h.Bus, h.hearNotification),
	}
	return h
}

// Close ends all streams, and returns when everybody was told.
func (h *Hub) Close() {
	for _, end := range h.ends {
		end()
	}
	h.mu.Lock()
	h.cancel() // nobody enters from now on
	h.mu.Unlock()
	h.follow.Wait()
}

func (h *Hub) hall(workspaceID int64) *hall {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.halls[workspaceID]
}

func (h *Hub) ring(workspaceID int64) {
	if room := h.hall(workspaceID); room != nil {
		room.bell.Ring()
	}
}

// enter adds a listener to its workspace's hall; the first one opens it.
func (h *Hub) enter(ctx context.Context, l *listener) (*hall, error) {
	epoch, err := h.Log.Epoch(ctx)
	if err != nil {
		return nil, err
	}
	head, err := h.Log.Head(ctx, l.actor.WorkspaceID)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ctx.Err() != nil {
		return nil, fault.As("live.enter", fault.Unavailable, "", h.ctx.Err())
	}
	room := h.halls[l.actor.WorkspaceID]
	if room == nil {
		room = &hall{hub: h, workspaceID: l.actor.WorkspaceID, epoch: epoch, seq: head, bell: stream.NewBell(), listeners: map[*listener]bool{}}
		h.halls[l.actor.WorkspaceID] = room
		h.follow.Go(func() { stream.Follow(h.ctx, h.Log, room.workspaceID, head, room.bell, room) })
	}
	room.expected++
	return room, nil
}

// leave takes a listener out; the hall closes behind the last.
func (h *Hub) leave(room *hall, l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	room.mu.Lock()
	defer room.mu.Unlock()
	delete(room.listeners, l)
	if room.expected--; room.expected == 0 {
		delete(h.halls, room.workspaceID)
		room.closed = true
		room.bell.Ring()
	}
}

// hall is one workspace's listeners and the place in the log they have all
// been told about.
type hall struct {
	hub         *Hub
	workspaceID int64
	epoch       string
	bell        stream.Bell
	expected    int // listeners, also those that still catch up; guarded by the hub's lock

	mu        sync.Mutex
	seq       int64
	listeners map[*listener]bool
	present   presence
	doubt     time.Time // until then listeners are asked for their rights again
	pinged    time.Time
	closed    bool
}

// Over: the last one has left.
func (a *hall) Over() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.closed
}

// Told lets go what the listeners have been told.
func (a *hall) Told() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for l := range a.listeners {
		l.queue.Send()
	}
}

// Tell queues one event for all who may see it.
func (a *hall) Tell(ctx context.Context, e event.Event) error {
	if shifts(e.Kind) {
		a.review(ctx) // before the event, so that it is judged by the new rights
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if shifts(e.Kind) {
		a.suspect(liveDoubt)
	}
	a.seq = e.Seq
	s := sightOf(e)
	var seen, gone *stream.Frame
	for l := range a.listeners {
		switch {
		case e.Seq <= l.from:
		case s.isFor(l.actor, l.scope):
			if seen == nil {
				seen = a.frameOf(e)
			}
			l.queue.Add(seen, l)
		case s.leaves(l.scope):
			if gone == nil {
				gone = a.goneOf(e)
			}
			l.queue.Add(gone, l)
		}
	}
	return nil
}

func (a *hall) cursor(seq int64) string { return a.hub.Cursor(a.workspaceID, a.epoch, seq) }

func (a *hall) frameOf(e event.Event) *stream.Frame {
	v := a.hub.EventOf(e)
	return stream.New(EventFrame{"event", a.cursor(e.Seq), v.Kind, v.ConversationID, v.ContactID, v.Actor, v.At, v.Data})
}

func (a *hall) goneOf(e event.Event) *stream.Frame {
	return stream.New(GoneFrame{"gone", e.ConversationID, a.cursor(e.Seq)})
}

// beginning tells a listener to load everything again, and from where the
// stream goes on.
func (a *hall) beginning(reason string, seq int64) []*stream.Frame {
	return []*stream.Frame{stream.New(ResetFrame{"reset", reason}), stream.New(HelloFrame{"hello", a.cursor(seq)})}
}

// Beat does what time brings: pings, ends of presence, and asking for rights
// again.
func (a *hall) Beat(ctx context.Context) {
	now := time.Now()
	a.mu.Lock()
	doubtful := now.Before(a.doubt)
	a.mu.Unlock()
	if doubtful {
		a.review(ctx)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, conversation := range a.present.expire(now) {
		a.showPresence(conversation)
	}
	for _, v := range a.hub.guests.expire(a.workspaceID, now) {
		a.showGuest(v)
	}
	if now.Sub(a.pinged) >= stream.Every {
		a.pinged = now
		a.all(stream.Ping)
	}
}

// suspect has everybody asked for their rights again for a while; the caller
// holds the lock.
func (a *hall) suspect(during time.Duration) {
	if until := time.Now().Add(during); until.After(a.doubt) {
		a.doubt = until
	}
}

// all pushes a frame to everybody; the caller holds the lock.
func (a *hall) all(f *stream.Frame) {
	for l := range a.listeners {
		l.push(f)
	}
}

// review asks for the rights of everybody anew: who is no longer let in is
// closed, whose sight has changed starts over.
func (a *hall) review(ctx context.Context) {
	a.mu.Lock()
	all := make([]*listener, 0, len(a.listeners))
	for l := range a.listeners {
		all = append(all, l)
	}
	a.mu.Unlock()
	for _, l := range all {
		actor, err := l.again(ctx)
		if err != nil {
			l.refuse()
			continue
		}
		scope, err := a.hub.Accounts.Scope(ctx, actor)
		if err != nil {
			l.refuse()
			continue
		}
		a.mu.Lock()
		changed := !scope.Equal(l.scope)
		l.actor, l.scope = actor, scope
		if changed {
			for _, f := range a.beginning("scope", a.seq) {
				l.push(f)
			}
		}
		a.mu.Unlock()
	}
}

// Dismiss ends all streams.
func (a *hall) Dismiss() {
	a.mu.Lock()
	var sinks []stream.Sink
	for l := range a.listeners {
		sinks = append(sinks, l.queue.Sink)
	}
	a.mu.Unlock()
	stream.Farewell(sinks)
}

// own is a piece of news for one agent alone: a draft saved in another window.
type own struct {
	WorkspaceID    int64  `json:"w"`
	AgentID        int64  `json:"a"`
	Kind           string `json:"k"`
	ConversationID int64  `json:"c"`
}

// ownSubject carries own news between nodes.
const ownSubject = "live.own"

// TellOwn tells the actor's other windows about something only they see.
func (h *Hub) TellOwn(actor account.Actor, kind string, conversationID int64) {
	data, _ := json.Marshal(own{actor.WorkspaceID, actor.AgentID, kind, conversationID})
	h.Bus.Publish(ownSubject, data)
}

// Open is how many streams are open now.
func (h *Hub) Open() int64 { return h.open.Load() }

func (h *Hub) hearOwn(data []byte) {
	var o own
	if json.Unmarshal(data, &o) != nil {
		return
	}
	a := h.hall(o.WorkspaceID)
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	f := stream.New(EventFrame{
		Type: "event", Cursor: a.cursor(a.seq), Kind: o.Kind, ConversationID: shape.IDOrNull(o.ConversationID),
		Actor: EventActor{"agent", &o.AgentID}, At: h.Clock.Now(), Data: map[string]any{},
	})
	for l := range a.listeners {
		if l.actor.AgentID == o.AgentID {
			l.push(f)
		}
	}
}
