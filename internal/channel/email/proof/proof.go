// Package proof finds out whether a mail comes from the domain that it says it
// comes from: by signatures (DKIM), by the server that handed it over (SPF), and
// by what the domain asks of others (DMARC).
//
// Promises: it needs name servers and nothing else, waits for them two seconds
// a mail in all, and never fails: what could not be found out is unchecked. Only
// what speaks for the very domain of the From address counts, so what others
// have signed, or do not answer, changes nothing. The work is bounded: few
// signatures, of few names, under a header of bounded size.
package proof

import (
	"context"
	"net/netip"
	"strings"
	"sync"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"rapport/internal/channel"
	"rapport/internal/platform/resolver"
)

// Checker checks mails. It is safe for use by many goroutines.
type Checker struct{ dns *resolver.Resolver }

// New makes a checker that asks dns.
func New(dns *resolver.Resolver) *Checker { return &Checker{dns} }

// Mail is what is checked.
type Mail struct {
	Raw  []byte
	From string // the address that people are shown as the sender
	Handed
}

// Handed is how our own door was given a mail: by the sender's server, under
// these names. It is zero for a mail that was fetched from a mailbox.
//
// A fetched mail says in its header which server had handed it over, but no rule
// tells whose words those are: the lines on top are the provider's, which has
// relays with public addresses of its own, and they are often in the SPF record
// of everybody who is with the same provider. An outsider could so pass as any
// of them. The provider has asked SPF at its own door; we take the signature.
type Handed struct {
	Client netip.Addr
	Helo   string
	Sender string // envelope sender; empty of a report
}

// Check says how far the sender is proven. pass: a signature of the sender's
// domain holds, or the domain names the client as its own. fail: none of both,
// and the domain asks to act on that; or there is more than one sender. none: the
// domain says nothing, or asks for no action. unchecked: it could not be found out.
func (c *Checker) Check(ctx context.Context, m Mail) (channel.Proof, channel.Finding) {
	head := readHead(m.Raw)
	// Without a From field people are shown the envelope's sender.
	if n := len(head.from); n > 1 || n == 1 && head.from[0] != m.From {
		return channel.ProofFail, channel.Finding{By: channel.BySenders}
	}
	domain, ok := domainOf(m.From)
	if !ok {
		return channel.ProofUnchecked, channel.Finding{By: channel.ByNoAddress}
	}
	ctx, cancel := context.WithTimeout(ctx, resolver.Patience)
	defer cancel()
	f := facts{domain: domain, fetched: !m.Client.IsValid()}
	if behindRelay(m.Client, head) {
		f.fetched = true
	}
	var wg sync.WaitGroup
	wg.Go(func() { f.signed, f.keysSilent = c.signatures(ctx, m.Raw, head, domain) })
	wg.Go(func() { f.policy = c.policy(ctx, domain) })
	if !f.fetched {
		wg.Go(func() { f.path = c.path(ctx, m.Handed) })
	}
	wg.Wait()
	return f.verdict()
}

// behindRelay reports whether the client is a server of the company's own that
// stands before our door: it has noted in the mail who gave it to it. Who that
// was is not known for sure, see Handed.
func behindRelay(client netip.Addr, h head) bool {
	client = client.Unmap()
	return client.IsValid() && h.received > 1 && (client.IsLoopback() || client.IsPrivate() || client.IsLinkLocalUnicast())
}

// facts are what was found out about one mail.
type facts struct {
	domain     string   // of the sender
	signed     []string // domains whose signature holds
	keysSilent bool     // a key of the sender's domain could not be asked for
	fetched    bool     // nothing is known of the client
	path       path
	policy     policy
}

// path is what SPF says.
type path struct {
	domain string // of the envelope
	result string // pass, fail, other, silent
}

const (
	pathPass   = "pass"
	pathFail   = "fail"
	pathOther  = "other"
	pathSilent = "silent"
)

// policy is what the domain publishes (DMARC).
type policy struct {
	published                bool
	watching                 bool // it asks for no action (p=none)
	strictSigned, strictPath bool
	silent                   bool
}

// verdict is the rule.
func (f facts) verdict() (channel.Proof, channel.Finding) {
	of := func(by, domain string) channel.Finding { return channel.Finding{By: by, Domain: domain} }
	for _, d := range f.signed {
		if aligned(d, f.domain, f.policy.strictSigned) {
			return channel.ProofPass, of(channel.ByDKIM, d)
		}
	}
	onPath := !f.fetched && aligned(f.path.domain, f.domain, f.policy.strictPath)
	switch {
	case onPath && f.path.result == pathPass:
		return channel.ProofPass, of(channel.BySPF, f.path.domain)
	case f.keysSilent || f.policy.silent || onPath && f.path.result == pathSilent:
		return channel.ProofUnchecked, of(channel.BySilence, f.domain)
	case f.policy.published && f.fetched:
		return channel.ProofUnchecked, of(channel.ByNoSignature, f.domain)
	case f.policy.watching:
		return channel.ProofNone, of(channel.ByDMARC, f.domain)
	case f.policy.published:
		return channel.ProofFail, of(channel.ByDMARC, f.domain)
	case onPath && f.path.result == pathFail:
		return channel.ProofFail, of(channel.BySPF, f.path.domain)
	}
	return channel.ProofNone, of(channel.ByNothing, f.domain)
}

// aligned reports whether two domains are of the same owner, or with strict the
// same.
func aligned(a, b string, strict bool) bool {
	if a == b {
		return a != ""
	}
	return !strict && owner(a) != "" && owner(a) == owner(b)
}

// owner is the name that somebody registered: harbour.example of
// mail.harbour.example; empty for a suffix under which everybody registers.
func owner(domain string) string {
	name, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		return ""
	}
	return name
}

// domainOf is the domain of an address as name servers know it.
func domainOf(address string) (string, bool) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return "", false
	}
	return folded(address[at+1:])
}

func folded(domain string) (string, bool) {
	name, err := idna.Lookup.ToASCII(strings.TrimSuffix(strings.TrimSpace(domain), "."))
	return strings.ToLower(name), err == nil && strings.Contains(name, ".")
}
