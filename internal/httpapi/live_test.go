package httpapi

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rapport/internal/account"
	"rapport/internal/httpapi/live"
	"rapport/internal/httpapi/operation"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/event"
	"rapport/internal/testkit"
)

// happen writes an event as a room would.
func (w *world) happen(e event.Event) {
	w.t.Helper()
	testkit.Require(w.t, w.d.Within(context.Background(), func(ctx context.Context) error { return w.Log.Append(ctx, e) }))
}

func (w *world) conversationEvent(workspaceID, conversation, inbox int64) {
	w.happen(event.Event{WorkspaceID: workspaceID, Kind: "message.received", ConversationID: conversation, Data: event.Data(map[string]any{"inbox_id": inbox})})
}

// screen is an open live connection.
type screen struct {
	t      testing.TB
	frames chan anyFrame
	end    chan int // the close code
	close  func()
}

// anyFrame holds every field of every frame.
type anyFrame struct {
	Type           string              `json:"type"`
	Cursor         string              `json:"cursor"`
	Kind           string              `json:"kind"`
	ConversationID int64               `json:"conversation_id"`
	ID             int64               `json:"id"`
	Reason         string              `json:"reason"`
	Agents         []live.PresentAgent `json:"agents"`
	Unseen         int                 `json:"unseen"`
	Newest         *live.NewestOne     `json:"newest"`
}

func (w *world) serve() *httptest.Server {
	srv := httptest.NewServer(w.Server)
	w.t.Cleanup(srv.Close)
	w.t.Cleanup(w.Server.Close)
	return srv
}

func (c caller) watch(srv *httptest.Server, after string) *screen {
	c.w.t.Helper()
	header := http.Header{"Authorization": {"Bearer " + c.token}}
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(srv.URL, "http")+operation.Root+"/live?after="+after, header)
	testkit.Require(c.w.t, err)
	s := &screen{t: c.w.t, frames: make(chan anyFrame, 10_000), end: make(chan int, 1), close: func() { conn.Close() }}
	c.w.t.Cleanup(s.close)
	go func() {
		for {
			var f anyFrame
			if err := conn.ReadJSON(&f); err != nil {
				code := 0
				if closed, ok := err.(*websocket.CloseError); ok {
					code = closed.Code
				}
				s.end <- code
				return
			}
			s.frames <- f
		}
	}()
	return s
}

// next returns the next frame of one of the types; others are skipped.
func (s *screen) next(types ...string) anyFrame {
	s.t.Helper()
	for {
		select {
		case f := <-s.frames:
			for _, t := range types {
				if f.Type == t {
					return f
				}
			}
		case <-time.After(20 * time.Second):
			s.t.Fatalf("no frame of %v", types)
		}
	}
}

// two is a world with two inboxes, 11 and 12, and an agent who sees 11.
func two(t testing.TB) (w *world, owner, piotr caller) {
	w = newWorld(t)
	owner = w.found()
	piotr = w.join(owner, "Piotr", "agent", 11)
	return w, owner, piotr
}

func (w *world) workspaceID() int64 {
	all, err := w.Accounts.Workspaces(context.Background())
	testkit.Require(w.t, err)
	return all[0].ID
}

func TestAScreenHearsWhatItMaySee(t *testing.T) {
	t.Parallel()
	w, owner, piotr := two(t)
	srv := w.serve()
	his, hers := piotr.watch(srv, ""), owner.watch(srv, "")
	his.next("hello")
	hers.next("hello")
	ws := w.workspaceID()
	w.conversationEvent(ws, 501, 12)
	w.conversationEvent(ws, 502, 11)
	if f := hers.next("event"); f.ConversationID != 501 {
		t.Errorf("the owner hears of %d first", f.ConversationID)
	}
	f := his.next("event")
	if f.ConversationID != 502 || f.Kind != "message.received" {
		t.Errorf("the agent hears %+v", f)
	}
}

func TestAScreenResumesWhereItWas(t *testing.T) {
	t.Parallel()
	w, _, piotr := two(t)
	srv := w.serve()
	ws := w.workspaceID()
	first := piotr.watch(srv, "")
	first.next("hello")
	w.conversationEvent(ws, 601, 11)
	cursor := first.next("event").Cursor
	first.close()
	for i := range 700 { // more than a queue holds
		w.conversationEvent(ws, int64(1000+i), int64(11+i%2))
	}
	second := piotr.watch(srv, cursor)
	second.next("hello")
	for i := 0; i < 700; i += 2 {
		if f := second.next("event", "reset"); f.ConversationID != int64(1000+i) {
			t.Fatalf("frame %d: %+v", i, f)
		}
	}
	w.conversationEvent(ws, 602, 11)
	if f := second.next("event", "reset"); f.ConversationID != 602 {
		t.Errorf("then %+v", f)
	}
}

func TestAScreenWithAStrangeCursorStartsOver(t *testing.T) {
	t.Parallel()
	w, _, piotr := two(t)
	srv := w.serve()
	old := w.hub.Cursor(w.workspaceID(), "anotherday", 3)
	foreign := w.hub.Cursor(w.workspaceID()+1, "x", 3)
	for _, cursor := range []string{"nonsense", old, foreign} {
		s := piotr.watch(srv, cursor)
		if f := s.next("hello", "reset", "event"); f.Type != "reset" || f.Reason != "epoch" {
			t.Errorf("%s: %+v", cursor, f)
		}
		s.next("hello")
	}
}

func TestRightsEndAtOnce(t *testing.T) {
	t.Parallel()
	w, owner, piotr := two(t)
	srv := w.serve()
	ws := w.workspaceID()
	actor, err := w.Accounts.AuthenticateKey(context.Background(), owner.token)
	testkit.Require(t, err)
	his := piotr.watch(srv, "")
	his.next("hello")

	testkit.Require(t, w.Accounts.SetInboxMembers(context.Background(), actor, 11, account.InboxMembers{}))
	if f := his.next("reset", "event"); f.Type != "reset" || f.Reason != "scope" {
		t.Errorf("he hears %+v", f)
	}
	w.conversationEvent(ws, 701, 11)
	testkit.Require(t, w.Accounts.SetInboxMembers(context.Background(), actor, 11, account.InboxMembers{AgentIDs: []int64{piotr.id}}))
	his.next("reset")
	w.conversationEvent(ws, 702, 11)
	for {
		f := his.next("event")
		if f.ConversationID == 701 {
			t.Error("he heard of a conversation he could not see")
		}
		if f.ConversationID == 702 {
			break
		}
	}
	owner.do("POST", "/agents/"+id(piotr.id)+"/deactivation", map[string]any{}).want(200)
	select {
	case code := <-his.end:
		if code != 4401 {
			t.Errorf("closed with %d", code)
		}
	case <-time.After(20 * time.Second):
		t.Error("his socket stays open")
	}
}

func TestAConversationThatMovesAwayIsGone(t *testing.T) {
	t.Parallel()
	w, _, piotr := two(t)
	srv := w.serve()
	s := piotr.watch(srv, "")
	s.next("hello")
	w.happen(event.Event{WorkspaceID: w.workspaceID(), Kind: "conversation.moved", ConversationID: 801, Data: event.Data(map[string]any{"inbox_id": 12, "from_inbox_id": 11})})
	if f := s.next("gone", "event"); f.Type != "gone" || f.ID != 801 {
		t.Errorf("he hears %+v", f)
	}
}

// What happens between reading a screen and listening for it.
func TestNothingIsMissedBetweenReadingAndListening(t *testing.T) {
	t.Parallel()
	w, owner, piotr := two(t)
	srv := w.serve()
	ws := w.workspaceID()
	read := func() string {
		var me Me
		piotr.do("GET", "/me", nil).want(200).into(&me)
		return me.Cursor
	}
	w.conversationEvent(ws, 810, 11)
	cursor := read()
	w.conversationEvent(ws, 811, 11)
	w.happen(event.Event{WorkspaceID: ws, Kind: "conversation.moved", ConversationID: 812, Data: event.Data(map[string]any{"inbox_id": 12, "from_inbox_id": 11})})
	s := piotr.watch(srv, cursor)
	s.next("hello")
	if f := s.next("event", "gone", "reset"); f.Type != "event" || f.ConversationID != 811 {
		t.Errorf("first he hears %+v", f)
	}
	if f := s.next("event", "gone", "reset"); f.Type != "gone" || f.ID != 812 {
		t.Errorf("then he hears %+v", f)
	}

	actor, err := w.Accounts.AuthenticateKey(context.Background(), owner.token)
	testkit.Require(t, err)
	cursor = read()
	testkit.Require(t, w.Accounts.SetInboxMembers(context.Background(), actor, 11, account.InboxMembers{}))
	s = piotr.watch(srv, cursor)
	s.next("hello")
	if f := s.next("event", "gone", "reset"); f.Type != "reset" || f.Reason != "scope" {
		t.Errorf("after his rights were taken he hears %+v", f)
	}
	s.next("hello")
}

func TestPresenceIsForThoseWhoSeeTheConversation(t *testing.T) {
	t.Parallel()
	w, owner, piotr := two(t)
	srv := w.serve()
	his, hers := piotr.watch(srv, ""), owner.watch(srv, "")
	his.next("hello")
	hers.next("hello")
	ws := w.workspaceID()
	say := func(inbox, conversation int64, state string) {
		w.hub.TellPresence(live.Here{WorkspaceID: ws, InboxID: inbox, ConversationID: conversation, AgentID: owner.id, State: state})
	}
	say(12, 901, "viewing")
	say(11, 902, "replying")
	if f := his.next("presence"); f.ConversationID != 902 || len(f.Agents) != 1 || f.Agents[0].State != "replying" {
		t.Errorf("he hears %+v", f)
	}
	say(11, 902, "idle")
	if f := his.next("presence"); f.ConversationID != 902 || len(f.Agents) != 0 {
		t.Errorf("he hears %+v", f)
	}
}

func TestOwnNewsIsForOneselfAlone(t *testing.T) {
	t.Parallel()
	w, owner, piotr := two(t)
	srv := w.serve()
	his, hers := piotr.watch(srv, ""), owner.watch(srv, "")
	his.next("hello")
	hers.next("hello")
	w.hub.TellOwn(account.Actor{WorkspaceID: w.workspaceID(), AgentID: owner.id}, "draft.changed", 950)
	w.conversationEvent(w.workspaceID(), 951, 11)
	f := hers.next("event")
	for f.Kind != "draft.changed" {
		f = hers.next("event")
	}
	if f.ConversationID != 950 || f.Cursor == "" {
		t.Errorf("she hears %+v", f)
	}
	if f := his.next("event"); f.ConversationID != 951 {
		t.Errorf("he hears %+v", f)
	}
}

func TestTheStreamWorksWithoutSockets(t *testing.T) {
	t.Parallel()
	w, _, piotr := two(t)
	srv := w.serve()
	r, _ := http.NewRequest("GET", srv.URL+operation.Root+"/live", nil)
	r.Header.Set("Authorization", "Bearer "+piotr.token)
	r.Header.Set("Accept", "text/event-stream")
	ctx, cancel := context.WithCancel(context.Background())
	res, err := http.DefaultClient.Do(r.WithContext(ctx))
	testkit.Require(t, err)
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("Content-Type %q", got)
	}
	lines := bufio.NewScanner(res.Body)
	read := func() (f anyFrame) {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				json.Unmarshal([]byte(data), &f)
				return f
			}
		}
		return f
	}
	if f := read(); f.Type != "hello" {
		t.Errorf("first %+v", f)
	}
	w.conversationEvent(w.workspaceID(), 960, 12)
	w.conversationEvent(w.workspaceID(), 961, 11)
	if f := read(); f.ConversationID != 961 {
		t.Errorf("then %+v", f)
	}
	cancel()
	for w.hub.Open() != 0 {
		time.Sleep(time.Millisecond)
	}
}

func TestSocketsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w, owner, _ := two(t)
	srv := w.serve()
	for _, header := range []http.Header{
		{"Authorization": {"Bearer " + owner.token}, "Origin": {"https://evil.example"}},
		{"Authorization": {"Bearer " + owner.token}, "Origin": {"null"}},
		{},
	} {
		_, res, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(srv.URL, "http")+operation.Root+"/live", header)
		if err == nil || res == nil || res.StatusCode != 403 && header.Get("Origin") != "" || res.StatusCode != 401 && header.Get("Origin") == "" {
			t.Errorf("%v: %v %v", header, res, err)
		}
	}
}

func TestTheLogIsReadInSight(t *testing.T) {
	t.Parallel()
	w, owner, piotr := two(t)
	ws := w.workspaceID()
	w.conversationEvent(ws, 970, 12)
	w.conversationEvent(ws, 971, 11)
	seen := func(c caller) (ids []int64) {
		cursor := ""
		for {
			var p shape.Page[live.Event]
			c.do("GET", "/events?limit=2&after="+cursor, nil).want(200).into(&p)
			if len(p.Items) == 0 {
				return ids
			}
			for _, e := range p.Items {
				if e.ConversationID != nil {
					ids = append(ids, *e.ConversationID)
				}
			}
			cursor = *p.NextCursor
		}
	}
	if got := fmt.Sprint(seen(owner)); got != "[970 971]" {
		t.Errorf("the owner reads %s", got)
	}
	if got := fmt.Sprint(seen(piotr)); got != "[971]" {
		t.Errorf("the agent reads %s", got)
	}
}

func TestWhatAScreenSendsIsNotListenedTo(t *testing.T) {
	t.Parallel()
	w, _, piotr := two(t)
	srv := w.serve()
	header := http.Header{"Authorization": {"Bearer " + piotr.token}}
	dial := func() *websocket.Conn {
		conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(srv.URL, "http")+operation.Root+"/live", header)
		testkit.Require(t, err)
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	read := func(conn *websocket.Conn) (f anyFrame, err error) {
		for f.Type != "event" && f.Type != "hello" && err == nil {
			f = anyFrame{}
			err = conn.ReadJSON(&f)
		}
		return f, err
	}
	chatty, flooding := dial(), dial()
	read(chatty)
	read(flooding)
	testkit.Require(t, chatty.WriteMessage(websocket.TextMessage, []byte(`{"type":"subscribe","inbox":12}`)))
	testkit.Require(t, chatty.WriteMessage(websocket.BinaryMessage, []byte{0xff, 0x00}))
	flooding.WriteMessage(websocket.TextMessage, make([]byte, 1<<20))
	w.conversationEvent(w.workspaceID(), 980, 12)
	w.conversationEvent(w.workspaceID(), 981, 11)
	if f, err := read(chatty); err != nil || f.ConversationID != 981 {
		t.Errorf("the chatty one hears %+v, %v", f, err)
	}
	for err := error(nil); err == nil; { // it may still hear what was under way
		_, err = read(flooding)
	}
}
