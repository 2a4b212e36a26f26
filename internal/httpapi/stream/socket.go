package stream

import (
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"rapport/internal/httpapi/gate"
)

const (
	patience    = 2*Every + 15*time.Second // how long a socket may be silent: two pings and some
	timeToWrite = 10 * time.Second         // how long one frame may take before the listener is given up
	maxHeard    = 1024
)

// upgrader makes small sockets: buffers are borrowed while something is
// written. Origins are checked before.
var upgrader = websocket.Upgrader{
	ReadBufferSize: 512, WriteBufferSize: 512, WriteBufferPool: &sync.Pool{},
	CheckOrigin: func(*http.Request) bool { return true },
	Error: func(w http.ResponseWriter, r *http.Request, status int, _ error) {
		gate.WriteProblem(w, r, gate.NewProblem(status, "This is no proper WebSocket request."))
	},
}

// Wanted reports whether a request asks for a WebSocket.
func Wanted(r *http.Request) bool { return websocket.IsWebSocketUpgrade(r) }

// Protocols are what a WebSocket request offers to speak.
func Protocols(r *http.Request) []string { return websocket.Subprotocols(r) }

// Socket is a Sink over a WebSocket.
type Socket struct {
	conn *websocket.Conn
	by   time.Time // until when a write may take, half of timeToWrite at least; writes come one at a time
}

// Upgrade makes the request a socket that speaks protocol ("" for none); false:
// it was answered with a problem.
func Upgrade(w http.ResponseWriter, r *http.Request, protocol string) (*Socket, bool) {
	var header http.Header
	if protocol != "" {
		header = http.Header{"Sec-WebSocket-Protocol": {protocol}}
	}
	conn, err := upgrader.Upgrade(w, r, header)
	return &Socket{conn: conn}, err == nil
}

// Write sends frames with one call of the system: what a thousand screens cost
// is these calls. The library sends one message a call, so they are put
// together here; its own control messages are single calls too, and calls do
// not mix.
func (s *Socket) Write(frames ...*Frame) error {
	deadline := time.Now().Add(timeToWrite)
	all := make(net.Buffers, 0, len(frames))
	for _, f := range frames {
		if f.JSON == nil {
			if err := s.conn.WriteControl(websocket.PingMessage, nil, deadline); err != nil {
				return err
			}
			continue
		}
		all = append(all, f.bytes())
	}
	if len(all) == 0 {
		return nil
	}
	conn := s.conn.NetConn()
	if s.by.Before(deadline.Add(-timeToWrite / 2)) { // moving a deadline is a tenth of the work
		s.by = deadline
		conn.SetWriteDeadline(deadline)
	}
	if len(all) == 1 {
		_, err := conn.Write(all[0])
		return err
	}
	_, err := all.WriteTo(conn)
	return err
}

func (s *Socket) Close(code int) {
	s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	s.conn.Close()
}

// Await reads until the other side is gone. Nothing it sends is listened to:
// what a screen wants, it asks for by requests.
func (s *Socket) Await() {
	defer s.conn.Close()
	s.conn.SetReadLimit(maxHeard)
	s.conn.SetReadDeadline(time.Now().Add(patience))
	s.conn.SetPongHandler(func(string) error { return s.conn.SetReadDeadline(time.Now().Add(patience)) })
	for {
		if _, _, err := s.conn.NextReader(); err != nil {
			return
		}
	}
}
