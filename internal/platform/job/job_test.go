package job_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/job"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// run works q in the background until the test ends or stop is called.
func run(t *testing.T, q *job.Queue, alone bool) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { q.Run(ctx, alone); close(done) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return stop
}

func enqueue(t *testing.T, d *db.DB, q *job.Queue, n job.New) int64 {
	t.Helper()
	var id int64
	err := d.Within(context.Background(), func(ctx context.Context) (err error) {
		id, err = q.Enqueue(ctx, n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// eventually fails on "never", not on "slow".
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

func count(t *testing.T, q *job.Queue, s job.State) int64 {
	t.Helper()
	counts, err := q.Counts(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return counts[s]
}

func quick(int) time.Duration { return time.Millisecond }

func TestAJobExistsOnlyWhenItsCauseIsCommitted(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, clock.System)
		var seen atomic.Int64
		q.Handle("work", func(_ context.Context, j job.Job) error { seen.Add(1); return nil }, job.Options{})
		run(t, q, true)
		d.Within(context.Background(), func(ctx context.Context) error {
			q.Enqueue(ctx, job.New{Kind: "work"})
			return errors.New("rolled back")
		})
		for range 20 {
			enqueue(t, d, q, job.New{Kind: "work"})
		}
		eventually(t, "all jobs done", func() bool { return seen.Load() == 20 && count(t, q, job.Waiting)+count(t, q, job.Running) == 0 })
		if seen.Load() != 20 {
			t.Errorf("%d jobs ran, want 20", seen.Load())
		}
	})
}

// JOB-04.
func TestJOB04AFailingJobIsRetriedThenLaidBeforeAPerson(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, clock.System)
		var tries, dead, poison atomic.Int64
		q.Handle("flaky", func(_ context.Context, j job.Job) error {
			if tries.Add(1) < 3 {
				panic("stumble")
			}
			return nil
		}, job.Options{Backoff: quick})
		q.Handle("poison", func(context.Context, job.Job) error {
			poison.Add(1)
			return fault.New("x", fault.Invalid, "This cannot work.")
		}, job.Options{Backoff: quick, MaxAttempts: 4, OnDead: func(_ context.Context, j job.Job) error { dead.Add(1); return nil }})
		q.Handle("hopeless", func(context.Context, job.Job) error { return job.Permanent(errors.New("no")) }, job.Options{})
		run(t, q, true)
		enqueue(t, d, q, job.New{Kind: "flaky", WorkspaceID: 1})
		id := enqueue(t, d, q, job.New{Kind: "poison", WorkspaceID: 1})
		enqueue(t, d, q, job.New{Kind: "hopeless", WorkspaceID: 1})
		eventually(t, "two dead jobs", func() bool {
			return count(t, q, job.Dead) == 2 && count(t, q, job.Running)+count(t, q, job.Waiting) == 0
		})
		if tries.Load() != 3 || poison.Load() != 4 || dead.Load() != 1 {
			t.Errorf("flaky %d tries, poison %d tries, OnDead %d times; want 3, 4, 1", tries.Load(), poison.Load(), dead.Load())
		}
		list, _ := q.List(context.Background(), 1, job.Dead)
		if len(list) != 2 || list[1].LastError != "This cannot work." {
			t.Errorf("dead jobs: %+v", list)
		}
		if err := q.Retry(context.Background(), 2, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("another workspace may retry the job: %v", err)
		}
		if err := q.Retry(context.Background(), 1, id); err != nil {
			t.Fatal(err)
		}
		eventually(t, "dead again", func() bool { return dead.Load() == 2 })
	})
}

func TestAUniqueJobIsAddedOnce(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, clock.System)
		q.Handle("work", func(context.Context, job.Job) error { return nil }, job.Options{})
		later := time.Now().Add(time.Hour)
		first := enqueue(t, d, q, job.New{Kind: "work", UniqueKey: "a", RunAt: later})
		second := enqueue(t, d, q, job.New{Kind: "work", UniqueKey: "a", RunAt: later})
		if first == 0 || second != 0 {
			t.Errorf("ids %d and %d, want one and 0", first, second)
		}
		q.Cancel(context.Background(), "a")
		if enqueue(t, d, q, job.New{Kind: "work", UniqueKey: "a", RunAt: later}) == 0 {
			t.Error("the key is still taken after Cancel")
		}
	})
}

// JOB-03, as after SIGSTOP. A worker whose lease was taken over must not finish the job, neither while
// its successor works nor after: its effect rolls back, and only the
// successor's counts.
func TestJOB03ALostLeaseCannotFinishAJob(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var effects atomic.Int64
		finish := func(q *job.Queue, j job.Job) error {
			return d.Within(ctx, func(ctx context.Context) error {
				d.AfterCommit(ctx, func() { effects.Add(1) })
				return q.Done(ctx, j)
			})
		}
		start := func(alone bool) (started chan struct{}, proceed chan struct{}, ended chan error) {
			started, proceed, ended = make(chan struct{}), make(chan struct{}), make(chan error, 1)
			q := job.NewQueue(d, clock.System)
			q.Handle("work", func(_ context.Context, j job.Job) error {
				close(started)
				<-proceed
				err := finish(q, j)
				ended <- err
				return err
			}, job.Options{})
			run(t, q, alone)
			if !alone {
				enqueue(t, d, q, job.New{Kind: "work"})
			}
			<-started
			return started, proceed, ended
		}
		_, wakeSleeper, sleeper := start(false)
		_, letSuccessor, successor := start(true) // takes over every lease
		close(wakeSleeper)
		if err := <-sleeper; !fault.Is(err, fault.Conflict) {
			t.Errorf("the sleeper finished its successor's job: %v", err)
		}
		close(letSuccessor)
		if err := <-successor; err != nil || effects.Load() != 1 {
			t.Errorf("the successor ended with %v and %d effects; want nil and 1", err, effects.Load())
		}
	})
}

func TestABusyTargetDoesNotStarveTheOthers(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, clock.System)
		block := make(chan struct{})
		var quickDone atomic.Int64
		q.Handle("send", func(_ context.Context, j job.Job) error {
			if j.Target == "slow" {
				<-block
				return nil
			}
			quickDone.Add(1)
			return nil
		}, job.Options{Workers: 4, PerTarget: 2})
		for range 600 { // more than a kind keeps in memory
			enqueue(t, d, q, job.New{Kind: "send", Target: "slow"})
		}
		for i := range 10 {
			enqueue(t, d, q, job.New{Kind: "send", Target: fmt.Sprint("fast", i%2)})
		}
		run(t, q, true)
		for i := range 10 {
			enqueue(t, d, q, job.New{Kind: "send", Target: fmt.Sprint("new", i%2)})
		}
		eventually(t, "all quick jobs done while the slow target blocks", func() bool { return quickDone.Load() == 20 })
		if n := count(t, q, job.Running); n > 100 {
			t.Errorf("%d jobs of the slow target were taken, although it has room for 2", n)
		}
		close(block)
	})
}

func TestWorkSurvivesAStop(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		var done sync.Map
		var n, made atomic.Int64
		start := func() func() {
			q := job.NewQueue(d, clock.System)
			q.Handle("work", func(_ context.Context, j job.Job) error {
				var i int
				if err := j.Args(&i); err != nil {
					return err
				}
				if _, twice := done.LoadOrStore(i, true); twice {
					t.Errorf("job %d ran twice", i)
				}
				n.Add(1)
				return nil
			}, job.Options{})
			stop := run(t, q, true)
			for range 50 {
				enqueue(t, d, q, job.New{Kind: "work", Args: made.Add(1)})
			}
			return stop
		}
		start()()
		start()()
		q := job.NewQueue(d, clock.System)
		q.Handle("work", func(context.Context, job.Job) error { n.Add(1); return nil }, job.Options{})
		run(t, q, true)
		eventually(t, "all 100 jobs done", func() bool { return n.Load() == 100 })
	})
}

func TestAScheduleTakesItsTurnOnceOverAllNodes(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		var turns atomic.Int64
		for range 3 {
			q := job.NewQueue(d, clock.System)
			q.Every("digest", time.Hour, func(context.Context) error { turns.Add(1); return nil })
			q.Handle("tick", func(context.Context, job.Job) error { return nil }, job.Options{})
			run(t, q, false)
		}
		eventually(t, "a first turn", func() bool { return turns.Load() > 0 })
		time.Sleep(300 * time.Millisecond) // the other nodes have looked by now
		if turns.Load() != 1 {
			t.Errorf("%d turns, want 1", turns.Load())
		}
	})
}

func TestLaterDoesNotCountAsAnAttempt(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, clock.System)
		var runs, attempt atomic.Int64
		q.Handle("work", func(_ context.Context, j job.Job) error {
			attempt.Store(int64(j.Attempt))
			if runs.Add(1) < 4 {
				return job.Later(time.Millisecond, "the provider asked us to wait")
			}
			return nil
		}, job.Options{MaxAttempts: 2})
		run(t, q, true)
		enqueue(t, d, q, job.New{Kind: "work"})
		eventually(t, "the fourth run", func() bool { return runs.Load() == 4 })
		if attempt.Load() != 1 {
			t.Errorf("attempt %d, want 1", attempt.Load())
		}
	})
}

// Who stops leaves nothing leased: what waits in memory, what is enqueued while
// it ends, and what has to be interrupted is free at once and lost no attempt.
func TestAStopLeavesNothingLeased(t *testing.T) {
	t.Parallel()
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, clock.System)
		inHand, wait := make(chan struct{}, 100), make(chan struct{})
		q.Handle("work", func(context.Context, job.Job) error {
			inHand <- struct{}{}
			<-wait
			return nil
		}, job.Options{Workers: 2})
		stop := run(t, q, true)
		for range 20 {
			enqueue(t, d, q, job.New{Kind: "work"})
		}
		<-inHand
		<-inHand
		stopped := make(chan struct{})
		go func() { stop(); close(stopped) }()
		eventually(t, "only those in hand are leased", func() bool { return count(t, q, job.Running) == 2 })
		enqueue(t, d, q, job.New{Kind: "work"})
		close(wait)
		<-stopped
		if running, waiting := count(t, q, job.Running), count(t, q, job.Waiting); running != 0 || waiting != 19 {
			t.Errorf("%d leased, %d waiting; want none and 19", running, waiting)
		}
		list, err := q.List(context.Background(), 0, job.Waiting)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range list {
			if i.Attempt != 0 {
				t.Errorf("job %d lost an attempt", i.ID)
			}
		}
	})
}

// A commit whose answer was lost leaves a job that is leased to a node which
// knows nothing of it.
func TestAStrayIsFreed(t *testing.T) {
	t.Parallel()
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, clock.System)
		done, inHand := make(chan int64, 9), make(chan struct{}, 9)
		wait := make(chan struct{})
		q.Handle("work", func(_ context.Context, j job.Job) error {
			inHand <- struct{}{}
			<-wait
			done <- j.ID
			return nil
		}, job.Options{Workers: 1})
		stray, known := enqueue(t, d, q, job.New{Kind: "work"}), int64(0)
		if _, err := db.Exec(context.Background(), d, "UPDATE jobs SET state = 'running', locked_by = $1, locked_until = $2, attempt = 1, generation = 1",
			q.Node(), db.Micros(time.Now().Add(time.Hour))); err != nil {
			t.Fatal(err)
		}
		run(t, q, false)
		known = enqueue(t, d, q, job.New{Kind: "work"})
		<-inHand
		missed := q.FreeStrays(context.Background(), nil)
		if len(missed) != 1 || !missed[stray] {
			t.Fatalf("missed %v, want %d", missed, stray)
		}
		if missed = q.FreeStrays(context.Background(), missed); len(missed) != 0 {
			t.Errorf("still missed: %v", missed)
		}
		close(wait)
		if a, b := <-done, <-done; a+b != stray+known {
			t.Errorf("done %d and %d", a, b)
		}
	})
}

func TestHurriedJobsRunNowAndKeepTheirAttempts(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		now := clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
		q := job.NewQueue(d, now)
		var back atomic.Bool
		var failed atomic.Int64
		var done sync.Map
		q.Handle("send", func(_ context.Context, j job.Job) error {
			if !back.Load() {
				failed.Add(1)
				return errors.New("away")
			}
			done.Store(j.Target, j.Attempt)
			return nil
		}, job.Options{Backoff: func(int) time.Duration { return time.Hour }})
		for i, target := range []string{"a", "a", "b", "b"} {
			enqueue(t, d, q, job.New{WorkspaceID: 1, Kind: "send", Target: target, UniqueKey: fmt.Sprint(i)})
		}
		run(t, q, true)
		eventually(t, "all have failed once", func() bool { return failed.Load() == 4 && count(t, q, job.Waiting) == 4 })
		back.Store(true)
		if err := q.Hurry(context.Background(), 1, "send", "a"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "those of a are done", func() bool { return count(t, q, job.Waiting)+count(t, q, job.Running) == 2 })
		if attempt, _ := done.Load("a"); attempt != 2 {
			t.Errorf("attempt %v, want the second", attempt)
		}
		if err := q.HurryKeys(context.Background(), "3"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the one with the key is done", func() bool { return count(t, q, job.Waiting)+count(t, q, job.Running) == 1 })
		if _, ok := done.Load("b"); !ok {
			t.Error("another one was hurried")
		}
	})
}

func TestAJobThatIsHurriedWhileItRunsRunsOnceMore(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)))
		var runs atomic.Int64
		looked, goOn := make(chan struct{}), make(chan struct{})
		q.Handle("send", func(_ context.Context, j job.Job) error {
			if runs.Add(1) == 1 {
				close(looked)
				<-goOn
			}
			return job.Later(time.Hour, "not yet")
		}, job.Options{})
		enqueue(t, d, q, job.New{WorkspaceID: 1, Kind: "send", Target: "a"})
		run(t, q, true)
		<-looked
		if err := q.Hurry(context.Background(), 1, "send", "a"); err != nil {
			t.Fatal(err)
		}
		close(goOn)
		eventually(t, "it has run once more and waits", func() bool { return runs.Load() == 2 && count(t, q, job.Waiting) == 1 })
		list, err := q.List(context.Background(), 1, job.Waiting)
		if err != nil || len(list) != 1 || list[0].RunAt.Hour() != 10 {
			t.Errorf("it waits until %+v, %v", list, err)
		}
	})
}
