package live

import (
	"encoding/json"
	"testing"
	"time"

	"rapport/internal/platform/secret"
)

func TestASlowScreenStartsOver(t *testing.T) {
	t.Parallel()
	key := secret.Generate()
	hub := &Hub{Deps: Deps{Key: key}, cursors: key.Box("live-cursor")}
	l := &listener{hub: hub, room: &hall{hub: hub, epoch: "e"}}
	var told []string
	for _, f := range l.Behind() {
		var v struct{ Type, Reason string }
		json.Unmarshal(f.JSON, &v)
		told = append(told, v.Type+v.Reason)
	}
	if len(told) != 2 || told[0] != "resetbehind" || told[1] != "hello" {
		t.Errorf("told: %v", told)
	}
}

func TestPresenceFades(t *testing.T) {
	t.Parallel()
	var p presence
	now := time.Now()
	if !p.note(Here{ConversationID: 1, AgentID: 5, State: "replying"}, now) {
		t.Error("coming is no change")
	}
	if p.note(Here{ConversationID: 1, AgentID: 5, State: "replying"}, now.Add(5*time.Second)) {
		t.Error("staying is a change")
	}
	if changed := p.expire(now.Add(7 * time.Second)); len(changed) != 0 {
		t.Error("gone too soon")
	}
	if changed := p.expire(now.Add(12 * time.Second)); len(changed) != 1 || len(p.agents(1)) != 0 {
		t.Error("never gone")
	}
	p.expire(now.Add(13 * time.Second))
	if len(p) != 0 {
		t.Error("an empty place is kept")
	}
}
