package app

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-message"

	"rapport/internal/channel"
	"rapport/internal/conversation"
	"rapport/internal/platform/db"
	"rapport/internal/platform/rich"
)

// png is a picture of one point.
const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x03\x00\x08\xfc\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"

// part is a leaf of a mail: the types that it stands in, from the outside, with
// its own last, and what is in it.
type part struct{ within, contentID, disposition, body string }

// leaves reads a mail with a parser that is not ours.
func leaves(t *testing.T, raw string) []part {
	t.Helper()
	m, err := message.Read(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var out []part
	var walk func(e *message.Entity, within string)
	walk = func(e *message.Entity, within string) {
		kind, _, _ := e.Header.ContentType()
		within = strings.TrimPrefix(within+" > "+kind, " > ")
		parts := e.MultipartReader()
		if parts == nil {
			body, err := io.ReadAll(e.Body)
			if err != nil {
				t.Fatal(err)
			}
			disposition, _, _ := e.Header.ContentDisposition()
			out = append(out, part{within, e.Header.Get("Content-ID"), disposition, string(body)})
			return
		}
		for {
			p, err := parts.NextPart()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			walk(p, within)
		}
	}
	walk(m, "")
	return out
}

// uploads keeps a file as one that the owner has uploaded.
func (w *newsWorld) uploads(name, kind, body string) int64 {
	w.t.Helper()
	staged, err := w.Blobs.Stage(context.Background(), w.owner.WorkspaceID, []byte(body))
	w.must(err)
	staged.Name, staged.ContentType, staged.Uploader = name, kind, w.owner.Uploader()
	id, err := w.Blobs.Bind(context.Background(), staged)
	w.must(err)
	return id
}

// A picture in the text leaves beside it, where Gmail and Outlook look for it,
// and is named in the plain text; what the customer had put into theirs goes
// along with the quote.
func TestPicturesInAnAnswerLeaveWithIt(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		ctx := context.Background()
		w := newNewsWorld(t, database()...)
		w.arrives("From: Ewa <ewa@harbour.example>\nTo: hello@miska.example\nSubject: Torn\nMessage-ID: <1@mail.example>\nMIME-Version: 1.0\n" +
			"Content-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>Look <img src=\"cid:photo@ewa\" alt=\"net\"></p>\n" +
			"--x\nContent-Type: image/png\nContent-ID: <photo@ewa>\nContent-Disposition: inline; filename=net.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--x--\n")
		page, err := w.Conversations.List(ctx, w.owner, conversation.Filter{})
		w.must(err)
		c := page.Items[0]
		shown, beside, text := w.uploads("seam.png", "image/png", png), w.uploads("whole.png", "image/png", png+"2"), w.uploads("how.txt", "text/plain", "Sew it.")
		html := fmt.Sprintf(`<p>Here: <img src="cid:file-%d@rapport" alt="image: seam.png" style="max-width:100%%"></p><img src="cid:file-%d@rapport"><img src="cid:file-1@rapport"><img src="https://evil.example/x.png">`, shown, text)
		n := conversation.NewMessage{HTML: html, Attachments: []int64{shown, beside, text}, HoldSeconds: 600}
		held, err := w.Conversations.Reply(ctx, w.owner, c.ID, n)
		w.must(err)
		draft, err := w.Conversations.CancelHold(ctx, w.owner, c.ID, held.ID)
		w.must(err)
		if len(draft.Attachments) != 3 || !strings.Contains(draft.HTML, fmt.Sprintf(`"cid:file-%d@rapport"`, shown)) {
			t.Errorf("taken back it is %+v", draft)
		}
		m, err := w.Conversations.Reply(ctx, w.owner, c.ID, conversation.NewMessage{HTML: draft.HTML, Attachments: []int64{shown, beside, text}})
		w.must(err)
		if !strings.Contains(m.Text, "[image: seam.png]") {
			t.Errorf("its text says %q", m.Text)
		}
		for i, want := range []bool{true, false, false} {
			if a := m.Attachments[i]; a.Inline != want || (a.ContentID != "") != want {
				t.Errorf("file %s: %+v", a.Name, a)
			}
		}
		name := fmt.Sprintf("file-%d@rapport", shown)
		got := leaves(t, w.left(0))
		want := []part{
			{"multipart/mixed > multipart/related > multipart/alternative > text/plain", "", "", "[image: seam.png]"},
			{"multipart/mixed > multipart/related > multipart/alternative > text/html", "", "", `src="cid:` + name + `"`},
			{"multipart/mixed > multipart/related > image/png", "<" + name + ">", "inline", png},
			{"multipart/mixed > multipart/related > image/png", "<photo@ewa>", "inline", "\x89PNG\r\n\x1a\n"},
			{"multipart/mixed > image/png", "", "attachment", png + "2"},
			{"multipart/mixed > text/plain", "", "attachment", "Sew it."},
		}
		if len(got) != len(want) {
			t.Fatalf("%d parts: %q", len(got), got)
		}
		for i, p := range got {
			if p.within != want[i].within || p.contentID != want[i].contentID || p.disposition != want[i].disposition || !strings.Contains(p.body, want[i].body) {
				t.Errorf("part %d is %q, want %q", i, p, want[i])
			}
		}
		if !strings.Contains(got[1].body, `src="cid:photo@ewa"`) {
			t.Errorf("the quote has lost its picture: %s", got[1].body)
		}
		large := w.uploads("large.png", "image/png", png+strings.Repeat("x", 10<<20))
		_, err = w.Conversations.Reply(ctx, w.owner, c.ID, conversation.NewMessage{HTML: fmt.Sprintf(`<img src="cid:file-%d@rapport">Look`, large), Attachments: []int64{large}})
		if err == nil || !strings.Contains(err.Error(), "10 MB") {
			t.Errorf("a picture of 10 MB in the text: %v", err)
		}
	})
}

// The logo in a signature leaves as one part that the HTML names once. When it
// comes back with the customer's quote, under whatever name, it does not leave a
// second time; nor is it lost while nobody answers for days.
func TestTheLogoInASignatureLeavesOnce(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		ctx := context.Background()
		w := newNewsWorld(t, database()...)
		logo, banner := w.uploads("logo.png", "image/png", png), w.uploads("banner.png", "image/png", png+"banner")
		signature := rich.Text{HTML: fmt.Sprintf(`<p><img src="cid:file-%d@rapport" alt="{{inbox.name}}" style="max-width:100%%"> <strong>{{agent.first_name}}</strong></p><p>Good wishes, {{customer.first_name|friend}}</p>`, logo)}
		template := rich.Text{HTML: fmt.Sprintf(`<p>Hello {{customer.first_name|there}},</p><p>{{message}}</p><p><img src="cid:file-%d@rapport" alt="Sale"></p>`, banner)}
		_, err := w.Channels.ChangeInbox(ctx, w.owner, w.inbox.ID, channel.InboxChange{Signature: &signature, Template: &template})
		w.must(err)
		inbox, err := w.Channels.Inbox(ctx, w.owner, w.inbox.ID)
		w.must(err)
		if inbox.Signature.Plain != "{{agent.first_name}}\n\nGood wishes, {{customer.first_name|friend}}" {
			t.Errorf("in plain words it is %q", inbox.Signature.Plain)
		}
		w.arrives("From: ewa@harbour.example\nTo: hello@miska.example\nSubject: Torn\nMessage-ID: <1@mail.example>\n\nIt is torn.\n")
		page, err := w.Conversations.List(ctx, w.owner, conversation.Filter{})
		w.must(err)
		c := page.Items[0]
		answer := func(before int) []part {
			t.Helper()
			_, err := w.Conversations.Reply(ctx, w.owner, c.ID, conversation.NewMessage{Text: "We mend it."})
			w.must(err)
			return leaves(t, w.left(before))
		}
		check := func(got []part, more ...string) {
			t.Helper()
			var names []string
			for _, p := range got[2:] {
				if p.within != "multipart/related > image/png" || p.disposition != "inline" {
					t.Errorf("part %q", p)
				}
				names = append(names, p.contentID)
			}
			want := append([]string{fmt.Sprintf("<file-%d@rapport>", logo), fmt.Sprintf("<file-%d@rapport>", banner)}, more...)
			if !slices.Equal(names, want) {
				t.Errorf("it carries %v, want %v", names, want)
			}
		}
		got := answer(0)
		check(got)
		if want := "Hello there,\r\n\r\nWe mend it.\r\n\r\n-- \r\nHanna\r\n\r\nGood wishes, friend\r\n"; !strings.HasPrefix(got[0].body, want) {
			t.Errorf("the plain text is %q", got[0].body)
		}
		for _, words := range []string{fmt.Sprintf(`<img src="cid:file-%d@rapport" alt="Miska"`, logo), "<strong>Hanna</strong>", "Good wishes, friend", "<p>Hello there,</p><p>We mend it.</p>"} {
			if strings.Count(got[1].body, words) != 1 {
				t.Errorf("%s is in the HTML %d times: %s", words, strings.Count(got[1].body, words), got[1].body)
			}
		}
		_, err = db.Exec(ctx, w.DB, "UPDATE blobs SET created_at = 1, idle_since = CASE WHEN idle_since > 0 THEN 1 ELSE 0 END")
		w.must(err)
		w.must(w.Blobs.Collect(ctx))
		ours := regexp.MustCompile(`Message-ID: (<[^>]+>)`).FindStringSubmatch(w.left(0))
		w.arrives("From: ewa@harbour.example\nTo: hello@miska.example\nSubject: Re: Torn\nMessage-ID: <2@mail.example>\nReferences: " + ours[1] + "\nMIME-Version: 1.0\n" +
			"Content-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>Look <img src=\"cid:photo@ewa\"></p><blockquote type=\"cite\"><p>We mend it.</p><img src=\"cid:image001.png@ewa\"></blockquote>\n" +
			"--x\nContent-Type: image/png\nContent-ID: <image001.png@ewa>\nContent-Disposition: inline\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte(png)) + "\n" +
			"--x\nContent-Type: image/png\nContent-ID: <photo@ewa>\nContent-Disposition: inline\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--x--\n")
		got = answer(1)
		check(got, "<photo@ewa>")
		if n := strings.Count(got[1].body, fmt.Sprintf(`"cid:file-%d@rapport"`, logo)); n != 2 || strings.Contains(got[1].body, "image001") {
			t.Errorf("the logo is shown %d times, in the signature and in the quote: %s", n, got[1].body)
		}
	})
}

// A forward carries each picture once, however many of the messages passed on
// show it; and a picture in a note leaves with nothing.
func TestPicturesOfAForwardLeaveOnce(t *testing.T) {
	engines(t, func(t *testing.T, database func() []string) {
		ctx := context.Background()
		w := newNewsWorld(t, database()...)
		with := func(id, more, html string) string {
			return "From: Ewa <ewa@harbour.example>\nTo: hello@miska.example\nSubject: Torn\nMessage-ID: <" + id + "@mail.example>\n" + more + "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n" + html +
				"\n--x\nContent-Type: image/png\nContent-ID: <photo" + id + "@ewa>\nContent-Disposition: inline; filename=net.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--x--\n"
		}
		w.arrives(with("1", "", `<p>Look <img src="cid:photo1@ewa"></p>`))
		page, err := w.Conversations.List(ctx, w.owner, conversation.Filter{})
		w.must(err)
		c := page.Items[0]
		_, err = w.Conversations.Reply(ctx, w.owner, c.ID, conversation.NewMessage{Text: "Where?"})
		w.must(err)
		ours := regexp.MustCompile(`Message-ID: (<[^>]+>)`).FindStringSubmatch(w.left(0))
		w.arrives(with("2", "References: "+ours[1]+"\n", `<p>There.</p><blockquote><img src="cid:photo2@ewa"></blockquote>`))
		inNote, above := w.uploads("sketch.png", "image/png", png+"note"), w.uploads("sketch.png", "image/png", png)
		note, err := w.Conversations.Note(ctx, w.owner, c.ID, conversation.NewMessage{HTML: fmt.Sprintf(`<p>Glaze: <img src="cid:%s"></p>`, rich.PictureName(inNote)), Attachments: []int64{inNote}})
		w.must(err)
		if len(note.Attachments) != 1 || !note.Attachments[0].Inline {
			t.Errorf("the note has %+v", note.Attachments)
		}
		messages, _, err := w.Conversations.Messages(ctx, w.owner, c.ID, conversation.Span{})
		w.must(err)
		_, err = w.Conversations.Forward(ctx, w.owner, c.ID, messages[2].ID, true, conversation.NewMessage{HTML: fmt.Sprintf(`<p>Can you? <img src="cid:%s"></p>`, rich.PictureName(above)),
			Attachments: []int64{above}, To: []channel.Party{{Address: "potter@lake.example"}}})
		w.must(err)
		got := leaves(t, w.left(1))
		var names []string
		for _, p := range got[2:] {
			names = append(names, p.contentID)
		}
		if want := []string{"<" + rich.PictureName(above) + ">", "<photo2@ewa>"}; !slices.Equal(names, want) {
			t.Errorf("it carries %v, want %v", names, want)
		}
		if html := got[1].body; strings.Count(html, `"cid:photo2@ewa"`) != 2 || strings.Contains(html, "photo1") || strings.Contains(html, "Glaze") {
			t.Errorf("the forward says %s", html)
		}
	})
}
