package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// write is something that is written through the API, with the peer's figures
// at each count of clients.
type write struct {
	name           string
	one            func(w world, c *client, n int64) error
	peerRate, peer []string
}

func writes() []write {
	return []write{
		{"an agent's reply", reply, []string{"119", "209", "215"}, []string{"7.4/17", "37/87", "144/255"}},
	}
}

func reply(w world, c *client, n int64) error {
	return c.post(fmt.Sprintf("/conversations/%d/messages", w.any()), map[string]any{"kind": "reply", "text": "It leaves tomorrow.", "client_id": fmt.Sprintf("%d-%d", time.Now().UnixNano(), n)}, nil)
}

// post sends body and reads the answer into the value, if there is one.
func (c *client) post(path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequest("POST", c.base+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if text, err = io.ReadAll(answer.Body); err != nil {
		return err
	}
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s: %s\n%s", path, answer.Status, text)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

// pace is how fast something was written.
type pace struct {
	latency
	rate float64 // a second
}

var writeSerial atomic.Int64

// written writes for a while from several clients at once.
func written(t *testing.T, s *server, w world, clients int, lasting time.Duration, one func(world, *client, int64) error) pace {
	t.Helper()
	spent, began := s.cpu(t), time.Now()
	took := make([][]time.Duration, clients)
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			c := newClient(s, w.tokens[i%len(w.tokens)])
			for n := 0; time.Since(began) < lasting; n++ {
				c.token = w.tokens[(i+n)%len(w.tokens)]
				at := time.Now()
				if err := one(w, c, writeSerial.Add(1)); err != nil {
					t.Error(err)
					return
				}
				took[i] = append(took[i], time.Since(at))
			}
		})
	}
	all.Wait()
	seconds := time.Since(began).Seconds()
	list := slices.Concat(took...)
	p := pace{rate: float64(len(list)) / seconds}
	p.p50, p.p99 = percentile(list, 50), percentile(list, 99)
	p.cpu = (s.cpu(t) - spent) / time.Duration(max(1, len(list)))
	return p
}
