package oauth

import (
	"cmp"
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"rapport/internal/channel/email/provider"
	"rapport/internal/platform/fault"
)

// App is what a company has registered at a provider, in whose name Rapport
// asks to be let into mailboxes.
type App struct {
	ID          int64
	WorkspaceID int64
	Provider    string // google, microsoft; "" is one we do not know
	ClientID    string
	Endpoints
	sealed []byte // the client secret
}

// Endpoints are the addresses of a provider, and the mail servers that its
// tokens open.
type Endpoints struct {
	AuthorizeURL string
	TokenURL     string
	RevokeURL    string // where tokens are taken back (RFC 7009); "": nowhere
	Scope        string
	IMAPHost     string
	SMTPHost     string
}

// Name is how people call whom one signs in at.
func (a App) Name() string {
	if p, ok := provider.ByKey(a.Provider); ok {
		return p.OAuth.Name
	}
	u, _ := url.Parse(a.TokenURL)
	return u.Hostname()
}

// serves reports whether the app's tokens are meant for a mail server: a token
// never goes to another one.
func (a App) serves(host string) bool {
	return host != "" && (strings.EqualFold(host, a.IMAPHost) || strings.EqualFold(host, a.SMTPHost))
}

// config is the app as the protocol's library knows it.
func (a App) config(secret, redirect string) *oauth2.Config {
	return &oauth2.Config{ClientID: a.ClientID, ClientSecret: secret, RedirectURL: redirect, Scopes: strings.Fields(a.Scope),
		Endpoint: oauth2.Endpoint{AuthURL: a.AuthorizeURL, TokenURL: a.TokenURL, AuthStyle: oauth2.AuthStyleInParams}} // not by trial: codes work once
}

// options are what the page of a provider is told beside the standard.
func (a App) options(address string) []oauth2.AuthCodeOption {
	asked := []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("login_hint", address)}
	if p, ok := provider.ByKey(a.Provider); ok {
		for name, value := range p.OAuth.Params {
			asked = append(asked, oauth2.SetAuthURLParam(name, value))
		}
	}
	return asked
}

// endpointsOf are those of a provider we know, or the given ones of another.
func endpointsOf(key, tenant string, own Endpoints) (Endpoints, error) {
	const op = "oauth.endpointsOf"
	if key == "" {
		return own, own.check()
	}
	p, ok := provider.ByKey(key)
	if !ok {
		return own, fault.InvalidField(op, "provider", "Rapport does not know how to sign in there. Enter its addresses by hand.")
	}
	tenant = cmp.Or(strings.TrimSpace(tenant), "common")
	if strings.ContainsAny(tenant, "/?#%: ") {
		return own, fault.InvalidField(op, "tenant", "Copy the directory ID from Microsoft's page, or leave the field empty.")
	}
	fill := func(address string) string { return strings.ReplaceAll(address, "{tenant}", tenant) }
	return Endpoints{AuthorizeURL: fill(p.OAuth.Authorize), TokenURL: fill(p.OAuth.Token), RevokeURL: p.OAuth.Revoke, Scope: p.OAuth.Scope, IMAPHost: p.IMAP.Host, SMTPHost: p.SMTP.Host}, nil
}

func (e Endpoints) check() error {
	const op = "oauth.Endpoints"
	for path, address := range map[string]string{"custom.authorize_url": e.AuthorizeURL, "custom.token_url": e.TokenURL} {
		if !encrypted(address) {
			return fault.InvalidField(op, path, "Write a whole address that begins with https://.")
		}
	}
	if e.RevokeURL != "" && !e.ownRevocation() {
		return fault.InvalidField(op, "custom.revoke_url", "Write a whole address on the host of the token server, or leave it out.")
	}
	if e.IMAPHost == "" && e.SMTPHost == "" {
		return fault.InvalidField(op, "custom", "Enter the mail server first.")
	}
	return nil
}

// encrypted reports whether what is sent to an address can be read by nobody on
// the way: it does not leave this machine, or travels over TLS.
func encrypted(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	here, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && err == nil && here.IsLoopback()
}

// Apps lists what a company has registered and what has worked once, the newest
// first.
func (a *Authorizations) Apps(ctx context.Context, workspaceID int64) ([]App, error) {
	list, err := a.store.apps(ctx, workspaceID)
	return slices.DeleteFunc(list, func(app App) bool { return len(app.sealed) == 0 }), fault.Wrap("oauth.Apps", err)
}

// register finds or makes the app that an asking means, in the transaction of
// ctx. Another client ID is another app: what was let in by the old one stays.
// A secret that was typed is kept for others only after it has worked.
func (a *Authorizations) register(ctx context.Context, q Asking, key string, at Endpoints) (App, error) {
	const op = "oauth.register"
	list, err := a.store.apps(ctx, q.WorkspaceID)
	if err != nil {
		return App{}, err
	}
	anyOf := key != "" && q.ClientID == "" && q.Tenant == "" // the one that is known
	for _, known := range list {
		fits := anyOf && len(known.sealed) > 0 || known.Endpoints == at && (q.ClientID == "" || known.ClientID == q.ClientID)
		if known.Provider == key && fits && (q.ClientSecret != "" || len(known.sealed) > 0) {
			return known, nil
		}
	}
	switch {
	case q.ClientID == "":
		return App{}, fault.InvalidField(op, "client_id", "Enter the client ID that the provider has given you.")
	case q.ClientSecret == "":
		return App{}, fault.InvalidField(op, "client_secret", "Enter the client secret that the provider has given you.")
	}
	app := App{WorkspaceID: q.WorkspaceID, Provider: key, ClientID: q.ClientID, Endpoints: at, sealed: []byte{}}
	if app.ID, err = a.store.newID(ctx); err != nil {
		return App{}, err
	}
	return app, a.store.insertApp(ctx, app, a.clock.Now())
}
