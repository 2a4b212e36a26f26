package hostile_test

import (
	"net"
	"net/smtp"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/internal/testkit/hostile"
)

func send(s *hostile.SMTP, patience time.Duration) error {
	conn, err := net.Dial("tcp", net.JoinHostPort(s.Host(), strconv.Itoa(s.Port())))
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	c, err := smtp.NewClient(conn, s.Host())
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return c.Hello("test.example") },
		func() error { return c.Auth(smtp.PlainAuth("", "hello", "secret", s.Host())) },
		func() error { return c.Mail("hello@miska.example") },
		func() error { return c.Rcpt("ewa@harbour.example") },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write([]byte("Subject: x\r\n\r\n.dot\r\n")); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

func TestEveryStepOfSMTPFailsAsTold(t *testing.T) {
	t.Parallel()
	for _, at := range hostile.SMTPSteps {
		for _, with := range []string{"451 4.3.0 later", "550 5.7.1 never", "421 4.7.0 too much", hostile.Reset, hostile.Hang} {
			t.Run(string(at)+" "+with, func(t *testing.T) {
				t.Parallel()
				s := hostile.StartSMTP(t)
				s.Fail(hostile.Fault{At: at, With: with})
				patience := time.Minute
				if with == hostile.Hang {
					patience = 300 * time.Millisecond
				}
				if err := send(s, patience); err == nil && at != hostile.Quit {
					t.Error("the mail went through")
				}
				kept := 0
				if at == hostile.Kept || at == hostile.Quit {
					kept = 1
				}
				if n := len(s.Mails()); n != kept || s.Met(at) == 0 {
					t.Errorf("%d mails kept, want %d; the step was met %d times", n, kept, s.Met(at))
				}
				s.Heal()
				if err := send(s, time.Minute); err != nil {
					t.Errorf("after the failure: %v", err)
				}
				m := s.Mails()[kept]
				if m.From != "hello@miska.example" || strings.Join(m.To, " ") != "ewa@harbour.example" || m.Raw != "Subject: x\r\n\r\n.dot\r\n" {
					t.Errorf("kept %+v", m)
				}
			})
		}
	}
}

func TestAServerThatIsDownRefuses(t *testing.T) {
	t.Parallel()
	s := hostile.StartSMTP(t)
	s.Down()
	if err := send(s, time.Minute); err == nil {
		t.Error("a server that is down took a mail")
	}
	s.Up()
	if err := send(s, time.Minute); err != nil {
		t.Error(err)
	}
}
