package email

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/job"
	"rapport/internal/testkit"
	"rapport/internal/testkit/hostile"
)

// post is an inbox that sends through a server which fails as it is told, on a
// clock that stands still.
type post struct {
	*channeltest.World
	clock  *clock.Fake
	server *hostile.SMTP
	inbox  channel.Inbox
	to     []string
}

func newPost(t *testing.T) *post {
	t.Helper()
	p := &post{to: []string{"ewa@harbour.example"}, clock: clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)), server: hostile.StartSMTP(t)}
	p.World = channeltest.NewWorldAt(t, testkit.SQLite(t), p.clock)
	p.Channels.Register(adapter(p.World))
	n := hello()
	n.Email = &channel.EmailSettings{SMTP: &channel.Server{Host: p.server.Host(), Port: p.server.Port(), Security: "none", Username: "hello", Password: "secret"}}
	p.inbox = p.Inbox(n)
	p.Receiver.Out = channel.Outbound{InboxID: p.inbox.ID, ConversationID: 4711, FromName: "Hanna", Subject: "Burek", To: []channel.Party{{Address: "ewa@harbour.example"}}, Text: "Small portions."}
	return p
}

// send puts messages of one conversation on their way, all of them at once.
func (p *post) send(messages ...int64) {
	p.T.Helper()
	p.sendIn(func(int64) int64 { return 4711 }, messages)
}

// sendApart puts messages on their way, each of another conversation.
func (p *post) sendApart(messages ...int64) {
	p.T.Helper()
	p.sendIn(func(m int64) int64 { return 5000 + m }, messages)
}

func (p *post) sendIn(conversation func(message int64) int64, messages []int64) {
	p.T.Helper()
	err := p.DB.Within(context.Background(), func(ctx context.Context) error {
		for _, m := range messages {
			_, err := p.Channels.Enqueue(ctx, channel.Dispatch{WorkspaceID: p.inbox.WorkspaceID, InboxID: p.inbox.ID, ConversationID: conversation(m), MessageID: m, Recipients: p.to})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.T.Fatal(err)
	}
}

func (p *post) delivery(message int64) channel.Delivery {
	p.T.Helper()
	all, err := p.Channels.Deliveries(context.Background(), p.inbox.WorkspaceID, []int64{message})
	if err != nil {
		p.T.Fatal(err)
	}
	return all[message]
}

func (p *post) jobs() (waiting []job.Info) {
	p.T.Helper()
	list, err := p.Jobs.List(context.Background(), p.inbox.WorkspaceID, job.Waiting)
	if err != nil {
		p.T.Fatal(err)
	}
	return list
}

// TestMAIL23AServerThatFailsAtAnyCommand: whatever an SMTP server does at a
// command, the mail is tried again or has failed, as is right, and nobody has
// it twice who could have been spared it.
func TestMAIL23AServerThatFailsAtAnyCommand(t *testing.T) {
	t.Parallel()
	const later, never = "451 4.3.0 later", "550 5.7.1 never"
	// The server of the inbox is at fault there, not the mail: it waits.
	account := map[hostile.Step]bool{hostile.Connect: true, hostile.Hello: true, hostile.Auth: true}
	for _, at := range hostile.SMTPSteps {
		for _, with := range []string{later, never, hostile.Reset, hostile.Hang} {
			t.Run(fmt.Sprintf("%s %s", at, with), func(t *testing.T) {
				t.Parallel()
				p := newPost(t)
				p.server.Fail(hostile.Fault{At: at, With: with})
				p.Start()
				p.send(1)
				p.Eventually("the failure was met", func() bool { return p.server.Met(at) > 0 })
				kept := 0
				if at == hostile.Kept {
					kept = 1
				}
				switch {
				case at == hostile.Quit: // it is theirs already
					if with == hostile.Hang {
						p.server.Heal()
					}
					p.Eventually("sent", func() bool { return p.delivery(1).State == channel.Sent })
				case with == never && at == hostile.Body: // it may be lost with the connection
					p.Eventually("failed, or to be tried again", func() bool { return p.delivery(1).State == channel.Failed || p.delivery(1).Reason != "" })
					return
				case with == never && !account[at]:
					p.Eventually("failed", func() bool { return p.delivery(1).State == channel.Failed })
					if d := p.delivery(1); !strings.Contains(d.Reason, "never") || len(p.jobs()) > 0 {
						t.Errorf("delivery %+v, jobs %+v", d, p.jobs())
					}
					if n := len(p.server.Mails()); n != kept {
						t.Errorf("%d mails, want %d", n, kept)
					}
					return
				default:
					if with == hostile.Hang {
						p.server.Heal()
					}
					p.Eventually("it waits for the next try", func() bool { return p.delivery(1).Reason != "" && len(p.jobs()) == 1 })
					state := channel.Queued
					if account[at] {
						state = channel.Delayed
					}
					if d := p.delivery(1); d.State != state {
						t.Errorf("delivery %+v", d)
					}
					p.server.Heal()
					p.clock.Advance(3 * time.Minute)
					p.Eventually("sent at the next try", func() bool { return p.delivery(1).State == channel.Sent })
				}
				mails := p.server.Mails()
				if len(mails) != kept+1 {
					t.Fatalf("%d mails, want %d", len(mails), kept+1)
				}
				for _, m := range mails { // a server or a mailbox can tell that it has it already
					if m.Raw != mails[0].Raw || !strings.Contains(m.Raw, "Message-ID: <r.") {
						t.Errorf("other bytes:\n%s\n%s", m.Raw, mails[0].Raw)
					}
				}
			})
		}
	}
}

// TestMAIL14AnAddressThatTheServerDoesNotKnowIsTold: what our own dialogue hears
// counts as a report of it would, and only that: neither a full mailbox nor a
// server that does not want us says that an address is dead.
func TestMAIL14AnAddressThatTheServerDoesNotKnowIsTold(t *testing.T) {
	t.Parallel()
	for said, dead := range map[string]bool{
		"550 5.1.1 No such user here":                    true,
		"550 ewa@harbour.example: user unknown":          true,
		"553 5.1.2 domain does not exist":                true,
		"552 5.2.2 Mailbox full":                         false,
		"550 5.7.1 Message rejected as spam":             false,
		"554 5.7.1 relay access denied":                  false,
		"550 5.1.8 sender address rejected: no such one": false,
		"550 no":                     false,
		"450 4.1.1 user unknown yet": false,
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			p := newPost(t)
			p.server.Fail(hostile.Fault{At: hostile.Rcpt, With: said})
			p.Start()
			p.send(1)
			p.Eventually("it was refused", func() bool { return p.delivery(1).Reason != "" })
			told := p.Receiver.Dead()
			if dead != (len(told) == 1) || dead && (told[0].Address != "ewa@harbour.example" || !told[0].Hard || told[0].Reason == "") {
				t.Errorf("told of %+v", told)
			}
		})
	}
}

// slowNode is an adapter whose node stops for ever after the server has taken a
// mail and before that is written down.
type slowNode struct {
	channel.Adapter
	taken chan struct{}
	goOn  chan struct{}
}

func (s *slowNode) Send(ctx context.Context, inbox channel.Inbox, b channel.Built) ([]channel.Outcome, error) {
	out, err := s.Adapter.Send(ctx, inbox, b)
	s.taken <- struct{}{}
	<-s.goOn
	return out, err
}

// TestMAIL24ANodeDiesBetweenTheServersWordAndOurs: the next node sends the same
// bytes with the same Message-ID, at most once more, and the dead one changes
// nothing when it turns out not to be dead.
func TestMAIL24ANodeDiesBetweenTheServersWordAndOurs(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	slow := &slowNode{Adapter: adapter(p.World), taken: make(chan struct{}), goOn: make(chan struct{})}
	p.Channels.Register(slow)
	p.Start()
	p.send(1)
	<-slow.taken
	if d := p.delivery(1); d.State != channel.Queued || len(p.server.Mails()) != 1 {
		t.Fatalf("after the server's 250: %+v", d)
	}
	next := p.anotherNode(t)
	p.Eventually("sent by the other node", func() bool { return p.delivery(1).State == channel.Sent })
	close(slow.goOn)
	p.clock.Advance(time.Hour)
	next.send(2)
	p.Eventually("the next one sent", func() bool { return p.delivery(2).State == channel.Sent })
	mails := p.server.Mails()
	if len(mails) != 3 || mails[0].Raw != mails[1].Raw || !strings.Contains(mails[0].Raw, "Message-ID: <r.") {
		t.Errorf("%d mails, want the first twice with the same bytes, and the second once", len(mails))
	}
	if d := p.delivery(1); d.State != channel.Sent || len(p.jobs()) > 0 {
		t.Errorf("after the slow node woke up: %+v, jobs %+v", d, p.jobs())
	}
}

// anotherNode takes over everything that is under way.
func (p *post) anotherNode(t *testing.T) *post {
	next := *p
	w := *p.World
	w.Jobs = job.NewQueue(w.DB, p.clock)
	w.Channels = channel.New(channel.Deps{Store: w.DB, Log: w.Log, Jobs: w.Jobs, Blobs: w.Blobs, Box: w.Key.Box("channel"), Clock: p.clock, Sight: seesAll{}})
	w.Channels.Connect(w.Receiver, w.Receiver)
	w.Channels.Register(adapter(&w))
	w.Start()
	next.World = &w
	return &next
}

// TestMAIL26AThrottlingProviderSlowsTheInbox: the whole inbox waits with growing
// pauses, its messages say that they are delayed and use up no attempts, and the
// speed comes back step by step. Other inboxes do not notice.
func TestMAIL26AThrottlingProviderSlowsTheInbox(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.server.Fail(hostile.Fault{At: hostile.MailFrom, With: "421 4.7.0 Too many messages, slow down"})
	p.Start()
	messages := []int64{1, 2, 3, 4, 5, 6}
	p.sendApart(messages...)
	all := func(state channel.DeliveryState) func() bool {
		return func() bool {
			for _, m := range messages {
				if p.delivery(m).State != state {
					return false
				}
			}
			return len(p.jobs()) == len(messages) || state == channel.Sent
		}
	}
	p.Eventually("all are delayed", all(channel.Delayed))
	if met := p.server.Met(hostile.MailFrom); met > 2 { // two are under way when the first refusal comes
		t.Errorf("the server was asked %d times by %d messages", met, len(messages))
	}
	if d := p.delivery(3); !strings.Contains(d.Reason, "slower sending") {
		t.Errorf("delivery %+v", d)
	}
	for round := 0; round < 25; round++ { // more than a message has attempts
		met := p.server.Met(hostile.MailFrom)
		p.clock.Advance(2 * time.Hour)
		p.Eventually("one is tried again", func() bool { return p.server.Met(hostile.MailFrom) > met && all(channel.Delayed)() })
		if again := p.server.Met(hostile.MailFrom) - met; again > 1 {
			t.Errorf("round %d: %d were tried at once", round, again)
		}
	}
	for _, j := range p.jobs() {
		if j.Attempt != 0 {
			t.Errorf("waiting at the brake has used up %d attempts", j.Attempt)
		}
	}
	inbox, err := p.Channels.Inbox(context.Background(), p.Owner, p.inbox.ID)
	if err != nil || !strings.Contains(inbox.StateText, "slower sending") {
		t.Errorf("the inbox says %q, %v", inbox.StateText, err)
	}
	p.server.Heal()
	p.Eventually("sent, one after the other", func() bool { p.clock.Advance(time.Minute); return all(channel.Sent)() })
	if n := len(p.server.Mails()); n != len(messages) {
		t.Errorf("%d mails left for %d messages", n, len(messages))
	}
	p.sendApart(7, 8, 9)
	messages = []int64{7, 8, 9}
	p.Eventually("the inbox is as before", func() bool {
		p.clock.Advance(time.Minute)
		inbox, err = p.Channels.Inbox(context.Background(), p.Owner, p.inbox.ID)
		return all(channel.Sent)() && err == nil && inbox.State == "ok"
	})
}

func TestWhatAsksForSlowerSending(t *testing.T) {
	for said, want := range map[string]bool{
		"421 4.3.2 closing":                                   true,
		"450 4.7.0 unsolicited mail is rate limited":          true,
		"454 4.7.0 Too many login attempts":                   true,
		"550 5.4.5 Daily user sending limit exceeded":         true,
		"451 4.2.0 too many connections from your host":       true,
		"452 4.5.3 too many recipients":                       false,
		"451 4.7.1 Greylisting in action, try again later":    false,
		"452 4.2.2 mailbox over quota":                        false,
		"550 5.1.1 no such user":                              false,
		"554 5.7.1 message refused: it limits nothing itself": false,
	} {
		se := &smtp.SMTPError{Message: said[10:]}
		if _, err := fmt.Sscanf(said, "%d %d.%d.%d", &se.Code, &se.EnhancedCode[0], &se.EnhancedCode[1], &se.EnhancedCode[2]); err != nil {
			t.Fatal(err)
		}
		if got := throttles(se); got != want {
			t.Errorf("%q: %v", said, got)
		}
	}
}
