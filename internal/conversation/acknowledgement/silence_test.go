package acknowledgement

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

func TestWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		t    traffic
		want string
	}{
		{"little", traffic{}, ""},
		{"four answers of a machine", traffic{Exchanges: 4}, ""},
		{"five answers of a machine", traffic{Exchanges: 5}, CauseExchange},
		{"twenty mails in ten minutes", traffic{Flood: noon.Add(-10 * time.Minute)}, CauseFlood},
		{"twenty mails in a little more", traffic{Flood: noon.Add(-10*time.Minute - time.Microsecond)}, ""},
		{"both", traffic{Flood: noon, Exchanges: 5}, CauseExchange},
	} {
		if got := c.t.cause(noon); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// more sends mails into a conversation and returns its silence.
func (w world) more(n int, conversationID int64, pause time.Duration, change func(in *channel.Inbound)) *Silence {
	w.t.Helper()
	for range n {
		w.clk.Advance(pause)
		in := w.mail("ewa@harbour.example", fmt.Sprint("More ", *w.serial))
		in.ConversationID = conversationID
		if change != nil {
			change(&in)
		}
		w.comes(in)
	}
	s, err := w.Silence(ctx, w.hanna, conversationID)
	w.want(err, "silence")
	return s
}

func machine(in *channel.Inbound) { in.Class = channel.AutoReply }

// kinds counts the events of a kind.
func (w world) kinds(kind string) int64 {
	w.t.Helper()
	n, err := db.One(ctx, w.d, db.Int64, "SELECT COUNT(*) FROM events WHERE kind = $1", kind)
	w.want(err, "events")
	return n
}

// MAIL-12, the breaker of it: twenty mails in ten minutes.
func TestMAIL12TwentyMailsInTenMinutesSilenceAConversationForADay(t *testing.T) {
	each(t, Caps{}, func(w world) {
		var told []Silence
		w.tell = func(_ context.Context, s Silence) error { told = append(told, s); return nil }
		first := w.comes(w.mail("ewa@harbour.example", "First"))[0]
		if s := w.more(18, first.ConversationID, 30*time.Second, nil); s != nil {
			t.Fatalf("nineteen mails: %+v", s)
		}
		s := w.more(1, first.ConversationID, time.Second, nil)
		if s == nil || s.Cause != CauseFlood || s.Address != "ewa@harbour.example" || !s.Until.Equal(w.clk.Now().Add(day)) {
			t.Fatalf("twenty mails: %+v", s)
		}
		w.more(3, first.ConversationID, time.Second, nil)
		if len(told) != 1 || told[0].Number == 0 || told[0].Words() == "" || w.kinds(EventSilenced) != 1 {
			t.Errorf("told %+v, %d events", told, w.kinds(EventSilenced))
		}
		other := w.mail("ewa+2@harbour.example", "Another matter")
		other.InboxID = w.sales.ID
		if list := w.comes(other); len(list) != 1 {
			t.Error("its sender got something automatic from another inbox")
		}
		if list := w.comes(w.mail("jan@lake.example", "Hello")); len(list) != 2 {
			t.Error("somebody else was not acknowledged")
		}
		w.clk.Advance(day)
		if s, err := w.Silence(ctx, w.hanna, first.ConversationID); s != nil || err != nil {
			t.Errorf("a day later: %+v, %v", s, err)
		}
		if list := w.comes(w.mail("ewa@harbour.example", "A new day")); len(list) != 2 {
			t.Error("not acknowledged a day later")
		}
	})
}

func TestTwentyMailsInALongerTimeAreNoFlood(t *testing.T) {
	each(t, Caps{}, func(w world) {
		slow := w.comes(w.mail("ewa@harbour.example", "First"))[0]
		if s := w.more(25, slow.ConversationID, time.Minute, nil); s != nil {
			t.Errorf("one a minute: %+v", s)
		}
		old := w.comes(w.mail("jan@lake.example", "First"))[0]
		if s := w.more(25, old.ConversationID, time.Second, func(in *channel.Inbound) { in.SentAt = w.clk.Now().Add(-2 * day) }); s != nil {
			t.Errorf("the history of a mailbox: %+v", s)
		}
	})
}

// MAIL-12, the breaker of it: a machine that answers five times in an hour.
func TestMAIL12FiveAutomaticExchangesInAnHourSilenceAnAddress(t *testing.T) {
	each(t, Caps{}, func(w world) {
		a, b := w.comes(w.mail("ewa@harbour.example", "First"))[0], w.comes(w.mail("ewa@harbour.example", "Second"))[0]
		if s := w.more(4, a.ConversationID, 14*time.Minute, machine); s != nil {
			t.Fatalf("four answers: %+v", s)
		}
		s := w.more(1, b.ConversationID, 3*time.Minute, machine) // wherever it answers
		if s == nil || s.Cause != CauseExchange || s.Address != "ewa@harbour.example" {
			t.Fatalf("five answers: %+v", s)
		}
		own := w.mail("ewa@harbour.example", "Third")
		own.InboxID = w.sales.ID
		if list := w.comes(own); len(list) != 1 {
			t.Error("the address got something automatic")
		}
	})
}

func TestWhatAnswersNothingIsNoExchange(t *testing.T) {
	each(t, Caps{}, func(w world) {
		for n := range 8 { // reports of a machine, each in a conversation of its own
			in := w.mail("monitor@harbour.example", fmt.Sprint("Disk ", n))
			machine(&in)
			w.comes(in)
		}
		w.settle()
		if n := w.kinds(EventSilenced); n != 0 {
			t.Errorf("what a machine reports has silenced %d conversations", n)
		}
		c := w.comes(w.mail("jan@lake.example", "First"))[0]
		if s := w.more(8, c.ConversationID, 16*time.Minute, machine); s != nil {
			t.Errorf("four an hour: %+v", s)
		}
		forged := func(in *channel.Inbound) { in.Class, in.Proof = channel.AutoReply, channel.ProofFail }
		if s := w.more(8, c.ConversationID, time.Second, forged); s != nil {
			t.Errorf("in somebody else's name: %+v", s)
		}
	})
}

func TestAPersonEndsASilence(t *testing.T) {
	each(t, Caps{}, func(w world) {
		told := 0
		w.tell = func(context.Context, Silence) error { told++; return nil }
		c := w.comes(w.mail("ewa@harbour.example", "First"))[0].ConversationID
		if s := w.more(20, c, time.Second, nil); s == nil {
			t.Fatal("no silence")
		}
		light := w.hanna
		light.Role = account.Light
		if err := w.EndSilence(ctx, light, c); !fault.Is(err, fault.Forbidden) {
			t.Errorf("who may only read ends it: %v", err)
		}
		for range 2 {
			w.want(w.EndSilence(ctx, w.hanna, c), "end")
		}
		if n := w.kinds(EventUnsilenced); n > 1 {
			t.Errorf("%d events", n)
		}
		if s := w.more(10, c, time.Second, nil); s != nil {
			t.Errorf("what came before still counts: %+v", s)
		}
		if s := w.more(10, c, time.Second, nil); s == nil || told != 1 {
			t.Errorf("the next flood: %+v, told %d times", s, told)
		}
		if _, err := w.Silence(ctx, w.hanna, 7777777); !fault.Is(err, fault.NotFound) {
			t.Errorf("no conversation: %v", err)
		}
		kept := func() []int64 {
			n, err := db.All(ctx, w.d, db.Int64, "SELECT COUNT(*) FROM silences")
			w.want(err, "count")
			return n
		}
		w.want(w.store.forget(ctx, w.clk.Now()), "forget")
		if !slices.Equal(kept(), []int64{1}) {
			t.Error("a silence that lasts was forgotten")
		}
		w.want(w.store.forget(ctx, w.clk.Now().Add(2*day)), "forget")
		if !slices.Equal(kept(), []int64{0}) {
			t.Error("a silence of old is kept")
		}
	})
}

// MAIL-12: a silence is one of an address. Every conversation of its customer
// shows it, whatever stands behind the plus, and each can end it for all.
func TestMAIL12ASilencedAddressShowsInAllConversationsOfItsCustomer(t *testing.T) {
	each(t, Caps{}, func(w world) {
		begun := w.comes(w.mail("ewa@harbour.example", "First"))[0].ConversationID
		sales := w.mail("Ewa+orders@Harbour.example", "Another matter")
		sales.InboxID = w.sales.ID
		before, stranger := w.comes(sales)[0].ConversationID, w.comes(w.mail("jan@lake.example", "Hello"))[0].ConversationID
		if s := w.more(20, begun, time.Second, nil); s == nil || s.ConversationID != begun {
			t.Fatalf("no silence: %+v", s)
		}
		later := w.comes(w.mail("ewa@harbour.example", "Third"))[0].ConversationID
		shows := func(what string, want map[int64]bool) {
			t.Helper()
			for id, silent := range want {
				s, err := w.Silence(ctx, w.hanna, id)
				if err != nil || (s != nil) != silent || s != nil && (s.ConversationID != begun || s.Cause != CauseFlood) {
					t.Errorf("%s, conversation %d: %+v, %v", what, id, s, err)
				}
			}
		}
		shows("while it lasts", map[int64]bool{begun: true, before: true, later: true, stranger: false})
		w.want(w.EndSilence(ctx, w.hanna, stranger), "end what is not there")
		shows("after somebody else's ended", map[int64]bool{begun: true, before: true, later: true})
		w.want(w.EndSilence(ctx, w.hanna, before), "end")
		shows("after its end", map[int64]bool{begun: false, before: false, later: false})
		w.settle()
		if ended, err := db.All(ctx, w.d, db.Int64, "SELECT conversation_id FROM events WHERE kind = $1", EventUnsilenced); err != nil || !slices.Equal(ended, []int64{begun}) {
			t.Errorf("told of in the history of %v, %v", ended, err)
		}
		w.clk.Advance(day)
		if list := w.comes(w.mail("ewa@harbour.example", "A new day")); len(list) != 2 {
			t.Error("nothing automatic leaves after the end")
		}
	})
}

// A forged sender silences the conversation alone: whose address it truly is has
// not written.
func TestMAIL12AForgedFloodShowsOnlyWhereItCame(t *testing.T) {
	each(t, Caps{}, func(w world) {
		other := w.comes(w.mail("ewa@harbour.example", "Mine"))[0].ConversationID
		c := w.comes(w.mail("ewa@harbour.example", "First"))[0].ConversationID
		if s := w.more(20, c, time.Second, func(in *channel.Inbound) { in.Proof = channel.ProofFail }); s == nil || s.Address != "" {
			t.Fatalf("no silence, or of an address: %+v", s)
		}
		if s, err := w.Silence(ctx, w.hanna, other); s != nil || err != nil {
			t.Errorf("the other conversation shows %+v, %v", s, err)
		}
	})
}

// Whoever opens a conversation asks for its silence, so no silence but those of
// its customer is looked at.
func TestASilenceIsFoundByItsIndexes(t *testing.T) {
	t.Parallel()
	d := testkit.SQLite(t)
	query, args := inForce(1, 2, []string{"ewa@harbour.example", "ewa@home.example"}, noon)
	plan := strings.Join(testkit.Plan(t, d, query, args...), "\n")
	if strings.Contains(plan, "SCAN") || strings.Contains(plan, "(workspace_id=?)") || !strings.Contains(plan, "silences_address (workspace_id=? AND address_key=?)") ||
		!strings.Contains(plan, "(workspace_id=? AND conversation_id=?)") {
		t.Errorf("plan:\n%s", plan)
	}
}
