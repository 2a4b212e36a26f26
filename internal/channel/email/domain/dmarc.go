package domain

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// DMARC says what receivers are told to do with mail that only claims to come
// from a domain.
func DMARC(ctx context.Context, names Names, domain string) Finding {
	const version = "v=DMARC1"
	at := domain
	found, err := records(ctx, names, "_dmarc."+domain, version)
	if org, orgErr := publicsuffix.EffectiveTLDPlusOne(domain); err == nil && len(found) == 0 && orgErr == nil && org != domain {
		at = org
		found, err = records(ctx, names, "_dmarc."+org, version)
	}
	if err != nil {
		return Silent(domain)
	}
	line := func(policy string) *Line { return &Line{"_dmarc." + at, "v=DMARC1; p=" + policy} }
	switch len(found) {
	case 0:
		return Finding{Missing, fmt.Sprintf("%s says nothing about mail that only pretends to be yours.", domain), "Publish this line; large providers ask for it. It changes nothing about the delivery of your mail yet.", line("none")}
	case 1:
	default:
		return Finding{Missing, fmt.Sprintf("%s has %d DMARC records; receivers then honour none.", at, len(found)), "Delete all but one.", nil}
	}
	switch policy := strings.ToLower(tag(found[0], "p")); policy {
	case "reject", "quarantine":
		return Finding{State: Fine, Message: fmt.Sprintf("%s has mail that only pretends to be yours sorted out (%s).", at, policy)}
	case "none":
		return Finding{Weak, fmt.Sprintf("%s has DMARC, but only asks for reports (p=none).", at), "Receiving and sending work without it. Once SPF and DKIM are green for a few weeks, p=quarantine protects your name.",
			&Line{"_dmarc." + at, retag(found[0], "p", "quarantine")}}
	}
	return Finding{Missing, fmt.Sprintf("The DMARC record of %s has no policy that receivers know.", at), "Replace it with this line.", line("none")}
}

// tag is the value of a tag in a record such as "v=DMARC1; p=none".
func tag(record, name string) string {
	for part := range strings.SplitSeq(record, ";") {
		key, value, _ := strings.Cut(part, "=")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// retag is the record with another value of a tag, and the rest as it was.
func retag(record, name, value string) string {
	parts := strings.Split(record, ";")
	for i, part := range parts {
		key, _, _ := strings.Cut(part, "=")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			parts[i] = strings.TrimSuffix(part, strings.TrimLeft(part, " ")) + name + "=" + value
		}
	}
	return strings.TrimSpace(strings.Join(parts, ";"))
}
