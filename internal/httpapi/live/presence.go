package live

import (
	"encoding/json"
	"slices"
	"time"

	"rapport/internal/httpapi/stream"
)

// How long presence lasts without being said again.
const (
	viewingTime  = 30 * time.Second
	replyingTime = 6 * time.Second
)

// presenceSubject carries presence between nodes. It lives in memory only and
// may be lost.
const presenceSubject = "live.presence"

// Here says that an agent looks at a conversation or writes in it.
type Here struct {
	WorkspaceID    int64  `json:"w"`
	InboxID        int64  `json:"i"`
	ConversationID int64  `json:"c"`
	AgentID        int64  `json:"a"`
	State          string `json:"s"`
}

// presence is who is where in one workspace.
type presence map[int64]*attendance

type attendance struct {
	inboxID int64
	agents  map[int64]attending
}

type attending struct {
	state string
	until time.Time
}

// note takes a piece of presence in and reports whether anything changed.
func (p *presence) note(h Here, now time.Time) bool {
	if *p == nil {
		*p = presence{}
	}
	at := (*p)[h.ConversationID]
	if at == nil {
		at = &attendance{agents: map[int64]attending{}}
		(*p)[h.ConversationID] = at
	}
	at.inboxID = h.InboxID
	before := at.agents[h.AgentID]
	if h.State == "idle" {
		delete(at.agents, h.AgentID)
		return before.state != ""
	}
	lasts := viewingTime
	if h.State == "replying" || h.State == "noting" {
		lasts = replyingTime
	}
	at.agents[h.AgentID] = attending{h.State, now.Add(lasts)}
	return before.state != h.State
}

// expire forgets who has not been heard of, and returns the conversations that
// changed by it.
func (p presence) expire(now time.Time) (changed []int64) {
	for conversation, at := range p {
		before := len(at.agents)
		for agent, a := range at.agents {
			if now.After(a.until) {
				delete(at.agents, agent)
			}
		}
		if len(at.agents) < before {
			changed = append(changed, conversation)
		}
		if before == 0 {
			delete(p, conversation)
		}
	}
	slices.Sort(changed)
	return changed
}

// agents lists who is at a conversation, in a steady order.
func (p presence) agents(conversation int64) []PresentAgent {
	out := []PresentAgent{}
	if at := p[conversation]; at != nil {
		for agent, a := range at.agents {
			out = append(out, PresentAgent{agent, a.state})
		}
	}
	slices.SortFunc(out, func(a, b PresentAgent) int { return int(a.ID - b.ID) })
	return out
}

// TellPresence tells everybody who sees the conversation.
func (h *Hub) TellPresence(v Here) {
	data, _ := json.Marshal(v)
	h.Bus.Publish(presenceSubject, data)
}

func (h *Hub) hearPresence(data []byte) {
	var v Here
	if json.Unmarshal(data, &v) != nil {
		return
	}
	a := h.hall(v.WorkspaceID)
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.present.note(v, time.Now()) {
		a.showPresence(v.ConversationID)
	}
}

// showPresence tells who is at a conversation to those who see it; the caller
// holds the lock.
func (a *hall) showPresence(conversation int64) {
	f := stream.New(PresenceFrame{"presence", conversation, a.present.agents(conversation)})
	for l := range a.listeners {
		if at := a.present[conversation]; at != nil && l.scope.Includes(at.inboxID) {
			l.push(f)
		}
	}
}
