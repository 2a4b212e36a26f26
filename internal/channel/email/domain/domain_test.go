package domain

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

func TestMain(m *testing.M) { testkit.Main(m) }

func names(t *testing.T) (*testkit.DNS, *resolver.Resolver) {
	dns := testkit.StartDNS(t)
	return dns, resolver.New(outbound.NewResolver(dns.Addr), clock.System)
}

func expect(t *testing.T, what string, got Finding, state, words, line string) {
	t.Helper()
	value := ""
	if got.Line != nil {
		value = got.Line.Name + " " + got.Line.Value
	}
	if got.State != state || !strings.Contains(got.Message, words) || value != line {
		t.Errorf("%s: %s %q, line %q\nwant %s %q, line %q", what, got.State, got.Message, value, state, words, line)
	}
}

func TestSPFIsMergedNeverDoubled(t *testing.T) {
	t.Parallel()
	dns, r := names(t)
	dns.TXT("_spf.google.example", "v=spf1 ip4:192.0.2.0/24 ~all")
	dns.TXT("suite.example", "v=spf1 include:_spf.google.example -all")
	dns.IP("mail.miska.example", "198.51.100.7")
	const google, own = "include:_spf.google.example", "a:mail.miska.example"
	for _, c := range []struct {
		name         string
		texts        []string
		mechanism    string
		state, words string
		value        string
	}{
		{"nothing", nil, google, Missing, "does not say who may send", "v=spf1 include:_spf.google.example ~all"},
		{"other texts", []string{"google-site-verification=x", "v=spf10 all"}, google, Missing, "does not say", "v=spf1 include:_spf.google.example ~all"},
		{"allowed", []string{"v=spf1 include:_spf.google.example -all"}, google, Fine, "allows your mail server", ""},
		{"in another case", []string{"V=SPF1 Include:_spf.Google.example -ALL"}, google, Fine, "allows", ""},
		{"allowed by another's include", []string{"v=spf1 include:suite.example -all"}, google, Fine, "allows", ""},
		{"by a redirect", []string{"v=spf1 redirect=suite.example"}, google, Fine, "allows", ""},
		{"someone else alone", []string{"v=spf1 ip4:203.0.113.5 include:other.example -all"}, google, Missing, "does not allow", "v=spf1 ip4:203.0.113.5 include:other.example include:_spf.google.example -all"},
		{"a redirect to nobody", []string{"v=spf1 redirect=other.example"}, google, Missing, "does not allow", "v=spf1 include:_spf.google.example redirect=other.example"},
		{"two of them", []string{"v=spf1 mx -all", "v=spf1 include:other.example ~all"}, google, Missing, "has 2 SPF records", "v=spf1 mx include:other.example include:_spf.google.example -all"},
		{"everybody", []string{"v=spf1 include:_spf.google.example +all"}, google, Weak, "allows everybody", "v=spf1 include:_spf.google.example ~all"},
		{"our own server by its address", []string{"v=spf1 ip4:198.51.100.0/28 -all"}, own, Fine, "allows", ""},
		{"our own server, elsewhere", []string{"v=spf1 ip4:203.0.113.0/24 -all"}, own, Missing, "does not allow", "v=spf1 ip4:203.0.113.0/24 a:mail.miska.example -all"},
	} {
		name := strings.ReplaceAll(strings.ReplaceAll(c.name, " ", "-"), "'", "") + ".example"
		name = strings.ReplaceAll(name, ",", "")
		if c.texts != nil {
			dns.TXT(name, c.texts...)
		}
		line := ""
		if c.value != "" {
			line = name + " " + c.value
		}
		expect(t, c.name, SPF(t.Context(), r, name, []string{c.mechanism}), c.state, c.words, line)
	}
}

func TestTooManyLookupsAreToldOf(t *testing.T) {
	t.Parallel()
	dns, r := names(t)
	var includes []string
	for i := range 11 {
		name := fmt.Sprintf("s%d.example", i)
		dns.TXT(name, "v=spf1 ip4:192.0.2.1 -all")
		includes = append(includes, "include:"+name)
	}
	dns.TXT("miska.example", "v=spf1 "+strings.Join(includes, " ")+" -all")
	expect(t, "eleven", SPF(t.Context(), r, "miska.example", []string{"include:s3.example"}), Weak, "needs 11 DNS lookups", "")
	dns.TXT("ring.example", "v=spf1 include:ring.example a -all") // includes itself
	expect(t, "a ring", SPF(t.Context(), r, "ring.example", []string{"a"}), Weak, "DNS lookups", "")
}

func TestDMARC(t *testing.T) {
	t.Parallel()
	dns, r := names(t)
	dns.TXT("_dmarc.none.example", "v=DMARC1; p=none; rua=mailto:dmarc@none.example")
	dns.TXT("_dmarc.strict.example", "v=DMARC1;p=reject")
	dns.TXT("_dmarc.two.example", "v=DMARC1; p=none", "v=DMARC1; p=reject")
	dns.TXT("_dmarc.odd.example", "v=DMARC1; p=maybe")
	dns.TXT("_dmarc.company.example", "v=DMARC1; p=quarantine")
	expect(t, "nothing", DMARC(t.Context(), r, "miska.example"), Missing, "says nothing", "_dmarc.miska.example v=DMARC1; p=none")
	expect(t, "reports only", DMARC(t.Context(), r, "none.example"), Weak, "only asks for reports", "_dmarc.none.example v=DMARC1; p=quarantine; rua=mailto:dmarc@none.example")
	expect(t, "strict", DMARC(t.Context(), r, "strict.example"), Fine, "(reject)", "")
	expect(t, "two", DMARC(t.Context(), r, "two.example"), Missing, "has 2 DMARC records", "")
	expect(t, "odd", DMARC(t.Context(), r, "odd.example"), Missing, "no policy", "_dmarc.odd.example v=DMARC1; p=none")
	expect(t, "of the company above", DMARC(t.Context(), r, "support.company.example"), Fine, "company.example has mail", "")
}

func TestASilentNameServerIsNoFinding(t *testing.T) {
	t.Parallel()
	dns, r := names(t)
	dns.Hang(true)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	expect(t, "SPF", SPF(ctx, r, "miska.example", []string{"a:mail.miska.example"}), Weak, "cannot be looked up", "")
	expect(t, "DMARC", DMARC(ctx, r, "miska.example"), Weak, "cannot be looked up", "")
}
