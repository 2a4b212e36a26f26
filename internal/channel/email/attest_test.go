package email

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/channel/email/signing"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/outbound"
	"rapport/internal/platform/resolver"
	"rapport/internal/testkit"
)

func TestADomainIsCheckedAndItsMailSigned(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		ctx, w, p, dns := context.Background(), channeltest.NewWorld(t, d), startPeer(t), testkit.StartDNS(t)
		names := resolver.New(outbound.NewResolver(dns.Addr), clock.System)
		w.Channels.Register(New(Deps{Key: w.Key, Blobs: w.Blobs, Guard: outbound.New(testkit.Loopback, outbound.NewResolver(dns.Addr)), Names: names, Clock: clock.System,
			Keys: signing.New(d, w.Key.Box("signing"), names, clock.System)}))
		w.Start()
		with := hello()
		with.Email.SMTP = &p.server
		inbox := w.Inbox(with)
		check := func(address, host, what, state, words string) channel.DomainCheck {
			t.Helper()
			c, err := w.Channels.CheckDomain(ctx, w.Owner, address, host, what)
			if err != nil || c.Name != what || c.State != state || !strings.Contains(c.Message, words) {
				t.Errorf("%s of %s: %+v, %v; want %s %q", what, address, c, err, state, words)
			}
			return c
		}
		leaves := func() string {
			t.Helper()
			n := len(p.got())
			_, err := w.Channels.StartRoundTrip(ctx, w.Owner, inbox.ID)
			testkit.Require(t, err)
			w.Eventually("the mail to leave", func() bool { return len(p.got()) > n })
			return p.got()[n]
		}
		if c := check("hello@miska.example", "127.0.0.1", "spf", "failed", "does not say who may send"); c.Lines[0].Value != "v=spf1 ip4:127.0.0.1 ~all" {
			t.Errorf("the line is %+v", c.Lines)
		}
		check("hello@miska.example", "127.0.0.1", "dmarc", "failed", "says nothing")
		if c := check("hello@miska.example", "127.0.0.1", "dkim", "warning", "does not sign"); !c.CanMakeKey || len(c.Lines) != 0 {
			t.Errorf("before a key: %+v", c)
		}
		check("ewa@gmail.com", "smtp.gmail.com", "dkim", "ok", "Gmail looks after this")
		check("hello@miska.example", "smtp.gmail.com", "dkim", "failed", "no key at google._domainkey.miska.example")
		dns.TXT("google._domainkey.suite.example", "v=DKIM1; k=rsa; p=x")
		check("hello@suite.example", "smtp.gmail.com", "dkim", "ok", "Gmail signs your mail")

		testkit.Require(t, w.Channels.NewSigningKey(ctx, w.Owner, "hello@miska.example"))
		waits := check("hello@miska.example", "127.0.0.1", "dkim", "failed", "waits for its lines")
		if strings.Contains(leaves(), "DKIM-Signature") {
			t.Error("a key that nobody can look up signs")
		}
		for _, l := range waits.Lines {
			dns.TXT(l.Name, l.Value)
		}
		check("hello@miska.example", "127.0.0.1", "dkim", "ok", "Mail is signed with")
		mail := leaves()
		found, err := dkim.VerifyWithOptions(bytes.NewReader([]byte(mail)), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) { return names.LookupTXT(ctx, name) }})
		if err != nil || len(found) != 2 || found[0].Err != nil || found[1].Err != nil || found[0].Domain != "miska.example" {
			t.Errorf("its receiver finds %+v, %v\n%s", found, err, mail)
		}
	})
}

func TestAProviderThatSignsIsLeftToIt(t *testing.T) {
	t.Parallel()
	ctx, w, dns := context.Background(), channeltest.NewWorld(t, testkit.SQLite(t)), testkit.StartDNS(t)
	names := resolver.New(outbound.NewResolver(dns.Addr), clock.System)
	keys := signing.New(w.DB, w.Key.Box("signing"), names, clock.System)
	a := New(Deps{Key: w.Key, Blobs: w.Blobs, Names: names, Clock: clock.System, Keys: keys})
	testkit.Require(t, keys.Make(ctx, 7, "miska.example"))
	list, err := keys.Of(ctx, 7, "miska.example")
	testkit.Require(t, err)
	for _, k := range list {
		dns.TXT(k.Name(), k.Line())
	}
	_, _, err = keys.Look(ctx, 7, "miska.example")
	testkit.Require(t, err)
	for host, want := range map[string]int{"smtp.gmail.com": 0, "smtp.office365.com": 0, "mail.miska.example": 2, "ssl0.ovh.net": 2} {
		built, err := a.Build(ctx, channel.Inbox{WorkspaceID: 7, Name: "Miska", Address: "hello@miska.example", Email: &channel.EmailSettings{SMTP: &channel.Server{Host: host}}},
			channel.Outbound{ID: 1, System: true, To: []channel.Party{{Address: "ewa@harbour.example"}}, Subject: "Burek", Text: "He may eat."})
		if err != nil || bytes.Count(built.Bytes, []byte("DKIM-Signature:")) != want {
			t.Errorf("through %s: %d signatures, want %d, %v", host, bytes.Count(built.Bytes, []byte("DKIM-Signature:")), want, err)
		}
	}
}
