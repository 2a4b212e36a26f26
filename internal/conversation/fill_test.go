package conversation_test

import (
	"strings"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/rich"
)

func TestVariablesAreFilledOrNothingIsSent(t *testing.T) {
	each(t, func(w world) {
		system, err := w.chans.ChangeInbox(ctx, w.owner, w.help.ID, channel.InboxChange{Signature: ptr(rich.Plain("{{agent.first_name}}, {{inbox.name}}")), Template: ptr(rich.Plain("Hello {{customer.first_name|there}},\n\n{{message}}\n\nNo. {{conversation.number}}"))})
		w.want(err, "template")
		if system.Template.Empty() {
			t.Fatal("not kept")
		}
		in := w.mail("ewa@harbour.example", "Hi")
		in.From.Name = "Ewa Marsh"
		known, nameless := w.receive(in).ConversationID, w.fresh("jan@harbour.example").ID
		m, err := w.Reply(ctx, w.anna, known, conversation.NewMessage{Text: "Dear {{customer.name}}", HTML: "<p>Dear <b>{{customer.name}}</b></p>"})
		w.want(err, "reply")
		if m.Text != "Dear Ewa Marsh" || m.HTML != "<p>Dear <b>Ewa Marsh</b></p>" || m.ReplyText != m.Text {
			t.Errorf("message %+v", m)
		}
		out, err := w.Compose(ctx, 1, m.ID)
		w.want(err, "compose")
		if out.Text != "Hello Ewa,\n\nDear Ewa Marsh\n\nNo. 1" || !strings.Contains(out.HTML, "Hello Ewa,") || !strings.Contains(out.HTML, "<b>Ewa Marsh</b>") || out.Signature.Plain != "Anna, Help" {
			t.Errorf("composed %q, %q, signed %q", out.Text, out.HTML, out.Signature)
		}
		_, err = w.Reply(ctx, w.anna, nameless, conversation.NewMessage{Text: "Dear {{customer.first_name}}"})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.MessageOf(err), "{{customer.first_name}} has no value here") {
			t.Errorf("without a name: %v", err)
		}
		m, err = w.Reply(ctx, w.anna, nameless, conversation.NewMessage{Text: "Dear {{customer.first_name|friend}}"})
		if err != nil || m.Text != "Dear friend" {
			t.Errorf("with words for that: %+v, %v", m, err)
		}
		started, err := w.Start(ctx, w.anna, conversation.NewConversation{InboxID: w.help.ID, Subject: "First", NewMessage: conversation.NewMessage{Text: "Hello", To: []channel.Party{{Address: "new@harbour.example"}}}})
		w.want(err, "start")
		if out, err = w.Compose(ctx, 1, w.messages(started.ID)[0].ID); err != nil || !strings.HasSuffix(out.Text, "No. 3") {
			t.Errorf("a first mail: %q, %v", out.Text, err)
		}
		w.exec("UPDATE agents SET signature = 'Yours, {{customer.name}}' WHERE id = 5")
		_, err = w.Reply(ctx, w.anna, nameless, conversation.NewMessage{Text: "Again"})
		if !strings.Contains(fault.MessageOf(err), "in the signature or the template") {
			t.Errorf("a signature without a value: %v", err)
		}
		for _, bad := range []channel.InboxChange{{Template: ptr(rich.Plain("no place for it"))}, {Template: ptr(rich.Plain("{{message}}{{message}}"))}, {Signature: ptr(rich.Plain("{{agent.shoe}}"))},
			{Template: ptr(rich.New("", "<p>Hello {{message}}</p>"))}, {Signature: ptr(rich.New("", "<p>{{agent.<b>name</b>}}</p>"))}, {Signature: ptr(rich.New("", `<img src="cid:file-7@rapport" alt="{{agent.shoe}}">`))}} {
			if _, err := w.chans.ChangeInbox(ctx, w.owner, w.help.ID, bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}
