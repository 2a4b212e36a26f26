package httpapi

import (
	"strings"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/httpapi/shape"
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
	agent.do("GET", one+"/source", nil).want(403)
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
