package resolver_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/outbound"
	"rapport/internal/platform/resolver"
	"rapport/internal/testkit"
)

var ctx = context.Background()

func world(t *testing.T) (*testkit.DNS, *resolver.Resolver, *clock.Fake) {
	dns := testkit.StartDNS(t)
	clk := clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	return dns, resolver.New(outbound.NewResolver(dns.Addr), clk), clk
}

func TestWhatTheServerSays(t *testing.T) {
	t.Parallel()
	dns, r, _ := world(t)
	long := strings.Repeat("0123456789", 300) // over UDP it does not fit
	dns.TXT("Harbour.example", "v=spf1 -all", long)
	dns.MX("harbour.example", "mx1.harbour.example", "mx2.harbour.example")
	dns.IP("mx1.harbour.example", "192.0.2.7", "2001:db8::7")
	dns.CNAME("www.harbour.example", "mx1.harbour.example")
	dns.Fail("broken.example")
	text := func(name string) func() (any, error) {
		return func() (any, error) { v, err := r.LookupTXT(ctx, name); return v, err }
	}
	for _, c := range []struct {
		name                  string
		ask                   func() (any, error)
		want                  string
		notFound, unavailable bool
	}{
		{"texts, put together", text("harbour.example"), "[v=spf1 -all " + long + "]", false, false},
		{"mail servers", func() (any, error) {
			v, err := r.LookupMX(ctx, "harbour.example")
			var hosts []string
			for _, mx := range v {
				hosts = append(hosts, mx.Host)
			}
			return hosts, err
		}, "[mx1.harbour.example. mx2.harbour.example.]", false, false},
		{"addresses", func() (any, error) { v, err := r.LookupIPAddr(ctx, "www.harbour.example"); return len(v), err }, "2", false, false},
		{"another name", func() (any, error) { v, err := r.LookupCNAME(ctx, "www.harbour.example"); return v, err }, "mx1.harbour.example.", false, false},
		{"no such name", text("nothing.example"), "[]", true, false},
		{"nothing of the kind", text("mx1.harbour.example"), "[]", true, false},
		{"a server in trouble", text("broken.example"), "[]", false, true},
		{"no name at all", text(strings.Repeat("x", 300)), "[]", true, false},
	} {
		got, err := c.ask()
		if fmt.Sprint(got) != c.want || (err != nil) != (c.notFound || c.unavailable) || resolver.NotFound(err) != c.notFound || resolver.Unavailable(err) != c.unavailable {
			t.Errorf("%s: %.80v, %v", c.name, got, err)
		}
	}
}

// A server that hangs costs three waits, then nobody waits for a minute; one
// question finds out whether it is back.
func TestASilentServerIsLeftAlone(t *testing.T) {
	t.Parallel()
	dns, r, clk := world(t)
	dns.TXT("harbour.example", "hello")
	ask := func() error {
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		_, err := r.LookupTXT(short, "harbour.example")
		return err
	}
	// calls asks n times and returns how many of them reached the server.
	calls := func(n int) (reached int) {
		for range n {
			err := ask()
			if !resolver.Unavailable(err) || resolver.NotFound(err) {
				t.Fatalf("not unavailable: %v", err)
			}
			if !strings.Contains(err.Error(), "left alone") {
				reached++
			}
		}
		return reached
	}
	dns.Hang(true)
	if n := calls(2); n != 2 {
		t.Fatalf("%d of the first two were asked", n)
	}
	dns.Hang(false)
	if _, err := r.LookupTXT(ctx, "harbour.example"); err != nil {
		t.Fatal(err)
	}
	dns.Hang(true)
	if n := calls(5); n != 3 {
		t.Errorf("%d were asked after an answer, want three in a row", n)
	}
	clk.Advance(time.Minute - time.Microsecond)
	if n := calls(1); n != 0 {
		t.Error("asked before the minute was over")
	}
	clk.Advance(time.Microsecond)
	if n := calls(3); n != 1 {
		t.Errorf("%d were asked after the minute, want one", n)
	}
	clk.Advance(time.Minute)
	dns.Hang(false)
	for range 5 {
		if _, err := r.LookupTXT(ctx, "harbour.example"); err != nil {
			t.Fatalf("the server is back: %v", err)
		}
	}
}

func TestWhoGoesAwayOrComesLateSaysNothingOfTheServer(t *testing.T) {
	t.Parallel()
	dns, r, _ := world(t)
	dns.TXT("harbour.example", "hello")
	over, cancel := context.WithDeadline(ctx, time.Unix(0, 0))
	defer cancel()
	for range 5 {
		if _, err := r.LookupTXT(over, "harbour.example"); !resolver.Unavailable(err) {
			t.Errorf("without time: %v", err)
		}
	}
	dns.Hang(true)
	for range 5 {
		gone, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		time.AfterFunc(10*time.Millisecond, cancel)
		if _, err := r.LookupTXT(gone, "harbour.example"); err == nil {
			t.Error("an answer from a silent server")
		}
	}
	dns.Hang(false)
	if _, err := r.LookupTXT(ctx, "harbour.example"); err != nil {
		t.Errorf("left alone for no reason: %v", err)
	}
}
