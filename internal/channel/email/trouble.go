package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"

	"rapport/internal/channel"
	"rapport/internal/channel/email/provider"
	"rapport/internal/platform/fault"
)

// protocol is how a server is spoken to, with the ports people use for it.
type protocol struct {
	name string // for people
	tls  int    // port with TLS from the first byte
	open []int  // ports that begin in the open, for STARTTLS
}

var (
	imapProtocol = protocol{"IMAP", 993, []int{143}}
	smtpProtocol = protocol{"SMTP", 465, []int{587, 25, 2525}}
)

// explain finds the words for a failure: what is wrong, and what to do.
func explain(p protocol, s channel.Server, err error) (text, hint string) {
	switch stageOf(err) {
	case authorizing:
		return explainToken(s, err)
	case connecting:
		return explainConnect(p, s, err)
	case encrypting, greeting:
		return explainGreeting(p, s, err)
	case signingIn:
		return explainSignIn(s, err)
	case openingBox:
		return explainFolder(s, err)
	case naming:
		return fmt.Sprintf("%s does not let this user send from the inbox's address%s.", s.Host, remote(err)),
			"Allow the address for this user at your mail provider, or use the user that the address belongs to."
	}
	return fmt.Sprintf("%s does not hand over the mails%s.", s.Host, remote(err)), "Rapport goes on trying. If it stays so, ask whoever runs the server."
}

func explainConnect(p protocol, s channel.Server, err error) (text, hint string) {
	var name *net.DNSError
	switch {
	case fault.Is(err, fault.Forbidden):
		return s.Host + " points into your own network.", "If that is meant, the administrator of this installation allows the network with the setting RAPPORT_OUTBOUND_ALLOW."
	case errors.As(err, &name) && name.IsNotFound:
		return "There is no server called " + s.Host + ".", "Check the spelling of the server's name."
	case errors.As(err, &name):
		return "The name " + s.Host + " cannot be looked up at the moment.", "Try again in a minute. If it stays so, this installation's name server (RAPPORT_DNS) does not work."
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("%s refuses connections on port %d.", s.Host, s.Port), p.usual()
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "There is no way through the network to " + s.Host + ".", "Check the server's name and the network of this installation."
	}
	return fmt.Sprintf("%s does not answer on port %d.", s.Host, s.Port), "The port may be wrong, or a firewall may be between. " + p.usual()
}

func explainGreeting(p protocol, s channel.Server, err error) (text, hint string) {
	if text, hint := explainCertificate(s, err); text != "" {
		return text, hint
	}
	var plain tls.RecordHeaderError
	var words *imap.Error
	var refusal *smtp.SMTPError
	pair := p.mismatch(s)
	switch {
	case errors.As(err, &words), errors.As(err, &refusal):
		text = fmt.Sprintf("%s refuses to talk%s.", s.Host, remote(err))
	case errors.As(err, &plain):
		text = fmt.Sprintf("%s does not speak TLS from the first byte on port %d.", s.Host, s.Port)
	case timedOut(err):
		text = fmt.Sprintf("%s accepts the connection on port %d but says nothing.", s.Host, s.Port)
	case stageOf(err) == encrypting:
		text = fmt.Sprintf("%s offers no encryption with %s on port %d.", s.Host, strings.ToUpper(s.Security), s.Port)
	default:
		text = fmt.Sprintf("%s ends the connection on port %d at once.", s.Host, s.Port)
	}
	if pair == "" {
		pair = "Check port and security. " + p.usual()
	}
	return text, pair
}

func explainCertificate(s channel.Server, err error) (text, hint string) {
	var name x509.HostnameError
	var issuer x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &name):
		return "The certificate of the server is not for " + s.Host + ".", "Use the server's name as your mail provider writes it."
	case errors.As(err, &issuer):
		return "The certificate of " + s.Host + " was issued by nobody known.", "The server needs a certificate of a public authority, or this machine must trust its issuer."
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "The certificate of " + s.Host + " has expired or is not valid yet.", "Whoever runs the server must renew it. Check the clock of this machine as well."
	case errors.As(err, &invalid):
		return "The certificate of " + s.Host + " is not valid.", "Whoever runs the server must replace it."
	}
	return "", ""
}

func explainSignIn(s channel.Server, err error) (text, hint string) {
	var words *imap.Error
	var refusal *smtp.SMTPError
	encrypt := "Choose TLS or STARTTLS as security."
	switch {
	case errors.Is(err, errPlainRefused):
		return s.Host + " takes passwords over encrypted connections only.", encrypt
	case errors.Is(err, errNoOAuth):
		return s.Host + " takes no sign-in by OAuth (XOAUTH2).", "Use a password, or check the server's name."
	case errors.Is(err, errNoAuth):
		return s.Host + " offers no sign-in with user name and password.", "Leave user name and password empty, or choose TLS or STARTTLS: many servers offer sign-in only then."
	case errors.As(err, &words) && words.Code == imap.ResponseCodePrivacyRequired:
		return s.Host + " takes passwords over encrypted connections only.", encrypt
	case errors.As(err, &words) && (words.Code == imap.ResponseCodeUnavailable || words.Code == imap.ResponseCodeLimit || words.Code == imap.ResponseCodeInUse),
		errors.As(err, &refusal) && refusal.Temporary():
		return fmt.Sprintf("%s does not accept the sign-in at the moment%s.", s.Host, remote(err)), "Try again in some minutes."
	case s.AuthorizationID != 0 && (words != nil || refusal != nil):
		return fmt.Sprintf("%s refuses the sign-in of %s%s.", s.Host, s.Username, remote(err)), "Check that this is the mailbox you signed in to, and that IMAP and SMTP are allowed for it at your provider."
	case words != nil, refusal != nil:
		return fmt.Sprintf("The user name or the password is wrong%s.", remote(err)), passwordHint(s)
	}
	return s.Host + " breaks off during the sign-in.", "Try again. If it stays so, check port and security."
}

// passwordHint is what to do about a refused password: providers differ in what
// they take for one.
func passwordHint(s channel.Server) string {
	p, _ := provider.At(s.Host)
	switch p.Password {
	case provider.AppPassword:
		return fmt.Sprintf("%s takes an app password here, not your own. Make one at %s and enter it.", p.Name, p.Link)
	case provider.NoPassword:
		return fmt.Sprintf("%s lets no program in with a password any more.", p.Name)
	}
	return "Check both. Some providers want a password made for one application instead of your own."
}

func explainFolder(s channel.Server, err error) (text, hint string) {
	var words *imap.Error
	if errors.As(err, &words) {
		return fmt.Sprintf("There is no folder called %q%s.", s.Folder, remote(err)), "Write the folder's name as the mailbox shows it, or leave it empty for the inbox."
	}
	return s.Host + " broke off while the folder was opened.", "Rapport goes on trying."
}

// remote is what the server said, in brackets, or nothing.
func remote(err error) string {
	var words *imap.Error
	var refusal *smtp.SMTPError
	said := ""
	switch {
	case errors.As(err, &words):
		said = words.Text
	case errors.As(err, &refusal):
		said = fmt.Sprintf("%d %s", refusal.Code, refusal.Message)
	}
	said = strings.TrimRight(strings.Join(strings.Fields(strings.ToValidUTF8(said, "")), " "), ". ")
	if runes := []rune(said); len(runes) > 160 {
		said = string(runes[:160]) + "…"
	}
	if said == "" {
		return ""
	}
	return " (the server says: " + said + ")"
}

func timedOut(err error) bool {
	var patience net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &patience) && patience.Timeout()
}

// usual names the ports to try.
func (p protocol) usual() string {
	return fmt.Sprintf("For %s the usual ports are %d with TLS and %d with STARTTLS.", p.name, p.tls, p.open[0])
}

// mismatch is the advice for a port and a security that do not go together, or
// nothing.
func (p protocol) mismatch(s channel.Server) string {
	if s.Port == p.tls && s.Security != "tls" {
		return fmt.Sprintf("Port %d expects TLS from the first byte: choose TLS, or port %d with STARTTLS.", s.Port, p.open[0])
	}
	for _, port := range p.open {
		if s.Port == port && s.Security == "tls" {
			return fmt.Sprintf("Port %d begins without encryption: choose STARTTLS, or port %d with TLS.", s.Port, p.tls)
		}
	}
	return ""
}
