package httpapi

import (
	"slices"
	"strings"
	"testing"

	"rapport/internal/httpapi/macroset"
	"rapport/internal/httpapi/shape"
	"rapport/internal/testkit"
)

// What is one's own is nobody else's, not even the owner's; what is shared is
// everybody's, and changed by who may change settings.
func TestSnippetsAreSharedOrOnesOwn(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	owner, agent, light, outsider := c.callers["owner"], c.callers["agent"], c.callers["light"], c.callers["outsider"]
	var own, shared macroset.Snippet
	agent.do("POST", "/snippets", map[string]any{"name": "My thanks", "folder": "Mine", "html": "<p>Thank <b>you</b>, {{customer.first_name|friend}}.</p>"}).want(201).into(&own)
	owner.do("POST", "/snippets", map[string]any{"name": "Delivery time", "language": "en", "text": "Two days.", "shared": true, "approved": true}).want(201).into(&shared)
	if own.Shared || own.OwnerID == nil || *own.OwnerID != agent.id || own.Text != "Thank you, {{customer.first_name|friend}}." || own.Key != "my-thanks" {
		t.Errorf("one's own: %+v", own)
	}
	if !shared.Shared || shared.OwnerID != nil || !shared.Approved {
		t.Errorf("shared: %+v", shared)
	}
	sees := func(who caller) (ids []int64) {
		t.Helper()
		var page shape.Page[macroset.Snippet]
		who.do("GET", "/snippets", nil).want(200).into(&page)
		for _, v := range page.Items {
			ids = append(ids, v.ID)
		}
		slices.Sort(ids)
		return ids
	}
	both := []int64{own.ID, shared.ID}
	slices.Sort(both)
	if got := sees(agent); !slices.Equal(got, both) {
		t.Errorf("its owner sees %v", got)
	}
	for _, who := range []caller{owner, light, outsider} {
		if got := sees(who); !slices.Equal(got, []int64{shared.ID}) {
			t.Errorf("others see %v", got)
		}
	}
	if got := sees(c.callers["stranger"]); len(got) > 0 {
		t.Errorf("another company sees %v", got)
	}
	text := map[string]any{"name": "Other", "text": "Other"}
	owner.do("PUT", "/snippets/"+id(own.ID), text).problem(404)
	owner.do("DELETE", "/snippets/"+id(own.ID), nil).problem(404)
	owner.do("POST", "/snippets/"+id(own.ID)+"/uses", nil).problem(404)
	agent.do("PUT", "/snippets/"+id(shared.ID), text).problem(403)
	agent.do("DELETE", "/snippets/"+id(shared.ID), nil).problem(403)
	agent.do("PUT", "/snippets/"+id(own.ID), map[string]any{"name": "Other", "text": "Other", "shared": true}).problem(403)
	light.do("POST", "/snippets", text).problem(403)

	light.do("POST", "/snippets/"+id(shared.ID)+"/uses", nil).want(204)
	agent.do("DELETE", "/snippets/"+id(own.ID), nil).want(204)
	if got := sees(agent); !slices.Equal(got, []int64{shared.ID}) {
		t.Errorf("after the deletion: %v", got)
	}
	agent.do("DELETE", "/snippets/"+id(own.ID), nil).problem(404)
	agent.do("PUT", "/snippets/"+id(own.ID), text).want(200)
	if got := sees(agent); !slices.Equal(got, both) {
		t.Errorf("put back: %v", got)
	}
	var page shape.Page[macroset.Snippet]
	agent.do("GET", "/snippets", nil).want(200).into(&page)
	for _, v := range page.Items {
		if v.ID == shared.ID && (v.Uses != 1 || v.LastUsedAt == nil) {
			t.Errorf("used once: %+v", v)
		}
	}
}

func TestAMacroRunsWithTheRightsOfWhoeverRunsIt(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	owner, agent, light, outsider := c.callers["owner"], c.callers["agent"], c.callers["light"], c.callers["outsider"]
	conversation, _ := c.arrive(c.workspaceID, c.inbox, "Nets", "My nets are torn.")
	var m, own macroset.Macro
	owner.do("POST", "/macros", map[string]any{"name": "Torn", "shared": true, "actions": []any{
		map[string]any{"do": "reply", "text": "Hello {{customer.first_name|there}}, we mend it."}, map[string]any{"do": "assign", "me": true},
		map[string]any{"do": "tags", "add": []string{"torn"}}, map[string]any{"do": "priority", "priority": "high"}, map[string]any{"do": "status", "status": "pending"},
		map[string]any{"do": "note", "text": "Asked by {{agent.first_name|somebody}}."},
	}}).want(201).into(&m)
	agent.do("POST", "/macros", map[string]any{"name": "Mine", "actions": []any{map[string]any{"do": "team", "team_id": nil}}}).want(201).into(&own)
	if r := agent.do("GET", "/macros", nil).want(200); !strings.Contains(r.Body.String(), `{"agent_id":null,"do":"assign","me":true},{"add":["torn"],"do":"tags","remove":[]}`) {
		t.Errorf("an action says all of its own and nothing else: %s", r.Body)
	}
	path := "/conversations/" + id(conversation) + "/macros/" + id(m.ID)
	light.do("POST", path, map[string]any{}).problem(403)
	outsider.do("POST", path, map[string]any{}).problem(404)
	owner.do("POST", "/conversations/"+id(conversation)+"/macros/"+id(own.ID), map[string]any{}).problem(404)
	owner.do("POST", "/macros/"+id(own.ID)+"/run", map[string]any{"conversation_ids": []int64{conversation}}).problem(404)

	var ran, again macroset.MacroRan[Conversation]
	agent.do("POST", path, map[string]any{"client_id": "x1"}).want(200).into(&ran)
	agent.do("POST", path, map[string]any{"client_id": "x1"}).want(200).into(&again)
	for name, v := range map[string]macroset.MacroRan[Conversation]{"once": ran, "again": again} {
		now := v.Conversation
		if now.AssigneeID == nil || *now.AssigneeID != agent.id || now.Priority != "high" || now.Status != "pending" || !slices.Equal(now.Tags, []string{"torn"}) || now.LastPosition != 2 {
			t.Errorf("%s: %+v", name, now)
		}
		if b := v.Before; b.AssigneeID != nil || b.Priority != "normal" || b.Status != "open" || len(b.Tags) != 0 {
			t.Errorf("%s, before: %+v", name, b)
		}
		if v.Reply.Value == nil || v.Reply.Value.Text != "Hello {{customer.first_name|there}}, we mend it." {
			t.Errorf("%s, its reply: %+v", name, v.Reply.Value)
		}
	}
	var messages shape.Page[Message]
	agent.do("GET", "/conversations/"+id(conversation)+"/messages", nil).want(200).into(&messages)
	if n := len(messages.Items); n != 2 || messages.Items[1].Kind != "note" || messages.Items[1].Text != "Asked by Piotr." {
		t.Errorf("%d messages: %+v", n, messages.Items)
	}
	hidden, _ := c.arrive(c.workspaceID, c.other, "Boats", "My boat leaks.")
	var many shape.Page[macroset.MacroOutcome[Conversation]]
	agent.do("POST", "/macros/"+id(m.ID)+"/run", map[string]any{"conversation_ids": []int64{conversation, hidden, 987654}}).want(200).into(&many)
	if len(many.Items) != 3 || many.Items[0].Conversation.Value == nil || many.Items[0].Problem != "" {
		t.Fatalf("on many: %+v", many.Items)
	}
	for _, out := range many.Items[1:] {
		if out.Conversation.Value != nil || out.Problem != "This conversation is not here any more, or not for you to see." {
			t.Errorf("what is out of sight: %+v", out)
		}
	}
	var history shape.Page[HistoryItem]
	testkit.Require(t, c.Readers.CatchUp(t.Context()))
	agent.do("GET", "/conversations/"+id(conversation)+"/history", nil).want(200).into(&history)
	ranIt := 0
	for _, e := range history.Items {
		if e.Kind == "conversation.macro" {
			ranIt++
		}
	}
	if ranIt != 2 {
		t.Errorf("%d runs in the history, want 2", ranIt)
	}
}

// Of somebody's own macro no other screen hears.
func TestChangesOfOnesOwnAreHeardByOneself(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	owner, agent := c.callers["owner"], c.callers["agent"]
	screen := owner.watch(c.serve(), "")
	screen.next("hello")
	agent.do("POST", "/macros", map[string]any{"name": "Mine", "actions": []any{map[string]any{"do": "assign", "me": true}}}).want(201)
	owner.do("POST", "/snippets", map[string]any{"name": "Ours", "text": "Ours.", "shared": true}).want(201)
	for {
		switch f := screen.next("event"); f.Kind {
		case "macro.changed":
			t.Fatalf("the owner hears of somebody's own: %+v", f)
		case "snippet.changed":
			return
		}
	}
}
