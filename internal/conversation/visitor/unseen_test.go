package visitor

import (
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/platform/db"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

// waits lets the planned mail of unseen answers happen, if there is any.
func (w world) waits(step time.Duration) {
	w.t.Helper()
	w.settle()
	w.clk.Advance(step)
	w.eventually("the planned mail dealt with", func() bool {
		n, err := db.One(ctx, w.d, db.Int64, "SELECT COUNT(*) FROM jobs WHERE kind = 'chat.unseen' AND run_at <= $1", db.Micros(w.clk.Now()))
		return err == nil && n == 0
	})
}

// mailed is what has left by mail, once it is n.
func (w world) mailed(n int) []*mail.Message {
	w.t.Helper()
	var list []*mail.Message
	w.eventually("the mails", func() bool { list, _ = w.mails(); return len(list) >= n })
	if len(list) != n {
		w.t.Fatalf("%d mails, want %d", len(list), n)
	}
	return list
}

// The story of R46: an unseen answer goes by mail once, and its answer comes
// back into the same conversation.
func TestAnUnseenAnswerGoesByMailOnceAndComesBack(t *testing.T) {
	each(t, func(w world) {
		v := w.arrive()
		m := w.writes(v, 0, "Buy pills at evil.example")
		_, err := w.Change(ctx, v, Change{Email: ptr("ewa@harbour.example")})
		w.want(err, "email")
		w.answers(m.ConversationID, "We have it in stock.")
		w.clk.Advance(time.Minute)
		w.answers(m.ConversationID, "And it is cheaper today.")
		_, err = w.conversations.Note(ctx, w.hanna, m.ConversationID, conversation.NewMessage{Text: "Give her nothing"})
		w.want(err, "note")
		_, err = w.conversations.Reply(ctx, w.hanna, m.ConversationID, conversation.NewMessage{Text: "Held for ever", SendAt: w.clk.Now().Add(time.Hour * 24)})
		w.want(err, "held")
		w.waits(time.Minute + time.Second) // two minutes after the first, one after the second
		if list, _ := w.mails(); len(list) != 0 {
			t.Fatal("a mail before it was quiet for two minutes")
		}
		w.waits(time.Minute)
		got := w.mailed(1)[0]
		body, _ := io.ReadAll(got.Body)
		text := strings.ReplaceAll(string(body), "=\r\n", "")
		if got.Header.Get("To") != "<ewa@harbour.example>" || !strings.Contains(got.Header.Get("Reply-To"), "hello+r") || !strings.Contains(got.Header.Get("From"), "hello@miska.example") {
			t.Errorf("header %v", got.Header)
		}
		for _, want := range []string{"in stock", "cheaper today", "Hanna"} {
			if !strings.Contains(text, want) {
				t.Errorf("the mail does not say %q: %s", want, text)
			}
		}
		for _, secret := range []string{"pills", "evil.example", "nothing", "Held"} {
			if strings.Contains(text, secret) || strings.Contains(got.Header.Get("Subject"), secret) {
				t.Errorf("the mail says %q", secret)
			}
		}
		w.waits(time.Hour)
		w.mailed(1)

		reply, err := mail.ParseAddress(got.Header.Get("Reply-To"))
		w.want(err, "reply address")
		w.want(w.channels.Accept(ctx, []channel.Arrival{{WorkspaceID: 1, InboxID: w.mail.ID, SourceKey: "k1", From: "ewa@harbour.example", Raw: []byte(
			"From: Ewa <ewa@harbour.example>\r\nTo: " + reply.Address + "\r\nSubject: Re\r\nMessage-ID: <a@harbour.example>\r\n\r\nThank you, I take two. My street is Long 5.\r\n")}}, nil), "accept")
		w.eventually("the mail placed", func() bool {
			c, _, err := w.conversations.Get(ctx, w.hanna, m.ConversationID)
			return err == nil && c.LastAuthorKind == "contact" && c.Status == conversation.Open && c.LastPosition == 6
		})
		list, _, err := w.conversations.Messages(ctx, w.hanna, m.ConversationID, conversation.Span{})
		last := list[len(list)-1]
		if err != nil || len(last.Flags) != 0 || last.Author.ID != list[0].Author.ID || !strings.Contains(last.Text, "Long 5") {
			t.Errorf("placed as %+v, %v", last, err)
		}
		// Who has typed the address reads that it was answered, not what.
		v, _ = w.store.get(ctx, 1, v.ID)
		if got := w.sees(v, m.ConversationID); len(got) != 4 || strings.Contains(got[3], "Long") || !strings.HasPrefix(got[3], "visitor: ") {
			t.Errorf("sees %q", got)
		}
		_, who, _ := w.conversations.Get(ctx, w.hanna, m.ConversationID)
		n := 0
		for _, p := range who {
			if p.Kind == conversation.ByContact {
				n++
			}
		}
		if n != 1 {
			t.Errorf("participants %+v", who)
		}
		w.answers(m.ConversationID, "Done")
		w.waits(3 * time.Minute)
		w.mailed(2)
	})
}

func TestWhatWasSeenDoesNotGoByMail(t *testing.T) {
	each(t, func(w world) {
		v := w.reachable()
		m := w.writes(v, 0, "Hello")
		answer := w.answers(m.ConversationID, "Hi")
		_, err := w.Mark(ctx, v, m.ConversationID, Marks{Seen: answer.Position})
		w.want(err, "seen")
		w.waits(time.Hour)
		w.mailed(0)
		// Nobody is known by an address: nothing leaves until one is typed.
		silent := w.arrive()
		m = w.writes(silent, 0, "Hello")
		w.answers(m.ConversationID, "Hi, are you there?")
		w.waits(time.Hour)
		w.mailed(0)
		_, err = w.Change(ctx, silent, Change{Email: ptr("jan@harbour.example")})
		w.want(err, "email")
		w.waits(3 * time.Minute)
		w.mailed(1)
	})
}

// A proven person reads their own mail in the chat.
func TestAProvenAddressSeesItsMail(t *testing.T) {
	each(t, func(w world) {
		v, _, err := w.Arrive(ctx, w.chat, Arrival{Identity: w.identity("u-17", "ewa@harbour.example")})
		w.want(err, "arrive")
		m := w.writes(v, 0, "Hello")
		v, _ = w.store.get(ctx, 1, v.ID)
		w.answers(m.ConversationID, "Hi")
		w.waits(3 * time.Minute)
		w.mailed(1)
		for i, proof := range []channel.Proof{channel.ProofFail, channel.ProofPass} {
			_, err = w.conversations.Receive(ctx, channel.Inbound{WorkspaceID: 1, InboxID: w.mail.ID, ConversationID: m.ConversationID, From: channel.Party{Address: "ewa@harbour.example"},
				Text: "By mail", Reply: "By mail", Class: channel.Human, Proof: proof, ExternalID: string(rune('a'+i)) + "@harbour.example"})
			w.want(err, "mail")
		}
		if got := w.sees(v, m.ConversationID); len(got) != 3 || got[2] != "visitor: By mail" {
			t.Errorf("sees %q", got)
		}
	})
}

// An answer that was scheduled stands below what was written meanwhile. It is
// news all the same: counted, and mailed, though what came after it was seen,
// or mailed.
func TestAnAnswerThatWasLetGoLateIsUnseen(t *testing.T) {
	each(t, func(w world) {
		v := w.reachable()
		m := w.writes(v, 0, "Hello")
		later := func(words string, wait time.Duration) conversation.Message {
			m, err := w.conversations.Reply(ctx, w.hanna, m.ConversationID, conversation.NewMessage{Text: words, SendAt: w.clk.Now().Add(wait)})
			w.want(err, "later")
			return m
		}
		letGo := func(m conversation.Message) {
			w.clk.Advance(time.Hour)
			w.eventually("let go", func() bool {
				m, err := w.conversations.Message(ctx, w.hanna, m.ConversationID, m.ID)
				return err == nil && m.Delivery.State == channel.Sent
			})
		}
		unread := func() int64 {
			c, err := w.Conversation(ctx, v, w.chat, m.ConversationID)
			w.want(err, "conversation")
			return c.Unread
		}
		first, second := later("In stock again", time.Hour), later("And in blue", 2*time.Hour)
		w.writes(v, m.ConversationID, "Still there?")
		answer := w.answers(m.ConversationID, "Yes")
		_, err := w.Mark(ctx, v, m.ConversationID, Marks{Seen: answer.Position})
		w.want(err, "seen")
		w.waits(3 * time.Minute)
		w.mailed(0)
		letGo(first)
		if n := unread(); n != 1 {
			t.Errorf("%d unread", n)
		}
		w.waits(3 * time.Minute)
		text, _ := io.ReadAll(w.mailed(1)[0].Body)
		if !strings.Contains(string(text), "In stock again") || strings.Contains(string(text), "Yes") {
			t.Errorf("mailed %s", text)
		}
		_, err = w.Mark(ctx, v, m.ConversationID, Marks{Seen: answer.Position})
		w.want(err, "seen again")
		if n := unread(); n != 0 {
			t.Errorf("%d unread after it was seen", n)
		}
		w.answers(m.ConversationID, "Bye")
		w.waits(3 * time.Minute)
		w.mailed(2)
		letGo(second)
		w.waits(3 * time.Minute)
		text, _ = io.ReadAll(w.mailed(3)[0].Body)
		if !strings.Contains(string(text), "in blue") || strings.Contains(string(text), "Bye") {
			t.Errorf("mailed %s", text)
		}
	})
}

// Everybody who looks hears that answers have gone by mail: it is an event, of
// the same transaction.
func TestMailedAnswersAreAnEvent(t *testing.T) {
	each(t, func(w world) {
		v := w.arrive()
		m := w.writes(v, 0, "Hello")
		answer := w.answers(m.ConversationID, "Hi")
		events := func() (list []event.Event) {
			w.settle()
			all, err := w.log.After(ctx, 1, 0, 1000)
			w.want(err, "log")
			for _, e := range all {
				if e.Kind == EventMailed {
					list = append(list, e)
				}
			}
			return list
		}
		w.waits(3 * time.Minute) // nobody knows where to
		if list := events(); len(list) != 0 {
			t.Fatalf("%+v", list)
		}
		_, err := w.Change(ctx, v, Change{Email: ptr("ewa@harbour.example")})
		w.want(err, "email")
		w.waits(3 * time.Minute)
		w.mailed(1)
		w.waits(time.Hour)
		list := events()
		if len(list) != 1 || list[0].ConversationID != m.ConversationID || string(list[0].Data) != fmt.Sprintf(`{"inbox_id":%d,"position":%d}`, w.chat.ID, answer.Position) {
			t.Errorf("%+v", list)
		}
		if c, err := w.Conversation(ctx, v, w.chat, m.ConversationID); err != nil || c.MailedPosition != answer.Position {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

// Without an inbox for mail nobody is asked where an answer should go.
func TestASiteSaysWhetherAnythingCanGoByMail(t *testing.T) {
	each(t, func(w world) {
		if s, err := w.Site(ctx, w.chat); err != nil || !s.Mail || s.Language != "pl" {
			t.Errorf("%+v, %v", s, err)
		}
		v := w.arrive()
		m := w.writes(v, 0, "Hello")
		w.answers(m.ConversationID, "Hi")
		w.want(w.channels.DeleteInbox(ctx, account.System(1), w.mail.ID), "delete")
		if s, err := w.Site(ctx, w.chat); err != nil || s.Mail {
			t.Errorf("%+v, %v", s, err)
		}
		for range transcriptsADay + 1 { // what cannot go is not counted
			if err := w.MailTranscript(ctx, v, w.chat, m.ConversationID, "ewa@harbour.example"); !fault.Is(err, fault.Conflict) {
				t.Errorf("transcript: %v", err)
			}
		}
	})
}

// What a teammate is called in public is what visitors see, in old answers too.
func TestAPublicNameIsWhatVisitorsSee(t *testing.T) {
	each(t, func(w world) {
		v := w.reachable()
		m := w.writes(v, 0, "Hello")
		w.answers(m.ConversationID, "Hi")
		_, err := w.conversations.Assign(ctx, w.hanna, m.ConversationID, conversation.Assignment{AgentID: &w.hanna.AgentID})
		w.want(err, "assign")
		names := func() []string {
			s, err := w.Site(ctx, w.chat)
			w.want(err, "site")
			c, err := w.Conversation(ctx, v, w.chat, m.ConversationID)
			w.want(err, "conversation")
			f, err := w.FaceOf(ctx, 1, w.hanna.AgentID)
			w.want(err, "face")
			return []string{s.Team[0].Name, c.With.Name, c.Last.Author.Name, f.Name}
		}
		if got := names(); !slices.Equal(got, []string{"Hanna", "Hanna", "Hanna", "Hanna"}) {
			t.Errorf("%q", got)
		}
		if _, err := db.Exec(ctx, w.d, "UPDATE agents SET public_name = 'Ms H.' WHERE id = 5"); err != nil {
			t.Fatal(err)
		}
		if got := names(); !slices.Equal(got, []string{"Ms H.", "Ms H.", "Ms H.", "Ms H."}) {
			t.Errorf("%q", got)
		}
		w.waits(3 * time.Minute)
		w.mailed(1)
		if _, texts := w.mails(); strings.Contains(texts[0], "Hanna") || !strings.Contains(texts[0], "Ms H.") {
			t.Errorf("the mail: %s", texts[0])
		}
	})
}

func TestTranscriptsGoToTheVisitorAloneAndRarely(t *testing.T) {
	each(t, func(w world) {
		v := w.arrive()
		m := w.writes(v, 0, "Buy pills")
		if err := w.MailTranscript(ctx, v, w.chat, m.ConversationID, ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("without an address: %v", err)
		}
		if err := w.MailTranscript(ctx, v, w.chat, m.ConversationID, "victim@harbour.example"); !fault.Is(err, fault.Conflict) {
			t.Errorf("before anybody has answered: %v", err)
		}
		w.answers(m.ConversationID, "No, thank you.")
		for i := range 4 {
			v, _ = w.store.get(ctx, 1, v.ID)
			err := w.MailTranscript(ctx, v, w.chat, m.ConversationID, "victim@harbour.example")
			if (err == nil) != (i < 3) || i == 3 && !fault.Is(err, fault.Limited) {
				t.Errorf("transcript %d: %v", i+1, err)
			}
		}
		other := w.arrive()
		o := w.writes(other, 0, "Hello")
		w.answers(o.ConversationID, "Hi")
		if err := w.MailTranscript(ctx, other, w.chat, o.ConversationID, "victim@harbour.example"); !fault.Is(err, fault.Limited) {
			t.Errorf("another browser, the same address: %v", err)
		}
		_, texts := w.mails()
		if len(texts) != 3 || strings.Contains(strings.Join(texts, ""), "pills") || !strings.Contains(texts[0], "thank you") {
			t.Errorf("%d mails: %s", len(texts), texts)
		}
		known, _, err := w.Arrive(ctx, w.chat, Arrival{Identity: w.identity("u-17", "ewa@harbour.example")})
		w.want(err, "arrive")
		k := w.writes(known, 0, "My own words")
		known, _ = w.store.get(ctx, 1, known.ID)
		if err := w.MailTranscript(ctx, known, w.chat, k.ConversationID, "other@harbour.example"); !fault.Is(err, fault.Invalid) {
			t.Errorf("a known person's to another address: %v", err)
		}
		w.want(w.MailTranscript(ctx, known, w.chat, k.ConversationID, ""), "transcript")
		if _, texts := w.mails(); len(texts) != 4 || !strings.Contains(texts[0], "My own words") {
			t.Errorf("%s", texts[0])
		}
	})
}
