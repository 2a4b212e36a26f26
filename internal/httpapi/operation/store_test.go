package operation

import (
	"context"
	"testing"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestRequestsAreRemembered(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), store{d}
		now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
		key := idempotent{1, 2, "create-team", "k"}
		begin := func(k idempotent, after time.Duration) *earlier {
			t.Helper()
			at := now.Add(after)
			e, err := s.begin(ctx, k, "hash", at, at.Add(-rememberFor), at.Add(-inHandFor))
			testkit.Require(t, err)
			return e
		}
		if e := begin(key, 0); e != nil {
			t.Errorf("the first one finds %+v", e)
		}
		if e := begin(key, time.Second); e == nil || e.answer != "" || e.request != "hash" {
			t.Errorf("while it is in hand: %+v", e)
		}
		if e := begin(idempotent{1, 3, "create-team", "k"}, 0); e != nil {
			t.Errorf("another agent finds %+v", e)
		}
		testkit.Require(t, s.remember(ctx, key, "{}"))
		if e := begin(key, time.Hour); e == nil || e.answer != "{}" {
			t.Errorf("when it is done: %+v", e)
		}
		if e := begin(idempotent{1, 3, "create-team", "k"}, time.Hour); e != nil {
			t.Errorf("one that was never finished is still in hand: %+v", e)
		}
		if e := begin(key, 25*time.Hour); e != nil {
			t.Errorf("a day later: %+v", e)
		}
		testkit.Require(t, s.forget(ctx, key))
		if e := begin(key, 25*time.Hour); e != nil {
			t.Errorf("after it was refused: %+v", e)
		}
	})
}
