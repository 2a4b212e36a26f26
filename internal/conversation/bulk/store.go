package bulk

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store is the database the runs are in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

func scanRun(r db.Row) (v Run, err error) {
	var change string
	var at int64
	if err = r.Scan(&v.WorkspaceID, &v.ID, &v.AgentID, &v.State, &change, &at); err != nil {
		return v, err
	}
	v.CreatedAt = db.Time(at)
	return v, json.Unmarshal([]byte(change), &v.Change)
}

const selectRun = "SELECT workspace_id, id, agent_id, state, change, created_at FROM bulk_runs "

func (s store) run(ctx context.Context, workspaceID, id int64) (Run, error) {
	run, err := db.One(ctx, s.d, scanRun, selectRun+"WHERE workspace_id = $1 AND id = $2", workspaceID, id)
	return s.counted(ctx, run, err)
}

// byClient is the run an agent has asked for under a client id; NotFound for
// none.
func (s store) byClient(ctx context.Context, actor account.Actor, clientID string) (Run, error) {
	run, err := db.One(ctx, s.d, scanRun, selectRun+"WHERE workspace_id = $1 AND agent_id = $2 AND client_id = $3 AND client_id <> ''", actor.WorkspaceID, actor.AgentID, clientID)
	return s.counted(ctx, run, err)
}

func (s store) counted(ctx context.Context, run Run, err error) (Run, error) {
	if err != nil {
		return Run{}, err
	}
	run.Counts = map[string]int{}
	return run, db.Each(ctx, s.d, func(r db.Row) error {
		var state string
		var n int
		err := r.Scan(&state, &n)
		run.Counts[state] = n
		return err
	}, "SELECT state, COUNT(*) FROM bulk_items WHERE workspace_id = $1 AND run_id = $2 GROUP BY state", run.WorkspaceID, run.ID)
}

const perStatement = 200

// add writes a run and its conversations, all waiting.
func (s store) add(ctx context.Context, run Run, clientID string, ids []int64) (id int64, err error) {
	if id, err = s.d.NewID(ctx); err != nil {
		return 0, err
	}
	if _, err := db.Exec(ctx, s.d, "INSERT INTO bulk_runs (workspace_id, id, agent_id, client_id, change, state, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7)",
		run.WorkspaceID, id, run.AgentID, clientID, run.Change.json(), run.State, db.Micros(run.CreatedAt)); err != nil {
		return 0, err
	}
	for len(ids) > 0 {
		part := ids[:min(len(ids), perStatement)]
		ids = ids[len(part):]
		var w db.Where
		rows := make([]string, len(part))
		run, workspace := w.Next(id), w.Next(run.WorkspaceID)
		for i, one := range part {
			rows[i] = "(" + workspace + "," + run + "," + w.Next(one) + ",'waiting','','')"
		}
		if err := db.Do(ctx, s.d, "INSERT INTO bulk_items (workspace_id, run_id, conversation_id, state, reason, before) VALUES "+strings.Join(rows, ","), w.Args...); err != nil {
			return 0, err
		}
	}
	return id, nil
}

func scanItem(r db.Row) (v Item, err error) {
	var before string
	if err = r.Scan(&v.ConversationID, &v.Number, &v.State, &v.Reason, &before); err != nil || before == "" {
		return v, err
	}
	return v, json.Unmarshal([]byte(before), &v.Before)
}

// items are those of a run or, of a large one, what was refused or kept. Only
// of what was seen there is a number.
func (s store) items(ctx context.Context, run Run, large bool) ([]Item, error) {
	only := ""
	if large {
		only = " AND i.state IN ('refused', 'kept')"
	}
	return db.All(ctx, s.d, scanItem, `SELECT i.conversation_id, CASE WHEN i.before = '' THEN 0 ELSE COALESCE(c.number, 0) END, i.state, i.reason, i.before FROM bulk_items i
		LEFT JOIN conversations c ON c.workspace_id = i.workspace_id AND c.id = i.conversation_id
		WHERE i.workspace_id = $1 AND i.run_id = $2`+only+" ORDER BY i.conversation_id LIMIT $3", run.WorkspaceID, run.ID, AtOnce)
}

// next are the first items in a state, while the run is in its own.
func (s store) next(ctx context.Context, run Run, state string, limit int) ([]Item, error) {
	return db.All(ctx, s.d, scanItem, `SELECT i.conversation_id, 0, i.state, i.reason, i.before FROM bulk_items i
		JOIN bulk_runs b ON b.workspace_id = i.workspace_id AND b.id = i.run_id AND b.state = $3
		WHERE i.workspace_id = $1 AND i.run_id = $2 AND i.state = $4 ORDER BY i.conversation_id LIMIT $5`, run.WorkspaceID, run.ID, run.State, state, limit)
}

// claim keeps everybody else from an item and its run from turning, and reports
// whether both are still as they were read.
func (s store) claim(ctx context.Context, run Run, state string, conversationID int64) (bool, error) {
	list, err := db.All(ctx, s.d, db.Int64, `SELECT i.conversation_id FROM bulk_items i
		JOIN bulk_runs b ON b.workspace_id = i.workspace_id AND b.id = i.run_id
		WHERE i.workspace_id = $1 AND i.run_id = $2 AND i.conversation_id = $3 AND i.state = $4 AND b.state = $5`+s.d.Pick("", " FOR UPDATE OF i FOR SHARE OF b"),
		run.WorkspaceID, run.ID, conversationID, state, run.State)
	return len(list) > 0, err
}

func (s store) settle(ctx context.Context, run Run, item Item) error {
	before := ""
	if item.State != Refused {
		b, err := json.Marshal(item.Before)
		if err != nil {
			return err
		}
		before = string(b)
	}
	return db.Do(ctx, s.d, "UPDATE bulk_items SET state = $4, reason = $5, before = $6 WHERE workspace_id = $1 AND run_id = $2 AND conversation_id = $3",
		run.WorkspaceID, run.ID, item.ConversationID, item.State, item.Reason, before)
}

// turn begins to take a run back; it waits for the slice that is being made.
func (s store) turn(ctx context.Context, run Run) error {
	n, err := db.Exec(ctx, s.d, "UPDATE bulk_runs SET state = 'undoing' WHERE workspace_id = $1 AND id = $2 AND state IN ('running', 'done')", run.WorkspaceID, run.ID)
	if err == nil && n == 0 {
		err = fault.New("bulk.Undo", fault.Conflict, "This is being taken back already.")
	}
	return err
}

// end says that nothing is left of a run to make, or to take back.
func (s store) end(ctx context.Context, run Run) (bool, error) {
	to := map[string]string{Running: Done, Undoing: Undone}[run.State]
	n, err := db.Exec(ctx, s.d, "UPDATE bulk_runs SET state = $4 WHERE workspace_id = $1 AND id = $2 AND state = $3", run.WorkspaceID, run.ID, run.State, to)
	return n > 0, err
}

// sweep forgets an agent's finished runs from before a time.
func (s store) sweep(ctx context.Context, actor account.Actor, before time.Time) error {
	const old = "workspace_id = $1 AND agent_id = $2 AND created_at < $3 AND state IN ('done', 'undone')"
	if err := db.Do(ctx, s.d, "DELETE FROM bulk_items WHERE workspace_id = $1 AND run_id IN (SELECT id FROM bulk_runs WHERE "+old+")", actor.WorkspaceID, actor.AgentID, db.Micros(before)); err != nil {
		return err
	}
	return db.Do(ctx, s.d, "DELETE FROM bulk_runs WHERE "+old, actor.WorkspaceID, actor.AgentID, db.Micros(before))
}

// actor is who has asked for a run, with the role they have now.
func (s store) actor(ctx context.Context, run Run) (account.Actor, error) {
	role, err := db.One(ctx, s.d, db.String, "SELECT role FROM agents WHERE workspace_id = $1 AND id = $2", run.WorkspaceID, run.AgentID)
	return account.Actor{Kind: account.KindAgent, WorkspaceID: run.WorkspaceID, AgentID: run.AgentID, Role: account.Role(role)}, err
}
