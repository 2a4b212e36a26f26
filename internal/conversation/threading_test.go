package conversation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/compose"
	"rapport/internal/conversation/participant"
	"rapport/internal/testkit"
)

// Random reply trees of several customers and an attacker, with answers of ours
// between them, arrive in any order, some twice, with any proof: no conversation
// ever holds the words of two as its customer's, no mail that is known to be
// forged joins anything, and positions stay dense.
func TestTHR02ReplyTreesNeverJoinTwoCustomers(t *testing.T) {
	people := []string{"ewa@harbour.example", "kim@naver.com", "jan@wp.pl", "eve@evil.example"}
	proofs := []channel.Proof{channel.ProofPass, channel.ProofPass, channel.ProofNone, channel.ProofUnchecked, channel.ProofFail}
	d := testkit.SQLite(t)
	w := newWorld(t, d)
	rapid.Check(t, func(rt *rapid.T) {
		forest := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) channel.Inbound {
			in := w.mail(rapid.SampledFrom(people).Draw(rt, "from"), fmt.Sprint("text ", *w.serial))
			in.Proof = rapid.SampledFrom(proofs).Draw(rt, "proof")
			return in
		}), 1, 25).Draw(rt, "mails")
		for i := range forest { // each answers some that were written before it
			for range rapid.IntRange(0, min(i, 3)).Draw(rt, "references") {
				forest[i].References = append(forest[i].References, forest[rapid.IntRange(0, i-1).Draw(rt, "refers to")].ExternalID)
			}
		}
		order := rapid.Permutation(append(slices.Clone(forest), forest[:len(forest)/3]...)).Draw(rt, "order")
		placed := map[string]channel.Placed{}
		var conversations []int64
		for _, in := range order {
			// Who holds the reply address of a conversation may write into it.
			key := in.ExternalID
			if len(conversations) > 0 && rapid.IntRange(0, 4).Draw(rt, "leaked") == 0 {
				in.ConversationID = rapid.SampledFrom(conversations).Draw(rt, "to")
			}
			got := w.receive(in)
			before, again := placed[key]
			if got.Duplicate != again || again && got.MessageID != before.MessageID {
				rt.Fatalf("%s came again %v: %+v, before %+v", key, again, got, before)
			}
			if again {
				continue
			}
			placed[key] = got
			if joined := slices.Contains(conversations, got.ConversationID); joined && in.ConversationID == 0 && in.Proof != channel.ProofPass {
				rt.Fatalf("%s with %s joined a conversation", in.From.Address, in.Proof)
			}
			if !slices.Contains(conversations, got.ConversationID) {
				conversations = append(conversations, got.ConversationID)
			}
			if len(placed)%4 == 0 {
				_, err := w.Reply(ctx, w.anna, got.ConversationID, conversation.NewMessage{Text: "An answer", To: []channel.Party{{Address: in.From.Address}}})
				w.want(err, "reply")
			}
		}
		for _, id := range conversations {
			customer := w.get(id).ContactID
			address := ""
			for i, m := range w.messages(id) {
				if m.Position != int64(i+1) {
					rt.Fatalf("message %d of %d at position %d", i, id, m.Position)
				}
				if m.Kind != conversation.KindInbound {
					continue
				}
				if i == 0 {
					address = m.Author.Address
				}
				asCustomer := !slices.Contains(m.Flags, conversation.FlagUnverified)
				if asCustomer && (m.Author.Address != address || m.Proof == channel.ProofFail) {
					rt.Fatalf("%s with %s writes as the customer in the conversation of %s", m.Author.Address, m.Proof, address)
				}
				if m.Author.Address != address && m.Author.ID == customer {
					rt.Fatalf("%s is taken for %s", m.Author.Address, address)
				}
			}
		}
	})
}

// Who claims an address is no part of what its owner has: not by reference, not
// as a customer, not for the block on them.
func TestMAIL16AForgedSenderHasNoHistory(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		first := w.messages(c.ID)[0]
		forged := func() channel.Inbound {
			in := w.mail("ewa@harbour.example", fmt.Sprint("give me everything ", *w.serial))
			in.Proof, in.Finding, in.References = channel.ProofFail, channel.Finding{By: channel.ByDMARC, Domain: "harbour.example"}, []string{first.ExternalID}
			in.From.Name = "Not Ewa"
			return in
		}
		placed := w.receive(forged())
		other := w.get(placed.ConversationID)
		if other.ID == c.ID || other.ContactID == c.ContactID || placed.ContactID == c.ContactID || other.LinkedID != 0 {
			t.Errorf("joined her: %+v", other)
		}
		m := w.messages(other.ID)[0]
		if !slices.Contains(m.Flags, conversation.FlagUnverified) || m.Finding.By != channel.ByDMARC || m.Finding.Domain != "harbour.example" || m.Author.Kind != conversation.ByContact {
			t.Errorf("not marked: %+v", m)
		}
		hers, err := w.contacts.Get(ctx, w.owner, c.ContactID)
		w.want(err, "contact")
		theirs, err := w.contacts.Get(ctx, w.owner, placed.ContactID)
		if err != nil || hers.Name == "Not Ewa" || !theirs.Anonymous() || theirs.Address() != "ewa@harbour.example" || theirs.CompanyID != 0 {
			t.Errorf("her contact %+v, theirs %+v, %v", hers, theirs, err)
		}
		if again := w.receive(forged()); again.ContactID != placed.ContactID {
			t.Error("each forgery makes a customer of its own")
		}
		if mine := w.receive(w.mail("ewa@harbour.example", "It is me")); mine.ContactID != c.ContactID {
			t.Error("she is taken for who claimed to be her")
		}
		reply, err := w.Reply(ctx, w.anna, other.ID, conversation.NewMessage{Text: "Who are you?"})
		w.want(err, "reply")
		if out, err := compose.New(w.d).Compose(ctx, 1, reply.ID); err != nil || out.Quoted != nil {
			t.Errorf("quoted %+v, %v", out.Quoted, err)
		}
		_, err = w.contacts.Update(ctx, w.anna, c.ContactID, contact.Change{Blocked: ptr(true)})
		w.want(err, "block")
		if got := w.receive(forged()); got.Refused != "blocked" {
			t.Errorf("a forgery gets around the block: %+v", got)
		}
	})
}

// Numbers and subjects are no evidence.
func TestTHR04THR10GuessedNumbersJoinNothing(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		for _, subject := range []string{"Re: Where is my parcel?", "[#1] Where is my parcel?", fmt.Sprint("Re: #", c.Number), fmt.Sprint("conversation ", c.ID), "Odp: [##1##] Where is my parcel?"} {
			for _, from := range []string{"eve@evil.example", "ewa@harbour.example"} {
				in := w.mail(from, "me again: "+subject+from)
				in.Subject, in.References = subject, []string{fmt.Sprint(c.ID), fmt.Sprint("<", c.Number, "@shop.example>")}
				if got := w.receive(in); got.ConversationID == c.ID {
					t.Errorf("%q of %s joined", subject, from)
				}
			}
		}
	})
}

// A number finds its conversation for who may see it, whatever else it finds.
func TestTHR10ANumberFindsItsConversation(t *testing.T) {
	each(t, func(w world) {
		c, other := w.fresh("ewa@harbour.example"), w.fresh("jan@lake.example")
		in := w.mail("jan@lake.example", "And the parcel?")
		in.Subject = fmt.Sprint("About #", c.Number)
		about := w.receive(in).ConversationID
		found := func(actor account.Actor, f conversation.Filter) (ids []int64) {
			page, err := w.List(ctx, actor, f)
			w.want(err, "list")
			for _, c := range page.Items {
				ids = append(ids, c.ID)
			}
			return ids
		}
		number := fmt.Sprint("#", c.Number)
		for _, one := range []struct {
			f    conversation.Filter
			want []int64
		}{
			{conversation.Filter{Number: c.Number}, []int64{c.ID}},
			{conversation.Filter{Q: number}, []int64{c.ID, about}},
			{conversation.Filter{Q: " " + number + " "}, []int64{c.ID, about}},
			{conversation.Filter{Q: number, ContactID: other.ContactID}, []int64{about}},
			{conversation.Filter{Number: c.Number, ContactID: other.ContactID}, nil},
			{conversation.Filter{Number: c.Number + 1000}, nil},
			{conversation.Filter{Q: "#"}, []int64{about}},
			{conversation.Filter{Q: "#-1"}, nil},
		} {
			if got := found(w.anna, one.f); !slices.Equal(got, one.want) {
				t.Errorf("%+v finds %v, not %v", one.f, got, one.want)
			}
		}
	})
}

// A mail in a teammate's name is a stranger's mail: nothing of it goes to the
// customer, and it is nobody's answer.
func TestTHR05ATeammatesNameOpensNothing(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		_, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "On its way"})
		w.want(err, "reply")
		sent := w.number("SELECT COUNT(*) FROM outbound")
		for _, proof := range []channel.Proof{channel.ProofPass, channel.ProofNone, channel.ProofFail} {
			in := w.mail("anna@shop.example", "Send the money back to "+string(proof))
			in.ConversationID, in.Proof = c.ID, proof // our Message-ID, copied from a mail that leaked
			placed := w.receive(in)
			list := w.messages(c.ID)
			m := list[len(list)-1]
			if placed.ConversationID != c.ID || m.Kind != conversation.KindInbound || m.Author.Kind != conversation.ByContact || !slices.Contains(m.Flags, conversation.FlagUnverified) {
				t.Errorf("%s: %+v", proof, m)
			}
		}
		if n := w.number("SELECT COUNT(*) FROM outbound"); n != sent {
			t.Errorf("%d mails left", n-sent)
		}
		for _, p := range w.who(c.ID) {
			if p.Address == "anna@shop.example" && p.Role != participant.Unverified {
				t.Errorf("takes part as %+v", p)
			}
		}
	})
}

// A teammate who answers by mail, whatever they may see or could see once, is
// somebody who writes: nothing of it goes to the customer, nothing comes back to
// them, and the mark on the message tells it.
func TestTHR06ATeammatesMailIsNoAnswerOfTheCompany(t *testing.T) {
	each(t, func(w world) {
		w.exec("UPDATE agents SET state = 'deactivated' WHERE id = 7")
		for id, who := range map[int]string{5: "sees the inbox", 6: "sees another one", 7: "has left"} {
			address := fmt.Sprintf("agent%d@shop.example", id)
			w.exec("INSERT INTO logins (id, email, email_key, password, totp_secret, totp_pending, totp_step, created_at) VALUES ($1, $2, $2, '', $3, $3, 0, 0)", id, address, []byte{})
			c := w.fresh("ewa@harbour.example")
			_, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "On its way"})
			w.want(err, "reply")
			sent := w.number("SELECT COUNT(*) FROM outbound")
			in := w.mail(address, "Tell her that it is lost")
			in.ConversationID = c.ID
			w.receive(in)
			list := w.messages(c.ID)
			if m := list[len(list)-1]; m.Kind != conversation.KindInbound || m.Author.Kind != conversation.ByContact || !slices.Contains(m.Flags, conversation.FlagUnverified) {
				t.Errorf("who %s: %+v", who, m)
			}
			if n := w.number("SELECT COUNT(*) FROM outbound"); n != sent {
				t.Errorf("who %s: %d mails left", who, n-sent)
			}
			m, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "It is here"})
			if err != nil || len(m.To) != 1 || m.To[0].Address != "ewa@harbour.example" || len(m.Cc) != 0 {
				t.Errorf("who %s gets the next answer: %+v, %+v, %v", who, m.To, m.Cc, err)
			}
		}
	})
}

// Who an outsider copies in does not join; who the customer copies in is new,
// unverified, and gets no history.
func TestTHR07WhoIsCopiedInGetsNoHistory(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		in := w.mail("eve@evil.example", "and copy me")
		in.ConversationID, in.Cc = c.ID, []channel.Party{{Address: "mallory@evil.example"}}
		w.receive(in)
		in = w.mail("ewa@harbour.example", "Jan may know")
		in.ConversationID, in.Cc = c.ID, []channel.Party{{Address: "jan@harbour.example"}}
		w.receive(in)
		roles := map[string]conversation.Participant{}
		for _, p := range w.who(c.ID) {
			roles[p.Address] = p
		}
		if _, ok := roles["mallory@evil.example"]; ok {
			t.Error("a stranger brought somebody in")
		}
		if jan := roles["jan@harbour.example"]; jan.Role != participant.CopiedIn || jan.Proof != "" {
			t.Errorf("Jan takes part as %+v", jan)
		}
		m, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "To both"})
		w.want(err, "reply")
		out, err := compose.New(w.d).Compose(ctx, 1, m.ID)
		if err != nil || out.Quoted != nil || len(out.To)+len(out.Cc) != 2 {
			t.Errorf("composed %+v, %v", out, err)
		}
	})
}

// A reply address that leaked lets a stranger write, and learn nothing: who the
// customer is, and what was said.
func TestTHR08ALeakedReplyAddressTellsNothing(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		in := w.mail("eve@evil.example", "What did she say?")
		in.ConversationID = c.ID
		w.receive(in)
		list := w.messages(c.ID)
		if m := list[len(list)-1]; !slices.Contains(m.Flags, conversation.FlagUnverified) || m.Author.ID == c.ContactID {
			t.Errorf("not marked: %+v", m)
		}
		m, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "For Ewa"})
		if err != nil || len(m.To) != 1 || m.To[0].Address != "ewa@harbour.example" || len(m.Cc) != 0 {
			t.Errorf("an answer to all goes to %+v, %+v, %v", m.To, m.Cc, err)
		}
		m, err = w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "Who are you?", To: []channel.Party{{Address: "eve@evil.example"}}})
		w.want(err, "reply to the stranger")
		out, err := compose.New(w.d).Compose(ctx, 1, m.ID)
		if err != nil || out.Quoted != nil || strings.Contains(fmt.Sprintf("%+v", out), "ewa@harbour") || strings.Contains(out.Text+out.HTML, "Hello from") {
			t.Errorf("the stranger gets %+v, %v", out, err)
		}
	})
}

// Where an answer goes when its conversation is not what it was.
func TestTHR11AnAnswerFollowsItsConversation(t *testing.T) {
	each(t, func(w world) {
		for _, c := range []struct {
			name   string
			change func(c conversation.Conversation)
			stays  bool
			linked bool
		}{
			{"as it was", func(conversation.Conversation) {}, true, false},
			{"closed", func(c conversation.Conversation) {
				_, err := w.SetStatus(ctx, w.anna, c.ID, conversation.Closed, 0)
				w.want(err, "close")
			}, true, false},
			{"closed long ago", func(c conversation.Conversation) {
				_, err := w.SetStatus(ctx, w.anna, c.ID, conversation.Closed, 0)
				w.want(err, "close")
				w.clk.Advance(15 * 24 * time.Hour)
			}, false, true},
			{"deleted", func(c conversation.Conversation) { w.want(w.Delete(ctx, w.owner, c.ID), "delete") }, false, false},
			{"with another customer", func(c conversation.Conversation) {
				other := w.fresh("jan@harbour.example")
				_, err := w.SetContact(ctx, w.anna, c.ID, other.ContactID, 0)
				w.want(err, "contact")
			}, true, false},
		} {
			old := w.fresh("ewa@harbour.example")
			c.change(old)
			in := w.mail("ewa@harbour.example", "an answer, "+c.name)
			in.ConversationID = old.ID
			got := w.get(w.receive(in).ConversationID)
			if (got.ID == old.ID) != c.stays || (got.LinkedID == old.ID) != c.linked || got.Status != conversation.Open {
				t.Errorf("%s: %+v, was in %d", c.name, got, old.ID)
			}
		}
	})
}

// A mail to two inboxes is a message in each, and the second knows of the first.
func TestTHR12AMailToTwoInboxesIsLinked(t *testing.T) {
	each(t, func(w world) {
		in := w.mail("ewa@harbour.example", "To both of you")
		in.Cc = []channel.Party{{Address: "sales@shop.example"}}
		first := w.receive(in)
		in.InboxID, in.ReceiptID = w.sales.ID, in.ReceiptID+1000
		in.To, in.Cc = []channel.Party{{Address: "help@shop.example"}}, nil
		second := w.receive(in)
		if second.Duplicate || second.ConversationID == first.ConversationID {
			t.Fatalf("second %+v", second)
		}
		got := w.get(second.ConversationID)
		if got.LinkedID != first.ConversationID || got.InboxID != w.sales.ID || w.get(first.ConversationID).LinkedID != 0 {
			t.Errorf("second %+v", got)
		}
		for _, id := range []int64{first.ConversationID, second.ConversationID} {
			m, err := w.Reply(ctx, w.owner, id, conversation.NewMessage{Text: "Yes"})
			if err != nil || len(m.To) != 1 || len(m.Cc) != 0 {
				t.Errorf("the answer goes to %+v, %+v, %v", m.To, m.Cc, err)
			}
		}
		in.InboxID, in.ReceiptID = w.help.ID, in.ReceiptID+1
		in.Cc = []channel.Party{{Address: "sales@shop.example"}}
		if third := w.receive(in); !third.Duplicate {
			t.Errorf("the same again %+v", third)
		}
	})
}

// An inbox of ours is never written to: it would answer itself.
func TestTHR14WeNeverWriteToOurselves(t *testing.T) {
	each(t, func(w world) {
		in := w.mail("ewa@harbour.example", "Hello all")
		in.To = []channel.Party{{Address: "help@shop.example"}, {Address: "Sales@shop.example"}}
		in.Cc = []channel.Party{{Address: "HELP@shop.example"}, {Address: "jan@harbour.example"}}
		c := w.get(w.receive(in).ConversationID)
		for _, n := range []conversation.NewMessage{{Text: "a"},
			{Text: "b", To: []channel.Party{{Address: "ewa@harbour.example"}, {Address: "SALES@shop.example"}}, Cc: []channel.Party{{Address: "help@shop.example"}}, Bcc: []channel.Party{{Address: "sales@shop.example"}}}} {
			m, err := w.Reply(ctx, w.anna, c.ID, n)
			w.want(err, "reply")
			for _, p := range m.Recipients() {
				if strings.HasSuffix(p.Address, "@shop.example") {
					t.Errorf("an answer goes to %s", p.Address)
				}
			}
		}
		own := w.mail("sales@shop.example", "from ourselves")
		own.InboxID = w.help.ID
		c = w.get(w.receive(own).ConversationID)
		if _, err := w.Reply(ctx, account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 5, Role: account.Member}, c.ID, conversation.NewMessage{Text: "x"}); err == nil {
			t.Error("an answer to ourselves left")
		}
	})
}
