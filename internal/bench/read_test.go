package bench

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// client is an agent's connection.
type client struct {
	http    *http.Client
	base    string
	token   string
	headers map[string]string
}

func newClient(s *server, token string) *client {
	return &client{http: &http.Client{Transport: &http.Transport{}}, base: s.web + "/api/v1", token: token}
}

// get reads a path to its end; anything but 200 is an error.
func (c *client) get(path string) ([]byte, error) {
	r, err := http.NewRequest("GET", c.base+path, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s\n%s", path, answer.Status, body)
	}
	return body, err
}

type page struct {
	Items []struct {
		ID int64 `json:"id"`
	} `json:"items"`
	Next *string `json:"next_cursor"`
}

func (c *client) list(query string) (p page, err error) {
	body, err := c.get("/conversations?" + query)
	if err == nil {
		err = json.Unmarshal(body, &p)
	}
	return p, err
}

// Requests of one measurement, over all clients; each client's first ones warm
// its connection and are not counted.
const (
	samples = 1000
	warm    = 5
)

// latency is how long one thing takes when it is asked for many times.
type latency struct {
	p50, p99 time.Duration
	cpu      time.Duration // of the server, for one request
}

// timed asks for what path names from several clients at once, each request as
// another agent in turn, so that no agent's limit is met.
func timed(t *testing.T, s *server, w world, clients int, path func() string) latency {
	t.Helper()
	each := warm + samples/clients
	spent := s.cpu(t)
	took := make([][]time.Duration, clients)
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			c := newClient(s, "")
			for n := range each {
				c.token = w.tokens[(i+n)%len(w.tokens)]
				began := time.Now()
				if _, err := c.get(path()); err != nil {
					t.Error(err)
					return
				}
				if n >= warm {
					took[i] = append(took[i], time.Since(began))
				}
			}
		})
	}
	all.Wait()
	list := slices.Concat(took...)
	return latency{percentile(list, 50), percentile(list, 99), (s.cpu(t) - spent) / time.Duration(clients*each)}
}

// middle is a cursor half way down a list by activity: what a patient reader
// would arrive at.
func (w world) middle() string {
	at := time.Now().Add(-365 * 24 * time.Hour / 2).UnixMicro()
	b := binary.BigEndian.AppendUint64(nil, uint64(at))
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(b, firstConversation))
}

// someone's conversation, any of them, or one of the long ones.
func (w world) any() int64 { return firstConversation + 1 + rand.Int64N(int64(w.size)) }
func (w world) long() int64 {
	return firstConversation + longEvery*(1+rand.Int64N(int64(w.size/longEvery)))
}

// reads are what is asked for, with the peer's figure at this size.
type read struct {
	name string
	path func() string
	peer map[string]string
	aim  time.Duration // of p99
}

func (w world) reads() []read {
	fixed := func(path string) func() string { return func() string { return path } }
	list := func(query string) func() string { return fixed("/conversations?limit=50&" + query) }
	const page, open = 5 * time.Millisecond, 3 * time.Millisecond
	return []read{
		{"everything, page 1", list(""), map[string]string{"100k": "957/1766", "1m": "14600"}, page},
		{"everything, middle page", list("cursor=" + w.middle()), map[string]string{"100k": "2100/2480", "1m": "25500"}, page},
		{"all open, page 1", list("view=all_open"), map[string]string{"100k": "176/220", "1m": "1750/1870"}, page},
		{"all open, middle page", list("view=all_open&cursor=" + w.middle()), nil, page},
		{"my open", list("view=mine"), map[string]string{"100k": "5.2/9.2", "1m": "38/52"}, page},
		{"unassigned open", list("view=unassigned"), map[string]string{"100k": "7.5/12", "1m": "252/305"}, page},
		{"waiting", list("view=waiting"), nil, page},
		{"one team", list("view=team:6001"), nil, page},
		{"closed with a tag", list("view=closed&tag=tag%203"), nil, 20 * time.Millisecond},
		{"counts of the views", fixed("/views"), nil, page},
		{"a conversation", func() string { return fmt.Sprintf("/conversations/%d", w.any()) }, map[string]string{"100k": "1.6/3.0", "1m": "1.8/3.3"}, open},
		{"its 30 messages", func() string { return fmt.Sprintf("/conversations/%d/messages", w.long()) }, map[string]string{"100k": "2.5/2.8", "1m": "2.7/5.6"}, open},
		{"its history", func() string { return fmt.Sprintf("/conversations/%d/history", w.any()) }, nil, open},
	}
}
