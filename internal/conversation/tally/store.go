package tally

import (
	"context"

	"rapport/internal/account"
	"rapport/internal/platform/db"
)

// Store is the database the room keeps its tables in.
type Store = *db.DB

type store struct{ d *db.DB }

// recount moves conversations to the keys they stand under now.
func (s store) recount(ctx context.Context, workspaceID int64, ids []int64) error {
	list, args := db.In(2, ids)
	keys := func(table, id string) *db.Asked[standing] {
		return db.Ask(scanStanding, "SELECT "+id+", inbox_id, shelf, team_id, assignee_id FROM "+table+" WHERE workspace_id = $1 AND "+id+" IN "+list,
			append([]any{workspaceID}, args...)...)
	}
	counted, existing := keys("conversation_counted", "conversation_id"), keys("conversations", "id")
	if err := db.Gather(ctx, s.d, counted, existing); err != nil {
		return err
	}
	was, is := byID(counted.Rows), byID(existing.Rows)
	change := map[countKey]int64{}
	for _, id := range ids {
		before, counted := was[id]
		now, exists := is[id]
		if counted == exists && before == now {
			continue
		}
		if counted {
			change[before]--
		}
		if exists {
			change[now]++
		}
		if err := s.setCounted(ctx, workspaceID, id, now, exists); err != nil {
			return err
		}
	}
	for k, n := range change {
		if err := s.addCount(ctx, workspaceID, k, n); err != nil {
			return err
		}
	}
	return nil
}

// standing is where a conversation stands.
type standing struct {
	id  int64
	key countKey
}

func scanStanding(r db.Row) (v standing, err error) {
	return v, r.Scan(&v.id, &v.key.inboxID, &v.key.shelf, &v.key.teamID, &v.key.assigneeID)
}

func byID(list []standing) map[int64]countKey {
	out := make(map[int64]countKey, len(list))
	for _, v := range list {
		out[v.id] = v.key
	}
	return out
}

func (s store) setCounted(ctx context.Context, workspaceID, id int64, k countKey, exists bool) error {
	if !exists {
		return db.Do(ctx, s.d, "DELETE FROM conversation_counted WHERE workspace_id = $1 AND conversation_id = $2", workspaceID, id)
	}
	return db.Do(ctx, s.d, `INSERT INTO conversation_counted (workspace_id, conversation_id, inbox_id, shelf, team_id, assignee_id) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET inbox_id = excluded.inbox_id, shelf = excluded.shelf, team_id = excluded.team_id, assignee_id = excluded.assignee_id`,
		workspaceID, id, k.inboxID, k.shelf, k.teamID, k.assigneeID)
}

func (s store) addCount(ctx context.Context, workspaceID int64, k countKey, n int64) error {
	return db.Do(ctx, s.d, `INSERT INTO view_counts (workspace_id, inbox_id, shelf, team_id, assignee_id, n) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (workspace_id, inbox_id, shelf, team_id, assignee_id) DO UPDATE SET n = view_counts.n + excluded.n`,
		workspaceID, k.inboxID, k.shelf, k.teamID, k.assigneeID, n)
}

func (s store) resetCounts(ctx context.Context, workspaceID int64) error {
	if err := db.Do(ctx, s.d, "DELETE FROM conversation_counted WHERE workspace_id = $1", workspaceID); err != nil {
		return err
	}
	return db.Do(ctx, s.d, "DELETE FROM view_counts WHERE workspace_id = $1", workspaceID)
}

// counts returns what stands under each key, the assignees told apart as far
// as an agent's views do: nobody, the agent, and the others as one.
func (s store) counts(ctx context.Context, workspaceID, agentID int64) ([]counted, error) {
	var list []counted
	_, err := db.All(ctx, s.d, func(r db.Row) (struct{}, error) {
		var k countKey
		var all, free, mine int64
		err := r.Scan(&k.inboxID, &k.shelf, &k.teamID, &all, &free, &mine)
		nobody, me, rest := k, k, k
		me.assigneeID, rest.assigneeID = agentID, others
		list = append(list, counted{nobody, free}, counted{me, mine}, counted{rest, all - free - mine})
		return struct{}{}, err
	}, `SELECT inbox_id, shelf, team_id, CAST(SUM(n) AS BIGINT), CAST(SUM(CASE WHEN assignee_id = 0 THEN n ELSE 0 END) AS BIGINT),
			CAST(SUM(CASE WHEN assignee_id = $2 AND assignee_id <> 0 THEN n ELSE 0 END) AS BIGINT)
		FROM view_counts WHERE workspace_id = $1 GROUP BY inbox_id, shelf, team_id`, workspaceID, agentID)
	return list, err
}

// others stands for any assignee whom a count does not name.
const others = -1

// unreadOf counts an agent's open conversations with something unread, up to a
// limit.
func (s store) unreadOf(ctx context.Context, workspaceID, agentID int64, scope account.Scope, limit int) (int64, error) {
	query, args := unreadQuery(workspaceID, agentID, scope, limit)
	return db.One(ctx, s.d, db.Int64, query, args...)
}

// unreadQuery first walks the index of assignees and then looks at those
// conversations alone. Written as one table, or as a plain join, SQLite reads
// the whole workspace: without statistics its key looks cheaper.
func unreadQuery(workspaceID, agentID int64, scope account.Scope, limit int) (string, []any) {
	var w db.Where
	agent := w.Next(agentID)
	w.Add("mine.workspace_id = ?", workspaceID)
	w.Add("mine.assignee_id = ?", agentID)
	w.Add("mine.shelf = 'open'")
	w.Add("c.workspace_id = mine.workspace_id")
	w.Add("c.id = mine.id")
	if !scope.All {
		db.AddIn(&w, "c.inbox_id", scope.Inboxes)
	}
	w.Add("c.last_position > COALESCE(m.position, 0)")
	return `SELECT COUNT(*) FROM (SELECT 1 FROM conversations mine CROSS JOIN conversations c
		LEFT JOIN read_marks m ON m.workspace_id = c.workspace_id AND m.agent_id = ` + agent + ` AND m.conversation_id = c.id
		WHERE ` + w.String() + " LIMIT " + w.Next(limit) + ") AS u", w.Args
}

func (s store) tagCounts(ctx context.Context, workspaceID int64, scope account.Scope) ([]Tag, error) {
	var w db.Where
	w.Add("workspace_id = ?", workspaceID)
	if !scope.All {
		db.AddIn(&w, "inbox_id", scope.Inboxes)
	}
	return db.All(ctx, s.d, func(r db.Row) (t Tag, err error) { return t, r.Scan(&t.Name, &t.Count) },
		"SELECT MIN(tag), COUNT(*) AS n FROM conversation_tags WHERE "+w.String()+" GROUP BY tag_key ORDER BY n DESC, tag_key LIMIT 500", w.Args...)
}

func (s store) contactSummaries(ctx context.Context, workspaceID int64, contactIDs []int64, scope account.Scope) (map[int64]ContactSummary, error) {
	var w db.Where
	w.Add("workspace_id = ?", workspaceID)
	db.AddIn(&w, "contact_id", contactIDs)
	if !scope.All {
		db.AddIn(&w, "inbox_id", scope.Inboxes)
	}
	out := map[int64]ContactSummary{}
	_, err := db.All(ctx, s.d, func(r db.Row) (struct{}, error) {
		var id, at int64
		var c ContactSummary
		err := r.Scan(&id, &c.Conversations, &at)
		c.LastSeenAt = db.Time(at)
		out[id] = c
		return struct{}{}, err
	}, "SELECT contact_id, COUNT(*), MAX(last_activity_at) FROM conversations WHERE "+w.String()+" GROUP BY contact_id", w.Args...)
	return out, err
}
