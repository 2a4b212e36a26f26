package proof

import (
	"context"
	"errors"

	"github.com/emersion/go-msgauth/dmarc"

	"rapport/internal/platform/resolver"
)

// policy asks what a domain publishes, then what its owner does for all names
// below. One that asks for nothing (p=none) says by what mail of the domain is
// known, but that the domain is not sure yet that all of its own mail is.
func (c *Checker) policy(ctx context.Context, domain string) policy {
	names := []string{domain}
	if above := owner(domain); above != "" && above != domain {
		names = append(names, above)
	}
	for _, name := range names {
		var asked error
		record, err := dmarc.LookupWithOptions(name, &dmarc.LookupOptions{LookupTXT: func(name string) (texts []string, err error) {
			texts, asked = c.dns.LookupTXT(ctx, name)
			return texts, asked
		}})
		switch {
		case err == nil:
			asks := record.Policy
			if name != domain && record.SubdomainPolicy != "" {
				asks = record.SubdomainPolicy
			}
			return policy{published: true, watching: asks == dmarc.PolicyNone, strictSigned: record.DKIMAlignment == dmarc.AlignmentStrict, strictPath: record.SPFAlignment == dmarc.AlignmentStrict}
		case dmarc.IsTempFail(err) || resolver.Unavailable(asked):
			return policy{silent: true}
		case !errors.Is(err, dmarc.ErrNoPolicy):
			return policy{} // published, but nobody can read it
		}
	}
	return policy{}
}
