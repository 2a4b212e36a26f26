package httpapi

import (
	"fmt"
	"strings"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/httpapi/shape"
)

// THR-13: a teammate forwards a customer's mail; who wrote it is proposed, and is
// the customer after a confirmation that everybody sees.
func TestTHR13AForwardedMailsSenderBecomesTheCustomerOnceConfirmed(t *testing.T) {
	t.Parallel()
	w, owner, inbox, _ := desk(t)
	var me Me
	owner.do("GET", "/me", nil).want(200).into(&me)
	id, _ := w.passedIn(inbox, me.Agent.Email)
	path := fmt.Sprint("/conversations/", id)
	var list shape.Page[Message]
	owner.do("GET", path+"/messages", nil).want(200).into(&list)
	if !strings.Contains(fmt.Sprint(list.Items[0].Flags), "passed_in") {
		t.Errorf("flags %v", list.Items[0].Flags)
	}
	var p Original
	owner.do("GET", path+"/original", nil).want(200).into(&p)
	if p != (Original{"proposed", list.Items[0].ID, me.Agent.Name, "Ewa Marsh", "ewa@harbour.example"}) {
		t.Errorf("proposal %+v", p)
	}
	var c Conversation
	owner.do("POST", path+"/original", nil).want(200).into(&c)
	if c.Contact.Address != "ewa@harbour.example" || c.Subject != "Leash" {
		t.Errorf("taken %+v", c)
	}
	owner.do("POST", path+"/original", nil).want(409)
	if r := owner.do("GET", path+"/history", nil).want(200); !strings.Contains(r.Body.String(), "conversation.contact") || strings.Contains(r.Body.String(), "harbour") {
		t.Errorf("history %s", r.Body)
	}
	var m Message
	owner.do("POST", path+"/messages", map[string]any{"kind": "reply", "text": "A new one is on its way."}).want(201).into(&m)
	if len(m.To) != 1 || m.To[0].Address != "ewa@harbour.example" || len(m.CC) != 0 {
		t.Errorf("to %v cc %v", m.To, m.CC)
	}
}

// passedIn is a mail of Ewa's that somebody forwards.
func (w *world) passedIn(inbox int64, from string) (conversationID, messageID int64) {
	return w.arriveAs(inbox, from, func(in *channel.Inbound) {
		in.WorkspaceID, in.Subject, in.Text, in.Reply = w.workspaceID(), "Fwd: Leash", "It broke.", "It broke."
		in.Original = &channel.Party{Name: "Ewa Marsh", Address: "ewa@harbour.example"}
	})
}

// THR-13: who declines is seen to have, on other screens at once and in the
// history for good; the names in the forward stand in neither.
func TestTHR13WhoDeclinesAForwardsSenderIsSeen(t *testing.T) {
	t.Parallel()
	w, owner, inbox, _ := desk(t)
	agent := w.join(owner, "Piotr", "agent", inbox)
	var me Me
	owner.do("GET", "/me", nil).want(200).into(&me)
	id, message := w.passedIn(inbox, me.Agent.Email)
	path := fmt.Sprint("/conversations/", id)
	other := owner.watch(w.serve(), "")
	other.next("hello")
	agent.do("DELETE", path+"/original", nil).want(204)
	agent.do("DELETE", path+"/original", nil).want(409)
	for f := other.next("event"); f.Kind != "conversation.declined"; {
		f = other.next("event")
	}
	var list shape.Page[HistoryItem]
	r := owner.do("GET", path+"/history", nil).want(200).into(&list)
	last := list.Items[len(list.Items)-1]
	if last.Kind != "conversation.declined" || last.Actor.Name != "Piotr" || last.At.IsZero() || fmt.Sprint(last.Data["message_id"]) != fmt.Sprint(float64(message)) {
		t.Errorf("history %+v", list.Items)
	}
	if strings.Contains(r.Body.String(), "harbour.example") || strings.Contains(r.Body.String(), "Ewa") {
		t.Errorf("history %s", r.Body)
	}
}
