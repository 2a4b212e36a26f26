package app

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/emersion/go-message"

	"rapport/internal/conversation"
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
		upload := func(name, kind, body string) int64 {
			t.Helper()
			staged, err := w.Blobs.Stage(ctx, w.owner.WorkspaceID, []byte(body))
			w.must(err)
			staged.Name, staged.ContentType, staged.Uploader = name, kind, fmt.Sprint("agent:", w.owner.AgentID)
			id, err := w.Blobs.Bind(ctx, staged)
			w.must(err)
			return id
		}
		shown, beside, text := upload("seam.png", "image/png", png), upload("whole.png", "image/png", png+"2"), upload("how.txt", "text/plain", "Sew it.")
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
		large := upload("large.png", "image/png", png+strings.Repeat("x", 10<<20))
		_, err = w.Conversations.Reply(ctx, w.owner, c.ID, conversation.NewMessage{HTML: fmt.Sprintf(`<img src="cid:file-%d@rapport">Look`, large), Attachments: []int64{large}})
		if err == nil || !strings.Contains(err.Error(), "10 MB") {
			t.Errorf("a picture of 10 MB in the text: %v", err)
		}
	})
}
