package proof_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"rapport/internal/channel"
	"rapport/internal/channel/email/proof"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/outbound"
	"rapport/internal/platform/resolver"
	"rapport/internal/testkit"
)

var ctx = context.Background()

// world is a name server that knows some domains, and the key that signs for
// all of them.
type world struct {
	*testing.T
	dns *testkit.DNS
	key ed25519.PrivateKey
	*proof.Checker
}

func newWorld(t *testing.T) world {
	w := world{T: t, dns: testkit.StartDNS(t), key: ed25519.NewKeyFromSeed(make([]byte, 32))}
	clk := clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	w.Checker = proof.New(resolver.New(outbound.NewResolver(w.dns.Addr), clk))
	public := "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(w.key.Public().(ed25519.PublicKey))
	for _, domain := range []string{"harbour.example", "news.harbour.example", "evil.example", "silent.example", "strict.example", "mail.strict.example"} {
		w.dns.TXT("k1._domainkey."+domain, public)
	}
	w.dns.TXT("harbour.example", "v=spf1 ip4:203.0.113.5 -all")
	w.dns.TXT("_dmarc.harbour.example", "v=DMARC1; p=reject")
	w.dns.TXT("watching.example", "v=spf1 ip4:203.0.113.5 ~all")
	w.dns.TXT("_dmarc.watching.example", "v=DMARC1; p=none")
	w.dns.TXT("_dmarc.watchingspf.example", "v=DMARC1; p=none")
	w.dns.TXT("watchingspf.example", "v=spf1 ip4:203.0.113.5 -all")
	w.dns.TXT("_dmarc.below.example", "v=DMARC1; p=reject; sp=none")
	w.dns.TXT("strict.example", "v=spf1 -all")
	w.dns.TXT("mail.strict.example", "v=spf1 ip4:203.0.113.5 -all")
	w.dns.TXT("_dmarc.strict.example", "v=DMARC1; p=quarantine; adkim=s; aspf=s")
	w.dns.TXT("onlyspf.example", "v=spf1 ip4:203.0.113.5 -all")
	w.dns.TXT("soft.example", "v=spf1 ip4:203.0.113.5 ~all")
	w.dns.TXT("evil.example", "v=spf1 +all")
	w.dns.TXT("broken.example", "v=spf1 -all")
	w.dns.TXT("_dmarc.broken.example", "v=DMARC1; p=perhaps")
	w.dns.TXT("_dmarc.co.uk", "v=DMARC1; p=reject")
	w.dns.Fail("k2._domainkey.harbour.example")
	w.dns.Fail("k2._domainkey.evil.example")
	w.dns.Fail("_dmarc.silent.example")
	return w
}

const plain = "To: help@shop.example\r\nSubject: Hello\r\nDate: Sun, 22 Nov 2026 09:00:00 +0000\r\n\r\nWhere is my parcel?\r\n"

func (w world) sign(mail, domain, selector string) string {
	w.Helper()
	var signed bytes.Buffer
	err := dkim.Sign(&signed, strings.NewReader(mail), &dkim.SignOptions{Domain: domain, Selector: selector, Signer: w.key,
		HeaderKeys: []string{"From", "Subject", "To"}, HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed})
	if err != nil {
		w.Fatal(err)
	}
	return signed.String()
}

func from(address string) string { return "From: Ewa <" + address + ">\r\n" + plain }

func handed(client, sender string) proof.Handed {
	return proof.Handed{Client: netip.MustParseAddr(client), Helo: "mx.somewhere.example", Sender: sender}
}

func TestWhoWrote(t *testing.T) {
	w := newWorld(t)
	own, foreign := "203.0.113.5", "198.51.100.9"
	ewa := "ewa@harbour.example"
	for _, c := range []struct {
		name string
		mail string
		from string
		by   proof.Handed
		want channel.Proof
		why  string // by and domain
	}{
		{"signed by the domain", w.sign(from(ewa), "harbour.example", "k1"), ewa, handed(foreign, "bounce@list.example"), "pass", "dkim harbour.example"},
		{"signed by a name below", w.sign(from(ewa), "news.harbour.example", "k1"), ewa, handed(foreign, ""), "pass", "dkim news.harbour.example"},
		{"fetched, signed", w.sign(from(ewa), "harbour.example", "k1"), ewa, proof.Handed{}, "pass", "dkim harbour.example"},
		{"sent by the domain's server", from(ewa), ewa, handed(own, ewa), "pass", "spf harbour.example"},
		{"the same under an IPv6 that stands for it", from(ewa), ewa, handed("::ffff:203.0.113.5", ewa), "pass", "spf harbour.example"},
		{"spoofed", from(ewa), ewa, handed(foreign, ewa), "fail", "dmarc harbour.example"},
		{"spoofed with an envelope of one's own", from(ewa), ewa, handed(foreign, "eve@evil.example"), "fail", "dmarc harbour.example"},
		{"spoofed with a signature of one's own", w.sign(from(ewa), "evil.example", "k1"), ewa, handed(foreign, "eve@evil.example"), "fail", "dmarc harbour.example"},
		{"spoofed with a signature that nobody answers for", w.sign(from(ewa), "evil.example", "k2"), ewa, handed(foreign, "eve@evil.example"), "fail", "dmarc harbour.example"},
		{"the same beside a false one of the sender's", "DKIM-Signature: v=1; a=ed25519-sha256; d=harbour.example; s=k1; h=from; bh=AA==; b=AA==\r\n" + w.sign(from(ewa), "evil.example", "k2"), ewa,
			handed(foreign, "eve@evil.example"), "fail", "dmarc harbour.example"},
		{"spoofed with an envelope that nobody answers for", from(ewa), ewa, handed(foreign, "eve@silent.example"), "fail", "dmarc harbour.example"},
		{"spoofed from a name below", from("boss@pay.harbour.example"), "boss@pay.harbour.example", handed(foreign, ""), "fail", "dmarc pay.harbour.example"},
		{"signed, then changed", strings.Replace(w.sign(from(ewa), "harbour.example", "k1"), "parcel", "money", 1), ewa, handed(foreign, ewa), "fail", "dmarc harbour.example"},
		{"signed, then another sender", strings.Replace(w.sign(from("jan@harbour.example"), "harbour.example", "k1"), "jan@", "ewa@", 1), ewa, handed(foreign, ewa), "fail", "dmarc harbour.example"},
		{"the domain only watches", from("ewa@watching.example"), "ewa@watching.example", handed(foreign, "ewa@watching.example"), "none", "dmarc watching.example"},
		{"the domain only watches, and forbids the server", from("ewa@watchingspf.example"), "ewa@watchingspf.example", handed(foreign, "ewa@watchingspf.example"), "none", "dmarc watchingspf.example"},
		{"the domain only watches, its own server", from("ewa@watchingspf.example"), "ewa@watchingspf.example", handed(own, "ewa@watchingspf.example"), "pass", "spf watchingspf.example"},
		{"the domain only watches names below", from("ewa@shop.below.example"), "ewa@shop.below.example", handed(foreign, ""), "none", "dmarc shop.below.example"},
		{"and acts on its own", from("ewa@below.example"), "ewa@below.example", handed(foreign, ""), "fail", "dmarc below.example"},
		{"the domain only watches, two senders", "From: a@watching.example, eve@evil.example\r\n" + plain, "a@watching.example", handed(foreign, ""), "fail", "senders "},
		{"strict, signed by the name", w.sign(from("a@strict.example"), "strict.example", "k1"), "a@strict.example", handed(foreign, ""), "pass", "dkim strict.example"},
		{"strict, signed by a name below", w.sign(from("a@strict.example"), "mail.strict.example", "k1"), "a@strict.example", handed(foreign, ""), "fail", "dmarc strict.example"},
		{"strict, sent under a name below", from("a@strict.example"), "a@strict.example", handed(own, "x@mail.strict.example"), "fail", "dmarc strict.example"},
		{"no policy, forbidden server", from("a@onlyspf.example"), "a@onlyspf.example", handed(foreign, "a@onlyspf.example"), "fail", "spf onlyspf.example"},
		{"no policy, another envelope", from("a@onlyspf.example"), "a@onlyspf.example", handed(foreign, "eve@evil.example"), "none", "nothing onlyspf.example"},
		{"no policy, an envelope whose domain forbids", from("a@soft.example"), "a@soft.example", handed(foreign, "a@onlyspf.example"), "none", "nothing soft.example"},
		{"no policy, doubtful server", from("a@soft.example"), "a@soft.example", handed(foreign, "a@soft.example"), "none", "nothing soft.example"},
		{"a policy nobody can read", from("a@broken.example"), "a@broken.example", handed(foreign, "eve@evil.example"), "none", "nothing broken.example"},
		{"a report goes by what the server calls itself", from("postmaster@harbour.example"), "postmaster@harbour.example",
			proof.Handed{Client: netip.MustParseAddr(own), Helo: "harbour.example"}, "pass", "spf harbour.example"},
		{"nothing published", from("kim@nowhere.example"), "kim@nowhere.example", handed(foreign, "kim@nowhere.example"), "none", "nothing nowhere.example"},
		{"two under one suffix are not one owner", from("a@one.co.uk"), "a@one.co.uk", handed(own, "a@two.co.uk"), "none", "nothing one.co.uk"},
		{"the key is not told", w.sign(from(ewa), "harbour.example", "k2"), ewa, handed(foreign, ewa), "unchecked", "silence harbour.example"},
		{"the policy is not told", from("a@silent.example"), "a@silent.example", handed(foreign, "a@silent.example"), "unchecked", "silence silent.example"},
		{"fetched, without a signature", from(ewa), ewa, proof.Handed{}, "unchecked", "no_signature harbour.example"},
		{"behind a server of our own", "Received: from x\r\nReceived: from y\r\n" + from(ewa), ewa, handed("10.0.0.2", ewa), "unchecked", "no_signature harbour.example"},
		{"on this machine, from nobody else", "Received: from x\r\n" + from(ewa), ewa, handed("127.0.0.1", ewa), "fail", "dmarc harbour.example"},
		{"two senders", "From: " + ewa + ", eve@evil.example\r\n" + plain, ewa, handed(own, ewa), "fail", "senders "},
		{"two From fields", "From: " + ewa + "\r\n" + w.sign(from("jan@harbour.example"), "harbour.example", "k1"), ewa, handed(own, ewa), "fail", "senders "},
		{"a From field in disguise", "From : eve@evil.example\r\n" + from(ewa), ewa, handed(own, ewa), "fail", "senders "},
		{"another is shown", from("eve@evil.example"), ewa, handed(own, ewa), "fail", "senders "},
		{"no From: the envelope is shown", plain, ewa, handed(own, ewa), "pass", "spf harbour.example"},
		{"no From, spoofed envelope", plain, ewa, handed(foreign, ewa), "fail", "dmarc harbour.example"},
		{"no sender at all", plain, "unknown@invalid", handed(own, ""), "unchecked", "no_address "},
	} {
		got, why := w.Check(ctx, proof.Mail{Raw: []byte(c.mail), From: c.from, Handed: c.by})
		if said := why.By + " " + why.Domain; got != c.want || said != c.why {
			t.Errorf("%s: %s by %s, want %s by %s", c.name, got, said, c.want, c.why)
		}
	}
}

// A name server that hangs makes mails unchecked, and soon costs no wait.
func TestADeadNameServerOnlyLeavesMailsUnchecked(t *testing.T) {
	w := newWorld(t)
	w.dns.Hang(true)
	for i := range 8 {
		mail := w.sign(from("ewa@harbour.example"), "harbour.example", "k1")
		got, why := w.Check(ctx, proof.Mail{Raw: []byte(mail), From: "ewa@harbour.example", Handed: handed("198.51.100.9", "ewa@harbour.example")})
		if got != channel.ProofUnchecked || why.By != channel.BySilence {
			t.Fatalf("mail %d: %s by %s", i, got, why.By)
		}
	}
	if n := len(w.dns.Asked()); n > 20 {
		t.Errorf("a silent name server was asked %d times", n)
	}
}

func TestTheWorkIsBounded(t *testing.T) {
	w := newWorld(t)
	ewa := "ewa@harbour.example"
	check := func(mail string) (channel.Proof, string) {
		p, why := w.Check(ctx, proof.Mail{Raw: []byte(mail), From: ewa, Handed: handed("198.51.100.9", ewa)})
		return p, why.By
	}
	true1 := w.sign(from(ewa), "harbour.example", "k1")
	many := true1
	for i := range 500 {
		many = fmt.Sprintf("DKIM-Signature: v=1; a=ed25519-sha256; d=other%d.example; s=x; h=from; bh=AA==; b=AA==\r\n", i) + many
	}
	before := len(w.dns.Asked())
	if p, by := check(many); p != channel.ProofPass || by != channel.ByDKIM {
		t.Errorf("among 500 foreign signatures: %s by %s", p, by)
	}
	if n := len(w.dns.Asked()) - before; n > 6 {
		t.Errorf("500 foreign signatures cost %d questions", n)
	}
	own := true1
	for i := range 500 {
		own = fmt.Sprintf("DKIM-Signature: v=1; a=ed25519-sha256; d=harbour.example; s=x%d; h=from; bh=AA==; b=AA==\r\n", i) + own
	}
	before = len(w.dns.Asked())
	if p, _ := check(own); p != channel.ProofFail {
		t.Errorf("behind 500 false signatures: %s", p)
	}
	if n := len(w.dns.Asked()) - before; n > 9 {
		t.Errorf("500 signatures of the sender cost %d questions", n)
	}
	if p, _ := check("X-Bomb: " + strings.Repeat("x", 200<<10) + "\r\n" + true1); p != channel.ProofFail {
		t.Errorf("under a header of 200 KB: %s", p)
	}
	if p, _ := check("DKIM-Signature: v=1; d=harbour.example; s=k1; h=" + strings.Repeat("from:", 4000) + "\r\n" + true1); p != channel.ProofPass {
		t.Errorf("beside a signature of 20 KB: %s", p)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(from("ewa@harbour.example")), "ewa@harbour.example")
	f.Add([]byte("From: a@b.example\nDKIM-Signature: d=b.example; s=x\n\nx"), "a@b.example")
	f.Add([]byte("\r\n"), "@")
	dns := testkit.StartDNS(f)
	c := proof.New(resolver.New(outbound.NewResolver(dns.Addr), clock.System))
	f.Fuzz(func(t *testing.T, raw []byte, shown string) {
		if p, _ := c.Check(ctx, proof.Mail{Raw: raw, From: shown, Handed: handed("198.51.100.9", shown)}); p == channel.ProofPass {
			t.Errorf("nobody publishes anything, and %q passes", shown)
		}
	})
}
