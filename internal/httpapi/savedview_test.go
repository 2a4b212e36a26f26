package httpapi

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rapport/internal/httpapi/shape"
	"rapport/internal/httpapi/viewset"
)

// conditions are those of a view: each is a field, a relation and values, and
// all must hold.
func conditions(all ...[]any) map[string]any {
	list := []any{}
	for _, c := range all {
		list = append(list, map[string]any{"field": c[0], "relation": c[1], "values": c[2:]})
	}
	return map[string]any{"all": list, "any": []any{}}
}

func aView(who caller, name string, shared bool, all ...[]any) (v viewset.View) {
	who.w.t.Helper()
	who.do("POST", "/views", map[string]any{"name": name, "shared": shared, "conditions": conditions(all...)}).want(201).into(&v)
	return v
}

// saved are the saved views somebody has, as "name count".
func (c caller) saved() []string {
	c.w.t.Helper()
	var page shape.Page[viewset.View]
	c.do("GET", "/views", nil).want(200).into(&page)
	var out []string
	for _, v := range page.Items {
		if v.Saved.Value != nil {
			out = append(out, fmt.Sprintf("%s %s %d", v.Group, v.Name, v.Count))
		}
	}
	return out
}

func (c caller) listed(query string) []int64 {
	c.w.t.Helper()
	var page shape.Page[Conversation]
	c.do("GET", "/conversations?"+query, nil).want(200).into(&page)
	var out []int64
	for _, v := range page.Items {
		out = append(out, v.ID)
	}
	return out
}

func TestViewsAreMadeSharedAndCounted(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	owner, agent, light, outsider, stranger := c.callers["owner"], c.callers["agent"], c.callers["light"], c.callers["outsider"], c.callers["stranger"]
	nets, _ := c.arrive(c.workspaceID, c.inbox, "Nets", "My nets are torn.")
	boats, _ := c.arrive(c.workspaceID, c.other, "Boats", "My boat leaks.")
	owner.do("PUT", "/conversations/"+id(nets)+"/tags", map[string]any{"tags": []string{"VIP"}}).want(200)
	owner.do("PUT", "/conversations/"+id(boats)+"/priority", map[string]any{"priority": "urgent"}).want(200)

	shared := aView(owner, "Waiting for us", true, []any{"waiting", "is", "us"})
	personal := aView(agent, "Piotr's gold", false, []any{"tag", "is", "vip"})
	if shared.Key != "saved:waiting-for-us" || shared.Group != "shared" || strings.Contains(personal.Key, "gold") || personal.Group != "personal" || *personal.Saved.Value.OwnerID != agent.id {
		t.Errorf("made %+v and %+v", shared, personal)
	}
	for who, want := range map[*caller][]string{
		&owner: {"shared Waiting for us 2"}, &agent: {"shared Waiting for us 1", "personal Piotr's gold 1"}, &light: {"shared Waiting for us 1"}, &outsider: {"shared Waiting for us 1"}, &stranger: nil,
	} {
		if got := who.saved(); !slices.Equal(got, want) {
			t.Errorf("%d has %v, want %v", who.id, got, want)
		}
	}
	for _, one := range []struct {
		who  caller
		q    string
		want []int64
	}{
		{owner, "view=" + shared.Key, []int64{boats, nets}}, {agent, "view=" + shared.Key, []int64{nets}}, {outsider, "view=" + shared.Key, []int64{boats}},
		{agent, "view=" + personal.Key, []int64{nets}}, {owner, "view=" + shared.Key + "&sort=oldest", []int64{nets, boats}}, {owner, "view=" + shared.Key + "&q=leak", []int64{boats}},
	} {
		if got := one.who.listed(one.q); !slices.Equal(got, one.want) {
			t.Errorf("%d lists %s: %v, want %v", one.who.id, one.q, got, one.want)
		}
	}
	owner.do("GET", "/conversations?view="+personal.Key, nil).want(404)
	agent.do("GET", "/conversations?view=saved:nothing", nil).want(404)

	// A preview says what one sees oneself, and what is wrong.
	var p viewset.ViewPreview[Conversation]
	outsider.do("POST", "/views/preview", map[string]any{"conditions": conditions([]any{"status", "is", "open"})}).want(200).into(&p)
	if p.Count != 1 || len(p.Items) != 1 || p.Items[0].ID != boats {
		t.Errorf("preview %+v", p)
	}
	if r := agent.do("POST", "/views", map[string]any{"name": "x", "shared": false, "conditions": conditions([]any{"created", "within", "soon"})}).want(422); !strings.Contains(r.Body.String(), "conditions.all[0].values[0]") {
		t.Errorf("refused with %s", r.Body)
	}
	agent.do("POST", "/views", map[string]any{"name": "x", "shared": true, "conditions": conditions()}).want(403)

	// The counts follow what happens, also what is no event.
	unread := aView(agent, "Unread", false, []any{"unread", "is", "yes"})
	agent.do("PUT", "/conversations/"+id(nets)+"/read", map[string]any{"position": 1}).want(200)
	owner.do("PUT", "/conversations/"+id(boats)+"/status", map[string]any{"status": "closed"}).want(200)
	owner.do("PUT", "/views/"+id(shared.Saved.Value.ID), map[string]any{"name": "Waiting", "shared": true, "sort": "priority", "columns": []string{"tags", "number"},
		"conditions": conditions([]any{"waiting", "is", "us"}, []any{"status", "is", "open"}), "version": shared.Saved.Value.Version}).want(200).into(&shared)
	if shared.Key != "saved:waiting-for-us" || shared.Saved.Value.Sort != "priority" || !slices.Equal(shared.Saved.Value.Columns, []string{"tags", "number"}) {
		t.Errorf("changed to %+v", shared)
	}
	owner.do("PUT", "/views/"+id(shared.Saved.Value.ID), map[string]any{"name": "Old", "shared": true, "conditions": conditions(), "version": 1}).want(409)
	if got := agent.saved(); !slices.Equal(got, []string{"shared Waiting 1", "personal Piotr's gold 1", "personal Unread 0"}) {
		t.Errorf("agent has %v", got)
	}
	if got := outsider.saved(); !slices.Equal(got, []string{"shared Waiting 0"}) {
		t.Errorf("outsider has %v", got)
	}

	// Each kind has an order of its own.
	agent.do("PUT", "/views/order", map[string]any{"ids": []int64{unread.Saved.Value.ID, personal.Saved.Value.ID}}).want(204)
	agent.do("PUT", "/views/order", map[string]any{"ids": []int64{unread.Saved.Value.ID, shared.Saved.Value.ID}}).want(422)
	if got := agent.saved(); !slices.Equal(got, []string{"shared Waiting 1", "personal Unread 0", "personal Piotr's gold 1"}) {
		t.Errorf("in order %v", got)
	}
	owner.do("PUT", "/views/"+id(personal.Saved.Value.ID), map[string]any{"name": "Mine now", "shared": true, "conditions": conditions()}).want(404)
	agent.do("DELETE", "/views/"+id(shared.Saved.Value.ID), nil).want(403)

	// What was deleted comes back as it was.
	agent.do("DELETE", "/views/"+id(personal.Saved.Value.ID), nil).want(204)
	agent.do("GET", "/conversations?view="+personal.Key, nil).want(404)
	agent.do("POST", "/views", map[string]any{"name": "Piotr's gold", "shared": false, "key": personal.Key, "conditions": conditions([]any{"tag", "is", "vip"})}).want(201)
	if got := agent.listed("view=" + personal.Key); !slices.Equal(got, []int64{nets}) {
		t.Errorf("brought back %v", got)
	}
	outsider.do("POST", "/views", map[string]any{"name": "x", "shared": false, "key": personal.Key, "conditions": conditions()}).want(409)
}

func TestAPersonalViewIsNobodyElsesNews(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	owner, agent := c.callers["owner"], c.callers["agent"]
	v := aView(agent, "Mine", false)
	aView(owner, "Ours", true)
	for who, want := range map[*caller]int{&agent: 2, &owner: 1} {
		if n := strings.Count(who.do("GET", "/events?limit=100", nil).want(200).Body.String(), "view.changed"); n != want {
			t.Errorf("%d hears %d times of views, not %d", who.id, n, want)
		}
	}
	c.callers["admin"].do("DELETE", "/views/"+id(v.Saved.Value.ID), nil).want(404)
}
