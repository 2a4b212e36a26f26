package conversation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/platform/text"
)

func TestTableOfBehaviour(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.Add(-time.Duration(days) * 24 * time.Hour) }
	pending := rules{ReplyStatus: Pending, ReopenDays: 14}
	for _, c := range []struct {
		name string
		is   standing
		t    trigger
		r    rules
		want effect
	}{
		{"customer, open", standing{Status: Open}, customerWrites, pending, effect{Status: Open}},
		{"customer, pending", standing{Status: Pending}, customerWrites, pending, effect{Status: Open}},
		{"customer, on hold", standing{Status: OnHold}, customerWrites, pending, effect{Status: Open}},
		{"customer, snoozed", standing{Status: Pending, Snoozed: true}, customerWrites, pending, effect{Status: Open, Wake: true}},
		{"customer, closed today", standing{Status: Closed, ClosedAt: now}, customerWrites, pending, effect{Status: Open}},
		{"customer, closed 14 days ago", standing{Status: Closed, ClosedAt: ago(14)}, customerWrites, pending, effect{Status: Open}},
		{"customer, closed 15 days ago", standing{Status: Closed, ClosedAt: ago(15)}, customerWrites, pending, effect{Status: Closed, Fresh: true}},
		{"customer, never reopened", standing{Status: Closed, ClosedAt: ago(1)}, customerWrites, rules{Pending, 0}, effect{Status: Closed, Fresh: true}},
		{"customer, spam", standing{Status: Closed, Spam: true, ClosedAt: ago(30)}, customerWrites, pending, effect{Status: Closed}},
		{"machine, open", standing{Status: Open}, machineWrites, pending, effect{Status: Open}},
		{"machine, pending", standing{Status: Pending}, machineWrites, pending, effect{Status: Pending}},
		{"machine, snoozed", standing{Status: OnHold, Snoozed: true}, machineWrites, pending, effect{Status: OnHold}},
		{"machine, closed long ago", standing{Status: Closed, ClosedAt: ago(99)}, machineWrites, pending, effect{Status: Closed}},
		{"agent, open", standing{Status: Open}, agentReplies, pending, effect{Status: Pending}},
		{"agent, stays open", standing{Status: Pending}, agentReplies, rules{Open, 14}, effect{Status: Open}},
		{"agent, closes", standing{Status: Open, Snoozed: true}, agentReplies, rules{Closed, 14}, effect{Status: Closed, Wake: true}},
		{"agent, snoozed stays snoozed", standing{Status: Open, Snoozed: true}, agentReplies, pending, effect{Status: Pending}},
		{"note", standing{Status: Closed, Snoozed: true}, agentNotes, pending, effect{Status: Closed}},
		{"time is up", standing{Status: Pending, Snoozed: true}, timeIsUp, pending, effect{Status: Open, Wake: true}},
	} {
		if got := c.is.after(c.t, c.r, now); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestPlacement(t *testing.T) {
	for _, c := range []struct {
		name string
		e    evidence
		want int64
	}{
		{"nothing", evidence{SenderProof: channel.ProofPass}, 0},
		{"proven", evidence{Proven: 7, SenderProof: channel.ProofFail}, 7},
		{"proven beats a reference", evidence{Proven: 7, Referred: 8, TakesPart: true, SenderProof: channel.ProofPass}, 7},
		{"a report beats all", evidence{Bounced: 9, Proven: 7}, 9},
		{"a participant with pass", evidence{Referred: 8, TakesPart: true, SenderProof: channel.ProofPass}, 8},
		{"a participant without policy", evidence{Referred: 8, TakesPart: true, SenderProof: channel.ProofNone}, 0},
		{"a participant unchecked", evidence{Referred: 8, TakesPart: true, SenderProof: channel.ProofUnchecked}, 0},
		{"a participant with fail", evidence{Referred: 8, TakesPart: true, SenderProof: channel.ProofFail}, 0},
		{"a stranger with pass", evidence{Referred: 8, SenderProof: channel.ProofPass}, 0},
	} {
		if got := c.e.conversation(); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestTexts(t *testing.T) {
	if got := excerpt("  a\n\tb " + strings.Repeat("가", 300)); len([]rune(got)) != maxExcerpt || !strings.HasPrefix(got, "a b 가") {
		t.Errorf("excerpt %q", got)
	}
	if got := text.Whole("a\x00b\xff"); got != "ab\uFFFD" {
		t.Errorf("plain %q", got)
	}
	agents := []named{{1, "Anna"}, {2, "Anna Maria"}, {3, "Łukasz"}, {4, ""}}
	for text, want := range map[string]string{
		"@Anna look": "[1]", "@anna maria and @lukasz": "[2 3]", "mail a@b.example": "[]", "@Anna @Anna": "[1]", "@": "[]",
	} {
		if got := fmt.Sprint(mentions(text, nil, agents)); got != want {
			t.Errorf("mentions(%q) = %s, want %s", text, got, want)
		}
	}
	if got := mentions("", []int64{3, 99}, agents); !slices.Equal(got, []int64{3}) {
		t.Errorf("mentions by id %v", got)
	}
	if got := distinct([]string{" VIP ", "vip", "", "Łódź", "lodz", "new"}); !slices.Equal(got, []string{"VIP", "Łódź", "new"}) {
		t.Errorf("distinct %v", got)
	}
}
