package conversation_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/account"
	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/conversation/draft"
	"rapport/internal/conversation/transcript"
	"rapport/internal/platform/event"
	"rapport/internal/platform/fault"
)

func TestReplyGoesOut(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		file := w.upload(w.anna, "label.txt", "label")
		w.exec("UPDATE agents SET signature = 'Anna, night shift' WHERE id = 5")
		n := conversation.NewMessage{HTML: `<p>On its <b>way</b><script>x</script></p>`, Attachments: []int64{file}, ClientID: "k1"}
		m, err := w.Reply(ctx, w.anna, c.ID, n)
		w.want(err, "reply")
		if m.Position != 2 || m.Author.Name != "Anna Nowak" || len(m.To) != 1 || m.To[0].Address != "ewa@harbour.example" || len(m.Attachments) != 1 ||
			strings.Contains(m.HTML, "script") || !strings.Contains(m.Text, "On its") || m.Delivery == nil || m.Delivery.State != channel.Held {
			t.Errorf("message %+v", m)
		}
		again, err := w.Reply(ctx, w.anna, c.ID, n)
		if err != nil || again.ID != m.ID || len(w.messages(c.ID)) != 2 {
			t.Errorf("the same client id: %+v, %v", again, err)
		}
		got, _, err := w.Get(ctx, w.anna, c.ID)
		if err != nil || got.Status != conversation.Pending || got.LastAuthorKind != "agent" || got.Unread() {
			t.Errorf("conversation %+v, %v", got, err)
		}
		if got := fmt.Sprint(w.kinds(c.ID)); got != "[conversation.created message.received message.replied conversation.status]" {
			t.Errorf("events %s", got)
		}
		out, err := w.Compose(ctx, 1, m.ID)
		w.want(err, "compose")
		if out.Subject != "Re: Where is my parcel?" || out.FromName != "Anna Nowak" || out.Signature.Plain != "Anna, night shift" || out.Quoted == nil || len(out.References) != 1 || len(out.Attachments) != 1 {
			t.Errorf("composed %+v", out)
		}
		m, err = w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "And you, Jan", Cc: []channel.Party{{Address: "jan@harbour.example"}}, To: []channel.Party{{Address: "ewa@harbour.example"}, {Address: "sales@shop.example"}}, Close: true})
		w.want(err, "second reply")
		if out, err = w.Compose(ctx, 1, m.ID); err != nil || out.Quoted != nil || len(out.To) != 1 {
			t.Errorf("Jan may not read what Ewa wrote: %+v, %v", out, err)
		}
		if w.get(c.ID).Status != conversation.Closed {
			t.Error("not closed")
		}
	})
}

func TestReplyIsRefused(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		_, err := w.Note(ctx, w.owner, c.ID, conversation.NewMessage{Text: "wait"})
		w.want(err, "note")
		text := func(n conversation.NewMessage) conversation.NewMessage { n.Text = "Hello"; return n }
		light := account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 7, Role: account.Light}
		elsewhere := account.Actor{Kind: account.KindAgent, WorkspaceID: 2, AgentID: 7, Role: account.Owner}
		for _, c2 := range []struct {
			name  string
			actor account.Actor
			n     conversation.NewMessage
			want  fault.Kind
		}{
			{"empty", w.anna, conversation.NewMessage{Text: " \n"}, fault.Invalid},
			{"only a picture of nothing", w.anna, conversation.NewMessage{HTML: "<script>x</script>"}, fault.Invalid},
			{"nobody to write to", w.anna, text(conversation.NewMessage{To: []channel.Party{{Address: "help@shop.example"}}}), fault.Invalid},
			{"no address", w.anna, text(conversation.NewMessage{To: []channel.Party{{Address: "ewa at harbour"}}}), fault.Invalid},
			{"another's file", w.anna, text(conversation.NewMessage{Attachments: []int64{w.upload(w.bob, "x", "x")}}), fault.Invalid},
			{"unseen", w.anna, text(conversation.NewMessage{SeenPosition: ptr(int64(1))}), fault.Conflict},
			{"too long a hold", w.anna, text(conversation.NewMessage{HoldSeconds: 10_000}), fault.Invalid},
			{"out of sight", w.bob, text(conversation.NewMessage{}), fault.NotFound},
			{"another workspace", elsewhere, text(conversation.NewMessage{}), fault.NotFound},
			{"a light agent", light, text(conversation.NewMessage{}), fault.Forbidden},
		} {
			_, err := w.Reply(ctx, c2.actor, c.ID, c2.n)
			if !fault.Is(err, c2.want) {
				t.Errorf("%s: %v", c2.name, err)
			}
			if c2.name == "unseen" && !errors.Is(err, conversation.ErrUnseen) {
				t.Errorf("not recognisable: %v", err)
			}
		}
		if len(w.messages(c.ID)) != 2 {
			t.Error("something was written")
		}
		if _, err := w.Reply(ctx, w.anna, c.ID, text(conversation.NewMessage{SeenPosition: ptr(int64(2))})); err != nil {
			t.Errorf("seen: %v", err)
		}
		if _, err := w.Reply(ctx, w.anna, c.ID, text(conversation.NewMessage{SeenPosition: ptr(int64(2))})); err != nil {
			t.Errorf("one's own message is seen: %v", err)
		}
	})
}

func TestUndoGivesTheDraftBack(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		file := w.upload(w.anna, "label.txt", "label")
		m, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "Oops", Attachments: []int64{file}, HoldSeconds: 10})
		w.want(err, "reply")
		if !m.Delivery.Until.Equal(w.clk.Now().Add(10 * time.Second)) {
			t.Errorf("held until %v", m.Delivery.Until)
		}
		d, err := w.CancelHold(ctx, w.anna, c.ID, m.ID)
		w.want(err, "undo")
		if d.Text != "Oops" || len(d.To) != 1 || len(d.Attachments) != 1 {
			t.Errorf("draft %+v", d)
		}
		got, _, err := w.Get(ctx, w.anna, c.ID)
		if err != nil || got.Status != conversation.Open || got.LastAuthorKind != "contact" || !got.Draft {
			t.Errorf("conversation %+v, %v", got, err)
		}
		if list := w.messages(c.ID); !list[1].Cancelled || list[1].Delivery.State != channel.Cancelled {
			t.Errorf("message %+v", list[1])
		}
		if _, err := w.CancelHold(ctx, w.anna, c.ID, m.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
		if _, err := w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: d.Text, Attachments: d.Attachments}); err != nil {
			t.Errorf("the file of an undone reply: %v", err)
		}
		if _, err := w.drafts.Get(ctx, w.anna, c.ID, conversation.KindReply); !fault.Is(err, fault.NotFound) {
			t.Errorf("the draft after sending: %v", err)
		}
	})
}

func TestNotesMentionAndLightAgentsMayWriteThem(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		light := account.Actor{Kind: account.KindAgent, WorkspaceID: 1, AgentID: 7, Role: account.Light}
		m, err := w.Note(ctx, light, c.ID, conversation.NewMessage{Text: "@anna nowak, and you", Mentions: []int64{6}})
		w.want(err, "note")
		if fmt.Sprint(m.Mentions) != "[6 5]" || m.OutboundID != 0 {
			t.Errorf("note %+v", m)
		}
		if got := w.get(c.ID); got.Status != conversation.Open || got.LastPosition != 2 {
			t.Errorf("conversation %+v", got)
		}
	})
}

func TestStartWritesFirst(t *testing.T) {
	each(t, func(w world) {
		n := conversation.NewConversation{InboxID: w.sales.ID, Subject: "Your order", AssigneeID: 6,
			NewMessage: conversation.NewMessage{Text: "Hello", ClientID: "s1", To: []channel.Party{{Name: "Kim", Address: "Kim@naver.com"}, {Address: "lee@naver.com"}}}}
		c, err := w.Start(ctx, w.bob, n)
		w.want(err, "start")
		if c.Status != conversation.Pending || c.AssigneeID != 6 || c.Contact.Name != "Kim" || c.LastPosition != 1 {
			t.Errorf("conversation %+v", c)
		}
		again, err := w.Start(ctx, w.bob, n)
		if err != nil || again.ID != c.ID {
			t.Errorf("again %+v, %v", again, err)
		}
		n.ClientID, n.Attachments = "s2", []int64{w.upload(w.bob, "label.txt", "label")} // one of them takes the file
		ids := make([]int64, 6)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				c, err := w.Start(ctx, w.bob, n)
				if ids[i] = c.ID; err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if slices.Sort(ids); ids[0] == c.ID || ids[0] != ids[5] {
			t.Errorf("one start at once made %v", ids)
		}
		out, err := w.Compose(ctx, 1, w.messages(c.ID)[0].ID)
		if err != nil || out.Subject != "Your order" || len(out.To) != 2 || out.Quoted != nil {
			t.Errorf("composed %+v, %v", out, err)
		}
		n.InboxID, n.ClientID, n.Attachments = w.help.ID, "", nil
		if _, err := w.Start(ctx, w.bob, n); !fault.Is(err, fault.NotFound) {
			t.Errorf("an inbox out of sight: %v", err)
		}
		if _, err := w.Start(ctx, w.anna, n); !fault.Is(err, fault.Invalid) {
			t.Errorf("an assignee who cannot see it: %v", err)
		}
	})
}

func TestTriage(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		if _, err := w.Assign(ctx, w.anna, c.ID, conversation.Assignment{AgentID: ptr(int64(6))}); !fault.Is(err, fault.Invalid) {
			t.Errorf("Bob cannot see it: %v", err)
		}
		got, err := w.Assign(ctx, w.anna, c.ID, conversation.Assignment{AgentID: ptr(int64(5)), TeamID: ptr(int64(2))})
		if err != nil || got.AssigneeID != 5 || got.TeamID != 2 {
			t.Fatalf("%+v, %v", got, err)
		}
		if _, err := w.Assign(ctx, w.owner, c.ID, conversation.Assignment{AgentID: ptr(int64(7)), Unassigned: true}); !fault.Is(err, fault.Conflict) {
			t.Errorf("taken already: %v", err)
		}
		if _, err := w.SetPriority(ctx, w.anna, c.ID, conversation.High, got.Version-1); !fault.Is(err, fault.Conflict) {
			t.Errorf("an old version: %v", err)
		}
		_, err = w.SetPriority(ctx, w.anna, c.ID, conversation.High, got.Version)
		w.want(err, "priority")
		_, err = w.SetSubject(ctx, w.anna, c.ID, "Lost parcel", 0)
		w.want(err, "subject")
		got, err = w.SetTags(ctx, w.anna, c.ID, []string{"vip", "Łódź", "VIP"}, 0)
		if err != nil || fmt.Sprint(got.Tags) != "[Łódź vip]" {
			t.Errorf("tags %v, %v", got.Tags, err)
		}
		_, err = w.SetTags(ctx, w.anna, c.ID, []string{"vip", "new"}, 0)
		w.want(err, "tags")
		_, err = w.MarkSpam(ctx, w.anna, c.ID, true, 0)
		w.want(err, "spam")
		_, err = w.MarkRead(ctx, w.anna, c.ID, 99)
		w.want(err, "read")
		got, _, err = w.Get(ctx, w.anna, c.ID)
		if err != nil || got.ReadPosition != 1 || got.Priority != conversation.High || got.Subject != "Lost parcel" || !got.Spam || fmt.Sprint(got.Tags) != "[new vip]" {
			t.Errorf("conversation %+v, %v", got, err)
		}
		want := "[conversation.created message.received conversation.assigned conversation.teamed conversation.priority conversation.subject conversation.tagged conversation.tagged conversation.spam]"
		if got := fmt.Sprint(w.kinds(c.ID)); got != want {
			t.Errorf("events %s", got)
		}
		history, err := w.History(ctx, w.anna, c.ID)
		if err != nil || len(history) != 8 {
			t.Errorf("history %d, %v", len(history), err)
		}
		ewa := event.Actor{Kind: conversation.ByContact, ID: c.ContactID}
		w.exec("UPDATE contacts SET name = 'Ewa' WHERE id = $1", c.ContactID)
		names, err := w.Names(ctx, 1, append(history, event.Event{Actor: ewa}, event.Event{Actor: ewa}, event.Event{Actor: event.Actor{Kind: conversation.ByAgent, ID: 99}}))
		if err != nil || len(names) != 2 || names[w.anna.Event()] != "Anna Nowak" || names[ewa] != "Ewa" {
			t.Errorf("names %v, %v", names, err)
		}
		for _, verb := range []func() error{
			func() error { _, err := w.SetStatus(ctx, w.bob, c.ID, conversation.Closed, 0); return err },
			func() error { _, _, err := w.Get(ctx, w.bob, c.ID); return err },
			func() error { _, _, err := w.Messages(ctx, w.bob, c.ID, conversation.Span{}); return err },
			func() error { _, err := w.MarkRead(ctx, w.bob, c.ID, 1); return err },
			func() error { _, err := w.History(ctx, w.bob, c.ID); return err },
			func() error { _, err := transcript.Of(ctx, w.Room, w.bob, c.ID, false); return err },
			func() error {
				_, err := w.drafts.Save(ctx, w.bob, draft.Draft{ConversationID: c.ID, Kind: "note"}, nil)
				return err
			},
		} {
			if err := verb(); !fault.Is(err, fault.NotFound) {
				t.Errorf("out of Bob's sight: %v", err)
			}
		}
	})
}

func TestSnoozeAndWake(t *testing.T) {
	each(t, func(w world) {
		c, other := w.fresh("ewa@harbour.example"), w.fresh("kim@naver.com")
		if _, err := w.Snooze(ctx, w.anna, c.ID, w.clk.Now(), 0); !fault.Is(err, fault.Invalid) {
			t.Errorf("in the past: %v", err)
		}
		_, err := w.SetStatus(ctx, w.anna, c.ID, conversation.Pending, 0)
		w.want(err, "status")
		_, err = w.Snooze(ctx, w.anna, c.ID, w.clk.Now().Add(time.Hour), 0)
		w.want(err, "snooze")
		_, err = w.Snooze(ctx, w.anna, other.ID, w.clk.Now().Add(2*time.Hour), 0)
		w.want(err, "snooze")
		if n, err := w.Wake(ctx); n != 0 || err != nil {
			t.Errorf("woke %d, %v", n, err)
		}
		w.clk.Advance(time.Hour)
		if n, err := w.Wake(ctx); n != 1 || err != nil {
			t.Errorf("woke %d, %v", n, err)
		}
		if got := w.get(c.ID); got.Status != conversation.Open || !got.SnoozedUntil.IsZero() || !got.LastActivityAt.Equal(w.clk.Now()) {
			t.Errorf("conversation %+v", got)
		}
		got, err := w.Snooze(ctx, w.anna, other.ID, time.Time{}, 0)
		if err != nil || !got.SnoozedUntil.IsZero() {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestDrafts(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		d, err := w.drafts.Save(ctx, w.anna, draft.Draft{ConversationID: c.ID, Kind: conversation.KindReply, Content: draft.Content{Text: "Hel"}}, nil)
		w.want(err, "save")
		d.Text = "Hello"
		if d, err = w.drafts.Save(ctx, w.anna, d, nil); err != nil || d.Version != 2 {
			t.Fatalf("%+v, %v", d, err)
		}
		d.Version = 1
		if _, err := w.drafts.Save(ctx, w.anna, d, nil); !fault.Is(err, fault.Conflict) {
			t.Errorf("another window: %v", err)
		}
		if _, err := w.drafts.Get(ctx, w.owner, c.ID, conversation.KindReply); !fault.Is(err, fault.NotFound) {
			t.Errorf("another's draft: %v", err)
		}
		w.exec("INSERT INTO drafts (workspace_id, agent_id, conversation_id, kind, body, updated_at, version) VALUES (1, 6, $1, 'reply', '{}', 0, 1)", c.ID)
		if got, err := w.drafts.Get(ctx, w.bob, c.ID, conversation.KindReply); !fault.Is(err, fault.NotFound) || got.Version != 0 {
			t.Errorf("a draft where Bob sees nothing any more: %+v, %v", got, err)
		}
		list, err := w.drafts.List(ctx, w.anna)
		if err != nil || len(list) != 1 || list[0].Text != "Hello" {
			t.Errorf("%+v, %v", list, err)
		}
		w.want(w.drafts.Delete(ctx, w.anna, c.ID, conversation.KindReply), "delete")
		if list, _ := w.drafts.List(ctx, w.anna); len(list) != 0 {
			t.Errorf("%+v", list)
		}
	})
}

func TestDeleteLeavesNothing(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		in := w.mail("ewa@harbour.example", "with a file")
		in.ConversationID = c.ID
		st, err := w.blobs.Stage(ctx, 1, []byte("secret"))
		w.want(err, "stage")
		in.Attachments = []channel.InboundAttachment{{Name: "x", Size: 6, Blob: st}}
		w.receive(in)
		_, err = w.Reply(ctx, w.anna, c.ID, conversation.NewMessage{Text: "Hello", HoldSeconds: 60})
		w.want(err, "reply")
		_, err = w.SetTags(ctx, w.anna, c.ID, []string{"vip"}, 0)
		w.want(err, "tags")
		if err := w.Delete(ctx, w.anna, c.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("Anna is no owner: %v", err)
		}
		w.want(w.Delete(ctx, w.owner, c.ID), "delete")
		if _, _, err := w.Get(ctx, w.owner, c.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("after: %v", err)
		}
		for _, table := range []string{"conversations", "messages", "message_attachments", "participants", "drafts", "read_marks", "conversation_tags"} {
			if n := w.number("SELECT COUNT(*) FROM " + table); n != 0 {
				t.Errorf("%d rows left in %s", n, table)
			}
		}
		if n := w.number("SELECT COUNT(*) FROM blob_refs WHERE owner = 'messages'"); n != 0 {
			t.Error("the file is still kept")
		}
		if n := w.number("SELECT COUNT(*) FROM outbound WHERE state = 'held'"); n != 0 {
			t.Error("the reply would still leave")
		}
		again := w.receive(w.mail("ewa@harbour.example", "me"))
		w.settle()
		if views, err := w.tally.Views(ctx, w.owner); err != nil || views[2].Count != 1 || again.ConversationID == c.ID {
			t.Errorf("views %+v, %v", views, err)
		}
	})
}

func TestHandOver(t *testing.T) {
	each(t, func(w world) {
		var ids []int64
		for i := range 3 {
			c := w.fresh(fmt.Sprintf("a%d@harbour.example", i))
			_, err := w.Assign(ctx, w.anna, c.ID, conversation.Assignment{AgentID: ptr(int64(5))})
			w.want(err, "assign")
			ids = append(ids, c.ID)
		}
		_, err := w.SetStatus(ctx, w.anna, ids[2], conversation.Closed, 0)
		w.want(err, "close")
		if n, err := w.OpenWork(ctx, 1, 5); n != 2 || err != nil {
			t.Errorf("open work %d, %v", n, err)
		}
		w.want(w.HandOver(ctx, 1, 5, 7, 2, w.owner), "hand over")
		if got := w.get(ids[0]); got.AssigneeID != 7 || got.TeamID != 2 {
			t.Errorf("%+v", got)
		}
		w.want(w.HandOver(ctx, 1, 7, 6, 0, w.owner), "hand over to Bob")
		if got := w.get(ids[1]); got.AssigneeID != 0 {
			t.Errorf("Bob cannot see it: %+v", got)
		}
		if got := w.get(ids[2]); got.AssigneeID != 5 {
			t.Errorf("what is done stays: %+v", got)
		}
	})
}

func TestTranscript(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		_, err := w.Note(ctx, w.anna, c.ID, conversation.NewMessage{Text: "a secret"})
		w.want(err, "note")
		for range 250 {
			in := w.mail("ewa@harbour.example", "more")
			in.ContentHash, in.ConversationID = in.ExternalID, c.ID
			w.receive(in)
		}
		text, err := transcript.Of(ctx, w.Room, w.anna, c.ID, false)
		if err != nil || strings.Contains(text, "secret") || strings.Count(text, "more") != 250 || !strings.HasPrefix(text, "#1 Where is my parcel?") {
			t.Errorf("%d times, %q, %v", strings.Count(text, "more"), text[:300], err)
		}
		if text, _ = transcript.Of(ctx, w.Room, w.anna, c.ID, true); !strings.Contains(text, "secret") {
			t.Error("the note is missing")
		}
		page, more, err := w.Messages(ctx, w.anna, c.ID, conversation.Span{Before: 100, Limit: 10})
		if err != nil || !more || len(page) != 10 || page[9].Position != 99 {
			t.Errorf("before: %d %v %v", len(page), more, err)
		}
		page, more, err = w.Messages(ctx, w.anna, c.ID, conversation.Span{After: 250, Oldest: true, Limit: 10})
		if err != nil || more || len(page) != 2 || page[0].Position != 251 {
			t.Errorf("after: %d %v %v", len(page), more, err)
		}
	})
}

// MAIL-19, at the API's end of it: an address with a line end is no address.
func TestMAIL19AnAddressWithALineEndIsRefused(t *testing.T) {
	each(t, func(w world) {
		c := w.fresh("ewa@harbour.example")
		for _, address := range []string{"jan@lake.example\r\nBcc: x@sea.example", "jan@lake.example\nX: 1", "jan\r@lake.example"} {
			p := []channel.Party{{Address: address}}
			for field, n := range map[string]conversation.NewMessage{"to": {To: p}, "cc": {Cc: p}, "bcc": {Bcc: p}} {
				n.Text = "Hello"
				if _, err := w.Reply(ctx, w.anna, c.ID, n); !fault.Is(err, fault.Invalid) {
					t.Errorf("%q in %s: %v", address, field, err)
				}
			}
		}
	})
}
