package provider

import (
	"context"
	"net"
	"slices"
	"strings"
)

// Server is how a provider is reached.
type Server struct {
	Host     string
	Port     int
	Security string // tls, starttls
}

// Password is what a provider takes in the place of a password.
type Password string

const (
	OwnPassword Password = "own"    // of the mailbox
	AppPassword Password = "app"    // made for one program
	Bridge      Password = "bridge" // shown by the provider's program that runs beside us
	NoPassword  Password = "none"   // programs may not sign in with one
)

// Provider is one of those we know.
type Provider struct {
	Key      string // names it in the API and in the screens' words
	Name     string
	Password Password
	Link     string // where the password is made, or mail programs are let in
	// UserIsLocal: one signs in with the part before the @.
	UserIsLocal bool
	// Signs: mail leaves it with a DKIM signature for the sender's domain.
	Signs bool
	// Selector is where its key for a customer's domain stands in the DNS; empty
	// when that differs from one to the other.
	Selector string
	// SPF is the mechanism with which a domain lets the provider send; empty
	// when it is not the domain's owner who says so.
	SPF string
	// OAuth is how one signs in there by its page; nil where there is no such way.
	OAuth      *OAuth
	IMAP, SMTP Server // without a host it is one of the sender's own domain

	domains []string // of its own addresses
	mx      []string // ends of the names of servers that take mail of others' domains
}

// OAuth is where a provider lets programs into mailboxes, for an app that a
// company has registered there.
type OAuth struct {
	Name             string // whom one signs in with
	Authorize, Token string // {tenant} is the directory of a company
	Revoke           string // where tokens are taken back; "": Microsoft has no such place
	Scope            string
	Params           map[string]string // what its page wants to be told
}

// ByKey is the provider of that key, if one can sign in there by its page.
func ByKey(key string) (Provider, bool) {
	for _, p := range known {
		if p.Key == key && p.OAuth != nil {
			return p, true
		}
	}
	return Provider{}, false
}

// Lookup asks the name server; *net.Resolver is one.
type Lookup interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
}

// Of recognises the provider of an address, by its domain or by the server
// that takes the domain's mail, which is then named. False: nobody we know.
func Of(ctx context.Context, lookup Lookup, address string) (p Provider, mx string, ok bool) {
	domain := DomainOf(address)
	for _, p := range known {
		if slices.Contains(p.domains, domain) {
			return p, "", true
		}
	}
	servers, err := lookup.LookupMX(ctx, domain)
	if err != nil {
		return Provider{}, "", false
	}
	for _, server := range servers {
		host := strings.ToLower(strings.TrimSuffix(server.Host, "."))
		for _, p := range known {
			if slices.ContainsFunc(p.mx, func(end string) bool { return ends(host, end) }) {
				return p.at(host), host, true
			}
		}
	}
	return Provider{}, "", false
}

// At recognises the provider that a server belongs to.
func At(host string) (Provider, bool) {
	host = strings.ToLower(host)
	for _, p := range known {
		if p.Password == Bridge {
			continue // anything may listen on this machine
		}
		if host != "" && (host == p.IMAP.Host || host == p.SMTP.Host) {
			return p, true
		}
		if slices.ContainsFunc(p.regions(), func(r Provider) bool { return host == r.IMAP.Host || host == r.SMTP.Host }) {
			return p, true
		}
	}
	return Provider{}, false
}

// at is the provider as seen from one of its servers: a company's domain at a
// provider with several regions has the servers of its own.
func (p Provider) at(mx string) Provider {
	for _, r := range p.regions() {
		if _, end, _ := strings.Cut(r.IMAP.Host, "."); ends(mx, end) {
			return r
		}
	}
	return p
}

// regions are the faces of a provider whose servers are named by region.
func (p Provider) regions() []Provider {
	var out []Provider
	for _, end := range regional[p.Key] {
		r := p
		r.IMAP.Host, r.SMTP.Host = end[0], end[1]
		out = append(out, r)
	}
	return out
}

// Owns reports whether a domain is the provider's own.
func (p Provider) Owns(domain string) bool {
	return slices.ContainsFunc(known, func(k Provider) bool { return k.Key == p.Key && slices.Contains(k.domains, domain) })
}

// User is the name one signs in with.
func (p Provider) User(address string) string {
	if local, _, ok := strings.Cut(address, "@"); ok && p.UserIsLocal {
		return local
	}
	return address
}

// Guesses are the servers worth trying for an address of nobody we know, the
// likeliest first: what the domain itself announces (RFC 6186), then the usual
// names at the domain and the server that takes its mail.
func Guesses(ctx context.Context, lookup Lookup, address string) (imap, smtp []Server) {
	domain := DomainOf(address)
	imap = announced(ctx, lookup, domain, "imaps", "imap")
	smtp = announced(ctx, lookup, domain, "submissions", "submission")
	var taker []string
	if servers, err := lookup.LookupMX(ctx, domain); err == nil && len(servers) > 0 {
		if host := strings.TrimSuffix(servers[0].Host, "."); host != "" {
			taker = []string{host}
		}
	}
	for _, host := range append([]string{"imap." + domain, "mail." + domain, domain}, taker...) {
		imap = append(imap, Server{host, 993, "tls"}, Server{host, 143, "starttls"})
	}
	for _, host := range append([]string{"smtp." + domain, "mail." + domain, domain}, taker...) {
		smtp = append(smtp, Server{host, 465, "tls"}, Server{host, 587, "starttls"})
	}
	return imap, smtp
}

func announced(ctx context.Context, lookup Lookup, domain, encrypted, open string) []Server {
	var out []Server
	for _, s := range []struct{ service, security string }{{encrypted, "tls"}, {open, "starttls"}} {
		_, found, err := lookup.LookupSRV(ctx, s.service, "tcp", domain)
		if err != nil {
			continue
		}
		for _, f := range found {
			if host := strings.TrimSuffix(f.Target, "."); host != "" { // "." says: not here
				out = append(out, Server{host, int(f.Port), s.security})
			}
		}
	}
	return out
}

// DomainOf is the domain of an address, in lower case.
func DomainOf(address string) string {
	return strings.ToLower(strings.TrimSpace(address[strings.LastIndexByte(address, '@')+1:]))
}

func ends(host, end string) bool { return host == end || strings.HasSuffix(host, "."+end) }
