package listing

import (
	"slices"
	"strconv"
	"strings"

	"rapport/internal/platform/db"
	"rapport/internal/platform/search"
	"rapport/internal/platform/text"
)

// narrowing is what the conditions of a view say in words of indexes, and what
// is left to be asked of each row.
type narrowing struct {
	assignees    []int64 // one of these; 0: nobody
	teams        []int64
	priorities   []string
	since, until int64 // bounds of the last activity; 0: none
	asks         []condition
	never        bool // nothing can belong
}

// narrowed is q with its conditions taken apart: each fills a place that is
// still free in the question of an index, or is asked of rows.
func (q Query) narrowed() Query {
	for _, c := range q.Conditions.All {
		if c.Field == "spam" {
			q.spam(c.Values[0] == "yes")
		}
	}
	for _, c := range q.Conditions.All {
		if c.Field != "spam" && !q.narrow(c) {
			q.asks = append(q.asks, q.asked(c))
		}
	}
	if len(q.Conditions.Any) > 0 {
		var either condition
		texts := make([]string, len(q.Conditions.Any))
		for i, c := range q.Conditions.Any {
			one := q.asked(c)
			texts[i] = one.text
			either.args = append(either.args, one.args...)
		}
		either.text = "(" + strings.Join(texts, " OR ") + ")"
		q.asks = append(q.asks, either)
	}
	q.Conditions = Conditions{}
	return q
}

func (q *Query) spam(wanted bool) {
	switch {
	case wanted && q.Shelves == nil:
		q.Shelves = []string{Spam}
	case wanted:
		q.asks = append(q.asks, condition{text: "c.spam"})
	case q.Shelves != nil:
		q.asks = append(q.asks, condition{text: "NOT c.spam"})
	}
}

// narrow puts a condition into a free place of the question, and reports
// whether there was one.
func (q *Query) narrow(c Condition) bool {
	switch {
	case c.Field == "status" && q.Shelves == nil:
		q.Shelves = []string{}
		for _, shelf := range eachShelf(nil) {
			if slices.Contains(c.Values, shelf) == (c.Relation == Is) {
				q.Shelves = append(q.Shelves, shelf)
			}
		}
		q.never = q.never || len(q.Shelves) == 0
	case c.Field == "inbox" && q.All && c.Relation == Is:
		q.All, q.Inboxes = false, q.ids(c)
	case c.Field == "inbox" && !q.All:
		ids := q.ids(c)
		q.Inboxes = slices.DeleteFunc(slices.Clone(q.Inboxes), func(id int64) bool { return slices.Contains(ids, id) != (c.Relation == Is) })
	case c.Field == "activity" && q.byActivity():
		at, _ := span(c.Values[0])
		if bound := db.Micros(q.Now.Add(-at)); c.Relation == Within {
			q.since = max(q.since, bound)
		} else if q.until == 0 || bound < q.until {
			q.until = bound
		}
	case c.Relation != Is:
		return false
	case c.Field == "assignee" && q.AssigneeID == 0 && !q.Unassigned && q.assignees == nil:
		if q.assignees = q.ids(c); slices.Equal(q.assignees, []int64{0}) {
			q.assignees, q.Unassigned = nil, true
		}
	case c.Field == "team" && q.TeamID == 0 && q.teams == nil:
		q.teams = q.ids(c)
	case c.Field == "priority" && q.priorities == nil:
		q.priorities = c.Values
	case c.Field == "tag" && q.Tag == "" && len(c.Values) == 1:
		q.Tag = search.Fold(c.Values[0])
	case c.Field == "customer" && q.ContactID == 0 && len(c.Values) == 1:
		q.ContactID = q.ids(c)[0]
	default:
		return false
	}
	return true
}

// ids are the values of a condition as ids; who asks stands for me, and is
// nobody's when it is no agent.
func (q *Query) ids(c Condition) []int64 {
	out := make([]int64, len(c.Values))
	for i, v := range c.Values {
		switch {
		case v == me && q.AgentID != 0:
			out[i] = q.AgentID
		case v == me:
			out[i] = -1
		case v != nobody:
			out[i], _ = strconv.ParseInt(v, 10, 64)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// columns that hold the values of a field.
var columns = map[string]string{
	"inbox": "c.inbox_id", "team": "c.team_id", "assignee": "c.assignee_id", "customer": "c.contact_id", "priority": "c.priority", "channel": "c.channel",
	"status": "CASE WHEN c.snoozed_until > 0 THEN 'snoozed' ELSE c.status END", "created": "c.created_at", "activity": "c.last_activity_at",
}

// asked is a condition as a row is asked for it.
func (q *Query) asked(c Condition) condition {
	not := map[string]string{IsNot: "NOT ", Lacks: "NOT "}[c.Relation]
	yes := map[string]string{"no": "NOT "}[c.Values[0]]
	list := " IN (" + marks(len(c.Values)) + ")"
	switch c.Field {
	case "inbox", "team", "assignee", "customer":
		ids := q.ids(c)
		return condition{columns[c.Field] + " " + not + "IN (" + marks(len(ids)) + ")", anys(ids)}
	case "status", "priority", "channel":
		return condition{columns[c.Field] + " " + not + list[1:], anys(c.Values)}
	case "created", "activity":
		at, _ := span(c.Values[0])
		beyond := map[string]string{Within: " >= ?", Before: " <= ?"}[c.Relation]
		return condition{columns[c.Field] + beyond, []any{db.Micros(q.Now.Add(-at))}}
	case "tag":
		return condition{not + `EXISTS (SELECT 1 FROM conversation_tags x WHERE x.workspace_id = c.workspace_id AND x.conversation_id = c.id AND x.tag_key` + list + ")", folded(c.Values)}
	case "company":
		return condition{not + `EXISTS (SELECT 1 FROM contacts x WHERE x.workspace_id = c.workspace_id AND x.id = c.contact_id AND x.company_id` + list + ")", anys(q.ids(c))}
	case "draft":
		return condition{yes + "EXISTS (SELECT 1 FROM drafts x WHERE x.workspace_id = c.workspace_id AND x.agent_id = ? AND x.conversation_id = c.id)", []any{q.AgentID}}
	case "unread":
		return condition{yes + `(c.last_position > COALESCE((SELECT x.position FROM read_marks x
			WHERE x.workspace_id = c.workspace_id AND x.agent_id = ? AND x.conversation_id = c.id), 0))`, []any{q.AgentID}}
	case "waiting":
		return condition{map[string]string{"us": "c.last_author_kind = 'contact'", "them": "c.last_author_kind <> 'contact'"}[c.Values[0]], nil}
	case "spam":
		return condition{yes + "c.spam", nil}
	}
	return wordsAsked(c, not)
}

// wordsAsked looks for words in what lists are searched by: the folded subject,
// a new line, and the beginning of the newest message.
func wordsAsked(c Condition, not string) condition {
	var out condition
	values := make([]string, len(c.Values))
	for i, v := range c.Values {
		words := strings.Fields(search.Fold(v))
		for _, word := range words {
			pattern := text.Containing(word)
			if c.Field == "subject" {
				pattern += "\n%"
			}
			out.args = append(out.args, pattern)
		}
		values[i] = "(" + strings.Repeat(` AND c.search_key LIKE ? ESCAPE '\'`, len(words))[5:] + ")"
	}
	out.text = not + "(" + strings.Join(values, " OR ") + ")"
	return out
}

func folded(values []string) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = search.Fold(v)
	}
	return out
}
