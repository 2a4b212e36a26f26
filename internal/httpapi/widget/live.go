package widget

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"rapport/internal/channel"
	rooms "rapport/internal/conversation"
	"rapport/internal/conversation/visitor"
	"rapport/internal/httpapi/live"
	"rapport/internal/httpapi/stream"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// protocol is what a visitor's WebSocket speaks; the token is offered beside it.
const protocol = "rapport"

// Figures of the visitors' stream.
const (
	checkEvery = 10 * time.Second // how long a lost word about an ended token can let it listen
	announce   = live.OnlineTime / 3
	inOne      = 50 // visitors told of in one message of the bus
	typingTime = 6 * time.Second
)

// endedSubject carries the ends of tokens between nodes. It may be lost: tokens
// are looked at again anyway.
const endedSubject = "widget.ended"

// live opens a visitor's stream: over a WebSocket when they ask for one, else as
// server-sent events. After hello the page asks for what it has missed.
func (s *Server) live(c *call) error {
	l := &listener{visitor: c.visitor, inbox: c.inbox, hash: c.hash, tell: s.teller(c)}
	if s.hub.streams(c.visitor) >= maxStreams {
		return tooFast{fault.New("widget.live", fault.Limited, "Too many requests. Slow down a little."), announce}
	}
	if !stream.Wanted(c.r) {
		out := stream.OpenEvents(c.w, c.r)
		defer out.End()
		l.queue.Sink = out
		if h := s.hub.enter(c.ctx(), l); h != nil {
			out.Await()
			l.queue.Stop()
			s.hub.leave(h, l)
		}
		return nil
	}
	socket, ok := stream.Upgrade(c.w, c.r, protocol)
	if !ok {
		return nil
	}
	l.queue.Sink = socket
	go func() {
		h := s.hub.enter(s.hub.ctx, l)
		if h == nil {
			socket.Close(stream.Failed)
			return
		}
		go func() { // with a stack of its own: this one's has grown
			defer s.hub.leave(h, l)
			socket.Await()
		}()
	}()
	return nil
}

// hub brings the log to the visitors who listen on this node, one hall per
// workspace.
type hub struct {
	Deps
	open   atomic.Int64
	ctx    context.Context
	cancel context.CancelFunc
	follow sync.WaitGroup // the halls
	ends   []func()

	mu    sync.Mutex
	halls map[int64]*hall
}

func newHub(d Deps) *hub {
	h := &hub{Deps: d, halls: map[int64]*hall{}}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	h.ends = []func(){
		stream.OnNews(h.Bus, func(workspaceID int64) {
			if a := h.hall(workspaceID); a != nil {
				a.bell.Ring()
			}
		}),
		h.Bus.Subscribe(endedSubject, h.hearEnded),
		live.HearPresence(h.Bus, h.hearPresence),
		live.HearReads(h.Bus, h.hearRead),
	}
	return h
}

func (h *hub) close() {
	for _, end := range h.ends {
		end()
	}
	h.mu.Lock()
	h.cancel() // nobody enters from now on
	h.mu.Unlock()
	h.follow.Wait()
}

func (h *hub) hall(workspaceID int64) *hall {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.halls[workspaceID]
}

// streams counts those that a visitor has open here.
func (h *hub) streams(v visitor.Visitor) int {
	a := h.hall(v.WorkspaceID)
	if a == nil {
		return 0
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.visitors[v.ID])
}

// enter lets a visitor listen and says hello; nil: it could not.
func (h *hub) enter(ctx context.Context, l *listener) *hall {
	head, err := h.Log.Head(ctx, l.inbox.WorkspaceID)
	if err != nil {
		slog.Error("widget: a visitor did not get to listen", "error", err)
		return nil
	}
	h.mu.Lock()
	if h.ctx.Err() != nil {
		h.mu.Unlock()
		return nil
	}
	a := h.halls[l.inbox.WorkspaceID]
	if a == nil {
		a = &hall{hub: h, workspaceID: l.inbox.WorkspaceID, bell: stream.NewBell(),
			listeners: map[*listener]bool{}, inboxes: map[int64]int{}, visitors: map[int64][]*listener{}, people: map[int64][]*listener{}, typing: map[int64]typist{}}
		h.halls[l.inbox.WorkspaceID] = a
		h.follow.Go(func() { stream.Follow(h.ctx, h.Log, a.workspaceID, head, a.bell, a) })
	}
	a.mu.Lock()
	a.add(l)
	a.mu.Unlock()
	h.mu.Unlock()
	h.open.Add(1)
	l.queue.Push(stream.New(helloFrame{"hello"}), l)
	a.announce(ctx, []*listener{l}, true)
	return a
}

// leave takes a listener out; the hall closes behind the last.
func (h *hub) leave(a *hall, l *listener) {
	h.open.Add(-1)
	h.mu.Lock()
	a.mu.Lock()
	a.remove(l)
	still := len(a.visitors[l.visitor.ID]) > 0
	if len(a.listeners) == 0 {
		delete(h.halls, a.workspaceID)
		a.closed = true
		a.bell.Ring()
	}
	a.mu.Unlock()
	h.mu.Unlock()
	if !still {
		a.announce(h.ctx, []*listener{l}, false)
	}
}

// listener is one open page of a visitor.
type listener struct {
	visitor visitor.Visitor
	inbox   channel.Inbox
	hash    string
	tell    teller
	queue   stream.Queue
}

func (l *listener) push(f *stream.Frame) { l.queue.Push(f, l) }

// Behind tells a slow page to load again.
func (l *listener) Behind() []*stream.Frame {
	return []*stream.Frame{stream.New(helloFrame{"reset"}), stream.New(helloFrame{"hello"})}
}

// typist is a teammate who writes an answer.
type typist struct {
	agentID int64
	name    string
	until   time.Time
}

// hall is the visitors of one workspace and the place in the log they have all
// been told about.
type hall struct {
	hub         *hub
	workspaceID int64
	bell        stream.Bell

	mu        sync.Mutex
	listeners map[*listener]bool
	inboxes   map[int64]int         // listeners, by chat
	visitors  map[int64][]*listener // by visitor
	people    map[int64][]*listener // of known visitors, by contact
	typing    map[int64]typist      // by conversation
	pinged    time.Time
	checked   time.Time
	announced time.Time
	closed    bool
}

// add and remove keep the indexes; the caller holds the lock. The lists are
// replaced, never changed.
func (a *hall) add(l *listener) {
	a.listeners[l] = true
	a.inboxes[l.inbox.ID]++
	a.visitors[l.visitor.ID] = append(slices.Clone(a.visitors[l.visitor.ID]), l)
	if l.visitor.Known && l.visitor.ContactID != 0 {
		a.people[l.visitor.ContactID] = append(slices.Clone(a.people[l.visitor.ContactID]), l)
	}
}

func (a *hall) remove(l *listener) {
	delete(a.listeners, l)
	a.inboxes[l.inbox.ID]--
	for at, id := range map[*map[int64][]*listener]int64{&a.visitors: l.visitor.ID, &a.people: l.visitor.ContactID} {
		rest := slices.DeleteFunc(slices.Clone((*at)[id]), func(other *listener) bool { return other == l })
		if len(rest) == 0 {
			delete(*at, id)
		} else {
			(*at)[id] = rest
		}
	}
}

// Over: the last one has left.
func (a *hall) Over() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.closed
}

// Dismiss ends all streams.
func (a *hall) Dismiss() {
	var sinks []stream.Sink
	for _, l := range a.all() {
		sinks = append(sinks, l.queue.Sink)
	}
	stream.Farewell(sinks)
}

func (a *hall) all() []*listener {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := make([]*listener, 0, len(a.listeners))
	for l := range a.listeners {
		out = append(out, l)
	}
	return out
}

// Told: every frame was sent as it was made.
func (a *hall) Told() {}

// Tell gives one event to the visitors it concerns. What is not named here
// concerns none.
func (a *hall) Tell(ctx context.Context, e event.Event) error {
	var d struct {
		InboxID   int64                 `json:"inbox_id"`
		MessageID int64                 `json:"message_id"`
		State     channel.DeliveryState `json:"state"`
	}
	if e.ConversationID == 0 || json.Unmarshal(e.Data, &d) != nil || !a.hears(d.InboxID) {
		return nil
	}
	switch e.Kind {
	case rooms.EventReceived:
		return a.showMessage(ctx, e.ConversationID, d.MessageID)
	case channel.MessageDelivery:
		if d.State != channel.Queued { // it was shown when it was let go
			return nil
		}
		if err := a.stopTyping(ctx, e.ConversationID); err != nil {
			return err
		}
		return a.showMessage(ctx, e.ConversationID, d.MessageID)
	case rooms.EventCreated, rooms.EventStatus, rooms.EventAssigned, rooms.EventSubject, visitor.EventMailed:
		return a.showConversation(ctx, e.ConversationID)
	case rooms.EventDeleted:
		return a.toWatchers(ctx, e.ConversationID, func(l *listener) error {
			l.push(stream.New(helloFrame{"reset"}))
			return nil
		})
	}
	return nil
}

// hears reports whether anybody listens in a chat.
func (a *hall) hears(inboxID int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.inboxes[inboxID] > 0
}

// toWatchers calls fn for the listeners of a conversation: its visitor's, and
// those of the same known person.
func (a *hall) toWatchers(ctx context.Context, conversationID int64, fn func(*listener) error) error {
	visitorID, contactID, err := a.hub.Visitors.Watchers(ctx, a.workspaceID, conversationID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	a.mu.Lock()
	watchers := a.visitors[visitorID]
	if contactID != 0 {
		for _, l := range a.people[contactID] {
			if !slices.Contains(watchers, l) {
				watchers = append(slices.Clone(watchers), l)
			}
		}
	}
	a.mu.Unlock()
	for _, l := range watchers {
		if err := fn(l); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// showMessage asks the room, for each visitor, whether they may see it.
func (a *hall) showMessage(ctx context.Context, conversationID, messageID int64) error {
	return a.toWatchers(ctx, conversationID, func(l *listener) error {
		m, err := a.hub.Visitors.Message(ctx, l.visitor, conversationID, messageID)
		if err == nil {
			l.push(stream.New(messageFrame{"message", l.tell.message(m)}))
		}
		return err
	})
}

func (a *hall) showConversation(ctx context.Context, conversationID int64) error {
	return a.toWatchers(ctx, conversationID, func(l *listener) error {
		c, err := a.hub.Visitors.Conversation(ctx, l.visitor, l.inbox, conversationID)
		if err == nil {
			l.push(stream.New(conversationFrame{"conversation", l.tell.conversation(c)}))
		}
		return err
	})
}

// Beat does what time brings: pings, ends of typing, tokens that have ended, and
// saying again who is here.
func (a *hall) Beat(ctx context.Context) {
	now := time.Now()
	a.mu.Lock()
	ping, check, again := now.Sub(a.pinged) >= stream.Every, now.Sub(a.checked) >= checkEvery, now.Sub(a.announced) >= announce
	if ping {
		a.pinged = now
	}
	if check {
		a.checked = now
	}
	if again {
		a.announced = now
	}
	var over []int64
	for id, t := range a.typing {
		if now.After(t.until) {
			over = append(over, id)
		}
	}
	a.mu.Unlock()
	for _, id := range over {
		a.report(a.stopTyping(ctx, id))
	}
	all := a.all()
	if check {
		a.report(a.check(ctx, all))
	}
	if again {
		a.announce(ctx, all, true)
	}
	if ping {
		for _, l := range all {
			l.push(stream.Ping)
		}
	}
}

func (a *hall) report(err error) {
	if err != nil && a.hub.ctx.Err() == nil {
		slog.Error("widget: live", "workspace", a.workspaceID, "error", err)
	}
}

// check ends the streams of tokens that have ended.
func (a *hall) check(ctx context.Context, all []*listener) error {
	for len(all) > 0 {
		part := all[:min(len(all), 500)]
		all = all[len(part):]
		hashes := make([]string, len(part))
		for i, l := range part {
			hashes[i] = l.hash
		}
		standing, err := a.hub.Visitors.Standing(ctx, a.workspaceID, hashes)
		if err != nil {
			return err
		}
		for _, l := range part {
			if !standing[l.hash] {
				l.queue.End(stream.Refused)
			}
		}
	}
	return nil
}

// announce tells teammates who is online, or no longer.
func (a *hall) announce(ctx context.Context, all []*listener, online bool) {
	var news []live.GuestNews
	seen := map[int64]bool{}
	for _, l := range all {
		if seen[l.visitor.ID] {
			continue
		}
		seen[l.visitor.ID] = true
		chats, err := a.hub.Visitors.Recent(ctx, l.visitor)
		if err != nil {
			a.report(err)
			return
		}
		for _, c := range chats {
			news = append(news, live.GuestNews{About: "online", Guest: live.Guest{WorkspaceID: a.workspaceID, InboxID: c.InboxID, ConversationID: c.ConversationID,
				Online: online, DeliveredPosition: c.DeliveredPosition, SeenPosition: c.SeenPosition}})
		}
	}
	for len(news) > 0 {
		part := news[:min(len(news), inOne)]
		news = news[len(part):]
		live.TellGuests(a.hub.Bus, part...)
	}
}

// ended is a token that lets nobody in any more.
type ended struct {
	WorkspaceID int64  `json:"w"`
	Hash        string `json:"h"`
}

// tellEnded ends the streams of a request's token on all nodes.
func (h *hub) tellEnded(c *call) {
	data, _ := json.Marshal(ended{c.inbox.WorkspaceID, c.hash})
	h.Bus.Publish(endedSubject, data)
}

func (h *hub) hearEnded(data []byte) {
	var e ended
	if json.Unmarshal(data, &e) != nil {
		return
	}
	if a := h.hall(e.WorkspaceID); a != nil {
		for _, l := range a.all() {
			if l.hash == e.Hash {
				l.queue.End(stream.Refused)
			}
		}
	}
}

// hearPresence shows a visitor that somebody writes an answer; nothing else of
// what teammates do.
func (h *hub) hearPresence(v live.Here) {
	a := h.hall(v.WorkspaceID)
	if a == nil || !a.hears(v.InboxID) {
		return
	}
	a.mu.Lock()
	was, known := a.typing[v.ConversationID]
	a.mu.Unlock()
	if v.State != "replying" {
		if known && was.agentID == v.AgentID {
			a.report(a.stopTyping(h.ctx, v.ConversationID))
		}
		return
	}
	now := typist{v.AgentID, was.name, time.Now().Add(typingTime)}
	if !known || was.agentID != v.AgentID {
		f, err := h.Visitors.FaceOf(h.ctx, v.WorkspaceID, v.AgentID)
		if err != nil {
			return
		}
		now.name = f.Name
		a.report(a.showTyping(h.ctx, v.ConversationID, now.name, true))
	}
	a.mu.Lock()
	a.typing[v.ConversationID] = now
	a.mu.Unlock()
}

func (a *hall) stopTyping(ctx context.Context, conversationID int64) error {
	a.mu.Lock()
	was, known := a.typing[conversationID]
	delete(a.typing, conversationID)
	a.mu.Unlock()
	if !known {
		return nil
	}
	return a.showTyping(ctx, conversationID, was.name, false)
}

func (a *hall) showTyping(ctx context.Context, conversationID int64, name string, typing bool) error {
	return a.toWatchers(ctx, conversationID, func(l *listener) error {
		l.push(stream.New(typingFrame{"typing", conversationID, name, typing}))
		return nil
	})
}

// hearRead shows a visitor how far teammates have read.
func (h *hub) hearRead(workspaceID, conversationID int64) {
	a := h.hall(workspaceID)
	if a == nil {
		return
	}
	var f *stream.Frame
	err := a.toWatchers(h.ctx, conversationID, func(l *listener) error {
		if f == nil {
			seen, err := h.Visitors.AgentsSeen(h.ctx, workspaceID, conversationID)
			if err != nil {
				return err
			}
			f = stream.New(marksFrame{"marks", conversationID, seen})
		}
		l.push(f)
		return nil
	})
	a.report(err)
}
