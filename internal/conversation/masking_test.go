package conversation_test

import (
	"fmt"
	"strings"
	"testing"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/conversation/masking"
	"rapport/internal/conversation/transcript"
	"rapport/internal/platform/fault"
)

// code is a mail by which somebody could sign in as the company.
func (w world) code() channel.Inbound {
	w.t.Helper()
	in := w.mail("no-reply@slack.com", "Your confirmation code is K7Q-9PM")
	in.Subject, in.ContentHash, in.HTML = "Slack confirmation code: K7Q-9PM", "a hash", "<p>Your confirmation code is <b>K7Q-9PM</b></p>"
	st, err := w.blobs.Stage(ctx, 1, []byte("K7Q-9PM as a picture"))
	w.want(err, "stage")
	in.Attachments = []channel.InboundAttachment{{Name: "K7Q-9PM.png", ContentType: "image/png", Blob: st}}
	in.Credential = &channel.Credential{Kind: "code", Provider: "Slack", Domain: "slack.com", Phrase: "confirmation code"}
	return in
}

func TestMAIL22ACodeStandsNowhereButInItsMask(t *testing.T) {
	each(t, func(w world) {
		placed := w.receive(w.code())
		c := w.get(placed.ConversationID)
		if c.Subject != "Slack confirmation code: "+masking.Dots || c.Excerpt != masking.Dots {
			t.Errorf("subject %q, excerpt %q", c.Subject, c.Excerpt)
		}
		m := w.messages(c.ID)[0]
		if m.Text != masking.Dots || m.ReplyText != masking.Dots || m.HTML != "" || len(m.Attachments) != 0 || m.Masked == nil || m.Masked.Provider != "Slack" {
			t.Errorf("message %+v", m)
		}
		if one, err := w.Message(ctx, w.anna, c.ID, m.ID); err != nil || one.Masked == nil || strings.Contains(fmt.Sprintf("%+v", one), "K7Q") {
			t.Errorf("message %+v, %v", one, err)
		}
		text, err := transcript.Of(ctx, w.Room, w.owner, c.ID, true)
		w.want(err, "transcript")
		if strings.Contains(text, "K7Q") || !strings.Contains(text, masking.Dots) {
			t.Errorf("transcript %q", text)
		}
		for _, q := range []string{"K7Q-9PM", "k7q"} {
			if page, err := w.List(ctx, w.owner, conversation.Filter{Q: q}); err != nil || len(page.Items) != 0 {
				t.Errorf("a search for %q finds %v, %v", q, page.Items, err)
			}
		}
		w.settle()
		for _, from := range []string{"conversations WHERE subject || excerpt || search_key", "messages WHERE text || html || reply_text || parties || author_name || flags",
			"message_attachments WHERE name", "field_history WHERE value", "events WHERE data", "contacts WHERE name"} {
			if n := w.number("SELECT COUNT(*) FROM " + from + " LIKE '%K7Q%'"); n != 0 {
				t.Errorf("the code stands in %s", from)
			}
		}
		if n := w.number("SELECT COUNT(*) FROM masked_messages WHERE words LIKE '%K7Q%'"); n != 1 {
			t.Errorf("%d masks hold the code", n)
		}
	})
}

func TestMAIL22RevealingIsARightAndLeavesATrace(t *testing.T) {
	each(t, func(w world) {
		c := w.get(w.receive(w.code()).ConversationID)
		m := w.messages(c.ID)[0]
		if _, err := w.Reveal(ctx, w.anna, c.ID, m.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an agent: %v", err)
		}
		if _, err := w.Reveal(ctx, w.bob, c.ID, m.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("out of sight: %v", err)
		}
		admin := w.anna
		admin.Role = account.Admin
		words, err := w.Reveal(ctx, admin, c.ID, m.ID)
		w.want(err, "reveal")
		if words.Subject != "Slack confirmation code: K7Q-9PM" || words.Text != "Your confirmation code is K7Q-9PM" || !strings.Contains(words.HTML, "K7Q-9PM") || len(words.Files) != 1 || words.Files[0].Name != "K7Q-9PM.png" {
			t.Errorf("words %+v", words)
		}
		w.settle()
		history, err := w.History(ctx, w.owner, c.ID)
		w.want(err, "history")
		last := history[len(history)-1]
		if last.Kind != conversation.EventRevealed || last.Actor.ID != admin.AgentID || strings.Contains(string(last.Data), "K7Q") {
			t.Errorf("history ends with %+v", last)
		}
		plain := w.fresh("ewa@harbour.example")
		if _, err := w.Reveal(ctx, admin, plain.ID, w.messages(plain.ID)[0].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("nothing is masked: %v", err)
		}
		if _, err := w.Reveal(ctx, admin, plain.ID, m.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("by way of another conversation: %v", err)
		}
		w.want(w.Delete(ctx, w.owner, c.ID), "delete")
		if n := w.number("SELECT COUNT(*) FROM masked_messages"); n != 0 {
			t.Errorf("%d masks are left", n)
		}
	})
}

func TestMAIL22ACodeIsNeverPassedOn(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		in := w.code()
		in.ConversationID = c.ID
		in.From.Address = "ewa@harbour.example"
		w.receive(in)
		list := w.messages(c.ID)
		secret := list[1]
		if secret.Masked == nil {
			t.Fatalf("messages %+v", list)
		}
		if _, err := w.Forward(ctx, w.anna, c.ID, secret.ID, false, conversation.NewMessage{To: courier}); !fault.Is(err, fault.Invalid) {
			t.Errorf("forwarded: %v", err)
		}
		answer, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "Thank you"})
		w.want(err, "reply")
		out, err := w.Compose(ctx, 1, answer.ID)
		w.want(err, "compose")
		if out.Quoted == nil || !strings.Contains(out.Quoted.Text, "Hello from") {
			t.Errorf("quoted %+v", out.Quoted)
		}
		again := w.mail("ewa@harbour.example", "And?")
		again.ConversationID = c.ID
		w.receive(again)
		list = w.messages(c.ID)
		passed, err := w.Forward(ctx, w.anna, c.ID, list[len(list)-1].ID, true, conversation.NewMessage{To: courier})
		w.want(err, "forward the rest")
		out, err = w.Compose(ctx, 1, passed.ID)
		w.want(err, "compose")
		if len(out.Forwarded) != 3 || strings.Contains(fmt.Sprintf("%+v", out), masking.Dots) || strings.Contains(fmt.Sprintf("%+v", out), "K7Q") {
			t.Errorf("passed on %+v", out.Forwarded)
		}
	})
}
