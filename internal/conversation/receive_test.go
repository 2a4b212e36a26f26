package conversation_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/channel"
	"rapport/internal/contact"
	"rapport/internal/conversation"
	"rapport/internal/conversation/participant"
	"rapport/internal/platform/blob"
	"rapport/internal/platform/fault"
)

func TestReceiveStartsAConversation(t *testing.T) {
	each(t, func(w world) {
		in := w.mail("Ewa@Harbour.example", "Where is\nmy parcel?")
		in.From.Name = "Ewa"
		in.Cc = []channel.Party{{Address: "jan@harbour.example"}, {Address: "help@shop.example"}}
		st, err := w.blobs.Stage(ctx, 1, []byte("a photo"))
		w.want(err, "stage")
		in.Attachments = []channel.InboundAttachment{{Name: "photo.txt", ContentType: "text/plain", Size: 7, Blob: blob.Staged(st)}}
		placed := w.receive(in)
		c, participants, err := w.Get(ctx, w.anna, placed.ConversationID)
		w.want(err, "get")
		if c.Number != 1 || c.Status != conversation.Open || c.Excerpt != "Where is my parcel?" || c.Contact.Name != "Ewa" || c.Contact.Address == "" || !c.Unread() {
			t.Errorf("conversation %+v", c)
		}
		if len(participants) != 2 || participants[0].Role != participant.Customer || participants[1].Role != participant.CopiedIn {
			t.Errorf("participants %+v", participants)
		}
		m := w.messages(c.ID)[0]
		if m.Position != 1 || m.Kind != conversation.KindInbound || len(m.Attachments) != 1 || m.Attachments[0].Name != "photo.txt" {
			t.Errorf("message %+v", m)
		}
		if got := fmt.Sprint(w.kinds(c.ID)); got != "[conversation.created message.received]" {
			t.Errorf("events %s", got)
		}
		if second := w.fresh("kim@naver.com"); second.Number != 2 {
			t.Errorf("number %d", second.Number)
		}
	})
}

func TestMAIL05MAIL07TheSameMessageIsPlacedOnce(t *testing.T) {
	each(t, func(w world) {
		in := w.mail("ewa@harbour.example", "Hello")
		first := w.receive(in)
		again := w.receive(in)
		if !again.Duplicate || again.MessageID != first.MessageID {
			t.Errorf("again %+v", again)
		}
		in.ContentHash, in.Text = "another", "Something else"
		other := w.receive(in)
		if other.Duplicate || other.MessageID == first.MessageID {
			t.Fatalf("other content %+v", other)
		}
		m := w.messages(other.ConversationID)
		if flags := m[len(m)-1].Flags; !slices.Contains(flags, conversation.FlagSameID) {
			t.Errorf("flags %v", flags)
		}
		in.InboxID = w.sales.ID
		if sales := w.receive(in); sales.Duplicate || sales.ConversationID == first.ConversationID {
			t.Errorf("in another inbox %+v", sales)
		}
	})
}

func TestManyAtOnceAreNumberedAndDense(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		var mails []channel.Inbound
		for i := range 24 {
			in := w.mail("ewa@harbour.example", fmt.Sprint("text ", i/2))
			if in.ConversationID = c.ID; i%2 == 1 { // every mail comes twice
				in.ExternalID, in.ContentHash = mails[i-1].ExternalID, mails[i-1].ContentHash
			}
			mails = append(mails, in)
		}
		var wg sync.WaitGroup
		for _, in := range mails {
			wg.Go(func() {
				for range 5 { // intake tries again when two of the same meet
					if _, err := w.Receive(ctx, in); err == nil || !fault.Is(err, fault.Conflict) {
						return
					}
				}
			})
		}
		wg.Wait()
		list := w.messages(c.ID)
		if len(list) != 13 || w.get(c.ID).LastPosition != 13 {
			t.Fatalf("%d messages", len(list))
		}
		for i, m := range list {
			if m.Position != int64(i+1) {
				t.Fatalf("message %d at %d", i, m.Position)
			}
		}
	})
}

func TestNumbersHaveNoGaps(t *testing.T) {
	each(t, func(w world) {
		refused := w.mail("jan@harbour.example", "refused")
		refused.Attachments = []channel.InboundAttachment{{UploadID: 1, Uploader: "nobody"}}
		var mails []channel.Inbound
		for i := range 12 {
			mails = append(mails, w.mail(fmt.Sprintf("ewa%d@harbour.example", i/2), fmt.Sprint("text ", i)))
		}
		var wg sync.WaitGroup
		for _, in := range mails {
			wg.Go(func() {
				_, err := w.Receive(ctx, in)
				if err != nil {
					t.Error(err)
				}
				if _, err := w.Receive(ctx, refused); err == nil {
					t.Error("placed with a file that is not there")
				}
			})
		}
		wg.Wait()
		if got := w.number("SELECT COUNT(*) * 1000 + MAX(number) FROM conversations WHERE workspace_id = 1"); got != 12012 {
			t.Errorf("conversations and highest number: %d", got)
		}
	})
}

func TestEvidenceAndParticipants(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		first := w.messages(c.ID)[0]
		for _, step := range []struct {
			name, from string
			proof      channel.Proof
			proven     bool
			refers     bool
			subject    string
			joins      bool
			unverified bool
		}{
			{"customer, by reply address", "ewa@harbour.example", channel.ProofUnchecked, true, false, "", true, false},
			{"customer, by reference, proven", "ewa@harbour.example", channel.ProofPass, false, true, "", true, false},
			{"customer, by reference, no policy", "ewa@harbour.example", channel.ProofNone, false, true, "", false, false},
			{"forged, by reference", "ewa@harbour.example", channel.ProofFail, false, true, "", false, true},
			{"forged, by reply address", "ewa@harbour.example", channel.ProofFail, true, false, "", true, true},
			{"a stranger with a reference", "eve@evil.example", channel.ProofPass, false, true, "", false, false},
			{"a stranger with the number", "eve@evil.example", channel.ProofPass, false, false, "Re: [#1] Where is my parcel?", false, false},
			{"a stranger with the reply address", "eve@evil.example", channel.ProofPass, true, false, "", true, true},
			{"the stranger again, by reference", "eve@evil.example", channel.ProofPass, false, true, "", true, true},
		} {
			in := w.mail(step.from, step.name)
			in.Proof = step.proof
			if step.proven {
				in.ConversationID = c.ID
			}
			if step.refers {
				in.References = []string{"<unknown@x>", first.ExternalID}
			}
			if step.subject != "" {
				in.Subject = step.subject
			}
			placed := w.receive(in)
			if joined := placed.ConversationID == c.ID; joined != step.joins {
				t.Errorf("%s: joined %v", step.name, joined)
				continue
			}
			m, err := w.Message(ctx, w.owner, placed.ConversationID, placed.MessageID)
			w.want(err, "message")
			if got := slices.Contains(m.Flags, conversation.FlagUnverified); got != step.unverified {
				t.Errorf("%s: unverified %v", step.name, got)
			}
		}
		in := w.mail("ewa@harbour.example", "to a conversation that is not there")
		in.ConversationID = 424242
		if placed := w.receive(in); placed.ConversationID == 424242 {
			t.Error("placed nowhere")
		}
		in = w.mail("ewa@harbour.example", "to the other inbox")
		in.ConversationID, in.InboxID = c.ID, w.sales.ID
		if got := w.get(w.receive(in).ConversationID); got.ID == c.ID || got.LinkedID != c.ID {
			t.Errorf("in the other inbox: %+v", got)
		}
	})
}

func TestWhatReopensAndWhatDoesNot(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		answer := func(class channel.Class) conversation.Conversation {
			in := w.mail("ewa@harbour.example", "again "+string(class))
			in.ConversationID, in.Class = c.ID, class
			return w.get(w.receive(in).ConversationID)
		}
		set := func(s conversation.Status) {
			_, err := w.SetStatus(ctx, w.anna, c.ID, s, 0)
			w.want(err, "status")
		}
		for _, s := range []conversation.Status{conversation.Pending, conversation.OnHold, conversation.Closed} {
			set(s)
			for _, class := range []channel.Class{channel.AutoReply, channel.List} {
				if got := answer(class); got.ID != c.ID || got.Status != s {
					t.Errorf("%s in %s: %s", class, s, got.Status)
				}
			}
			if got := answer(channel.Human); got.ID != c.ID || got.Status != conversation.Open {
				t.Errorf("a person in %s: %s", s, got.Status)
			}
		}
		_, err := w.Snooze(ctx, w.anna, c.ID, w.clk.Now().Add(time.Hour), 0)
		w.want(err, "snooze")
		if got := answer(channel.Human); !got.SnoozedUntil.IsZero() {
			t.Error("still snoozed")
		}
		set(conversation.Closed)
		w.clk.Advance(13 * 24 * time.Hour)
		if got := answer(channel.Human); got.ID != c.ID || got.Status != conversation.Open {
			t.Errorf("after 13 days: %+v", got)
		}
		set(conversation.Closed)
		w.clk.Advance(15 * 24 * time.Hour)
		if got := answer(channel.AutoReply); got.ID != c.ID || got.Status != conversation.Closed {
			t.Errorf("an automatic reply after 15 days: %+v", got)
		}
		if got := answer(channel.Human); got.ID == c.ID || got.LinkedID != c.ID || w.get(c.ID).Status != conversation.Closed {
			t.Errorf("after 15 days: %+v", got)
		}
	})
}

func TestBlockedSendersAndBounces(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		reply, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "On its way."})
		w.want(err, "reply")
		in := w.mail("mailer-daemon@harbour.example", "550 no such user")
		in.Class, in.Bounce = channel.Bounced, &channel.Bounce{OutboundID: reply.OutboundID, Recipients: []channel.BouncedRecipient{{Address: "ewa@harbour.example", Hard: true, Reason: "550 no such user"}}}
		placed := w.receive(in)
		if placed.ConversationID != c.ID {
			t.Fatalf("bounce %+v", placed)
		}
		if got := w.get(c.ID); got.Status != conversation.Pending || got.LastAuthorKind != "agent" {
			t.Errorf("a bounce moved the conversation: %+v", got)
		}
		list := w.messages(c.ID)
		if d := list[1].Delivery; d == nil || d.State != channel.BouncedBy {
			t.Errorf("delivery %+v", d)
		}
		if list[2].Author.Kind != "system" || list[2].Class != channel.Bounced {
			t.Errorf("bounce %+v", list[2])
		}
		_, err = w.contacts.Update(ctx, w.anna, c.ContactID, contact.Change{Blocked: ptr(true)})
		w.want(err, "block")
		if placed := w.receive(w.mail("ewa@harbour.example", "me again")); placed.Refused != "blocked" || placed.ConversationID != 0 {
			t.Errorf("blocked: %+v", placed)
		}
	})
}

func TestHostileTextIsStored(t *testing.T) {
	each(t, func(w world) {
		in := w.mail("ewa@harbour.example", "zero\x00 bad \xff end")
		in.Subject, in.From.Name = "a\x00b\xff\r\nBcc: x", strings.Repeat("x", 5000)
		c := w.get(w.receive(in).ConversationID)
		if c.Subject != "ab Bcc: x" || len(c.Contact.Name) > 200 {
			t.Errorf("subject %q", c.Subject)
		}
	})
}
