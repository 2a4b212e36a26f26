package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rapport/internal/account"
	"rapport/internal/conversation/visitor"
	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/shape"
	"rapport/internal/testkit"
)

const shop = "https://shop.example"

// chat makes a chat that may stand on the shop's site.
func (c caller) chat(name string, settings map[string]any) Inbox {
	c.w.t.Helper()
	if settings == nil {
		settings = map[string]any{}
	}
	if settings["allowed_origins"] == nil {
		settings["allowed_origins"] = []string{shop}
	}
	var v Inbox
	c.do("POST", "/inboxes", map[string]any{"name": name, "channel": "chat", "chat": settings}).want(201).into(&v)
	return v
}

// guest is a visitor at a page of a site.
type guest struct {
	w      *world
	inbox  Inbox
	origin string
	ip     string
	token  string
	id     int64
}

func (g guest) do(method, path string, body any) reply {
	g.w.t.Helper()
	var r io.Reader
	if text, ok := body.(string); ok {
		r = strings.NewReader(text)
	} else if body != nil {
		b, err := json.Marshal(body)
		testkit.Require(g.w.t, err)
		r = bytes.NewReader(b)
	}
	return g.send(method, path, "application/json", r)
}

func (g guest) send(method, path, kind string, body io.Reader) reply {
	r := httptest.NewRequest(method, "/widget/v1"+path, body)
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	if g.origin != "" {
		r.Header.Set("Origin", g.origin)
	}
	if g.token != "" {
		r.Header.Set("Authorization", "Bearer "+g.token)
	}
	if g.ip != "" {
		r.RemoteAddr = g.ip + ":1234"
	}
	w := httptest.NewRecorder()
	g.w.ServeHTTP(w, r)
	return reply{w, g.w.t, method + " " + path}
}

// enter is a new visitor of a chat.
func (w *world) enter(inbox Inbox) guest {
	w.t.Helper()
	g := guest{w: w, inbox: inbox, origin: shop, ip: fmt.Sprintf("10.%d.%d.%d", rand.IntN(250), rand.IntN(250), rand.IntN(250))}
	var v struct {
		Token   string
		Visitor struct{ ID int64 }
	}
	g.do("POST", "/sites/"+inbox.Address+"/visitors", map[string]any{"language": "en", "time_zone": "Europe/London", "page": shop + "/food"}).want(201).into(&v)
	g.token, g.id = v.Token, v.Visitor.ID
	return g
}

type seenMessage struct {
	ID             int64  `json:"id"`
	ConversationID int64  `json:"conversation_id"`
	Position       int64  `json:"position"`
	Text           string `json:"text"`
	ClientID       string `json:"client_id"`
	Author         struct {
		Kind, Name string
	}
	Attachments []struct {
		ID        int64
		Name, URL string
	}
}

func (g guest) write(conversationID int64, clientID, text string) seenMessage {
	g.w.t.Helper()
	var v struct{ Message seenMessage }
	body := map[string]any{"client_id": clientID, "text": text, "conversation_id": nil, "attachment_ids": []int64{}, "page": shop + "/cart"}
	if conversationID != 0 {
		body["conversation_id"] = conversationID
	}
	g.do("POST", "/messages", body).want(201).into(&v)
	return v.Message
}

func (g guest) read(conversationID, after int64) []seenMessage {
	g.w.t.Helper()
	var all []seenMessage
	for {
		var v struct {
			Items []seenMessage
			More  bool
		}
		g.do("GET", fmt.Sprintf("/conversations/%d/messages?after=%d&limit=100", conversationID, after), nil).want(200).into(&v)
		all = append(all, v.Items...)
		if !v.More {
			return all
		}
		after = v.Items[len(v.Items)-1].Position
	}
}

// pageFrame holds every field of every frame of a visitor.
type pageFrame struct {
	Type           string      `json:"type"`
	Message        seenMessage `json:"message"`
	ConversationID int64       `json:"conversation_id"`
	Name           string      `json:"name"`
	Typing         bool        `json:"typing"`
	AgentsSeen     int64       `json:"agents_seen_position"`
	Conversation   struct {
		ID     int64
		Status string
	}
}

// tab is an open stream of a visitor.
type tab struct {
	t      testing.TB
	conn   *websocket.Conn
	frames chan pageFrame
	end    chan int
}

func (g guest) dial(srv *httptest.Server, protocols ...string) (*websocket.Conn, *http.Response, error) {
	d := websocket.Dialer{Subprotocols: protocols}
	return d.Dial("ws"+strings.TrimPrefix(srv.URL, "http")+"/widget/v1/live", http.Header{"Origin": {g.origin}})
}

func (g guest) open(srv *httptest.Server) *tab {
	g.w.t.Helper()
	conn, answer, err := g.dial(srv, "rapport", g.token)
	testkit.Require(g.w.t, err)
	if got := answer.Header.Get("Sec-Websocket-Protocol"); got != "rapport" {
		g.w.t.Errorf("the server speaks %q", got)
	}
	p := &tab{g.w.t, conn, make(chan pageFrame, 10_000), make(chan int, 1)}
	g.w.t.Cleanup(func() { conn.Close() })
	go func() {
		for {
			var f pageFrame
			if err := conn.ReadJSON(&f); err != nil {
				code := 0
				if closed, ok := err.(*websocket.CloseError); ok {
					code = closed.Code
				}
				close(p.frames)
				p.end <- code
				return
			}
			p.frames <- f
		}
	}()
	p.next("hello")
	return p
}

// next returns the next frame of a type; others are skipped.
func (p *tab) next(kind string) pageFrame {
	p.t.Helper()
	for {
		select {
		case f, ok := <-p.frames:
			if !ok {
				p.t.Fatalf("the stream ended before %s", kind)
			}
			if f.Type == kind {
				return f
			}
		case <-time.After(20 * time.Second):
			p.t.Fatalf("no frame %s", kind)
		}
	}
}

// chatWorld is a world with a chat, whose jobs run.
func chatWorld(t testing.TB) (w *world, owner caller, inbox Inbox) {
	w = newWorld(t)
	owner = w.found()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { w.Jobs.Run(ctx, true); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	return w, owner, owner.chat("Shop", nil)
}

func TestVisitorWritesAgentAnswersVisitorResumes(t *testing.T) {
	t.Parallel()
	w, owner, inbox := chatWorld(t)
	srv := w.serve()
	screen := owner.watch(srv, "")
	screen.next("hello")
	g := w.enter(inbox)
	first, second := g.open(srv), g.open(srv)
	m := g.write(0, "c1", "Is it in stock?")
	for _, p := range []*tab{first, second} { // two tabs
		if f := p.next("message"); f.Message.ID != m.ID || f.Message.ClientID != "c1" || f.Message.Author.Kind != "visitor" {
			t.Errorf("a tab hears %+v", f)
		}
	}
	conversation := "/conversations/" + id(m.ConversationID)
	owner.do("POST", conversation+"/messages", map[string]any{"kind": "note", "text": "a liar"}).want(201)
	owner.do("POST", conversation+"/messages", map[string]any{"kind": "reply", "text": "held", "hold_seconds": 300}).want(201)
	for _, state := range []string{"viewing", "noting", "idle"} { // the team's own business
		owner.do("PUT", conversation+"/presence", map[string]any{"state": state}).want(204)
	}
	owner.do("POST", conversation+"/messages", map[string]any{"kind": "reply", "text": "One moment"}).want(201)
	for f := range second.frames {
		if f.Type == "typing" {
			t.Errorf("a note is typed for the visitor to see: %+v", f)
		}
		if f.Type == "message" {
			break
		}
	}
	first.next("message")
	owner.do("PUT", conversation+"/presence", map[string]any{"state": "replying"}).want(204)
	if f := first.next("typing"); !f.Typing || f.Name != "Olga" || f.ConversationID != m.ConversationID {
		t.Errorf("typing %+v", f)
	}
	owner.do("POST", conversation+"/messages", map[string]any{"kind": "reply", "text": "Yes!"}).want(201)
	if f := first.next("typing"); f.Typing {
		t.Errorf("still typing %+v", f)
	}
	answer := first.next("message").Message
	if answer.Text != "Yes!" || answer.Author.Name != "Olga" || answer.Author.Kind != "agent" {
		t.Errorf("the first thing that is shown of the team: %+v", answer)
	}
	owner.do("PUT", conversation+"/read", map[string]any{"position": 1}).want(200)
	if f := first.next("marks"); f.ConversationID != m.ConversationID || f.AgentsSeen < 1 {
		t.Errorf("marks %+v", f)
	}
	g.do("PUT", conversation+"/marks", map[string]any{"delivered_position": answer.Position, "seen_position": answer.Position}).want(204)
	g.do("PUT", conversation+"/typing", map[string]any{"typing": true}).want(204)
	screen.next("visitor")
	w.eventually(func() bool {
		var d ConversationDetail
		owner.do("GET", conversation, nil).want(200).into(&d)
		c := d.Chat.Value
		return c != nil && c.Online && c.Typing && c.SeenPosition == answer.Position && c.Page == shop+"/cart" && !c.Known
	})
	first.conn.Close()
	again := g.read(m.ConversationID, m.Position)
	if len(again) != 2 || again[0].Text != "One moment" || again[1].ID != answer.ID {
		t.Errorf("resumes with %+v", again)
	}
	owner.do("PUT", conversation+"/status", map[string]any{"status": "closed"}).want(200)
	if f := second.next("conversation"); f.Conversation.ID != m.ConversationID {
		t.Errorf("%+v", f)
	}
	var me struct {
		Conversations []struct {
			ID     int64
			Status string
			Unread int64
			Last   struct{ Text string }
		}
	}
	g.do("GET", "/me", nil).want(200).into(&me)
	if len(me.Conversations) != 1 || me.Conversations[0].Status != "closed" || me.Conversations[0].Unread != 0 || me.Conversations[0].Last.Text != "Yes!" {
		t.Errorf("%+v", me)
	}
}

func (w *world) eventually(ok func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	w.t.Fatal("never")
}

// RT-01: the connection drops at random; by position everything is seen once
// and in order. RT-02: the server is another one in between.
func TestRT01RT02EverythingOnceInOrderWhateverDrops(t *testing.T) {
	t.Parallel()
	w, _, inbox := chatWorld(t)
	g := w.enter(inbox)
	first := g.write(0, "c0", "0")
	ctx := context.Background()
	v, chat, err := w.Visitors.Authenticate(ctx, g.token)
	testkit.Require(t, err)
	const n = 1000 // as the row says
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 1; i < n; i++ {
			if _, _, err := w.Visitors.Write(ctx, v, chat, visitor.NewMessage{ClientID: fmt.Sprint("c", i), ConversationID: first.ConversationID, Text: fmt.Sprint(i)}); err != nil {
				t.Error(err)
				return
			}
		}
	}()
	var got []string
	var position int64
	take := func(m seenMessage) {
		if m.Position == position+1 { // as the widget: what is newer than expected is asked for
			got, position = append(got, m.Text), m.Position
		}
	}
	servers := []*Server{New(w.Deps), New(w.Deps)}
	for round := 0; len(got) < n; round++ {
		if round > 2000 {
			t.Fatalf("%d of %d after many rounds", len(got), n)
		}
		srv := httptest.NewServer(servers[round%2])
		p := g.open(srv)
		for _, m := range g.read(first.ConversationID, position) {
			take(m)
		}
		for range rand.IntN(20) {
			select {
			case f, ok := <-p.frames:
				if ok && f.Type == "message" {
					take(f.Message)
				}
			case <-time.After(20 * time.Millisecond):
			}
		}
		p.conn.Close()
		srv.Close()
	}
	<-done
	for _, s := range servers {
		s.Close()
	}
	for i, text := range got {
		if text != fmt.Sprint(i) {
			t.Fatalf("message %d says %s", i, text)
		}
	}
}

// RT-04, over HTTP: a repeated client id answers 201 with the same message.
func TestRT04TheSameClientIDTwice(t *testing.T) {
	t.Parallel()
	w, owner, inbox := chatWorld(t)
	g := w.enter(inbox)
	ids := make([]int64, 8)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() { ids[i] = g.write(0, "once", "Hello").ID })
	}
	wg.Wait()
	for _, got := range ids {
		if got != ids[0] {
			t.Errorf("messages %v", ids)
		}
	}
	var list shape.Page[Conversation]
	owner.do("GET", "/conversations", nil).want(200).into(&list)
	if len(list.Items) != 1 || list.Items[0].LastPosition != 1 || list.Items[0].Channel != "chat" {
		t.Errorf("%+v", list.Items)
	}
}

// RT-05: a page that reads nothing holds up nobody.
func TestRT05ASlowPageHoldsUpNobody(t *testing.T) {
	t.Parallel()
	w, _, inbox := chatWorld(t)
	srv := w.serve()
	g := w.enter(inbox)
	slow, _, err := g.dial(srv, "rapport", g.token)
	testkit.Require(t, err)
	defer slow.Close()
	fast := g.open(srv)
	first := g.write(0, "c0", "0")
	v, chat, err := w.Visitors.Authenticate(context.Background(), g.token)
	testkit.Require(t, err)
	const n = 1000
	for i := 1; i < n; i++ {
		_, _, err := w.Visitors.Write(context.Background(), v, chat, visitor.NewMessage{ClientID: fmt.Sprint("c", i), ConversationID: first.ConversationID, Text: strings.Repeat("long ", 1900)})
		testkit.Require(t, err)
		if i%100 == 0 {
			for fast.next("message").Message.Position != int64(i+1) {
			}
		}
	}
	for fast.next("message").Message.Position != n {
	}
	slow.SetReadDeadline(time.Now().Add(time.Minute))
	for { // it is told to start over, or was given up
		var f pageFrame
		if err := slow.ReadJSON(&f); err != nil || f.Type == "reset" {
			break
		}
	}
}

// RT-10: an ended token ends its streams on every node.
func TestRT10AnEndedTokenEndsItsStreams(t *testing.T) {
	t.Parallel()
	w, _, inbox := chatWorld(t)
	other := New(w.Deps)
	defer other.Close()
	here, there := w.serve(), httptest.NewServer(other)
	defer there.Close()
	g := w.enter(inbox)
	pages := []*tab{g.open(here), g.open(there)}
	g.do("DELETE", "/me", nil).want(204)
	for _, p := range pages {
		select {
		case code := <-p.end:
			if code != 4401 {
				t.Errorf("closed with %d", code)
			}
		case <-time.After(20 * time.Second):
			t.Error("a stream outlives its token")
		}
	}
	for _, path := range []string{"/me", "/live"} {
		if p := g.do("GET", path, nil).problem(401); p.Detail == "" {
			t.Errorf("%+v", p)
		}
	}
	if _, answer, err := g.dial(here, "rapport", g.token); err == nil || answer.StatusCode != 401 {
		t.Errorf("a socket with an ended token: %v", answer)
	}
}

// RT-11 and SEC-17: who is let in by origin, over requests, preflights and
// sockets.
func TestSEC17RT11Origins(t *testing.T) {
	t.Parallel()
	w, owner, _ := chatWorld(t)
	inbox := owner.chat("Sites", map[string]any{"allowed_origins": []string{shop, "https://*.miska.example"}})
	empty := owner.chat("Nowhere", map[string]any{"allowed_origins": []string{}})
	srv := w.serve()
	for origin, want := range map[string]int{
		shop: 200, "https://www.miska.example": 200, "": 200, "http://example.com": 200, // the server's own host
		"https://evil.example": 403, "null": 403, "http://shop.example": 403, "https://shop.example.evil.example": 403, "https://shop.example:444": 403,
		"https://evilshop.example": 403, "https://miska.example": 403, "https://www.miska.example.evil.example": 403, "https://evilmiska.example": 403,
		"file://": 403, "https://shop.example/": 403, "chrome-extension://abc": 403, "https://*.miska.example": 403,
	} {
		g := guest{w: w, origin: origin}
		r := g.do("GET", "/sites/"+inbox.Address, nil)
		if r.Code != want {
			t.Errorf("%q: %d, want %d", origin, r.Code, want)
		}
		cross := want == 200 && origin != "" && origin != "http://example.com"
		if got := r.Header().Get("Access-Control-Allow-Origin"); cross && got != origin || !cross && got != "" {
			t.Errorf("%q: may be read by %q", origin, got)
		}
		if r.Header().Get("Access-Control-Allow-Credentials") != "" || !strings.Contains(strings.Join(r.Header().Values("Vary"), ","), "Origin") {
			t.Errorf("%q: headers %v", origin, r.Header())
		}
		pre := g.do("OPTIONS", "/me", nil)
		if got := pre.Header().Get("Access-Control-Allow-Origin"); cross != (got == origin && pre.Code == 204 && origin != "") || !cross && pre.Code != 403 {
			t.Errorf("preflight of %q: %d %q", origin, pre.Code, got)
		}
		if got := g.do("GET", "/sites/"+empty.Address, nil).Code; (got == 200) != (origin == "" || origin == "http://example.com") {
			t.Errorf("%q in a chat that allows no site: %d", origin, got)
		}
	}
	g := w.enter(inbox)
	for _, origin := range []string{"https://evil.example", "null", "https://www.miska.example", ""} { // SEC-37: allowed, but not the token's
		thief := g
		thief.origin = origin
		thief.do("GET", "/me", nil).want(403)
		thief.do("POST", "/messages", map[string]any{"client_id": "x", "text": "x"}).want(403)
		if origin == "" {
			continue
		}
		if _, answer, err := thief.dial(srv, "rapport", g.token); err == nil || answer.StatusCode != 403 {
			t.Errorf("a socket from %q: %v %v", origin, answer, err)
		}
	}
	owner.do("PATCH", "/inboxes/"+id(inbox.ID), map[string]any{"chat": map[string]any{"allowed_origins": []string{"https://www.miska.example"}}}).want(200)
	g.do("GET", "/me", nil).want(403)
	var seen struct {
		Origin        string
		RefusedOrigin string `json:"refused_origin"`
	}
	owner.do("GET", "/inboxes/"+id(inbox.ID)+"/installation", nil).want(200).into(&seen)
	if seen.Origin == "" || seen.RefusedOrigin == "" {
		t.Errorf("installation %+v", seen)
	}
	// A browser that hides the origin although it crosses sites.
	r := httptest.NewRequest("GET", "/widget/v1/sites/"+inbox.Address, nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	if rec.Code != 403 {
		t.Errorf("a hidden origin: %d", rec.Code)
	}
}

// RT-13: whatever a page sends over its socket, the server lives.
func TestRT13GarbageOnASocket(t *testing.T) {
	t.Parallel()
	w, _, inbox := chatWorld(t)
	srv := w.serve()
	g := w.enter(inbox)
	for name, send := range map[string]func(*websocket.Conn) error{
		"no JSON": func(c *websocket.Conn) error { return c.WriteMessage(websocket.TextMessage, []byte("{{{{")) },
		"binary":  func(c *websocket.Conn) error { return c.WriteMessage(websocket.BinaryMessage, []byte{0, 255, 1}) },
		"huge":    func(c *websocket.Conn) error { return c.WriteMessage(websocket.TextMessage, make([]byte, 1<<20)) },
		"deep": func(c *websocket.Conn) error {
			return c.WriteMessage(websocket.TextMessage, []byte(strings.Repeat("[", 900)))
		},
		"no frame": func(c *websocket.Conn) error {
			_, err := c.NetConn().Write(bytes.Repeat([]byte{0xff}, 5000))
			return err
		},
	} {
		conn, _, err := g.dial(srv, "rapport", g.token)
		testkit.Require(t, err)
		send(conn)
		conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		for range 3 {
			if _, _, err := conn.ReadMessage(); err != nil {
				break
			}
			if name == "no JSON" || name == "binary" || name == "deep" { // heard and passed over: hello comes
				break
			}
		}
		conn.Close()
		g.do("GET", "/me", nil).want(200)
	}
	for _, protocols := range [][]string{nil, {"rapport"}, {g.token}, {"other", g.token}, {"rapport", "rav_nonsense"}, {"rapport", g.token, "more"}} {
		if _, answer, err := g.dial(srv, protocols...); err == nil || answer.StatusCode != 401 {
			t.Errorf("protocols %q: %v", protocols, err)
		}
	}
}

// RT-14: refusals are words and an id, nothing from inside.
func TestRT14RefusalsTellNothing(t *testing.T) {
	t.Parallel()
	w, _, inbox := chatWorld(t)
	g := w.enter(inbox)
	m := g.write(0, "c1", "Hello")
	bad := []struct {
		method, path string
		body         any
		want         int
	}{
		{"POST", "/messages", "{", 422}, {"POST", "/messages", "null and void", 422}, {"POST", "/messages", `{"client_id":"a","text":"x","role":"agent"}`, 422},
		{"POST", "/messages", `{"client_id":"a","text":"x"}{}`, 422}, {"POST", "/messages", `{"client_id":"a","text":5}`, 422}, {"POST", "/messages", strings.Repeat("[", 5000), 422},
		{"POST", "/messages", `{"client_id":"a","text":"` + strings.Repeat("x", 70_000) + `"}`, 413}, {"POST", "/messages", `{"client_id":"a","text":"x","conversation_id":99999}`, 404},
		{"GET", "/conversations/99999/messages", nil, 404}, {"GET", "/conversations/-1/messages", nil, 404}, {"GET", "/conversations/x/messages", nil, 404},
		{"GET", "/conversations/" + id(m.ConversationID) + "/messages?after=x", nil, 422}, {"GET", "/conversations/" + id(m.ConversationID) + "/messages?limit=1000", nil, 422},
		{"POST", "/identity", `{"identity":"a.b.c"}`, 403}, {"POST", "/identity", `{}`, 422}, {"PATCH", "/me", `{"email":"nonsense"}`, 422}, {"PATCH", "/me", `{"id":1}`, 422},
		{"POST", "/attachments", "no form", 422}, {"PUT", "/conversations/" + id(m.ConversationID) + "/marks", `{"seen_position":"1"}`, 422},
		{"GET", "/nowhere", nil, 404}, {"GET", "/sites/st_unknown", nil, 404}, {"GET", "/sites/hello@miska.example", nil, 404}, {"POST", "/sites/" + inbox.Address, nil, 404},
	}
	for _, c := range bad {
		r := g.do(c.method, c.path, c.body)
		if r.Code != c.want {
			t.Errorf("%s %s %.40v: %d, want %d: %s", c.method, c.path, c.body, r.Code, c.want, r.Body)
		}
		var p gate.Problem
		if err := json.Unmarshal(r.Body.Bytes(), &p); err != nil || p.Detail == "" || p.Instance == "" {
			t.Errorf("%s %s: %s", c.method, c.path, r.Body)
		}
		for _, inside := range []string{".go", "rapport/", "visitor.", "widget.", "sql", "json:", "invalid character", "rav_", "goroutine", "Go struct"} {
			if strings.Contains(r.Body.String(), inside) {
				t.Errorf("%s %s tells %q: %s", c.method, c.path, inside, r.Body)
			}
		}
	}
}

// RT-15: without sockets there are server-sent events.
func TestRT15EventsWithoutSockets(t *testing.T) {
	t.Parallel()
	w, owner, inbox := chatWorld(t)
	srv := w.serve()
	g := w.enter(inbox)
	m := g.write(0, "c1", "Hello")
	r, _ := http.NewRequest("GET", srv.URL+"/widget/v1/live", nil)
	r.Header.Set("Authorization", "Bearer "+g.token)
	r.Header.Set("Origin", shop)
	answer, err := http.DefaultClient.Do(r)
	testkit.Require(t, err)
	defer answer.Body.Close()
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/event-stream" || answer.Header.Get("Access-Control-Allow-Origin") != shop {
		t.Fatalf("%d %v", answer.StatusCode, answer.Header)
	}
	read := func(want string) {
		buffer := make([]byte, 10_000)
		for got := ""; !strings.Contains(got, want); {
			n, err := answer.Body.Read(buffer)
			testkit.Require(t, err)
			got += string(buffer[:n])
		}
	}
	read(`"type":"hello"`)
	owner.do("POST", "/conversations/"+id(m.ConversationID)+"/messages", map[string]any{"kind": "reply", "text": "by events"}).want(201)
	read(`"text":"by events"`)
	g.do("DELETE", "/me", nil).want(204)
	if _, err := io.ReadAll(answer.Body); err != nil {
		t.Errorf("the stream of an ended token: %v", err)
	}
}

// SEC-39: limits by address, visitor and size.
func TestSEC39Limits(t *testing.T) {
	t.Parallel()
	w, owner, inbox := chatWorld(t)
	arrive := func(ip string) int {
		r := guest{w: w, origin: shop, ip: ip}.do("POST", "/sites/"+inbox.Address+"/visitors", map[string]any{})
		if r.Code == 429 && (r.Header().Get("Retry-After") == "" || r.Header().Get("Retry-After") == "0" || r.Header().Get("Access-Control-Allow-Origin") != shop) {
			t.Errorf("a refusal without when: %v", r.Header())
		}
		return r.Code
	}
	for i := range 25 {
		if got := arrive("192.0.2.7"); (got == 201) != (i < 20) {
			t.Fatalf("visitor %d of one address: %d", i+1, got)
		}
	}
	if got := arrive("192.0.2.8"); got != 201 {
		t.Errorf("another address: %d", got)
	}
	for i := range 25 {
		if got := arrive(fmt.Sprintf("[2001:db8:1:2::%x]", i+1)); (got == 201) != (i < 20) {
			t.Fatalf("visitor %d of one network: %d", i+1, got)
		}
	}
	flooded := 0
	for i := range 300 {
		if arrive(fmt.Sprintf("198.51.%d.%d", i/250, i%250)) == 429 {
			flooded++
		}
	}
	if flooded == 0 {
		t.Error("a chat takes any number of visitors from many addresses")
	}
	g := w.enter(owner.chat("Another", nil))
	began, taken := time.Now(), 0
	for range 1000 {
		if r := g.do("POST", "/messages", map[string]any{"client_id": fmt.Sprint("m", taken), "text": "spam"}); r.Code == 429 {
			break
		}
		taken++
	}
	if most := 31 + int(time.Since(began)/(2*time.Second)); taken < 30 || taken > most { // 30 a minute
		t.Errorf("%d messages were taken, at most %d may be", taken, most)
	}
	big := g.upload("big.bin", bytes.Repeat([]byte("x"), visitor.MaxFile+1))
	big.problem(413)
}

func (g guest) upload(name string, content []byte) reply {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", name)
	testkit.Require(g.w.t, err)
	part.Write(content)
	form.Close()
	return g.send("POST", "/attachments", form.FormDataContentType(), &b)
}

func TestFilesBothWays(t *testing.T) {
	t.Parallel()
	w, owner, inbox := chatWorld(t)
	g := w.enter(inbox)
	var f Attachment
	g.upload("../..//dog.png", append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 100)...)).want(201).into(&f)
	if f.Name != "dog.png" || f.ContentType != "image/png" || f.Size != 108 {
		t.Errorf("%+v", f)
	}
	var v struct{ Message seenMessage }
	g.do("POST", "/messages", map[string]any{"client_id": "c1", "attachment_ids": []int64{f.ID}}).want(201).into(&v)
	if len(v.Message.Attachments) != 1 || !strings.HasPrefix(v.Message.Attachments[0].URL, "//example.com/api/v1/attachments/") {
		t.Fatalf("%+v", v.Message)
	}
	link := strings.TrimPrefix(v.Message.Attachments[0].URL, "//example.com")
	if got := (caller{w: w}).do("GET", link, nil).want(200); got.Header().Get("Content-Type") != "image/png" {
		t.Errorf("%v", got.Header())
	}
	var list shape.Page[Message]
	owner.do("GET", "/conversations/"+id(v.Message.ConversationID)+"/messages", nil).want(200).into(&list)
	if len(list.Items) != 1 || len(list.Items[0].Attachments) != 1 || list.Items[0].Kind != "inbound" {
		t.Errorf("%+v", list.Items)
	}
}

func TestADeletedChatAndABlockedCustomer(t *testing.T) {
	t.Parallel()
	w, owner, inbox := chatWorld(t)
	g := w.enter(inbox)
	m := g.write(0, "c1", "Hello")
	_, err := w.Conversations.MarkSpam(context.Background(), account.System(w.workspaceID()), m.ConversationID, true, 0)
	testkit.Require(t, err)
	g.write(m.ConversationID, "c2", "still")
	owner.do("DELETE", "/conversations/"+id(m.ConversationID), nil).want(204)
	g.do("GET", "/conversations/"+id(m.ConversationID)+"/messages", nil).problem(404)
	var me struct{ Conversations []any }
	g.do("GET", "/me", nil).want(200).into(&me)
	if len(me.Conversations) != 0 {
		t.Errorf("%+v", me)
	}
	owner.do("DELETE", "/inboxes/"+id(inbox.ID), nil).want(204)
	g.do("GET", "/me", nil).problem(401)
	g.do("GET", "/sites/"+inbox.Address, nil).problem(404)
}

func TestChatSettings(t *testing.T) {
	t.Parallel()
	w, owner, _ := chatWorld(t)
	mail := owner.inbox("Mail")
	inbox := owner.chat("Shop two", map[string]any{"brand": "#112233", "greeting": map[string]string{"pl": "Cześć"}, "mail_inbox_id": mail,
		"hours": map[string]any{"time_zone": "Europe/Warsaw", "days": []map[string]any{{"day": 1, "from": "09:00", "to": "18:00"}}}})
	c := inbox.Chat.Value
	if c == nil || c.SiteKey != inbox.Address || c.MailInboxID == nil || *c.MailInboxID != mail || !c.ShowTeam || len(c.Hours.Days) != 1 || c.HasIdentitySecret {
		t.Fatalf("%+v", c)
	}
	path := "/inboxes/" + id(inbox.ID)
	var back map[string]any
	owner.do("GET", path, nil).want(200).into(&back)
	owner.do("PATCH", path, map[string]any{"chat": back["chat"]}).want(200) // what was read may be sent back
	var v Inbox
	owner.do("PATCH", path, map[string]any{"chat": map[string]any{"mail_inbox_id": nil, "show_team": false}}).want(200).into(&v)
	if v.Chat.Value.MailInboxID != nil || v.Chat.Value.ShowTeam || v.Chat.Value.Brand != "#112233" {
		t.Errorf("%+v", v.Chat.Value)
	}
	if p := owner.do("PATCH", path, map[string]any{"chat": map[string]any{"brand": "red"}}).problem(422); len(p.Errors) != 1 || p.Errors[0].Location != "chat.brand" {
		t.Errorf("%+v", p)
	}
	var secret struct{ Secret string }
	owner.do("POST", path+"/identity-secret", nil).want(201).into(&secret)
	owner.do("GET", path, nil).want(200).into(&v)
	if len(secret.Secret) < 32 || !v.Chat.Value.HasIdentitySecret {
		t.Errorf("%q %+v", secret.Secret, v.Chat.Value)
	}
	owner.do("POST", "/inboxes/"+id(mail)+"/identity-secret", nil).problem(409)
	var site struct {
		Name string
		Open bool
		Team []any
	}
	guest{w: w, origin: shop}.do("GET", "/sites/"+inbox.Address, nil).want(200).into(&site)
	if site.Name != "Shop two" || len(site.Team) != 0 {
		t.Errorf("%+v", site)
	}
}

// FuzzWidget: whatever is sent to any route, it is answered and not by a fault of
// ours.
func FuzzWidget(f *testing.F) {
	w, _, inbox := chatWorld(f)
	g := w.enter(inbox)
	m := g.write(0, "c1", "Hello")
	routes := []string{"POST /messages", "POST /identity", "PATCH /me", "PUT /conversations/" + id(m.ConversationID) + "/marks", "PUT /conversations/" + id(m.ConversationID) + "/typing",
		"POST /conversations/" + id(m.ConversationID) + "/person", "POST /sites/" + inbox.Address + "/visitors", "POST /attachments"}
	for i, body := range []string{`{"client_id":"a","text":"x"}`, `{"identity":"a.b.c"}`, `{"name":"x","email":"a@b.example"}`, `{"seen_position":1}`, `{"typing":true}`, `{}`, `{"language":"ko"}`, "\x00\xff"} {
		f.Add(i, body)
	}
	f.Fuzz(func(t *testing.T, route int, body string) {
		method, path, _ := strings.Cut(routes[uint(route)%uint(len(routes))], " ")
		r := httptest.NewRequest(method, "/widget/v1"+path, strings.NewReader(body))
		r.Header = http.Header{"Origin": {shop}, "Authorization": {"Bearer " + g.token}, "Content-Type": {"application/json"}}
		answer := httptest.NewRecorder()
		if w.ServeHTTP(answer, r); answer.Code >= 500 {
			t.Errorf("%s %s: %d %s", method, path, answer.Code, answer.Body)
		}
	})
}

// What a site says before anybody has written: whom visitors meet, the language
// of last resort, and nothing of mail while there is none to send it from.
func TestWhatASitePromises(t *testing.T) {
	t.Parallel()
	w, owner, inbox := chatWorld(t)
	type site struct {
		AskEmail bool   `json:"ask_email"`
		Mail     bool   `json:"mail"`
		Fallback string `json:"fallback_language"`
		Team     []struct{ Name string }
	}
	g := w.enter(inbox)
	ask := func() (s site) {
		g.do("GET", "/sites/"+inbox.Address, nil).want(200).into(&s)
		return s
	}
	owner.do("PATCH", "/workspace", map[string]any{"language": "ko"}).want(200)
	owner.do("PATCH", "/me", map[string]any{"public_name": " Olga of Miska "}).want(200)
	if s := ask(); s.AskEmail || s.Mail || s.Fallback != "ko" || len(s.Team) != 1 || s.Team[0].Name != "Olga of Miska" {
		t.Errorf("%+v", s)
	}
	owner.do("POST", "/inboxes", map[string]any{"name": "Mail", "channel": "email", "email": map[string]any{"address": "hello@miska.example"}}).want(201)
	m := g.write(0, "c1", "Hello")
	owner.do("POST", "/conversations/"+id(m.ConversationID)+"/messages", map[string]any{"kind": "reply", "text": "Hi"}).want(201)
	w.eventually(func() bool {
		list := g.read(m.ConversationID, 1)
		return len(list) == 1 && list[0].Author.Name == "Olga of Miska"
	})
	owner.do("PATCH", "/me", map[string]any{"public_name": "  "}).want(200)
	if s := ask(); !s.AskEmail || !s.Mail || s.Team[0].Name != "Olga" {
		t.Errorf("%+v", s)
	}
	owner.do("PATCH", "/me", map[string]any{"public_name": strings.Repeat("x", 101)}).want(422)
}

// A token that opens streams without end gets so many; another visitor's are
// not counted.
func TestAVisitorHasSoManyStreams(t *testing.T) {
	t.Parallel()
	w, _, inbox := chatWorld(t)
	srv := w.serve()
	g, other := w.enter(inbox), w.enter(inbox)
	var tabs []*tab
	for range 20 {
		tabs = append(tabs, g.open(srv))
	}
	if _, answer, err := g.dial(srv, "rapport", g.token); err == nil || answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") == "" {
		t.Errorf("one more: %v, %v", answer, err)
	}
	other.open(srv)
	tabs[0].conn.Close()
	w.eventually(func() bool {
		conn, _, err := g.dial(srv, "rapport", g.token)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}
