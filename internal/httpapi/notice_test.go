package httpapi

import (
	"context"
	"encoding/base64"
	"fmt"
	"testing"

	"rapport/internal/httpapi/notices"
	"rapport/internal/testkit"
)

// ways are settings that anybody may have.
var ways = map[string]any{"matrix": []any{}, "hide_words": false, "digest": true, "watched_inbox_ids": []int64{},
	"quiet": map[string]any{"on": true, "from": "22:00", "to": "07:00", "weekend": true, "time_zone": "Europe/Warsaw", "urgent": true}}

// aBrowser is what a browser sends to be told while it is closed.
func aBrowser(endpoint string) map[string]any {
	return map[string]any{"endpoint": endpoint, "device": "Firefox", "auth": "BTBZMqHH6r4Tts7J_aSIgg==",
		"p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"}
}

func aSubscription(c *cast, who caller) int64 {
	if who.token == "" {
		who = c.callers["owner"]
	}
	var v notices.PushBrowser
	who.do("POST", "/push/subscriptions", aBrowser(fmt.Sprint("https://push.example/", c.arrived.Add(1)))).want(201).into(&v)
	return v.ID
}

func ofOwner(c *cast, _ caller) int64 { return aSubscription(c, c.callers["owner"]) }

// settle has the log read to its end.
func (w *world) settle() {
	w.t.Helper()
	testkit.Require(w.t, w.Readers.CatchUp(context.Background()))
}

// A teammate who is named in a note is told once, in words and by a frame; it is
// gone when the conversation is read, and when the inbox is taken away.
func TestATeammateIsToldOfWhatTheyMaySee(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	owner, agent, outsider := c.callers["owner"], c.callers["agent"], c.callers["outsider"]
	srv := c.serve()
	heard, theirs := agent.watch(srv, ""), outsider.watch(srv, "")
	heard.next("hello")
	theirs.next("hello")
	id, _ := c.arrive(c.workspaceID, c.inbox, "Nets", "My nets are torn.")
	owner.do("POST", fmt.Sprintf("/conversations/%d/messages", id), map[string]any{"kind": "note", "text": "@Piotr @Nils can you look?"}).want(201)
	c.settle()
	f := heard.next("notification")
	if f.Unseen != 1 || f.Newest == nil || f.Newest.Event != "mention" || f.Newest.ConversationID != id || !f.Newest.Sound || !f.Newest.Shown {
		t.Errorf("the frame says %+v, %+v", f, f.Newest)
	}
	list := func(who caller) (v notices.Notifications) {
		who.do("GET", "/notifications", nil).want(200).into(&v)
		return v
	}
	v := list(agent)
	if v.Unseen != 1 || len(v.Items) != 1 || v.Items[0].Subject != "Nets" || v.Items[0].Excerpt != "@Piotr @Nils can you look?" || v.Items[0].Actor.Name != "Olga" || v.Items[0].Unseen != 1 {
		t.Errorf("he reads %+v", v)
	}
	for _, who := range []caller{outsider, owner, c.callers["stranger"]} {
		if v := list(who); v.Unseen != 0 || len(v.Items) != 0 {
			t.Errorf("%d reads %+v", who.id, v)
		}
	}
	agent.do("PUT", fmt.Sprintf("/conversations/%d/read", id), map[string]any{"position": 2}).want(200)
	if f := heard.next("notification"); f.Unseen != 0 || f.Newest != nil {
		t.Errorf("after reading the frame says %+v", f)
	}
	if v := list(agent); v.Unseen != 0 || len(v.Items) != 1 || v.Items[0].Unseen != 0 {
		t.Errorf("after reading: %+v", v)
	}
	owner.do("POST", fmt.Sprintf("/conversations/%d/messages", id), map[string]any{"kind": "note", "text": "@Piotr once more"}).want(201)
	c.settle()
	owner.do("PUT", fmt.Sprintf("/inboxes/%d/members", c.inbox), map[string]any{"agent_ids": []int64{}, "team_ids": []int64{}}).want(200)
	if v := list(agent); v.Unseen != 0 || len(v.Items) != 0 {
		t.Errorf("without the inbox: %+v", v)
	}
	// What he has missed of it he does not hear of in another way either.
	agent.do("PUT", "/notifications/settings", with(ways, "watched_inbox_ids", []int64{c.inbox})).want(422)
	agent.do("POST", "/notifications/preview", with(ways, "watched_inbox_ids", []int64{c.inbox})).want(422)
	var p notices.NotificationPreview
	agent.do("POST", "/notifications/preview", ways).want(200).into(&p)
	if len(p.Items) != 0 || p.Totals != (notices.NotificationTotals{}) {
		t.Errorf("the preview shows %+v", p)
	}
	c.conversationEvent(c.workspaceID, 4711, c.other)
	for f := theirs.next("event", "notification"); f.ConversationID != 4711; f = theirs.next("event", "notification") {
		if f.Type == "notification" {
			t.Errorf("who does not see the inbox hears %+v", f)
		}
	}
}

func with(v map[string]any, field string, value any) map[string]any {
	out := map[string]any{}
	for k, each := range v {
		out[k] = each
	}
	out[field] = value
	return out
}

func TestABrowserIsTriedAndWhatIsNoBrowserIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.found()
	service := testkit.NewPushService(t)
	var p notices.Push
	owner.do("GET", "/push", nil).want(200).into(&p)
	b := service.Subscribe(p.PublicKey)
	key, secret := b.Text()
	owner.do("POST", "/push/subscriptions", map[string]any{"endpoint": b.Endpoint, "p256dh": key, "auth": secret, "device": "Firefox on Linux"}).want(201)
	var trial notices.PushTrial
	owner.do("POST", "/push/test", nil).want(200).into(&trial)
	if got := service.Taken(); trial.Reached != 1 || len(got) != 1 || got[0].Text != `{"title":"It works","body":"Pushes from Rapport reach this browser.","tag":"try","url":"/settings/notifications","count":0}` {
		t.Errorf("%+v, %+v", trial, got)
	}
	service.Next(testkit.Answers(410))
	owner.do("POST", "/push/test", nil).want(200).into(&trial)
	owner.do("GET", "/push", nil).want(200).into(&p)
	if trial.Gone != 1 || len(p.Browsers) != 0 {
		t.Errorf("a browser that has gone: %+v, %+v", trial, p.Browsers)
	}
	for name, bad := range map[string]map[string]any{"plain http": aBrowser("http://push.example/1"), "no key": with(aBrowser("https://push.example/1"), "p256dh", base64.RawURLEncoding.EncodeToString(make([]byte, 65))),
		"no text": with(aBrowser("https://push.example/1"), "auth", "!")} {
		if got := owner.do("POST", "/push/subscriptions", bad); got.Code != 422 {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
}
