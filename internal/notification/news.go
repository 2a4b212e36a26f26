package notification

import (
	"context"
	"encoding/json"

	"rapport/internal/account"
	"rapport/internal/platform/bus"
)

// News is what an agent's screens are told: how many conversations hold something
// unseen, and what has just come. It travels on the bus and may be lost.
type News struct {
	WorkspaceID    int64  `json:"w"`
	AgentID        int64  `json:"a"`
	Unseen         int    `json:"n"`
	ID             int64  `json:"i"` // 0: nothing is new, but something was seen
	Event          Event  `json:"e"`
	ConversationID int64  `json:"c"`
	ActorKind      string `json:"k"`
	ActorID        int64  `json:"b"`
	Shown          bool   `json:"s"`
	Sound          bool   `json:"p"`
}

const newsSubject = "notification.news"

// Hear calls fn with the news of all agents, until cancel.
func Hear(b bus.Bus, fn func(News)) (cancel func()) {
	return b.Subscribe(newsSubject, func(data []byte) {
		var n News
		if json.Unmarshal(data, &n) == nil {
			fn(n)
		}
	})
}

// announce tells an agent's screens, once the transaction of ctx has been
// committed.
func (r *Room) announce(ctx context.Context, n Notification, sound bool) error {
	unseen, err := r.unseen(ctx, account.Actor{Kind: account.KindAgent, WorkspaceID: n.WorkspaceID, AgentID: n.AgentID})
	if err != nil {
		return err
	}
	data, err := json.Marshal(News{n.WorkspaceID, n.AgentID, unseen, n.ID, n.Event, n.ConversationID, n.ActorKind, n.ActorID, n.Shown, sound})
	if err != nil {
		return err
	}
	r.store.afterCommit(ctx, func() { r.bus.Publish(newsSubject, data) })
	return nil
}
