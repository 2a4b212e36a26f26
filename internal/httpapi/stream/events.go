package stream

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Events is a Sink of server-sent events, for places where sockets do not pass.
type Events struct {
	w      http.ResponseWriter
	mu     sync.Mutex
	ctx    context.Context
	cancel context.CancelFunc
}

// OpenEvents begins an event stream as the answer to a request.
func OpenEvents(w http.ResponseWriter, r *http.Request) *Events {
	s := &Events{w: w}
	s.ctx, s.cancel = context.WithCancel(r.Context())
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	return s
}

func (s *Events) Write(frames ...*Frame) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	control := http.NewResponseController(s.w)
	control.SetWriteDeadline(time.Now().Add(timeToWrite))
	var lines []byte
	for _, f := range frames {
		if f.JSON == nil {
			lines = append(lines, ": ping\n\n"...)
			continue
		}
		lines = append(append(append(lines, "data: "...), f.JSON...), "\n\n"...)
	}
	if _, err := s.w.Write(lines); err != nil {
		return err
	}
	return control.Flush()
}

func (s *Events) Close(int) { s.cancel() }

// Await keeps the request open until the other side is gone or Close was
// called.
func (s *Events) Await() { <-s.ctx.Done() }

// End makes sure that no write under way outlives the request.
func (s *Events) End() {
	s.cancel()
	s.mu.Lock()
	s.w = discard{}
	s.mu.Unlock()
}

// discard takes the place of a response that has ended.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return 0, http.ErrHandlerTimeout }
func (discard) WriteHeader(int)             {}
