package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// livePatience is how long a socket may be silent: two pings and some.
const livePatience = 2*livePing + 15*time.Second

// upgrader makes small sockets: buffers are borrowed while something is
// written. The origin was checked with every other request's.
var upgrader = websocket.Upgrader{
	ReadBufferSize: 512, WriteBufferSize: 512, WriteBufferPool: &sync.Pool{},
	CheckOrigin: func(*http.Request) bool { return true },
	Error: func(w http.ResponseWriter, r *http.Request, status int, _ error) {
		writeProblem(w, r, newProblem(status, "This is no proper WebSocket request."))
	},
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
func (s *Server) openSocket(l *listener, w http.ResponseWriter, r *http.Request, after string) {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // answered by the upgrader
	}
	l.sink = socket{conn}
	s.metrics.sockets.Inc()
	go s.attend(l, conn, after)
}

// attend reads until the other side is gone. Nothing it sends is listened to:
// what a screen wants, it asks for by requests.
func (s *Server) attend(l *listener, conn *websocket.Conn, after string) {
	defer s.metrics.sockets.Dec()
	defer conn.Close()
	if err := s.joined(l, after); err != nil {
		return
	}
	defer l.hub.leave(l.room, l)
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
func (s *Server) joined(l *listener, after string) error {
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
func (s *Server) openStream(l *listener, w http.ResponseWriter, r *http.Request, after string) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	out := &stream{w: w, cancel: cancel}
	l.sink = out
	s.metrics.sockets.Inc()
	defer s.metrics.sockets.Dec()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	if err := s.joined(l, after); err != nil {
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
