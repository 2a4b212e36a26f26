package live

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"rapport/internal/account"
	"rapport/internal/httpapi/gate"
)

// livePatience is how long a socket may be silent: two pings and some.
const livePatience = 2*livePing + 15*time.Second

// upgrader makes small sockets: buffers are borrowed while something is
// written. The origin was checked with every other request's.
var upgrader = websocket.Upgrader{
	ReadBufferSize: 512, WriteBufferSize: 512, WriteBufferPool: &sync.Pool{},
	CheckOrigin: func(*http.Request) bool { return true },
	Error: func(w http.ResponseWriter, r *http.Request, status int, _ error) {
		gate.WriteProblem(w, r, gate.NewProblem(status, "This is no proper WebSocket request."))
	},
}

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
	if websocket.IsWebSocketUpgrade(r) {
		h.openSocket(l, w, r, after)
	} else {
		h.openStream(l, w, r, after)
	}
}

// socket is a listener's WebSocket.
type socket struct{ conn *websocket.Conn }

func (s socket) write(f *frame) error {
	deadline := time.Now().Add(timeToWrite)
	if f.json == nil {
		return s.conn.WriteControl(websocket.PingMessage, nil, deadline)
	}
	s.conn.SetWriteDeadline(deadline)
	return s.conn.WritePreparedMessage(f.message())
}

func (s socket) close(code int) {
	s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	s.conn.Close()
}

// openSocket upgrades the request and returns at once, so that the request's
// memory is free again; one goroutine stays to read.
func (h *Hub) openSocket(l *listener, w http.ResponseWriter, r *http.Request, after string) {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // answered by the upgrader
	}
	l.sink = socket{conn}
	h.open.Add(1)
	go h.attend(l, conn, after)
}

// attend lets a socket catch up and listen. What follows gets a goroutine of
// its own, since this one's stack has grown.
func (h *Hub) attend(l *listener, conn *websocket.Conn, after string) {
	if err := h.joined(l, after); err != nil {
		h.open.Add(-1)
		return
	}
	go h.await(l, conn)
}

// await reads until the other side is gone. Nothing it sends is listened to:
// what a screen wants, it asks for by requests.
func (h *Hub) await(l *listener, conn *websocket.Conn) {
	defer h.open.Add(-1)
	defer conn.Close()
	defer h.leave(l.room, l)
	conn.SetReadLimit(1024)
	conn.SetReadDeadline(time.Now().Add(livePatience))
	conn.SetPongHandler(func(string) error { return conn.SetReadDeadline(time.Now().Add(livePatience)) })
	for {
		if _, _, err := conn.NextReader(); err != nil {
			return
		}
	}
}

// joined lets a listener catch up and listen; on failure it has left again.
func (h *Hub) joined(l *listener, after string) error {
	err := l.join(l.hub.ctx, after)
	if err != nil {
		if l.room != nil {
			l.hub.leave(l.room, l)
		}
		l.sink.close(websocket.CloseInternalServerErr)
		slog.Debug("live: a listener did not get started", "error", err)
	}
	return err
}

// stream is a listener's event stream, for places where sockets do not pass.
type stream struct {
	w      http.ResponseWriter
	mu     sync.Mutex
	cancel context.CancelFunc
}

func (s *stream) write(f *frame) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	control := http.NewResponseController(s.w)
	control.SetWriteDeadline(time.Now().Add(timeToWrite))
	line := append(append([]byte("data: "), f.json...), "\n\n"...)
	if f.json == nil {
		line = []byte(": ping\n\n")
	}
	if _, err := s.w.Write(line); err != nil {
		return err
	}
	return control.Flush()
}

func (s *stream) close(int) { s.cancel() }

// openStream keeps the request open and writes frames as server-sent events.
func (h *Hub) openStream(l *listener, w http.ResponseWriter, r *http.Request, after string) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	out := &stream{w: w, cancel: cancel}
	l.sink = out
	h.open.Add(1)
	defer h.open.Add(-1)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	if err := h.joined(l, after); err != nil {
		return
	}
	<-ctx.Done()
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	l.hub.leave(l.room, l)
	out.mu.Lock() // a write under way must not outlive the request
	out.w = discard{}
	out.mu.Unlock()
}

// discard takes the place of a response that has ended.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return 0, http.ErrHandlerTimeout }
func (discard) WriteHeader(int)             {}
