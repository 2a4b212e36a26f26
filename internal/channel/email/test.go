package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"rapport/internal/channel"
	"rapport/internal/platform/outbound"
)

// testTime bounds each check of a connection test.
const testTime = 10 * time.Second

// errNoAuth: the server offers no way to sign in with a password.
var errNoAuth = errors.New("the server offers no AUTH")

// Test tries an inbox's servers and its address, all at once, and says in
// words what it found. No mail is sent and none is fetched.
func (a *Adapter) Test(ctx context.Context, inbox channel.Inbox) []channel.Check {
	ctx, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	tests := []func() channel.Check{func() channel.Check { return testAddress(ctx, a.guard.Resolver(), inbox.Address) }}
	if e := inbox.Email; e != nil && e.SMTP != nil {
		tests = append(tests, func() channel.Check { return a.testSMTP(ctx, inbox.WorkspaceID, *e.SMTP, inbox.Address) })
	}
	if e := inbox.Email; e != nil && e.IMAP != nil {
		tests = append(tests, func() channel.Check { return a.testIMAP(ctx, inbox.WorkspaceID, *e.IMAP) })
	}
	checks := make([]channel.Check, len(tests))
	var running sync.WaitGroup
	for i, test := range tests {
		running.Go(func() { checks[i] = test() })
	}
	running.Wait()
	return checks
}

// testIMAP connects, signs in and opens the folder.
func (a *Adapter) testIMAP(ctx context.Context, workspaceID int64, s channel.Server) channel.Check {
	const name = "imap"
	if s.Folder == "" {
		s.Folder = "INBOX"
	}
	var box *imapBox
	err := withToken(ctx, a.tokens, workspaceID, s, func(s channel.Server) (err error) {
		box, err = dialIMAP(ctx, a.guard, nil, s)
		return err
	})
	if err != nil {
		return broken(name, imapProtocol, s, err)
	}
	defer box.Close()
	if _, err := box.Open(s.Folder); err != nil {
		return broken(name, imapProtocol, s, err)
	}
	message := fmt.Sprintf("Signed in at %s and opened the folder %s.", s.Host, s.Folder)
	if !box.idles() {
		message += " The server does not announce new mail; Rapport looks every minute."
	}
	return working(name, s, message)
}

// testSMTP connects, signs in and asks to send from the address, but sends
// nothing.
func (a *Adapter) testSMTP(ctx context.Context, workspaceID int64, s channel.Server, from string) channel.Check {
	const name = "smtp"
	err := withToken(ctx, a.tokens, workspaceID, s, func(s channel.Server) error { return trySMTP(ctx, a.guard, s, from) })
	if err != nil {
		return broken(name, smtpProtocol, s, late(ctx, err))
	}
	return working(name, s, fmt.Sprintf("%s takes mail from %s.", s.Host, from))
}

func trySMTP(ctx context.Context, guard *outbound.Guard, s channel.Server, from string) error {
	conn, err := guard.DialContext(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return failed(connecting, err)
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	c, err := greetSMTP(ctx, conn, s)
	if err != nil {
		conn.Close()
		return err
	}
	defer c.Close()
	if s.Username != "" {
		if err := signInSMTP(c, s); err != nil {
			return err
		}
	}
	if err := c.Mail(from, nil); err != nil {
		return failed(naming, err)
	}
	c.Reset()
	c.Quit()
	return nil
}

func greetSMTP(ctx context.Context, conn net.Conn, s channel.Server) (*smtp.Client, error) {
	trust := &tls.Config{ServerName: s.Host}
	switch s.Security {
	case "tls":
		encrypted := tls.Client(conn, trust)
		if err := encrypted.HandshakeContext(ctx); err != nil {
			return nil, failed(encrypting, err)
		}
		conn = encrypted
	case "starttls":
		c, err := smtp.NewClientStartTLS(conn, trust)
		if err != nil {
			return nil, failed(encrypting, err)
		}
		return c, nil
	}
	c := smtp.NewClient(conn)
	return c, failed(greeting, c.Hello("localhost"))
}

func signInSMTP(c *smtp.Client, s channel.Server) error {
	err := errNoAuth
	switch {
	case s.AuthorizationID != 0:
		var way sasl.Client
		if way, err = bearerFor(s, c.SupportsAuth); err == nil {
			err = c.Auth(way)
		}
	case c.SupportsAuth(sasl.Plain):
		err = c.Auth(sasl.NewPlainClient("", s.Username, s.Password))
	case c.SupportsAuth(sasl.Login):
		err = c.Auth(sasl.NewLoginClient(s.Username, s.Password))
	}
	return failed(signingIn, err)
}

// testAddress looks whether anybody can write to the address at all.
func testAddress(ctx context.Context, resolver *net.Resolver, address string) channel.Check {
	const name = "address"
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address {
		return channel.Check{Name: name, State: "failed", Message: address + " is not an e-mail address.", Hint: "Write one address, such as hello@miska.example."}
	}
	domain := address[strings.LastIndexByte(address, '@')+1:]
	servers, err := resolver.LookupMX(ctx, domain)
	if unknown(err) {
		_, err = resolver.LookupHost(ctx, domain) // without MX the domain itself takes the mail
	}
	switch {
	case len(servers) == 1 && servers[0].Host == ".":
		return channel.Check{Name: name, State: "warning", Message: domain + " says that it takes no mail at all.", Hint: "Customers cannot write to this address. Ask whoever runs the domain."}
	case unknown(err):
		return channel.Check{Name: name, State: "warning", Message: domain + " has no mail server.", Hint: "Customers cannot write to this address until the domain has an MX record. Check the spelling."}
	case err != nil:
		return channel.Check{Name: name, State: "ok", Message: address + " is a valid address; its domain could not be looked up at the moment."}
	}
	return channel.Check{Name: name, State: "ok", Message: address + " is a valid address and its domain takes mail."}
}

func unknown(err error) bool {
	var lookup *net.DNSError
	return errors.As(err, &lookup) && lookup.IsNotFound
}

func broken(name string, p protocol, s channel.Server, err error) channel.Check {
	text, hint := explain(p, s, err)
	return channel.Check{Name: name, State: "failed", Message: text, Hint: hint}
}

// working is a check that went well; a password in the open is worth a warning
// unless it stays on this machine.
func working(name string, s channel.Server, message string) channel.Check {
	if s.Security == "none" && s.Username != "" && !onThisMachine(s.Host) {
		return channel.Check{Name: name, State: "warning", Message: message + " The password travels without encryption.", Hint: "Choose TLS or STARTTLS if the server offers it."}
	}
	return channel.Check{Name: name, State: "ok", Message: message}
}
