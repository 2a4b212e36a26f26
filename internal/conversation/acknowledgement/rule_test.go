package acknowledgement

import (
	"strings"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/conversation"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// ordinary is a person's mail that begins a conversation.
func ordinary() first {
	return first{Number: 12, Channel: "email", Kind: conversation.KindInbound, Class: channel.Human, Proof: channel.ProofPass, Name: "Ewa Marsh",
		Address: "ewa@harbour.example", ReceiptID: 5, SentAt: noon, CreatedAt: noon}
}

func TestWhatIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(m *first)
		want   string
	}{
		{"a person's mail", func(*first) {}, ""},
		{"a domain without a policy", func(m *first) { m.Proof = channel.ProofNone }, ""},
		{"nobody has looked", func(m *first) { m.Proof = channel.ProofUnchecked }, ""},
		{"without a date", func(m *first) { m.SentAt = time.Time{} }, ""},
		{"a chat", func(m *first) { m.Channel = "chat" }, "no mail"},
		{"a form", func(m *first) { m.Channel = "form" }, "no mail"},
		{"a conversation we began", func(m *first) { m.Kind = conversation.KindReply }, "no mail"},
		{"not through a door", func(m *first) { m.ReceiptID = 0 }, "no mail"},
		{"an automatic reply", func(m *first) { m.Class = channel.AutoReply }, "machine"},
		{"a bounce", func(m *first) { m.Class = channel.Bounced }, "machine"},
		{"a list", func(m *first) { m.Class = channel.List }, "machine"},
		{"forged", func(m *first) { m.Proof = channel.ProofFail }, "unproven"},
		{"typed", func(m *first) { m.Proof = channel.ProofTyped }, "unproven"},
		{"MAIL-22: a sign-in code", func(m *first) { m.Flags = []string{conversation.FlagMasked} }, "credential"},
		{"asks for silence", func(m *first) { m.Flags = []string{conversation.FlagQuiet} }, "unattended"},
		{"no-reply", func(m *first) { m.Address = "no-reply@shop.example" }, "unattended"},
		{"one of ours", func(m *first) { m.Own = true }, "own"},
		{"blocked", func(m *first) { m.Blocked = true }, "unwanted"},
		{"spam", func(m *first) { m.Spam = true }, "unwanted"},
		{"mail to it came back", func(m *first) { m.Suppressed = true }, "suppressed"},
		{"out of an old mailbox", func(m *first) { m.SentAt = noon.Add(-25 * time.Hour) }, "old"},
		{"read late", func(m *first) { m.CreatedAt = noon.Add(-25 * time.Hour) }, "old"},
	} {
		m := ordinary()
		c.change(&m)
		if got := m.refused(noon); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAddressesThatNobodyReads(t *testing.T) {
	t.Parallel()
	for _, local := range []string{"noreply", "no-reply", "No.Reply", "donotreply", "do-not-reply", "do_not_reply", "shop-noreply", "noreply-accounts", "orders+noreply", "mailer-daemon", "MAILER-DAEMON",
		"postmaster", "bounce", "bounces", "bounces+73", "bounce-5=ewa", "owner-hills", "hills-owner", "hills-request", "hills-bounces", "majordomo", "listserv", "root", "nobody", "autoreply", "auto-reply",
		"newsletter", "notifications", "notification-x", "nie-odpowiadaj", "nicht-antworten", "ne-pas-repondre", "prvs=5f", "SRS0=abc", "dontreply", "never-reply"} {
		if !unattended(local + "@shop.example") {
			t.Errorf("%s is written to", local)
		}
	}
	for _, local := range []string{"ewa", "reply", "norah.reply", "replyson", "bounty", "rooter", "newsome", "office", "info", "hello", "owner", "request", "noah", "nobodyknows", "systematic", "alertina"} {
		if unattended(local + "@shop.example") {
			t.Errorf("%s is not written to", local)
		}
	}
	for _, address := range []string{"", "ewa", "unknown@invalid", "ewa@localhost", "ewa@x.example, jan@x.example", "Ewa <ewa@x.example>", "ewa@x.example\r\nBcc: jan@x.example"} {
		if !unattended(address) {
			t.Errorf("%q is written to", address)
		}
	}
}

func TestTheCustomersLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ known, words, want string }{
		{"ko-KR", "Hello", "ko"}, {"pl", "", "pl"}, {"sw", "Where is my parcel?", "en"}, {"", "Where is my parcel?", "en"},
		{"", "제 소포가 아직 도착하지 않았습니다. 주문 번호 1024", "ko"}, {"", "Gdzie jest moja paczka? Zamówiłem ją w środę, a wciąż jej nie ma.", "pl"},
		{"", "Order from Łódź has not come and I would like to know where it is at the moment please", "en"}, {"", "안녕 hello hello hello hello hello hello", "en"}, {"", "", "en"},
	} {
		if got := (first{Language: c.known, Words: c.words}).language("en"); got != c.want {
			t.Errorf("%q %q: %s, want %s", c.known, c.words, got, c.want)
		}
	}
}

func TestAnUnprovenNameIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		proof      channel.Proof
		name, want string
	}{
		{channel.ProofPass, "Ewa Marsh", "Hello Ewa Marsh,"},
		{channel.ProofPass, "", "Hello and thank you for writing,"},
		{channel.ProofPass, "Win at https://evil.example", "Hello and thank you for writing,"},
		{channel.ProofPass, "{{conversation.number}}", "Hello and thank you for writing,"},
		{channel.ProofNone, "Send money", "Hello and thank you for writing,"},
		{channel.ProofUnchecked, "Send money", "Hello and thank you for writing,"},
	} {
		m := ordinary()
		m.Proof, m.Name = c.proof, c.name
		got, _, _ := strings.Cut(fill(shipped["en"], m.values()), "\n")
		if got != c.want {
			t.Errorf("%s %q: %q, want %q", c.proof, c.name, got, c.want)
		}
	}
}

func TestEveryShippedTextIsWhole(t *testing.T) {
	t.Parallel()
	for _, language := range Languages {
		if err := checkVariables("test", shipped[language]); err != nil {
			t.Errorf("%s: %v", language, err)
		}
		for _, name := range []string{"", "Ewa"} {
			m := ordinary()
			m.Name = name
			if got := fill(shipped[language], m.values()); strings.ContainsAny(got, "{}|") || !strings.Contains(got, "#12") || len(got) < 100 {
				t.Errorf("%s for %q: %q", language, name, got)
			}
		}
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	for words, ok := range map[string]bool{
		"plain": true, "{{customer.name|there}} {{ conversation.number }} {{inbox.name|}} {{customer.first_name|}}": true, "{{customer.name}}": false,
		"{{customer.age|3}}": false, "{{agent.name|us}}": false, "{{customer.name|there": false, "customer.name}}": false, "{one}": true, "{{}}": false,
	} {
		if err := checkVariables("test", words); (err == nil) != ok {
			t.Errorf("%q: %v", words, err)
		}
	}
}

// MAIL-18: what is over a cap waits until there is room, and says why; what
// would wait too long is not written.
func TestMAIL18WhatIsOverACapWaits(t *testing.T) {
	t.Parallel()
	caps := Caps{AddressDay: 3, InboxHour: 2, WorkspaceHour: 5}
	ago := func(d time.Duration) time.Time { return noon.Add(-d) }
	for _, c := range []struct {
		name string
		sent sent
		wait time.Duration
		said string
		ok   bool
	}{
		{"nothing has left", sent{}, 0, "", true},
		{"the address has one from this inbox", sent{FromInbox: 1, InDay: 1}, 0, "", false},
		{"two from others", sent{InDay: 2}, 0, "", true},
		{"three from others", sent{InDay: 3}, 0, "", false},
		{"the inbox has room again", sent{Inbox: ago(hour)}, 0, "", true},
		{"the inbox is full", sent{Inbox: ago(20 * time.Minute)}, 40 * time.Minute, "This inbox", true},
		{"the workspace is full", sent{Workspace: ago(time.Minute)}, 59 * time.Minute, "As many", true},
		{"both", sent{Inbox: ago(30 * time.Minute), Workspace: ago(50 * time.Minute)}, 30 * time.Minute, "This inbox", true},
		{"others wait already", sent{Inbox: noon.Add(3 * time.Hour)}, 4 * time.Hour, "This inbox", true},
		{"too many wait", sent{Inbox: noon.Add(12 * time.Hour)}, 0, "", false},
	} {
		at, reason, ok := caps.slot(noon, c.sent)
		if ok != c.ok || ok && (at.Sub(noon) != c.wait || !strings.HasPrefix(reason, c.said) || (reason == "") != (c.said == "")) {
			t.Errorf("%s: %v later, %q, %v", c.name, at.Sub(noon), reason, ok)
		}
	}
}

func FuzzFill(f *testing.F) {
	for _, language := range Languages {
		f.Add(shipped[language], "Ewa")
	}
	f.Add("{{customer.name|{{}}", "{{inbox.name}}")
	f.Fuzz(func(t *testing.T, words, name string) {
		m := ordinary()
		m.Name = name
		if checkVariables("test", words) != nil {
			return
		}
		if got := fill(words, m.values()); strings.Contains(got, "{{") {
			t.Errorf("%q says %q", words, got)
		}
	})
}
