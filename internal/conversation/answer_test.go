package conversation_test

import (
	"errors"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/platform/fault"
)

func TestWhatIsAnsweredIsWhatIsRead(t *testing.T) {
	each(t, func(w world) {
		w.exec("UPDATE agents SET photo_id = 77")
		c := w.fresh("ewa@harbour.example")
		chat, err := w.chans.CreateInbox(ctx, account.System(1), channel.NewInbox{Name: "Chat", Channel: "talk"})
		w.want(err, "chat")
		in := w.mail("", "Hello")
		in.InboxID, in.Sender = chat.ID, channel.Sender{Kind: "visitor", ID: "v1", Own: true}
		talk := w.receive(in).ConversationID
		named := w.upload(w.anna, `a "label" \ 택배 & more.txt`, "one")
		for _, asked := range []struct {
			name string
			do   func() (conversation.Message, error)
		}{
			{"a reply", func() (conversation.Message, error) {
				return w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{HTML: "<p>On its <b>way</b></p>", ClientID: "one", Attachments: []int64{named, w.upload(w.anna, "b.txt", "two")},
					To: []channel.Party{{Name: "Ewa", Address: "Ewa@harbour.example"}}, Cc: []channel.Party{{Address: "jan@harbour.example"}}, Bcc: []channel.Party{{Address: "Zoe_b@harbour.example"}, {Address: "zoe-c@harbour.example"}}})
			}},
			{"the same reply again", func() (conversation.Message, error) {
				return w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "On its way", ClientID: "one"})
			}},
			{"a held reply", func() (conversation.Message, error) {
				return w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "Wait", HoldSeconds: 30, Language: "pl"})
			}},
			{"a reply in a chat", func() (conversation.Message, error) {
				return w.Reply(ctx, w.owner, talk, conversation.NewMessage{Text: "Hi"})
			}},
			{"a note", func() (conversation.Message, error) {
				return w.Note(ctx, w.anna, c.ID, conversation.NewMessage{Text: "@bob look", ClientID: "two", Mentions: []int64{7}})
			}},
			{"the same note again", func() (conversation.Message, error) {
				return w.Note(ctx, w.anna, c.ID, conversation.NewMessage{Text: "@bob look", ClientID: "two", Mentions: []int64{7}})
			}},
		} {
			got, err := asked.do()
			w.want(err, asked.name)
			read, err := w.Message(ctx, w.owner, got.ConversationID, got.ID)
			w.want(err, asked.name)
			if !reflect.DeepEqual(got, read) {
				t.Errorf("%s was answered as\n%+v\nand is read as\n%+v", asked.name, got, read)
			}
			all := w.messages(got.ConversationID)
			if at := slices.IndexFunc(all, func(m conversation.Message) bool { return m.ID == got.ID }); at < 0 || !reflect.DeepEqual(all[at], read) {
				t.Errorf("%s stands in the list as\n%+v\nand alone as\n%+v", asked.name, all, read)
			}
			if got.Author.PhotoID != 77 || got.Author.Name == "" || (got.Delivery == nil) != (got.Kind == conversation.KindNote) {
				t.Errorf("%s: %+v", asked.name, got)
			}
		}
	})
}

func TestFilesStandInTheirOrderOnTheirMessage(t *testing.T) {
	each(t, func(w world) {
		in := w.mail("ewa@harbour.example", "Look")
		for _, f := range []channel.InboundAttachment{{Name: `z "1".png`, ContentType: "image/png", ContentID: "c1", Inline: true, Size: 3}, {Name: "a\\병.txt", ContentType: "text/plain", Size: 4}} {
			staged, err := w.blobs.Stage(ctx, 1, []byte(f.Name))
			w.want(err, "stage")
			f.Blob = staged
			in.Attachments = append(in.Attachments, f)
		}
		id := w.receive(in).ConversationID
		w.receive(w.mail("ewa@harbour.example", "Without"))
		got := w.messages(id)[0].Attachments
		if len(got) != 2 {
			t.Fatalf("%+v", got)
		}
		for i := range got {
			if got[i].ID == 0 {
				t.Errorf("no id: %+v", got[i])
			}
			got[i].ID = 0
		}
		want := []conversation.Attachment{{Name: `z "1".png`, ContentType: "image/png", ContentID: "c1", Inline: true, Size: 3}, {Name: "a\\병.txt", ContentType: "text/plain", Size: 4}}
		if !slices.Equal(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
	})
}

func TestWhatIsOutOfSightIsNotTold(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		m := w.messages(c.ID)[0]
		got, people, err := w.Get(ctx, w.bob, c.ID)
		if !fault.Is(err, fault.NotFound) || got.ID != 0 || len(people) != 0 {
			t.Errorf("conversation: %+v, %+v, %v", got, people, err)
		}
		list, more, err := w.Messages(ctx, w.bob, c.ID, conversation.Span{Oldest: true})
		if !fault.Is(err, fault.NotFound) || len(list) != 0 || more {
			t.Errorf("messages: %+v, %v", list, err)
		}
		one, err := w.Message(ctx, w.bob, c.ID, m.ID)
		if !fault.Is(err, fault.NotFound) || one.ID != 0 {
			t.Errorf("message: %+v, %v", one, err)
		}
		own := w.mail("jan@harbour.example", "Mine")
		own.InboxID = w.sales.ID
		if _, err := w.Message(ctx, w.bob, w.receive(own).ConversationID, m.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a message of another conversation: %v", err)
		}
		if _, err := w.Message(ctx, w.anna, c.ID, m.ID); err != nil {
			t.Errorf("in sight: %v", err)
		}
	})
}

// Whoever writes at the same time waits for the lock, and then knows what was
// written meanwhile.
func TestWritersAtTheSameTimeKnowOfEachOther(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		var all sync.WaitGroup
		var ids sync.Map
		var wrote, unseen atomic.Int64
		for range 6 {
			all.Go(func() {
				m, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "Once", ClientID: "once"})
				if err != nil {
					t.Error(err)
				}
				ids.Store(m.ID, true)
			})
		}
		all.Wait()
		n := 0
		ids.Range(func(any, any) bool { n++; return true })
		if n != 1 || len(w.messages(c.ID)) != 2 {
			t.Errorf("one reply was written %d times", n)
		}
		for _, who := range []account.Actor{w.anna, w.owner} {
			all.Go(func() {
				_, err := w.Reply(ctx, who, c.ID, conversation.NewMessage{Text: "First", SeenPosition: ptr(int64(2))})
				switch {
				case err == nil:
					wrote.Add(1)
				case errors.Is(err, conversation.ErrUnseen):
					unseen.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		// Position 2 is Anna's: Olga has seen it, so only the later of the two is refused.
		if wrote.Load() != 1 || unseen.Load() != 1 {
			t.Errorf("%d wrote, %d were told to look", wrote.Load(), unseen.Load())
		}
	})
}

func TestALetterRefersToWhatWasSaidBefore(t *testing.T) {
	each(t, func(w world) {
		in := w.mail("ewa@harbour.example", "First")
		id := w.receive(in).ConversationID
		first, err := w.Reply(ctx, w.anna, id, conversation.NewMessage{Text: "Answer"})
		w.want(err, "reply")
		w.exec("UPDATE outbound SET external_id = '<ours@shop.example>' WHERE id = $1", first.OutboundID)
		_, err = w.Note(ctx, w.anna, id, conversation.NewMessage{Text: "Between us"})
		w.want(err, "note")
		again := w.mail("ewa@harbour.example", "Second")
		again.ConversationID = id
		w.receive(again)
		m, err := w.Reply(ctx, w.anna, id, conversation.NewMessage{Text: "And again"})
		w.want(err, "second reply")
		out, err := w.Compose(ctx, 1, m.ID)
		w.want(err, "compose")
		if want := []string{in.ExternalID, "<ours@shop.example>", again.ExternalID}; !slices.Equal(out.References, want) {
			t.Errorf("references %v, want %v", out.References, want)
		}
		if out.Quoted == nil || out.Quoted.Text != "Second" || !out.Signature.Empty() {
			t.Errorf("composed %+v", out)
		}
		w.exec("UPDATE inboxes SET signature = 'The shop' WHERE id = $1", w.help.ID)
		if out, err = w.Compose(ctx, 1, m.ID); err != nil || out.Signature.Plain != "The shop" {
			t.Errorf("without a signature of her own: %+v, %v", out, err)
		}
		w.exec("UPDATE agents SET signature = 'Anna' WHERE id = 5")
		if out, err = w.Compose(ctx, 1, m.ID); err != nil || out.Signature.Plain != "Anna" {
			t.Errorf("with one: %+v, %v", out, err)
		}
	})
}
