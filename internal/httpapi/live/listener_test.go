package live

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"rapport/internal/platform/secret"
)

func TestASlowScreenStartsOver(t *testing.T) {
	t.Parallel()
	hub := &Hub{Deps: Deps{Key: secret.Generate()}}
	l := &listener{hub: hub, room: &hall{hub: hub, epoch: "e"}, writing: true} // as if a write was stuck
	var written []string
	for i := range liveQueue + 10 {
		l.push(newFrame(ViewsFrame{fmt.Sprint("frame ", i)}))
	}
	for _, f := range l.queue {
		var v struct{ Type, Reason string }
		json.Unmarshal(f.json, &v)
		written = append(written, v.Type+v.Reason)
	}
	if len(written) != 11 || written[0] != "resetbehind" || written[1] != "hello" || written[2] != "frame 257" {
		t.Errorf("waiting: %v", written)
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
