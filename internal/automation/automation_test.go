package automation

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/conversation"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func TestMoments(t *testing.T) {
	t.Parallel()
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	testkit.Require(t, err)
	for _, c := range []struct{ now, name, want string }{
		{"2026-11-21 10:52", "later_today", "2026-11-21 13:00"}, // a Saturday
		{"2026-11-21 10:52", "tomorrow", "2026-11-22 09:00"},
		{"2026-11-21 10:52", "monday", "2026-11-23 09:00"},
		{"2026-11-23 10:52", "monday", "2026-11-30 09:00"},
		{"2026-11-22 10:52", "monday", "2026-11-23 09:00"},
		{"2026-11-21 10:52", "next_week", "2026-11-28 09:00"},
		{"2026-10-24 10:52", "tomorrow", "2026-10-25 09:00"}, // the night is an hour longer
		{"2026-12-31 22:10", "later_today", "2027-01-01 01:00"},
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", c.now, warsaw)
		testkit.Require(t, err)
		if got := moment(c.name, now).Format("2006-01-02 15:04"); got != c.want {
			t.Errorf("%s at %s is %s, want %s", c.name, c.now, got, c.want)
		}
	}
}

func TestTagsAreOneWhateverTheirCase(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ have, add, remove, want string }{
		{"", "torn", "", "torn"}, {"torn,wet", "TORN,new", "", "torn,wet,new"}, {"torn,wet", "", "Wet", "torn"}, {"Żółw", "", "zolw", ""}, {"a", "b", "a,b", ""},
	} {
		split := func(s string) []string { return strings.FieldsFunc(s, func(r rune) bool { return r == ',' }) }
		if got := strings.Join(retagged(split(c.have), split(c.add), split(c.remove)), ","); got != c.want {
			t.Errorf("%s and %s without %s: %s, want %s", c.have, c.add, c.remove, got, c.want)
		}
	}
}

func TestWhatAMacroMayHold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		actions []Action
		field   string // "": it is kept
	}{
		"nothing":                 {nil, "actions"},
		"too many":                {slices.Repeat([]Action{{Do: DoAssign}}, 21), "actions"},
		"unknown":                 {[]Action{{Do: DoAssign}, {Do: "erase"}}, "actions[1].do"},
		"two replies":             {[]Action{{Do: DoReply, Text: "a"}, {Do: DoReply, Text: "b"}}, "actions[1].do"},
		"an empty reply":          {[]Action{{Do: DoReply}}, "actions[0].text"},
		"an unknown variable":     {[]Action{{Do: DoNote, Text: "{{customer.shoe}}"}}, "actions[0].text"},
		"a torn variable":         {[]Action{{Do: DoReply, HTML: "<p>{{customer.<b>name</b>}}</p>"}}, "actions[0].text"},
		"a picture":               {[]Action{{Do: DoReply, HTML: `<p>See <img src="cid:file-7@rapport"></p>`}}, "actions[0].text"},
		"too long":                {[]Action{{Do: DoNote, Text: strings.Repeat("a", 20_001)}}, "actions[0].text"},
		"no tag":                  {[]Action{{Do: DoTags, Add: []string{" "}}}, "actions[0].add"},
		"a tag both ways":         {[]Action{{Do: DoTags, Add: []string{"a"}, Remove: []string{"A"}}}, "actions[0].remove"},
		"no status":               {[]Action{{Do: DoStatus}}, "actions[0].status"},
		"no priority":             {[]Action{{Do: DoPriority, Priority: "asap"}}, "actions[0].priority"},
		"no moment":               {[]Action{{Do: DoSnooze, Until: "never"}}, "actions[0].until"},
		"what is right":           {[]Action{{Do: DoReply, Text: "Hello {{customer.first_name|there}}"}, {Do: DoAssign, Me: true}, {Do: DoSnooze, Until: "monday"}}, ""},
		"what belongs to another": {[]Action{{Do: DoStatus, Status: "closed", Text: "{{customer.shoe}}"}}, ""},
	} {
		kept, err := tidied("test", c.actions)
		if c.field == "" {
			if err != nil || len(kept) != len(c.actions) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		fields := fieldsOf(err)
		if !fault.Is(err, fault.Invalid) || !slices.Equal(fields, []string{c.field}) {
			t.Errorf("%s: %v at %v, want %s", name, err, fields, c.field)
		}
	}
	if kept, _ := tidied("test", []Action{{Do: DoStatus, Status: "closed", Text: "left over"}}); kept[0].Text != "" {
		t.Errorf("kept what does not belong to it: %+v", kept)
	}
}

func TestSnippetsAreChecked(t *testing.T) {
	each(t, func(w world) {
		ctx := context.Background()
		for name, c := range map[string]struct {
			n     NewSnippet
			field string
		}{
			"no name":            {NewSnippet{Text: "x"}, "name"},
			"a long name":        {NewSnippet{Heading: Heading{Name: strings.Repeat("a", 81)}, Text: "x"}, "name"},
			"a long folder":      {NewSnippet{Heading: Heading{Name: "a", Folder: strings.Repeat("a", 61)}, Text: "x"}, "folder"},
			"nothing":            {NewSnippet{Heading: Heading{Name: "a"}, HTML: "<p></p>"}, "text"},
			"no language":        {NewSnippet{Heading: Heading{Name: "a"}, Text: "x", Language: "English!"}, "language"},
			"one's own approved": {NewSnippet{Heading: Heading{Name: "a"}, Text: "x", Approved: true}, "approved"},
		} {
			if _, err := w.CreateSnippet(ctx, w.anna, c.n); !slices.Equal(fieldsOf(err), []string{c.field}) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, want := range []string{"환불-안내", "환불-안내-2"} {
			s, err := w.CreateSnippet(ctx, w.owner, NewSnippet{Heading: Heading{Name: "환불 안내", Shared: true}, HTML: "<p>See <b>here</b>.</p><script>x</script>", Approved: true})
			testkit.Require(t, err)
			if s.Key != want || s.Text.Plain != "See here." || strings.Contains(s.Text.HTML, "script") {
				t.Errorf("%+v", s)
			}
		}
	})
}

func TestAMacroDoesAllOrNothing(t *testing.T) {
	each(t, func(w world) {
		ctx := context.Background()
		id := w.fresh("Ewa Marsh")
		m := w.macro(Action{Do: DoPriority, Priority: "high"}, Action{Do: DoTags, Add: []string{"torn", "wet"}}, Action{Do: DoTags, Add: []string{"nets"}, Remove: []string{"Torn"}}, Action{Do: DoTeam, TeamID: night},
			Action{Do: DoNote, Text: "{{customer.first_name}} waits, {{agent.first_name}} knows."}, Action{Do: DoSnooze, Until: "monday"}, Action{Do: DoReply, Text: "Soon."})
		ran, err := w.Run(ctx, w.anna, id, m.ID, Run{ClientID: "a"})
		testkit.Require(t, err)
		c := ran.Conversation
		if c.Priority != conversation.High || c.TeamID != night || !slices.Equal(slices.Sorted(slices.Values(c.Tags)), []string{"nets", "wet"}) || ran.Reply == nil || ran.Reply.Plain != "Soon." {
			t.Errorf("%+v", ran)
		}
		if want := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC); !c.SnoozedUntil.Equal(want) { // nine in Warsaw
			t.Errorf("put away until %s, want %s", c.SnoozedUntil, want)
		}
		messages, _, err := w.desk.Messages(ctx, w.anna, id, conversation.Span{})
		testkit.Require(t, err)
		if len(messages) != 2 || messages[1].Text != "Ewa waits, Anna knows." {
			t.Errorf("%+v", messages)
		}
		// The last action cannot be done: Bob does not see the inbox.
		whole := w.macro(Action{Do: DoStatus, Status: "closed"}, Action{Do: DoNote, Text: "Closed."}, Action{Do: DoAssign, AgentID: w.bob.AgentID})
		if _, err := w.Run(ctx, w.anna, id, whole.ID, Run{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("assigned to who cannot see it: %v", err)
		}
		nameless := w.fresh("")
		named := w.macro(Action{Do: DoStatus, Status: "closed"}, Action{Do: DoNote, Text: "{{customer.name}}"})
		if _, err := w.Run(ctx, w.anna, nameless, named.ID, Run{}); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.MessageOf(err), "Nothing was changed") {
			t.Errorf("a variable without a value: %v", err)
		}
		for _, each := range []int64{id, nameless} {
			c, _, err := w.desk.Get(ctx, w.anna, each)
			testkit.Require(t, err)
			if c.Status == conversation.Closed || c.LastPosition > 2 {
				t.Errorf("half of it was done: %+v", c)
			}
		}
		list, err := w.Macros(ctx, w.anna)
		testkit.Require(t, err)
		for _, each := range list {
			if want := map[int64]int64{m.ID: 1}[each.ID]; each.Uses != want {
				t.Errorf("%d was used %d times, want %d", each.ID, each.Uses, want)
			}
		}
	})
}

// However often and from however many windows it is asked for.
func TestAMacroRunsOnceForAClientID(t *testing.T) {
	each(t, func(w world) {
		ctx := context.Background()
		id := w.fresh("Ewa")
		m := w.macro(Action{Do: DoNote, Text: "Seen."}, Action{Do: DoPriority, Priority: "urgent"})
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				ran, err := w.Run(ctx, w.anna, id, m.ID, Run{ClientID: "once"})
				if err != nil || ran.Before.Priority != "normal" {
					t.Errorf("%+v, %v", ran.Before, err)
				}
			})
		}
		all.Wait()
		c, _, err := w.desk.Get(ctx, w.anna, id)
		testkit.Require(t, err)
		if c.LastPosition != 2 || c.Priority != conversation.Urgent {
			t.Errorf("%+v", c)
		}
		other := w.macro(Action{Do: DoPriority, Priority: "low"})
		if _, err := w.Run(ctx, w.anna, id, other.ID, Run{ClientID: "once"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("the same id for another macro: %v", err)
		}
		if n := w.runs(); n != 1 {
			t.Errorf("%d runs are remembered", n)
		}
		w.clk.Advance(25 * time.Hour)
		_, err = w.Run(ctx, w.anna, id, other.ID, Run{ClientID: "later"})
		testkit.Require(t, err)
		if n := w.runs(); n != 1 {
			t.Errorf("%d runs are remembered a day later", n)
		}
	})
}

func TestWhoMayDoWhatWithAMacro(t *testing.T) {
	each(t, func(w world) {
		ctx := context.Background()
		id := w.fresh("Ewa")
		own := w.macro(Action{Do: DoAssign, Me: true})
		if _, err := w.Run(ctx, w.owner, id, own.ID, Run{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else's: %v", err)
		}
		shared, err := w.CreateMacro(ctx, w.owner, NewMacro{Heading{Name: "Mine", Shared: true}, []Action{{Do: DoAssign, Me: true}}})
		testkit.Require(t, err)
		if _, err := w.Run(ctx, w.bob, id, shared.ID, Run{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("out of sight: %v", err)
		}
		ran, err := w.Run(ctx, w.anna, id, shared.ID, Run{})
		testkit.Require(t, err)
		if ran.Conversation.AssigneeID != w.anna.AgentID {
			t.Errorf("%+v", ran.Conversation)
		}
		if _, err := w.PutMacro(ctx, w.anna, shared.ID, NewMacro{Heading{Name: "x", Shared: true}, shared.Actions}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("changed by a member: %v", err)
		}
		for field, a := range map[string]Action{"actions[0].agent_id": {Do: DoAssign, AgentID: 99}, "actions[0].team_id": {Do: DoTeam, TeamID: 99}} {
			if _, err := w.CreateMacro(ctx, w.anna, NewMacro{Heading{Name: "x"}, []Action{a}}); !slices.Equal(fieldsOf(err), []string{field}) {
				t.Errorf("%s: %v", field, err)
			}
		}
		out, err := w.RunOn(ctx, w.anna, []int64{id, 4711}, shared.ID, Run{ClientID: "many"})
		testkit.Require(t, err)
		if out[0].Err != nil || !fault.Is(out[1].Err, fault.NotFound) {
			t.Errorf("%+v", out)
		}
	})
}

func (w world) runs() int64 {
	n, err := db.One(context.Background(), w.d, db.Int64, "SELECT COUNT(*) FROM macro_runs")
	testkit.Require(w.t, err)
	return n
}

// fieldsOf are the inputs that a refusal is about.
func fieldsOf(err error) (paths []string) {
	for _, f := range fault.FieldsOf(err) {
		paths = append(paths, f.Path)
	}
	return paths
}
