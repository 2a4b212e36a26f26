package email

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/platform/db"
	"rapport/internal/testkit"
)

// stumbling is the mail channel with a bug in its parser, which can be mended.
type stumbling struct {
	*Adapter
	mended atomic.Bool
}

func (s *stumbling) Parse(ctx context.Context, inbox channel.Inbox, r channel.Receipt, raw []byte) (channel.Inbound, error) {
	if strings.Contains(string(raw), "Burek 2") && !s.mended.Load() {
		panic("index out of range")
	}
	return s.Adapter.Parse(ctx, inbox, r, raw)
}

// TestMAIL03AParserThatPanics: the mail waits with its bytes, the next one goes
// on, and after the mend a person has it handled again.
func TestMAIL03AParserThatPanics(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		w := channeltest.NewWorld(t, d)
		parser := &stumbling{Adapter: adapter(w)}
		w.Channels.Register(parser)
		inbox := w.Inbox(hello())
		w.Start()
		for n, key := range []string{"first", "second", "third"} {
			if err := w.Channels.Accept(context.Background(), []channel.Arrival{{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, SourceKey: key, Raw: sample(n + 1)}}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if c := w.Settled(3); c.Applied != 2 || c.Quarantined != 1 {
			t.Fatalf("%+v, want one in quarantine and the others applied", c)
		}
		waiting, err := w.Channels.Receipts(context.Background(), w.Owner, channel.ReceiptFilter{State: channel.Quarantined, Limit: 10})
		if err != nil || len(waiting) != 1 || waiting[0].Reason == "" {
			t.Fatalf("in quarantine: %+v, %v", waiting, err)
		}
		raw, err := w.Channels.Source(context.Background(), w.Owner, waiting[0].ID)
		if err != nil || string(raw) != string(sample(2)) {
			t.Errorf("its bytes: %q, %v", raw, err)
		}
		parser.mended.Store(true)
		if _, err := w.Channels.Replay(context.Background(), w.Owner, waiting[0].ID); err != nil {
			t.Fatal(err)
		}
		if c := w.Settled(3); c.Applied != 3 || len(w.Receiver.Got()) != 3 {
			t.Errorf("after the mend: %+v", c)
		}
	})
}

// TestMAIL31WhatWasDeletedStaysDeleted: the receiver has forgotten the message,
// and the server gives the mail another number.
func TestMAIL31WhatWasDeletedStaysDeleted(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		w := channeltest.NewWorld(t, d)
		w.Channels.Register(adapter(w))
		inbox := w.Inbox(hello())
		w.Start()
		arrives := func(key string, raw []byte, accepted int64) channel.Counters {
			t.Helper()
			if err := w.Channels.Accept(context.Background(), []channel.Arrival{{WorkspaceID: inbox.WorkspaceID, InboxID: inbox.ID, SourceKey: key, Raw: raw}}, nil); err != nil {
				t.Fatal(err)
			}
			return w.Settled(accepted)
		}
		arrives("imap:1:1", sample(1), 1)
		w.Receiver.Forget()
		if c := arrives("imap:2:1", sample(1), 2); c.Applied != 1 || c.Rejected != 1 {
			t.Errorf("%+v: it came back", c)
		}
		if c := arrives("imap:2:2", sample(2), 3); c.Applied != 2 {
			t.Errorf("%+v: another mail did not come in", c)
		}
		other := hello()
		other.Address = "orders@miska.example"
		elsewhere := w.Inbox(other)
		if err := w.Channels.Accept(context.Background(), []channel.Arrival{{WorkspaceID: elsewhere.WorkspaceID, InboxID: elsewhere.ID, SourceKey: "imap:2:1", Raw: sample(1)}}, nil); err != nil {
			t.Fatal(err)
		}
		if c := w.Settled(4); c.Applied != 3 {
			t.Errorf("%+v: the other inbox has not got it", c)
		}
	})
}
