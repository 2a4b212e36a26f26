package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
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
		{"a visitor opens a chat", openChat, []string{"88", "140", "153"}, []string{"11/15", "55/101", "204/333"}},
		{"a visitor's message", chatOn, []string{"105", "186", "195"}, []string{"9.4/13", "41/81", "158/277"}},
		{"an agent's reply in a chat", replyInChat, []string{"119", "209", "215"}, []string{"7.4/17", "37/87", "144/255"}},
		{"an agent's reply by mail", reply, []string{"", "", ""}, []string{"", "", ""}},
	}
}

func reply(w world, c *client, n int64) error {
	return c.post(fmt.Sprintf("/conversations/%d/messages", w.any()), map[string]any{"kind": "reply", "text": "It leaves tomorrow.", "client_id": fmt.Sprintf("%d-%d", time.Now().UnixNano(), n)}, nil)
}

func replyInChat(w world, c *client, n int64) error {
	visitors.mu.Lock()
	v := visitors.all[n%int64(len(visitors.all))]
	visitors.mu.Unlock()
	body := map[string]any{"kind": "reply", "text": "It leaves tomorrow.", "client_id": fmt.Sprintf("%d-%d", time.Now().UnixNano(), n), "hold_seconds": 0}
	agent := &client{http: c.http, base: c.base, token: w.chatty[n%int64(len(w.chatty))]}
	return agent.post(fmt.Sprintf("/conversations/%d/messages", v.conversation), body, nil)
}

// site is where the visitors of the measurement come from.
const site = "https://shop.example"

// visitors are the browsers that have opened a chat.
var visitors struct {
	mu  sync.Mutex
	all []visitor
}

type visitor struct {
	token        string
	conversation int64
}

// asVisitor is c as somebody's browser: each at an address of its own, as a
// trusted proxy tells it, so that no limit for one person is met.
func asVisitor(w world, c *client, token string, n int64) *client {
	return &client{http: c.http, base: strings.TrimSuffix(c.base, "/api/v1") + "/widget/v1", token: token, headers: map[string]string{
		"Origin": site, "X-Forwarded-For": fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255)}}
}

const question = "Where is my kettle? It should have come on Tuesday."

func openChat(w world, c *client, n int64) error {
	v, err := arrive(w, c, n, question)
	if err != nil {
		return err
	}
	visitors.mu.Lock()
	visitors.all = append(visitors.all, v)
	visitors.mu.Unlock()
	return nil
}

// arrive is a new visitor who opens a chat with a first message.
func arrive(w world, c *client, n int64, text string) (visitor, error) {
	var made struct{ Token string }
	c = asVisitor(w, c, "", n)
	if err := c.post("/sites/"+w.sites[n%int64(len(w.sites))]+"/visitors", map[string]any{"language": "en", "time_zone": "Europe/Warsaw", "page": site}, &made); err != nil {
		return visitor{}, err
	}
	c.token = made.Token
	v := visitor{token: made.Token}
	err := v.say(c, n, text)
	return v, err
}

func (v *visitor) say(c *client, n int64, text string) error {
	var said struct{ Conversation struct{ ID int64 } }
	body := map[string]any{"client_id": fmt.Sprintf("%d-%d", time.Now().UnixNano(), n), "text": text, "attachment_ids": []int64{}, "page": site}
	if v.conversation != 0 {
		body["conversation_id"] = v.conversation
	}
	err := c.post("/messages", body, &said)
	v.conversation = said.Conversation.ID
	return err
}

// chatOn writes as one visitor after the other.
func chatOn(w world, c *client, n int64) error {
	visitors.mu.Lock()
	v := visitors.all[n%int64(len(visitors.all))]
	visitors.mu.Unlock()
	return v.say(asVisitor(w, c, v.token, n), n, question)
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
	for name, value := range c.headers {
		r.Header.Set(name, value)
	}
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
