package httpapi

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/internal/httpapi/live"
	"rapport/internal/httpapi/shape"
)

// desk is a world with an inbox and a conversation that has just begun.
func desk(t testing.TB) (w *world, owner caller, inbox int64, path string) {
	w = newWorld(t)
	owner = w.found()
	inbox = owner.inbox("Fish")
	conversation, _ := w.arrive(w.workspaceID(), inbox, "Nets", "My nets are torn.")
	return w, owner, inbox, "/conversations/" + id(conversation)
}

func TestAConversationIsWorkedOn(t *testing.T) {
	t.Parallel()
	_, owner, _, path := desk(t)
	var list shape.Page[Conversation]
	owner.do("GET", "/conversations", nil).want(200).into(&list)
	if len(list.Items) != 1 || !list.Items[0].Unread || list.Items[0].Contact.Name != "Ewa" || list.Items[0].AssigneeID != nil {
		t.Fatalf("list %+v", list)
	}
	var c Conversation
	owner.do("PUT", path+"/assignee", map[string]any{"assignee_id": owner.id}).want(200).into(&c)
	if c.AssigneeID == nil || *c.AssigneeID != owner.id {
		t.Errorf("assignee %v", c.AssigneeID)
	}
	owner.do("PUT", path+"/assignee", map[string]any{"assignee_id": nil}).want(200).into(&c)
	if c.AssigneeID != nil {
		t.Errorf("assignee %v", *c.AssigneeID)
	}
	owner.do("PUT", path+"/assignee", map[string]any{}).problem(422)
	owner.do("PUT", path+"/status", map[string]any{"status": "closed", "version": c.Version - 1}).problem(409)
	owner.do("PUT", path+"/read", map[string]any{"position": 1}).want(200).into(&c)
	if c.Unread {
		t.Error("still unread")
	}
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	owner.do("PUT", path+"/snooze", map[string]any{"snoozed_until": until}).want(200).into(&c)
	if c.SnoozedUntil == nil || !c.SnoozedUntil.Equal(until) {
		t.Errorf("snoozed until %v", c.SnoozedUntil)
	}
	owner.do("PUT", path+"/snooze", map[string]any{"snoozed_until": nil}).want(200)
	var history shape.Page[HistoryItem]
	owner.do("GET", path+"/history", nil).want(200).into(&history)
	var kinds []string
	for _, h := range history.Items {
		kinds = append(kinds, h.Kind+" by "+h.Actor.Name)
	}
	if got := strings.Join(kinds, ", "); !strings.Contains(got, "conversation.assigned by Olga, conversation.assigned by Olga, conversation.snoozed by Olga") {
		t.Errorf("history %s", got)
	}
	if text := owner.do("GET", path+"/transcript", nil).want(200); !strings.Contains(text.Body.String(), "My nets are torn.") || !strings.HasPrefix(text.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("transcript %s", text.Body)
	}
	owner.do("DELETE", path, nil).want(204)
	owner.do("GET", path, nil).problem(404)
}

func TestAReplyGoesOutOnceAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	_, owner, _, path := desk(t)
	reply := map[string]any{"kind": "reply", "text": "Bring them along.", "client_id": "c1", "hold_seconds": 60, "seen_position": 1}
	var m, again Message
	owner.do("POST", path+"/messages", reply).want(201).into(&m)
	if m.Delivery.Value == nil || m.Delivery.Value.State != "held" || m.Delivery.Value.Until == nil || m.Author.Name != "Olga" || len(m.To) != 1 {
		t.Errorf("reply %+v", m)
	}
	owner.do("POST", path+"/messages", reply).want(201).into(&again)
	if again.ID != m.ID {
		t.Error("sent twice")
	}
	var d Draft
	owner.do("DELETE", path+"/messages/"+id(m.ID)+"/hold", nil).want(200).into(&d)
	if d.Text != "Bring them along." || d.Kind != "reply" {
		t.Errorf("draft %+v", d)
	}
	owner.do("GET", path+"/drafts/reply", nil).want(200)
	var page shape.Page[Message]
	owner.do("GET", path+"/messages", nil).want(200).into(&page)
	if n := len(page.Items); n != 2 || page.Items[n-1].Delivery.Value.State != "cancelled" {
		t.Errorf("messages %+v", page)
	}
}

func TestAReplyToWhatWasNotSeenIsRefused(t *testing.T) {
	t.Parallel()
	w, owner, inbox, path := desk(t)
	piotr := w.join(owner, "Piotr", "agent", inbox)
	piotr.do("POST", path+"/messages", map[string]any{"kind": "note", "text": "They are hers."}).want(201)
	p := owner.do("POST", path+"/messages", map[string]any{"kind": "reply", "text": "Whose?", "seen_position": 1}).problem(409)
	if !strings.HasSuffix(p.Type, "/unseen") {
		t.Errorf("type %q", p.Type)
	}
	owner.do("POST", path+"/messages", map[string]any{"kind": "reply", "text": "Whose?", "seen_position": 2}).want(201)
}

func TestMessagesArePagedBothWays(t *testing.T) {
	t.Parallel()
	_, owner, _, path := desk(t)
	for i := range 6 {
		owner.do("POST", path+"/messages", map[string]any{"kind": "note", "text": fmt.Sprint("note ", i)}).want(201)
	}
	for query, want := range map[string]string{"": "[1 2 3 4 5 6 7]", "&before=99": "[5 6 7 2 3 4 1]"} {
		if got := walkMessages(t, owner, path+"/messages?limit=3"+query); got != want {
			t.Errorf("positions %s with %q, want %s", got, query, want)
		}
	}
	var p shape.Page[Message]
	owner.do("GET", path+"/messages?limit=2&before=4", nil).want(200).into(&p)
	if len(p.Items) != 2 || p.Items[1].Position != 3 {
		t.Errorf("before 4: %+v", p.Items)
	}
}

// walkMessages follows the cursors of a list of messages.
func walkMessages(t *testing.T, owner caller, address string) string {
	t.Helper()
	var got []int64
	for cursor := ""; ; {
		var p shape.Page[Message]
		owner.do("GET", address+"&cursor="+cursor, nil).want(200).into(&p)
		for i, m := range p.Items {
			got = append(got, m.Position)
			if i > 0 && m.Position != p.Items[i-1].Position+1 {
				t.Errorf("out of order: %+v", p.Items)
			}
		}
		if p.NextCursor == nil {
			break
		}
		cursor = *p.NextCursor
	}
	return fmt.Sprint(got)
}

func TestAnAttachmentBelongsToWhoeverUploadedIt(t *testing.T) {
	t.Parallel()
	w, owner, inbox, path := desk(t)
	piotr := w.join(owner, "Piotr", "agent", inbox)
	var a Attachment
	owner.upload("POST", "/attachments", "net.png", pixel).want(201).into(&a)
	note := map[string]any{"kind": "note", "text": "See.", "attachment_ids": []int64{a.ID}}
	piotr.do("POST", path+"/messages", note).problem(422)
	var d Draft
	piotr.do("PUT", path+"/drafts/note", map[string]any{"text": "See.", "attachment_ids": []int64{a.ID}}).want(200).into(&d)
	if len(d.Attachments) != 0 {
		t.Errorf("he reads of her file: %+v", d.Attachments)
	}
	var m Message
	owner.do("POST", path+"/messages", note).want(201).into(&m)
	if len(m.Attachments) != 1 || m.Attachments[0].Name != "net.png" {
		t.Fatalf("attachments %+v", m.Attachments)
	}
	caller{w: w}.send("GET", m.Attachments[0].URL, "", nil).want(200)
}

func TestDraftsAreTheirWritersOwn(t *testing.T) {
	t.Parallel()
	w, owner, inbox, path := desk(t)
	piotr := w.join(owner, "Piotr", "agent", inbox)
	var d Draft
	owner.do("PUT", path+"/drafts/reply", map[string]any{"text": "Dear Ewa"}).want(200).into(&d)
	owner.do("PUT", path+"/drafts/reply", map[string]any{"text": "Dear", "version": d.Version + 7}).problem(409)
	var his, none Draft
	if piotr.do("GET", path+"/drafts/reply", nil).want(200).into(&his); his.Version != 0 || his.Text != "" || his.Kind != "reply" {
		t.Errorf("he has begun nothing, but reads %+v", his)
	}
	var list shape.Page[Draft]
	piotr.do("GET", "/drafts", nil).want(200).into(&list)
	if len(list.Items) != 0 {
		t.Errorf("he reads her drafts: %+v", list)
	}
	var there shape.Page[TeammateDraft]
	if piotr.do("GET", path+"/drafts", nil).want(200).into(&there); len(there.Items) != 1 || there.Items[0].AgentID != owner.id || there.Items[0].Text != "" {
		t.Errorf("he sees more than that she drafts: %+v", there)
	}
	owner.do("PUT", path+"/drafts/reply", map[string]any{"text": "Dear Ewa", "shared": true, "follows": "all"}).want(200).into(&d)
	if !d.Shared || d.Follows != "all" {
		t.Errorf("shared, to all: %+v", d)
	}
	if piotr.do("GET", path+"/drafts", nil).want(200).into(&there); len(there.Items) != 1 || there.Items[0].Text != "Dear Ewa" {
		t.Errorf("what she shares: %+v", there)
	}
	owner.do("DELETE", path+"/drafts/reply", nil).want(204)
	if owner.do("GET", path+"/drafts/reply/versions", nil).want(200).into(&list); len(list.Items) != 1 || list.Items[0].Text != "Dear Ewa" {
		t.Errorf("thrown away it can be brought back: %+v", list)
	}
	if piotr.do("GET", path+"/drafts/reply/versions", nil).want(200).into(&list); len(list.Items) != 0 {
		t.Errorf("he reads her versions: %+v", list)
	}
	if owner.do("GET", path+"/drafts/reply", nil).want(200).into(&none); none.Version != 0 || none.Text != "" {
		t.Errorf("thrown away, but there is %+v", none)
	}
	owner.do("PUT", path+"/drafts/letter", map[string]any{"text": "Dear"}).problem(422)
}

func TestPresenceTravelsByRequest(t *testing.T) {
	t.Parallel()
	w, owner, inbox, path := desk(t)
	piotr := w.join(owner, "Piotr", "agent", inbox)
	screen := piotr.watch(w.serve(), "")
	screen.next("hello")
	owner.do("PUT", path+"/presence", map[string]any{"state": "replying"}).want(204)
	f := screen.next("presence")
	if len(f.Agents) != 1 || f.Agents[0] != (live.PresentAgent{ID: owner.id, State: "replying"}) {
		t.Errorf("presence %+v", f)
	}
}

func TestPasswordsOfServersNeverComeBack(t *testing.T) {
	t.Parallel()
	_, owner, inbox, _ := desk(t)
	for _, r := range []reply{
		owner.do("GET", "/inboxes", nil).want(200), owner.do("GET", "/inboxes/"+id(inbox), nil).want(200),
		owner.do("PATCH", "/inboxes/"+id(inbox), map[string]any{"name": "Fish and nets"}).want(200),
	} {
		if strings.Contains(r.Body.String(), "secret-of-smtp") || !strings.Contains(r.Body.String(), `"has_password":true`) {
			t.Errorf("%s: %s", r.what, r.Body)
		}
	}
}

func TestAMailIsShownInAPageThatCanDoNothing(t *testing.T) {
	t.Parallel()
	_, owner, _, path := desk(t)
	var p shape.Page[Message]
	owner.do("GET", path+"/messages", nil).want(200).into(&p)
	page := path + "/messages/" + id(p.Items[0].ID) + "/html"
	r := owner.do("GET", page, nil).want(200)
	csp := r.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "sandbox", "frame-ancestors 'self'", "form-action 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("policy %q lacks %q", csp, want)
		}
	}
	if strings.Contains(csp, "script-src") || strings.Contains(csp, "https:") || strings.Contains(csp, "allow-scripts") {
		t.Errorf("policy %q", csp)
	}
	if !strings.Contains(r.Body.String(), "<p>My nets are torn.</p>") {
		t.Errorf("page %s", r.Body)
	}
	if csp := owner.do("GET", page+"?images=1", nil).want(200).Header().Get("Content-Security-Policy"); !strings.Contains(csp, "img-src 'self' https: http:") {
		t.Errorf("policy with pictures %q", csp)
	}
	if got := r.Header()["X-Frame-Options"]; len(got) != 1 || got[0] != "SAMEORIGIN" {
		t.Errorf("X-Frame-Options %v", got)
	}
}

func TestARecipientIsALineOrAnObject(t *testing.T) {
	t.Parallel()
	_, owner, _, path := desk(t)
	var m Message
	owner.do("POST", path+"/messages", map[string]any{"kind": "reply", "text": "Here are new ones.",
		"to": []any{"Ewa Marsh <ewa@harbour.example>"}, "cc": []any{map[string]any{"name": "Jan", "address": "jan@harbour.example"}}, "bcc": []any{"plain@harbour.example"}}).want(201).into(&m)
	if len(m.To) != 1 || m.To[0] != (Address{"Ewa Marsh", "ewa@harbour.example"}) || len(m.CC) != 1 || m.CC[0].Name != "Jan" || len(m.BCC) != 1 || m.BCC[0].Address != "plain@harbour.example" {
		t.Errorf("recipients %+v %+v %+v", m.To, m.CC, m.BCC)
	}
	owner.do("POST", path+"/messages", map[string]any{"kind": "reply", "text": "x", "to": []any{"nobody at all"}}).problem(422)
	owner.do("POST", path+"/messages", map[string]any{"kind": "reply", "text": "x", "to": []any{7}}).problem(422)
}
