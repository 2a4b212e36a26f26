package email

import (
	"context"
	"strings"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/channel/email/provider"
	"rapport/internal/channel/roundtrip"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/outbound"
	"rapport/internal/testkit"
)

func TestAMailMakesTheRoundTrip(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		ctx, w, p := context.Background(), channeltest.NewWorld(t, d), startPeer(t)
		w.Channels.Register(adapter(w))
		w.Start()
		with := hello()
		with.Email.SMTP = &p.server
		inbox := w.Inbox(with)
		stands := func() roundtrip.Trip {
			v, err := w.Channels.RoundTrip(ctx, w.Owner, inbox.ID)
			testkit.Require(t, err)
			return v
		}
		start := func() {
			_, err := w.Channels.StartRoundTrip(ctx, w.Owner, inbox.ID)
			testkit.Require(t, err)
		}
		if v := stands(); v.State != roundtrip.NotTried {
			t.Errorf("before anything: %+v", v)
		}
		start()
		w.Eventually("the mail to leave", func() bool { return stands().State == roundtrip.Awaited })
		start()
		w.Eventually("another to leave", func() bool { return len(p.got()) == 2 && stands().State == roundtrip.Awaited })
		comesBack := func(n int) {
			testkit.Require(t, w.Channels.Accept(ctx, []channel.Arrival{{WorkspaceID: w.Owner.WorkspaceID, InboxID: inbox.ID, SourceKey: "smtp:" + strings.Repeat("x", int(w.Settled(int64(n-1)).Accepted)+1), Raw: []byte(p.got()[2-min(n, 2)])}}, nil))
			w.Settled(int64(n))
		}
		comesBack(1) // the newer
		if v := stands(); v.State != roundtrip.Arrived || v.ArrivedAt.Before(v.StartedAt) || v.Message != "" {
			t.Errorf("after it came back: %+v", v)
		}
		comesBack(2) // the older, which nobody waits for any more
		list, err := w.Channels.Receipts(ctx, w.Owner, channel.ReceiptFilter{Limit: 10})
		testkit.Require(t, err)
		if list[1].Reason != "test" || list[0].Reason != "loop" {
			t.Errorf("the receipts say %q, then %q", list[1].Reason, list[0].Reason)
		}
		if got := w.Receiver.Got(); len(got) != 0 {
			t.Errorf("a test mail became a message: %+v", got)
		}
		p.set("MAIL", "550 5.7.1 Not you")
		start()
		w.Eventually("the refusal", func() bool { return stands().State == roundtrip.Broken })
		if v := stands(); !strings.Contains(v.Message, "Not you") {
			t.Errorf("a refused one says %q", v.Message)
		}
	})
}

func TestARoundTripNeedsBothWays(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), channeltest.NewWorld(t, testkit.SQLite(t))
	w.Channels.Register(adapter(w))
	server := &channel.Server{Host: "mail.miska.example", Port: 993, Security: "tls"}
	for address, email := range map[string]*channel.EmailSettings{"deaf@miska.example": {}, "unread@miska.example": {SMTP: server, IMAP: server}} {
		n := hello()
		n.Address, n.Email = address, email
		if _, err := w.Channels.StartRoundTrip(ctx, w.Owner, w.Inbox(n).ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v, want Conflict", address, err)
		}
	}
}

// The name server knows who takes the domain's mail; nothing is signed in to.
func TestAnAddressIsRecognised(t *testing.T) {
	t.Parallel()
	dns := testkit.StartDNS(t)
	dns.MX("miska.example", "in1-smtp.messagingengine.com")
	dns.MX("own.example", "mx.own.example")
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	a := New(Deps{Key: w.Key, Blobs: w.Blobs, Guard: outbound.New(testkit.Loopback, outbound.NewResolver(dns.Addr)), Clock: clock.System})
	w.Channels.Register(a)
	v, err := w.Channels.Recognise(t.Context(), w.Owner, "Hello@miska.example")
	testkit.Require(t, err)
	if v.Provider != "fastmail" || v.MX != "in1-smtp.messagingengine.com" || v.IMAP.Host != "imap.fastmail.com" || v.SMTP.Port != 465 || v.Username != "hello@miska.example" || v.Password != "app" {
		t.Errorf("miska.example: %+v", v)
	}
	if v, err = w.Channels.Recognise(t.Context(), w.Owner, "hello@own.example"); err != nil || v.Provider != "" || v.IMAP != nil || v.SMTP != nil || v.Password != "own" {
		t.Errorf("own.example: %+v, %v", v, err)
	}
	if _, err := w.Channels.Recognise(t.Context(), w.Owner, "hello"); !fault.Is(err, fault.Invalid) {
		t.Errorf("no address: %v", err)
	}
}

// Of several servers that answer, the likeliest is taken, not the fastest; a
// real one is told from a port where nobody speaks.
func TestTheFirstServerThatAnswersIsTaken(t *testing.T) {
	t.Parallel()
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	a := New(Deps{Key: w.Key, Blobs: w.Blobs, Guard: loopback(), Clock: clock.System})
	relay, silent := startRelay(t), scriptedIMAP(t, "* BYE\r\n", nil)
	list := []provider.Server{{Host: "127.0.0.1", Port: silent.Port, Security: "none"}, {Host: "127.0.0.1", Port: relay.Port, Security: "none"}, {Host: "127.0.0.1", Port: 1, Security: "none"}}
	if got := first(t.Context(), list, a.answersSMTP); got == nil || got.Port != relay.Port {
		t.Errorf("SMTP: %+v", got)
	}
	if got := first(t.Context(), list, a.answersIMAP); got != nil {
		t.Errorf("IMAP: %+v, though nobody speaks it", got)
	}
}
