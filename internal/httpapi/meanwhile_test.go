package httpapi

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestAChangeMadeEarlierDoesNotWinOverATeammates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field           string
		was, mine, hers any
	}{
		{"status", "open", "closed", "pending"},
		{"priority", "normal", "high", "urgent"},
		{"subject", "Nets", "Torn nets", "Nets of Ewa"},
		{"snooze", nil, "2100-01-01T00:00:00Z", "2100-02-01T00:00:00Z"},
		{"assignee", nil, "me", "her"},
	} {
		t.Run(c.field, func(t *testing.T) {
			t.Parallel()
			w, owner, inbox, path := desk(t)
			ana := w.join(owner, "Ana", "agent", inbox)
			ids := map[any]any{"me": owner.id, "her": ana.id}
			value := func(v any) any {
				if id, ok := ids[v]; ok {
					return id
				}
				return v
			}
			name := map[string]string{"snooze": "snoozed_until", "assignee": "assignee_id"}[c.field]
			if name == "" {
				name = c.field
			}
			body := func(to, was any, key string) map[string]any {
				return map[string]any{name: value(to), "was": value(was), "client_id": key}
			}
			path += "/" + c.field
			ana.do("PUT", path, body(c.hers, c.was, "a")).want(200)
			p := owner.do("PUT", path, body(c.mine, c.was, "b")).problem(409)
			m := p.Meanwhile
			if !strings.HasSuffix(p.Type, "/overtaken") || m == nil || m.ByKind != "agent" || m.ByID == nil || *m.ByID != ana.id || m.At == nil {
				t.Fatalf("problem %+v %+v", p, m)
			}
			hers, _ := json.Marshal(value(c.hers))
			if now, _ := json.Marshal(m.Now); string(now) != string(hers) {
				t.Errorf("now %s, want %s", now, hers)
			}
			owner.do("PUT", path, body(c.hers, c.was, "c")).want(200)  // both wanted the same
			owner.do("PUT", path, body(c.mine, c.hers, "b")).want(200) // "Use mine": a refusal is not remembered
			owner.do("PUT", path, body(c.was, c.hers, "d")).want(200)  // what I set myself is no surprise
		})
	}
}

func TestAChangeThatComesAgainIsDoneOnce(t *testing.T) {
	t.Parallel()
	w, owner, inbox, path := desk(t)
	ana := w.join(owner, "Ana", "agent", inbox)
	closing := map[string]any{"status": "closed", "was": "open", "client_id": "k"}
	var c Conversation
	owner.do("PUT", path+"/status", closing).want(200).into(&c)
	ana.do("PUT", path+"/status", map[string]any{"status": "open"}).want(200)
	owner.do("PUT", path+"/status", closing).want(200).into(&c)
	if c.Status != "open" {
		t.Errorf("a repeated request closed it again: %s", c.Status)
	}
	ana.do("PUT", path+"/status", closing).want(200).into(&c) // the same id of somebody else
	if c.Status != "closed" {
		t.Errorf("status %s", c.Status)
	}
}

func TestTagsOfSeveralPeopleStandBesideOneAnother(t *testing.T) {
	t.Parallel()
	w, owner, inbox, path := desk(t)
	ana := w.join(owner, "Ana", "agent", inbox)
	owner.do("PUT", path+"/tags", map[string]any{"tags": []string{"nets", "old"}}).want(200)
	ana.do("PUT", path+"/tags", map[string]any{"tags": []string{"nets", "old", "urgent"}, "was": []string{"nets", "old"}}).want(200)
	var c Conversation
	owner.do("PUT", path+"/tags", map[string]any{"tags": []string{"nets", "torn"}, "was": []string{"nets", "old"}}).want(200).into(&c)
	slices.Sort(c.Tags)
	if got := strings.Join(c.Tags, " "); got != "nets torn urgent" {
		t.Errorf("tags %s", got)
	}
}

func TestWhoMayNotChangeIsNotToldWhatOthersDid(t *testing.T) {
	t.Parallel()
	w, owner, inbox, path := desk(t)
	reader, stranger := w.join(owner, "Rita", "light", inbox), w.join(owner, "Stan", "agent")
	body := map[string]any{"status": "closed", "was": "pending", "client_id": "k"}
	owner.do("PUT", path+"/status", body).want(409)
	if p := reader.do("PUT", path+"/status", body).problem(403); p.Meanwhile != nil {
		t.Errorf("told %+v", p.Meanwhile)
	}
	if p := stranger.do("PUT", path+"/status", body).problem(404); p.Meanwhile != nil {
		t.Errorf("told %+v", p.Meanwhile)
	}
}
