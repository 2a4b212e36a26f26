package email

import (
	"fmt"
	"strings"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/channel/channeltest"
	"rapport/internal/platform/clock"
	"rapport/internal/platform/outbound"
	"rapport/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func adapter(w *channeltest.World) *Adapter {
	return New(Deps{Key: w.Key, Blobs: w.Blobs, Guard: outbound.New(testkit.Loopback, outbound.NewResolver("")), Clock: clock.System, Host: "mail.miska.example"})
}

func hello() channel.NewInbox {
	return channel.NewInbox{Name: "Hello", Channel: "email", Address: "hello@miska.example", Email: &channel.EmailSettings{}}
}

func sample(n int) []byte {
	return []byte(fmt.Sprintf("From: Ewa Marsh <ewa@harbour.example>\r\nTo: hello@miska.example\r\nSubject: Burek %d\r\nMessage-ID: <%d@harbour.example>\r\n\r\nHe did not eat, day %d.\r\n", n, n, n))
}

func TestTheMailChannelPassesTheSuite(t *testing.T) {
	channeltest.Run(t, func(t *testing.T, w *channeltest.World) channeltest.Subject {
		withAddress := func(address string) channel.NewInbox { n := hello(); n.Address = address; return n }
		badPort := hello()
		badPort.Email = &channel.EmailSettings{SMTP: &channel.Server{Host: "mail.miska.example", Port: 0, Security: "tls"}}
		badSecurity := hello()
		badSecurity.Email = &channel.EmailSettings{IMAP: &channel.Server{Host: "mail.miska.example", Port: 993, Security: "maybe"}}
		badHost := hello()
		badHost.Email = &channel.EmailSettings{SMTP: &channel.Server{Host: "https://mail.miska.example", Port: 25, Security: "none"}}
		return channeltest.Subject{
			Adapter: adapter(w), Inbox: hello(), Sample: sample,
			Poison: []byte("Subject: many parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 2000) + "--b--\r\n"),
			Answer: func(built channel.Built) []byte {
				return []byte("From: ewa@harbour.example\r\nTo: hello@miska.example\r\nSubject: Re: something else\r\nMessage-ID: <a@harbour.example>\r\nIn-Reply-To: <" + built.ExternalID + ">\r\n\r\nThank you.\r\n")
			},
			Broken: []channel.NewInbox{withAddress(""), withAddress("hello"), withAddress("a@b@c.example"), withAddress("hello+rabc@miska.example"), badPort, badSecurity, badHost},
		}
	})
}

func TestReplyAddressesProveOneConversation(t *testing.T) {
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	s, other := adapter(w).signer, adapter(channeltest.NewWorld(t, testkit.SQLite(t))).signer
	for _, id := range []int64{1, 4711, 1<<53 - 1} {
		address := s.replyAddress("hello@miska.example", id)
		local, _, _ := strings.Cut(address, "@")
		if len(local) > 64 || address != strings.ToLower(address) {
			t.Errorf("%s: the local part is too long or not in lower case", address)
		}
		for _, form := range []string{address, strings.ToUpper(address)} {
			if got, ok := s.conversationOf(form); !ok || got != id {
				t.Errorf("%s proves %d, %v; want %d", form, got, ok, id)
			}
		}
		if _, ok := other.conversationOf(address); ok {
			t.Error("an address of another installation was accepted")
		}
		for i := len("hello+r"); i < len(local); i++ { // a stranger guesses
			forged := []byte(address)
			forged[i] = 'a' + (forged[i]-'a'+1)%26
			if got, ok := s.conversationOf(string(forged)); ok {
				t.Errorf("%s was accepted for conversation %d", forged, got)
			}
		}
	}
	if got := s.replyAddress(strings.Repeat("x", 60)+"@miska.example", 1); strings.Contains(got, "+r") {
		t.Errorf("%s has a local part that is too long", got)
	}
	for _, address := range []string{"hello@miska.example", "hello+r@miska.example", "hello+rzz@miska.example", "", "@", "hello+r"} {
		if _, ok := s.conversationOf(address); ok {
			t.Errorf("%q proves a conversation", address)
		}
	}
}

func TestMessageIDsProveConversationAndMessage(t *testing.T) {
	w := channeltest.NewWorld(t, testkit.SQLite(t))
	s := adapter(w).signer
	id := s.messageID("hello@miska.example", 4711, 99)
	if c, o, ok := s.outboundOf(id); !ok || c != 4711 || o != 99 {
		t.Errorf("%s proves %d, %d, %v", id, c, o, ok)
	}
	for _, forged := range []string{"", "r.@x", "x" + id, strings.Replace(id, "r.a", "r.b", 1), s.replyAddress("hello@miska.example", 4711)} {
		if _, _, ok := s.outboundOf(forged); ok {
			t.Errorf("%q was accepted", forged)
		}
	}
}
