package httpapi

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/conversation/follow"
	"rapport/internal/httpapi/live"
	"rapport/internal/httpapi/operation"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/event"
	"rapport/internal/testkit"
)

// RT-03: whoever has missed more than is sent one by one starts over, as with a
// cursor of another epoch. What was being written is there afterwards.
func TestRT03WhoMissedTooMuchStartsOver(t *testing.T) {
	t.Parallel()
	w, _, piotr := two(t)
	srv := w.serve()
	ws := w.workspaceID()
	old := w.hub.Cursor(ws, w.epoch(), 1)
	s := piotr.watch(srv, old)
	if f := s.next("hello", "reset"); f.Type != "hello" {
		t.Fatalf("at first: %+v", f)
	}
	s.close()
	testkit.Require(t, w.d.Within(context.Background(), func(ctx context.Context) error {
		for i := range 5100 {
			if err := w.Log.Append(ctx, event.Event{WorkspaceID: ws, Kind: "message.received", ConversationID: int64(5000 + i), Data: event.Data(map[string]any{"inbox_id": 11})}); err != nil {
				return err
			}
		}
		return nil
	}))
	s = piotr.watch(srv, old)
	if f := s.next("hello", "reset", "event"); f.Type != "reset" || f.Reason != "missed" {
		t.Errorf("after 5,100 events: %+v", f)
	}
	s.next("hello")
	w.conversationEvent(ws, 4999, 11)
	if f := s.next("event", "reset"); f.ConversationID != 4999 {
		t.Errorf("then: %+v", f)
	}
}

func (w *world) epoch() string {
	epoch, err := w.Log.Epoch(context.Background())
	testkit.Require(w.t, err)
	return epoch
}

// RT-09: of what an agent may not see no frame of any kind arrives, nor its id,
// nor that of who wrote; and no frame tells how much there was.
func TestRT09NothingUnseenIsHeard(t *testing.T) {
	t.Parallel()
	w, owner, piotr := two(t)
	srv := w.serve()
	ws := w.workspaceID()
	const hidden, person, shown = 987654321, 876543219, 502
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(srv.URL, "http")+operation.Root+"/live", http.Header{"Authorization": {"Bearer " + piotr.token}})
	testkit.Require(t, err)
	defer conn.Close()
	read := func() string {
		conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		_, frame, err := conn.ReadMessage()
		testkit.Require(t, err)
		return string(frame)
	}
	for !strings.Contains(read(), `"hello"`) {
	}
	of := func(conversationID int64, inbox int) []event.Event {
		var out []event.Event
		for _, kind := range slices.Concat(channel.Kinds, conversation.Kinds, follow.Kinds) {
			out = append(out, event.Event{WorkspaceID: ws, Kind: kind, Actor: event.Actor{Kind: "contact", ID: person}, ConversationID: conversationID, ContactID: person,
				Data: event.Data(map[string]any{"inbox_id": inbox, "from_inbox_id": inbox})})
		}
		return out
	}
	for _, e := range of(hidden, 12) {
		w.happen(e)
	}
	w.hub.TellPresence(live.Here{WorkspaceID: ws, InboxID: 12, ConversationID: hidden, AgentID: owner.id, State: "replying"})
	w.hub.TellOwn(account.Actor{WorkspaceID: ws, AgentID: owner.id}, "draft.changed", hidden)
	w.happen(event.Event{WorkspaceID: ws + 1, Kind: "message.received", ConversationID: shown + 1, Data: event.Data(map[string]any{"inbox_id": 11})}) // another workspace's
	w.conversationEvent(ws, shown, 11)
	for {
		frame := read()
		for _, no := range []int{hidden, person, shown + 1} {
			if strings.Contains(frame, strconv.Itoa(no)) {
				t.Errorf("he hears %s", frame)
			}
		}
		if strings.Contains(frame, strconv.Itoa(shown)) {
			w.saysNoNumber(frame, ws)
			break
		}
	}
}

// saysNoNumber looks for the number of the newest event in a frame, written out
// or inside one of its names.
func (w *world) saysNoNumber(frame string, workspaceID int64) {
	w.t.Helper()
	head, err := w.Log.Head(context.Background(), workspaceID)
	testkit.Require(w.t, err)
	var fields map[string]any
	testkit.Require(w.t, json.Unmarshal([]byte(frame), &fields))
	number := binary.BigEndian.AppendUint64(nil, uint64(head))
	for name, value := range fields {
		if n, ok := value.(float64); ok && int64(n) == head {
			w.t.Errorf("%s is the number of the event: %s", name, frame)
		}
		if text, ok := value.(string); ok {
			if plain, err := base64.RawURLEncoding.DecodeString(text); err == nil && bytes.Contains(plain, number) {
				w.t.Errorf("%s holds the number of the event: %s", name, frame)
			}
		}
	}
}

// SQL-15: of a file that the store has lost a reader is told so, and what brings
// it back; nothing of where it lay.
func TestSQL15ALostFileIsSaidToItsReader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	var a Attachment
	owner.upload("POST", "/attachments", "photo.png", bytes.Repeat(pixel, 10_000)).want(201).into(&a)
	deps := w.Deps
	empty := t.TempDir()
	deps.Blobs = blob.New(w.d, blob.NewFolder(empty), w.Clock)
	s := New(deps)
	defer s.Close()
	for language, words := range map[string]string{"en": "This file is missing from the file store.", "pl": "Tego pliku brakuje w magazynie."} {
		r := httptest.NewRequest("GET", a.URL, nil)
		r.Header.Set("Accept-Language", language)
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, r)
		if body := answer.Body.String(); answer.Code != 503 || !strings.Contains(body, words) || strings.Contains(body, empty) {
			t.Errorf("%s: %d %s", language, answer.Code, body)
		}
	}
}
