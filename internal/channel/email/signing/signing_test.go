package signing

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/db"
	"rapport/internal/platform/outbound"
	"rapport/internal/platform/resolver"
	"rapport/internal/platform/secret"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const mail = "From: Miska <hello@miska.example>\r\nTo: ewa@harbour.example\r\nSubject: Burek\r\nMessage-ID: <1@miska.example>\r\n\r\nHe may eat.\r\n"

// by verifies a mail as its receiver would, and tells which keys have signed it.
// The receiver asks for itself: whatever our resolver has given up is not its.
func by(t *testing.T, dns *testkit.DNS, mail []byte) string {
	t.Helper()
	names := resolver.New(outbound.NewResolver(dns.Addr), clock.System)
	found, err := dkim.VerifyWithOptions(bytes.NewReader(mail), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) { return names.LookupTXT(t.Context(), name) }})
	testkit.Require(t, err)
	var out []string
	for _, v := range found {
		if v.Err != nil || v.Domain != "miska.example" {
			t.Errorf("a signature of %s does not hold: %v", v.Domain, v.Err)
		}
	}
	for field := range strings.SplitSeq(string(mail), "DKIM-Signature:") {
		if _, rest, ok := strings.Cut(strings.Join(strings.Fields(field), ""), ";s="); ok {
			selector, _, _ := strings.Cut(rest, ";")
			out = append(out, selector)
		}
	}
	return strings.Join(out, " ")
}

func TestAKeySignsOnceItsLineWasSeen(t *testing.T) {
	testkit.EachEngine(t, func(t *testing.T, d *db.DB) {
		ctx, dns := context.Background(), testkit.StartDNS(t)
		names := resolver.New(outbound.NewResolver(dns.Addr), clock.System)
		k := New(d, secret.Generate().Box("signing"), names, clock.NewFake(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)))
		sign := func() string { return by(t, dns, k.Sign(ctx, 7, "miska.example", []byte(mail))) }
		look := func() []Key {
			list, silent, err := k.Look(ctx, 7, "miska.example")
			if err != nil || silent {
				t.Fatalf("look: %v, silent %v", err, silent)
			}
			return list
		}
		testkit.Require(t, k.Make(ctx, 7, "miska.example"))
		testkit.Require(t, k.Make(ctx, 7, "miska.example")) // pressed twice
		list := look()
		if len(list) != 2 || sign() != "" {
			t.Fatalf("%d keys, signed by %q before anything was published", len(list), sign())
		}
		ed, rsa := list[0], list[1]
		dns.TXT(rsa.Name(), strings.ReplaceAll(rsa.Line(), "; ", ";"))
		if sign() != "" {
			t.Error("it signs before its line was looked at")
		}
		look()
		if got := sign(); got != rsa.Selector {
			t.Errorf("signed by %q, want %q", got, rsa.Selector)
		}
		dns.TXT(ed.Name(), ed.Line())
		look()
		if got := sign(); got != rsa.Selector+" "+ed.Selector && got != ed.Selector+" "+rsa.Selector {
			t.Errorf("signed by %q, want both", got)
		}
		both := sign()
		// A new pair stands beside the old one until it is seen.
		testkit.Require(t, k.Make(ctx, 7, "miska.example"))
		fresh := look()
		if len(fresh) != 4 || sign() != both {
			t.Errorf("%d keys, signed by %q while the new ones wait", len(fresh), sign())
		}
		for _, key := range fresh[:2] {
			dns.TXT(key.Name(), key.Line())
		}
		testkit.Require(t, k.LookAtAll(ctx))
		if got := sign(); !strings.Contains(got, fresh[0].Selector) || !strings.Contains(got, fresh[1].Selector) || strings.Contains(got, rsa.Selector) {
			t.Errorf("signed by %q, want the new ones", got)
		}
		// Another's key under our name, or none, harms no mail.
		dns.TXT(fresh[0].Name(), "v=DKIM1; k=rsa; p=")
		look()
		if got := sign(); strings.Contains(got, fresh[0].Selector) {
			t.Errorf("signed by %q, though its line is gone", got)
		}
		dns.Hang(true)
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		if _, silent, err := k.Look(short, 7, "miska.example"); !silent || err != nil {
			t.Errorf("a name server that hangs: silent %v, %v", silent, err)
		}
		dns.Hang(false)
		if sign() == "" {
			t.Error("a name server that did not answer has taken the signature")
		}
		if got := k.Sign(ctx, 8, "miska.example", []byte(mail)); string(got) != mail {
			t.Error("another workspace signs with our key")
		}
	})
}

// sealBroken opens nothing, as with another master key.
type sealBroken struct{ Box }

func (sealBroken) Open(string, int64, []byte) ([]byte, error) { return nil, errors.New("another key") }

func TestWhatCannotBeSignedLeavesUnsigned(t *testing.T) {
	t.Parallel()
	ctx, dns, d := context.Background(), testkit.StartDNS(t), testkit.SQLite(t)
	k := New(d, sealBroken{secret.Generate().Box("signing")}, resolver.New(outbound.NewResolver(dns.Addr), clock.System), clock.System)
	testkit.Require(t, k.Make(ctx, 7, "miska.example"))
	list, err := k.Of(ctx, 7, "miska.example")
	testkit.Require(t, err)
	for _, key := range list {
		dns.TXT(key.Name(), key.Line())
		if bytes.Contains(key.sealed, []byte("PRIVATE")) || len(key.sealed) == 0 {
			t.Error("the secret part lies open")
		}
	}
	_, _, err = k.Look(ctx, 7, "miska.example")
	testkit.Require(t, err)
	if got := k.Sign(ctx, 7, "miska.example", []byte(mail)); string(got) != mail {
		t.Errorf("got %q", got)
	}
}
