package bench

import (
	"encoding/json"
	"net/http"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// liveDelay sends mails one by one and returns how long each took from being
// accepted to its frame on an agent's socket.
func liveDelay(t *testing.T, s *server, w world, mails int) latency {
	socket, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.web, "http")+"/api/v1/live", http.Header{"Authorization": {"Bearer " + w.tokens[0]}})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	received := make(chan time.Time, 1)
	go func() {
		for {
			_, text, err := socket.ReadMessage()
			if err != nil {
				return
			}
			var f struct{ Kind string }
			if json.Unmarshal(text, &f) == nil && f.Kind == "message.received" {
				received <- time.Now()
			}
		}
	}()
	c, err := smtp.Dial(s.door)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var took []time.Duration
	for n := range mails {
		if err := send(c, known(int64(n)), w.inboxes[0]); err != nil {
			t.Fatal(err)
		}
		accepted := time.Now()
		select {
		case at := <-received:
			took = append(took, max(0, at.Sub(accepted)))
		case <-time.After(10 * time.Second):
			t.Fatal("no frame came")
		}
		time.Sleep(20 * time.Millisecond)
	}
	return latency{p50: percentile(took, 50), p99: percentile(took, 99)}
}
