package conversation_test

import (
	"fmt"
	"testing"

	"rapport/internal/account"
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
