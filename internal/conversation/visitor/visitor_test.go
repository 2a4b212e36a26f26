package visitor

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/channel/hours"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

func TestAVisitorWritesIsAnsweredAndResumes(t *testing.T) {
	each(t, func(w world) {
		v, token, err := w.Arrive(ctx, w.chat, Arrival{Language: "ko", TimeZone: "Asia/Seoul"})
		w.want(err, "arrive")
		if n, _ := db.One(ctx, w.d, db.Int64, "SELECT COUNT(*) FROM contacts"); n != 0 || v.ContactID != 0 {
			t.Errorf("a contact before the first message: %d", n)
		}
		_, err = w.Change(ctx, v, Change{Name: ptr("Ewa"), Email: ptr("EWA@harbour.example")})
		w.want(err, "change")
		m := w.writes(v, 0, "Is it in stock?\nThe 12 kg one.")
		w.answers(m.ConversationID, "Yes!")
		again, inbox, err := w.Authenticate(ctx, token)
		if err != nil || inbox.ID != w.chat.ID || again.ContactID == 0 {
			t.Fatalf("%+v, %v", again, err)
		}
		list, err := w.Conversations(ctx, again, inbox)
		w.want(err, "conversations")
		if len(list) != 1 || list[0].Unread != 1 || list[0].LastPosition != 2 || list[0].Last.Text != "Yes!" || list[0].SeenPosition != 0 || list[0].Subject != "Is it in stock?" || list[0].Closed {
			t.Errorf("%+v, last %+v", list[0], list[0].Last)
		}
		got, more, err := w.Messages(ctx, again, m.ConversationID, Page{After: 1})
		if err != nil || more || len(got) != 1 || got[0].Author != (Face{"Hanna", 77}) || got[0].Kind != "agent" || got[0].ClientID != "" {
			t.Errorf("%+v, %v", got, err)
		}
		if got, more, _ := w.Messages(ctx, again, m.ConversationID, Page{FromStart: true, Limit: 1}); len(got) != 1 || !more || got[0].Position != 1 || got[0].ClientID != "c1" {
			t.Errorf("from the start: %+v %v", got, more)
		}
		if got, more, _ := w.Messages(ctx, again, m.ConversationID, Page{Limit: 1}); len(got) != 1 || !more || got[0].Position != 2 {
			t.Errorf("the newest: %+v %v", got, more)
		}
		c, err := w.contacts.Get(ctx, w.hanna, again.ContactID)
		if err != nil || c.Name != "Ewa" || c.Language != "ko" || c.TimeZone != "Asia/Seoul" || c.Address() != "ewa@harbour.example" || !c.Anonymous() {
			t.Errorf("contact %+v, %v", c, err)
		}
		chat, err := w.Chat(ctx, 1, m.ConversationID)
		if err != nil || chat.Email != "ewa@harbour.example" || chat.EmailVerified || chat.Known || chat.Language != "ko" {
			t.Errorf("chat %+v, %v", chat, err)
		}
	})
}

// What writing answers is what is read afterwards.
func TestTheAnswerToAMessageIsWhatIsRead(t *testing.T) {
	each(t, func(w world) {
		// Nobody is there, so that an answer is promised for later.
		_, err := w.channels.ChangeInbox(ctx, account.System(1), w.chat.ID, channel.InboxChange{Chat: &channel.ChatChange{Hours: &hours.Hours{TimeZone: "UTC", Days: []hours.Day{{Day: 7, From: "09:00", To: "10:00"}}}}})
		w.want(err, "hours")
		w.chat, err = w.channels.Inbox(ctx, account.System(1), w.chat.ID)
		w.want(err, "inbox")
		v, err := w.Change(ctx, w.arrive(), Change{Name: ptr("Ewa  of\tHarbour")})
		w.want(err, "change")
		f, err := w.Upload(ctx, v, w.chat, "dog.png", "image/png", []byte("a dog"))
		w.want(err, "upload")
		long := strings.Repeat(" Is it\r\nthere, \x00now? ", 20)
		var id int64
		for _, n := range []NewMessage{{ClientID: "a", Text: long}, {ClientID: "b", Text: "See", Files: []int64{f.ID}}, {ClientID: "a", Text: long}} {
			n.ConversationID = id
			m, c, err := w.Write(ctx, v, w.chat, n)
			w.want(err, "write")
			id = m.ConversationID
			if one, err := w.Conversation(ctx, v, w.chat, id); err != nil || !reflect.DeepEqual(c, one) {
				t.Errorf("answered %+v, read %+v, %v", c, one, err)
			}
			if n.ConversationID == 0 {
				w.answers(id, "Yes?")
			}
			read, err := w.Message(ctx, v, id, m.ID)
			w.want(err, "message")
			page, _, err := w.Messages(ctx, v, id, Page{After: m.Position - 1, FromStart: true, Limit: 1})
			w.want(err, "messages")
			one, err := w.Conversation(ctx, v, w.chat, id)
			w.want(err, "conversation")
			list, err := w.Conversations(ctx, v, w.chat)
			w.want(err, "conversations")
			if !reflect.DeepEqual(m, read) || !reflect.DeepEqual(page, []Message{m}) || !reflect.DeepEqual(list, []Conversation{one}) || len(m.Files) != len(n.Files) {
				t.Errorf("answered %+v, read %+v and %+v; %+v and %+v", m, read, page, one, list)
			}
		}
	})
}

// RT-04: sent, connection dead before the answer, sent again, also at once.
func TestRT04ARepeatedClientIDGivesOneMessage(t *testing.T) {
	each(t, func(w world) {
		v := w.arrive()
		var wg sync.WaitGroup
		var mu sync.Mutex
		ids := map[int64]int{}
		for i := range 12 {
			wg.Go(func() {
				n := NewMessage{ClientID: fmt.Sprint("01J", i/6), Text: fmt.Sprint("try ", i)}
				m, _, err := w.Write(ctx, v, w.chat, n)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				ids[m.ID]++
				mu.Unlock()
			})
		}
		wg.Wait()
		if len(ids) != 2 {
			t.Errorf("messages %v", ids)
		}
		for id, n := range ids {
			if n != 6 {
				t.Errorf("message %d was the answer %d times", id, n)
			}
		}
		other := w.arrive()
		if m, _, err := w.Write(ctx, other, w.chat, NewMessage{ClientID: "01J0", Text: "mine"}); err != nil || ids[m.ID] != 0 {
			t.Errorf("another visitor with the same id: %+v, %v", m, err)
		}
	})
}

// A restart of the database ends the connection that a message begins on; the
// second attempt is the same visitor's.
func TestAMessageOutlivesTheConnectionItBeganOn(t *testing.T) {
	each(t, func(w world) {
		if w.d.Engine() != db.Postgres {
			return
		}
		v := w.arrive()
		address, err := db.One(ctx, w.d, db.String, "SELECT 'postgres://rapport@/' || current_database() || '?host=' || current_setting('unix_socket_directories')")
		w.want(err, "the address")
		other, err := db.Open(ctx, db.Options{URL: address, Readers: 1})
		w.want(err, "another pool")
		defer other.Close()
		_, err = db.All(ctx, other, db.Int64, "SELECT CASE WHEN pg_terminate_backend(pid) THEN 1 ELSE 0 END FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		w.want(err, "end the connections")
		if m := w.writes(v, 0, "Burek did not eat."); m.Text != "Burek did not eat." {
			t.Errorf("%+v", m)
		}
	})
}

// The one rule of what a visitor reads.
func TestAVisitorSeesNeitherNotesNorWhatIsHeld(t *testing.T) {
	each(t, func(w world) {
		v := w.arrive()
		m := w.writes(v, 0, "Hello")
		id := m.ConversationID
		_, err := w.conversations.Note(ctx, w.hanna, id, conversation.NewMessage{Text: "A liar"})
		w.want(err, "note")
		held, err := w.conversations.Reply(ctx, w.hanna, id, conversation.NewMessage{Text: "Not yet", HoldSeconds: 600})
		w.want(err, "held")
		later, err := w.conversations.Reply(ctx, w.hanna, id, conversation.NewMessage{Text: "Tomorrow", SendAt: w.clk.Now().Add(24 * time.Hour)})
		w.want(err, "scheduled")
		in := channel.Inbound{WorkspaceID: 1, InboxID: w.mail.ID, ConversationID: id, From: channel.Party{Address: "eve@evil.example"}, Text: "I listen", Class: channel.Human, Proof: channel.ProofPass, ExternalID: "x@evil.example"}
		_, err = w.conversations.Receive(ctx, in)
		w.want(err, "a stranger's mail")
		in.Class, in.ExternalID, in.From = channel.AutoReply, "y@evil.example", channel.Party{Address: "auto@evil.example"}
		_, err = w.conversations.Receive(ctx, in)
		w.want(err, "an automatic reply")
		if got := w.sees(v, id); len(got) != 1 || got[0] != "visitor: Hello" {
			t.Errorf("sees %q", got)
		}
		for _, hidden := range []int64{held.ID, later.ID} {
			if _, err := w.Message(ctx, v, id, hidden); !fault.Is(err, fault.NotFound) {
				t.Errorf("message %d: %v", hidden, err)
			}
		}
		c, err := w.Conversation(ctx, v, w.chat, id)
		if err != nil || c.Unread != 0 || c.LastPosition != 1 || c.Last.Text != "Hello" {
			t.Errorf("%+v, %v", c, err)
		}
		_, err = w.conversations.CancelHold(ctx, w.hanna, id, held.ID)
		w.want(err, "cancel")
		w.answers(id, "Good morning")
		if got := w.sees(v, id); len(got) != 2 || got[1] != "agent: Good morning" {
			t.Errorf("sees %q", got)
		}
		w.clk.Advance(25 * time.Hour)
		w.eventually("what was scheduled", func() bool { return len(w.sees(v, id)) == 3 })
	})
}

// SEC-35: whoever types an address, a name or an id shows nothing of anybody.
func TestSEC35AClaimWithoutProofShowsNothing(t *testing.T) {
	each(t, func(w world) {
		ewa, _, err := w.Arrive(ctx, w.chat, Arrival{Identity: w.identity("u-17", "ewa@harbour.example")})
		w.want(err, "ewa")
		own := w.writes(ewa, 0, "My order 4711")
		placed, err := w.conversations.Receive(ctx, channel.Inbound{WorkspaceID: 1, InboxID: w.mail.ID, From: channel.Party{Address: "ewa@harbour.example"}, Text: "By mail", Class: channel.Human, Proof: channel.ProofPass, ExternalID: "m@harbour.example"})
		w.want(err, "mail")
		ewa, _ = w.store.get(ctx, 1, ewa.ID)
		if placed.ContactID != ewa.ContactID {
			t.Errorf("a proven address is another contact: %d, %d", placed.ContactID, ewa.ContactID)
		}
		impostor := w.arrive()
		impostor, err = w.Change(ctx, impostor, Change{Name: ptr("Ewa Marsh"), Email: ptr("ewa@harbour.example")})
		w.want(err, "change")
		m := w.writes(impostor, 0, "What was my order number?")
		impostor, _ = w.store.get(ctx, 1, impostor.ID)
		if impostor.Known || impostor.ContactID == ewa.ContactID || m.ConversationID == own.ConversationID {
			t.Fatalf("impostor %+v", impostor)
		}
		for _, id := range []int64{own.ConversationID, placed.ConversationID} {
			if _, _, err := w.Messages(ctx, impostor, id, Page{}); !fault.Is(err, fault.NotFound) {
				t.Errorf("conversation %d: %v", id, err)
			}
			if _, err := w.Mark(ctx, impostor, id, Marks{Seen: 1}); !fault.Is(err, fault.NotFound) {
				t.Errorf("marks of %d: %v", id, err)
			}
			if err := w.AskPerson(ctx, impostor, id); !fault.Is(err, fault.NotFound) {
				t.Errorf("person of %d: %v", id, err)
			}
			if err := w.MailTranscript(ctx, impostor, w.chat, id, ""); !fault.Is(err, fault.NotFound) {
				t.Errorf("transcript of %d: %v", id, err)
			}
			if _, _, err := w.Write(ctx, impostor, w.chat, NewMessage{ClientID: "x", ConversationID: id, Text: "in"}); !fault.Is(err, fault.NotFound) {
				t.Errorf("writing to %d: %v", id, err)
			}
		}
		if _, err := w.Message(ctx, impostor, own.ConversationID, own.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a message: %v", err)
		}
		// A teammate takes the claim for true: still nothing of hers is shown.
		_, err = w.conversations.SetContact(ctx, w.hanna, m.ConversationID, ewa.ContactID, 0)
		w.want(err, "set contact")
		if list, _ := w.Conversations(ctx, impostor, w.chat); len(list) != 1 {
			t.Errorf("the impostor sees %d conversations", len(list))
		}
		// She herself, at another browser, sees hers and not the impostor's.
		second, _, err := w.Arrive(ctx, w.chat, Arrival{Identity: w.identity("u-17", "")})
		w.want(err, "second browser")
		list, err := w.Conversations(ctx, second, w.chat)
		if err != nil || len(list) != 1 || list[0].ID != own.ConversationID {
			t.Errorf("her second browser sees %+v, %v", list, err)
		}
	})
}

// A signed identity makes an anonymous visitor known, once, and never one known
// person another.
func TestAnIdentityMergesTheAnonymousAlone(t *testing.T) {
	each(t, func(w world) {
		known, err := w.contacts.Create(ctx, w.hanna, contact.Change{Name: ptr("Ewa M."), Addresses: &[]contact.Identity{{Kind: contact.Email, Address: "ewa@harbour.example"}}})
		w.want(err, "create")
		v := w.arrive()
		m := w.writes(v, 0, "Hello, it is me")
		anonymous := w.writes(v, m.ConversationID, "again")
		_ = anonymous
		before, _ := w.store.get(ctx, 1, v.ID)
		v, token, err := w.Identify(ctx, before, w.chat, w.identity("u-17", "ewa@harbour.example"))
		w.want(err, "identify")
		if v.ContactID != known.ID || !v.Known || v.Email != "ewa@harbour.example" || !v.EmailProven {
			t.Fatalf("visitor %+v, want contact %d", v, known.ID)
		}
		if _, err := w.contacts.Get(ctx, w.hanna, before.ContactID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the anonymous contact is still there: %v", err)
		}
		c, who, err := w.conversations.Get(ctx, w.hanna, m.ConversationID)
		if err != nil || c.ContactID != known.ID || len(who) != 1 || who[0].ID != known.ID || c.Contact.Name != "Ewa M." {
			t.Errorf("%+v, %+v, %v", c, who, err)
		}
		after := w.writes(v, m.ConversationID, "and now")
		if got := w.sees(v, m.ConversationID); len(got) != 3 || after.ConversationID != m.ConversationID {
			t.Errorf("sees %q", got)
		}
		// Another person at the same browser: a new visitor, nothing shared.
		other, _, err := w.Identify(ctx, v, w.chat, w.identity("u-18", "jan@harbour.example"))
		w.want(err, "another")
		if other.ID == v.ID || other.ContactID == known.ID {
			t.Errorf("%+v", other)
		}
		if _, _, err := w.Authenticate(ctx, token); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("the token of the one before: %v", err)
		}
		if _, _, err := w.Messages(ctx, other, m.ConversationID, Page{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("the other reads: %v", err)
		}
		// Somebody signed with her address and another id is not her.
		third, _, err := w.Arrive(ctx, w.chat, Arrival{Identity: w.identity("u-19", "ewa@harbour.example")})
		w.want(err, "third")
		w.writes(third, 0, "I share her address")
		third, _ = w.store.get(ctx, 1, third.ID)
		if third.ContactID == known.ID || third.ContactID == 0 {
			t.Errorf("two ids are one contact: %+v", third)
		}
	})
}

// Two of whom something is known stay two, whatever is signed.
func TestTwoKnownCustomersAreNeverJoined(t *testing.T) {
	each(t, func(w world) {
		known, err := w.contacts.Create(ctx, w.hanna, contact.Change{Name: ptr("Ewa"), Addresses: &[]contact.Identity{{Kind: contact.Email, Address: "ewa@harbour.example"}}})
		w.want(err, "create")
		v := w.arrive()
		m := w.writes(v, 0, "Hello")
		v, _ = w.store.get(ctx, 1, v.ID)
		other := v.ContactID
		_, err = w.contacts.Update(ctx, w.hanna, other, contact.Change{Addresses: &[]contact.Identity{{Kind: contact.Phone, Address: "+48 22 123 45 67"}}})
		w.want(err, "a teammate writes down a number")
		v, _, err = w.Identify(ctx, v, w.chat, w.identity("u-17", "ewa@harbour.example"))
		w.want(err, "identify")
		if v.ContactID != known.ID {
			t.Errorf("visitor %+v", v)
		}
		if _, err := w.contacts.Get(ctx, w.hanna, other); err != nil {
			t.Errorf("the other one is gone: %v", err)
		}
		if c, _, _ := w.conversations.Get(ctx, w.hanna, m.ConversationID); c.ContactID != other {
			t.Errorf("their conversation went to %d", c.ContactID)
		}
		if got := w.sees(v, m.ConversationID); len(got) != 1 {
			t.Errorf("the browser lost what it has written: %q", got)
		}
	})
}

// SEC-36: what was signed before somebody left is worth nothing afterwards.
func TestSEC36ReplayAfterLogout(t *testing.T) {
	each(t, func(w world) {
		old := w.identity("u-17", "")
		w.clk.Advance(time.Second)
		v, token, err := w.Arrive(ctx, w.chat, Arrival{Identity: old})
		w.want(err, "arrive")
		w.want(w.Leave(ctx, v), "leave")
		if _, _, err := w.Authenticate(ctx, token); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("the token after leaving: %v", err)
		}
		if _, _, err := w.Write(ctx, v, w.chat, NewMessage{ClientID: "x", Text: "still here"}); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("writing after leaving: %v", err)
		}
		if _, _, err := w.Arrive(ctx, w.chat, Arrival{Identity: old}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the same identity again: %v", err)
		}
		undated := sign(fields{"alg": "HS256"}, fields{"sub": "u-17", "aud": w.chat.Address, "exp": w.clk.Now().Add(time.Hour).Unix()}, w.secret)
		if _, _, err := w.Arrive(ctx, w.chat, Arrival{Identity: undated}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("one that does not say when it was signed: %v", err)
		}
		w.clk.Advance(2 * time.Second)
		if _, _, err := w.Arrive(ctx, w.chat, Arrival{Identity: w.identity("u-17", "")}); err != nil {
			t.Errorf("a new one: %v", err)
		}
		if _, _, err := w.Arrive(ctx, w.chat, Arrival{Identity: sign(fields{"alg": "HS256"}, fields{"sub": "u", "aud": w.chat.Address, "exp": w.clk.Now().Add(time.Hour).Unix()}, "forged")}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a forged one: %v", err)
		}
	})
}

// SEC-37: a token is one chat's and ends when the person becomes known.
func TestSEC37ATokenRotates(t *testing.T) {
	each(t, func(w world) {
		v, token, err := w.Arrive(ctx, w.chat, Arrival{Origin: "https://shop.example"})
		w.want(err, "arrive")
		if v.Origin != "https://shop.example" || !strings.HasPrefix(token, "rav_") {
			t.Errorf("%+v %s", v, token)
		}
		if n, _ := db.One(ctx, w.d, db.Int64, "SELECT COUNT(*) FROM visitors WHERE token_hash = $1", token); n != 0 {
			t.Error("the token is stored as it is")
		}
		_, next, err := w.Identify(ctx, v, w.chat, w.identity("u-17", ""))
		w.want(err, "identify")
		if _, _, err := w.Authenticate(ctx, token); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("the old token: %v", err)
		}
		if _, _, err := w.Authenticate(ctx, next); err != nil {
			t.Errorf("the new token: %v", err)
		}
		for _, bad := range []string{"", "rav_", token[:len(token)-1], strings.ToUpper(next), "rap_" + next[4:], next + " "} {
			if _, _, err := w.Authenticate(ctx, bad); !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		w.want(w.channels.DeleteInbox(ctx, account.System(1), w.chat.ID), "delete inbox")
		if _, _, err := w.Authenticate(ctx, next); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("the chat is no more: %v", err)
		}
	})
}

func TestMarksGoForwardAlone(t *testing.T) {
	each(t, func(w world) {
		v := w.arrive()
		m := w.writes(v, 0, "Hello")
		w.answers(m.ConversationID, "Hi")
		for _, step := range []struct {
			set, want Marks
		}{
			{Marks{}, Marks{}}, {Marks{Delivered: 2}, Marks{Delivered: 2}}, {Marks{Delivered: 1}, Marks{Delivered: 2}}, {Marks{Seen: 1}, Marks{2, 1}},
			{Marks{Seen: 99}, Marks{2, 2}}, {Marks{Delivered: -5, Seen: -5}, Marks{2, 2}},
		} {
			got, err := w.Mark(ctx, v, m.ConversationID, step.set)
			chat, _ := w.Chat(ctx, 1, m.ConversationID)
			if err != nil || got.DeliveredPosition != step.want.Delivered || got.SeenPosition != step.want.Seen || chat.SeenPosition != step.want.Seen || chat.DeliveredPosition != step.want.Delivered {
				t.Errorf("%+v: %+v, kept %+v, %v", step, got, chat, err)
			}
		}
		if c, _ := w.Conversation(ctx, v, w.chat, m.ConversationID); c.Unread != 0 {
			t.Errorf("unread %d", c.Unread)
		}
	})
}

func TestADeletedConversationIsGoneForItsVisitor(t *testing.T) {
	each(t, func(w world) {
		v := w.arrive()
		m := w.writes(v, 0, "Hello")
		w.answers(m.ConversationID, "Hi")
		owner := w.hanna
		owner.Role = account.Owner
		w.want(w.conversations.Delete(ctx, owner, m.ConversationID), "delete")
		if list, err := w.Conversations(ctx, v, w.chat); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		if _, err := w.Message(ctx, v, m.ConversationID, m.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("its message: %v", err)
		}
		w.waits(unseenAfter + time.Second)
		if n, err := db.One(ctx, w.d, db.Int64, "SELECT COUNT(*) FROM chats"); err != nil || n != 0 {
			t.Errorf("%d chats remain, %v", n, err)
		}
		next := w.writes(v, 0, "Hello again")
		if next.ConversationID == m.ConversationID || next.Position != 1 {
			t.Errorf("%+v", next)
		}
	})
}

func TestTalkToAPersonOnce(t *testing.T) {
	each(t, func(w world) {
		v := w.arrive()
		m := w.writes(v, 0, "Hello")
		for range 3 {
			w.want(w.AskPerson(ctx, v, m.ConversationID), "ask")
		}
		c, _, _ := w.conversations.Get(ctx, w.hanna, m.ConversationID)
		w.settle()
		events, err := w.log.OfConversation(ctx, 1, m.ConversationID, 100)
		n := 0
		for _, e := range events {
			if e.Kind == conversation.EventPerson && e.Actor.Kind == "contact" {
				n++
			}
		}
		if c.Priority != conversation.High || n != 1 || err != nil {
			t.Errorf("priority %s, asked %d times", c.Priority, n)
		}
		_, err = w.conversations.SetPriority(ctx, w.hanna, m.ConversationID, conversation.Low, 0)
		w.want(err, "priority")
		w.want(w.AskPerson(ctx, v, m.ConversationID), "ask")
		if c, _, _ := w.conversations.Get(ctx, w.hanna, m.ConversationID); c.Priority != conversation.Low {
			t.Error("what a teammate has set is undone by asking again")
		}
	})
}

func TestWhatAVisitorMayNotWrite(t *testing.T) {
	each(t, func(w world) {
		v := w.arrive()
		w.writes(v, 0, "Hello")
		v, _ = w.store.get(ctx, 1, v.ID)
		for name, c := range map[string]struct {
			NewMessage
			kind fault.Kind
		}{
			"nothing":              {NewMessage{ClientID: "a", Text: " \n "}, fault.Invalid},
			"no client id":         {NewMessage{Text: "x"}, fault.Invalid},
			"a long one":           {NewMessage{ClientID: strings.Repeat("a", 65), Text: "x"}, fault.Invalid},
			"a strange one":        {NewMessage{ClientID: "a:b", Text: "x"}, fault.Invalid},
			"a long text":          {NewMessage{ClientID: "a", Text: strings.Repeat("가", 10_001)}, fault.Invalid},
			"six files":            {NewMessage{ClientID: "a", Files: []int64{1, 2, 3, 4, 5, 6}}, fault.Invalid},
			"no such file":         {NewMessage{ClientID: "a", Files: []int64{12345}}, fault.Invalid},
			"no such conversation": {NewMessage{ClientID: "a", Text: "x", ConversationID: 12345}, fault.NotFound},
		} {
			if _, _, err := w.Write(ctx, v, w.chat, c.NewMessage); !fault.Is(err, c.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		f, err := w.Upload(ctx, v, w.chat, "dog.png", "image/png", []byte("a dog"))
		w.want(err, "upload")
		stranger := w.arrive()
		if _, _, err := w.Write(ctx, stranger, w.chat, NewMessage{ClientID: "a", Files: []int64{f.ID}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("somebody else's file: %v", err)
		}
		m, _, err := w.Write(ctx, v, w.chat, NewMessage{ClientID: "a", Files: []int64{f.ID}})
		if err != nil || len(m.Files) != 1 || m.Files[0].Name != "dog.png" {
			t.Errorf("%+v, %v", m, err)
		}
		if _, err := db.Exec(ctx, w.d, "UPDATE contacts SET blocked = TRUE WHERE id = $1", v.ContactID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Write(ctx, v, w.chat, NewMessage{ClientID: "b", Text: "let me in"}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("blocked: %v", err)
		}
	})
}

func TestUsualReplyAndPromise(t *testing.T) {
	each(t, func(w world) {
		for i := range 5 {
			if s, err := w.Site(ctx, w.chat); err != nil || s.UsualReply != 0 || !s.Opening.Open || !slices.Equal(s.Team, []Face{{"Hanna", 77}}) {
				t.Fatalf("after %d: %+v, %v", i, s, err)
			}
			m := w.writes(w.arrive(), 0, "Hello")
			w.clk.Advance(time.Duration(i+1) * time.Minute)
			w.answers(m.ConversationID, "Hi")
			w.clk.Advance(usualKept)
		}
		for range 6 { // nobody has read what waits for its time
			m := w.writes(w.arrive(), 0, "Hello")
			_, err := w.conversations.Reply(ctx, w.hanna, m.ConversationID, conversation.NewMessage{Text: "Later", SendAt: w.clk.Now().Add(time.Hour)})
			w.want(err, "later")
		}
		s, err := w.Site(ctx, w.chat)
		if err != nil || s.UsualReply < 3*time.Minute || s.UsualReply > 3*time.Minute+time.Second {
			t.Errorf("usual %v, %v", s.UsualReply, err)
		}
		monday := hours.Hours{TimeZone: "Europe/Warsaw", Days: []hours.Day{{Day: 1, From: "09:00", To: "17:00"}}}
		w.chat, err = w.channels.ChangeInbox(ctx, account.System(1), w.chat.ID, channel.InboxChange{Chat: &channel.ChatChange{Hours: &monday}})
		w.want(err, "hours")
		_, c, err := w.Write(ctx, w.arrive(), w.chat, NewMessage{ClientID: "q", Text: "Anybody?"})
		if want := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC).Add(s.UsualReply); err != nil || !c.PromiseAt.Equal(want) {
			t.Errorf("promised %v, want %v, %v", c.PromiseAt, want, err)
		}
	})
}

func TestInstallation(t *testing.T) {
	each(t, func(w world) {
		system := account.System(1)
		at, err := w.Installation(ctx, system, w.chat.ID)
		if err != nil || !at.SeenAt.IsZero() {
			t.Fatalf("%+v, %v", at, err)
		}
		changes := func() int {
			w.settle()
			all, _ := w.log.After(ctx, 1, 0, 1000)
			n := 0
			for _, e := range all {
				if e.Kind == channel.InboxChanged {
					n++
				}
			}
			return n
		}
		before := changes()
		for range 3 {
			w.want(w.hit("https://shop.example", true), "hit")
			w.want(w.hit("https://evil.example", false), "refused")
		}
		at, err = w.Installation(ctx, system, w.chat.ID)
		if err != nil || at.Origin != "https://shop.example" || at.RefusedOrigin != "https://evil.example" || at.SeenAt.IsZero() || at.RefusedAt.IsZero() {
			t.Errorf("%+v, %v", at, err)
		}
		if n := changes() - before; n != 2 {
			t.Errorf("%d events for the first hit and the first refusal", n)
		}
		w.clk.Advance(hitEvery)
		before = changes()
		w.chat.Chat.AllowedOrigins = []string{"https://shop.example", "https://*.miska.example"}
		w.want(w.hit("https://support.example", true), "our own page")
		for range 5 {
			w.want(w.hit("https://a.miska.example", true), "hit")
			w.want(w.hit("https://shop.example", true), "hit")
			w.want(w.hit("https://support.example", true), "our own page")
		}
		if n := changes() - before; n != 2 {
			t.Errorf("%d events while two sites and our own page take turns", n)
		}
		if at, _ := w.Installation(ctx, system, w.chat.ID); at.Origin != "https://a.miska.example" {
			t.Errorf("seen at %s", at.Origin)
		}
		if _, err := w.Installation(ctx, system, w.mail.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("of an inbox for mail: %v", err)
		}
	})
}

// hit is Hit as a request does it.
func (w world) hit(origin string, allowed bool) error {
	_, at, err := w.At(ctx, w.chat.Address)
	w.want(err, "at")
	return w.Hit(ctx, w.chat, at, origin, allowed)
}

// Who came and said nothing is forgotten in time; who has written stays.
func TestSilentVisitorsAreForgotten(t *testing.T) {
	each(t, func(w world) {
		silent, talks := w.arrive(), w.arrive()
		w.writes(talks, 0, "Hello")
		w.clk.Advance(silentFor - time.Hour)
		fresh := w.arrive()
		gone := func(v Visitor) bool {
			_, err := w.store.get(ctx, 1, v.ID)
			return fault.Is(err, fault.NotFound)
		}
		w.want(w.forgetSilent(ctx), "forget")
		if gone(silent) {
			t.Error("too early")
		}
		w.clk.Advance(2 * time.Hour)
		w.want(w.forgetSilent(ctx), "forget")
		if !gone(silent) || gone(talks) || gone(fresh) {
			t.Errorf("silent %v, talks %v, fresh %v", gone(silent), gone(talks), gone(fresh))
		}
	})
}
