package listing

import (
	"fmt"
	"testing"

	"rapport/internal/account"
)

func TestFilterAsksWhatItsViewMeans(t *testing.T) {
	me := account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 5, Role: account.Member}
	two, yes, no := account.Scope{Inboxes: []int64{3, 4}}, true, false
	for _, c := range []struct {
		f    Filter
		want string
	}{
		{Filter{}, "[3 4] [] agent 0 free false team 0 status "},
		{Filter{View: "mine"}, "[3 4] [open] agent 5 free false team 0 status "},
		{Filter{View: "mine", Status: "pending"}, "[3 4] [pending] agent 5 free false team 0 status "},
		{Filter{View: "unassigned"}, "[3 4] [open] agent 0 free true team 0 status "},
		{Filter{View: "waiting"}, "[3 4] [pending] agent 0 free false team 0 status "},
		{Filter{View: "snoozed"}, "[3 4] [snoozed] agent 0 free false team 0 status "},
		{Filter{View: "spam"}, "[3 4] [spam] agent 0 free false team 0 status "},
		{Filter{View: "inbox:4"}, "[4] [open] agent 0 free false team 0 status "},
		{Filter{View: "team:2"}, "[3 4] [open] agent 0 free false team 2 status "},
		{Filter{InboxID: 9}, "[] [] agent 0 free false team 0 status "},
		{Filter{Status: "pending", Snoozed: &yes}, "[3 4] [snoozed] agent 0 free false team 0 status pending"},
		{Filter{Snoozed: &no}, "[3 4] [open pending on_hold closed] agent 0 free false team 0 status "},
	} {
		q, err := c.f.Query("op", me, two)
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintf("%v %v agent %d free %v team %d status %s", q.Inboxes, q.Shelves, q.AssigneeID, q.Unassigned, q.TeamID, q.Status)
		if got != c.want || q.All {
			t.Errorf("%+v asks %s, want %s", c.f, got, c.want)
		}
	}
	for _, view := range []string{"inbox:x", "team:", "nonsense"} {
		if _, err := (Filter{View: view}).Query("op", me, two); err == nil {
			t.Errorf("view %q was taken", view)
		}
	}
}

func scopeOf(inboxes []int64) account.Scope {
	return account.Scope{All: inboxes == nil, Inboxes: inboxes}
}
