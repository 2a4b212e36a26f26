package app

import (
	"context"
	"fmt"
	"mime"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/channel/email"
	"rapport/internal/conversation"
	"rapport/internal/httpapi/mailset"
	"rapport/internal/httpapi/upkeep"
	"rapport/internal/platform/db"
	"rapport/internal/platform/words"
	"rapport/internal/testkit"
	"rapport/internal/testkit/hostile"
)

const mailbox = "hello@miska.example"

// postbox is a company whose mailbox stands at a provider that wants OAuth, with
// another inbox of the ordinary kind, and everything at work.
type postbox struct {
	*App
	t        *testing.T
	owner    account.Actor
	provider *hostile.OAuth
	imap     *hostile.IMAP
	smtp     *hostile.SMTP // of the mailbox
	plain    *hostile.SMTP // of the other inbox
}

func newPostbox(t *testing.T, args ...string) *postbox {
	t.Helper()
	p := &postbox{t: t, provider: hostile.StartOAuth(t), imap: hostile.StartIMAP(t), smtp: hostile.StartSMTP(t), plain: hostile.StartSMTP(t)}
	p.imap.Bearer, p.smtp.Bearer = p.provider.Opens, p.provider.Opens
	p.App = opened(t, false, append(args, "--data", t.TempDir(), "--outbound-allow", "127.0.0.0/8", "--url", "https://help.miska.example")...)
	p.owner = founded(t, p.App)
	p.owner.SessionID = 5
	p.inbox("orders@miska.example", nil, &channel.Server{Host: p.plain.Host(), Port: p.plain.Port(), Security: "none"})
	ctx, stop := context.WithCancel(context.Background())
	fetcher := email.NewFetcher(email.FetcherDeps{Channels: p.Channels, Store: p.DB, Guard: p.Guard, Clock: p.clock, Bell: p.Bus, Tokens: p.Authorizations})
	var parts sync.WaitGroup
	parts.Go(func() { p.Jobs.Run(ctx, true) })
	parts.Go(func() { p.Log.Run(ctx) })
	parts.Go(func() { fetcher.Run(ctx) })
	t.Cleanup(func() { stop(); parts.Wait() })
	return p
}

func (p *postbox) inbox(address string, imap, smtp *channel.Server) channel.Inbox {
	p.t.Helper()
	v, err := p.Channels.CreateInbox(context.Background(), p.owner, channel.NewInbox{Name: address, Channel: "email", Address: address, Email: &channel.EmailSettings{IMAP: imap, SMTP: smtp}})
	testkit.Require(p.t, err)
	return v
}

// signIn sets out, says yes at the provider, and comes back.
func (p *postbox) signIn(n mailset.NewAuthorization) mailset.Authorization {
	p.t.Helper()
	begun, err := signIns{p.App}.Begin(p.t.Context(), p.owner, n)
	testkit.Require(p.t, err)
	back := p.provider.Visit(begun.URL, mailbox)
	if !strings.HasPrefix(back.String(), "https://help.miska.example/settings/oauth?") {
		p.t.Fatalf("sent back to %s", back)
	}
	v, err := signIns{p.App}.Complete(p.t.Context(), p.owner, mailset.AuthorizationAnswer{State: back.Query().Get("state"), Code: back.Query().Get("code")})
	testkit.Require(p.t, err)
	return v
}

// connect makes the inbox of the mailbox.
func (p *postbox) connect() (channel.Inbox, mailset.Authorization) {
	p.t.Helper()
	v := p.signIn(mailset.NewAuthorization{Address: mailbox, Provider: "custom", ClientID: p.provider.ClientID, ClientSecret: p.provider.Secret,
		Custom: &mailset.CustomProvider{AuthorizeURL: p.provider.AuthorizeURL(), TokenURL: p.provider.TokenURL(), RevokeURL: p.provider.RevokeURL(), Scope: "mail", IMAPHost: p.imap.Host(), SMTPHost: p.smtp.Host()}})
	server := func(port int) *channel.Server {
		return &channel.Server{Host: "127.0.0.1", Port: port, Security: "none", Username: mailbox, AuthorizationID: v.ID}
	}
	for _, c := range p.tried(server(p.imap.Port()), server(p.smtp.Port())) {
		if c.State != "ok" && c.Name != "address" {
			p.t.Fatalf("the test before: %+v", c)
		}
	}
	imap := server(p.imap.Port())
	imap.History = "all"
	return p.inbox(mailbox, imap, server(p.smtp.Port())), v
}

func (p *postbox) tried(imap, smtp *channel.Server) []channel.Check {
	p.t.Helper()
	checks, err := p.Channels.TestInbox(context.Background(), p.owner, 0, channel.NewInbox{Name: "test", Channel: "email", Address: mailbox, Email: &channel.EmailSettings{IMAP: imap, SMTP: smtp}})
	testkit.Require(p.t, err)
	return checks
}

func (p *postbox) eventually(what string, ok func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("never: %s", what)
		}
	}
}

// arrives puts a mail into the mailbox.
func (p *postbox) arrives(n int) {
	p.imap.Deliver(fmt.Appendf(nil, "From: Ewa <ewa@harbour.example>\r\nTo: %s\r\nSubject: Bowl %d\r\nMessage-ID: <%d@harbour.example>\r\n\r\nThe bowl %d is broken.\r\n", mailbox, n, n, n))
}

// fetched waits until so many mails are messages, and no more.
func (p *postbox) fetched(n int64) {
	p.t.Helper()
	var c channel.Counters
	p.eventually(fmt.Sprintf("%d mails fetched", n), func() (done bool) {
		c, _ = p.Channels.Counters(context.Background(), p.owner.WorkspaceID)
		return c.Applied >= n
	})
	if c.Accepted != n || c.Applied != n {
		p.t.Fatalf("%+v, want %d mails, each once", c, n)
	}
}

func (p *postbox) state(id int64) channel.Inbox {
	p.t.Helper()
	v, err := p.Channels.Inbox(context.Background(), p.owner, id)
	testkit.Require(p.t, err)
	return v
}

// writes sends a mail through an inbox.
func (p *postbox) writes(inboxID int64, subject string) {
	p.t.Helper()
	_, err := p.Conversations.Start(context.Background(), p.owner, conversation.NewConversation{InboxID: inboxID, Subject: subject,
		NewMessage: conversation.NewMessage{Text: "It is on its way.", To: []channel.Party{{Address: "ewa@harbour.example"}}}})
	testkit.Require(p.t, err)
}

// subjects are those of the mails that a server has kept, by recipient.
func subjects(t *testing.T, s *hostile.SMTP) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, m := range s.Mails() {
		read, err := mail.ReadMessage(strings.NewReader(m.Raw))
		testkit.Require(t, err)
		subject, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject"))
		testkit.Require(t, err)
		out[m.To[0]] = append(out[m.To[0]], subject)
	}
	return out
}

// TestMAIL28AMailboxAtAProviderWithOAuth: a token that ends is renewed once; a
// leave that is taken back shows on the inbox and is written to the
// administrators once; what comes and leaves meanwhile waits; signing in again
// brings all of it, each once.
func TestMAIL28AMailboxAtAProviderWithOAuth(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		p := newPostbox(t, database()...)
		inbox, v := p.connect()
		p.arrives(1)
		p.fetched(1)
		p.writes(inbox.ID, "First")
		p.eventually("the first answer", func() bool { return len(p.smtp.Mails()) == 1 })

		p.provider.Expire() // and the servers break off, so that all sign in anew
		p.imap.Heal()
		p.arrives(2)
		p.fetched(2)
		p.writes(inbox.ID, "Second")
		p.eventually("the second answer", func() bool { return len(p.smtp.Mails()) == 2 })
		if n := p.provider.Renewed(); n != 1 {
			t.Errorf("the token was renewed %d times, want once", n)
		}

		for loss := 1; loss <= 2; loss++ {
			p.provider.Revoke()
			p.imap.Heal()
			p.eventually("the loss on the inbox", func() bool { return p.state(inbox.ID).State == "reconnect" })
			name := "renamed"
			if _, err := p.Channels.ChangeInbox(t.Context(), p.owner, inbox.ID, channel.InboxChange{Name: &name, Email: inbox.Email}); err != nil || p.state(inbox.ID).State != "reconnect" {
				t.Errorf("after a change of other settings: %v, %s", err, p.state(inbox.ID).State)
			}
			asked := p.provider.Asked()
			p.arrives(2 + loss)
			p.writes(inbox.ID, fmt.Sprint("Waits ", loss))
			p.eventually("the letters", func() bool { return len(p.plain.Mails()) >= 2*loss })
			told := subjects(t, p.plain)
			if len(told) != 2 || len(told["hanna@miska.example"]) != loss || len(told["ola@miska.example"]) != loss ||
				told["hanna@miska.example"][loss-1] != "Miska: hello@miska.example must be connected again." || told["ola@miska.example"][loss-1] != "Miska: Trzeba ponownie połączyć hello@miska.example." {
				t.Fatalf("the administrators were told: %v", told)
			}
			p.eventually("the answer to be put off", func() bool {
				waiting, failed, err := p.Channels.Stuck(t.Context(), p.owner.WorkspaceID)
				if failed > 0 {
					t.Fatalf("%d answers failed, %v", failed, err)
				}
				return waiting == 1
			})
			if now := p.state(inbox.ID); !strings.Contains(now.StateText, "no longer lets Rapport into this mailbox") || p.provider.Asked() != asked {
				t.Errorf("%q; the provider was asked %d times more", now.StateText, p.provider.Asked()-asked)
			}
			shown, err := signIns{p.App}.Authorization(t.Context(), p.owner, v.ID)
			if err != nil || shown.State != "lost" || shown.InboxID == nil || *shown.InboxID != inbox.ID {
				t.Errorf("shown: %+v, %v", shown, err)
			}

			if again := p.signIn(mailset.NewAuthorization{AuthorizationID: v.ID}); again.ID != v.ID || again.State != "given" {
				t.Fatalf("signed in again: %+v", again)
			}
			p.fetched(int64(2 + loss))
			p.eventually("the answer that waited", func() bool { return len(p.smtp.Mails()) == 2+loss })
			if now := p.state(inbox.ID); now.State != "ok" || now.StateText != "" {
				t.Errorf("afterwards: %s %q", now.State, now.StateText)
			}
		}
		if got := subjects(t, p.smtp)["ewa@harbour.example"]; strings.Join(got, ", ") != "First, Second, Waits 1, Waits 2" {
			t.Errorf("the customer got %q", got)
		}
		if got := len(p.plain.Mails()); got != 4 {
			t.Errorf("%d letters, want two at each loss", got)
		}
	})
}

// TestMAIL28TheLetterLeavesByAnyInboxThatCanSend: the one that was chosen for
// letters is the lost one itself, one that only takes mail, or one that was
// deleted.
func TestMAIL28TheLetterLeavesByAnyInboxThatCanSend(t *testing.T) {
	t.Parallel()
	for name, choose := range map[string]func(p *postbox, lost channel.Inbox) int64{
		"the lost one": func(_ *postbox, lost channel.Inbox) int64 { return lost.ID },
		"one that only takes mail": func(p *postbox, _ channel.Inbox) int64 {
			return p.inbox("archive@miska.example", nil, nil).ID
		},
		"one that was deleted": func(p *postbox, _ channel.Inbox) int64 {
			gone := p.inbox("old@miska.example", nil, nil)
			testkit.Require(t, p.Channels.DeleteInbox(t.Context(), p.owner, gone.ID))
			return gone.ID
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPostbox(t)
			inbox, _ := p.connect()
			id := choose(p, inbox)
			_, err := p.Accounts.UpdateWorkspace(t.Context(), p.owner, account.WorkspaceChange{SystemInboxID: &id})
			testkit.Require(t, err)
			p.provider.Revoke()
			p.imap.Heal()
			p.arrives(1)
			p.eventually("the letters", func() bool { return len(p.plain.Mails()) == 2 })
			if told := subjects(t, p.plain); len(told["hanna@miska.example"]) != 1 || len(told["ola@miska.example"]) != 1 || len(p.smtp.Mails()) != 0 {
				t.Errorf("told %v", told)
			}
			if check := p.outboxCheck(t.Context(), p.owner.WorkspaceID); check.State == "failed" {
				t.Errorf("the health page says %+v", check)
			}
		})
	}
}

// TestMAIL28WhereNothingCanTellTheHealthPageDoes: the lost inbox is the only one
// that could send.
func TestMAIL28WhereNothingCanTellTheHealthPageDoes(t *testing.T) {
	t.Parallel()
	p := newPostbox(t)
	inbox, v := p.connect()
	all, err := p.Channels.Inboxes(t.Context(), p.owner)
	testkit.Require(t, err)
	for _, other := range all {
		if other.ID != inbox.ID {
			testkit.Require(t, p.Channels.DeleteInbox(t.Context(), p.owner, other.ID))
		}
	}
	p.inbox("archive@miska.example", nil, nil) // takes mail and sends none
	said := func() upkeep.HealthCheck { return p.outboxCheck(t.Context(), p.owner.WorkspaceID) }
	if check := said(); check.State != "ok" {
		t.Errorf("before: %+v", check)
	}
	p.provider.Revoke()
	p.imap.Heal()
	p.arrives(1)
	p.eventually("the loss on the inbox", func() bool { return p.state(inbox.ID).State == "reconnect" })
	check := said()
	if check.State != "failed" || !strings.HasPrefix(check.Message, "No inbox can send") {
		t.Errorf("the health page says %+v", check)
	}
	for _, language := range []string{"ko", "pl"} {
		if words.In(language, check.Message) == check.Message {
			t.Errorf("%s: %q", language, check.Message)
		}
	}
	p.signIn(mailset.NewAuthorization{AuthorizationID: v.ID})
	if check := said(); check.State != "ok" || len(p.plain.Mails()) != 0 {
		t.Errorf("afterwards: %+v, %d letters", check, len(p.plain.Mails()))
	}
}

// TestMAIL28ADeletedInboxGivesItsLeaveBack: at the provider, once nothing waits to
// leave through it any more.
func TestMAIL28ADeletedInboxGivesItsLeaveBack(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		p := newPostbox(t, database()...)
		inbox, v := p.connect()
		token, err := p.Authorizations.Token(t.Context(), p.owner.WorkspaceID, v.ID, "127.0.0.1", "")
		testkit.Require(t, err)
		tidy := func(there, open bool) {
			t.Helper()
			testkit.Require(t, db.Do(t.Context(), p.DB, "UPDATE oauth_authorizations SET changed_at = 0")) // long ago
			testkit.Require(t, p.Authorizations.Tidy(t.Context()))
			if _, err := p.Authorizations.Of(t.Context(), p.owner.WorkspaceID, v.ID); there != (err == nil) {
				t.Fatalf("the sign-in: %v, want it there: %v", err, there)
			}
			p.eventually("what was queued at the provider", func() bool { return p.provider.Opens(mailbox, token) == open })
		}
		tidy(true, true)
		c, err := p.Conversations.Start(t.Context(), p.owner, conversation.NewConversation{InboxID: inbox.ID, Subject: "Waits",
			NewMessage: conversation.NewMessage{Text: "It is on its way.", SendAt: time.Now().Add(time.Hour), To: []channel.Party{{Address: "ewa@harbour.example"}}}})
		testkit.Require(t, err)
		said, _, err := p.Conversations.Messages(t.Context(), p.owner, c.ID, conversation.Span{})
		testkit.Require(t, err)
		testkit.Require(t, p.Channels.DeleteInbox(t.Context(), p.owner, inbox.ID))
		tidy(true, true)
		_, err = p.Conversations.CancelHold(t.Context(), p.owner, c.ID, said[0].ID)
		testkit.Require(t, err)
		tidy(false, false)
	})
}

// TestMAIL28AProviderThatIsAwayLosesNothing: its outage is trouble that passes,
// and nobody is asked to sign in.
func TestMAIL28AProviderThatIsAwayLosesNothing(t *testing.T) {
	t.Parallel()
	p := newPostbox(t)
	inbox, _ := p.connect()
	p.arrives(1)
	p.fetched(1)
	p.provider.Expire()
	p.provider.Down()
	p.imap.Heal()
	p.arrives(2)
	p.eventually("the trouble on the inbox", func() bool {
		return strings.Contains(p.state(inbox.ID).StateText, "The sign-in could not be renewed: 127.0.0.1 does not answer.")
	})
	if now := p.state(inbox.ID); now.State != "trouble" || len(p.plain.Mails()) != 0 {
		t.Errorf("%s, with %d letters", now.State, len(p.plain.Mails()))
	}
	p.provider.Up()
	p.fetched(2)
	p.eventually("the trouble to go", func() bool { return p.state(inbox.ID).State == "ok" })
}

// TestMAIL28AServerWithTheStandardsWay: OAUTHBEARER where XOAUTH2 is not offered,
// and words where neither is, or the mailbox is another one.
func TestMAIL28AServerWithTheStandardsWay(t *testing.T) {
	t.Parallel()
	p := newPostbox(t)
	p.imap.Mechanism, p.smtp.Mechanism = "OAUTHBEARER", "OAUTHBEARER"
	inbox, v := p.connect()
	p.arrives(1)
	p.fetched(1)
	p.writes(inbox.ID, "First")
	p.eventually("an answer", func() bool { return len(p.smtp.Mails()) == 1 })
	server := channel.Server{Host: "127.0.0.1", Port: p.plain.Port(), Security: "none", Username: mailbox, AuthorizationID: v.ID}
	expect := func(smtp channel.Server, words string) {
		t.Helper()
		if checks := p.tried(nil, &smtp); !strings.Contains(checks[1].Message, words) || checks[1].State != "failed" {
			t.Errorf("%+v, want %q", checks[1], words)
		}
	}
	expect(server, "takes no sign-in by OAuth")
	server.Port, server.Username = p.smtp.Port(), "somebody@miska.example"
	expect(server, "refuses the sign-in of somebody@miska.example")
	server.Host, server.Username = "localhost", mailbox
	server.Security = "tls"
	expect(server, "This sign-in is for another mail server.")
}

// The letter is in the reader's language to the last sentence.
func TestTheLetterOfALostSignInIsTranslated(t *testing.T) {
	t.Parallel()
	p := newPostbox(t)
	_, v := p.connect()
	lost, err := p.Authorizations.Of(t.Context(), p.owner.WorkspaceID, v.ID)
	testkit.Require(t, err)
	lost.Reason = "Google no longer lets Rapport into this mailbox: the permission was withdrawn or has expired."
	n := lossNotice(lost, 1)
	for _, language := range []string{"ko", "pl"} {
		for _, line := range append(strings.Split(n.Text, "\n\n"), n.Title) {
			if words.In(language, line) == line {
				t.Errorf("%s: %q", language, line)
			}
		}
		if text := words.In(language, n.Text); strings.Contains(text, "mailbox") {
			t.Errorf("%s: %q", language, text)
		}
	}
}
