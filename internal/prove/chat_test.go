package prove

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// visitor is a browser on the company's site. It does what the widget does: it
// asks again under the same name until it is answered, listens, and after every
// break asks for what came behind the last message it has.
type visitor struct {
	s            *server
	site         string
	token        string
	conversation int64
	pending      string // written and not answered yet

	mu   sync.Mutex
	seen map[int64]said // by position
}

// said is a message as either side knows it.
type said struct {
	ID       int64  `json:"id"`
	Position int64  `json:"position"`
	Text     string `json:"text"`
}

func (v *visitor) call(method, path string, body, into any) (int, error) {
	var content io.Reader
	if body != nil {
		text, _ := json.Marshal(body)
		content = bytes.NewReader(text)
	}
	r, err := http.NewRequest(method, "http://"+v.s.web+"/widget/v1"+path, content)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Origin", siteOrigin)
	r.Header.Set("Content-Type", "application/json")
	if v.token != "" {
		r.Header.Set("Authorization", "Bearer "+v.token)
	}
	answer, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err
	}
	if answer.StatusCode >= 300 {
		return answer.StatusCode, fmt.Errorf("%s %s: %s %s", method, path, answer.Status, text)
	}
	if into != nil {
		err = json.Unmarshal(text, into)
	}
	return answer.StatusCode, err
}

const siteOrigin = "https://shop.miska.example"

// chatInbox makes an inbox for chats and returns its public name.
func (s *server) chatInbox() (site string) {
	s.t.Helper()
	var inbox struct {
		Chat struct {
			SiteKey string `json:"site_key"`
		}
	}
	status, err := s.call("POST", "/inboxes", map[string]any{"name": "Chat", "channel": "chat", "chat": map[string]any{"allowed_origins": []string{siteOrigin}}}, &inbox)
	if status != http.StatusCreated || err != nil {
		s.t.Fatalf("the chat inbox: %d, %v", status, err)
	}
	return inbox.Chat.SiteKey
}

// arrive makes a visitor.
func (s *server) arrive(site string) (*visitor, error) {
	v := &visitor{s: s, site: site, seen: map[int64]said{}}
	var made struct{ Token string }
	_, err := v.call("POST", "/sites/"+site+"/visitors", map[string]any{"language": "pl", "page": siteOrigin + "/boxes"}, &made)
	v.token = made.Token
	return v, err
}

// say writes a message until it is answered or ctx ends; not ok when it may not
// be written now.
func (v *visitor) say(ctx context.Context, client, text string) (m said, ok bool) {
	for ctx.Err() == nil {
		var made struct {
			Message      said
			Conversation struct{ ID int64 }
		}
		body := map[string]any{"client_id": client, "text": text, "attachment_ids": []int64{}, "page": siteOrigin}
		if v.conversation != 0 {
			body["conversation_id"] = v.conversation
		}
		status, err := v.call("POST", "/messages", body, &made)
		if status == http.StatusCreated && err == nil {
			if v.conversation == 0 { // others read it from then on
				v.conversation = made.Conversation.ID
			}
			return made.Message, true
		}
		if status == http.StatusTooManyRequests {
			time.Sleep(20 * time.Millisecond)
			return m, false
		}
		if status != 0 && status != http.StatusServiceUnavailable {
			v.s.t.Errorf("the visitor's message: %v", err)
			return m, false
		}
		time.Sleep(20 * time.Millisecond)
	}
	return m, false
}

// follow keeps the visitor's screen up to date until ctx ends.
func (v *visitor) follow(ctx context.Context) {
	for ctx.Err() == nil {
		dialer := websocket.Dialer{Subprotocols: []string{"rapport", v.token}}
		socket, _, err := dialer.DialContext(ctx, "ws://"+v.s.web+"/widget/v1/live", http.Header{"Origin": {siteOrigin}})
		if err != nil {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		done := make(chan struct{})
		go func() {
			select {
			case <-ctx.Done():
				socket.Close()
			case <-done:
			}
		}()
		for {
			var f struct {
				Type    string
				Message said
			}
			if err := socket.ReadJSON(&f); err != nil {
				break
			}
			switch f.Type {
			case "hello", "reset":
				v.catchUp(ctx)
			case "message":
				v.note(f.Message)
			}
		}
		close(done)
		socket.Close()
	}
}

// catchUp asks for everything behind the first gap, until it is answered. Gaps are
// no proof that something is missing: answers may be held.
func (v *visitor) catchUp(ctx context.Context) {
	if v.conversation == 0 {
		return
	}
	after := v.joined()
	for ctx.Err() == nil {
		var page struct {
			Items []said
			More  bool
		}
		if _, err := v.call("GET", fmt.Sprintf("/conversations/%d/messages?after=%d", v.conversation, after), nil, &page); err != nil {
			time.Sleep(100 * time.Millisecond) // the node is down, or it was too much
			continue
		}
		for _, m := range page.Items {
			v.note(m)
			after = m.Position
		}
		if !page.More {
			return
		}
	}
}

// joined is the last position before the first gap.
func (v *visitor) joined() (at int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for v.seen[at+1].ID != 0 {
		at++
	}
	return at
}

func (v *visitor) note(m said) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if before, known := v.seen[m.Position]; known && before != m {
		v.s.t.Errorf("position %d was %+v and is %+v", m.Position, before, m)
	}
	v.seen[m.Position] = m
}

// all is what stands on the visitor's screen, in order.
func (v *visitor) all() []said {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []said
	for _, m := range v.seen {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b said) int { return int(a.Position - b.Position) })
	return out
}
