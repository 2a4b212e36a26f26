package live

import (
	"context"
	"log/slog"
	"net/http"

	"rapport/internal/account"
	"rapport/internal/httpapi/stream"
)

// Caller is who opens a stream, what they see now, and how to ask again later.
type Caller struct {
	Actor account.Actor
	Scope account.Scope
	Again func(context.Context) (account.Actor, error)
}

// Serve keeps a stream of frames open, from a cursor or, without one, from
// now: over a WebSocket when r asks for one, else as server-sent events.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, c Caller, after string) {
	l := &listener{hub: h, actor: c.Actor, scope: c.Scope, again: c.Again}
	if stream.Wanted(r) {
		h.openSocket(l, w, r, after)
	} else {
		h.openStream(l, w, r, after)
	}
}

// openSocket upgrades the request and returns at once, so that the request's
// memory is free again; one goroutine stays to read. The origin was checked
// with every other request's.
func (h *Hub) openSocket(l *listener, w http.ResponseWriter, r *http.Request, after string) {
	socket, ok := stream.Upgrade(w, r, "")
	if !ok {
		return
	}
	l.queue.Sink = socket
	h.open.Add(1)
	go h.attend(l, socket, after)
}

// attend lets a socket catch up and listen. What follows gets a goroutine of
// its own, since this one's stack has grown.
func (h *Hub) attend(l *listener, socket *stream.Socket, after string) {
	if err := h.joined(l, after); err != nil {
		h.open.Add(-1)
		return
	}
	go func() {
		defer h.open.Add(-1)
		defer h.leave(l.room, l)
		socket.Await()
	}()
}

// joined lets a listener catch up and listen; on failure it has left again.
func (h *Hub) joined(l *listener, after string) error {
	err := l.join(l.hub.ctx, after)
	if err != nil {
		if l.room != nil {
			l.hub.leave(l.room, l)
		}
		l.queue.Sink.Close(stream.Failed)
		slog.Debug("live: a listener did not get started", "error", err)
	}
	return err
}

// openStream keeps the request open and writes frames as server-sent events.
func (h *Hub) openStream(l *listener, w http.ResponseWriter, r *http.Request, after string) {
	out := stream.OpenEvents(w, r)
	defer out.End()
	l.queue.Sink = out
	h.open.Add(1)
	defer h.open.Add(-1)
	if err := h.joined(l, after); err != nil {
		return
	}
	out.Await()
	l.queue.Stop()
	l.hub.leave(l.room, l)
}
