package email

import (
	"context"
	"errors"
	"testing"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func TestCursorMovesOnlyFromWhereItStands(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), store{d}
		const highest = 1<<32 - 1
		if _, err := s.cursor(ctx, 1, 7, "hello/INBOX"); !fault.Is(err, fault.NotFound) {
			t.Fatalf("before the first connect: %v, want NotFound", err)
		}
		since := time.Date(2026, 3, 1, 9, 30, 0, 1000, time.UTC)
		first := cursor{Mailbox: "hello/INBOX", Validity: highest, UID: 10, Since: since}
		if err := s.begin(ctx, 1, 7, first); err != nil {
			t.Fatal(err)
		}
		if err := s.begin(ctx, 1, 7, cursor{Mailbox: "hello/INBOX", Validity: 5}); !errors.Is(err, errMoved) {
			t.Errorf("a second beginning: %v, want errMoved", err)
		}
		if at, err := s.cursor(ctx, 1, 7, "hello/INBOX"); err != nil || at != first {
			t.Errorf("cursor = %+v, %v; want %+v", at, err, first)
		}
		further := cursor{Mailbox: "hello/INBOX", Validity: 1, UID: highest, Since: since, RescanTo: highest, Live: 9}
		if err := s.move(ctx, 1, 7, first, further); err != nil {
			t.Fatal(err)
		}
		if err := s.move(ctx, 1, 7, first, cursor{Mailbox: "hello/INBOX", Validity: highest, UID: 11}); !errors.Is(err, errMoved) {
			t.Errorf("a move from a cursor read before: %v, want errMoved", err)
		}
		if at, err := s.cursor(ctx, 1, 7, "hello/INBOX"); err != nil || at != further {
			t.Errorf("cursor = %+v, %v; want %+v", at, err, further)
		}
		withHistory := cursor{Mailbox: "hello/Orders", Validity: 5}
		if err := s.begin(ctx, 1, 7, withHistory); err != nil {
			t.Fatal(err)
		}
		if at, err := s.cursor(ctx, 1, 7, "hello/Orders"); err != nil || at != withHistory {
			t.Errorf("cursor = %+v, %v; want %+v", at, err, withHistory)
		}
		if _, err := s.cursor(ctx, 1, 7, "hello/Archive"); !fault.Is(err, fault.NotFound) {
			t.Errorf("another folder: %v, want NotFound", err)
		}
	})
}
