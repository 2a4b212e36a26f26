package conversation_test

import (
	"fmt"
	"testing"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/participant"
	"rapport/internal/platform/db"
	"rapport/internal/platform/fault"
)

func (w world) inbox(kind string) channel.Inbox {
	w.t.Helper()
	inbox, err := w.chans.CreateInbox(ctx, account.System(1), channel.NewInbox{Name: "The " + kind, Channel: kind, MailInboxID: w.sales.ID})
	w.want(err, "inbox")
	return inbox
}

// from is a message of somebody known by an id, who may have typed an address.
func (w world) from(inbox channel.Inbox, visitor, typed, words string) channel.Inbound {
	in := w.mail(typed, words)
	in.InboxID, in.Proof, in.Sender = inbox.ID, "", channel.Sender{Kind: contact.Visitor, ID: visitor}
	in.ExternalID = fmt.Sprintf("%s.%d", visitor, *w.serial)
	return in
}

func (w world) who(id int64) []conversation.Participant {
	w.t.Helper()
	_, participants, err := w.Get(ctx, w.owner, id)
	w.want(err, "get")
	return participants
}

func TestAVisitorIsKnownByAnIdAndShownWithoutIt(t *testing.T) {
	each(t, func(w world) {
		talk := w.inbox("talk")
		first := w.receive(w.from(talk, "v1", "", "Hello?"))
		if first.ContactID == 0 {
			t.Fatalf("placed %+v", first)
		}
		again := w.from(talk, "v1", "", "Anybody?")
		again.ConversationID, again.Sender.Own = first.ConversationID, true
		if placed := w.receive(again); placed.ConversationID != first.ConversationID || placed.ContactID != first.ContactID {
			t.Errorf("again %+v, first %+v", placed, first)
		}
		if other := w.receive(w.from(talk, "v2", "", "Hello")); other.ContactID == first.ContactID {
			t.Error("two visitors are one customer")
		}
		c := w.get(first.ConversationID)
		who := w.who(c.ID)
		if c.Contact.Address != "" || len(who) != 1 || who[0].Address != "" || who[0].Role != participant.Customer {
			t.Errorf("shown as %+v, participants %+v", c.Contact, who)
		}
		for _, m := range w.messages(c.ID) {
			if len(m.Flags) != 0 || m.Author.ID != first.ContactID || m.Author.Address != "" {
				t.Errorf("message %+v", m)
			}
		}
		if page, err := w.contacts.List(ctx, w.owner, contact.Filter{Q: "v1"}); err != nil || len(page.Items) != 0 {
			t.Errorf("found by a visitor's id: %+v, %v", page.Items, err)
		}
	})
}

// An attacker types the address of a customer: nothing of hers is joined, shown
// or taken, neither before she writes nor after.
func TestATypedAddressJoinsNobody(t *testing.T) {
	each(t, func(w world) {
		sheet := w.inbox("sheet")
		ewa := w.receive(w.mail("ewa@harbour.example", "My order 4711"))
		for i, typed := range []string{"ewa@harbour.example", "EWA@harbour.example", "jan@harbour.example", "jan@harbour.example"} {
			placed := w.receive(w.from(sheet, fmt.Sprint("form ", i), typed, "Tell me everything"))
			if placed.ContactID == ewa.ContactID || placed.ConversationID == ewa.ConversationID {
				t.Fatalf("%s: joined the true owner: %+v", typed, placed)
			}
			m := w.messages(placed.ConversationID)[0]
			who := w.who(placed.ConversationID)
			if m.Proof != channel.ProofTyped || fmt.Sprint(m.Flags) != "["+conversation.FlagUnverified+"]" || len(who) != 1 || who[0].Proof != channel.ProofTyped {
				t.Errorf("%s: not marked: %+v, %+v", typed, m, who)
			}
			c, err := w.contacts.Get(ctx, w.owner, placed.ContactID)
			if err != nil || !c.Anonymous() || c.Address() == "" || c.CompanyID != 0 {
				t.Errorf("%s: contact %+v, %v", typed, c, err)
			}
			if got := w.get(placed.ConversationID).Contact; got.Address == "" || got.ID != placed.ContactID {
				t.Errorf("%s: shown as %+v", typed, got)
			}
		}
		jan := w.receive(w.mail("jan@harbour.example", "Good morning"))
		c, err := w.contacts.Get(ctx, w.owner, jan.ContactID)
		if err != nil || c.Anonymous() {
			t.Errorf("a true sender became what was typed before: %+v, %v", c, err)
		}
		if n := w.number("SELECT COUNT(*) FROM conversations WHERE contact_id = $1", ewa.ContactID); n != 1 {
			t.Errorf("she has %d conversations", n)
		}
	})
}

func TestAnAnswerLeavesByMailFromAnotherInbox(t *testing.T) {
	each(t, func(w world) {
		sheet := w.inbox("sheet")
		placed := w.receive(w.from(sheet, "form 1", "ewa@harbour.example", "Where is it?"))
		m, err := w.Reply(ctx, w.owner, placed.ConversationID, conversation.NewMessage{Text: "On its way"})
		w.want(err, "reply")
		if len(m.To) != 1 || m.To[0].Address != "ewa@harbour.example" || m.Delivery == nil || len(m.Delivery.Recipients) != 1 {
			t.Errorf("the answer goes to %+v, %+v", m.To, m.Delivery)
		}
		via := w.number("SELECT via_id FROM outbound WHERE message_id = $1", m.ID)
		own := w.number("SELECT inbox_id FROM outbound WHERE message_id = $1", m.ID)
		if via != w.sales.ID || own != sheet.ID {
			t.Errorf("it leaves through %d for %d, want %d for %d", via, own, w.sales.ID, sheet.ID)
		}
		out, err := w.Compose(ctx, 1, m.ID)
		if err != nil || out.ConversationID != placed.ConversationID || out.Quoted != nil || len(out.References) != 0 {
			t.Errorf("composed %+v, %v: an address that was only typed gets no words of others, and no id that is none of mail", out, err)
		}
		w.want(w.chans.DeleteInbox(ctx, account.System(1), w.sales.ID), "delete")
		m, err = w.Reply(ctx, w.owner, placed.ConversationID, conversation.NewMessage{Text: "Another way"})
		w.want(err, "reply")
		if via := w.number("SELECT via_id FROM outbound WHERE message_id = $1", m.ID); via != w.help.ID {
			t.Errorf("without the chosen inbox it leaves through %d, want the first, %d", via, w.help.ID)
		}
		w.want(w.chans.DeleteInbox(ctx, account.System(1), w.help.ID), "delete")
		if _, err = w.Reply(ctx, w.owner, placed.ConversationID, conversation.NewMessage{Text: "No way"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("without any mail: %v", err)
		}
	})
}

func TestAnAnswerInPlaceHasNoAddresses(t *testing.T) {
	each(t, func(w world) {
		placed := w.receive(w.from(w.inbox("talk"), "v1", "", "Hello"))
		m, err := w.Reply(ctx, w.owner, placed.ConversationID, conversation.NewMessage{Text: "Hi"})
		if err != nil || len(m.To) != 0 || len(m.Delivery.Recipients) != 1 || m.Delivery.Recipients[0].Address != channel.FarEnd {
			t.Fatalf("%+v, %v", m, err)
		}
		if len(w.who(placed.ConversationID)) != 2 {
			t.Errorf("participants %+v", w.who(placed.ConversationID))
		}
		_, err = w.Reply(ctx, w.owner, placed.ConversationID, conversation.NewMessage{Text: "Hi", To: []channel.Party{{Address: "x@y.example"}}})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("with a recipient: %v", err)
		}
	})
}

// A mail with the reply address of a conversation that has no mail of its own
// comes back into it; who wrote it is judged like everywhere.
func TestAMailComesBackIntoAConversationWithoutMail(t *testing.T) {
	each(t, func(w world) {
		known := w.receive(w.mail("eve@harbour.example", "I am Eve"))
		placed := w.receive(w.from(w.inbox("sheet"), "form 1", "ewa@harbour.example", "Where is it?"))
		_, err := w.Reply(ctx, w.owner, placed.ConversationID, conversation.NewMessage{Text: "On its way"})
		w.want(err, "reply")
		for _, step := range []struct {
			from   string
			proof  channel.Proof
			author int64 // 0: somebody else than the customer
		}{
			{"ewa@harbour.example", channel.ProofFail, 0},
			{"eve@harbour.example", channel.ProofPass, known.ContactID},
			{"ewa@harbour.example", channel.ProofNone, placed.ContactID},
			{"ewa@harbour.example", channel.ProofPass, placed.ContactID},
		} {
			in := w.mail(step.from, fmt.Sprint("answer ", *w.serial))
			in.ConversationID, in.Proof = placed.ConversationID, step.proof
			got := w.receive(in)
			if got.ConversationID != placed.ConversationID {
				t.Fatalf("%v: placed in %d, want %d", step, got.ConversationID, placed.ConversationID)
			}
			all := w.messages(placed.ConversationID)
			m := all[len(all)-1]
			customer := m.Author.ID == placed.ContactID
			if customer != (step.author == placed.ContactID) || step.author != 0 && m.Author.ID != step.author || customer == (len(m.Flags) > 0) {
				t.Errorf("%v: written by %+v, flags %v", step, m.Author, m.Flags)
			}
			if again := w.receive(in); !again.Duplicate || again.MessageID != m.ID {
				t.Errorf("%v: the same mail again: %+v", step, again)
			}
		}
		for _, p := range w.who(placed.ConversationID) {
			if p.Address == "ewa@harbour.example" && (p.ID != placed.ContactID || p.Role != participant.Customer || p.Proof != channel.ProofPass) {
				t.Errorf("the customer became %+v", p)
			}
		}
		if c := w.get(placed.ConversationID); c.Status != conversation.Open || c.Channel != "sheet" {
			t.Errorf("conversation %+v", c)
		}
		if _, err := db.Exec(ctx, w.d, "UPDATE contacts SET blocked = TRUE WHERE id = $1", placed.ContactID); err != nil {
			t.Fatal(err)
		}
		in := w.mail("ewa@harbour.example", "and then")
		in.ConversationID = placed.ConversationID
		if got := w.receive(in); got.Refused != "blocked" {
			t.Errorf("a blocked customer's mail: %+v", got)
		}
	})
}

// Between two inboxes for mail it stays as it was: each has a conversation of
// its own.
func TestAMailForAnotherMailInboxIsLinked(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		in := w.mail("ewa@harbour.example", "To sales")
		in.InboxID, in.ConversationID = w.sales.ID, c.ID
		placed := w.receive(in)
		if linked := w.get(placed.ConversationID); linked.ID == c.ID || linked.LinkedID != c.ID || linked.InboxID != w.sales.ID {
			t.Errorf("placed in %+v", linked)
		}
	})
}

func TestATypedAddressStaysTyped(t *testing.T) {
	each(t, func(w world) {
		placed := w.receive(w.from(w.inbox("sheet"), "form 1", "ewa@harbour.example", "Hello"))
		edit := []contact.Identity{{Kind: contact.Email, Address: "ewa@harbour.example"}, {Kind: contact.Phone, Address: "+48 22 123 45 67"}}
		c, err := w.contacts.Update(ctx, w.anna, placed.ContactID, contact.Change{Addresses: &edit})
		if err != nil || len(c.Identities) != 3 || c.Address() != "+48 22 123 45 67" {
			t.Errorf("after an edit that sends all back: %+v, %v", c.Identities, err)
		}
		w.want(w.contacts.NoteTyped(ctx, 1, placed.ContactID, "other@harbour.example"), "typed")
		c, _ = w.contacts.Get(ctx, w.anna, placed.ContactID)
		if len(c.Identities) != 3 {
			t.Errorf("after another was typed: %+v", c.Identities)
		}
		if err := w.contacts.NoteTyped(ctx, 1, placed.ContactID, "no address"); !fault.Is(err, fault.Invalid) {
			t.Errorf("no address: %v", err)
		}
	})
}
