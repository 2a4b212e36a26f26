package conversation_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/conversation/bulk"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/testkit"
)

func (w world) bulk() (*bulk.Room, *job.Queue) {
	jobs := job.NewQueue(w.d, w.clk)
	return bulk.New(bulk.Deps{Store: w.d, Conversations: w.Room, Jobs: jobs, Clock: w.clk}), jobs
}

func (w world) states(r *bulk.Room, run bulk.Run, by account.Actor) string {
	w.t.Helper()
	_, items, err := r.Get(ctx, by, run.ID)
	w.want(err, "get")
	out := ""
	for _, i := range items {
		out += i.State + " "
	}
	return out
}

func TestManyAreChangedAndEachComesBackToItsOwn(t *testing.T) {
	each(t, func(w world) {
		many, _ := w.bulk()
		a, b, c := w.fresh("a@x.example"), w.fresh("b@x.example"), w.fresh("c@x.example")
		_, err := w.SetStatus(ctx, w.owner, b.ID, conversation.OnHold, 0)
		w.want(err, "hold")
		until := w.clk.Now().Add(time.Hour)
		_, err = w.Snooze(ctx, w.owner, c.ID, until, 0)
		w.want(err, "snooze")
		run, err := many.Start(ctx, w.anna, bulk.Request{ClientID: "one", IDs: []int64{c.ID, a.ID, b.ID, a.ID}, Change: bulk.Change{Do: bulk.DoStatus, Status: conversation.Closed}})
		if err != nil || run.State != bulk.Done || run.Counts[bulk.Changed] != 3 {
			t.Fatalf("run %+v, %v", run, err)
		}
		again, err := many.Start(ctx, w.anna, bulk.Request{ClientID: "one", IDs: []int64{a.ID}, Change: bulk.Change{Do: bulk.DoStatus, Status: conversation.Open}})
		if err != nil || again.ID != run.ID || w.get(a.ID).Status != conversation.Closed {
			t.Errorf("the same client id again: %+v, %v", again, err)
		}
		w.settle()
		if n := w.number("SELECT COUNT(*) FROM events WHERE kind = 'conversation.status' AND actor_id = 5 AND data LIKE $1", fmt.Sprintf(`%%"bulk_id":%d%%`, run.ID)); n != 3 {
			t.Errorf("%d events name the run, want 3", n)
		}
		w.receive(func() (in channel.Inbound) { // the customer writes meanwhile: a is open by that
			in = w.mail("a@x.example", "One more thing")
			in.ConversationID = a.ID
			return in
		}())
		run, err = many.Undo(ctx, w.anna, run.ID)
		if err != nil || run.State != bulk.Undone || run.Counts[bulk.Back] != 2 || run.Counts[bulk.Kept] != 1 {
			t.Errorf("undone %+v, %v", run, err)
		}
		if got := w.get(b.ID); got.Status != conversation.OnHold {
			t.Errorf("b came back as %s", got.Status)
		}
		if got := w.get(c.ID); got.Status != conversation.Open || !got.SnoozedUntil.Equal(until) {
			t.Errorf("c came back as %s until %v", got.Status, got.SnoozedUntil)
		}
		if got := w.get(a.ID); got.Status != conversation.Open {
			t.Errorf("a is %s", got.Status)
		}
		if again, err := many.Undo(ctx, w.anna, run.ID); err != nil || again.State != bulk.Undone {
			t.Errorf("undone again: %+v, %v", again, err)
		}
	})
}

func TestOfManyWhatIsRefusedIsListed(t *testing.T) {
	each(t, func(w world) {
		many, _ := w.bulk()
		a, b := w.fresh("a@x.example"), w.fresh("b@x.example")
		in := w.mail("c@x.example", "To sales")
		in.InboxID = w.sales.ID
		c := w.get(w.receive(in).ConversationID)
		run, err := many.Start(ctx, w.bob, bulk.Request{IDs: []int64{a.ID, c.ID, 999999}, Change: bulk.Change{Do: bulk.DoPriority, Priority: conversation.Urgent}})
		if err != nil || run.Counts[bulk.Changed] != 1 || run.Counts[bulk.Refused] != 2 {
			t.Fatalf("run %+v, %v", run, err)
		}
		_, items, _ := many.Get(ctx, w.bob, run.ID)
		for _, i := range items {
			if (i.State == bulk.Refused) != (i.Number == 0 && i.Reason != "" && i.Before.Status == "") {
				t.Errorf("item %+v", i)
			}
		}
		if w.get(a.ID).Priority != conversation.Normal || w.get(c.ID).Priority != conversation.Urgent {
			t.Error("what bob does not see was changed, or what he sees was not")
		}
		run, err = many.Start(ctx, w.owner, bulk.Request{IDs: []int64{a.ID, c.ID}, Change: bulk.Change{Do: bulk.DoAssignee, AgentID: 6}})
		if err != nil || w.states(many, run, w.owner) != map[bool]string{true: "refused changed ", false: "changed refused "}[a.ID < c.ID] {
			t.Errorf("given to bob, who sees one of two: %+v, %s, %v", run, w.states(many, run, w.owner), err)
		}
		if _, _, err := many.Get(ctx, w.anna, run.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the run of somebody else: %v", err)
		}
		light := w.owner
		light.Role = account.Light
		if _, err := many.Start(ctx, light, bulk.Request{IDs: []int64{b.ID}, Change: bulk.Change{Do: bulk.DoSpam, Spam: true}}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("light: %v", err)
		}
	})
}

func TestEveryChangeOfManyComesBack(t *testing.T) {
	each(t, func(w world) {
		many, _ := w.bulk()
		soon := w.clk.Now().Add(3 * time.Hour).UTC().Truncate(time.Microsecond)
		for _, change := range []bulk.Change{
			{Do: bulk.DoStatus, Status: conversation.Pending}, {Do: bulk.DoAssignee, AgentID: 5}, {Do: bulk.DoTeam, TeamID: 2}, {Do: bulk.DoPriority, Priority: conversation.Low},
			{Do: bulk.DoTags, Add: []string{"Refund", "VIP"}, Remove: []string{"old"}}, {Do: bulk.DoSnooze, Until: soon}, {Do: bulk.DoSpam, Spam: true},
		} {
			a, b := w.fresh("a@x.example"), w.fresh("b@x.example")
			_, err := w.SetTags(ctx, w.owner, a.ID, []string{"Old", "vip", "mine"}, 0)
			w.want(err, "tags")
			_, err = w.SetStatus(ctx, w.owner, b.ID, conversation.Closed, 0)
			w.want(err, "close")
			was := []conversation.Conversation{w.get(a.ID), w.get(b.ID)}
			run, err := many.Start(ctx, w.owner, bulk.Request{IDs: []int64{a.ID, b.ID}, Change: change})
			if err != nil || run.Counts[bulk.Changed] != 2 {
				t.Fatalf("%s: %+v, %v", change.Do, run, err)
			}
			if run, err = many.Undo(ctx, w.owner, run.ID); err != nil || run.Counts[bulk.Back] != 2 {
				t.Fatalf("%s taken back: %+v, %v", change.Do, run, err)
			}
			for _, before := range was {
				now := w.get(before.ID)
				if now.Status != before.Status || now.AssigneeID != before.AssigneeID || now.TeamID != before.TeamID || now.Priority != before.Priority || fmt.Sprint(now.Tags) != fmt.Sprint(before.Tags) ||
					!now.SnoozedUntil.Equal(before.SnoozedUntil) || now.Spam != before.Spam {
					t.Errorf("%s: came back as %+v, was %+v", change.Do, now, before)
				}
			}
		}
	})
}

func TestWhatRunsTwiceAtOnceIsMadeOnce(t *testing.T) {
	each(t, func(w world) {
		many, _ := w.bulk()
		var ids []int64
		for i := range 30 {
			ids = append(ids, w.fresh(fmt.Sprintf("c%d@x.example", i)).ID)
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				_, err := many.Start(ctx, w.owner, bulk.Request{ClientID: "same", IDs: ids, Change: bulk.Change{Do: bulk.DoTags, Add: []string{"Fair"}}})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := w.number("SELECT COUNT(*) FROM bulk_items WHERE state = 'changed'"); n != 30 {
			t.Errorf("%d of 30 changed", n)
		}
		w.settle()
		if n := w.number("SELECT COUNT(*) FROM events WHERE kind = 'conversation.tagged'"); n != 30 {
			t.Errorf("%d events for 30 changes", n)
		}
	})
}

// All of a view, beyond what a request waits for, is changed by a job, which
// also finishes what a request has left half done.
func TestALargeViewIsChangedByAJob(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	many, jobs := w.bulk()
	for i := range bulk.AtOnce + 1 {
		w.fresh(fmt.Sprintf("c%d@x.example", i))
	}
	run, err := many.Start(ctx, w.anna, bulk.Request{Filter: &conversation.Filter{View: "unassigned"}, Change: bulk.Change{Do: bulk.DoAssignee, AgentID: 5}})
	if err != nil || run.State != bulk.Running || run.Counts[bulk.Waiting] != bulk.AtOnce+1 {
		t.Fatalf("run %+v, %v", run, err)
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	go jobs.Run(working, true)
	wait := func(state string) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
			if run, _, err = many.Get(ctx, w.anna, run.ID); err != nil || run.State == state {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("never %s: %+v", state, run)
			}
		}
		w.want(err, "get")
	}
	wait(bulk.Done)
	if n := w.number("SELECT COUNT(*) FROM conversations WHERE assignee_id = 5"); n != bulk.AtOnce+1 {
		t.Errorf("%d changed", n)
	}
	_, err = many.Undo(ctx, w.anna, run.ID)
	w.want(err, "undo")
	wait(bulk.Undone)
	if n := w.number("SELECT COUNT(*) FROM conversations WHERE assignee_id = 5"); n != 0 {
		t.Errorf("%d not brought back", n)
	}
	left, err := many.Start(ctx, w.anna, bulk.Request{IDs: []int64{w.number("SELECT MIN(id) FROM conversations")}, Change: bulk.Change{Do: bulk.DoPriority, Priority: conversation.High}})
	w.want(err, "small")
	w.exec("UPDATE bulk_items SET state = 'waiting', before = '' WHERE run_id = $1", left.ID)
	w.exec("UPDATE bulk_runs SET state = 'running' WHERE id = $1", left.ID)
	_, err = jobs.Enqueue(ctx, job.New{WorkspaceID: 1, Kind: "conversations.bulk", Args: left.ID})
	w.want(err, "enqueue")
	run = left
	wait(bulk.Done)
}
