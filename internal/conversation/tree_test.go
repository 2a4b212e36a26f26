package conversation_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/testkit"
)

// Random reply trees of several customers and an attacker, duplicated and
// reordered: no conversation ever holds the verified words of two customers who
// did not prove that they belong there, and positions stay dense.
func TestReplyTreesNeverJoinTwoCustomers(t *testing.T) {
	people := []string{"ewa@harbour.example", "kim@naver.com", "jan@wp.pl", "eve@evil.example"}
	proofs := []channel.Proof{channel.ProofPass, channel.ProofPass, channel.ProofNone, channel.ProofUnchecked, channel.ProofFail}
	d := testkit.SQLite(t)
	w := newWorld(t, d)
	rapid.Check(t, func(rt *rapid.T) {
		type sent struct {
			in     channel.Inbound
			placed channel.Placed
		}
		var history []sent
		founder := map[int64]string{} // who began each conversation
		for range rapid.IntRange(1, 25).Draw(rt, "mails") {
			var in channel.Inbound
			if len(history) > 0 && rapid.IntRange(0, 5).Draw(rt, "again") == 0 {
				old := history[rapid.IntRange(0, len(history)-1).Draw(rt, "which")]
				again := w.receive(old.in)
				if !again.Duplicate || again.MessageID != old.placed.MessageID {
					rt.Fatalf("%+v came again as %+v", old.placed, again)
				}
				continue
			}
			from := rapid.SampledFrom(people).Draw(rt, "from")
			in = w.mail(from, fmt.Sprint("text ", *w.serial))
			in.Proof = rapid.SampledFrom(proofs).Draw(rt, "proof")
			for range rapid.IntRange(0, 3).Draw(rt, "references") {
				if len(history) > 0 {
					in.References = append(in.References, history[rapid.IntRange(0, len(history)-1).Draw(rt, "refers to")].in.ExternalID)
				}
			}
			placed := w.receive(in)
			if who, known := founder[placed.ConversationID]; !known {
				founder[placed.ConversationID] = from
			} else if who != from || in.Proof != channel.ProofPass {
				rt.Fatalf("%s with %s joined the conversation of %s", from, in.Proof, who)
			}
			history = append(history, sent{in, placed})
		}
		for id := range founder {
			for i, m := range w.messages(id) {
				if m.Position != int64(i+1) || m.Kind != conversation.KindInbound {
					rt.Fatalf("message %d of %d at position %d", i, id, m.Position)
				}
			}
		}
	})
}
