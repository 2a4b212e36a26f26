package conversation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/conversation/draft"
	"rapport/internal/platform/fault"
)

var courier = []channel.Party{{Name: "Courier", Address: "lost@courier.example"}}

func TestAForwardLeavesWithWhatItPassesOn(t *testing.T) {
	each(t, func(w world) {
		in := w.mail("ewa@harbour.example", "Where is my parcel?")
		in.From.Name, in.HTML = "Ewa", `<p>Look <img src="cid:photo"></p>`
		photo, err := w.blobs.Stage(ctx, 1, []byte("photo"))
		w.want(err, "stage")
		label, err := w.blobs.Stage(ctx, 1, []byte("label"))
		w.want(err, "stage")
		in.Attachments = []channel.InboundAttachment{{Name: "photo.png", ContentType: "image/png", ContentID: "photo", Inline: true, Blob: photo}, {Name: "label.pdf", Blob: label}}
		c := w.get(w.receive(in).ConversationID)
		_, err = w.Note(ctx, w.anna, c.ID, conversation.NewMessage{Text: "She is angry"})
		w.want(err, "note")
		again := w.mail("ewa@harbour.example", "Still nothing!")
		again.ConversationID = c.ID
		w.receive(again)
		before := w.messages(c.ID)
		file := before[0].Attachments[1].ID
		for _, test := range []struct {
			name    string
			of      conversation.Message
			history bool
			want    []string // texts, newest first
			files   []string
		}{
			{"one message", before[0], false, []string{"Where is my parcel?"}, []string{"label.pdf", "photo.png"}},
			{"with what was before, and without the note", before[2], true, []string{"Still nothing!", "Where is my parcel?"}, []string{"label.pdf", "photo.png"}},
		} {
			m, err := w.Forward(ctx, w.anna, c.ID, test.of.ID, test.history, conversation.NewMessage{Text: "Please look for it", To: courier, Attachments: []int64{file}})
			w.want(err, test.name)
			if m.Kind != conversation.KindNote || !slices.Contains(m.Flags, conversation.FlagForwarded) || m.Delivery == nil || len(m.To) != 1 {
				t.Errorf("%s: %+v", test.name, m)
			}
			out, err := w.Compose(ctx, 1, m.ID)
			w.want(err, "compose")
			var texts, files []string
			for _, q := range out.Forwarded {
				texts = append(texts, q.Text)
			}
			for _, f := range out.Attachments {
				files = append(files, f.Name)
			}
			if !slices.Equal(texts, test.want) || !slices.Equal(files, test.files) || out.Subject != "Fwd: Where is my parcel?" || len(out.References) > 0 || out.Quoted != nil || out.Text != "Please look for it" {
				t.Errorf("%s: texts %q, files %q, composed %+v", test.name, texts, files, out)
			}
		}
		got, participants, err := w.Get(ctx, w.anna, c.ID)
		w.want(err, "get")
		if got.Status != conversation.Open || slices.ContainsFunc(participants, func(p conversation.Participant) bool { return p.Address == courier[0].Address }) {
			t.Errorf("a forward is no answer and brings nobody in: %s, %+v", got.Status, participants)
		}
	})
}

func TestTheAnswerToAForwardIsFromSomebodyNew(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		_, err := w.Forward(ctx, w.anna, c.ID, w.messages(c.ID)[0].ID, false, conversation.NewMessage{To: courier})
		w.want(err, "forward without a word")
		in := w.mail(courier[0].Address, "We have lost it")
		in.ConversationID = c.ID // by the reply address
		if placed := w.receive(in); placed.ConversationID != c.ID {
			t.Fatalf("placed in %d", placed.ConversationID)
		}
		list := w.messages(c.ID)
		answer := list[len(list)-1]
		if !slices.Contains(answer.Flags, conversation.FlagUnverified) || answer.Author.ID == c.ContactID {
			t.Errorf("taken for the customer's words: %+v", answer)
		}
		m, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "It is lost, sorry"})
		w.want(err, "reply")
		out, err := w.Compose(ctx, 1, m.ID)
		w.want(err, "compose")
		if fmt.Sprint(out.To, out.Cc) != "[{ ewa@harbour.example}] []" || out.Quoted == nil || !strings.Contains(out.Quoted.Text, "Hello from ewa") {
			t.Errorf("the customer is told what the courier wrote: %+v, quoted %+v", out, out.Quoted)
		}
	})
}

func TestAForwardIsRefused(t *testing.T) {
	each(t, func(w world) {
		c, other := w.fresh("ewa@harbour.example"), w.fresh("jan@harbour.example")
		note, err := w.Note(ctx, w.anna, c.ID, conversation.NewMessage{Text: "Between us", Attachments: []int64{w.upload(w.anna, "secret.txt", "secret")}})
		w.want(err, "note")
		first := w.messages(c.ID)[0].ID
		for _, test := range []struct {
			name string
			of   int64
			n    conversation.NewMessage
			want fault.Kind
		}{
			{"a note", note.ID, conversation.NewMessage{To: courier}, fault.Invalid},
			{"another conversation's message", w.messages(other.ID)[0].ID, conversation.NewMessage{To: courier}, fault.NotFound},
			{"to nobody", first, conversation.NewMessage{}, fault.Invalid},
			{"to ourselves alone", first, conversation.NewMessage{To: []channel.Party{{Address: "sales@shop.example"}}}, fault.Invalid},
			{"the file of a note", first, conversation.NewMessage{To: courier, Attachments: []int64{note.Attachments[0].ID}}, fault.Invalid},
		} {
			if _, err := w.Forward(ctx, w.anna, c.ID, test.of, true, test.n); !fault.Is(err, test.want) {
				t.Errorf("%s: %v", test.name, err)
			}
		}
		if _, err := w.Forward(ctx, w.bob, c.ID, first, false, conversation.NewMessage{To: courier}); !fault.Is(err, fault.NotFound) {
			t.Errorf("out of sight: %v", err)
		}
	})
}

func TestAForwardTakenBackReturnsAsANote(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		_, err := w.drafts.Save(ctx, w.anna, draft.Draft{ConversationID: c.ID, Kind: conversation.KindReply, Content: draft.Content{Text: "Half an answer"}}, nil)
		w.want(err, "draft")
		m, err := w.Forward(ctx, w.anna, c.ID, w.messages(c.ID)[0].ID, false, conversation.NewMessage{Text: "Look", To: courier, HoldSeconds: 10})
		w.want(err, "forward")
		if _, err = w.CancelHold(ctx, w.anna, c.ID, m.ID); err != nil {
			t.Fatal(err)
		}
		d, err := w.drafts.Get(ctx, w.anna, c.ID, conversation.KindReply)
		if err != nil || d.Text != "Half an answer" {
			t.Errorf("the answer half written: %+v, %v", d, err)
		}
		if list := w.messages(c.ID); !list[len(list)-1].Cancelled {
			t.Error("not taken back")
		}
	})
}
