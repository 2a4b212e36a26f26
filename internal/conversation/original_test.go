package conversation_test

import (
	"fmt"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/original"
	"rapport/internal/platform/fault"
)

const hannasAddress = "hanna@miska.example"

// hanna is a teammate who forwards from her own address.
func (w world) hanna() {
	w.t.Helper()
	w.exec("INSERT INTO logins (id, email, email_key, password, totp_secret, totp_pending, totp_step, created_at) VALUES (5, $1, $1, '', $2, $2, 0, 0)", hannasAddress, []byte{})
}

// forwarded is a mail that somebody forwards into the help inbox.
func (w world) forwarded(from string) channel.Inbound {
	in := w.mail(from, "She is angry, please take it. It broke.")
	in.Subject, in.Original = "Fwd: Leash", &channel.Party{Name: "Ewa Marsh", Address: "ewa@harbour.example"}
	return in
}

func TestTHR13TheOriginalSenderIsTheCustomerOnceConfirmed(t *testing.T) {
	each(t, func(w world) {
		w.hanna()
		known, err := w.contacts.Identify(ctx, 1, contact.Email, "ewa@harbour.example", "Ewa of the harbour")
		w.want(err, "identify")
		c := w.get(w.receive(w.forwarded(hannasAddress)).ConversationID)
		if c.Contact.Address != hannasAddress || c.Subject != "Fwd: Leash" {
			t.Errorf("until then the forwarder is the customer: %+v", c)
		}
		p, err := w.Original(ctx, w.anna, c.ID)
		w.want(err, "original")
		if p.Address != "ewa@harbour.example" || p.Name != "Ewa Marsh" || p.Forwarder != "Anna Nowak" || p.State != original.Proposed {
			t.Errorf("proposal %+v", p)
		}
		before, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "I take it", HoldSeconds: 60})
		w.want(err, "reply to the forwarder")
		if fmt.Sprint(before.To, before.Cc) != "[{ "+hannasAddress+"}] []" {
			t.Errorf("before: to %v cc %v", before.To, before.Cc)
		}
		taken, err := w.TakeOriginal(ctx, w.anna, c.ID)
		w.want(err, "take")
		if taken.ContactID != known.ContactID || taken.Subject != "Leash" {
			t.Errorf("taken %+v", taken)
		}
		m, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "A new leash is on its way."})
		w.want(err, "reply")
		if fmt.Sprint(m.To, m.Cc) != "[{Ewa Marsh ewa@harbour.example}] []" {
			t.Errorf("after: to %v cc %v", m.To, m.Cc)
		}
		out, err := w.Compose(ctx, 1, m.ID)
		w.want(err, "compose")
		if out.Quoted != nil || out.Subject != "Re: Leash" {
			t.Errorf("what the teammate wrote is quoted to the customer: %+v", out)
		}
		if got := fmt.Sprint(w.kinds(c.ID)); got != "[conversation.created message.received message.replied conversation.status conversation.contact conversation.subject message.replied]" {
			t.Errorf("events %s", got)
		}
		for what, err := range map[string]error{"take again": second(w.TakeOriginal(ctx, w.anna, c.ID)), "decline": w.DeclineOriginal(ctx, w.anna, c.ID)} {
			if !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", what, err)
			}
		}
		w.want(w.Delete(ctx, w.owner, c.ID), "delete")
		if n := w.number("SELECT COUNT(*) FROM forwarded_originals"); n != 0 {
			t.Errorf("%d proposals are left", n)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestTHR13WhoAsksAndWhoDecides(t *testing.T) {
	each(t, func(w world) {
		w.hanna()
		c := w.get(w.receive(w.forwarded(hannasAddress)).ConversationID)
		light := w.anna
		light.Role = "light"
		for what, check := range map[string]struct {
			err  error
			kind fault.Kind
		}{
			"read out of sight":    {second(w.Original(ctx, w.bob, c.ID)), fault.NotFound},
			"take out of sight":    {second(w.TakeOriginal(ctx, w.bob, c.ID)), fault.NotFound},
			"decline out of sight": {w.DeclineOriginal(ctx, w.bob, c.ID), fault.NotFound},
			"take with no right":   {second(w.TakeOriginal(ctx, light, c.ID)), fault.Forbidden},
		} {
			if !fault.Is(check.err, check.kind) {
				t.Errorf("%s: %v", what, check.err)
			}
		}
		if n := w.number("SELECT COUNT(*) FROM contact_identities WHERE address_key = 'ewa@harbour.example'"); n != 0 {
			t.Error("a refused confirmation has made a contact")
		}
		w.want(w.DeclineOriginal(ctx, w.anna, c.ID), "decline")
		if got := w.get(c.ID); got.Contact.Address != hannasAddress || got.Subject != "Fwd: Leash" {
			t.Errorf("declined %+v", got)
		}
		if got := fmt.Sprint(w.kinds(c.ID)); got != "[conversation.created message.received conversation.declined]" {
			t.Errorf("events %s", got)
		}
		if err := w.DeclineOriginal(ctx, w.anna, c.ID); !fault.Is(err, fault.Conflict) || len(w.kinds(c.ID)) != 3 {
			t.Errorf("a second time: %v, events %v", err, w.kinds(c.ID))
		}
		if p, err := w.Original(ctx, w.anna, c.ID); err != nil || p.State != original.Declined || p.DecidedBy != w.anna.AgentID {
			t.Errorf("declined %+v, %v", p, err)
		}
	})
}

func TestTHR13OnlyWhatATeammateForwardsIsProposed(t *testing.T) {
	each(t, func(w world) {
		w.hanna()
		forged := w.forwarded(hannasAddress)
		forged.Proof = channel.ProofFail
		ours := w.forwarded(hannasAddress)
		ours.Original = &channel.Party{Address: "sales@shop.example"}
		own := w.forwarded(hannasAddress)
		own.Original = &channel.Party{Address: hannasAddress}
		odd := w.forwarded(hannasAddress)
		odd.Original = &channel.Party{Address: "ewa@har bour.example"}
		answer := w.forwarded(hannasAddress)
		answer.ConversationID = w.fresh("tom@else.example").ID
		for what, in := range map[string]channel.Inbound{"a customer's forward": w.forwarded("jan@harbour.example"), "a forged teammate": forged, "our own address": ours,
			"the forwarder": own, "no address": odd, "into a conversation that runs": answer} {
			in.ContentHash = what
			id := w.receive(in).ConversationID
			if p, err := w.Original(ctx, w.owner, id); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %+v, %v", what, p, err)
			}
			if _, err := w.TakeOriginal(ctx, w.owner, id); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s was taken: %v", what, err)
			}
		}
		w.exec("UPDATE agents SET state = 'deactivated' WHERE id = 5")
		if p, err := w.Original(ctx, w.owner, w.receive(w.forwarded(hannasAddress)).ConversationID); !fault.Is(err, fault.NotFound) {
			t.Errorf("who is no teammate any more: %+v, %v", p, err)
		}
	})
}
