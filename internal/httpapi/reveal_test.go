package httpapi

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/httpapi/shape"
	"rapport/internal/httpapi/upkeep"
	"rapport/internal/testkit"
)

// MAIL-22, SEC-50: a mail by which a stranger could sign in as the company says
// nothing over the API, until an administrator reveals it, which others see.
func TestMAIL22ACodeMailIsHiddenUntilSomebodyReveals(t *testing.T) {
	t.Parallel()
	w, owner, inbox, _ := desk(t)
	agent := w.join(owner, "Piotr", "agent", inbox)
	conversation, message := w.arriveAs(inbox, "no-reply@slack.com", func(in *channel.Inbound) {
		in.WorkspaceID, in.Subject, in.Text, in.Reply = w.workspaceID(), "Slack confirmation code: K7Q-9PM", "", "K7Q-9PM"
		in.HTML = `<p>Your code is K7Q-9PM</p><a href="https://slack.com/k7q-9pm">Sign in</a>`
		in.Credential = &channel.Credential{Kind: "code", Provider: "Slack", Domain: "slack.com", Phrase: "confirmation code"}
	})
	path := "/conversations/" + id(conversation)
	one := path + "/messages/" + id(message)
	for _, who := range []caller{owner, agent} {
		for _, at := range []string{path, path + "/messages", path + "/transcript", path + "/history", one + "/html", "/conversations", "/conversations?q=slack", "/search?q=slack", "/events"} {
			if r := who.do("GET", at, nil); r.Code != 200 || strings.Contains(strings.ToLower(r.Body.String()), "k7q") {
				t.Errorf("%s: %d %s", at, r.Code, r.Body)
			}
		}
	}
	var list shape.Page[Message]
	agent.do("GET", path+"/messages", nil).want(200).into(&list)
	if m := list.Items[0].Masked.Value; m == nil || m.Provider != "Slack" || m.Kind != "code" || m.Phrase != "confirmation code" {
		t.Errorf("masked %+v", m)
	}
	agent.do("POST", one+"/reveal", nil).want(403)
	agent.do("POST", one+"/forward", map[string]any{"to": []any{map[string]any{"address": "eve@evil.example"}}, "text": "Look"}).want(422)
	var words Revealed
	owner.do("POST", one+"/reveal", nil).want(200).into(&words)
	if words.Subject != "Slack confirmation code: K7Q-9PM" || !strings.Contains(words.Text, "K7Q-9PM") || len(words.Links) != 1 || words.Links[0] != "https://slack.com/k7q-9pm" {
		t.Errorf("revealed %+v", words)
	}
	if r := agent.do("GET", path+"/history", nil).want(200); !strings.Contains(r.Body.String(), "conversation.revealed") || strings.Contains(r.Body.String(), "K7Q") {
		t.Errorf("history %s", r.Body)
	}
}

// MAIL-22: the source of a hidden mail says what the mail says. Who gets it, from
// the conversation or from the list of mails, and also of the same mail that came
// again, has the right to reveal, and is seen to have used it.
func TestMAIL22TheSourceOfAHiddenMailLeavesOneTraceAtEveryDoor(t *testing.T) {
	t.Parallel()
	w, owner, _ := chatWorld(t)
	inbox := owner.inbox("Desk")
	admin, agent := w.join(owner, "Ada", "admin"), w.join(owner, "Piotr", "agent", inbox)
	accept := func(key, raw string) upkeep.Mail {
		t.Helper()
		testkit.Require(t, w.Channels.Accept(context.Background(), []channel.Arrival{{WorkspaceID: w.workspaceID(), InboxID: inbox, SourceKey: key, Raw: []byte(raw)}}, nil))
		for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			var list shape.Page[upkeep.Mail]
			admin.do("GET", "/mails", nil).want(200).into(&list)
			if strings.Contains(fmt.Sprint(list), "K7Q") {
				t.Fatalf("the list of mails says %+v", list)
			}
			if m := list.Items[0]; m.State != "received" {
				return m
			}
		}
		t.Fatal("never judged")
		return upkeep.Mail{}
	}
	const code = "Your confirmation code is K7Q-9PM"
	plain, hidden, again := accept("1", "Where is my order?"), accept("2", code), accept("3", code)
	if hidden.State != "applied" || again.State != "rejected" || again.ConversationID == nil || *again.ConversationID != *hidden.ConversationID {
		t.Fatalf("hidden %+v, again %+v", hidden, again)
	}
	path := fmt.Sprint("/conversations/", *hidden.ConversationID)
	var messages shape.Page[Message]
	admin.do("GET", path+"/messages", nil).want(200).into(&messages)
	seen := func(conversation int64) (n int) {
		t.Helper()
		var list shape.Page[HistoryItem]
		admin.do("GET", fmt.Sprint("/conversations/", conversation, "/history"), nil).want(200).into(&list)
		for _, item := range list.Items {
			if item.Kind == "conversation.revealed" {
				n++
				if item.Actor.ID == nil || *item.Actor.ID != admin.id || fmt.Sprint(item.Data["message_id"]) != fmt.Sprint(float64(messages.Items[0].ID)) {
					t.Errorf("the trace %+v", item)
				}
			}
		}
		return n
	}
	doors := []string{fmt.Sprint(path, "/messages/", messages.Items[0].ID, "/source"), fmt.Sprint("/mails/", hidden.ID, "/source"), fmt.Sprint("/mails/", again.ID, "/source")}
	for i, door := range doors {
		if r := agent.do("GET", door, nil).want(403); strings.Contains(r.Body.String(), "K7Q") || seen(*hidden.ConversationID) != i {
			t.Errorf("%s: an agent gets %s, with %d traces", door, r.Body, seen(*hidden.ConversationID))
		}
		if r := admin.do("GET", door, nil).want(200); r.Body.String() != code || seen(*hidden.ConversationID) != i+1 {
			t.Errorf("%s: an administrator gets %s, with %d traces", door, r.Body, seen(*hidden.ConversationID))
		}
	}
	admin.do("GET", fmt.Sprint("/mails/", plain.ID, "/source"), nil).want(200)
	if n := seen(*plain.ConversationID); n != 0 {
		t.Errorf("a mail that hides nothing left %d traces", n)
	}
}
