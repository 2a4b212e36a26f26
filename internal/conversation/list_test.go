package conversation_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/platform/fault"
)

// crowd makes n conversations in both inboxes, in every state, some at the same
// moment.
func (w world) crowd(n int) []int64 {
	w.t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var ids []int64
	for i := range n {
		if rng.IntN(3) > 0 {
			w.clk.Advance(time.Minute)
		}
		in := w.mail(fmt.Sprintf("person%d@harbour.example", i%7), fmt.Sprintf("The parcel number%d is late", i))
		if i%3 == 0 {
			in.InboxID = w.sales.ID
		}
		id := w.receive(in).ConversationID
		ids = append(ids, id)
		var err error
		switch i % 9 {
		case 1:
			_, err = w.SetStatus(ctx, w.owner, id, conversation.Closed, 0)
		case 2:
			_, err = w.SetStatus(ctx, w.owner, id, conversation.Pending, 0)
		case 3:
			_, err = w.MarkSpam(ctx, w.owner, id, true, 0)
		case 4:
			_, err = w.Snooze(ctx, w.owner, id, w.clk.Now().Add(time.Hour*999), 0)
		case 5:
			_, err = w.SetTags(ctx, w.owner, id, []string{"VIP"}, 0)
		}
		w.want(err, "triage")
		if i%4 == 0 {
			_, err = w.Assign(ctx, w.owner, id, conversation.Assignment{AgentID: ptr(int64(7)), TeamID: ptr(int64(2))})
			w.want(err, "assign")
		}
	}
	return ids
}

// walk reads a list to its end, page by page.
func (w world) walk(a account.Actor, f conversation.Filter) []conversation.Conversation {
	w.t.Helper()
	var all []conversation.Conversation
	for {
		page, err := w.List(ctx, a, f)
		w.want(err, "list")
		all = append(all, page.Items...)
		if f.Cursor = page.Next; f.Cursor == "" {
			return all
		}
	}
}

func TestListsAgainstAModel(t *testing.T) {
	each(t, func(w world) {
		var all []conversation.Conversation
		for _, id := range w.crowd(80) {
			all = append(all, w.get(id))
		}
		sort.Slice(all, func(i, j int) bool {
			if !all[i].LastActivityAt.Equal(all[j].LastActivityAt) {
				return all[i].LastActivityAt.After(all[j].LastActivityAt)
			}
			return all[i].ID > all[j].ID
		})
		work := func(c conversation.Conversation) bool { return !c.Spam && c.SnoozedUntil.IsZero() }
		open := func(c conversation.Conversation) bool { return work(c) && c.Status == conversation.Open }
		no := false
		yes := true
		for _, c := range []struct {
			name string
			f    conversation.Filter
			fits func(c conversation.Conversation) bool
		}{
			{"all", conversation.Filter{}, func(c conversation.Conversation) bool { return !c.Spam }},
			{"open", conversation.Filter{View: "all_open"}, open},
			{"pending", conversation.Filter{Status: "pending"}, func(c conversation.Conversation) bool { return work(c) && c.Status == conversation.Pending }},
			{"closed", conversation.Filter{View: "closed"}, func(c conversation.Conversation) bool { return work(c) && c.Status == conversation.Closed }},
			{"spam", conversation.Filter{Spam: &yes}, func(c conversation.Conversation) bool { return c.Spam }},
			{"snoozed", conversation.Filter{View: "snoozed"}, func(c conversation.Conversation) bool { return !c.Spam && !c.SnoozedUntil.IsZero() }},
			{"not snoozed", conversation.Filter{Snoozed: &no}, work},
			{"unassigned", conversation.Filter{View: "unassigned"}, func(c conversation.Conversation) bool { return open(c) && c.AssigneeID == 0 }},
			{"an agent's", conversation.Filter{AssigneeID: 7}, func(c conversation.Conversation) bool { return !c.Spam && c.AssigneeID == 7 }},
			{"a team's", conversation.Filter{TeamID: 2, Status: "open"}, func(c conversation.Conversation) bool { return open(c) && c.TeamID == 2 }},
			{"an inbox", conversation.Filter{InboxID: w.help.ID}, func(c conversation.Conversation) bool { return !c.Spam && c.InboxID == w.help.ID }},
			{"a tag", conversation.Filter{Tag: "vip"}, func(c conversation.Conversation) bool { return !c.Spam && slices.Contains(c.Tags, "VIP") }},
			{"a contact", conversation.Filter{ContactID: all[0].ContactID}, func(c conversation.Conversation) bool { return !c.Spam && c.ContactID == all[0].ContactID }},
			{"an agent's in an inbox", conversation.Filter{InboxID: w.sales.ID, AssigneeID: 7}, func(c conversation.Conversation) bool {
				return !c.Spam && c.AssigneeID == 7 && c.InboxID == w.sales.ID
			}},
			{"words", conversation.Filter{Q: "PARCEL number1"}, func(c conversation.Conversation) bool {
				return !c.Spam && slices.ContainsFunc([]string{"number1 ", "number10", "number11", "number12", "number13", "number14", "number15", "number16", "number17", "number18", "number19"},
					func(s string) bool { return len(c.Excerpt) > 20 && c.Excerpt[11:19] == s })
			}},
		} {
			for _, who := range []account.Actor{w.owner, w.anna, w.bob} {
				for _, oldest := range []bool{false, true} {
					var want []int64
					for _, x := range all {
						if c.fits(x) && (who.AgentID != 6 || x.InboxID == w.sales.ID) {
							want = append(want, x.ID)
						}
					}
					if oldest {
						slices.Reverse(want)
					}
					c.f.Sort, c.f.Limit = map[bool]string{true: "oldest"}[oldest], 7
					var got []int64
					for _, x := range w.walk(who, c.f) {
						got = append(got, x.ID)
					}
					if !slices.Equal(got, want) {
						t.Errorf("%s for %d, oldest %v:\n got %v\nwant %v", c.name, who.AgentID, oldest, got, want)
					}
				}
			}
		}
		if _, err := w.List(ctx, w.anna, conversation.Filter{Cursor: "x"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a foreign cursor: %v", err)
		}
	})
}

func TestCountsFollowEveryChange(t *testing.T) {
	each(t, func(w world) {
		check := func(when string) {
			w.settle()
			for _, who := range []account.Actor{w.owner, w.anna, w.bob} {
				views, err := w.tally.Views(ctx, who)
				w.want(err, "views")
				for _, v := range views {
					if n := len(w.walk(who, conversation.Filter{View: v.Key, Limit: 100})); int64(n) != v.Count {
						t.Errorf("%s: %s of %d counts %d, lists %d", when, v.Key, who.AgentID, v.Count, n)
					}
				}
			}
		}
		ids := w.crowd(40)
		check("first")
		for i, id := range ids {
			var err error
			switch i % 5 {
			case 0:
				_, err = w.SetStatus(ctx, w.owner, id, conversation.Closed, 0)
			case 1:
				_, err = w.Assign(ctx, w.owner, id, conversation.Assignment{AgentID: ptr(int64(0)), TeamID: ptr(int64(0))})
			case 2:
				err = w.Delete(ctx, w.owner, id)
			case 3:
				_, err = w.MarkSpam(ctx, w.owner, id, false, 0)
			}
			w.want(err, "change")
		}
		check("changed")
		w.want(w.readers.Rebuild(ctx, 1, "conversation.counts"), "rebuild")
		check("rebuilt")
		tags, err := w.tally.Tags(ctx, w.anna)
		if err != nil || len(tags) != 1 || tags[0].Name != "VIP" {
			t.Errorf("tags %v, %v", tags, err)
		}
	})
}

func TestAnAnswerMovesAConversationToTheTop(t *testing.T) {
	each(t, func(w world) {
		old := w.fresh("ewa@harbour.example")
		_, err := w.SetTags(ctx, w.anna, old.ID, []string{"vip"}, 0)
		w.want(err, "tags")
		w.clk.Advance(time.Hour)
		newer := w.fresh("kim@naver.com")
		_, err = w.SetTags(ctx, w.anna, newer.ID, []string{"vip"}, 0)
		w.want(err, "tags")
		w.clk.Advance(time.Hour)
		in := w.mail("ewa@harbour.example", "any news?")
		in.ConversationID = old.ID
		w.receive(in)
		in = w.mail("kim@naver.com", "I am away")
		in.ConversationID, in.Class = newer.ID, channel.AutoReply
		w.receive(in)
		for _, f := range []conversation.Filter{{}, {Tag: "vip"}, {InboxID: w.help.ID}} {
			list := w.walk(w.anna, f)
			if len(list) != 2 || list[0].ID != old.ID || list[0].Excerpt != "any news?" {
				t.Errorf("%+v: %+v", f, list)
			}
		}
	})
}
