// Package credential recognises mails by which somebody proves who they are:
// sign-in codes, links that confirm an address, password resets, proofs that a
// domain is owned. Whoever reads one of those in a shared inbox can sign in as
// the company, so their words are masked.
//
// Promises: the rule is written down here and nothing else decides: who sent it
// (a provider we know, or an address that no person writes from), which phrase
// it has, and that a code or a link stands in it. What a person wrote by hand
// is never taken for one, nor is an answer or a forward.
package credential

import (
	"regexp"
	"strings"

	"rapport/internal/channel"
	"rapport/internal/platform/search"
)

// Mail is what the rule looks at.
type Mail struct {
	From    string // address, folded
	Machine bool   // it says that a machine made it
	List    bool   // sent to many at once
	Answers bool   // refers to another mail
	Subject string
	Text    string
	Link    bool // there is a link in it
}

// How much of a mail is looked at, in bytes: what proves something says so at
// its beginning.
const (
	looked = 4000
	opened = 700
)

// Judge tells what credential a mail carries; nil when it carries none.
func Judge(m Mail) *channel.Credential {
	local, domain, _ := strings.Cut(m.From, "@")
	who := sender{Provider: providerOf(domain), Machine: m.Machine || unattended.MatchString(local), Role: roles.MatchString(local) && !freemail[domain]}
	who.Domain = domain
	if !who.Machine && !who.Role && !who.apart() || passedOn.MatchString(m.Subject) {
		return nil
	}
	m.Subject = search.Fold(m.Subject)
	m.Text = search.Fold(m.Text[:min(len(m.Text), looked)])
	kind, phrase := "", ""
	if who.Provider != "" {
		kind, phrase = m.ofProvider(discussions.MatchString(local))
	} else if !m.Answers {
		kind, phrase = m.ofAnybody(who)
	}
	if kind == "" {
		return nil
	}
	return &channel.Credential{Kind: kind, Provider: who.Provider, Domain: domain, Phrase: codes.ReplaceAllString(strings.Join(strings.Fields(phrase), " "), " ")}
}

// sender is what the address of a mail tells.
type sender struct {
	Provider, Domain string
	Machine          bool // nobody writes from it
	Role             bool // an office, not a person
}

// apart reports whether a provider sends from a domain where no people have
// mailboxes, such as accounts.google.com.
func (s sender) apart() bool {
	return s.Provider != "" && (providers[s.Domain] == "" || machineDomains[s.Domain])
}

// ofProvider judges a mail of a provider we know: it may say with any phrase of
// ours, early on, what it is. Mails in which people discuss are not it, unless
// they carry a code.
func (m Mail) ofProvider(discussion bool) (kind, phrase string) {
	early := m.Subject + "\n" + m.Text[:min(len(m.Text), opened)]
	coded := hasCode(m.Subject) || hasCode(m.Text)
	if m.Link && !m.List && !discussion || coded && !discussion {
		for _, k := range []kindOf{domainProof, reset, confirmation} {
			if phrase = k.phrases.FindString(early); phrase != "" && (m.Link || coded) {
				if code := signInCode.phrases.FindString(early); code != "" && coded && k.name == confirmation.name {
					return signInCode.name, code
				}
				return k.name, phrase
			}
		}
	}
	for _, words := range []*regexp.Regexp{signInCode.phrases, brandCode} {
		if phrase = words.FindString(m.Subject + "\n" + m.Text); phrase != "" && coded && (!discussion || hasCode(m.Subject)) {
			return signInCode.name, phrase
		}
	}
	return "", ""
}

// ofAnybody judges a mail of a sender that we do not know: a code must stand
// beside its phrase, and an office must also warn of passing it on; a link
// counts when a machine says in the subject what it is for.
func (m Mail) ofAnybody(who sender) (kind, phrase string) {
	for _, place := range []string{m.Subject, m.Text} {
		if found := beside.FindStringSubmatch(place); found != nil && (who.Machine || warning.MatchString(m.Text)) {
			return signInCode.name, found[1] + found[2]
		}
	}
	if !who.Machine || m.List || !m.Link && !hasCode(m.Text) {
		return "", ""
	}
	for _, k := range []kindOf{domainProof, reset, confirmation} {
		if phrase = k.phrases.FindString(m.Subject); phrase != "" {
			return k.name, phrase
		}
	}
	return "", ""
}

// hasCode reports whether something in a folded text looks like a code. A year
// is none.
func hasCode(s string) bool {
	for _, found := range codes.FindAllString(s, -1) {
		if !year.MatchString(found) {
			return true
		}
	}
	return false
}
