package conversation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/conversation/outbox"
	"rapport/internal/platform/fault"
)

func TestTheOutboxShowsWhatHasNotLeft(t *testing.T) {
	each(t, func(w world) {
		box := outbox.New(w.d, w.sees)
		c := w.fresh("ewa@harbour.example")
		tomorrow := w.clk.Now().Add(24 * time.Hour)
		held, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "Later", SendAt: tomorrow})
		w.want(err, "scheduled")
		failed, err := w.Reply(ctx, w.owner, c.ID, conversation.NewMessage{Text: "Never"})
		w.want(err, "failed")
		w.exec("UPDATE outbound SET state = 'failed', reason = 'No such mailbox' WHERE id = $1", failed.OutboundID)
		sent, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "Gone"})
		w.want(err, "sent")
		w.exec("UPDATE outbound SET state = 'sent' WHERE id = $1", sent.OutboundID)
		list, err := box.List(ctx, w.anna, outbox.Filter{}, w.clk.Now())
		w.want(err, "list")
		if len(list) != 2 || list[0].MessageID != failed.ID || list[0].Reason != "No such mailbox" || list[1].MessageID != held.ID || !list[1].At.Equal(tomorrow) ||
			list[1].Subject != "Where is my parcel?" || fmt.Sprint(list[1].To) != "[ewa@harbour.example]" || list[1].Excerpt != "Later" || list[1].AuthorName != "Anna Nowak" {
			t.Errorf("list %+v", list)
		}
		for what, f := range map[string]outbox.Filter{"mine": {Mine: true}, "another inbox": {InboxID: w.sales.ID}, "this inbox": {InboxID: w.help.ID}} {
			list, err := box.List(ctx, w.anna, f, w.clk.Now())
			if want := map[string]int{"mine": 1, "another inbox": 0, "this inbox": 2}[what]; err != nil || len(list) != want {
				t.Errorf("%s: %+v, %v", what, list, err)
			}
		}
		if list, err := box.List(ctx, w.bob, outbox.Filter{}, w.clk.Now()); err != nil || len(list) != 0 {
			t.Errorf("out of sight: %+v, %v", list, err)
		}
		if list, err := box.List(ctx, w.anna, outbox.Filter{}, w.clk.Now().Add(40*24*time.Hour)); err != nil || len(list) != 1 {
			t.Errorf("what failed long ago is over: %+v, %v", list, err)
		}
	})
}

func TestAScheduledReplyGetsAnotherTimeOrIsTakenBack(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		m, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "Later", SendAt: w.clk.Now().Add(24 * time.Hour)})
		w.want(err, "scheduled")
		runsAt := func() time.Time {
			return time.UnixMicro(w.number("SELECT run_at FROM jobs WHERE unique_key = $1", fmt.Sprintf("release:%d", m.OutboundID)))
		}
		sooner := w.clk.Now().Add(time.Hour)
		if m, err = w.Reschedule(ctx, w.anna, c.ID, m.ID, sooner); err != nil || !m.Delivery.Until.Equal(sooner) || !runsAt().Equal(sooner) {
			t.Errorf("another time: %+v, runs at %s, %v", m.Delivery, runsAt(), err)
		}
		if m, err = w.Reschedule(ctx, w.anna, c.ID, m.ID, time.Time{}); err != nil || m.Delivery.State != channel.Held || runsAt().After(w.clk.Now()) {
			t.Errorf("now: %+v, runs at %s, %v", m.Delivery, runsAt(), err)
		}
		if _, err := w.Reschedule(ctx, w.anna, c.ID, m.ID, w.clk.Now().Add(400*24*time.Hour)); !fault.Is(err, fault.Invalid) {
			t.Errorf("after more than a year: %v", err)
		}
		if _, err := w.Reschedule(ctx, w.bob, c.ID, m.ID, sooner); !fault.Is(err, fault.NotFound) {
			t.Errorf("out of sight: %v", err)
		}
		d, err := w.CancelHold(ctx, w.anna, c.ID, m.ID)
		if err != nil || d.Text != "Later" {
			t.Errorf("taken back: %+v, %v", d, err)
		}
		if _, err := w.Reschedule(ctx, w.anna, c.ID, m.ID, sooner); !fault.Is(err, fault.Conflict) {
			t.Errorf("after it was taken back: %v", err)
		}
	})
}

func TestWhatTheMailServerPutsOffCanBeTakenBack(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		for _, test := range []struct {
			name, recipient string
			job             string
			want            bool
		}{{"nobody has it", "queued", "waiting", true}, {"somebody has it", "sent", "waiting", false}, {"it is being sent", "queued", "running", false}} {
			m, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: test.name})
			w.want(err, "reply")
			w.exec("UPDATE outbound SET state = 'delayed' WHERE id = $1", m.OutboundID)
			w.exec("UPDATE outbound_recipients SET state = $2 WHERE outbound_id = $1", m.OutboundID, test.recipient)
			w.exec("UPDATE jobs SET unique_key = $2, state = $3 WHERE unique_key = $1", fmt.Sprintf("release:%d", m.OutboundID), fmt.Sprintf("send:%d", m.OutboundID), test.job)
			d, err := w.CancelHold(ctx, w.anna, c.ID, m.ID)
			if (err == nil) != test.want || test.want && !strings.Contains(d.Text, test.name) {
				t.Errorf("%s: %+v, %v", test.name, d, err)
			}
		}
	})
}
