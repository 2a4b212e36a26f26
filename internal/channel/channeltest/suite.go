package channeltest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/testkit"
)

// Subject is a channel under test.
type Subject struct {
	Adapter channel.Adapter
	Inbox   channel.NewInbox
	// Sample is the n-th message of a customer, as it arrives.
	Sample func(n int) []byte
	// Poison is a message the adapter must refuse to parse.
	Poison []byte
	// Answer is what a customer's program sends back when it answers built; nil
	// for a channel whose answers leave elsewhere.
	Answer func(built channel.Built) []byte
	// Broken are settings the adapter must refuse.
	Broken []channel.NewInbox
}

// Run runs the suite on both engines.
func Run(t *testing.T, subject func(t *testing.T, w *World) Subject) {
	for name, test := range map[string]func(*testing.T, *World, Subject){
		"what is accepted is judged, once":             acceptedOnce,
		"poison is quarantined and hurts nobody else":  poison,
		"a failing receiver quarantines in the end":    failing,
		"an answer proves its conversation":            answers,
		"any bytes are parsed or refused, never worse": garbage,
		"broken settings are refused with a field":     settings,
	} {
		t.Run(name, func(t *testing.T) {
			testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
				w := NewWorld(t, d)
				s := subject(t, w)
				w.Channels.Register(s.Adapter)
				test(t, w, s)
			})
		})
	}
}

func arrival(inbox channel.Inbox, key string, raw []byte) channel.Arrival {
	return channel.Arrival{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, SourceKey: key, From: "ewa@harbour.example", Raw: raw}
}

func (w *World) accept(a ...channel.Arrival) {
	w.T.Helper()
	if err := w.Channels.Accept(context.Background(), a, nil); err != nil {
		w.T.Fatal(err)
	}
}

func acceptedOnce(t *testing.T, w *World, s Subject) {
	inbox := w.Inbox(s.Inbox)
	w.Start()
	for n := range 20 {
		w.accept(arrival(inbox, fmt.Sprint("key", n), s.Sample(n)))
	}
	for n := range 20 { // the same deliveries again: known by their keys
		w.accept(arrival(inbox, fmt.Sprint("key", n), s.Sample(n)))
	}
	w.accept(arrival(inbox, "another key", s.Sample(3))) // the same message by another way
	err := w.Channels.Accept(context.Background(), []channel.Arrival{arrival(inbox, "never", s.Sample(99))}, func(context.Context) error { return errors.New("the cursor cannot move") })
	if err == nil {
		t.Error("a mail was accepted although its cursor could not move")
	}
	c := w.Settled(21)
	kept, err := db.One(context.Background(), w.DB, db.Int64, "SELECT COUNT(*) FROM blob_refs WHERE owner = 'receipts'")
	if err != nil || kept != 21 {
		t.Errorf("raw bytes are kept %d times (%v), want 21", kept, err)
	}
	if c.Applied != 20 || c.Rejected != 1 || len(w.Receiver.Got()) != 20 {
		t.Errorf("counters %+v and %d received; want 20 applied, 1 rejected as a duplicate", c, len(w.Receiver.Got()))
	}
}

func poison(t *testing.T, w *World, s Subject) {
	ctx := context.Background()
	inbox := w.Inbox(s.Inbox)
	w.Start()
	w.accept(arrival(inbox, "poison", s.Poison))
	w.accept(arrival(inbox, "fine", s.Sample(1)))
	if c := w.Settled(2); c.Quarantined != 1 || c.Applied != 1 {
		t.Fatalf("counters %+v, want one quarantined and one applied", c)
	}
	list, err := w.Channels.Receipts(ctx, w.Owner, channel.ReceiptFilter{State: channel.Quarantined, Limit: 10})
	if err != nil || len(list) != 1 || list[0].Reason == "" || list[0].Attempts != 1 {
		t.Fatalf("quarantine: %+v, %v", list, err)
	}
	raw, err := w.Channels.Source(ctx, w.Owner, list[0].ID)
	if err != nil || string(raw) != string(s.Poison) {
		t.Errorf("the raw bytes were not kept: %v", err)
	}
	if _, err := w.Channels.Replay(ctx, w.Owner, list[0].ID); err != nil {
		t.Fatal(err)
	}
	if c := w.Settled(2); c.Quarantined != 1 {
		t.Errorf("after the replay: %+v", c)
	}
	if err := w.Channels.Discard(ctx, w.Owner, list[0].ID); err != nil {
		t.Fatal(err)
	}
	if c := w.Settled(2); c.Rejected != 1 {
		t.Errorf("after discarding: %+v", c)
	}
}

func failing(t *testing.T, w *World, s Subject) {
	inbox := w.Inbox(s.Inbox)
	broken := true
	w.Receiver.Fail = func(channel.Inbound) error {
		if broken {
			return errors.New("a bug")
		}
		return nil
	}
	w.Start()
	w.accept(arrival(inbox, "unlucky", s.Sample(1)))
	if c := w.Settled(1); c.Quarantined != 1 {
		t.Fatalf("counters %+v, want one quarantined", c)
	}
	list, _ := w.Channels.Receipts(context.Background(), w.Owner, channel.ReceiptFilter{Limit: 1})
	w.Receiver.mu.Lock()
	broken = false
	w.Receiver.mu.Unlock()
	if _, err := w.Channels.Replay(context.Background(), w.Owner, list[0].ID); err != nil {
		t.Fatal(err)
	}
	if c := w.Settled(1); c.Applied != 1 || len(w.Receiver.Got()) != 1 {
		t.Errorf("after the mend: %+v", c)
	}
}

func answers(t *testing.T, w *World, s Subject) {
	ctx := context.Background()
	inbox := w.Inbox(s.Inbox)
	if s.Answer == nil {
		if e, ok := s.Adapter.(channel.Elsewhere); !ok || e.Answers() == channel.AnswersToAddresses {
			t.Error("answers leave through the channel, and none comes back")
		}
		return
	}
	built, err := s.Adapter.Build(ctx, inbox, channel.Outbound{ID: 41, WorkspaceID: WorkspaceID, InboxID: inbox.ID, ConversationID: 4711, MessageID: 5,
		FromName: "Hanna Zielińska", To: []channel.Party{{Name: "Ewa", Address: "ewa@harbour.example"}}, Subject: "Re: 사료", Text: "Dzień dobry, zażółć gęślą jaźń."})
	if err != nil {
		t.Fatal(err)
	}
	in, err := s.Adapter.Parse(ctx, inbox, channel.Receipt{}, s.Answer(built))
	if err != nil || in.ConversationID != 4711 {
		t.Errorf("the answer belongs to conversation %d, err %v; want 4711", in.ConversationID, err)
	}
	if back, err := s.Adapter.Parse(ctx, inbox, channel.Receipt{}, built.Bytes); err != nil || back.Refused != "loop" {
		t.Errorf("our own message came back and was not recognised: %+v, %v", back.Refused, err)
	}
}

func garbage(t *testing.T, w *World, s Subject) {
	inbox := w.Inbox(s.Inbox)
	for _, raw := range []string{"", "\x00", "\r\n", strings.Repeat("\xff\xfe", 500), strings.Repeat("A", 70_000), "Subject: x\r\n\r\n" + strings.Repeat(".\r\n", 100)} {
		in, err := s.Adapter.Parse(context.Background(), inbox, channel.Receipt{}, []byte(raw))
		switch {
		case err == nil && in.ExternalID == "":
			t.Errorf("%.20q: parsed without an id", raw)
		case err == nil && strings.ContainsRune(in.Text+in.Subject+in.From.Name, 0):
			t.Errorf("%.20q: a NUL reached the text", raw)
		case err != nil && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge):
			t.Errorf("%.20q: refused with %v", raw, err)
		}
	}
}

func settings(t *testing.T, w *World, s Subject) {
	for i, n := range s.Broken {
		_, err := w.Channels.CreateInbox(context.Background(), w.Owner, n)
		if !fault.Is(err, fault.Invalid) || len(fault.FieldsOf(err)) == 0 || fault.MessageOf(err) == "" {
			t.Errorf("broken settings %d: %v, want a field and words", i, err)
		}
	}
	first := w.Inbox(s.Inbox)
	again := s.Inbox
	again.Address = first.Address // also one that the channel has given
	if _, err := w.Channels.CreateInbox(context.Background(), w.Owner, again); !fault.Is(err, fault.Invalid) {
		t.Errorf("one address for two inboxes: %v", err)
	}
}
