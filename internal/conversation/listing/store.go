package listing

import (
	"context"
	"strings"

	"rapport/internal/platform/db"
)

// row is a list's entry before it is read: its key, and whether it fits.
type row struct {
	spot
	fits bool
}

func scanRow(r db.Row) (v row, err error) { return v, r.Scan(&v.id, &v.at, &v.fits) }

// Find returns the ids of a page, and where the next one starts: after the
// last id, or after the last row looked at when the budget is spent. Rows that
// no index chose are looked at in growing steps.
func Find(ctx context.Context, d *db.DB, q Query) (ids []int64, next string, err error) {
	from, err := openCursor(q.Cursor)
	if err != nil || !q.All && len(q.Inboxes) == 0 {
		return nil, "", err
	}
	p := q.planned()
	budget, step := p.budget(q), q.Limit+1
	if len(p.rest) > 0 {
		step *= 2
	}
	var last spot
	for {
		query, args := p.query(q, from, step)
		rows, err := db.All(ctx, d, scanRow, query, args...)
		if err != nil {
			return nil, "", err
		}
		for _, v := range rows {
			if !v.fits {
				continue
			}
			if len(ids) == q.Limit {
				return ids, last.seal(), nil
			}
			ids, last = append(ids, v.id), v.spot
		}
		if len(rows) < step {
			return ids, "", nil
		}
		from, budget = &rows[step-1].spot, budget-step
		if budget <= 0 {
			return ids, from.seal(), nil
		}
		step = min(step*4, budget)
	}
}

// query merges limited scans, one per branch: each reads its index from the
// cursor on and stops, so a page costs the same at any depth.
func (p plan) query(q Query, from *spot, rows int) (string, []any) {
	var w db.Where
	direction, beyond := " DESC", "<"
	if q.Oldest {
		direction, beyond = "", ">"
	}
	limit := w.Next(rows)
	workspace := w.Next(q.WorkspaceID)
	after := ""
	at, id := "c.last_activity_at", "c.id"
	if p.tag != "" {
		at, id = "t.last_activity_at", "t.conversation_id"
	}
	if from != nil {
		after = " AND (" + at + ", " + id + ") " + beyond + " (" + w.Next(from.at) + ", " + w.Next(from.id) + ")"
	}
	order := " ORDER BY " + at + direction + ", " + id + direction + " LIMIT " + limit
	fits := p.fits(&w)
	scans := make([]string, len(p.branches))
	for i, b := range p.branches {
		scans[i] = "SELECT " + id + " AS id, " + at + " AS at, " + fits + " AS fits FROM " + p.source(b, &w, workspace, fits) + after + order
	}
	if len(scans) == 1 {
		return scans[0], w.Args
	}
	return "SELECT id, at, fits FROM (SELECT * FROM (" + strings.Join(scans, ") AS b UNION ALL SELECT * FROM (") +
		") AS b) AS u ORDER BY at" + direction + ", id" + direction + " LIMIT " + limit, w.Args
}

// source is what one branch scans and by which index. Tags repeat enough to
// need the conversation only for some filters.
func (p plan) source(b branch, w *db.Where, workspace, fits string) string {
	if p.tag != "" {
		tagged := " WHERE t.workspace_id = " + workspace + " AND t.tag_key = " + w.Next(p.tag)
		if strings.Contains(fits, "c.") {
			return "conversation_tags t JOIN conversations c ON c.workspace_id = t.workspace_id AND c.id = t.conversation_id" + tagged
		}
		return "conversation_tags t" + tagged
	}
	text := "conversations c WHERE c.workspace_id = " + workspace
	if b.column != "" {
		text += " AND c." + b.column + " = " + w.Next(b.value)
	}
	switch {
	case b.shelf != "":
		text += " AND c.shelf = " + w.Next(b.shelf)
	case b.column != "contact_id":
		text += " AND NOT c.spam"
	}
	if b.free {
		text += " AND c.assignee_id = 0"
	}
	return text
}

// fits is the expression that asks a row for what the index does not tell.
func (p plan) fits(w *db.Where) string {
	if len(p.rest) == 0 {
		return "TRUE"
	}
	asked := make([]string, len(p.rest))
	for i, c := range p.rest {
		text := c.text
		for _, a := range c.args {
			text = strings.Replace(text, "?", w.Next(a), 1)
		}
		asked[i] = text
	}
	return "(" + strings.Join(asked, " AND ") + ")"
}
