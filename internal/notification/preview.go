package notification

import (
	"context"
	"slices"
	"time"

	"rapport/internal/account"
	"rapport/internal/platform/fault"
)

// Line is one event of today, and on which ways it would have reached the caller.
type Line struct {
	Group
	Ways
}

// Totals are how often each way would have been taken.
type Totals struct{ App, Sound, Push, Mail int }

// happened is one event, with what is asked to tell what would have come of it.
type happened struct {
	Notification
	Number  int64
	Subject string
	InboxID int64
	Urgent  bool
}

// Preview tells what would have happened today with these settings: the events
// are those that were written, and what has come into the inboxes that would be
// watched; the newest lines, and how much it is in all.
func (r *Room) Preview(ctx context.Context, actor account.Actor, s Settings, lines int) ([]Line, Totals, error) {
	const op = "notification.Preview"
	s, err := s.checked(op)
	if err != nil {
		return nil, Totals{}, err
	}
	if err := r.watchable(ctx, op, actor, s.Watched); err != nil {
		return nil, Totals{}, err
	}
	scope, err := r.accounts.Scope(ctx, actor)
	if err != nil {
		return nil, Totals{}, fault.Wrap(op, err)
	}
	now := r.clock.Now()
	local := now.In(s.Quiet.zone())
	since := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, s.Quiet.zone())
	all, err := r.store.today(ctx, actor.WorkspaceID, actor.AgentID, scope, since)
	if err != nil {
		return nil, Totals{}, fault.Wrap(op, err)
	}
	come, err := r.store.come(ctx, actor.WorkspaceID, actor.AgentID, s.Watched, since)
	if err != nil {
		return nil, Totals{}, fault.Wrap(op, err)
	}
	all = append(all, come...)
	slices.SortStableFunc(all, func(a, b happened) int { return a.At.Compare(b.At) })
	ways, total := s.replay(all)
	var out []Line
	for i := len(all) - 1; i >= 0 && len(out) < lines; i-- {
		g := Group{ConversationID: all[i].ConversationID, Number: all[i].Number, Subject: all[i].Subject, InboxID: all[i].InboxID, Newest: all[i].Notification}
		if g.Who, _, err = r.store.said(ctx, g.Newest); err != nil {
			return nil, Totals{}, fault.Wrap(op, err)
		}
		out = append(out, Line{g, ways[i]})
	}
	return out, total, nil
}

// replay goes through the events of a day, the oldest first, with the delays and
// the grouping that pushes and mails have. What is seen in time is not sent.
func (s Settings) replay(all []happened) ([]Ways, Totals) {
	var total Totals
	ways := make([]Ways, len(all))
	add := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	pushed := map[int64]time.Time{} // by conversation: until when what comes is part of the push before
	for i, h := range all {
		w := s.decide(h.Event, h.At, h.Urgent)
		w.Push = w.Push && unseenAt(h, h.At.Add(pushAfter)) && !s.hushed(h.At.Add(pushAfter), h.Urgent)
		if w.Push {
			if until, is := pushed[h.ConversationID]; is && !h.At.After(until) {
				w.Push = false
			} else {
				pushed[h.ConversationID] = h.At.Add(pushAfter)
			}
		}
		ways[i] = w
		add(&total.App, w.App)
		add(&total.Sound, w.Sound)
		add(&total.Push, w.Push)
	}
	total.Mail = s.letters(all, ways)
	return ways, total
}

// letters counts the letters of a day, and takes the mail from the ways of what
// was seen before one left.
func (s Settings) letters(all []happened, ways []Ways) (letters int) {
	var gathered []int
	leaves := func(at time.Time) {
		still := slices.DeleteFunc(gathered, func(i int) bool {
			seen := !unseenAt(all[i], at)
			ways[i].Mail = ways[i].Mail && !seen
			return seen
		})
		if gathered = nil; len(still) > 0 {
			letters++
		}
	}
	var last, first time.Time
	due := func() time.Time {
		at := last.Add(mailAfter)
		if late := first.Add(mailAtLatest); late.Before(at) {
			at = late
		}
		if s.hushed(at, false) {
			at = s.Quiet.Ends(at)
		}
		return at
	}
	for i, h := range all {
		if !ways[i].Mail {
			continue
		}
		if len(gathered) > 0 && h.At.After(due()) {
			leaves(due())
		}
		if len(gathered) == 0 {
			first = h.At
		}
		last, gathered = h.At, append(gathered, i)
	}
	if len(gathered) > 0 {
		leaves(due())
	}
	return letters
}

// unseenAt reports whether it had not been seen at a moment.
func unseenAt(h happened, at time.Time) bool { return h.SeenAt.IsZero() || h.SeenAt.After(at) }
