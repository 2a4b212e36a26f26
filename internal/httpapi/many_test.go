package httpapi

import (
	"testing"

	"rapport/internal/httpapi/many"
)

// Whoever names what they may not see learns nothing of it, and the rest is done.
func TestManyAreChangedByOneRequestAndTakenBackByAnother(t *testing.T) {
	t.Parallel()
	w, owner, inbox, _ := desk(t)
	other := owner.inbox("Boats")
	agent := w.join(owner, "Piotr", "agent", inbox)
	mine, _ := w.arrive(w.workspaceID(), inbox, "Nets", "My nets are torn.")
	also, _ := w.arrive(w.workspaceID(), inbox, "Ropes", "My ropes are gone.")
	hidden, _ := w.arrive(w.workspaceID(), other, "Boats", "My boat leaks.")
	change := map[string]any{"client_id": "a", "ids": []int64{mine, also, hidden}, "do": "tags", "add_tags": []string{"Refund"}}
	var run, again many.BulkChange
	agent.do("POST", "/bulk-changes", change).want(200).into(&run)
	agent.do("POST", "/bulk-changes", change).want(200).into(&again)
	if run.State != "done" || run.Changed != 2 || run.Refused != 1 || again.ID != run.ID {
		t.Fatalf("run %+v, again %+v", run, again)
	}
	for _, item := range run.Items {
		if (item.ConversationID == hidden) != (item.State == "refused" && item.Number == nil && item.Before.Value == nil && item.Reason != "") {
			t.Errorf("item %+v", item)
		}
	}
	owner.do("POST", "/bulk-changes/"+id(run.ID)+"/undo", nil).want(404)
	agent.do("PUT", "/conversations/"+id(mine)+"/tags", map[string]any{"tags": []string{"Refund", "VIP"}}).want(200)
	agent.do("POST", "/bulk-changes/"+id(run.ID)+"/undo", nil).want(200).into(&run)
	if run.State != "undone" || run.Back != 2 {
		t.Errorf("taken back %+v", run)
	}
	var c Conversation
	agent.do("GET", "/conversations/"+id(mine), nil).want(200).into(&c)
	if len(c.Tags) != 1 || c.Tags[0] != "VIP" {
		t.Errorf("what was added since is gone, or what was taken back stays: %v", c.Tags)
	}
	agent.do("POST", "/bulk-changes", map[string]any{"filter": map[string]any{"view": "unassigned"}, "do": "assignee", "assignee_id": agent.id}).want(200).into(&run)
	owner.do("GET", "/conversations/"+id(hidden), nil).want(200).into(&c)
	if run.Total < 2 || c.AssigneeID != nil {
		t.Errorf("all of a view: %+v; what the agent does not see has %v", run, c.AssigneeID)
	}
	agent.do("POST", "/bulk-changes", map[string]any{"do": "status", "status": "closed"}).want(422)
	agent.do("POST", "/bulk-changes", map[string]any{"filter": map[string]any{"view": "saved:none"}, "do": "spam", "spam": true}).want(404)
}

func TestABlockedCustomerIsSeenAndLetInAgain(t *testing.T) {
	t.Parallel()
	w, owner, inbox, _ := desk(t)
	conversation, _ := w.arrive(w.workspaceID(), inbox, "Nets", "Buy my nets.")
	var c Conversation
	owner.do("GET", "/conversations/"+id(conversation), nil).want(200).into(&c)
	var v Contact
	for _, blocked := range []bool{true, false} {
		owner.do("PATCH", "/contacts/"+id(c.ContactID), map[string]any{"blocked": blocked}).want(200).into(&v)
		owner.do("GET", "/contacts/"+id(c.ContactID), nil).want(200).into(&v)
		if v.Blocked != blocked || v.ID != c.ContactID {
			t.Errorf("%+v, want blocked %v", v, blocked)
		}
	}
}
