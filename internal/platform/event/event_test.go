package event_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"rapport/internal/app/schema"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type silent struct{}

func (silent) Publish(string, []byte)                {}
func (silent) Subscribe(string, func([]byte)) func() { return func() {} }

// withEffects is the schema and a table in which test readers leave their marks.
func withEffects(t *testing.T) fstest.MapFS {
	t.Helper()
	text, err := schema.Files.ReadFile("0001_platform.sql")
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{
		"0001_platform.sql": {Data: text},
		"0002_marks.sql":    {Data: []byte("CREATE TABLE marks (reader TEXT NOT NULL, workspace_id BIGINT NOT NULL, seq BIGINT NOT NULL);\n")},
	}
}

func mark(d *db.DB, reader string) func(context.Context, event.Event) error {
	return func(ctx context.Context, e event.Event) error {
		_, err := db.Exec(ctx, d, "INSERT INTO marks (reader, workspace_id, seq) VALUES ($1, $2, $3)", reader, e.WorkspaceID, e.Seq)
		return err
	}
}

func marks(t *testing.T, d *db.DB, reader string, workspaceID int64) []int64 {
	t.Helper()
	seqs, err := db.All(context.Background(), d, db.Int64, "SELECT seq FROM marks WHERE reader = $1 AND workspace_id = $2 ORDER BY seq", reader, workspaceID)
	if err != nil {
		t.Fatal(err)
	}
	return seqs
}

func appendOne(ctx context.Context, d *db.DB, l *event.Log, workspaceID int64, kind string) error {
	return d.Within(ctx, func(ctx context.Context) error {
		return l.Append(ctx, event.Event{WorkspaceID: workspaceID, Kind: kind})
	})
}

// settle numbers what is committed (PostgreSQL) and moves the readers.
func settle(t *testing.T, l *event.Log, rs *event.Readers) {
	t.Helper()
	for {
		n, err := l.Sequence(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	if err := rs.CatchUp(context.Background()); err != nil && !errors.Is(err, errHandler) {
		t.Log(err)
	}
}

var errHandler = errors.New("handler failed")

func TestSeqIsDenseAndRolledBackEventsLeaveNoGap(t *testing.T) {
	testkit.EachEngineWith(t, withEffects(t), func(t *testing.T, d *db.DB) {
		l := event.New(d, clock.System, silent{})
		rs := event.NewReaders(l, clock.System, []string{"a"}, event.Reader{Name: "p", Handle: event.Each(mark(d, "p"))})
		ctx := context.Background()
		for i := range 20 {
			d.Within(ctx, func(ctx context.Context) error {
				if err := l.Append(ctx, event.Event{WorkspaceID: 7, Kind: "a"}); err != nil || i%3 != 0 {
					return err
				}
				return errors.New("rolled back")
			})
		}
		settle(t, l, rs)
		events, err := l.After(ctx, 7, 0, 100)
		if err != nil || len(events) != 13 {
			t.Fatalf("%d events, err %v; want 13", len(events), err)
		}
		for i, e := range events {
			if e.Seq != int64(i+1) {
				t.Fatalf("event %d has seq %d", i, e.Seq)
			}
		}
		if got := marks(t, d, "p", 7); len(got) != 13 {
			t.Errorf("the projection saw %d events, want 13", len(got))
		}
	})
}

func TestAppendRefusesEndlessChainsAndMissingTransactions(t *testing.T) {
	testkit.EachEngineWith(t, withEffects(t), func(t *testing.T, d *db.DB) {
		l := event.New(d, clock.System, silent{})
		err := d.Within(context.Background(), func(ctx context.Context) error {
			return l.Append(ctx, event.Event{WorkspaceID: 1, Kind: "a", Depth: event.MaxDepth + 1})
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("a chain beyond the limit: err = %v", err)
		}
		if err := l.Append(context.Background(), event.Event{WorkspaceID: 1, Kind: "a"}); err == nil {
			t.Error("an event without a transaction was accepted")
		}
	})
}

func TestReactionsStartAtTheHeadAndProjectionsAtTheStart(t *testing.T) {
	testkit.EachEngineWith(t, withEffects(t), func(t *testing.T, d *db.DB) {
		l := event.New(d, clock.System, silent{})
		ctx := context.Background()
		rs := event.NewReaders(l, clock.System, []string{"a"},
			event.Reader{Name: "p", Handle: event.Each(mark(d, "p"))}, event.Reader{Name: "r", Reaction: true, Handle: event.Each(mark(d, "r"))})
		appendOne(ctx, d, l, 1, "a")
		l.Sequence(ctx)
		if err := rs.Prepare(ctx); err != nil {
			t.Fatal(err)
		}
		appendOne(ctx, d, l, 1, "a")
		appendOne(ctx, d, l, 2, "a") // a workspace born later: everybody sees all of it
		settle(t, l, rs)
		for _, want := range []struct {
			reader string
			ws     int64
			n      int
		}{{"p", 1, 2}, {"r", 1, 1}, {"p", 2, 1}, {"r", 2, 1}} {
			if got := marks(t, d, want.reader, want.ws); len(got) != want.n {
				t.Errorf("%s in workspace %d saw %v, want %d", want.reader, want.ws, got, want.n)
			}
		}
	})
}

func TestAReactionParksWhatItCannotHandleAndAProjectionStops(t *testing.T) {
	testkit.EachEngineWith(t, withEffects(t), func(t *testing.T, d *db.DB) {
		clk := clock.NewFake(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC))
		l := event.New(d, clk, silent{})
		broken := true
		failAt3 := func(reader string) func(context.Context, event.Event) error {
			return func(ctx context.Context, e event.Event) error {
				if e.Seq == 3 && broken {
					return errHandler
				}
				return mark(d, reader)(ctx, e)
			}
		}
		rs := event.NewReaders(l, clk, []string{"a"},
			event.Reader{Name: "p", Handle: event.Each(failAt3("p")), Reset: func(ctx context.Context, ws int64) error {
				_, err := db.Exec(ctx, d, "DELETE FROM marks WHERE reader = 'p' AND workspace_id = $1", ws)
				return err
			}},
			event.Reader{Name: "r", Reaction: true, Handle: event.Each(failAt3("r"))})
		ctx := context.Background()
		for range 5 {
			appendOne(ctx, d, l, 1, "a")
		}
		for range 12 {
			settle(t, l, rs)
			clk.Advance(10 * time.Second)
		}
		if got := fmt.Sprint(marks(t, d, "p", 1)); got != "[1 2]" {
			t.Errorf("the projection went on to %s", got)
		}
		if got := fmt.Sprint(marks(t, d, "r", 1)); got != "[1 2 4 5]" {
			t.Errorf("the reaction handled %s", got)
		}
		parked, _ := l.Parked(ctx, 1)
		if len(parked) != 1 || parked[0].Seq != 3 {
			t.Fatalf("parked = %v", parked)
		}
		broken = false
		if err := rs.RetryParked(ctx, 1, "r", 3); err != nil {
			t.Fatal(err)
		}
		if parked, _ = l.Parked(ctx, 1); len(parked) != 0 || len(marks(t, d, "r", 1)) != 5 {
			t.Errorf("after the retry: parked %v, handled %v", parked, marks(t, d, "r", 1))
		}
		if err := rs.Rebuild(ctx, 1, "p"); err != nil {
			t.Fatal(err)
		}
		settle(t, l, rs)
		if got := marks(t, d, "p", 1); len(got) != 5 {
			t.Errorf("the rebuilt projection saw %v", got)
		}
		if err := rs.Rebuild(ctx, 1, "r"); !fault.Is(err, fault.Invalid) {
			t.Errorf("a reaction was rewound: %v", err)
		}
	})
}

func TestAReaderWaitsAtAKindItDoesNotKnow(t *testing.T) {
	testkit.EachEngineWith(t, withEffects(t), func(t *testing.T, d *db.DB) {
		l := event.New(d, clock.System, silent{})
		old := event.NewReaders(l, clock.System, []string{"a"}, event.Reader{Name: "p", Handle: event.Each(mark(d, "p"))})
		newer := event.NewReaders(l, clock.System, []string{"a", "b"}, event.Reader{Name: "p", Handle: event.Each(mark(d, "p"))})
		ctx := context.Background()
		for _, kind := range []string{"a", "b", "a"} {
			appendOne(ctx, d, l, 1, kind)
		}
		settle(t, l, old)
		if got := marks(t, d, "p", 1); len(got) != 1 {
			t.Errorf("the old binary saw %v", got)
		}
		settle(t, l, newer)
		if got := marks(t, d, "p", 1); len(got) != 3 {
			t.Errorf("the newer binary saw %v", got)
		}
	})
}

// Random writers that fail and are cancelled, several nodes with the same
// readers, handlers that fail at random: every committed event is seen exactly
// once by every reader, in a dense log.
func TestEveryEventIsHandledExactlyOnceWhateverHappens(t *testing.T) {
	testkit.EachEngineWith(t, withEffects(t), func(t *testing.T, d *db.DB) {
		l := event.New(d, clock.System, silent{})
		flaky := func(reader string) event.Reader {
			return event.Reader{Name: reader, Reaction: reader == "r", Handle: event.Each(func(ctx context.Context, e event.Event) error {
				if rand.IntN(40) == 0 {
					return fault.New("test", fault.Unavailable, "the machine stumbled")
				}
				if rand.IntN(60) == 0 {
					panic("crash in a handler")
				}
				return mark(d, reader)(ctx, e)
			})}
		}
		var nodes []*event.Readers
		for range 3 {
			nodes = append(nodes, event.NewReaders(l, clock.System, []string{"a"}, flaky("p"), flaky("r")))
		}
		var committed [3]int
		var mu sync.Mutex
		var writers, others sync.WaitGroup
		stop := make(chan struct{})
		for w := range 6 {
			writers.Go(func() {
				rng := rand.New(rand.NewPCG(1, uint64(w)))
				for range 60 {
					ctx, cancel := context.WithCancel(context.Background())
					if rng.IntN(10) == 0 {
						cancel()
					}
					ws, n, fail := 1+rng.IntN(2), 1+rng.IntN(4), rng.IntN(5) == 0
					err := d.Within(ctx, func(ctx context.Context) error {
						for range n {
							if err := l.Append(ctx, event.Event{WorkspaceID: int64(ws), Kind: "a"}); err != nil {
								return err
							}
						}
						if fail {
							return errors.New("rolled back")
						}
						return nil
					})
					if err == nil {
						mu.Lock()
						committed[ws] += n
						mu.Unlock()
					}
					cancel()
				}
			})
		}
		for _, node := range nodes {
			others.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						l.Sequence(context.Background())
						node.CatchUp(context.Background())
					}
				}
			})
		}
		writers.Wait()
		close(stop)
		others.Wait()
		deadline := time.Now().Add(time.Minute)
		for ws := int64(1); ws <= 2; ws++ {
			for _, reader := range []string{"p", "r"} {
				for len(marks(t, d, reader, ws)) < committed[ws] && time.Now().Before(deadline) {
					settle(t, l, nodes[0])
				}
				got := marks(t, d, reader, ws)
				if len(got) != committed[ws] {
					t.Errorf("%s saw %d events of workspace %d, %d were committed", reader, len(got), ws, committed[ws])
				}
				for i, seq := range got {
					if seq != int64(i+1) {
						t.Fatalf("%s in workspace %d: event %d came as %d; each comes once", reader, ws, i+1, seq)
					}
				}
			}
		}
	})
}

// HA-02: a sequencer that sleeps is replaced, and does nothing when it wakes;
// one that stops hands on at once.
func TestHA02TheSequencerIsReplaced(t *testing.T) {
	t.Parallel()
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		if d.Engine() != db.Postgres {
			return // the writer numbers, there is nobody to replace
		}
		ctx, c := context.Background(), clock.NewFake(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		asleep, awake := event.New(d, c, silent{}), event.New(d, c, silent{})
		moves := func(l *event.Log, want int) {
			t.Helper()
			if err := appendOne(ctx, d, l, 7, "x"); err != nil {
				t.Fatal(err)
			}
			if n, err := l.Sequence(ctx); err != nil || n != want {
				t.Fatalf("moved %d, %v; want %d", n, err, want)
			}
		}
		moves(asleep, 1)
		moves(awake, 0)
		c.Advance(2 * time.Minute)
		moves(awake, 2)
		moves(asleep, 0)

		stopping, cancel := context.WithCancel(ctx)
		cancel()
		awake.Run(stopping)
		moves(asleep, 2)
		if events, err := asleep.After(ctx, 7, 0, 100); err != nil || len(events) != 5 || events[4].Seq != 5 {
			t.Errorf("the log has %d events, %v", len(events), err)
		}
	})
}
