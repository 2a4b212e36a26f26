package conversation_test

import (
	"fmt"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation/follow"
	"rapport/internal/platform/fault"
)

func TestWhoFollowsIsToldOnlyOfWhatTheySee(t *testing.T) {
	each(t, func(w world) {
		follows := follow.New(w.d, w.log, w.sees, w.clk)
		c := w.fresh("ewa@harbour.example")
		w.want(follows.Set(ctx, w.anna, c.ID, follow.Watching), "watch")
		w.want(follows.Set(ctx, w.anna, c.ID, follow.Watching), "watch again")
		w.want(follows.Set(ctx, w.owner, c.ID, follow.Muted), "mute")
		if err := follows.Set(ctx, w.bob, c.ID, follow.Watching); !fault.Is(err, fault.NotFound) {
			t.Errorf("out of sight: %v", err)
		}
		if err := follows.Set(ctx, w.anna, c.ID, "often"); !fault.Is(err, fault.Invalid) {
			t.Errorf("no stance: %v", err)
		}
		if _, _, err := follows.Of(ctx, w.bob, c.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("read out of sight: %v", err)
		}
		watching, mine, err := follows.Of(ctx, w.owner, c.ID)
		if err != nil || fmt.Sprint(watching) != "[5]" || mine != follow.Muted {
			t.Errorf("watching %v, mine %q, %v", watching, mine, err)
		}
		w.settle()
		if n := w.number("SELECT COUNT(*) FROM events WHERE kind = $1", follow.EventFollowed); n != 2 {
			t.Errorf("%d events, want one for each that changed something", n)
		}
		told := func() string {
			list, err := follows.Followers(ctx, 1, c.ID)
			w.want(err, "followers")
			return fmt.Sprint(list)
		}
		if got := told(); got != "[{5 watching} {7 muted}]" {
			t.Errorf("followers %s", got)
		}
		w.sees[5] = account.Scope{}
		if got := told(); got != "[{7 muted}]" {
			t.Errorf("who lost sight is told: %s", got)
		}
		w.want(follows.Set(ctx, w.owner, c.ID, follow.Neither), "neither")
		if got := told(); got != "[]" {
			t.Errorf("followers %s", got)
		}
		w.want(w.Delete(ctx, w.owner, c.ID), "delete")
		if n := w.number("SELECT COUNT(*) FROM followers"); n != 0 {
			t.Errorf("%d followers of what is deleted", n)
		}
		if list, err := follows.Followers(ctx, 1, c.ID); err != nil || len(list) != 0 {
			t.Errorf("of what is deleted: %v, %v", list, err)
		}
	})
}

// The far end of the calendar is no time: only what the customer writes brings
// the conversation back, neither the clock nor a machine.
func TestPutAwayUntilTheCustomerReplies(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		until := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
		c, err := w.Snooze(ctx, w.anna, c.ID, until, 0)
		if err != nil || !c.SnoozedUntil.Equal(until) {
			t.Fatalf("put away until %v, %v", c.SnoozedUntil, err)
		}
		w.clk.Advance(400 * 24 * time.Hour)
		n, err := w.Wake(ctx)
		if err != nil || n != 0 {
			t.Errorf("the clock woke %d, %v", n, err)
		}
		for _, class := range []channel.Class{channel.AutoReply, channel.Human} {
			in := w.mail("ewa@harbour.example", "Again")
			in.ConversationID, in.Class = c.ID, class
			w.receive(in)
			if now := w.get(c.ID); now.SnoozedUntil.IsZero() != (class == channel.Human) {
				t.Errorf("after %s: %v", class, now.SnoozedUntil)
			}
		}
	})
}
