package webpush

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
)

// Message is one push.
type Message struct {
	Payload []byte
	Topic   string        // a newer one of the same topic takes the place of one that waits; at most 32 characters of base64url
	TTL     time.Duration // how long the push service keeps it for a browser that is away
	Urgent  bool          // also while the device saves its battery
}

// Sender posts messages.
type Sender struct {
	client *http.Client
	clock  clock.Clock
	// contact is an address of whoever runs this, as https: or mailto:.
	contact func() string
}

// NewSender makes one that goes out through client.
func NewSender(client *http.Client, c clock.Clock, contact func() string) *Sender {
	return &Sender{client, c, contact}
}

// Outcome is what a push service made of a message.
type Outcome int

// The outcomes. Everything but Taken comes with an error that says more.
const (
	Taken   Outcome = iota
	Gone            // the browser has ended its subscription, or it is not ours
	Wait            // try again, not before Answer.After
	Refused         // trying again does not help
)

// Answer is an outcome and how long the service asks to be left alone.
type Answer struct {
	Outcome Outcome
	After   time.Duration // 0: it does not say
}

// Endpoint refuses addresses that no push service has. Plain http is for tests on
// this very machine; the guard of the client decides whether it is let through.
func Endpoint(address string) error {
	const op = "webpush.Endpoint"
	to, err := url.Parse(address)
	if err != nil || to.Host == "" || to.User != nil || len(address) > 1000 {
		return fault.New(op, fault.Invalid, "This is not the address of a push service.")
	}
	if to.Scheme == "https" || to.Scheme == "http" && to.Hostname() == "127.0.0.1" {
		return nil
	}
	return fault.New(op, fault.Invalid, "The address of a push service begins with https.")
}

// Send posts one message. Its error is for logs and people who look after the
// server; it never holds the address, which is a secret of the browser.
func (s *Sender) Send(ctx context.Context, k Key, to Subscription, m Message) (Answer, error) {
	const op = "webpush.Send"
	body, err := to.encrypt(m.Payload)
	if err != nil {
		return Answer{Outcome: Refused}, fault.Wrap(op, err)
	}
	who, err := k.header(to.Endpoint, s.contact(), s.clock.Now())
	if err != nil {
		return Answer{Outcome: Refused}, fault.Wrap(op, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.Endpoint, bytes.NewReader(body))
	if err != nil {
		return Answer{Outcome: Refused}, fault.New(op, fault.Invalid, "This is not the address of a push service.")
	}
	r.Header.Set("Authorization", who)
	r.Header.Set("Content-Encoding", "aes128gcm")
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("TTL", strconv.Itoa(int(m.TTL.Seconds())))
	if m.Topic != "" {
		r.Header.Set("Topic", m.Topic)
	}
	if m.Urgent {
		r.Header.Set("Urgency", "high")
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return Answer{Outcome: Wait}, unreached(op, err)
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10))
	return s.judge(answer)
}

func unreached(op string, err error) error {
	if fault.Is(err, fault.Forbidden) {
		return fault.New(op, fault.Forbidden, "This push service stands at an address that this server does not call.")
	}
	return fault.New(op, fault.Unavailable, "The push service does not answer.")
}

func (s *Sender) judge(answer *http.Response) (Answer, error) {
	const op = "webpush.judge"
	code := answer.StatusCode
	failed := fault.Newf(op, fault.Unavailable, "The push service answers %d.", code)
	switch {
	case code >= 200 && code < 300:
		return Answer{}, nil
	case code == http.StatusNotFound || code == http.StatusGone || code == http.StatusForbidden || code == http.StatusUnauthorized:
		return Answer{Outcome: Gone}, failed // the last two: it was made with another key of ours
	case code == http.StatusTooManyRequests || code >= 500 || code == http.StatusRequestTimeout:
		return Answer{Wait, s.after(answer.Header.Get("Retry-After"))}, failed
	}
	return Answer{Outcome: Refused}, failed
}

// longest is how long a push service may ask to be left alone.
const longest = time.Hour

func (s *Sender) after(header string) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.Atoi(header); err == nil && seconds > 0 {
		return min(time.Duration(seconds)*time.Second, longest)
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, min(at.Sub(s.clock.Now()), longest))
	}
	return 0
}
