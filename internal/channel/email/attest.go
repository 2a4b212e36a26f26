package email

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"rapport/internal/channel"
	"rapport/internal/channel/email/domain"
	"rapport/internal/channel/email/provider"
	"rapport/internal/channel/email/signing"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/resolver"
)

// lookTime bounds what one check of a domain asks the DNS.
const lookTime = 8 * time.Second

// CheckDomain fulfils channel.MailSetup.
func (a *Adapter) CheckDomain(ctx context.Context, workspaceID int64, address, smtpHost, what string) (channel.DomainCheck, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	name := provider.DomainOf(address)
	if a.names == nil || a.keys == nil {
		return found(what, domain.Silent(name)), nil
	}
	through, known := provider.At(smtpHost)
	if known && through.Owns(name) {
		return found(what, domain.Finding{State: domain.Fine, Message: fmt.Sprintf("%s looks after this itself for addresses at %s.", through.Name, name)}), nil
	}
	switch what {
	case "spf":
		return found(what, domain.SPF(ctx, a.names, name, mechanisms(through, smtpHost))), nil
	case "dmarc":
		return found(what, domain.DMARC(ctx, a.names, name)), nil
	case "dkim":
		if through.Signs {
			return found(what, a.theirSignature(ctx, through, name)), nil
		}
		return a.ourSignature(ctx, workspaceID, name)
	}
	return channel.DomainCheck{}, fault.InvalidField("email.CheckDomain", "check", "Choose spf, dkim or dmarc.")
}

func found(what string, f domain.Finding) channel.DomainCheck {
	c := channel.DomainCheck{Check: channel.Check{Name: what, State: f.State, Message: f.Message, Hint: f.Hint}}
	if f.Line != nil {
		c.Lines = []channel.DNSLine{{Type: "TXT", Name: f.Line.Name, Value: f.Line.Value}}
	}
	return c
}

// mechanisms are what an SPF record needs for mail that leaves through a server.
func mechanisms(through provider.Provider, host string) []string {
	if through.SPF != "" {
		return strings.Fields(through.SPF)
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip.Is4() {
			return []string{"ip4:" + host}
		}
		return []string{"ip6:" + host}
	}
	return []string{"a:" + strings.ToLower(host)}
}

// theirSignature looks for the key of a provider that signs for its customers'
// domains once they have asked for it.
func (a *Adapter) theirSignature(ctx context.Context, p provider.Provider, name string) domain.Finding {
	if p.Selector == "" {
		return domain.Finding{State: domain.Fine, Message: p.Name + " signs your mail."}
	}
	at := p.Selector + "._domainkey." + name
	texts, err := a.names.LookupTXT(ctx, at)
	switch {
	case err == nil && len(texts) > 0:
		return domain.Finding{State: domain.Fine, Message: p.Name + " signs your mail."}
	case err != nil && !resolver.NotFound(err):
		return domain.Silent(name)
	}
	return domain.Finding{State: domain.Missing, Message: fmt.Sprintf("%s does not sign for %s yet: there is no key at %s.", p.Name, name, at),
		Hint: "Turn DKIM on in its administration; it shows the line to publish. Rapport does not sign what a provider signs."}
}

// ourSignature is how our own keys for a domain stand.
func (a *Adapter) ourSignature(ctx context.Context, workspaceID int64, name string) (channel.DomainCheck, error) {
	list, silent, err := a.keys.Look(ctx, workspaceID, name)
	if err != nil {
		return channel.DomainCheck{}, err
	}
	c := channel.DomainCheck{Check: channel.Check{Name: "dkim", State: domain.Fine}, CanMakeKey: true}
	waiting := 0
	for _, k := range list {
		c.Lines = append(c.Lines, channel.DNSLine{Type: "TXT", Name: k.Name(), Value: k.Line(), Seen: !k.SeenAt.IsZero()})
		if k.SeenAt.IsZero() {
			waiting++
			c.CanMakeKey = false
		}
	}
	switch signs := signing.Signing(list); {
	case len(list) == 0:
		c.State, c.Message = domain.Weak, "Rapport does not sign the mail of this domain."
		c.Hint = "Unless your own mail server signs it, make a key here. Without a signature, large providers may file your answers as spam."
	case silent && len(signs) == 0:
		s := domain.Silent(name)
		c.State, c.Message, c.Hint = s.State, s.Message, s.Hint
	case len(signs) == 0:
		c.State, c.Message = domain.Missing, "The key waits for its lines in the DNS. Until one is seen, mail leaves without a signature."
		c.Hint = "Publish the lines where your domain is managed; most providers need 2 to 10 minutes. Rapport also looks by itself, every hour."
	case waiting > 0:
		c.State, c.Message = domain.Weak, fmt.Sprintf("Mail is signed with %s. Another key waits for its line.", signs[0].Selector)
		c.Hint = "What is published goes on signing until then."
	case len(list) > len(signs):
		c.Message, c.Hint = fmt.Sprintf("Mail is signed with %s.", signs[0].Selector), "The lines of older keys may be removed after a week."
	default:
		c.Message = fmt.Sprintf("Mail is signed with %s.", signs[0].Selector)
	}
	return c, nil
}

// MakeSigningKey fulfils channel.MailSetup.
func (a *Adapter) MakeSigningKey(ctx context.Context, workspaceID int64, address string) error {
	if a.keys == nil {
		return fault.New("email.MakeSigningKey", fault.Unavailable, "")
	}
	return a.keys.Make(ctx, workspaceID, provider.DomainOf(address))
}

// attest signs a mail with the keys of its domain, unless the server it leaves
// through does.
func (a *Adapter) attest(ctx context.Context, inbox channel.Inbox, mail []byte) []byte {
	if a.keys == nil || inbox.Email == nil || inbox.Email.SMTP == nil {
		return mail
	}
	if through, ok := provider.At(inbox.Email.SMTP.Host); ok && through.Signs {
		return mail
	}
	return a.keys.Sign(ctx, inbox.WorkspaceID, provider.DomainOf(inbox.Address), mail)
}
