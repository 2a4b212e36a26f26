package email

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/emersion/go-smtp"

	"rapport/internal/channel"
	"rapport/internal/channel/email/mailparse"
	"rapport/internal/platform/fault"
)

const sendTimeout = 3 * time.Minute

// Send tries once to hand a mail to the inbox's server. The error is set when
// there was no talking to it; refusals are in the outcomes.
func (a *Adapter) Send(ctx context.Context, inbox channel.Inbox, b channel.Built) ([]channel.Outcome, error) {
	if a.capture {
		return all(b, channel.Outcome{Sent: true}), nil
	}
	if inbox.Email == nil || inbox.Email.SMTP == nil {
		return all(b, channel.Outcome{Final: true, Reason: "This inbox has no server for outgoing mail. Add one under Settings, Inboxes, then send again."}), nil
	}
	var c *smtp.Client
	err := withToken(ctx, a.tokens, inbox.WorkspaceID, *inbox.Email.SMTP, func(s channel.Server) (err error) {
		c, err = a.dial(ctx, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return deliver(c, b, inbox.Address)
}

// dial opens a session, encrypted and signed in as the settings say.
func (a *Adapter) dial(ctx context.Context, s channel.Server) (*smtp.Client, error) {
	const op = "email.dial"
	address := net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	conn, err := a.guard.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fault.As(op, fault.Unavailable, fmt.Sprintf("%s does not answer: %s", address, reason(err)), errors.Join(channel.ErrUnreached, err))
	}
	if deadline, ok := ctx.Deadline(); ok {
		conn.SetDeadline(deadline)
	} else {
		conn.SetDeadline(time.Now().Add(sendTimeout))
	}
	c, err := a.greet(conn, s)
	if throttles(err) {
		conn.Close()
		return nil, fault.As(op, fault.Unavailable, reason(err), errors.Join(channel.ErrThrottled, err))
	}
	if err != nil {
		conn.Close()
		return nil, fault.As(op, fault.Unavailable, noSession(s, address, err), errors.Join(channel.ErrUnreached, err))
	}
	return c, nil
}

// noSession says why there is none. About a refused sign-in it says the same at
// each try: what servers say has another number each time.
func noSession(s channel.Server, address string, err error) string {
	var refusal *smtp.SMTPError
	switch {
	case stageOf(err) != signingIn:
		return fmt.Sprintf("%s: %s", address, reason(err))
	case !errors.As(err, &refusal):
		text, _ := explainSignIn(s, err)
		return text
	case refusal.Temporary():
		return "The mail server does not accept the sign-in at the moment."
	}
	return "The mail server refuses the sign-in. Check user name and password under Settings, Inboxes."
}

func (a *Adapter) greet(conn net.Conn, s channel.Server) (c *smtp.Client, err error) {
	config := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
	switch s.Security {
	case "tls":
		c = smtp.NewClient(tls.Client(conn, config))
	case "starttls":
		if c, err = smtp.NewClientStartTLS(conn, config); err != nil {
			return nil, err
		}
	default:
		c = smtp.NewClient(conn)
	}
	c.CommandTimeout, c.SubmissionTimeout = sendTimeout, sendTimeout
	if err := c.Hello(a.host); err != nil {
		return nil, err
	}
	if s.Username == "" {
		return c, nil
	}
	return c, signInSMTP(c, s)
}

// deliver runs one transaction of the protocol. A server for sign-in may insist
// on a sender, for a mail that has none too: then it is the inbox.
func deliver(c *smtp.Client, b channel.Built, inbox string) ([]channel.Outcome, error) {
	err := c.Mail(b.From, nil)
	var se *smtp.SMTPError
	if b.From == "" && errors.As(err, &se) && !se.Temporary() {
		err = c.Mail(inbox, nil)
	}
	if err != nil {
		return refused(b, err)
	}
	out := make([]channel.Outcome, 0, len(b.Recipients))
	var accepted []string
	for _, to := range b.Recipients {
		err := c.Rcpt(to, nil)
		var se *smtp.SMTPError
		switch {
		case err == nil:
			accepted = append(accepted, to)
		case errors.As(err, &se):
			o := outcome(to, se)
			o.Dead = o.Final && mailparse.DeadAddress(se.Code, status(se), se.Message)
			out = append(out, o)
		default:
			return nil, lost(err)
		}
	}
	if len(accepted) == 0 {
		return out, nil
	}
	sent := channel.Built{Recipients: accepted}
	if err := data(c, b.Bytes); err != nil {
		rest, err := refused(sent, err)
		return append(out, rest...), err
	}
	_ = c.Quit() // the mail is theirs already
	return append(out, all(sent, channel.Outcome{Sent: true})...), nil
}

func data(c *smtp.Client, content []byte) error {
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := bytes.NewReader(content).WriteTo(w); err != nil {
		return err
	}
	return w.Close()
}

// refused is an answer to the whole mail: the server's words for everybody,
// or an error when it said none.
func refused(b channel.Built, err error) ([]channel.Outcome, error) {
	var se *smtp.SMTPError
	if !errors.As(err, &se) {
		return nil, lost(err)
	}
	return all(b, outcome("", se)), nil
}

func outcome(to string, se *smtp.SMTPError) channel.Outcome {
	slower := throttles(se)
	return channel.Outcome{Address: to, Final: !se.Temporary() && !slower, Reason: reason(se), Throttled: slower}
}

// status is the code of RFC 3463, if the server named one.
func status(se *smtp.SMTPError) string {
	if se.EnhancedCode[0] <= 0 {
		return ""
	}
	return fmt.Sprintf("%d.%d.%d", se.EnhancedCode[0], se.EnhancedCode[1], se.EnhancedCode[2])
}

func lost(err error) error {
	return fault.As("email.Send", fault.Unavailable, "The connection to the mail server broke: "+reason(err), err)
}

func all(b channel.Built, o channel.Outcome) []channel.Outcome {
	out := make([]channel.Outcome, len(b.Recipients))
	for i, to := range b.Recipients {
		out[i] = o
		out[i].Address = to
	}
	return out
}

// reason is err in the words of the other side, or in ours.
func reason(err error) string {
	var se *smtp.SMTPError
	if errors.As(err, &se) {
		if enhanced := status(se); enhanced != "" {
			return fmt.Sprintf("%s (%d %s)", se.Message, se.Code, enhanced)
		}
		return fmt.Sprintf("%s (%d)", se.Message, se.Code)
	}
	if words := fault.MessageOf(err); words != "" {
		return words
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "it took too long to answer"
	}
	var broken *net.OpError
	if errors.As(err, &broken) { // without its ports, which are others at each try
		return broken.Err.Error()
	}
	return err.Error()
}
