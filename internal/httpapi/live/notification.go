package live

import (
	"rapport/internal/httpapi/shape"
	"rapport/internal/httpapi/stream"
	"rapport/internal/notification"
)

// hearNotification tells an agent's own screens what concerns them.
func (h *Hub) hearNotification(n notification.News) {
	a := h.hall(n.WorkspaceID)
	if a == nil {
		return
	}
	frame := NotificationFrame{Type: "notification", Unseen: n.Unseen}
	if n.ID != 0 {
		frame.Newest.Value = &NewestOne{n.ID, string(n.Event), n.ConversationID, EventActor{n.ActorKind, shape.IDOrNull(n.ActorID)}, n.Shown, n.Sound}
	}
	f := stream.New(frame)
	a.mu.Lock()
	defer a.mu.Unlock()
	for l := range a.listeners {
		if l.actor.AgentID == n.AgentID {
			l.push(f)
		}
	}
}
