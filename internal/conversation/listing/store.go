package listing

import (
	"context"
	"slices"
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
	q = q.narrowed()
	if err != nil || q.never || !q.All && len(q.Inboxes) == 0 {
		return nil, "", err
	}
	parts := q.parts()
	page := page{limit: q.Limit}
	for part := min(from.part, len(parts)-1); part < len(parts); part++ {
		at, over, err := page.fill(ctx, d, parts[part], from.spot)
		if err != nil {
			return nil, "", err
		}
		if !over {
			return page.ids, place{part, at}.seal(), nil
		}
		from.spot = nil
	}
	return page.ids, "", nil
}

// parts are the lists that a list consists of, one after another: a list in the
// order of priorities has one for each.
func (q Query) parts() []Query {
	if q.Sort != Pressing {
		return []Query{q}
	}
	var out []Query
	for _, priority := range priorities {
		one := q
		if one.Sort = Newest; q.priorities != nil && !slices.Contains(q.priorities, priority) {
			one.never = true
		}
		one.priorities = []string{priority}
		out = append(out, one)
	}
	return out
}

// page is what has been found so far, and how many rows were looked at for it.
type page struct {
	limit int
	ids   []int64
	read  int
}

// fill reads a list from a spot on until the page is full or the budget is
// spent, and returns where it has stopped; over tells that the list has ended.
func (pg *page) fill(ctx context.Context, d *db.DB, q Query, from *spot) (at *spot, over bool, err error) {
	if q.never {
		return nil, true, nil
	}
	p := q.planned()
	budget, step := p.budget(q), q.Limit+1
	if len(p.rest) > 0 {
		step *= 2
	}
	last := from
	for {
		query, args := p.query(q, from, step)
		rows, err := db.All(ctx, d, scanRow, query, args...)
		if err != nil {
			return nil, false, err
		}
		for i, v := range rows {
			if !v.fits {
				continue
			}
			if len(pg.ids) == pg.limit {
				return last, false, nil
			}
			pg.ids, last = append(pg.ids, v.id), &rows[i].spot
		}
		if len(rows) < step {
			return nil, true, nil
		}
		from = &rows[step-1].spot
		if pg.read += step; pg.read >= budget {
			return from, false, nil
		}
		step = min(step*4, budget-pg.read)
	}
}

// Count returns how many conversations a list has, at most as many as a person
// counts; more tells that there are others, or may be: rows that no index chose
// are looked at within a budget.
func Count(ctx context.Context, d *db.DB, q Query, most int) (n int, more bool, err error) {
	q.Sort = Newest
	if q = q.narrowed(); q.never || !q.All && len(q.Inboxes) == 0 {
		return 0, false, nil
	}
	p, rows := q.planned(), most+1
	if len(p.rest) > 0 {
		rows = rowBudget
	}
	query, args := p.query(q, nil, rows)
	type counted struct{ read, fit int }
	c, err := db.One(ctx, d, func(r db.Row) (c counted, err error) { return c, r.Scan(&c.read, &c.fit) },
		"SELECT COUNT(*), COALESCE(SUM(CASE WHEN fits THEN 1 ELSE 0 END), 0) FROM ("+query+") AS looked", args...)
	return min(c.fit, most), c.fit > most || c.read == rows, err
}

// query merges limited scans, one per branch: each reads its index from the
// cursor on and stops, so a page costs the same at any depth.
func (p plan) query(q Query, from *spot, rows int) (string, []any) {
	var w db.Where
	direction, beyond := " DESC", "<"
	if q.Sort == Oldest {
		direction, beyond = "", ">"
	}
	limit := w.Next(rows)
	workspace := w.Next(q.WorkspaceID)
	at, id := "c.last_activity_at", "c.id"
	if p.tag != "" {
		at, id = "t.last_activity_at", "t.conversation_id"
	} else if p.numbered {
		at = "c.number"
	}
	after := ""
	if q.since != 0 {
		after += " AND " + at + " >= " + w.Next(q.since)
	}
	if q.until != 0 {
		after += " AND " + at + " <= " + w.Next(q.until)
	}
	if from != nil {
		after += " AND (" + at + ", " + id + ") " + beyond + " (" + w.Next(from.at) + ", " + w.Next(from.id) + ")"
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
	switch {
	case b.column == "priority":
		text += " AND c.priority = " + w.Next(priorities[b.value]) + " AND c.priority <> '" + usual + "'"
	case b.column != "":
		text += " AND c." + b.column + " = " + w.Next(b.value)
	}
	switch {
	case b.shelf != "" && p.numbered:
		text += " AND c.shelf = " + w.Next(b.shelf) + " AND c.shelf <> 'closed'"
	case b.shelf != "":
		text += " AND c.shelf = " + w.Next(b.shelf)
	case p.numbered: // asked of each row: here it would choose an index in another order
	case b.column != "contact_id" && b.column != "number": // those ask each row for its shelf
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
