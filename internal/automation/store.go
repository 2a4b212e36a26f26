package automation

import (
	"context"
	"encoding/json"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

// Store is the database the room keeps its tables in.
type Store = *db.DB

type store struct{ d *db.DB }

func (s store) within(ctx context.Context, fn func(context.Context) error) error {
	return s.d.Within(ctx, fn)
}

func (s store) newID(ctx context.Context) (int64, error) { return s.d.NewID(ctx) }

// table is where one of the two nouns is kept. Their first columns are the same.
type table string

const (
	snippetTable table = "snippet"
	macroTable   table = "macro"
)

func (t table) name() string { return string(t) + "s" }

const entryColumns = "workspace_id, id, key, name, folder, owner_id, uses, last_used_at, updated_at"

// mine are the rows that an agent ($2) sees in a workspace ($1).
const mine = " WHERE workspace_id = $1 AND deleted_at = 0 AND owner_id IN (0, $2)"

func scanEntry(r db.Row, e *Entry, more ...any) error {
	var used, updated int64
	err := r.Scan(append([]any{&e.WorkspaceID, &e.ID, &e.Key, &e.Name, &e.Folder, &e.OwnerID, &e.Uses, &used, &updated}, more...)...)
	e.LastUsedAt, e.UpdatedAt = db.Time(used), db.Time(updated)
	return err
}

func scanSnippet(r db.Row) (v Snippet, err error) {
	return v, scanEntry(r, &v.Entry, &v.Language, &v.Text.Plain, &v.Text.HTML, &v.Approved)
}

func scanMacro(r db.Row) (v Macro, err error) {
	var actions string
	if err = scanEntry(r, &v.Entry, &actions); err != nil {
		return v, err
	}
	return v, json.Unmarshal([]byte(actions), &v.Actions)
}

func (s store) snippets(ctx context.Context, workspaceID, agentID int64) ([]Snippet, error) {
	return db.All(ctx, s.d, scanSnippet, "SELECT "+entryColumns+", language, text, html, approved FROM snippets"+mine+" ORDER BY folder, name, id", workspaceID, agentID)
}

func (s store) macros(ctx context.Context, workspaceID, agentID int64) ([]Macro, error) {
	return db.All(ctx, s.d, scanMacro, "SELECT "+entryColumns+", actions FROM macros"+mine+" ORDER BY folder, name, id", workspaceID, agentID)
}

func (s store) macro(ctx context.Context, workspaceID, agentID, id int64) (Macro, error) {
	return db.One(ctx, s.d, scanMacro, "SELECT "+entryColumns+", actions FROM macros"+mine+" AND id = $3", workspaceID, agentID, id)
}

// entry is one of either noun under its lock, also one that was deleted.
func (s store) entry(ctx context.Context, t table, workspaceID, id int64) (e Entry, err error) {
	return db.One(ctx, s.d, func(r db.Row) (e Entry, err error) { return e, scanEntry(r, &e) },
		"SELECT "+entryColumns+" FROM "+t.name()+" WHERE workspace_id = $1 AND id = $2"+s.d.Pick("", " FOR UPDATE"), workspaceID, id)
}

func (s store) keys(ctx context.Context, t table, workspaceID int64) ([]string, error) {
	return db.All(ctx, s.d, db.String, "SELECT key FROM "+t.name()+" WHERE workspace_id = $1", workspaceID)
}

func (s store) belonging(ctx context.Context, t table, workspaceID, ownerID int64) (int64, error) {
	return db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM "+t.name()+" WHERE workspace_id = $1 AND owner_id = $2 AND deleted_at = 0", workspaceID, ownerID)
}

func entryArgs(e Entry, more ...any) []any {
	return append([]any{e.WorkspaceID, e.ID, e.Key, e.Name, e.Folder, e.OwnerID, e.Uses, db.Micros(e.LastUsedAt), db.Micros(e.UpdatedAt)}, more...)
}

func (s store) insertSnippet(ctx context.Context, v Snippet) error {
	_, err := db.Exec(ctx, s.d, "INSERT INTO snippets ("+entryColumns+", language, text, html, approved, deleted_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,0)",
		entryArgs(v.Entry, v.Language, v.Text.Plain, v.Text.HTML, v.Approved)...)
	return err
}

func (s store) updateSnippet(ctx context.Context, v Snippet) error {
	return db.Do(ctx, s.d, `UPDATE snippets SET name = $3, folder = $4, owner_id = $5, updated_at = $6, language = $7, text = $8, html = $9, approved = $10, deleted_at = 0
		WHERE workspace_id = $1 AND id = $2`, v.WorkspaceID, v.ID, v.Name, v.Folder, v.OwnerID, db.Micros(v.UpdatedAt), v.Language, v.Text.Plain, v.Text.HTML, v.Approved)
}

func (s store) insertMacro(ctx context.Context, v Macro) error {
	actions, err := json.Marshal(v.Actions)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, s.d, "INSERT INTO macros ("+entryColumns+", actions, deleted_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,0)", entryArgs(v.Entry, string(actions))...)
	return err
}

func (s store) updateMacro(ctx context.Context, v Macro) error {
	actions, err := json.Marshal(v.Actions)
	if err != nil {
		return err
	}
	return db.Do(ctx, s.d, "UPDATE macros SET name = $3, folder = $4, owner_id = $5, updated_at = $6, actions = $7, deleted_at = 0 WHERE workspace_id = $1 AND id = $2",
		v.WorkspaceID, v.ID, v.Name, v.Folder, v.OwnerID, db.Micros(v.UpdatedAt), string(actions))
}

func (s store) drop(ctx context.Context, t table, workspaceID, id int64, at time.Time) error {
	n, err := db.Exec(ctx, s.d, "UPDATE "+t.name()+" SET deleted_at = $3 WHERE workspace_id = $1 AND id = $2 AND deleted_at = 0", workspaceID, id, db.Micros(at))
	if err == nil && n == 0 {
		err = fault.New("automation.drop", fault.NotFound, "")
	}
	return err
}

func (s store) count(ctx context.Context, t table, workspaceID, agentID, id int64, at time.Time) (found bool, err error) {
	n, err := db.Exec(ctx, s.d, "UPDATE "+t.name()+" SET uses = uses + 1, last_used_at = $4"+mine+" AND id = $3", workspaceID, agentID, id, db.Micros(at))
	return n > 0, err
}

func (s store) hasAgent(ctx context.Context, workspaceID, id int64) (bool, error) {
	n, err := db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM agents WHERE workspace_id = $1 AND id = $2 AND state <> 'deactivated'", workspaceID, id)
	return n > 0, err
}

func (s store) hasTeam(ctx context.Context, workspaceID, id int64) (bool, error) {
	n, err := db.One(ctx, s.d, db.Int64, "SELECT COUNT(*) FROM teams WHERE workspace_id = $1 AND id = $2", workspaceID, id)
	return n > 0, err
}

func (s store) agentName(ctx context.Context, actor account.Actor) (string, error) {
	return s.ofAgent(ctx, "name", actor)
}

func (s store) timeZone(ctx context.Context, actor account.Actor) (string, error) {
	return s.ofAgent(ctx, "time_zone", actor)
}

// ofAgent is a text about an agent; whoever is none has none.
func (s store) ofAgent(ctx context.Context, column string, actor account.Actor) (string, error) {
	rows, err := db.All(ctx, s.d, db.String, "SELECT "+column+" FROM agents WHERE workspace_id = $1 AND id = $2", actor.WorkspaceID, actor.AgentID)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0], nil
}

// remember keeps that a macro runs for a client id, and forgets old ones. When it
// has run already, again is true and earlier is what it found then.
func (s store) remember(ctx context.Context, actor account.Actor, clientID string, conversationID, macroID int64, before Before, at time.Time) (earlier Before, again bool, err error) {
	b, err := json.Marshal(before)
	if err != nil {
		return earlier, false, err
	}
	n, err := db.Exec(ctx, s.d, `INSERT INTO macro_runs (workspace_id, agent_id, client_id, conversation_id, macro_id, before, at) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (workspace_id, agent_id, client_id, conversation_id) DO NOTHING`, actor.WorkspaceID, actor.AgentID, clientID, conversationID, macroID, string(b), db.Micros(at))
	if err != nil || n > 0 {
		if err == nil {
			err = db.Do(ctx, s.d, "DELETE FROM macro_runs WHERE workspace_id = $1 AND at < $2", actor.WorkspaceID, db.Micros(at.Add(-rememberFor)))
		}
		return earlier, false, err
	}
	found, err := db.One(ctx, s.d, func(r db.Row) (text string, err error) {
		var macro int64
		if err = r.Scan(&text, &macro); err == nil && macro != macroID {
			err = fault.New("automation.remember", fault.Conflict, "This client_id was used for another macro. Use a new one.")
		}
		return text, err
	}, "SELECT before, macro_id FROM macro_runs WHERE workspace_id = $1 AND agent_id = $2 AND client_id = $3 AND conversation_id = $4", actor.WorkspaceID, actor.AgentID, clientID, conversationID)
	if err == nil {
		err = json.Unmarshal([]byte(found), &earlier)
	}
	return earlier, true, err
}
