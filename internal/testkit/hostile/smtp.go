package hostile

import (
	"bufio"
	"cmp"
	"net"
	"slices"
	"strings"
	"testing"
)

// Steps of SMTP, in their order.
const (
	Connect  Step = "connect"
	Hello    Step = "EHLO"
	Auth     Step = "AUTH"
	MailFrom Step = "MAIL"
	Rcpt     Step = "RCPT"
	Data     Step = "DATA"
	Body     Step = "body" // in the middle of the bytes
	End      Step = "end"  // the mail is not kept
	Kept     Step = "kept" // the mail is kept, and its answer goes wrong
	Quit     Step = "QUIT"
	Rset     Step = "RSET"
)

// SMTPSteps are the steps at which sending can fail.
var SMTPSteps = []Step{Connect, Hello, Auth, MailFrom, Rcpt, Data, Body, End, Kept, Quit}

// SMTP is a server for outgoing mail.
type SMTP struct {
	server
	mails []Mail
}

// Mail is one that an SMTP server has kept.
type Mail struct {
	From string
	To   []string
	Raw  string
}

// StartSMTP starts a server that takes everything; Fail changes that. It ends
// with the test.
func StartSMTP(t testing.TB) *SMTP {
	t.Helper()
	s := &SMTP{}
	s.start(t, s.dialogue)
	return s
}

// Mails are those it has kept, in their order.
func (s *SMTP) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

func (s *SMTP) dialogue(conn net.Conn, r *bufio.Reader) {
	// say answers a step, and reports whether the dialogue goes on and whether
	// the step was answered as it should be.
	say := func(at Step, to, line string) (goesOn, fine bool) {
		with := s.fault(at, to)
		if with != "" && s.breaks(conn, with) {
			return false, false
		}
		if with != "" {
			line = with
		}
		_, err := conn.Write([]byte(line + "\r\n"))
		return err == nil && !strings.HasPrefix(line, "421"), with == ""
	}
	goesOn, fine := say(Connect, "", "220 hostile.example ESMTP")
	var m Mail
	in := false
	for goesOn {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		verb, _, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO", "HELO":
			goesOn, _ = say(Hello, "", "250-hostile.example\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 AUTH "+cmp.Or(s.bearer(), "PLAIN"))
		case "AUTH":
			if in = s.authenticate(conn, r, line); in {
				goesOn, _ = say(Auth, "", "235 2.7.0 welcome")
			}
		case "MAIL":
			if !in && s.bearer() != "" {
				goesOn, _ = say(MailFrom, "", "530 5.7.0 sign in first")
				continue
			}
			m = Mail{From: between(line)}
			goesOn, _ = say(MailFrom, "", "250 2.1.0 ok")
		case "RCPT":
			if goesOn, fine = say(Rcpt, between(line), "250 2.1.5 ok"); fine {
				m.To = append(m.To, between(line))
			}
		case "DATA":
			if goesOn, fine = say(Data, "", "354 go on"); fine {
				goesOn = s.take(conn, r, m, say)
			}
		case "RSET":
			m = Mail{}
			goesOn, _ = say(Rset, "", "250 2.0.0 ok")
		case "QUIT":
			say(Quit, "", "221 2.0.0 bye")
			return
		default:
			goesOn, _ = say("", "", "250 2.0.0 ok")
		}
	}
}

// authenticate lets in who has a token, or anybody where none is asked for. To a
// wrong one it says why first, and waits for an answer, as Google does.
func (s *SMTP) authenticate(conn net.Conn, r *bufio.Reader, line string) bool {
	words := strings.Fields(line)
	if s.bearer() == "" || len(words) == 3 && words[1] == s.bearer() && s.Bearer(bearerOf(words[1], words[2])) {
		return true
	}
	conn.Write([]byte("334 eyJzdGF0dXMiOiI0MDAifQ==\r\n"))
	r.ReadString('\n')
	conn.Write([]byte("535 5.7.8 Username and Password not accepted\r\n"))
	return false
}

// take reads the bytes of a mail, and keeps it.
func (s *SMTP) take(conn net.Conn, r *bufio.Reader, m Mail, say func(Step, string, string) (bool, bool)) bool {
	var raw strings.Builder
	for first := true; ; first = false {
		line, err := r.ReadString('\n')
		if err != nil {
			return false
		}
		if first {
			if with := s.fault(Body, ""); with != "" {
				if !s.breaks(conn, with) { // it says why, and ends the session
					conn.Write([]byte(with + "\r\n"))
				}
				return false
			}
		}
		if line == ".\r\n" {
			break
		}
		raw.WriteString(strings.TrimPrefix(line, "."))
	}
	m.Raw = raw.String()
	with := s.fault(End, "")
	if with != "" {
		if s.breaks(conn, with) {
			return false
		}
		_, err := conn.Write([]byte(with + "\r\n"))
		return err == nil && !strings.HasPrefix(with, "421")
	}
	s.mu.Lock()
	s.mails = append(s.mails, m)
	s.mu.Unlock()
	goesOn, _ := say(Kept, "", "250 2.0.0 kept")
	return goesOn
}

func between(line string) string {
	_, rest, _ := strings.Cut(line, "<")
	inside, _, _ := strings.Cut(rest, ">")
	return inside
}
