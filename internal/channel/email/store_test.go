package email

import (
	"context"
	"errors"
	"testing"

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
		first := cursor{"hello/INBOX", highest, 10}
		if err := s.begin(ctx, 1, 7, first); err != nil {
			t.Fatal(err)
		}
		if err := s.begin(ctx, 1, 7, cursor{"hello/INBOX", 5, 0}); !errors.Is(err, errMoved) {
			t.Errorf("a second beginning: %v, want errMoved", err)
		}
		further := cursor{"hello/INBOX", highest, highest}
		if err := s.move(ctx, 1, 7, first, further); err != nil {
			t.Fatal(err)
		}
		if err := s.move(ctx, 1, 7, first, cursor{"hello/INBOX", highest, 11}); !errors.Is(err, errMoved) {
			t.Errorf("a move from a cursor read before: %v, want errMoved", err)
		}
		if at, err := s.cursor(ctx, 1, 7, "hello/INBOX"); err != nil || at != further {
			t.Errorf("cursor = %+v, %v; want %+v", at, err, further)
		}
		if _, err := s.cursor(ctx, 1, 7, "hello/Archive"); !fault.Is(err, fault.NotFound) {
			t.Errorf("another folder: %v, want NotFound", err)
		}
	})
}
