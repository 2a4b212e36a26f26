package prove

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// RT-01, RT-02, RT-04, HA-01: a visitor on one node and an agent on the other,
// and the nodes killed in turn: what each of them and the log know is the same,
// id by id.
func TestChatAcrossTwoNodes(t *testing.T) {
	t.Parallel()
	chatAcross(t, 4)
}

func TestProveChatAcrossTwoNodes(t *testing.T) {
	needsProve(t)
	chatAcross(t, 20)
}

func chatAcross(t *testing.T, kills int) {
	nodes := newSeveral(t, 2).nodes
	site := nodes[0].chatInbox()
	v, err := nodes[0].arrive(site)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	first, ok := v.say(ctx, "visitor-0", "This is visitor-0.")
	if !ok {
		t.Fatal("the first message was not taken")
	}

	var all sync.WaitGroup
	var mu sync.Mutex
	acknowledged := map[string]said{"This is visitor-0.": first}
	keep := func(m said, text string) {
		mu.Lock()
		acknowledged[text] = said{m.ID, m.Position, text}
		mu.Unlock()
	}
	busy, rest := context.WithCancel(ctx)
	all.Go(func() {
		for n := 1; busy.Err() == nil; n++ {
			text := fmt.Sprintf("This is visitor-%d.", n)
			if m, ok := v.say(ctx, fmt.Sprintf("visitor-%d", n), text); ok {
				keep(m, text)
			}
			time.Sleep(2200 * time.Millisecond) // 30 a minute are allowed
		}
	})
	all.Go(func() {
		for n := 1; busy.Err() == nil; n++ {
			text := fmt.Sprintf("This is agent-%d.", n)
			for ctx.Err() == nil {
				var m said
				status, err := nodes[1].call("POST", fmt.Sprintf("/conversations/%d/messages", v.conversation), map[string]any{"kind": "reply", "text": text, "client_id": fmt.Sprintf("agent-%d", n)}, &m)
				if status == http.StatusCreated && err == nil {
					keep(m, text)
					break
				}
				time.Sleep(20 * time.Millisecond)
			}
			time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
		}
	})
	go v.follow(ctx)
	for n := range kills {
		time.Sleep(time.Duration(200+rand.IntN(800)) * time.Millisecond)
		nodes[n%2].kill()
		nodes[n%2].start()
	}
	rest()
	all.Wait()
	waitFor(t, "the visitor to have everything", func() bool { return len(v.all()) == len(acknowledged) })
	for _, m := range v.all() {
		if acknowledged[m.Text] != m {
			t.Errorf("the visitor sees %+v, acknowledged was %+v", m, acknowledged[m.Text])
		}
	}
	seen := v.all()
	for i, m := range nodes[1].shown(v.conversation) {
		if i >= len(seen) || seen[i] != m {
			t.Errorf("the agent sees %+v at %d", m, i)
		}
	}
	logged := nodes[0].logged(v.conversation)
	for i, m := range seen {
		if i >= len(logged) || logged[i] != m.ID {
			t.Errorf("message %d at position %d is not the log's", m.ID, m.Position)
		}
	}
	if len(logged) != len(seen) {
		t.Errorf("the log knows %d messages, the visitor %d", len(logged), len(seen))
	}
	t.Logf("%d messages in %d lives of two nodes", len(seen), kills)
	for _, s := range nodes {
		s.stop()
	}
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain for " + what)
		}
	}
}

// shown is what the agents' screen shows of it.
func (s *server) shown(id int64) (out []said) {
	cursor := ""
	for {
		var page struct {
			Items []said
			Next  *string `json:"next_cursor"`
		}
		if _, err := s.call("GET", fmt.Sprintf("/conversations/%d/messages?limit=100%s", id, cursor), nil, &page); err != nil {
			s.t.Fatal(err)
		}
		out = append(out, page.Items...)
		if page.Next == nil {
			return out
		}
		cursor = "&cursor=" + *page.Next
	}
}

// logged are the messages of a conversation as the log tells of them, in its
// order.
func (s *server) logged(id int64) (out []int64) {
	after := ""
	for {
		var page struct {
			Items []struct {
				Kind         string
				Conversation int64 `json:"conversation_id"`
				Data         struct {
					MessageID int64 `json:"message_id"`
				}
			}
			Next *string `json:"next_cursor"`
		}
		if _, err := s.call("GET", "/events?limit=100&after="+after, nil, &page); err != nil {
			s.t.Fatal(err)
		}
		for _, e := range page.Items {
			if e.Conversation == id && (e.Kind == "message.received" || strings.HasPrefix(e.Kind, "message.repl")) {
				out = append(out, e.Data.MessageID)
			}
		}
		if page.Next == nil || len(page.Items) == 0 {
			return out
		}
		after = *page.Next
	}
}
