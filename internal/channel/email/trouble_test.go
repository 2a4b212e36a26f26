package email

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"rapport/internal/channel"
	"rapport/internal/platform/outbound"
	"rapport/internal/testkit"
)

func TestConnectionTestOfIMAP(t *testing.T) {
	t.Parallel()
	d := testkit.StartDovecot(t)
	allow, strict := loopback(), outbound.New(nil, nil)
	login := func(answer string) channel.Server {
		return scriptedIMAP(t, ready, map[string]string{"CAPABILITY": "* CAPABILITY IMAP4rev1\r\n%s OK\r\n", "LOGIN": answer})
	}
	with := func(s channel.Server, change func(*channel.Server)) channel.Server {
		change(&s)
		return s
	}
	good := serverOf(d, "")
	for _, c := range []struct {
		name   string
		guard  *outbound.Guard
		server channel.Server
		state  string
		words  string
		hint   string
	}{
		{"all is well", allow, good, "ok", "Signed in at 127.0.0.1 and opened the folder INBOX.", ""},
		{"wrong password", allow, with(good, func(s *channel.Server) { s.Password = "guessed" }), "failed", "The user name or the password is wrong", "Check both"},
		{"no such folder", allow, with(good, func(s *channel.Server) { s.Folder = "Orders" }), "failed", `There is no folder called "Orders"`, "leave it empty"},
		{"refused by the guard", strict, good, "failed", "points into your own network", "RAPPORT_OUTBOUND_ALLOW"},
		{"nobody listens", allow, with(good, func(s *channel.Server) { s.Port = 1 }), "failed", "refuses connections on port 1", "993 with TLS"},
		{"the name server is gone", allow, with(good, func(s *channel.Server) { s.Host = "mail.miska.example" }), "failed", "cannot be looked up at the moment", "RAPPORT_DNS"},
		{"TLS where there is none", allow, with(good, func(s *channel.Server) { s.Security = "tls" }), "failed", "does not speak TLS from the first byte", "Check port and security"},
		{"a certificate of its own", allow, with(good, func(s *channel.Server) { s.Security, s.Port = "tls", d.TLSPort }), "failed", "was issued by nobody known", "public authority"},
		{"no STARTTLS", allow, with(login("%s OK\r\n"), func(s *channel.Server) { s.Security = "starttls" }), "failed", "offers no encryption with STARTTLS", "Check port"},
		{"passwords only when encrypted", allow, scriptedIMAP(t, ready, map[string]string{"CAPABILITY": "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n%s OK\r\n"}), "failed", "over encrypted connections only", "STARTTLS"},
		{"the server says so itself", allow, login("%s NO [PRIVACYREQUIRED] not like this\r\n"), "failed", "over encrypted connections only", "STARTTLS"},
		{"too many sessions", allow, login("%s NO [LIMIT] too many sessions\r\n"), "failed", "at the moment (the server says: too many sessions)", "some minutes"},
		{"hangs up on us", allow, scriptedIMAP(t, ready, map[string]string{"CAPABILITY": "* CAPABILITY IMAP4rev1\r\n%s OK\r\n"}), "failed", "breaks off during the sign-in", "port and security"},
		{"not at home", allow, scriptedIMAP(t, "* BYE closed for today\r\n", nil), "failed", "refuses to talk", "Check port"},
		{"not IMAP at all", allow, scriptedIMAP(t, "220 mail.miska.example ESMTP\r\n", nil), "failed", "ends the connection", "Check port"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			expectCheck(t, (&Adapter{guard: c.guard}).testIMAP(ctx, 1, c.server), "imap", c.state, c.words, c.hint)
		})
	}
}

func expectCheck(t *testing.T, got channel.Check, name, state, words, hint string) {
	t.Helper()
	if got.Name != name || got.State != state || !strings.Contains(got.Message, words) || !strings.Contains(got.Hint, hint) {
		t.Errorf("got %+v\nwant %s: %q, hint %q", got, state, words, hint)
	}
}

func TestARefusedPasswordIsToldByProvider(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{"imap.gmail.com": "Gmail takes an app password here, not your own. Make one at https://myaccount.google.com/apppasswords", "outlook.office365.com": "Microsoft 365 lets no program in", "mail.miska.example": "Check both"} {
		if _, hint := explainSignIn(channel.Server{Host: host}, &imap.Error{Type: imap.StatusResponseTypeNo, Text: "Invalid credentials"}); !strings.HasPrefix(hint, want) {
			t.Errorf("%s: %q, want %q", host, hint, want)
		}
	}
}

func TestMismatchOfPortAndSecurity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		protocol protocol
		port     int
		security string
		advice   string
	}{
		{imapProtocol, 993, "none", "choose TLS"},
		{imapProtocol, 993, "starttls", "choose TLS, or port 143 with STARTTLS"},
		{imapProtocol, 143, "tls", "choose STARTTLS, or port 993"},
		{imapProtocol, 993, "tls", ""},
		{imapProtocol, 143, "starttls", ""},
		{smtpProtocol, 465, "starttls", "choose TLS, or port 587 with STARTTLS"},
		{smtpProtocol, 587, "tls", "choose STARTTLS, or port 465"},
		{smtpProtocol, 25, "tls", "choose STARTTLS"},
		{smtpProtocol, 587, "starttls", ""},
		{smtpProtocol, 9999, "tls", ""},
	} {
		got := c.protocol.mismatch(channel.Server{Port: c.port, Security: c.security})
		if (got == "") != (c.advice == "") || !strings.Contains(got, c.advice) {
			t.Errorf("%d with %s: %q, want %q", c.port, c.security, got, c.advice)
		}
	}
}

func TestConnectionTestOfSMTP(t *testing.T) {
	t.Parallel()
	allow, strict := loopback(), outbound.New(nil, nil)
	relay := startRelay(t)
	with := func(change func(*channel.Server)) channel.Server {
		s := relay
		change(&s)
		return s
	}
	silent := scriptedIMAP(t, "", nil)
	for _, c := range []struct {
		name   string
		guard  *outbound.Guard
		server channel.Server
		from   string
		state  string
		words  string
		hint   string
	}{
		{"all is well", allow, relay, "hello@miska.example", "ok", "takes mail from hello@miska.example", ""},
		{"without sign-in", allow, with(func(s *channel.Server) { s.Username = "" }), "hello@miska.example", "ok", "takes mail", ""},
		{"wrong password", allow, with(func(s *channel.Server) { s.Password = "guessed" }), "hello@miska.example", "failed", "The user name or the password is wrong (the server says: 535", "Check both"},
		{"not this sender", allow, relay, "stranger@miska.example", "failed", "does not let this user send from the inbox's address (the server says: 553", "Allow the address"},
		{"no STARTTLS", allow, with(func(s *channel.Server) { s.Security = "starttls" }), "hello@miska.example", "failed", "offers no encryption with STARTTLS", "Check port"},
		{"TLS where there is none", allow, with(func(s *channel.Server) { s.Security = "tls" }), "hello@miska.example", "failed", "does not speak TLS from the first byte", "465 with TLS"},
		{"refused by the guard", strict, relay, "hello@miska.example", "failed", "points into your own network", "RAPPORT_OUTBOUND_ALLOW"},
		{"nobody listens", allow, with(func(s *channel.Server) { s.Port = 1 }), "hello@miska.example", "failed", "refuses connections on port 1", "587 with STARTTLS"},
		{"says nothing", allow, silent, "hello@miska.example", "failed", "but says nothing", "Check port"},
		{"no AUTH", allow, scriptedSMTP(t), "hello@miska.example", "failed", "offers no sign-in", "TLS or STARTTLS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			patience := time.Minute
			if c.server.Port == silent.Port {
				patience = 50 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			expectCheck(t, (&Adapter{guard: c.guard}).testSMTP(ctx, 1, c.server, c.from), "smtp", c.state, c.words, c.hint)
		})
	}
}

// startRelay is a server for outgoing mail that knows one user and one sender.
func startRelay(t *testing.T) channel.Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &relaySession{t: t}, nil }))
	server.AllowInsecureAuth = true
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return channel.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: "none", Username: "hello", Password: "right"}
}

type relaySession struct {
	smtp.Session
	t *testing.T
}

func (s *relaySession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *relaySession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "hello" || password != "right" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (s *relaySession) Mail(from string, _ *smtp.MailOptions) error {
	if from != "hello@miska.example" {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Sender address rejected"}
	}
	return nil
}

func (s *relaySession) Rcpt(string, *smtp.RcptOptions) error {
	s.t.Error("the connection test names a recipient")
	return nil
}

func (s *relaySession) Reset()        {}
func (s *relaySession) Logout() error { return nil }

// scriptedSMTP is a server that offers nothing at all.
func scriptedSMTP(t *testing.T) channel.Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.Write([]byte("220 ready\r\n"))
			conn.Read(make([]byte, 100))
			conn.Write([]byte("250 hello\r\n"))
			conn.Read(make([]byte, 100))
			conn.Close()
		}
	}()
	return channel.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: "none", Username: "hello", Password: "right"}
}

func TestPasswordInTheOpenIsWorthAWarning(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		server channel.Server
		state  string
	}{
		{channel.Server{Host: "mail.miska.example", Security: "none", Username: "hello"}, "warning"},
		{channel.Server{Host: "127.0.0.1", Security: "none", Username: "hello"}, "ok"},
		{channel.Server{Host: "mail.miska.example", Security: "none"}, "ok"},
		{channel.Server{Host: "mail.miska.example", Security: "starttls", Username: "hello"}, "ok"},
	} {
		if got := working("imap", c.server, "Signed in."); got.State != c.state {
			t.Errorf("%+v: %s, want %s", c.server, got.State, c.state)
		}
	}
}

func TestAddressIsLookedAt(t *testing.T) {
	t.Parallel()
	resolver := outbound.NewResolver("127.0.0.1:9") // nobody answers
	for _, c := range []struct{ address, state, words string }{
		{"hello", "failed", "is not an e-mail address"},
		{"Hello <hello@miska.example>", "failed", "is not an e-mail address"},
		{"hello@miska.example", "ok", "could not be looked up"},
	} {
		expectCheck(t, testAddress(context.Background(), resolver, c.address), "address", c.state, c.words, "")
	}
}

func TestWholeConnectionTestRunsAtOnce(t *testing.T) {
	t.Parallel()
	d, relay := testkit.StartDovecot(t), startRelay(t)
	mailbox := serverOf(d, "")
	a := &Adapter{guard: loopback()}
	checks := a.Test(context.Background(), channel.Inbox{Address: "hello@miska.example", Email: &channel.EmailSettings{SMTP: &relay, IMAP: &mailbox}})
	for i, name := range []string{"address", "smtp", "imap"} {
		if len(checks) != 3 || checks[i].Name != name || checks[i].State != "ok" {
			t.Fatalf("checks %+v", checks)
		}
	}
	if only := a.Test(context.Background(), channel.Inbox{Address: "hello@miska.example"}); len(only) != 1 {
		t.Errorf("without servers: %+v", only)
	}
}
