package email

import (
	"context"
	"fmt"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/outbound"
	"rapport/internal/platform/resolver"
	"rapport/internal/testkit"
)

// checking is a world whose mails are checked by a name server of its own.
func checking(t *testing.T) (*channeltest.World, *Adapter, *testkit.DNS) {
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	dns := testkit.StartDNS(t)
	dns.TXT("harbour.example", "v=spf1 ip4:127.0.0.1 -all")
	dns.TXT("_dmarc.harbour.example", "v=DMARC1; p=reject")
	dns.TXT("_dmarc.bank.example", "v=DMARC1; p=reject")
	names := resolver.New(outbound.NewResolver(dns.Addr), clock.System)
	a := New(Deps{Key: w.Key, Blobs: w.Blobs, Guard: outbound.New(testkit.Loopback, outbound.NewResolver("")), Names: names, Clock: clock.System, Host: "mail.miska.example"})
	w.Channels.Register(a)
	w.Inbox(hello())
	w.Start()
	return w, a, dns
}

func from(address string, n int) string {
	return fmt.Sprintf("From: %s\r\nTo: hello@miska.example\r\nSubject: Hello\r\nMessage-ID: <%d@x.example>\r\n\r\nWhere is it?", address, n)
}

// What came through the door is checked with the client, the name it gave
// itself and the envelope; what the mail claims of them counts for nothing.
func TestMAIL16ASpoofedSenderIsKnownAsOne(t *testing.T) {
	t.Parallel()
	w, _, _ := checking(t)
	c := openDoor(t, w) // every mail has the envelope of ewa@harbour.example
	c.mail("hello@miska.example", from("ewa@harbour.example", 1))
	c.mail("hello@miska.example", "Return-Path: <clerk@bank.example>\r\nReceived-SPF: pass\r\nAuthentication-Results: mail.miska.example; dmarc=pass\r\n"+from("clerk@bank.example", 2))
	c.mail("hello@miska.example", from("kim@nowhere.example", 3))
	w.Settled(3)
	for _, in := range w.Receiver.Got() {
		want := map[string]channel.Proof{"ewa@harbour.example": channel.ProofPass, "clerk@bank.example": channel.ProofFail, "kim@nowhere.example": channel.ProofNone}[in.From.Address]
		if in.Proof != want || in.Finding.By == "" || in.Finding.Domain == "" {
			t.Errorf("%s is %s by %+v, want %s", in.From.Address, in.Proof, in.Finding, want)
		}
	}
	list, err := w.Channels.Receipts(context.Background(), w.Owner, channel.ReceiptFilter{Limit: 10})
	if err != nil || list[0].Envelope != (channel.Envelope{Client: "127.0.0.1", Helo: "client.example", Sender: "ewa@harbour.example"}) {
		t.Errorf("envelope %+v, %v", list[0].Envelope, err)
	}
}

// A dead name server holds nothing up for long, rejects nothing, quarantines
// nothing.
func TestMAIL16ADeadNameServerOnlyLeavesMailsUnchecked(t *testing.T) {
	t.Parallel()
	w, _, dns := checking(t)
	dns.Hang(true)
	c := openDoor(t, w)
	for i := range 12 {
		c.mail("hello@miska.example", from("clerk@bank.example", i))
	}
	counters := w.Settled(12)
	if counters.Applied != 12 {
		t.Errorf("counters %+v", counters)
	}
	for _, in := range w.Receiver.Got() {
		if in.Proof != channel.ProofUnchecked || in.Finding.By != channel.BySilence {
			t.Errorf("%s by %+v", in.Proof, in.Finding)
		}
	}
}

// Of a mail out of a mailbox only the signature counts, and years of old mail
// are not checked at all.
func TestMAIL16FetchedMailIsJudgedByItsSignatureAlone(t *testing.T) {
	t.Parallel()
	_, a, dns := checking(t)
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	mail := []byte("Return-Path: <ewa@harbour.example>\r\nReceived: from mx.harbour.example ([127.0.0.1]) by imap.provider.example\r\n" + from("ewa@harbour.example", 1) + "\r\n")
	in := channel.Inbound{From: channel.Party{Address: "ewa@harbour.example"}, SentAt: now}
	for _, c := range []struct {
		age time.Duration
		by  string
	}{{0, channel.ByNoSignature}, {fresh, channel.ByNoSignature}, {fresh + time.Second, ""}} {
		asked := len(dns.Asked())
		proof, finding := a.Prove(context.Background(), channel.Receipt{ReceivedAt: now.Add(c.age)}, mail, in)
		if proof != channel.ProofUnchecked || finding.By != c.by || (len(dns.Asked()) > asked) != (c.by != "") {
			t.Errorf("after %v: %s by %+v", c.age, proof, finding)
		}
	}
}
