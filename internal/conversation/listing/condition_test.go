package listing

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/search"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// standing is a row of the model: a conversation with all that conditions ask for.
type standing struct {
	id, number, inbox, contact, company, assignee, team int64
	channel, subject, excerpt, status, priority, author string
	snoozed, spam, draft, unread                        bool
	created, activity                                   time.Time
	tags                                                []string
}

func (s standing) shelf() string {
	switch {
	case s.spam:
		return Spam
	case s.snoozed:
		return Snoozed
	}
	return s.status
}

const reader = 5

var modelNow = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)

// holds is what a condition means, said once more in plain Go.
func (s standing) holds(c Condition) bool {
	one := func(is func(v string) bool) bool {
		return slices.ContainsFunc(c.Values, is) == (c.Relation == Is || c.Relation == Contains)
	}
	id := func(have int64) bool {
		return one(func(v string) bool {
			return v == fmt.Sprint(have) || v == nobody && have == 0 || v == me && have == reader
		})
	}
	past := func(at time.Time) bool {
		var n int
		var unit rune
		fmt.Sscanf(c.Values[0], "%d%c", &n, &unit)
		bound := modelNow.Add(-time.Duration(n) * map[rune]time.Duration{'h': time.Hour, 'd': 24 * time.Hour}[unit])
		if c.Relation == Within {
			return !at.Before(bound)
		}
		return !at.After(bound)
	}
	words := func(in string) bool {
		return one(func(v string) bool {
			for _, w := range strings.Fields(search.Fold(v)) {
				if !strings.Contains(search.Fold(in), w) {
					return false
				}
			}
			return true
		})
	}
	yes := c.Values[0] == "yes"
	switch c.Field {
	case "inbox":
		return id(s.inbox)
	case "team":
		return id(s.team)
	case "assignee":
		return id(s.assignee)
	case "customer":
		return id(s.contact)
	case "company":
		return id(s.company)
	case "status":
		return one(func(v string) bool { return v == s.status && !s.snoozed || v == Snoozed && s.snoozed })
	case "priority":
		return one(func(v string) bool { return v == s.priority })
	case "channel":
		return one(func(v string) bool { return v == s.channel })
	case "tag":
		return one(func(v string) bool {
			return slices.ContainsFunc(s.tags, func(tag string) bool { return search.Fold(tag) == search.Fold(v) })
		})
	case "spam":
		return s.spam == yes
	case "draft":
		return s.draft == yes
	case "unread":
		return s.unread == yes
	case "waiting":
		return (s.author == "contact") == (c.Values[0] == "us")
	case "created":
		return past(s.created)
	case "activity":
		return past(s.activity)
	case "subject":
		return words(s.subject)
	case "text":
		return words(s.subject + "\n" + s.excerpt)
	}
	panic(c.Field)
}

func (s standing) belongs(c Conditions, inboxes []int64) bool {
	wantsSpam := slices.ContainsFunc(c.All, func(one Condition) bool { return one.Field == "spam" && one.Values[0] == "yes" })
	if s.spam && !wantsSpam || inboxes != nil && !slices.Contains(inboxes, s.inbox) {
		return false
	}
	for _, one := range c.All {
		if !s.holds(one) {
			return false
		}
	}
	return len(c.Any) == 0 || slices.ContainsFunc(c.Any, s.holds)
}

// crowd writes n conversations of every kind.
func crowd(t *testing.T, d *db.DB, n int) []standing {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 7))
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	ctx := context.Background()
	var all []standing
	must(t, d.Within(ctx, func(ctx context.Context) error {
		for c := range int64(6) {
			err := db.Do(ctx, d, `INSERT INTO contacts (workspace_id, id, name, sort_key, search_key, company_id, language, time_zone, city, note, since, blocked, created_at, version)
				VALUES (1, $1, 'Ewa', 'ewa', 'ewa', $2, '', '', '', '', 0, FALSE, 1, 1)`, 70+c, c%3*900)
			if err != nil {
				return err
			}
		}
		for i := range n {
			at := modelNow.Add(-time.Duration(rng.IntN(20*24)) * time.Hour)
			s := standing{id: int64(1000 + (i*7919)%n), number: int64(i + 1), inbox: int64(3 + rng.IntN(3)), contact: int64(70 + rng.IntN(6)), assignee: []int64{0, 0, 5, 6, 7}[rng.IntN(5)],
				team: []int64{0, 1, 2}[rng.IntN(3)], channel: pick("email", "email", "chat"), subject: pick("Where is my parcel?", "Paczka w Łodzi", "배송이 늦어요", "50% off_er", ""), excerpt: pick("My parcel is lost", "thanks", "łódź"),
				status: pick(Work...), priority: pick("normal", "normal", "normal", "low", "high", "urgent"), author: pick("contact", "agent", "bot", "system"),
				snoozed: rng.IntN(6) == 0, spam: rng.IntN(8) == 0, draft: rng.IntN(7) == 0, unread: rng.IntN(2) == 0, activity: at, created: at.Add(-time.Duration(rng.IntN(72)) * time.Hour)}
			s.company = (s.contact - 70) % 3 * 900
			for _, tag := range []string{"VIP", "Zwrot ł", "bug"} {
				if rng.IntN(4) == 0 {
					s.tags = append(s.tags, tag)
				}
			}
			all = append(all, s)
			if err := s.write(ctx, d); err != nil {
				return err
			}
		}
		return nil
	}))
	return all
}

func (s standing) write(ctx context.Context, d *db.DB) error {
	snoozed, read := int64(0), int64(3)
	if s.snoozed {
		snoozed = db.Micros(modelNow.Add(time.Hour))
	}
	if s.unread {
		read = 2
	}
	err := db.Do(ctx, d, `INSERT INTO conversations (workspace_id, id, number, inbox_id, channel, contact_id, subject, search_key, status, shelf, priority,
			assignee_id, team_id, snoozed_until, spam, created_at, last_activity_at, closed_at, last_position, last_author_kind, excerpt, linked_id, version)
		VALUES (1,$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,0,3,$17,$18,0,1)`, s.id, s.number, s.inbox, s.channel, s.contact, s.subject, search.Fold(s.subject+"\n"+s.excerpt),
		s.status, s.shelf(), s.priority, s.assignee, s.team, snoozed, s.spam, db.Micros(s.created), db.Micros(s.activity), s.author, s.excerpt)
	for _, tag := range s.tags {
		if err == nil {
			err = db.Do(ctx, d, "INSERT INTO conversation_tags (workspace_id, conversation_id, tag_key, tag, inbox_id, shelf, last_activity_at) VALUES (1,$1,$2,$3,$4,$5,$6)",
				s.id, search.Fold(tag), tag, s.inbox, s.shelf(), db.Micros(s.activity))
		}
	}
	for _, agent := range []int64{reader, 99} { // what others have read and begun is theirs
		if err == nil && (agent == 99 || s.draft) {
			err = db.Do(ctx, d, "INSERT INTO drafts (workspace_id, agent_id, conversation_id, kind, body, updated_at, version) VALUES (1,$1,$2,'note','{}',1,1)", agent, s.id)
		}
		if err == nil {
			err = db.Do(ctx, d, "INSERT INTO read_marks (workspace_id, agent_id, conversation_id, position) VALUES (1,$1,$2,$3)", agent, s.id, map[int64]int64{reader: read, 99: 3}[agent])
		}
	}
	return err
}

// single are conditions of every field, relation and kind of value.
func single() []Condition {
	var all []Condition
	add := func(relation, field string, values ...string) {
		all = append(all, Condition{field, relation, values})
	}
	for _, r := range []string{Is, IsNot} {
		add(r, "inbox", "3")
		add(r, "inbox", "3", "4")
		add(r, "team", "nobody")
		add(r, "team", "2")
		add(r, "team", "1", "2")
		add(r, "assignee", "me")
		add(r, "assignee", "nobody")
		add(r, "assignee", "nobody", "6")
		add(r, "assignee", "6", "7")
		add(r, "status", "open")
		add(r, "status", "snoozed", "closed")
		add(r, "status", "open", "pending", "on_hold", "closed", "snoozed")
		add(r, "priority", "urgent")
		add(r, "priority", "normal")
		add(r, "priority", "low", "high")
		add(r, "tag", "vip")
		add(r, "tag", "ZWROT L", "bug")
		add(r, "channel", "chat")
		add(r, "customer", "71")
		add(r, "customer", "71", "72")
		add(r, "company", "900")
		add(r, "company", "900", "1800")
	}
	for _, v := range []string{"yes", "no"} {
		add(Is, "spam", v)
		add(Is, "draft", v)
		add(Is, "unread", v)
	}
	for _, v := range []string{"us", "them"} {
		add(Is, "waiting", v)
	}
	for _, r := range []string{Within, Before} {
		for _, f := range []string{"created", "activity"} {
			add(r, f, "30h")
			add(r, f, "4d")
		}
	}
	for _, r := range []string{Contains, Lacks} {
		for _, f := range []string{"subject", "text"} {
			add(r, f, "parcel")
			add(r, f, "my PARCEL", "lodz")
			add(r, f, "배송이")
			add(r, f, "50% off_")
		}
	}
	return all
}

// mixes are ALL and ANY groups of random conditions.
func mixes(n int) []Conditions {
	rng := rand.New(rand.NewPCG(3, 9))
	one := single()
	var out []Conditions
	for range n {
		var c Conditions
		for range rng.IntN(4) {
			c.All = append(c.All, one[rng.IntN(len(one))])
		}
		for range rng.IntN(4) {
			if any := one[rng.IntN(len(one))]; any.Field != "spam" {
				c.Any = append(c.Any, any)
			}
		}
		out = append(out, c)
	}
	return out
}

func TestWhatAViewFindsIsWhatItsConditionsSay(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		all := crowd(t, d, 260)
		views := mixes(110)
		for _, c := range single() {
			views = append(views, Conditions{All: []Condition{c}})
			if c.Field != "spam" {
				views = append(views, Conditions{Any: []Condition{c}})
			}
		}
		for n, c := range views {
			c, err := c.Checked("test")
			must(t, err)
			for _, inboxes := range [][]int64{nil, {3, 5}} {
				compare(t, d, all, c, inboxes, Sorts[n%len(Sorts)])
			}
		}
	})
}

// compare reads a view to its end, page by page, and counts it.
func compare(t *testing.T, d *db.DB, all []standing, c Conditions, inboxes []int64, sort string) {
	t.Helper()
	var want []standing
	for _, s := range all {
		if s.belongs(c, inboxes) {
			want = append(want, s)
		}
	}
	slices.SortFunc(want, func(a, b standing) int {
		switch {
		case sort == Created:
			return int(b.number - a.number)
		case sort == Pressing && a.priority != b.priority:
			return slices.Index(priorities, a.priority) - slices.Index(priorities, b.priority)
		case sort == Oldest && !a.activity.Equal(b.activity):
			return a.activity.Compare(b.activity)
		case sort == Oldest:
			return int(a.id - b.id)
		case !a.activity.Equal(b.activity):
			return b.activity.Compare(a.activity)
		}
		return int(b.id - a.id)
	})
	f := Filter{Sort: sort, Conditions: c, Limit: 23}
	q := f.query(1, scopeOf(inboxes))
	q.AgentID, q.Now = reader, modelNow
	var got []int64
	for pages := 0; ; pages++ {
		ids, next, err := Find(context.Background(), d, q)
		must(t, err)
		got = append(got, ids...)
		if q.Cursor = next; next == "" || pages > 100 {
			break
		}
	}
	ids := make([]int64, len(want))
	for i, s := range want {
		ids[i] = s.id
	}
	text, _ := json.Marshal(c)
	if !slices.Equal(got, ids) {
		t.Fatalf("%s by %s in %v:\n got %v\nwant %v", text, sort, inboxes, got, ids)
	}
	if n, more, err := Count(context.Background(), d, q, 999); err != nil || n != len(want) || more {
		t.Fatalf("%s in %v counts %d %v %v, not %d", text, inboxes, n, more, err, len(want))
	}
	for _, s := range all[:3] { // one conversation alone is found in the view when it belongs
		q.Number, q.Cursor = s.number, ""
		ids, _, err := Find(context.Background(), d, q)
		if err != nil || (len(ids) == 1) != s.belongs(c, inboxes) {
			t.Fatalf("%s by %s in %v: number %d is %v, %v", text, sort, inboxes, s.number, ids, err)
		}
	}
}

func TestCountsEnd(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		crowd(t, d, 120)
		q := Query{WorkspaceID: 1, All: true, AgentID: reader, Now: modelNow}
		if n, more, err := Count(context.Background(), d, q, 50); err != nil || n != 50 || !more {
			t.Errorf("counts %d, %v, %v", n, more, err)
		}
		q.Conditions.All = []Condition{{"status", IsNot, Work}, is("status", "open")}
		if n, more, err := Count(context.Background(), d, q, 50); err != nil || n != 0 || more {
			t.Errorf("what cannot be counts %d, %v, %v", n, more, err)
		}
		q.Conditions.All = nil
		if n, _, err := Count(context.Background(), d, Query{WorkspaceID: 1}, 50); err != nil || n != 0 {
			t.Errorf("nothing in sight counts %d, %v", n, err)
		}
	})
}

func TestConditionsThatCannotBeKept(t *testing.T) {
	many := make([]string, MaxValues+1)
	for i := range many {
		many[i] = fmt.Sprint(i + 1)
	}
	for want, c := range map[string]Conditions{
		"conditions.all[0].field":     {All: []Condition{is("mood", "good")}},
		"conditions.any[1].relation":  {Any: []Condition{is("status", "open"), {"status", Contains, []string{"open"}}}},
		"conditions.all[0].values":    {All: []Condition{is("status")}},
		"conditions.all[0].values[1]": {All: []Condition{is("status", "open", "shut")}},
		"conditions.any[0]":           {Any: []Condition{is("spam", "yes")}},
		"conditions":                  {All: slices.Repeat([]Condition{is("spam", "no")}, MaxConditions+1)},
	} {
		_, err := c.Checked("test")
		if fields := fault.FieldsOf(err); !fault.Is(err, fault.Invalid) || len(fields) != 1 || fields[0].Path != want {
			t.Errorf("%v: %v at %v, not at %s", c, err, fields, want)
		}
	}
	for _, c := range []Condition{is("inbox", many...), is("spam", "yes", "no"), is("inbox", "x"), is("inbox", "0"), is("inbox", "-1"), is("inbox", "me"), is("team", "me"), is("assignee", "+5"),
		{"created", Within, []string{"4"}}, {"created", Within, []string{"0h"}}, {"created", Within, []string{"4w"}}, {"created", Before, []string{"99999d"}}, {"created", Within, []string{"1h", "2h"}},
		{"created", Is, []string{"1h"}}, {"subject", Contains, []string{" "}}, is("tag", ""), is("customer", "9007199254740993"), {"text", Contains, []string{strings.Repeat("x", 101)}}} {
		if _, err := (Conditions{All: []Condition{c}}).Checked("test"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%v was taken: %v", c, err)
		}
	}
}

// Whatever is accepted can be asked, and is the same when it is checked again.
func FuzzConditions(f *testing.F) {
	for _, c := range mixes(20) {
		text, _ := json.Marshal(c)
		f.Add(string(text))
	}
	f.Add(`{"all":[{"field":"created","relation":"within","values":["00000000000000000001h"]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var c Conditions
		if json.Unmarshal([]byte(text), &c) != nil {
			return
		}
		c, err := c.Checked("fuzz")
		if err != nil {
			return
		}
		again, err := c.Checked("fuzz")
		if fmt.Sprint(again) != fmt.Sprint(c) || err != nil {
			t.Fatalf("%v is %v when it is checked again: %v", c, again, err)
		}
		for _, sort := range Sorts {
			q := Query{WorkspaceID: 1, All: true, AgentID: reader, Now: modelNow, Sort: sort, Conditions: c}.narrowed()
			for _, part := range q.parts() {
				if part.never {
					continue
				}
				query, args := part.planned().query(part, nil, 51)
				if !strings.Contains(query, fmt.Sprintf("$%d", len(args))) || strings.Contains(query, "?") {
					t.Fatalf("%d arguments of %s", len(args), query)
				}
			}
		}
	})
}
