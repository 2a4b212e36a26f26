package event

import (
	"context"
	"crypto/rand"
	"slices"

	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store is the database the log lives in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

// sequenced reports whether a sequencer numbers events after the commit.
func (s store) sequenced() bool { return s.d.Engine() == db.Postgres }

// onClose lets SQLite's writer number the events of a group before it commits.
func (s store) onClose(l *Log) {
	if s.sequenced() {
		return
	}
	s.d.OnClose(func(ctx context.Context, items []any) error {
		events := make([]Event, len(items))
		for i, item := range items {
			events[i] = item.(Event)
		}
		_, err := s.number(ctx, events, map[int64]int64{})
		return err
	})
}

func (s store) append(ctx context.Context, l *Log, e Event) error {
	if !s.sequenced() {
		s.d.AfterCommit(ctx, func() { l.ring(e.WorkspaceID) })
		return s.d.Collect(ctx, e)
	}
	if !s.d.InTransaction(ctx) {
		return fault.New("event.Append", fault.Internal, "an event is appended in the transaction of its change")
	}
	s.d.AfterCommit(ctx, func() { l.bell.Publish(appended, nil) })
	return db.Do(ctx, s.d, `INSERT INTO event_inbox (workspace_id, at, kind, actor_kind, actor_id, conversation_id, contact_id, cause, depth, data)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		e.WorkspaceID, db.Micros(e.At), e.Kind, e.Actor.Kind, e.Actor.ID, e.ConversationID, e.ContactID, e.Cause, e.Depth, string(e.Data))
}

// number gives the next seqs of their workspaces to events, in order, and
// returns the workspaces. heads are the seqs so far, as far as they are known.
func (s store) number(ctx context.Context, events []Event, heads map[int64]int64) ([]int64, error) {
	var touched []int64
	for _, e := range events {
		head, known := heads[e.WorkspaceID]
		if !known {
			var err error
			if head, err = s.head(ctx, e.WorkspaceID); err != nil {
				return nil, err
			}
		}
		head++
		heads[e.WorkspaceID] = head
		if !slices.Contains(touched, e.WorkspaceID) {
			touched = append(touched, e.WorkspaceID)
		}
		err := db.Do(ctx, s.d, `INSERT INTO events (workspace_id, seq, at, kind, actor_kind, actor_id, conversation_id, contact_id, cause, depth, data)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
			e.WorkspaceID, head, db.Micros(e.At), e.Kind, e.Actor.Kind, e.Actor.ID, e.ConversationID, e.ContactID, e.Cause, e.Depth, string(e.Data))
		if err != nil {
			return nil, err
		}
	}
	for _, workspaceID := range touched {
		err := db.Do(ctx, s.d, `INSERT INTO event_heads (workspace_id, seq) VALUES ($1, $2)
			ON CONFLICT (workspace_id) DO UPDATE SET seq = excluded.seq`, workspaceID, heads[workspaceID])
		if err != nil {
			return nil, err
		}
	}
	return touched, nil
}

// sequence is the sequencer's step on PostgreSQL. The lease row is locked for
// the whole step, so a sequencer that lost its lease cannot write.
func (s store) sequence(ctx context.Context, node string, now, until time.Time, batch int) (news []int64, moved int, held bool, err error) {
	err = s.within(ctx, func(ctx context.Context) (err error) {
		news, moved = nil, 0
		// One that is stopped in here must not hold up the others much longer than
		// its lease lasts.
		if err := db.Do(ctx, s.d, "SET LOCAL idle_in_transaction_session_timeout = 5000"); err != nil {
			return err
		}
		if held, err = s.hold(ctx, sequencer, node, now, until); err != nil || !held {
			return err
		}
		type row struct {
			id int64
			e  Event
		}
		heads := map[int64]int64{}
		rows, err := db.All(ctx, s.d, func(r db.Row) (row, error) {
			var v row
			var at, head int64
			var data string
			err := r.Scan(&v.id, &v.e.WorkspaceID, &at, &v.e.Kind, &v.e.Actor.Kind, &v.e.Actor.ID, &v.e.ConversationID, &v.e.ContactID, &v.e.Cause, &v.e.Depth, &data, &head)
			v.e.At, v.e.Data = db.Time(at), []byte(data)
			heads[v.e.WorkspaceID] = head
			return v, err
		}, `SELECT i.id, i.workspace_id, i.at, i.kind, i.actor_kind, i.actor_id, i.conversation_id, i.contact_id, i.cause, i.depth, i.data, COALESCE(h.seq, 0)
			FROM event_inbox i LEFT JOIN event_heads h ON h.workspace_id = i.workspace_id ORDER BY i.id LIMIT $1`, batch)
		if err != nil || len(rows) == 0 {
			return err
		}
		events, ids := make([]Event, len(rows)), make([]int64, len(rows))
		for i, r := range rows {
			events[i], ids[i] = r.e, r.id
		}
		if news, err = s.number(ctx, events, heads); err != nil {
			return err
		}
		moved = len(rows)
		list, args := db.In(1, ids)
		return db.Do(ctx, s.d, "DELETE FROM event_inbox WHERE id IN "+list, args...)
	})
	return news, moved, held, err
}

// sequencer is the name of the lease of whoever numbers events.
const sequencer = "sequencer"

// turn is who numbers events and whether any wait for it.
type turn struct {
	owner string
	until time.Time
	work  bool
}

func (s store) lookAtSequencer(ctx context.Context) (turn, error) {
	t, err := db.One(ctx, s.d, func(r db.Row) (t turn, err error) {
		var until int64
		err = r.Scan(&t.owner, &until, &t.work)
		t.until = db.Time(until)
		return t, err
	}, "SELECT owner, expires_at, EXISTS (SELECT 1 FROM event_inbox) FROM leases WHERE name = $1", sequencer)
	if fault.Is(err, fault.NotFound) {
		return turn{}, nil // nobody ever did
	}
	return t, err
}

// handOn gives the sequencer's lease back.
func (s store) handOn(ctx context.Context, node string) error {
	return db.Do(ctx, s.d, "UPDATE leases SET expires_at = 0 WHERE name = $1 AND owner = $2", sequencer, node)
}

// hold takes or renews a lease and locks its row until the transaction ends.
func (s store) hold(ctx context.Context, name, node string, now, until time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.d, `INSERT INTO leases (name, owner, generation, expires_at) VALUES ($1, $2, 1, $3)
		ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at,
			generation = leases.generation + CASE WHEN leases.owner = excluded.owner THEN 0 ELSE 1 END
		WHERE leases.owner = excluded.owner OR leases.expires_at < $4`, name, node, db.Micros(until), db.Micros(now))
	return n == 1, err
}

const columns = "workspace_id, seq, at, kind, actor_kind, actor_id, conversation_id, contact_id, cause, depth, data"

func scan(r db.Row) (Event, error) {
	var e Event
	var at int64
	var data string
	err := r.Scan(&e.WorkspaceID, &e.Seq, &at, &e.Kind, &e.Actor.Kind, &e.Actor.ID, &e.ConversationID, &e.ContactID, &e.Cause, &e.Depth, &data)
	e.At, e.Data = db.Time(at), []byte(data)
	return e, err
}

func (s store) after(ctx context.Context, workspaceID, after int64, limit int) ([]Event, error) {
	return db.All(ctx, s.d, scan, "SELECT "+columns+" FROM events WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3", workspaceID, after, limit)
}

func (s store) ofConversation(ctx context.Context, workspaceID, conversationID int64, limit int) ([]Event, error) {
	// Without statistics SQLite would rather read the whole log backwards.
	from := s.d.Pick("events INDEXED BY events_by_conversation", "events")
	events, err := db.All(ctx, s.d, scan, "SELECT "+columns+" FROM "+from+" WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY seq DESC LIMIT $3", workspaceID, conversationID, limit)
	slices.Reverse(events)
	return events, err
}

func (s store) one(ctx context.Context, workspaceID, seq int64) (Event, error) {
	return db.One(ctx, s.d, scan, "SELECT "+columns+" FROM events WHERE workspace_id = $1 AND seq = $2", workspaceID, seq)
}

func (s store) head(ctx context.Context, workspaceID int64) (int64, error) {
	seq, err := db.One(ctx, s.d, db.Int64, "SELECT seq FROM event_heads WHERE workspace_id = $1", workspaceID)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return seq, err
}

func (s store) epoch(ctx context.Context) (string, error) {
	epoch, err := db.One(ctx, s.d, db.String, "SELECT epoch FROM event_epoch")
	if fault.Is(err, fault.NotFound) {
		if err = s.newEpoch(ctx); err == nil {
			return s.epoch(ctx)
		}
	}
	return epoch, err
}

func (s store) newEpoch(ctx context.Context) error {
	fresh := rand.Text()
	return s.within(ctx, func(ctx context.Context) error {
		if err := db.Do(ctx, s.d, "DELETE FROM event_epoch"); err != nil {
			return err
		}
		return db.Do(ctx, s.d, "INSERT INTO event_epoch (epoch) VALUES ($1)", fresh[:10])
	})
}
