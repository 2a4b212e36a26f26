package live

import (
	"encoding/json"
	"maps"
	"sync"
	"time"

	"rapport/internal/httpapi/stream"
	"rapport/internal/platform/bus"
)

// How long what is known of a visitor lasts without being said again.
const (
	OnlineTime = 45 * time.Second // the node with their socket says it again within half of it
	typingTime = 6 * time.Second
	manyGuests = 10_000
)

// guestSubject carries what visitors do between nodes. It lives in memory only
// and may be lost.
const guestSubject = "live.guest"

// Guest is what a visitor does in one conversation of a chat.
type Guest struct {
	WorkspaceID       int64 `json:"w"`
	InboxID           int64 `json:"i"`
	ConversationID    int64 `json:"c"`
	Online            bool  `json:"o"`
	Typing            bool  `json:"t"`
	DeliveredPosition int64 `json:"d"`
	SeenPosition      int64 `json:"s"`
}

// GuestNews is one thing that is new about a visitor: the positions are always
// told, the rest only when it is what the news is about.
type GuestNews struct {
	Guest
	About string `json:"y"` // online, typing or marks
}

// TellGuests tells everybody who sees the conversations. Many are told in one
// message: the bus keeps few.
func TellGuests(b bus.Bus, all ...GuestNews) {
	if len(all) > 0 {
		data, _ := json.Marshal(all)
		b.Publish(guestSubject, data)
	}
}

// guests are the visitors heard of lately, of all workspaces.
type guests struct {
	mu  sync.Mutex
	all map[int64]attendingGuest // by conversation
}

type attendingGuest struct {
	Guest
	online, typing time.Time // until when
}

// note takes news in and returns how the visitor stands now, and whether that
// is news.
func (g *guests) note(v GuestNews, now time.Time) (is Guest, changed bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all == nil {
		g.all = map[int64]attendingGuest{}
	}
	if len(g.all) >= manyGuests { // of workspaces in which nobody listens
		maps.DeleteFunc(g.all, func(_ int64, at attendingGuest) bool { return now.After(at.online.Add(OnlineTime)) })
	}
	at := g.all[v.ConversationID]
	was := at.at(now)
	v.DeliveredPosition = max(v.DeliveredPosition, at.DeliveredPosition)
	v.SeenPosition = max(v.SeenPosition, at.SeenPosition)
	at.Guest = v.Guest
	switch v.About {
	case "online":
		at.online = now
		if v.Online {
			at.online = now.Add(OnlineTime)
		} else {
			at.typing = now
		}
	case "typing":
		at.typing = now
		if v.Typing {
			at.typing = now.Add(typingTime)
		}
	}
	at.Guest = at.at(now)
	g.all[v.ConversationID] = at
	return at.Guest, at.Guest != was
}

func (a attendingGuest) at(now time.Time) Guest {
	v := a.Guest
	v.Online, v.Typing = now.Before(a.online), now.Before(a.typing)
	return v
}

// expire forgets what has not been said again, and returns who has changed by
// it.
func (g *guests) expire(workspaceID int64, now time.Time) (changed []Guest) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for id, at := range g.all {
		is := at.at(now)
		if at.WorkspaceID == workspaceID && (is.Online != at.Online || is.Typing != at.Typing) {
			at.Guest = is
			g.all[id] = at
			changed = append(changed, is)
		}
		if now.After(at.online.Add(OnlineTime)) {
			delete(g.all, id)
		}
	}
	return changed
}

// Guest is how the visitor of a conversation stands now, as far as this node
// has heard.
func (h *Hub) Guest(conversationID int64) Guest {
	h.guests.mu.Lock()
	defer h.guests.mu.Unlock()
	return h.guests.all[conversationID].at(time.Now())
}

func (h *Hub) hearGuest(data []byte) {
	var all []GuestNews
	if json.Unmarshal(data, &all) != nil {
		return
	}
	for _, v := range all {
		is, changed := h.guests.note(v, time.Now())
		if a := h.hall(v.WorkspaceID); a != nil && changed {
			a.mu.Lock()
			a.showGuest(is)
			a.mu.Unlock()
		}
	}
}

// showGuest tells how a visitor stands to those who see the conversation; the
// caller holds the lock.
func (a *hall) showGuest(v Guest) {
	f := stream.New(VisitorFrame{"visitor", v.ConversationID, v.Online, v.Typing, v.DeliveredPosition, v.SeenPosition})
	for l := range a.listeners {
		if l.scope.Includes(v.InboxID) {
			l.push(f)
		}
	}
}

// HearPresence calls fn with what agents do in conversations, until cancel.
func HearPresence(b bus.Bus, fn func(Here)) (cancel func()) {
	return b.Subscribe(presenceSubject, func(data []byte) {
		var v Here
		if json.Unmarshal(data, &v) == nil {
			fn(v)
		}
	})
}

// HearReads calls fn when an agent has read in a conversation, until cancel.
func HearReads(b bus.Bus, fn func(workspaceID, conversationID int64)) (cancel func()) {
	return b.Subscribe(ownSubject, func(data []byte) {
		var o own
		if json.Unmarshal(data, &o) == nil && o.Kind == "conversation.read" {
			fn(o.WorkspaceID, o.ConversationID)
		}
	})
}
